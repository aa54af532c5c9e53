"""Parts that add up to the whole to the cent.

Largest remainder (Hamilton's method): each part is rounded down to the cent, and the cents that are left go one by one
to the parts with the largest remainder, the earlier part first where two are equal. Amounts are in any currency with
two decimals. Refused: no weight above zero, a weight below zero, a total with fractions of a cent.
"""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)
CENTS = 100
Figure = int | float | Decimal | Fraction


def round_to_cents(total: Decimal, weights: Sequence[Figure]) -> list[Decimal]:
    """Divide `total` by `weights` into amounts of whole cents whose sum is exactly `total`.

    A negative total (a credit) is divided like its amount. Raises ValueError for what the module refuses.
    """
    shares = [Fraction(weight) for weight in weights]
    if any(share < 0 for share in shares) or not any(shares):
        raise ValueError("weights must not be negative, and one must be above zero")
    return _in_cents(total, shares)


def to_cents(shares: Mapping[Name, Figure], total: Decimal) -> dict[Name, Decimal]:
    """`total` by name, in whole cents and in proportion to `shares`; the amounts add up to it exactly.

    A share may be a credit, below zero, and so may all be with a negative total. Shares that add up to the total as
    they are change by less than a cent. Raises ValueError for shares that add up to zero or against the sign of the
    total, unless that and all of them are zero, and for a total with fractions of a cent.
    """
    exact = [Fraction(share) * (-1 if total < 0 else 1) for share in shares.values()]
    if not any(exact) and not total:
        return dict.fromkeys(shares, Decimal("0.00"))
    if sum(exact) <= 0:
        raise ValueError("The shares must add up to more than zero, or to less where the total is a credit.")
    return dict(zip(shares, _in_cents(total, exact), strict=True))


def _in_cents(total: Decimal, shares: list[Fraction]) -> list[Decimal]:
    cents = Fraction(total) * CENTS
    if cents.denominator != 1:
        raise ValueError(f"{total} has fractions of a cent")
    sign = -1 if cents < 0 else 1
    parts = _largest_remainder(abs(int(cents)), shares)
    return [(Decimal(sign * part) / CENTS).quantize(Decimal("0.01")) for part in parts]


def _largest_remainder(units: int, shares: list[Fraction]) -> list[int]:
    whole = sum(shares)
    exact = [units * share / whole for share in shares]
    floors = [part.numerator // part.denominator for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: (floors[index] - exact[index], index))
    for index in by_remainder[: units - sum(floors)]:
        floors[index] += 1
    return floors
