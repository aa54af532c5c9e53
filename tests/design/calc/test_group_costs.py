"""Shares by the structure of the costs, against the Shapley value by its definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.cost_game import CostGame, sums
from design.calc.group_costs import CURVE, FIXED, LINEAR, STEP, Part, group_costs, shares_of
from design.calc.shapley import shapley
from tests.design.calc.strategies import some

costs = st.floats(0, 1e6)
parts = st.one_of(
    st.builds(Part, st.sampled_from([FIXED, LINEAR]), costs),
    st.builds(Part, st.just(CURVE), costs, exponent=st.floats(0.05, 0.95)),
    st.builds(Part, st.just(STEP), costs, step_volume=st.integers(1, 60)),
)
some_parts = st.lists(parts, max_size=4)
some_volumes = st.lists(st.integers(1, 100), min_size=1, max_size=6)


def by_definition(given_parts: list[Part], volumes: list[int]) -> list[float]:
    vector = group_costs(given_parts, sums(volumes), sum(volumes))
    return list(shapley(CostGame.from_vector(range(len(volumes)), vector)).values())


@some
@given(some_parts, some_volumes)
def test_shares_are_the_shapley_value(given_parts: list[Part], volumes: list[int]) -> None:
    found = shares_of(given_parts, volumes)
    whole = sum(part.cost for part in given_parts)
    assert found.shares == pytest.approx(by_definition(given_parts, volumes), abs=1e-9 * max(whole, 1))
    assert sum(found.shares) == pytest.approx(whole, abs=1e-9 * max(whole, 1))
    assert not any(found.bounds)


def test_a_runway_of_joint_costs() -> None:
    """Littlechild and Owen (1973): those who need a part divide it equally, and nobody else pays for it."""
    assert shares_of([Part(FIXED, 12)], [5, 1]).shares == (6, 6)
    assert shares_of([Part(FIXED, 12)], [5]).shares == (12,)


def test_what_a_group_pays_by_hand() -> None:
    made = [Part(FIXED, 10), Part(LINEAR, 40), Part(CURVE, 8, exponent=0.5), Part(STEP, 30, step_volume=8)]
    # Of 20 units, three steps of 8: 5 units take one step, 9 take two.
    found = group_costs(made, np.array([0, 5, 9, 20]), 20)
    assert found == pytest.approx([0, 10 + 10 + 4 + 10, 10 + 18 + 8 * 0.45**0.5 + 20, 88])


@pytest.mark.parametrize("step_volume", [7, 40, 90])
def test_many_users_of_steps_are_within_the_stated_bound(step_volume: int) -> None:
    volumes = [(at * 13) % 29 + 1 for at in range(17)]
    part = Part(STEP, 1000, step_volume=step_volume)
    found = shares_of([part], volumes)
    off = [abs(share - exact) for share, exact in zip(found.shares, by_definition([part], volumes), strict=True)]
    assert all(one <= bound for one, bound in zip(off, found.bounds, strict=True))
    assert max(off) > 0
    assert max(found.bounds) < 2 * 1000 / -(-sum(volumes) // step_volume)


def test_many_users_of_one_step_or_of_whole_steps_have_exact_shares() -> None:
    volumes = [3 * at for at in range(1, 21)]
    one, whole = (shares_of([Part(STEP, 2100, step_volume=size)], volumes) for size in (1000, 3))
    assert one.shares == pytest.approx([105] * 20)
    assert whole.shares == pytest.approx([10 * at for at in range(1, 21)])
    assert not any(one.bounds + whole.bounds)


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="spiral is none of the shapes fixed, linear, curve, step"):
        shares_of([Part("spiral", 1)], [1])
    with pytest.raises(ValueError, match="spiral is none of the shapes"):
        group_costs([Part("spiral", 1)], np.array([1]), 1)
