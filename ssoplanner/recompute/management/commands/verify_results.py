"""Recompute every stored result and count the differences: zero is the only good answer."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ssoplanner.core.models import Plan
from ssoplanner.recompute.verify import repair, verify_plan


class Command(BaseCommand):
    help = "Recompute all results and compare them with what is stored; --repair has the wrong ones built again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan", metavar="SLUG", help="only this plan")
        parser.add_argument("--repair", action="store_true", help="have workers build what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        plans = Plan.objects.filter(slug=options["plan"]) if options["plan"] else Plan.objects.all()
        if options["plan"] and not plans:
            raise CommandError(f"There is no plan with the address {options['plan']}.")
        differences = 0
        for plan in plans:
            verdict = verify_plan(plan.pk)
            differences += len(verdict.differences)
            self.stdout.write(f"{plan}: {verdict.compared} results compared, {verdict.waiting} waiting to be built")
            for one in verdict.differences:
                self.stdout.write(f"  {one.calculation} {one.partition}: {one.why}")
            if options["repair"]:
                repair(plan.pk, verdict)
        self.stdout.write(f"{differences} differences{', counted as stale' if options['repair'] else ''}")
        if differences and not options["repair"]:
            sys.exit(1)
