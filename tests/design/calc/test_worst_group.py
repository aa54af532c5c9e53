"""The group that pays most too much, against a look at every group."""

from __future__ import annotations

from itertools import chain, combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.group_costs import CURVE, FIXED, LINEAR, STEP, Part
from design.calc.worst_group import Users, excess, worst_group
from tests.design.calc.strategies import some

AGENCIES = 6
costs = st.floats(0, 1e4)
straight = st.builds(Part, st.sampled_from([FIXED, LINEAR]), costs)
bent = st.builds(Part, st.just(CURVE), costs, exponent=st.floats(0.05, 0.95)) | st.builds(
    Part, st.just(STEP), costs, step_volume=st.integers(1, 60)
)
uses = st.dictionaries(st.integers(0, AGENCIES - 1), st.integers(1, 50), min_size=1)
shares_of_all = st.lists(st.floats(0, 2e4), min_size=AGENCIES, max_size=AGENCIES)


def services(part: Any) -> Any:
    made = st.tuples(uses, st.lists(part, min_size=1, max_size=3))
    return st.lists(made.map(lambda one: Users(list(one[0]), list(one[0].values()), one[1])), max_size=4)


def every_group(count: int) -> Any:
    return chain.from_iterable(combinations(range(count), size) for size in range(count + 1))


def worst_of_all(shares: list[float], given_services: list[Users], common: float) -> float:
    return max(excess(group, shares, given_services, common) for group in every_group(len(shares)))


@some
@given(shares_of_all, services(straight), costs)
def test_with_fixed_and_linear_costs_it_is_the_worst(shares: list[float], made: list[Users], common: float) -> None:
    found, worst = worst_group(shares, made, common), worst_of_all(shares, made, common)
    assert found.amount == pytest.approx(worst, abs=1e-3)
    assert worst - 1e-9 * max(worst, 1) <= found.bound <= worst + 1e-3


@some
@given(shares_of_all, services(straight | bent), costs)
def test_with_curves_and_steps_the_worst_lies_between_amount_and_bound(
    shares: list[float], made: list[Users], common: float
) -> None:
    found, worst = worst_group(shares, made, common), worst_of_all(shares, made, common)
    assert found.amount <= worst + 1e-6
    assert worst <= found.bound + 1e-6
    assert found.amount == pytest.approx(max(excess(found.places, shares, made, common), 0), abs=1e-9)


def test_two_that_share_a_system_and_carry_a_third_leave_together() -> None:
    # Alone each would need the system for 60 itself; both together pay 90 for what costs them 60.
    made = [Users([0, 1], [1, 1], [Part(FIXED, 60)]), Users([2], [1], [Part(FIXED, 50)])]
    found = worst_group([45, 45, 20], made, 0)
    assert (found.places, found.amount) == ((0, 1), 30)
    assert found.bound == pytest.approx(30, abs=1e-6)


def test_common_costs_keep_them() -> None:
    made = [Users([0, 1], [1, 1], [Part(FIXED, 60)]), Users([2], [1], [Part(FIXED, 50)])]
    found = worst_group([45, 45, 20], made, 31)
    assert (found.places, found.amount) == ((), 0)
    assert found.bound < 1e-6


def test_nobody_who_pays_nothing_objects() -> None:
    assert worst_group([0, 0], [Users([0, 1], [3, 4], [Part(LINEAR, 7)])], 5).places == ()


def test_hundreds_of_agencies_who_carry_one_that_pays_nothing() -> None:
    chance, count = Random(4), 120
    made = [
        Users(range(count), [chance.randint(1, 99) for _ in range(count)], [Part(FIXED, 500), Part(LINEAR, 3000)])
        for _ in range(5)
    ]
    units = [sum(3000 * one.volumes[at] / sum(one.volumes) for one in made) for at in range(count)]
    shares = [own + units[0] / (count - 1) + 2500 / (count - 1) for own in units]
    shares[0] = 0
    found = worst_group(shares, made, 0)
    assert found.places == tuple(range(1, count))
    assert found.amount == pytest.approx(units[0])
