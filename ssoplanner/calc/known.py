"""Sums over what is known. None is unknown, which is not zero: it is left out, and a pair with one of both is too.

In the unit of the values; whole numbers stay exact. Refused: nothing.
"""

from collections.abc import Iterable


def known_sum(values: Iterable[int | None]) -> int | None:
    """The sum of the known values, or None where none is known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def known_pairs(pairs: Iterable[tuple[int | None, int | None]]) -> tuple[int, int]:
    """The sums of both sides over the pairs in which both are known; (0, 0) where there is none."""
    known = [(int(top), bottom) for top, bottom in pairs if top is not None and bottom is not None]
    return sum(top for top, _ in known), sum(bottom for _, bottom in known)
