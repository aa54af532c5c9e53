"""How far the executives of a plan stand behind it.

- Asked: executives with a position. Not asked: those without one. Aligned: those who are supportive or committed.
- Share: aligned / asked, 0-1; without anybody asked there is none. Who was not asked counts on neither side, so a share
  says nothing of them: they stand beside it.

Executives are those who decide for an agency or for the government; other sponsors do not count. No unit but heads.
Refused: a position that is none of the four.

Source: the four positions are those of the method; executive alignment is an outcome of its first phase.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

OPPOSED, NEUTRAL, SUPPORTIVE, COMMITTED = POSITIONS = ("opposed", "neutral", "supportive", "committed")
ALIGNED = (SUPPORTIVE, COMMITTED)
NOT_ASKED = ""


@dataclass(frozen=True)
class AlignmentInput:
    """The position of each executive; "" of one whom nobody has asked."""

    positions: tuple[str, ...]


@dataclass(frozen=True)
class Alignment:
    """`by_position` has all four. Without anybody asked `share` is None."""

    executives: int
    asked: int
    not_asked: int
    aligned: int
    opposed: int
    share: float | None
    by_position: Mapping[str, int]


def alignment(plan: AlignmentInput) -> Alignment:
    """Count the executives by position. Raises ValueError for what the module refuses."""
    if unknown := set(plan.positions) - {NOT_ASKED, *POSITIONS}:
        raise ValueError(f"{sorted(unknown)[0]} is none of the positions {', '.join(POSITIONS)}.")
    counts = Counter(plan.positions)
    asked = len(plan.positions) - counts[NOT_ASKED]
    aligned = sum(counts[position] for position in ALIGNED)
    return Alignment(
        executives=len(plan.positions),
        asked=asked,
        not_asked=counts[NOT_ASKED],
        aligned=aligned,
        opposed=counts[OPPOSED],
        share=aligned / asked if asked else None,
        by_position={position: counts[position] for position in POSITIONS},
    )
