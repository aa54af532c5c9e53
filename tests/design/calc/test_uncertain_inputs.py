"""Inputs as distributions, against their own definitions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betainc, ndtr

from design.calc.uncertain_inputs import Fixed, Normal, Pert, Triangular
from tests.design.calc.strategies import some

SHARES = np.linspace(0.001, 0.999, 999)
ends = st.floats(-1e6, 1e6)


@st.composite
def in_order(draw: st.DrawFn) -> tuple[float, float, float]:
    low = draw(ends)
    width = draw(st.floats(1, 1e6))
    return low, low + draw(st.floats(0, 1)) * width, low + width


@some
@given(in_order())
def test_a_pert_is_the_beta_distribution_that_it_says(three: tuple[float, float, float]) -> None:
    low, likely, high = three
    found = Pert(*three).quantile(SHARES)

    up, down = 1 + 4 * (likely - low) / (high - low), 1 + 4 * (high - likely) / (high - low)
    assert betainc(up, down, np.clip((found - low) / (high - low), 0, 1)) == pytest.approx(SHARES, abs=1e-8)


@some
@given(in_order())
def test_a_triangle_has_below_each_value_the_area_that_it_says(three: tuple[float, float, float]) -> None:
    low, likely, high = three
    found = Triangular(*three).quantile(SHARES)

    rising = (found - low) ** 2 / ((high - low) * max(likely - low, 1e-300))
    falling = 1 - (high - found) ** 2 / ((high - low) * max(high - likely, 1e-300))
    assert np.where(found < likely, rising, falling) == pytest.approx(SHARES, abs=1e-7)


@some
@given(in_order(), st.sampled_from([Pert, Triangular]))
def test_the_curve_is_within_a_millionth_of_the_range(three: tuple[float, float, float], kind: Any) -> None:
    one = kind(*three)
    drawn = np.linspace(-6, 6, 20_001)
    low, _, high = three

    # Beyond 0.5 the share loses digits, so there the mirrored input is asked.
    mirrored = kind(-three[2], -three[1], -three[0])
    exact = np.where(drawn < 0, one.quantile(ndtr(-abs(drawn))), -mirrored.quantile(ndtr(-abs(drawn))))
    assert abs(one.curve()(drawn) - exact).max() < 1e-6 * (high - low) + 1e-9 * abs(low)


@some
@given(in_order(), st.sampled_from([Pert, Triangular]))
def test_the_curve_rises_and_stays_between_the_ends(three: tuple[float, float, float], kind: Any) -> None:
    found = kind(*three).curve()(np.linspace(-40, 40, 10_001))

    slack = 1e-9 * max(abs(three[0]), abs(three[2]))
    assert (np.diff(found) >= -slack).all()
    assert three[0] - slack <= found[0] <= found[-1] <= three[2] + slack


@pytest.mark.parametrize("three", [(2, 5, 20), (0, 0, 6), (-9, 1, 1), (Decimal("1.5"), 2, 3)])
def test_a_pert_has_the_mean_of_malcolm_and_the_others(three: tuple[Any, Any, Any]) -> None:
    low, likely, high = map(float, three)
    # 100,000 draws with a fixed seed; their mean is within four standard errors.
    found = Pert(*three).curve()(np.random.default_rng(1).standard_normal(100_000))

    mean = (low + 4 * likely + high) / 6
    assert abs(found.mean() - mean) < 4 * found.std() / 100_000**0.5
    # The variance of a modified Pert, D. Vose, Risk Analysis: (mean - low) (high - mean) / 7.
    assert found.var() == pytest.approx((mean - low) * (high - mean) / 7, rel=0.02)


def test_a_normal_has_two_thirds_within_one_deviation() -> None:
    one = Normal(10, 2)
    assert one.quantile(np.array([0.1, 0.5, 0.841344746])) == pytest.approx([7.4369, 10, 12], abs=1e-4)
    assert one.curve()(np.array([-1.0, 2.0])).tolist() == [8, 14]


def test_what_is_known_is_always_the_same() -> None:
    one = Fixed(Decimal("2.5"))
    assert one.quantile(np.array([0.1, 0.9])).tolist() == one.curve()(np.array([-9.0, 9.0])).tolist() == [2.5, 2.5]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Pert(1, 3, 2), "rent: low, likely and high must be in this order, not 1, 3 and 2."),
        (Triangular(2, 1, 3), "rent: low, likely and high must be in this order, not 2, 1 and 3."),
        (Pert(1, 1, 1), "rent: its high value must be above the low one, 1; give a known value as fixed."),
        (Pert(float("nan"), 1, 1), "rent: its low value must be a finite number, not nan."),
        (Triangular(0, "1", 2), "rent: its likely value must be a number, not '1'."),  # type: ignore[arg-type]
        (Pert(0, 1, 10**200), "rent: its high value is too large; give a number below 1e150."),
        (Pert(0, 1, 10**400), "rent: its high value is too large; give a number below 1e150."),
        (
            Normal(1, 0),
            "rent: its standard deviation must be above zero, not 0; give a known value as fixed.",
        ),
        (Normal(Decimal("inf"), 1), "rent: its mean must be a finite number, not Infinity."),
        (Fixed(True), "rent: its value must be a number, not True."),
    ],
)
def test_what_is_no_distribution_is_refused_by_name(one: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        one.check("rent")
    assert str(caught.value) == said
