"""By what the map of capabilities is coloured, and how each figure is written.

Shades 1-5: maturity by its level; gaps from 5 (less than half a level) to 1 (two levels or more); amounts in fifths of
the largest one on the map. 0 is a figure that is not known, or that too few agencies stand behind for others to see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import Any

from assess.figure_texts import NO_VALUE
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan
from ssoplanner.web import formats

FEWEST = 3  # ratings behind a mean, and agencies behind a cost, that leads and viewers read: none can be told from it
LEVEL, GAP, AMOUNT = "level", "gap", "amount"
GAP_LIMITS = (0.5, 1, 1.5, 2)


@dataclass(frozen=True)
class Metric:
    """`kind` says how it is shaded and written; `many` stands in a sentence."""

    key: str
    label: str
    kind: str
    unit: str
    many: str

    def values(self, nodes: Mapping[str, Any]) -> Sequence[Any]:
        """One place a capability of the result."""
        found: Sequence[Any] = nodes[self.key] if self.key in nodes else nodes["scores"][self.key]
        return found

    def text(self, value: float | None, plan: Plan) -> str:
        if value is None:
            return NO_VALUE
        if self.key == "cost_cents":
            return formats.money_short(Decimal(int(value)) / 100, plan)
        return (
            formats.number(int(value), plan) if self.kind == AMOUNT and self.key != "importance" else _one(value, plan)
        )

    def shade(self, value: float | None, largest: float) -> int:
        if value is None:
            return 0
        if self.kind == LEVEL or self.key == "importance":
            return min(5, max(1, floor(round(value, 1) + 0.5)))
        if self.kind == GAP:
            return 5 - sum(round(value, 1) >= limit for limit in GAP_LIMITS)
        return max(1, ceil(5 * value / largest)) if value and largest else 0

    @property
    def palette(self) -> str:
        """Which scale of colours: good to bad, or little to much."""
        return "amount" if self.kind == AMOUNT else "heat"


def _one(value: float, plan: Plan) -> str:
    return formats.decimals(value, 1, plan)


METRICS = (
    Metric("gap", "Gap", GAP, "levels between maturity and target", "gaps"),
    Metric("maturity", "Maturity", LEVEL, "level from 1 to 5", "maturity"),
    Metric("people", "Maturity of people", LEVEL, "level from 1 to 5", "maturity"),
    Metric("process", "Maturity of process", LEVEL, "level from 1 to 5", "maturity"),
    Metric("technology", "Maturity of technology", LEVEL, "level from 1 to 5", "maturity"),
    Metric("governance", "Maturity of governance", LEVEL, "level from 1 to 5", "maturity"),
    Metric("target", "Target", LEVEL, "level from 1 to 5", "targets"),
    Metric("importance", "Importance", AMOUNT, "from 1 to 5", "importance"),
    Metric("agencies", "Agencies that perform it", AMOUNT, "agencies", "agencies"),
    Metric("systems", "Systems", AMOUNT, "systems in use", "systems"),
    Metric("cost_cents", "Cost of systems", AMOUNT, "a year", "cost"),
)
BY_KEY = {metric.key: metric for metric in METRICS}
IN_TABLE = tuple(
    BY_KEY[key] for key in ("importance", "maturity", "target", "gap", "agencies", "systems", "cost_cents")
)
SCALES = {
    LEVEL: ("1, not begun", "2", "3", "4", "5, ready"),
    GAP: ("2 levels or more", "1.5 or more", "1 or more", "0.5 or more", "less than half a level"),
    AMOUNT: ("lowest fifth of the largest", "second", "third", "fourth", "highest"),
}
IMPORTANCE_SCALE = ("1, hardly", "2", "3", "4", "5, vital")


def scale(metric: Metric) -> list[tuple[int, str]]:
    """(shade, what it means)."""
    words = IMPORTANCE_SCALE if metric.key == "importance" else SCALES[metric.kind]
    return list(enumerate(words, start=1))


def may_read(member: Member, nodes: Mapping[str, Any], place: int) -> bool:
    """Whether the figures of this capability are the member's to read: with one or two agencies behind them they would
    be those agencies' own."""
    return member.sees_all or nodes["ratings"][place] == 0 or _behind(nodes, place) >= FEWEST


def _behind(nodes: Mapping[str, Any], place: int) -> int:
    """Agencies that say something of it: in a branch, those that perform it; of one capability, all that rated it."""
    count: int = nodes["ratings"][place] if nodes["leaf"][place] else nodes["agencies"][place]
    return count
