"""Which capabilities to share first: the lowest ones that several agencies perform, ranked by what speaks for sharing.

Five parts, each from 0 to 1, where 1 speaks most for sharing:

- own: agencies that perform it on their own, of those that rated it;
- importance: (mean - 1) / 4, from 1 to 5;
- gap: the mean gap between target and maturity over `FULL_GAP` levels, no less than 0 and no more than 1;
- systems: 1 - 1 / systems: none for one system, a half for two, more for each that is added;
- cost: the yearly cost of its systems over that of the dearest capability in the list; not known where no cost is.

Where agencies name no system, both are 0: nothing shows that anything is run twice.

The score is the mean of the parts that are known, each counting the same; it has no unit. Ranked are capabilities that
at least `FEWEST` agencies perform: what one agency performs alone cannot be shared as it stands. What people conclude
is theirs, and no part of the score. Refused: nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

FEWEST = 2  # agencies that perform it
FULL_GAP = 2  # levels
PARTS = ("own", "importance", "gap", "systems", "cost")


@dataclass(frozen=True)
class CapabilityInput:
    """One lowest capability of the map; `services` are the keys of those that need it."""

    id: int
    ratings: int
    agencies: int
    own: int
    importance: float | None
    gap: float | None
    systems: int
    cost_cents: int | None
    services: Sequence[int]


@dataclass(frozen=True)
class PlanInput:
    capabilities: Sequence[CapabilityInput]


@dataclass(frozen=True)
class Ranking:
    """One place a capability, the one that speaks most for sharing first; `parts`: part -> its value from 0 to 1."""

    capability: list[int]
    score: list[float]
    parts: Mapping[str, list[float | None]]
    agencies: list[int]
    own: list[int]
    systems: list[int]
    cost_cents: list[int | None]
    services: list[list[int]]


@dataclass(frozen=True)
class Candidates:
    """`left_out`: lowest capabilities that fewer than two agencies perform."""

    ranking: Ranking
    left_out: int


def candidates(plan: PlanInput) -> Candidates:
    """Rank the capabilities."""
    rows = [row for row in plan.capabilities if row.agencies >= FEWEST]
    dearest = max((row.cost_cents or 0 for row in rows), default=0)
    scored = [(row, _parts(row, dearest)) for row in rows]
    ranked = sorted(
        ((_score(parts), row, parts) for row, parts in scored), key=lambda one: (-one[0], -one[1].agencies, one[1].id)
    )
    held = [row for _, row, _ in ranked]
    return Candidates(
        ranking=Ranking(
            capability=[row.id for row in held],
            score=[score for score, _, _ in ranked],
            parts={key: [parts[key] for _, _, parts in ranked] for key in PARTS},
            agencies=[row.agencies for row in held],
            own=[row.own for row in held],
            systems=[row.systems for row in held],
            cost_cents=[row.cost_cents for row in held],
            services=[sorted(row.services) for row in held],
        ),
        left_out=len(plan.capabilities) - len(rows),
    )


def _parts(row: CapabilityInput, dearest: int) -> dict[str, float | None]:
    return {
        "own": row.own / row.ratings if row.ratings else None,
        "importance": None if row.importance is None else (row.importance - 1) / 4,
        "gap": None if row.gap is None else min(max(row.gap / FULL_GAP, 0.0), 1.0),
        "systems": 1 - 1 / row.systems if row.systems else 0,
        "cost": _cost(row, dearest),
    }


def _cost(row: CapabilityInput, dearest: int) -> float | None:
    if not row.systems:
        return 0
    return None if row.cost_cents is None or not dearest else row.cost_cents / dearest


def _score(parts: Mapping[str, float | None]) -> float:
    known = [value for value in parts.values() if value is not None]
    return fmean(known) if known else 0.0
