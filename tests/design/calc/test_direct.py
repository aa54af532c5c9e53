"""The direct method, against a published solution."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.departments import Passing
from design.calc.direct import direct
from tests.design.calc.strategies import Case, cases, exact, some


def test_the_published_example_comes_out() -> None:
    # BrainMass, solution 372025, "Critically evaluate this allocation method": kWh, gallons, $ million.
    costs = {"electricity": 80, "water": 60, "ingots": 0, "stainless steel": 0}
    usage = {
        "electricity": {"electricity": 2500, "water": 2500, "ingots": 3000, "stainless steel": 2000},
        "water": {"electricity": 1000, "water": 800, "ingots": 1000, "stainless steel": 2000},
    }

    found = direct(costs, usage)

    assert found.steps == (
        Passing(1, "electricity", "ingots", 3000, 5000, 48),
        Passing(1, "electricity", "stainless steel", 2000, 5000, 32),
        Passing(1, "water", "ingots", 1000, 3000, 20),
        Passing(1, "water", "stainless steel", 2000, 3000, 40),
    )
    assert found.totals == {"ingots": 68, "stainless steel": 72}
    assert found.gross == {"electricity": 80, "water": 60}


@some
@given(cases())
def test_each_support_unit_passes_on_just_its_own_cost(case: Case) -> None:
    costs, usage = case

    assert direct(costs, usage).gross == {unit: cost for unit, cost in costs.items() if unit in usage}


@some
@given(cases(), st.randoms())
def test_the_order_of_the_units_does_not_matter(case: Case, chance: Any) -> None:
    costs, usage = exact(case[0]), case[1]
    shuffled = [sorted(units, key=lambda _: chance.random()) for units in (costs, usage)]

    found = direct({unit: costs[unit] for unit in shuffled[0]}, {unit: usage[unit] for unit in shuffled[1]})

    assert found.totals == direct(costs, usage).totals


def test_a_unit_that_serves_support_units_only_is_refused() -> None:
    with pytest.raises(
        ValueError, match="HR: it serves no operating unit; give a quantity for one, or choose a method"
    ):
        direct({"HR": 1, "IT": 1, "A": 1}, {"IT": {"A": 1}, "HR": {"IT": 1}})
