"""Whether several raters agree: Krippendorff's alpha.

alpha = 1 - observed disagreement / disagreement expected by chance. 1 is full agreement, 0 what chance would give,
below 0 systematic disagreement. Of two values of one unit the disagreement is a squared distance, by level of
measurement:

- nominal: 0 if they are equal, else 1
- ordinal: how many values lie between them in rank, with half of those equal to either
- interval: their difference
- ratio: their difference over their sum

Observed are all pairs of values of one unit, each unit with m values weighing 1 / (m - 1) a pair; expected are all
pairs of all values. A unit that fewer than two rated says nothing and is left out. No unit. Refused: raters with
different numbers of units, an unknown level, on the ratio level a value below zero. Without two values of one unit, or
if all values are equal, nothing can be said, and the result is None.

Source: Klaus Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

Value = Any
Distance = Callable[[Value, Value], Fraction | int]


def krippendorff_alpha(ratings: Mapping[Any, Sequence[Value | None]], level: str) -> float | None:
    """Agreement over `ratings`, rater -> its value of each unit in the same order, None where it gave none.

    `level` is nominal, ordinal, interval or ratio. Values are numbers; on the nominal level anything that can be
    compared for equality. Raises ValueError for what the module refuses.
    """
    units = _units(ratings)
    totals = Counter(value for unit in units for value in unit)
    if level not in LEVELS:
        raise ValueError(f"{level!r} is no level of measurement: choose one of {', '.join(LEVELS)}.")
    if len(totals) < 2:
        return None
    if level == "ratio" and min(totals) < 0:
        raise ValueError("On the ratio level no value lies below zero.")
    distance = LEVELS[level](totals)
    expected = _expected(totals, distance)
    return float(1 - (sum(totals.values()) - 1) * _observed(units, distance) / expected)


def _units(ratings: Mapping[Any, Sequence[Value | None]]) -> list[list[Value]]:
    """The values that each unit got, of those units that two or more raters gave one."""
    if len({len(values) for values in ratings.values()}) > 1:
        raise ValueError("Every rater needs a value or None for each unit.")
    columns = zip(*ratings.values(), strict=True)
    given = ([value for value in column if value is not None] for column in columns)
    return [values for values in given if len(values) > 1]


def _observed(units: Sequence[Sequence[Value]], distance: Distance) -> Fraction:
    """The disagreement within units, summed over all ordered pairs."""
    found = Fraction(0)
    for unit in units:
        counts = Counter(unit)
        pairs = permutations(counts, 2)
        found += Fraction(
            sum(counts[one] * counts[other] * distance(one, other) for one, other in pairs), len(unit) - 1
        )
    return found


def _expected(totals: Mapping[Value, int], distance: Distance) -> Fraction:
    """The disagreement over all ordered pairs of all values."""
    return Fraction(sum(totals[one] * totals[other] * distance(one, other) for one, other in permutations(totals, 2)))


def _nominal(totals: Mapping[Value, int]) -> Distance:
    return lambda one, other: int(one != other)


def _ordinal(totals: Mapping[Value, int]) -> Distance:
    order = sorted(totals)
    below, passed = {}, 0
    for value in order:
        below[value] = Fraction(passed) + Fraction(totals[value], 2)  # where its middle stands in rank
        passed += totals[value]
    return lambda one, other: (below[one] - below[other]) ** 2


def _interval(totals: Mapping[Value, int]) -> Distance:
    return lambda one, other: (Fraction(one) - Fraction(other)) ** 2


def _ratio(totals: Mapping[Value, int]) -> Distance:
    return lambda one, other: ((Fraction(one) - Fraction(other)) / (Fraction(one) + Fraction(other))) ** 2


LEVELS: Mapping[str, Callable[[Mapping[Value, int]], Distance]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}
