"""The current values of KPIs, from the results that the member may see, and taking one as the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ssoplanner.access.gate import Member
from ssoplanner.access.results import results
from ssoplanner.core.models import Kpi, Plan, Source
from ssoplanner.recompute import clock
from ssoplanner.recompute.calculations import Key
from ssoplanner.recompute.reading import Shown
from ssoplanner.recompute.writer import Actor, Conflict, update
from ssoplanner.starter.kpis import PERCENT, starter_kpis
from ssoplanner.web import formats

NOTED = "Baseline computed from"


class CannotTake(Exception):
    """The current value did not become the baseline; `str()` says why and what to do."""


@dataclass(frozen=True)
class CurrentValue:
    """A KPI's value today in the unit of its metric, from how many agencies, and whether it includes every change.

    `in_unit`: the KPI still has that unit.
    """

    value: Decimal
    text: str
    agencies: int
    is_current: bool
    in_unit: bool


def seen_results(member: Member) -> dict[Key, Shown]:
    """Of the results that hold current values, those that the member may see: at most two queries."""
    return results(member, [(key, "") for key in dict.fromkeys(kpi.result for kpi in starter_kpis().values())])


def current_value(kpi: Kpi, found: Mapping[Key, Shown], plan: Plan) -> CurrentValue | None:
    """What the KPI stands at, or None where nothing computes it or its figures are not given."""
    starter = starter_kpis().get(kpi.metric)
    result = found.get((starter.result, "")) if starter else None
    if starter is None or result is None or result.figures is None:
        return None
    metric = result.figures["metrics"].get(kpi.metric)
    if metric is None or metric["value"] is None:
        return None
    value = starter.in_unit(metric["value"])
    text = figure_text(value, starter.unit, plan, money=starter.is_money)
    return CurrentValue(value, text, metric["agencies"], result.is_current, kpi.unit == starter.unit)


def figure_text(value: Decimal | None, unit: str, plan: Plan, *, money: bool) -> str:
    """A figure of a KPI as people read it: per cent with its sign, money in the plan's currency."""
    if value is None:
        return formats.NOT_GIVEN
    if money:
        return formats.money(value, plan)
    return formats.number(value.normalize() + 0, plan) + (f" {PERCENT}" if unit == PERCENT else "")


def is_money(kpi: Kpi) -> bool:
    """Whether its figures are amounts in the plan's currency."""
    starter = starter_kpis().get(kpi.metric)
    return starter is not None and starter.is_money and kpi.unit == starter.unit


def take_as_baseline(member: Member, kpi: Kpi, *, version: int, shown: str) -> Kpi:
    """Make the current value, which the person saw as `shown`, the baseline. Raises `CannotTake`."""
    current = current_value(kpi, seen_results(member), member.plan)
    if current is None or not current.in_unit:
        raise CannotTake(f"{kpi} has no current value in its unit. Give its baseline by hand.")
    if not current.is_current:
        raise CannotTake("The current value is being computed after a change. Take it once it is there.")
    if str(current.value) != shown:
        raise CannotTake("The current value changed meanwhile. Look at it again before you take it.")
    values = {"baseline": current.value, "source": _noted(kpi.source, member.plan)}
    try:
        return update(kpi, actor=Actor(member.user, Source.BROWSER), version=version, values=values)
    except Conflict as conflict:
        raise CannotTake(f"{kpi} was changed meanwhile. Look at it again before you take the value.") from conflict


def _noted(source: str, plan: Plan) -> str:
    """The data source, with when and from what the baseline was taken instead of an earlier such note."""
    today = plan.day_of(clock.now())
    note = f"{NOTED} fiscal year {plan.base_year}, taken on {formats.day(today, plan)}."
    longest = Kpi._meta.get_field("source").max_length - len(note) - 1  # type: ignore[operator]
    before = source.partition(NOTED)[0].strip()
    if len(before) > longest:
        before = f"{before[: longest - 1].rstrip()}…"
    return f"{before} {note}".strip()
