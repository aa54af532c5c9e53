"""What the votes of a board come to, by its quorum and majority. Pure and exact: shares are compared as fractions.

- Quorum: votes / those who may vote is at least the quorum; one vote at least, whatever the quorum.
- Majority: an option has it if its votes / all votes are more than the majority, and more than those of any other.
  Exactly the majority is none, unless it is 1: then all must agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil


@dataclass(frozen=True)
class Tally:
    """`needed` votes make the quorum; `winner` is the option with a majority of the votes so far, if one has it."""

    voters: int
    cast: int
    needed: int
    counts: Mapping[str, int]
    winner: str | None

    @property
    def has_quorum(self) -> bool:
        return self.cast >= self.needed

    @property
    def missing(self) -> int:
        return max(self.needed - self.cast, 0)

    @property
    def outcome(self) -> str | None:
        """What is decided, if it can be."""
        return self.winner if self.has_quorum else None


def tally(votes: Iterable[str], *, voters: int, quorum: Decimal, majority: Decimal) -> Tally:
    """Count them. Raises ValueError for more votes than voters, or a share outside 0-1."""
    counts = Counter(votes)
    cast = sum(counts.values())
    if cast > voters:
        raise ValueError(f"{cast} votes of {voters} who may vote.")
    if not (0 <= quorum <= 1 and 0 <= majority <= 1):
        raise ValueError("Quorum and majority are shares from 0 to 1.")
    needed = max(ceil(Fraction(quorum) * voters), 1)
    return Tally(voters, cast, needed, dict(counts), _winner(counts, cast, Fraction(majority)))


def _winner(counts: Counter[str], cast: int, majority: Fraction) -> str | None:
    if not cast:
        return None
    (option, most), *others = counts.most_common()
    if others and others[0][1] == most:
        return None
    share = Fraction(most, cast)
    return option if share > majority or share == majority == 1 else None
