"""Shares add up to the pool to the cent, whatever the weights."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.calc.rounding import round_to_cents, to_cents
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


@given(cents.filter(bool), st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20).filter(lambda s: sum(s) > 0))
def test_shares_by_name_add_up_and_credits_stay_credits(total: Decimal, shares: list[int]) -> None:
    sign = -1 if total < 0 else 1
    given_ = {f"agency {at}": sign * share for at, share in enumerate(shares)}
    found = to_cents(given_, total)
    assert sum(found.values()) == total and list(found) == list(given_)
    for name, share in given_.items():
        assert abs(found[name] * sum(given_.values()) - total * share) < Decimal("0.01") * abs(sum(given_.values()))


def test_shares_by_name_that_divide_nothing_are_refused() -> None:
    assert to_cents({"A": 0, "B": 0}, Decimal(0)) == {"A": Decimal("0.00"), "B": Decimal("0.00")}
    for shares in ({}, {"A": 0}, {"A": 1, "B": -1}, {"A": -1}):
        with pytest.raises(ValueError, match="must add up to more than zero"):
            to_cents(shares, Decimal(1))
    with pytest.raises(ValueError, match="fractions of a cent"):
        to_cents({"A": 1}, Decimal("0.005"))


def test_an_unknown_value_leaves_the_mean_alone() -> None:
    assert weighted_mean([(2.0, 1), (None, 50), (4.0, 3)]) == 3.5
    assert weighted_mean([(None, 1)]) is None
