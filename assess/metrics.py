"""The starter metrics that the current state computes, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from assess.figure_texts import NO_VALUE, decimals, hours, money, percent
from ssoplanner.core.models import Plan
from ssoplanner.starter.kpis import StarterKpi, starter_kpis
from ssoplanner.steps.registry import Pillar
from ssoplanner.web import formats


@dataclass(frozen=True)
class MetricText:
    """How a starter metric is shown, and what its numerator and denominator count."""

    key: str
    shown: Callable[[float, Plan], str]
    numerator: str
    denominator: str
    numerator_scale: int = 1

    @property
    def starter(self) -> StarterKpi:
        return starter_kpis()[self.key]

    @property
    def pillars(self) -> list[Pillar]:
        return [Pillar(name) for name in self.starter.pillars]


METRICS = (
    MetricText("it_cost", money, "annual cost of IT services", "end users", 100),
    MetricText("help_desk_fte", decimals(2), "FTE of the help desk", "end users", 100),
    MetricText("duplicates", decimals(1), "systems in use", "functions"),
    MetricText("sla", percent, "targets met", "targets in all"),
    MetricText("resolution", hours, "hours, over all tickets", "tickets a year", 100),
    MetricText("sop", percent, "with a standard procedure", "where it is known"),
    MetricText("migrated", percent, "agencies onboarded", "agencies in the program"),
    MetricText("automated", percent, "sum of shares", "provisions where it is known", 10_000),
    MetricText("dashboard", percent, "with a dashboard", "where it is known"),
)


def value_text(text: MetricText, value: float | None, plan: Plan) -> str:
    return NO_VALUE if value is None else text.shown(value, plan)


def counted(text: MetricText, numerator: float, plan: Plan) -> str:
    """A numerator with the decimals that it has; money in the plan's currency."""
    value = Decimal(str(round(numerator / text.numerator_scale, 2)))
    return formats.money(value, plan) if text.starter.is_money else formats.number(value, plan)
