"""What must hold for every method that divides the costs of support units, and what all of them refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.departments import Allocation
from tests.design.calc.strategies import METHODS, Case, Method, cases, exact, methods, some

NAN, INFINITY = float("nan"), float("inf")


def received(found: Allocation[Any]) -> Mapping[Any, Any]:
    """Unit -> what was passed on to it."""
    sums: defaultdict[Any, Any] = defaultdict(int)
    for step in found.steps:
        sums[step.taker] += step.amount
    return sums


@some
@given(cases(), methods)
def test_totals_add_up_to_the_costs_to_the_cent(case: Case, method: Method) -> None:
    costs, usage = case
    found = method(costs, usage)

    assert sum(found.totals.values()) == sum(costs.values())
    assert all(isinstance(total, Decimal) and total.as_tuple().exponent == -2 for total in found.totals.values())


@some
@given(cases(), methods)
def test_exact_costs_give_exact_totals_and_a_working_that_adds_up(case: Case, method: Method) -> None:
    costs, usage = exact(case[0]), case[1]
    found = method(costs, usage)

    assert sum(found.totals.values()) == sum(costs.values())
    for unit, total in found.totals.items():
        assert type(total) is Fraction
        assert total == costs[unit] + received(found)[unit]
    for unit, gross in found.gross.items():
        assert gross == costs[unit] + received(found)[unit]
        assert gross == sum(step.amount for step in found.steps if step.giver == unit)


@some
@given(cases(), methods)
def test_money_is_less_than_a_cent_off_the_exact_totals(case: Case, method: Method) -> None:
    costs, usage = case
    money, precise = method(costs, usage), method(exact(costs), usage)

    for unit, total in money.totals.items():
        assert abs(Fraction(total) - Fraction(precise.totals[unit])) < Fraction(1, 100)


@some
@given(cases(), methods)
def test_in_cents_too_a_unit_passes_on_what_its_steps_say(case: Case, method: Method) -> None:
    found = method(*case)

    for unit, gross in found.gross.items():
        assert gross == sum((step.amount for step in found.steps if step.giver == unit), Decimal())


@some
@given(cases(), methods)
def test_floats_come_to_the_same(case: Case, method: Method) -> None:
    costs, usage = case
    found = method({unit: float(cost) for unit, cost in costs.items()}, usage)
    precise = method(exact(costs), usage)

    assert all(type(amount) is float for amount in [*found.totals.values(), *found.gross.values()])
    assert found.totals == pytest.approx({unit: float(total) for unit, total in precise.totals.items()})
    assert found.gross == pytest.approx({unit: float(total) for unit, total in precise.gross.items()})


@some
@given(cases(), methods, st.integers(0, 9))
def test_what_a_unit_uses_of_itself_is_ignored(case: Case, method: Method, more: int) -> None:
    costs, usage = case
    own = {giver: {**users, giver: users[giver] + more} for giver, users in usage.items()}
    none = {giver: {user: n for user, n in users.items() if user != giver} for giver, users in usage.items()}

    assert method(costs, own) == method(costs, none)


@some
@given(cases(), methods, st.integers(1, 9))
def test_amounts_scale_with_the_costs_and_not_with_the_quantities(case: Case, method: Method, factor: int) -> None:
    costs, usage = exact(case[0]), case[1]
    plain = method(costs, usage)
    dearer = method({unit: cost * factor for unit, cost in costs.items()}, usage)
    busier = method(costs, {giver: {user: n * factor for user, n in users.items()} for giver, users in usage.items()})

    assert dearer.totals == {unit: total * factor for unit, total in plain.totals.items()}
    assert busier.totals == plain.totals


@some
@given(cases(), methods)
def test_names_do_not_matter(case: Case, method: Method) -> None:
    costs, usage = case
    number = {unit: at for at, unit in enumerate(costs)}
    renamed = method(
        {number[unit]: cost for unit, cost in costs.items()},
        {number[giver]: {number[user]: n for user, n in users.items()} for giver, users in usage.items()},
    )

    assert renamed.totals == {number[unit]: total for unit, total in method(costs, usage).totals.items()}


@some
@given(cases())
def test_where_support_units_do_not_serve_each_other_all_methods_agree(case: Case) -> None:
    costs, usage = exact(case[0]), case[1]
    apart = {giver: {user: n for user, n in users.items() if user not in usage} for giver, users in usage.items()}
    found = [method(costs, apart).totals for method in METHODS.values()]

    assert all(totals == found[0] for totals in found)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_whole_numbers_become_exact_and_go_with_money(method: Method) -> None:
    thirds = method({"IT": 100, "A": 0, "B": 0}, {"IT": {"A": 1, "B": 2}})
    money = method({"IT": Decimal(100), "A": 0, "B": 0}, {"IT": {"A": 1, "B": 2}})

    assert thirds.totals == {"A": Fraction(100, 3), "B": Fraction(200, 3)}
    assert money.totals == {"A": Decimal("33.33"), "B": Decimal("66.67")}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("nothing", [0, 0.0, Decimal(0)])
def test_costs_of_zero_stay_zero(method: Method, nothing: Any) -> None:
    found = method({"IT": nothing, "A": nothing}, {"IT": {"A": 1}})

    assert found.totals == {"A": 0}
    assert found.gross == {"IT": 0}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_without_support_units_all_keep_their_own_costs(method: Method) -> None:
    found = method({"A": Decimal("1.50"), "B": 2}, {})

    assert found == Allocation({"A": Decimal("1.50"), "B": Decimal("2.00")}, {}, ())


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize(
    ("costs", "usage", "words"),
    [
        ({"IT": -1, "A": 1}, {"IT": {"A": 1}}, "IT: its cost must be zero or more, not -1"),
        ({"IT": NAN, "A": 1.0}, {"IT": {"A": 1}}, "IT: its cost must be a finite number, not nan"),
        ({"IT": 1.0, "A": INFINITY}, {"IT": {"A": 1}}, "A: its cost must be a finite number, not inf"),
        ({"IT": Decimal("NaN"), "A": 1}, {"IT": {"A": 1}}, "IT: its cost must be a finite number, not NaN"),
        ({"IT": Decimal("sNaN"), "A": 1}, {"IT": {"A": 1}}, "IT: its cost must be a finite number, not sNaN"),
        ({"IT": "7", "A": 1}, {"IT": {"A": 1}}, "IT: its cost must be a number, not '7'"),
        ({"IT": None, "A": 1}, {"IT": {"A": 1}}, "IT: its cost must be a number, not None"),
        ({"IT": True, "A": 1}, {"IT": {"A": 1}}, "IT: its cost must be a number, not True"),
        ({"IT": Decimal("0.005"), "A": 1}, {"IT": {"A": 1}}, "IT: its cost must be in whole cents, not 0.005"),
        (
            {"IT": Decimal(1), "A": 1.0},
            {"IT": {"A": 1}},
            "A: its cost is a float beside a Decimal; give all .* one type",
        ),
        ({"IT": 10**400, "A": 1.0}, {"IT": {"A": 1}}, "IT: its cost is too large"),
        ({"IT": 1.0, "A": 1}, {"IT": {"A": Decimal("1e400")}}, "IT: the quantity that A uses is too large"),
        ({"IT": 1.0, "A": 1}, {"IT": {"A": Fraction(10**400)}}, "IT: the quantity that A uses is too large"),
        ({"IT": 1e308, "A": 1e308}, {"IT": {"A": 1}}, "The costs add up to more than a float holds"),
        ({"IT": Decimal("1e24"), "A": 1}, {"IT": {"A": 1}}, "An amount is more than money can be; give smaller"),
        ({"A": 1}, {"IT": {"A": 1}}, "IT: this support unit has no cost; give one"),
        ({"IT": 1, "A": 1}, {"IT": {"A": 1, "B": 1}}, "B: it uses IT but has no cost; give one"),
        ({"IT": 1, "A": 1}, {"IT": {"A": -2}}, "IT: the quantity that A uses must be zero or more, not -2"),
        ({"IT": 1, "A": 1}, {"IT": {"A": NAN}}, "IT: the quantity that A uses must be a finite number, not nan"),
        ({"IT": 1.0, "A": 1, "B": 1}, {"IT": {"A": 1e308, "B": 1e308}}, "IT: its quantities add up to more"),
        ({"IT": 1, "A": 1}, {"IT": {"A": 0}}, "IT: it serves no other unit; give a quantity above zero"),
        ({"IT": 1, "A": 1}, {"IT": {}}, "IT: it serves no other unit"),
        ({"IT": 1, "A": 1}, {"IT": {"IT": 5}}, "IT: it serves no other unit"),
    ],
)
def test_every_method_refuses_by_name_what_it_cannot_divide(method: Method, costs: Any, usage: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        method(costs, usage)
