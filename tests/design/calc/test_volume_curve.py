"""Shares of a power of volume, against the Shapley value by its definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.cost_game import CostGame, sums
from design.calc.shapley import shapley
from design.calc.volume_curve import curve_shares
from tests.design.calc.strategies import some

exponents = st.sampled_from([0.01, 0.2, 0.5, 0.8, 0.92, 0.99])
volumes = st.lists(st.integers(1, 10**6), min_size=1, max_size=9)


def by_definition(sizes: list[int], exponent: float) -> list[float]:
    costs = (sums([size / sum(sizes) for size in sizes])) ** exponent
    costs[0] = 0
    return list(shapley(CostGame.from_vector(range(len(sizes)), costs)).values())


@some
@given(volumes, exponents)
def test_they_are_the_shapley_value(sizes: list[int], exponent: float) -> None:
    assert curve_shares(sizes, exponent) == pytest.approx(by_definition(sizes, exponent), abs=1e-9)


@pytest.mark.parametrize("exponent", [0.05, 0.6, 0.95])
def test_sixteen_users_of_very_different_size(exponent: float) -> None:
    sizes = [7**at % 10**7 + 1 for at in range(16)]
    assert curve_shares(sizes, exponent) == pytest.approx(by_definition(sizes, exponent), abs=1e-9)


def test_two_users_by_hand() -> None:
    # Half of what each pays alone and of what it adds to the other: v = 1 and 3 of 4, square root.
    small, large = (1 / 4) ** 0.5, (3 / 4) ** 0.5
    assert curve_shares([1, 3], 0.5) == pytest.approx([(small + 1 - large) / 2, (large + 1 - small) / 2], abs=1e-12)


def test_hundreds_of_users_add_up_and_equal_ones_pay_the_same() -> None:
    shares = curve_shares([1] * 50 + [1000] * 100, 0.9)
    assert sum(shares) == pytest.approx(1, abs=1e-9)
    assert max(shares[:50]) - min(shares[:50]) < 1e-12
    assert min(shares[50:]) > max(shares[:50])
