"""Parts that add up to the whole to the cent.

Largest remainder (Hamilton's method): each part is rounded down to the cent, and the cents that are left go one by one
to the parts with the largest remainder, the earlier part first where two are equal. Amounts are in any currency with
two decimals. Refused: no weight above zero, a weight below zero, a total with fractions of a cent.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

CENTS = 100
Figure = int | float | Decimal | Fraction


def round_to_cents(total: Decimal, weights: Sequence[Figure]) -> list[Decimal]:
    """Divide `total` by `weights` into amounts of whole cents whose sum is exactly `total`.

    A negative total (a credit) is divided like its amount. Raises ValueError for what the module refuses.
    """
    shares = [Fraction(weight) for weight in weights]
    if any(share < 0 for share in shares) or not any(shares):
        raise ValueError("weights must not be negative, and one must be above zero")
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
