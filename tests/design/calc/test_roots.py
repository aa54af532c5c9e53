"""Roots above zero, against polynomials that are made from their roots."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.roots import DIGITS, positive_roots, sign_changes
from tests.design.calc.strategies import some

some_roots = st.lists(st.fractions(-5, 5, max_denominator=12), max_size=6)


def made_of(roots: list[Fraction], pairs: int = 0) -> list[Fraction]:
    """(x - root) for each, and as often x² + 1, which has none."""
    made = [Fraction(1)]
    for factor in [*([-root, Fraction(1)] for root in roots), *[[Fraction(1), Fraction(0), Fraction(1)]] * pairs]:
        longer = [Fraction(0)] * (len(made) + len(factor) - 1)
        for at, one in enumerate(made):
            for by, other in enumerate(factor):
                longer[at + by] += one * other
        made = longer
    return made


@some
@given(some_roots, st.integers(0, 2), st.fractions().filter(bool))
def test_all_roots_above_zero_are_found_once_and_no_others(roots: list[Fraction], pairs: int, times: Fraction) -> None:
    found = positive_roots([times * value for value in made_of(roots, pairs)])

    expected = sorted({root for root in roots if root > 0})
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert abs(one - other) <= other / 2 ** (DIGITS - 1)


def test_roots_that_are_almost_one_are_told_apart() -> None:
    close = [Fraction(1), Fraction(10**9 + 1, 10**9)]
    assert [float(root) for root in positive_roots(made_of(close))] == [float(root) for root in close]


def test_very_large_and_small_roots_are_as_precise() -> None:
    far = [Fraction(1, 10**12), Fraction(10**12)]
    assert [float(root) for root in positive_roots(made_of(far))] == pytest.approx([1e-12, 1e12], rel=1e-15)


@pytest.mark.parametrize("values", [[], [0], [5], [0, 0, 3], [1, 1]])
def test_some_have_none(values: list[int]) -> None:
    assert positive_roots([Fraction(value) for value in values]) == []


def test_signs_change_where_zeros_are_left_out() -> None:
    assert [sign_changes(values) for values in ([], [0, 1], [-1, 0, 1], [1, -1, 0, 0, -1, 1])] == [0, 0, 1, 2]
