"""The criteria that a heat map starts with, and weightings to choose from. All of it can be changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assess.models import Axis, Criterion, Measure, Scale, WhenMissing
from ssoplanner.core.models import Plan
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, create, update


@dataclass(frozen=True)
class StarterCriterion:
    """A high figure speaks for sharing, in all of them. Ranked among the services where there are no `limits`."""

    code: str
    name: str
    axis: Axis
    measure: Measure
    meaning: str
    limits: tuple[float, ...] = ()
    when_missing: WhenMissing = WhenMissing.LEAVE_OUT

    @property
    def values(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "axis": self.axis,
            "measure": self.measure,
            "meaning": self.meaning,
            "scale": Scale.LIMITS if self.limits else Scale.RANK,
            "limits": list(self.limits),
            "when_missing": self.when_missing,
        }


STARTER = (
    StarterCriterion(
        "commonality",
        "Commonality",
        Axis.OPPORTUNITY,
        Measure.COMMONALITY,
        "How many of the agencies do this for themselves today. The more do, the more can share it.",
        limits=(30, 50, 70, 90),
    ),
    StarterCriterion(
        "systems",
        "Duplicate systems",
        Axis.OPPORTUNITY,
        Measure.SYSTEMS,
        "How many systems do the same work. Each one beyond the first is bought, run and secured again.",
        limits=(2, 3, 4, 6),
        when_missing=WhenMissing.WORST,
    ),
    StarterCriterion(
        "volume",
        "Volume",
        Axis.OPPORTUNITY,
        Measure.VOLUME,
        "How often it is done in a year. What is done often repays one good way of doing it.",
    ),
    StarterCriterion(
        "cost",
        "Total cost",
        Axis.OPPORTUNITY,
        Measure.COST,
        "What all agencies together spend on it in a year: a small saving on a large sum is large.",
    ),
    StarterCriterion(
        "spread",
        "Spread of unit cost",
        Axis.OPPORTUNITY,
        Measure.SPREAD,
        "How many times as much a unit costs the dearest agency as the cheapest. It shows what is possible already.",
        limits=(1.5, 2, 3, 5),
    ),
    StarterCriterion(
        "strategic",
        "Strategic value",
        Axis.OPPORTUNITY,
        Measure.JUDGED,
        "How much a shared service would help what the plan is for, apart from money. 5: it is central to a goal.",
    ),
    StarterCriterion(
        "standard",
        "Standardization",
        Axis.EASE,
        Measure.STANDARD,
        "In how many agencies a written standard procedure exists. What is written down can be moved.",
        limits=(20, 40, 60, 80),
    ),
    StarterCriterion(
        "automation",
        "Automation",
        Axis.EASE,
        Measure.AUTOMATION,
        "How much of the work runs by itself. It moves with its rules instead of with its people.",
        limits=(15, 30, 45, 60),
    ),
    StarterCriterion(
        "sla",
        "SLA compliance",
        Axis.EASE,
        Measure.SLA,
        "How many of the promised service levels are kept. What runs well today can be handed over without repair.",
        limits=(60, 70, 80, 90),
    ),
    StarterCriterion(
        "readiness",
        "Readiness",
        Axis.EASE,
        Measure.READINESS,
        "How ready those agencies are, on average, that provide the service today.",
        limits=(2, 2.75, 3.25, 4),
    ),
    StarterCriterion(
        "complexity",
        "Simplicity",
        Axis.EASE,
        Measure.JUDGED,
        "How few variants, exceptions and interfaces it has. 5: the same everywhere. 1: different in each agency.",
    ),
    StarterCriterion(
        "constraint",
        "Freedom from constraints",
        Axis.EASE,
        Measure.JUDGED,
        "What law, grants or labour agreements allow. 5: nothing stands in the way. 1: a statute would have to change.",
    ),
)


@dataclass(frozen=True)
class Preset:
    """Weights by code of the criterion; what is not named gets 1."""

    key: str
    name: str
    meaning: str
    weights: Mapping[str, int]


BALANCED = Preset(
    "balanced",
    "Balanced",
    "Money, reach and people count in due proportion.",
    {"commonality": 2, "systems": 2, "cost": 3, "spread": 2, "strategic": 2, "standard": 2, "readiness": 3}
    | {"complexity": 3, "constraint": 3},
)
PRESETS = (
    BALANCED,
    Preset(
        "savings",
        "Savings first",
        "What is spent, and how far apart agencies are, counts most.",
        {"cost": 5, "spread": 4, "systems": 4, "commonality": 2, "readiness": 2, "constraint": 2},
    ),
    Preset(
        "easy",
        "Easy first",
        "What moves without a fight counts most: ready agencies, simple work, no constraint.",
        {"commonality": 4, "strategic": 2, "readiness": 5, "complexity": 4, "constraint": 5, "standard": 3},
    ),
)


def take_starter_criteria(plan: Plan, actor: Actor) -> int:
    """Add those of the starter set that the plan lacks, weighted as balanced. Says how many."""
    with saving():
        there = list(Criterion.objects.for_plan(plan).values_list("code", "place"))
        codes = {code for code, _ in there}
        begin = max((place for _, place in there), default=0) + 1
        new = [one for one in STARTER if one.code not in codes]
        for place, one in enumerate(new, begin):
            weight = Decimal(BALANCED.weights.get(one.code, 1))
            create(Criterion, plan=plan, actor=actor, values={**one.values, "weight": weight, "place": place})
    return len(new)


def take_preset(plan: Plan, actor: Actor, key: str) -> Preset | None:
    """Give every criterion the weight of that preset; None where there is no such preset."""
    preset = next((one for one in PRESETS if one.key == key), None)
    if preset is None:
        return None
    with saving():
        for row in Criterion.objects.for_plan(plan):
            weight = Decimal(preset.weights.get(row.code, 1))
            update(row, actor=actor, version=row.version, values={"weight": weight})
    return preset
