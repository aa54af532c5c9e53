"""Shares add up to the pool to the cent, whatever the weights."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.calc.rounding import round_to_cents
from ssoplanner.calc.weighted_mean import weighted_mean

cents = st.integers(min_value=-(10**13), max_value=10**13).map(lambda n: Decimal(n) / 100)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=60).filter(any)


@given(cents, weights)
def test_parts_add_up_to_the_whole(total: Decimal, shares: list[int]) -> None:
    assert sum(round_to_cents(total, shares)) == total


@given(cents, weights)
def test_no_part_is_a_cent_or_more_off_its_exact_share(total: Decimal, shares: list[int]) -> None:
    for part, share in zip(round_to_cents(total, shares), shares, strict=True):
        assert abs(part * sum(shares) - total * share) < Decimal("0.01") * sum(shares)


def test_left_over_cents_go_to_the_largest_remainders() -> None:
    assert round_to_cents(Decimal("100.00"), [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


@pytest.mark.parametrize("shares", [[0, 0], [-1, 2], []])
def test_weights_that_divide_nothing_are_refused(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        round_to_cents(Decimal(1), shares)


def test_fractions_of_a_cent_are_refused() -> None:
    with pytest.raises(ValueError, match="fractions of a cent"):
        round_to_cents(Decimal("0.005"), [1])


def test_an_unknown_value_leaves_the_mean_alone() -> None:
    assert weighted_mean([(2.0, 1), (None, 50), (4.0, 3)]) == 3.5
    assert weighted_mean([(None, 1)]) is None
