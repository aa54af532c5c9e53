"""Figures in, amounts out: what may be divided, how exactly, and in which type the parts come back.

Amounts of one calculation are of one type, which its results share: Decimal is money, in whole cents, and so are the
results, rounded by largest remainder; Fraction and whole numbers are exact, and the results are Fractions; float gives
float, with its errors in the last digits. Whole numbers go with any of them. Quantities only weigh: they may be of any
type, and a float quantity counts as the binary number that it is.

Refused, with ValueError: what is no number, not finite or below zero; a Decimal amount with fractions of a cent;
Decimal, Fraction and float amounts side by side; money of more than 24 digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from ssoplanner.calc.rounding import CENTS, Figure, round_to_cents

Number = Fraction | float  # what is calculated with
Amount = Decimal | Fraction | float  # what comes back
Kind = type[Decimal] | type[Fraction] | type[float]

ZERO = Fraction(0)
MOST = 10**24  # with cents, and a few of them added up, just within the 28 digits of a Decimal


def kind_of(amounts: Iterable[tuple[str, Figure]]) -> Kind:
    """The type of the results for `amounts`, pairs of what it is ("Payroll: its cost") and the amount.

    Raises ValueError for what the module refuses.
    """
    kind: Kind | None = None
    for what, figure in amounts:
        check(what, figure)
        if isinstance(figure, Decimal) and Fraction(figure) * CENTS % 1:
            raise ValueError(f"{what} must be in whole cents, not {figure}.")
        if isinstance(figure, int):
            continue
        own: Kind = next(one for one in (Decimal, Fraction, float) if isinstance(figure, one))
        if kind not in (None, own):
            raise ValueError(f"{what} is a {own.__name__} beside a {kind.__name__}; give all amounts in one type.")
        kind = own
    return kind or Fraction


def number(kind: Kind, what: str, figure: Figure) -> Number:
    """`figure` as it is calculated with: a float among floats, else exact. Raises ValueError for no such number."""
    check(what, figure)
    if kind is not float:
        return Fraction(figure)
    try:
        found = float(figure)
    except OverflowError:
        found = math.inf
    if found == math.inf:
        raise ValueError(f"{what} is too large; give a number below 1e308.")
    return found


def check(what: str, figure: Figure) -> None:
    """Refuse what is no number, not finite or below zero, with a ValueError that names `what`."""
    check_number(what, figure)
    if figure < 0:
        raise ValueError(f"{what} must be zero or more, not {figure}.")


def check_number(what: str, figure: Figure) -> None:
    """Refuse what is no number or not finite, with a ValueError that names `what`."""
    if isinstance(figure, bool) or not isinstance(figure, int | float | Decimal | Fraction):
        raise ValueError(f"{what} must be a number, not {figure!r}.")
    if not _is_finite(figure):
        raise ValueError(f"{what} must be a finite number, not {figure}.")


def _is_finite(figure: Figure) -> bool:
    if isinstance(figure, Decimal):
        return figure.is_finite()
    return not isinstance(figure, float) or math.isfinite(figure)


def total_of(what: str, numbers: Iterable[Number]) -> Number:
    """Their sum. Raises ValueError if floats are so large that it is none."""
    found = sum(numbers, ZERO)
    if isinstance(found, float) and not math.isfinite(found):
        raise ValueError(f"{what} add up to more than a float holds; give smaller numbers.")
    return found


def settled(kind: Kind, parts: Sequence[Number]) -> list[Number]:
    """`parts` as they are, or for money in whole cents.

    These add up to the sum of the parts, itself rounded to the cent, half to even; a sum in whole cents stays as it is.
    Raises ValueError for money of MOST or more.
    """
    whole = sum(parts, ZERO)
    if kind is not Decimal or not whole:
        return list(parts)
    if whole >= MOST:
        raise ValueError("An amount is more than money can be; give smaller costs, or quantities nearer to each other.")
    money = Decimal(round(Fraction(whole) * CENTS)) / CENTS
    return [Fraction(part) for part in round_to_cents(money, parts)]


def amount(kind: Kind, value: Number) -> Amount:
    """A settled value in the type of the results."""
    if kind is float:
        return float(value)
    if kind is Fraction:
        return value
    return (Decimal(round(Fraction(value) * CENTS)) / CENTS).quantize(Decimal("0.01"))
