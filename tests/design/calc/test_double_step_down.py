"""The double step-down, against an example worked by hand: none with all its figures was found published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from design.calc.departments import Passing
from design.calc.double_step_down import double_step_down
from design.calc.step_down import step_down
from tests.design.calc.strategies import Case, cases, exact, some

COSTS = {"IT": 100_000, "HR": 40_000, "health": 10_000, "roads": 20_000}
USAGE = {"IT": {"HR": 2, "health": 3, "roads": 5}, "HR": {"IT": 1, "health": 6, "roads": 3}}


def test_the_example_worked_by_hand_comes_out() -> None:
    found = double_step_down(COSTS, USAGE, ["IT", "HR"])

    assert found.steps == (
        Passing(1, "IT", "HR", 2, 10, 20_000),
        Passing(1, "IT", "health", 3, 10, 30_000),
        Passing(1, "IT", "roads", 5, 10, 50_000),
        Passing(1, "HR", "IT", 1, 10, 6_000),  # 40,000 + 20,000 are passed on
        Passing(1, "HR", "health", 6, 10, 36_000),
        Passing(1, "HR", "roads", 3, 10, 18_000),
        Passing(2, "IT", "HR", 2, 10, 1_200),  # the 6,000 that came back
        Passing(2, "IT", "health", 3, 10, 1_800),
        Passing(2, "IT", "roads", 5, 10, 3_000),
        Passing(2, "HR", "health", 6, 9, 800),  # IT is closed now
        Passing(2, "HR", "roads", 3, 9, 400),
    )
    assert found.totals == {"health": 78_600, "roads": 91_400}
    assert found.gross == {"IT": 106_000, "HR": 61_200}


def test_in_money_each_turn_of_a_unit_is_rounded_by_itself() -> None:
    costs = {"IT": Decimal("100.00"), "HR": Decimal("0.01"), "A": Decimal(0), "B": Decimal(0)}

    found = double_step_down(costs, {"IT": {"HR": 1, "A": 1, "B": 1}, "HR": {"IT": 1, "A": 1}}, ["IT", "HR"])

    # Exactly: HR passes on 33.343..., half of it to IT, which then passes on 16.671... in thirds.
    assert [str(step.amount) for step in found.steps] == [
        *("33.34", "33.33", "33.33"),
        *("16.67", "16.67"),
        *("5.56", "5.56", "5.55"),
        "5.56",
    ]
    assert found.totals == {"A": Decimal("61.12"), "B": Decimal("38.89")}


@some
@given(cases())
def test_the_first_turn_closes_no_unit_and_the_second_does(case: Case) -> None:
    costs, usage = exact(case[0]), case[1]
    order = list(usage)
    found = double_step_down(costs, usage, order)

    for step in found.steps:
        assert step.taker != step.giver
        assert step.turn == 1 or step.taker not in order[: order.index(step.giver)]
    for giver, users in usage.items():
        first = {step.taker for step in found.steps if step.turn == 1 and step.giver == giver}
        assert first == {user for user, quantity in users.items() if quantity and user != giver}


@some
@given(cases())
def test_where_nothing_goes_back_it_is_the_step_down(case: Case) -> None:
    costs, usage = exact(case[0]), case[1]
    order = list(usage)
    onward = {
        giver: {user: n for user, n in users.items() if user not in order[:at]}
        for at, (giver, users) in enumerate(usage.items())
    }

    assert double_step_down(costs, onward, order).totals == step_down(costs, onward, order).totals


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (["IT"], "HR: it is missing in the order"),
        (["HR", "HR", "IT"], "HR: it is in the order twice"),
        (["IT", "HR", "roads"], "roads: it is in the order but is no support unit"),
    ],
)
def test_an_order_of_other_units_is_refused(order: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        double_step_down(COSTS, USAGE, order)


def test_a_unit_that_could_not_pass_on_what_came_back_is_refused() -> None:
    usage: Any = {"IT": {"A": 1, "HR": 1}, "HR": {"IT": 1}}

    with pytest.raises(ValueError, match="HR: all that it serves come before it in the order"):
        double_step_down({"IT": 1, "HR": 1, "A": 1}, usage, ["IT", "HR"])
