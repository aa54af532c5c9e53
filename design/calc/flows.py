"""Flows of money by year, above and below zero, and the rate that discounts them: what may be calculated with.

As `amounts`, but for either sign: flows are of one type, which results keep. Decimal is money, in whole cents; Fraction
and whole numbers are exact, and so are their results, as Fraction, but for whole numbers at a float rate: these give
float, as floats do.

Refused, with ValueError: no flows, or years after the MOST_YEARS-th; a first year that is no whole number of zero or
more; what is no finite number; a rate of -1 or less, or above MOST_RATE; Decimal amounts with fractions of a cent or of
25 digits; Decimal, Fraction and float amounts side by side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from design.calc.amounts import MOST, Kind, Number, check_number, kind_of, number
from ssoplanner.calc.rounding import CENTS, Figure

MOST_YEARS = 60
MOST_RATE = 1000  # a share a year; above it is a slip
Named = list[tuple[str, Figure]]


def named_by_year(what: str, flows: Sequence[Figure], first_year: int) -> Named:
    if isinstance(first_year, bool) or not isinstance(first_year, int) or first_year < 0:
        raise ValueError(f"The first year must be a whole number of zero or more, not {first_year!r}.")
    if not flows:
        raise ValueError("There are no flows; give at least one year.")
    last = first_year + len(flows) - 1
    if last > MOST_YEARS:
        raise ValueError(f"The flows go on to year {last}; give years up to {MOST_YEARS}.")
    return [(f"{what} of year {year}", flow) for year, flow in enumerate(flows, first_year)]


def read_flows(named: Named, rate: Figure) -> tuple[Kind, list[Number]]:
    """The type of the results, and the flows as they are calculated with."""
    check_number("The rate", rate)
    if not -1 < rate <= MOST_RATE:
        raise ValueError(f"The rate must be above -1 and at most {MOST_RATE}, not {rate}; give 0.07 for 7 %.")
    for what, flow in named:
        check_number(what, flow)
        if isinstance(flow, Decimal) and flow.copy_abs() >= MOST:
            raise ValueError(f"{what} is more than money can be; give fewer than 25 digits.")
    sizes = [(what, _size(flow)) for what, flow in named]
    kind: Kind = (
        float if isinstance(rate, float) and all(isinstance(flow, int) for _, flow in named) else kind_of(sizes)
    )
    read = [number(kind, what, size) for what, size in sizes]
    return kind, [-size if flow < 0 else size for size, (_, flow) in zip(read, named, strict=True)]


def _size(flow: Figure) -> Figure:
    return flow.copy_abs() if isinstance(flow, Decimal) else max(flow, -flow)  # -flow would round a long Decimal


def in_cents(values: Sequence[Number]) -> list[Number]:
    """Whole cents that add up to the sum, itself rounded half to even: the largest remainders are rounded up."""
    cents = [Fraction(value) * CENTS for value in values]
    floors = [math.floor(value) for value in cents]
    by_remainder = sorted(range(len(cents)), key=lambda at: (floors[at] - cents[at], at))
    for at in by_remainder[: round(sum(cents)) - sum(floors)]:
        floors[at] += 1
    return [Fraction(floor, CENTS) for floor in floors]
