"""The reciprocal method, against published solutions and against passing on again and again."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.reciprocal import EXACT_TO, reciprocal
from tests.design.calc.strategies import Case, Usage, cases, exact, some


def test_the_published_delivery_service_comes_out() -> None:
    # A course text on full cost accounting, coursehero.com/file/9099863: administration by hours, maintenance by space.
    costs = {"administration": 1_200, "maintenance": 2_400, "two-day": 1_500, "next-day": 4_000}
    usage = {
        "administration": {"maintenance": 100, "two-day": 100, "next-day": 400},
        "maintenance": {"administration": 1_000, "two-day": 1_000, "next-day": 3_000},
    }

    found = reciprocal(costs, usage)

    assert {unit: round(gross) for unit, gross in found.gross.items()} == {
        "administration": 1_738,
        "maintenance": 2_690,
    }
    assert {unit: round(total) for unit, total in found.totals.items()} == {"two-day": 2_328, "next-day": 6_772}
    assert [round(step.amount) for step in found.steps] == [
        290,
        290,
        1_159,
        538,
        538,
        1_614,
    ]  # the text: 1,158, cut off


def test_the_published_definition_comes_out() -> None:
    # Barron's Dictionary of Accounting Terms, "reciprocal allocation method": GP = 20,000 + 5/85 E and
    # E = 10,000 + 1/6 GP. Its figures are 20,791 and 13,465; the first is a dollar off its own equations.
    found = reciprocal(
        {"general plant": 20_000, "engineering": 10_000, "production": 0},
        {"general plant": {"engineering": 1, "production": 5}, "engineering": {"general plant": 5, "production": 80}},
    )

    assert found.gross == {
        "general plant": pytest.approx(Fraction(20_791), abs=1.1),
        "engineering": pytest.approx(Fraction(13_465), abs=0.5),
    }
    assert found.gross["general plant"] == 20_000 + Fraction(5, 85) * Fraction(found.gross["engineering"])


def passed_on_until_nothing_is_left(costs: dict[str, float], usage: dict[str, dict[str, int]]) -> dict[str, float]:
    """What every unit holds after step-down passes without end, in which no unit is closed."""
    held = dict(costs)
    while sum(held[giver] for giver in usage) > 1e-7 * sum(costs.values()):
        for giver, users in usage.items():
            value, held[giver] = held[giver], 0.0
            basis = sum(users.values()) - users[giver]
            for user, quantity in users.items():
                if user != giver:
                    held[user] += value * quantity / basis
    return held


@some
@given(cases())
def test_it_is_the_limit_of_repeated_step_down_passes(case: Case) -> None:
    costs, usage = {unit: float(cost) for unit, cost in case[0].items()}, case[1]
    limit = passed_on_until_nothing_is_left(costs, usage)

    found = reciprocal(exact(case[0]), usage)

    near = 1e-6 * sum(costs.values())
    assert {unit: float(total) for unit, total in found.totals.items()} == pytest.approx(
        {unit: limit[unit] for unit in found.totals}, abs=near
    )


@some
@given(cases(), st.randoms())
def test_the_order_of_the_units_does_not_matter(case: Case, chance: Any) -> None:
    costs, usage = exact(case[0]), case[1]
    shuffled = [sorted(units, key=lambda _: chance.random()) for units in (costs, usage)]

    found = reciprocal({unit: costs[unit] for unit in shuffled[0]}, {unit: usage[unit] for unit in shuffled[1]})

    assert found.totals == reciprocal(costs, usage).totals
    assert found.gross == reciprocal(costs, usage).gross


@some
@given(cases(), st.integers(1, 1000))
def test_quantities_of_any_size_and_type_are_solved_exactly(case: Case, parts: int) -> None:
    costs, usage = exact(case[0]), case[1]
    fine = {giver: {user: Fraction(n, parts) for user, n in users.items()} for giver, users in usage.items()}
    binary = {giver: {user: n * 0.5 for user, n in users.items()} for giver, users in usage.items()}

    assert reciprocal(costs, fine).totals == reciprocal(costs, usage).totals == reciprocal(costs, binary).totals


def test_many_units_in_floats_agree_with_the_equations() -> None:
    random = np.random.default_rng(7)
    costs, usage = random.random(60) * 1e6, random.random((40, 60))
    np.fill_diagonal(usage, 0)
    shares = usage / usage.sum(axis=1, keepdims=True)

    found = reciprocal(
        dict(enumerate(costs.tolist())), {at: dict(enumerate(row)) for at, row in enumerate(usage.tolist())}
    )
    gross = np.array(list(found.gross.values()))

    assert gross == pytest.approx(costs[:40] + gross @ shares[:, :40])
    assert list(found.totals.values()) == pytest.approx(costs[40:] + gross @ shares[:, 40:])


@pytest.mark.parametrize("one", [1, 1.0, Decimal(1)])
@pytest.mark.parametrize(
    ("usage", "words"),
    [
        ({"IT": {"HR": 1}, "HR": {"IT": 1}, "law": {"A": 1}}, "IT, HR: these support units serve only each other"),
        ({"IT": {"HR": 1, "A": 0}, "HR": {"law": 3}, "law": {"IT": 2, "HR": 1}}, "IT, HR, law: these support units"),
        ({"IT": {"HR": 1, "A": 1}, "HR": {"law": 3}, "law": {"HR": 2}}, "HR, law: these support units serve only"),
    ],
)
def test_a_closed_ring_of_support_units_is_refused(one: Any, usage: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        reciprocal({"IT": one, "HR": one, "law": one, "A": one}, usage)


@pytest.mark.parametrize("leak", [1e-15, 1e-17, 1e-20])
def test_an_almost_closed_ring_is_solved_exactly_and_refused_in_floats(leak: float) -> None:
    usage: Usage = {"IT": {"HR": 1, "A": leak}, "HR": {"IT": 1}}

    assert reciprocal({"IT": Decimal(50), "HR": 50, "A": 0}, usage).totals == {"A": 100}
    with pytest.raises(ValueError, match="too far apart to solve in floats; give the costs as Decimal or Fraction"):
        reciprocal({"IT": 50.0, "HR": 50, "A": 0}, usage)


def test_a_ring_so_close_that_money_has_too_few_digits_is_refused_and_a_fraction_solves_it() -> None:
    usage: Usage = {"IT": {"HR": 1, "A": 1e-300}, "HR": {"IT": 1}}

    assert reciprocal({"IT": 50, "HR": 50, "A": 0}, usage).totals == {"A": 100}
    with pytest.raises(ValueError, match="An amount is more than money can be"):
        reciprocal({"IT": Decimal(50), "HR": 50, "A": 0}, usage)


def test_more_units_than_can_be_solved_exactly_go_by_float_only() -> None:
    size = EXACT_TO + 1
    usage = {at: {(at + 1) % size: 1, "A": 1} for at in range(size)}

    with pytest.raises(ValueError, match=f"up to {EXACT_TO} support units; give the costs as floats"):
        reciprocal({**dict.fromkeys(range(size), 1), "A": 0}, usage)
    assert reciprocal({**dict.fromkeys(range(size), 1.0), "A": 0}, usage).totals["A"] == pytest.approx(size)
