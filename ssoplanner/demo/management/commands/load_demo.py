"""Load the demo plan, or put it back as it was."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ssoplanner.demo.load import CannotLoadDemo, load_demo


class Command(BaseCommand):
    help = "Load the fictional demo plan if it is not there; --reset puts it back as it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="throw away what was changed in the demo plan")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan, loaded = load_demo(reset=options["reset"])
        except CannotLoadDemo as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{plan}: {'loaded' if loaded else 'already there'}")
