"""`manage.py backup`: save the whole database in one file."""

import argparse
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ssoplanner.core.backup import CannotBackUp, back_up, default_folder, prune


def at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("say how many backups to keep, at least 1")
    return int(text)


class Command(BaseCommand):
    help = "Saves the whole database in one file, while people go on working."
    # A damaged installation must still be able to save what it has.
    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to; backups in the var folder if not said")
        parser.add_argument("--keep", type=at_least_one, metavar="N", help="then remove all but the newest N backups")

    def handle(self, *, to: Path | None, keep: int | None, **_options: Any) -> None:
        folder = to or default_folder()
        try:
            path = back_up(folder)
            removed = prune(folder, keep) if keep else []
        except (CannotBackUp, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Saved in {path} ({path.stat().st_size / 1024:,.0f} KB, checked).")
        for old in removed:
            self.stdout.write(f"Removed {old}.")
