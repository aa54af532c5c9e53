"""The roots above zero of a polynomial, each once however often it counts: how many there are, and which.

Coefficients come in order of the powers, the constant first, and are exact; so the count is exact too, and each root is
within a relative 2^-DIGITS. The polynomial is parted from its multiple roots, Sturm's chain counts the roots of an
interval, and halves of it hold one root each in the end. For polynomials of up to some hundred powers.

Source: J. C. F. Sturm (1829); the bound on the roots is Cauchy's.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

DIGITS = 64
Polynomial = list[int]  # its last coefficient is not zero


def sign_changes(values: Sequence[Fraction | int]) -> int:
    """How often the sign changes along the values, zeros left out."""
    signs = [value > 0 for value in values if value]
    return sum(one != other for one, other in pairwise(signs))


def positive_roots(coefficients: Sequence[Fraction]) -> list[Fraction]:
    """The roots above zero, in order; none of a constant, zero among them."""
    used = [at for at, value in enumerate(coefficients) if value]
    if not used:
        return []
    reduced = _reduced(coefficients[used[0] : used[-1] + 1])
    if sign_changes(reduced) == 1:  # then there is one root, by Descartes' rule, and the chain may be spared
        return [_refined(reduced, Fraction(0), _bound(reduced))]
    chain = _chain(reduced)
    if len(chain[-1]) > 1:  # what the polynomial and its slope have in common: its multiple roots
        chain = _chain(_quotient(chain[0], chain[-1]))
    return _within(chain, Fraction(0), _bound(chain[0]))


def _bound(values: Polynomial) -> Fraction:
    """Above all roots, and a power of two, so that all halves of it are short numbers."""
    return Fraction(1 << (1 + max(map(abs, values)) // abs(values[-1])).bit_length())


def _within(chain: list[Polynomial], low: Fraction, high: Fraction) -> list[Fraction]:
    """The roots above `low` and up to `high`, where the polynomial may have one."""
    waiting, found = [(low, high)], []
    while waiting:
        low, high = waiting.pop()
        count = _changes(chain, low) - _changes(chain, high)
        middle = (low + high) / 2
        if count == 1:
            found.append(_refined(chain[0], low, high))
        elif count:
            waiting += [(middle, high), (low, middle)]
    return found


def _refined(values: Polynomial, low: Fraction, high: Fraction) -> Fraction:
    """The one root above `low` and up to `high`."""
    upper = _sign(values, high)
    while upper and (not low or (high - low) > low / (1 << DIGITS)):
        middle = (low + high) / 2
        sign = _sign(values, middle)
        if not sign:
            return middle
        low, high = (low, middle) if sign == upper else (middle, high)
    return high


def _changes(chain: list[Polynomial], at: Fraction) -> int:
    return sign_changes([_sign(values, at) for values in chain])


def _sign(values: Polynomial, at: Fraction) -> int:
    found, power = 0, 1
    for value in reversed(values):  # times a power of the denominator: whole numbers are faster than fractions
        found = found * at.numerator + value * power
        power *= at.denominator
    return (found > 0) - (found < 0)


def _chain(values: Polynomial) -> list[Polynomial]:
    chain = [values]
    following = _reduced([at * value for at, value in enumerate(values)][1:])
    while following:
        chain.append(following)
        following = _reduced([-value for value in _divided(chain[-2], chain[-1])[1]])
    return chain


def _quotient(values: Polynomial, by: Polynomial) -> Polynomial:
    return _reduced(_divided(values, by)[0])


def _divided(values: Polynomial, by: Polynomial) -> tuple[list[int], list[int]]:
    """Quotient and remainder, both times the same number above zero."""
    # In whole numbers times `scale`, a power of the leading one that makes every step divide without a rest.
    lead, steps = abs(by[-1]), len(values) - len(by) + 1
    scale = lead ** max(steps, 0)
    rest, quotient = [value * scale for value in values], []
    while len(rest) >= len(by):
        factor = rest.pop() // by[-1]
        quotient.append(factor)
        start = len(rest) - len(by) + 1
        for at, value in enumerate(by[:-1], start):
            rest[at] -= factor * value
    return quotient[::-1], rest


def _reduced(values: Sequence[Fraction | int]) -> Polynomial:
    """The same signs everywhere, in the smallest whole numbers."""
    exact = list(values)
    while exact and not exact[-1]:
        exact.pop()
    times = lcm(*(value.denominator for value in exact))
    whole = [value.numerator * (times // value.denominator) for value in exact]
    common = gcd(*whole)
    return [value // common for value in whole]
