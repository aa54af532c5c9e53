"""Each service as the heat map's stored results have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.heat_texts import BY_KEY, NOT_PLACED, Group
from ssoplanner.core.models import Plan, Service
from ssoplanner.recompute.reading import Shown
from ssoplanner.web import formats


@dataclass(frozen=True)
class Robust:
    """In how many weightings it is a quick win, and between which ranks it stands in nine of ten."""

    quick_win: float
    low: int
    high: int


@dataclass(frozen=True)
class Line:
    """A service in the heat map; `scores` and `figures` by criterion."""

    service: Service
    group: Group
    opportunity: float | None
    ease: float | None
    confidence: float
    scores: Mapping[int, float | None]
    figures: Mapping[int, float | None]
    robust: Robust | None

    @property
    def total(self) -> float | None:
        return None if self.opportunity is None or self.ease is None else self.opportunity + self.ease


def lines_of(heat: Shown | None, robust: Shown | None, services: Sequence[Service]) -> list[Line]:
    """None where there is no heat map yet; `robust` may be missing."""
    if heat is None or heat.figures is None:
        return []
    figures, held = heat.figures, robust_of(robust.figures) if robust and robust.figures else {}
    places = {pk: place for place, pk in enumerate(figures["services"])}
    return [_line(one, figures, places[one.pk], held.get(one.pk)) for one in services if one.pk in places]


def robust_of(figures: Mapping[str, Any]) -> dict[int, Robust]:
    """Service -> what other weightings say of it."""
    columns = (figures[name] for name in ("services", "quick_win", "rank_low", "rank_high"))
    return {pk: Robust(share, low, high) for pk, share, low, high in zip(*columns, strict=True)}


def _line(service: Service, figures: Mapping[str, Any], place: int, robust: Robust | None) -> Line:
    return Line(
        service=service,
        group=BY_KEY.get(figures["group"][place] or "", NOT_PLACED),
        opportunity=figures["opportunity"][place],
        ease=figures["ease"][place],
        confidence=figures["confidence"][place],
        scores={pk: column[place] for pk, column in zip(figures["criteria"], figures["scores"], strict=True)},
        figures={pk: column[place] for pk, column in zip(figures["criteria"], figures["figures"], strict=True)},
        robust=robust,
    )


def by_total(lines: Sequence[Line]) -> list[Line]:
    """Those that are placed, the best first: quick wins, then by opportunity and ease."""
    return sorted((line for line in lines if line.group.key), key=lambda line: (-(line.total or 0), line.service.name))


def robust_text(robust: Robust | None, plan: Plan) -> str:
    """Of a service that was not tried it says nothing."""
    if robust is None:
        return ""
    return f"quick win in {formats.number(round(100 * robust.quick_win), plan)} % of weightings"


def rank_text(robust: Robust | None, plan: Plan) -> str:
    """Where it stands in nine of ten weightings."""
    if robust is None:
        return ""
    low, high = formats.number(robust.low, plan), formats.number(robust.high, plan)
    return f"rank {low}" if low == high else f"rank {low} to {high}"
