"""Make up a plan as large as the product is built for."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ssoplanner.core.models import Membership, Role, User
from ssoplanner.demo.people import SIGN_INS
from ssoplanner.demo.scale import ACTOR, Size, make_scale_plan
from ssoplanner.recompute.writer import create

LARGEST = 2000


class Command(BaseCommand):
    help = "Make up a plan of the size that the product is built for, the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agencies", type=int, default=500)
        parser.add_argument("--services", type=int, default=200)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("A made-up plan has no place in a production installation.")
        agencies, services = options["agencies"], options["services"]
        if not (0 < agencies <= LARGEST and 0 < services <= LARGEST):
            raise CommandError(f"Choose from 1 to {LARGEST} agencies and services.")
        plan = make_scale_plan(Size(agencies, services), seed=options["seed"], say=self.stdout.write)
        for person in SIGN_INS:
            user = User.objects.filter(email=person.email).first()
            if user is not None and person.key != Role.LEAD:
                values: dict[str, Any] = {"user": user, "role": person.key, "agencies": []}
                create(Membership, plan=plan, actor=ACTOR, values=values)
        self.stdout.write(f"{plan} is at /plans/{plan.slug}/")
