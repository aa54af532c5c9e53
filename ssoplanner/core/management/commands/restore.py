"""`manage.py restore FILE`: replace everything in the database by a backup."""

import sys
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ssoplanner.core.backup import CannotRestore, restore


class Command(BaseCommand):
    help = "Replaces everything in the database by a backup. Stop ssoplanner first. What is there now is saved before."
    # A damaged installation must still be able to get its data back.
    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a file that manage.py backup made")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, file: Path, yes: bool, **_options: Any) -> None:
        if not yes:
            self._ask(file)
        try:
            restore(file, self.stdout.write)
        except (CannotRestore, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored {file}. Everybody signs in again.")

    def _ask(self, file: Path) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is here to ask: say --yes to replace everything by the backup.")
        answer = input(f"Replace everything in the database by {file.name}? Stop ssoplanner first. Type yes: ")
        if answer.strip().lower() != "yes":
            raise CommandError("Nothing was changed.")
