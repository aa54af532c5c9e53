"""How the heat map's figures, scores and groups are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assess.figure_texts import NO_VALUE, decimals
from assess.models import Better, Criterion, Measure
from ssoplanner.core.models import Plan
from ssoplanner.web import formats


@dataclass(frozen=True)
class Group:
    """One quarter of the heat map."""

    key: str
    one: str
    many: str
    meaning: str


GROUPS = (
    Group("quick_win", "Quick win", "Quick wins", "worth it and easy: start here"),
    Group("bet", "Strategic bet", "Strategic bets", "worth it, but hard: prepare first"),
    Group("fill_in", "Fill-in", "Fill-ins", "easy, with little to gain: along the way"),
    Group("hold", "Hold", "Hold", "little to gain and hard: leave it"),
)
BY_KEY: Mapping[str, Group] = {group.key: group for group in GROUPS}
NOT_PLACED = Group("", "Not placed", "Not placed", "no figures yet")
THIN = 0.6  # below this share of figures a verdict stands on thin data


def _share(value: float, plan: Plan) -> str:
    return f"{formats.number(round(value), plan)} %"


def _count(value: float, plan: Plan) -> str:
    return formats.number(round(value), plan)


def _money(value: float, plan: Plan) -> str:
    return formats.money_short(Decimal(round(value)), plan)


FIGURES: dict[str, Callable[[float, Plan], str]] = {
    Measure.COMMONALITY: _share,
    Measure.SYSTEMS: _count,
    Measure.VOLUME: _count,
    Measure.COST: _money,
    Measure.SPREAD: lambda value, plan: f"{decimals(1)(value, plan)} times",
    Measure.STANDARD: _share,
    Measure.AUTOMATION: _share,
    Measure.SLA: _share,
    Measure.READINESS: lambda value, plan: f"{decimals(1)(value, plan)} of 5",
    Measure.JUDGED: lambda value, plan: "",
}


def figure_text(measure: str, value: float | None, plan: Plan) -> str:
    """A criterion's figure in its unit; a judged score is the figure itself and has none."""
    return NO_VALUE if value is None else FIGURES[measure](value, plan)


def score_text(score: float | None, plan: Plan) -> str:
    return NO_VALUE if score is None else decimals(1)(score, plan)


def shade(score: float | None) -> str:
    """The class of a cell with this score, of static/css/heat.css."""
    return "heat-none" if score is None else f"heat-{min(5, max(1, int(score + 0.5)))}"


def direction(criterion: Criterion) -> str:
    if criterion.is_judged:
        return "judged"
    return "high is good" if criterion.better == Better.HIGH else "low is good"


def weight_text(criterion: Criterion, plan: Plan) -> str:
    return f"weight {formats.number(criterion.weight.normalize() + 0, plan)}"
