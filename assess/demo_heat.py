"""What the fictional state says of its services: made up, like its figures. Scores of strategic value, simplicity and
freedom from constraints, where 5 speaks for sharing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assess.models import Criterion, Judgement
from assess.starter_criteria import take_starter_criteria
from ssoplanner.core.models import Plan, Service
from ssoplanner.recompute.writer import Actor, bulk_load

JUDGED = ("strategic", "complexity", "constraint")
# By service of the starter catalogue; what is left out here is still to judge.
SCORES: Mapping[str, tuple[int, ...]] = {
    "help-desk": (5, 4, 4),
    "workplace-devices": (4, 4, 5),
    "collaboration": (4, 5, 5),
    "hosting": (4, 3, 4),
    "network": (4, 3, 4),
    "identity-access": (5, 4, 4),
    "security-operations": (5, 2, 3),
    "application-support": (2, 1, 2),
    "hiring": (4, 2, 1),
    "onboarding": (3, 4, 3),
    "classification": (2, 2, 1),
    "benefits": (2, 3, 2),
    "learning": (2, 4, 5),
    "employee-relations": (1, 1, 1),
    "leave": (3, 3, 2),
    "payroll": (5, 2, 2),
    "time-attendance": (3, 2, 2),
    "accounts-payable": (4, 5, 5),
    "accounts-receivable": (2, 3, 3),
    "travel-expenses": (2, 5, 5),
    "budgeting": (2, 1, 2),
    "grants": (2, 1, 1),
    "purchasing": (5, 4, 4),
    "tenders": (4, 2, 3),
    "contracts": (3, 3, 4),
    "maintenance": (2, 2, 2),
    "leases": (2, 2, 3),
    "vehicle-pool": (2, 4, 4),
    "records": (2, 4, 3),
}
REASONS: Mapping[str, tuple[str, ...]] = {
    "strategic": (
        "None of the plan's goals depends on it.",
        "It helps the goals at one remove only.",
        "It supports a goal, but others do more.",
        "It moves one of the plan's goals directly.",
        "Two of the plan's goals cannot be met without it.",
    ),
    "complexity": (
        "Each agency does it in its own way, with rules and interfaces of its own.",
        "Several variants, and interfaces to systems that only one agency has.",
        "One common core, with exceptions in the larger agencies.",
        "The same steps nearly everywhere; two exceptions are known.",
        "The same steps everywhere, and no interface to what agencies run themselves.",
    ),
    "constraint": (
        "A statute names the agency that has to do it; it would have to be changed.",
        "The collective agreement asks for talks before work moves.",
        "Terms of federal grants limit who may handle part of it.",
        "An agreement between agencies is enough; counsel has seen a draft.",
        "Nothing stands in the way; it needs no more than an order.",
    ),
}


def load_heat(plan: Plan, actor: Actor) -> None:
    """The starter criteria, and the judgements of the services."""
    take_starter_criteria(plan, actor)
    bulk_load(Judgement, plan=plan, actor=actor, rows=_judgements(plan), label="judgements")


def _judgements(plan: Plan) -> Iterator[dict[str, Any]]:
    criteria = {row.code: row for row in Criterion.objects.for_plan(plan).filter(code__in=JUDGED)}
    for service in Service.objects.for_plan(plan):
        for code, score in zip(JUDGED, SCORES.get(service.standard, ()), strict=False):
            reason = REASONS[code][score - 1]
            yield {"service": service, "criterion": criteria[code], "score": score, "reason": reason}
