"""The first plan of an installation, and the invitation of its program office."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ssoplanner.access.invitations import invite, link
from ssoplanner.core.models import Role, Source
from ssoplanner.recompute.writer import Actor
from ssoplanner.starter.plans import start_plan


class Command(BaseCommand):
    help = "Create a plan with the starter KPIs and benchmarks, and invite its program office."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the plan's name")
        parser.add_argument("--office", required=True, metavar="EMAIL", help="who runs the plan")
        parser.add_argument("--person", default="", metavar="NAME", help="their name")

    def handle(self, *args: Any, **options: Any) -> None:
        actor, email = Actor(user=None, source=Source.COMMAND), options["office"]
        try:
            with transaction.atomic():
                plan = start_plan(name=options["name"], actor=actor)
                person = options["person"] or email.partition("@")[0]
                invitation = invite(plan=plan, actor=actor, email=email, name=person, role=Role.OFFICE, agencies=[])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{plan} is ready. {email} gets this link by e-mail; it is good for two weeks:")
        self.stdout.write(link(invitation))
