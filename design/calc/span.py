"""Groups of players as vectors of zeros and ones, and which of them others span: a rank test without rounding.

It calculates modulo a prime that is larger than any determinant of zeros and ones of this size, so that what is
independent over the rational numbers stays so (Hadamard: at most 21^10.5 / 2^20 for 20 players).
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

PRIME = 2**58 - 27  # twenty of these are added up in 63 bits


class Span:
    """What the groups that were added span, over up to 20 players."""

    def __init__(self, players: int) -> None:
        self.players = players
        self._rows: dict[int, list[int]] = {}  # pivot -> row, which is 1 there and 0 at all other pivots

    @property
    def is_full(self) -> bool:
        """Whether every group is spanned."""
        return len(self._rows) == self.players

    def add(self, group: int) -> bool:
        """Add a group by its number. Whether it was not spanned before."""
        row = [group >> at & 1 for at in range(self.players)]
        for pivot, held in self._rows.items():
            row = _less(row, row[pivot], held)
        first = next((at for at, value in enumerate(row) if value), None)
        if first is None:
            return False
        inverse = pow(row[first], -1, PRIME)
        row = [value * inverse % PRIME for value in row]
        self._rows = {pivot: _less(held, held[first], row) for pivot, held in self._rows.items()} | {first: row}
        return True

    def holds(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """For every group, in bit order, whether it is spanned: whether a normal to all that were added is one to it.

        The normal is drawn at random, always the same; a group that is not spanned passes with chance 1 / PRIME.
        """
        import numpy as np  # the pages' own process does without it

        draw = random.Random(self.players)
        normal = [0 if at in self._rows else draw.randrange(PRIME) for at in range(self.players)]
        for pivot, row in self._rows.items():
            normal[pivot] = -sum(value * row[at] for at, value in enumerate(normal) if at not in self._rows) % PRIME
        found = np.zeros(1 << self.players, dtype=np.int64)
        for at, value in enumerate(normal):
            np.add(found[: 1 << at], value, out=found[1 << at : 2 << at])
        held: np.ndarray[Any, np.dtype[np.bool_]] = found % PRIME == 0
        return held


def _less(row: list[int], times: int, other: list[int]) -> list[int]:
    return [(one - times * another) % PRIME for one, another in zip(row, other, strict=True)] if times else row
