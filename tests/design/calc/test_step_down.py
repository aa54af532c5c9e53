"""The step-down, against published solutions, and its float path for many units."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.step_down import step_down, step_down_matrix
from tests.design.calc.strategies import Case, cases, exact, some

# BrainMass, solutions 20731 and 442364, "Step-Down Method": square feet, meals, employees.
HOSPITAL = {
    "maintenance": 150_000,
    "dietary": 400_000,
    "administrative": 600_000,
    "laboratory": 600_000,
    "radiology": 800_000,
    "nursing": 2_000_000,
}
HOSPITAL_USAGE = {
    "maintenance": dict(zip(HOSPITAL, [0, 10_000, 20_000, 30_000, 40_000, 100_000], strict=True)),
    "dietary": dict(zip(HOSPITAL, [2_500, 0, 2_500, 2_500, 2_500, 30_000], strict=True)),
    "administrative": dict(zip(HOSPITAL, [10, 15, 10, 20, 30, 50], strict=True)),
}
# IMA World Health, BHIMA, figures of the fifth sample that its step-down is tested with: employees, computers, costs.
FACTORY = {
    "daycare": 50_000,
    "hr": 300_000,
    "it": 200_000,
    "accounting": 250_000,
    "cuttings": 500_000,
    "assembling": 700_000,
    "packaging": 400_000,
}
EMPLOYEES = dict(zip(FACTORY, [5, 4, 9, 8, 20, 50, 5], strict=True))
COMPUTERS = dict(zip(FACTORY, [2, 5, 10, 10, 6, 4, 8], strict=True))
FACTORY_USAGE = {"daycare": EMPLOYEES, "hr": EMPLOYEES, "it": COMPUTERS, "accounting": FACTORY}

SMALL: tuple[Any, Any] = ({"IT": 60, "HR": 40, "A": 0}, {"IT": {"HR": 1, "A": 1}, "HR": {"IT": 1, "A": 1}})


def test_the_published_hospital_comes_out() -> None:
    found = step_down(HOSPITAL, HOSPITAL_USAGE, ["maintenance", "dietary", "administrative"])
    passed = {(step.giver, step.taker): step for step in found.steps}

    assert passed["maintenance", "dietary"].amount == 7_500
    assert found.gross["dietary"] == 407_500
    assert passed["dietary", "administrative"].basis == 37_500
    assert round(passed["dietary", "administrative"].amount) == 27_167
    assert sum(found.totals.values()) == 4_550_000


def test_the_published_factory_comes_out() -> None:
    found = step_down(FACTORY, FACTORY_USAGE, list(FACTORY_USAGE))

    assert [float(gross) for gross in found.gross.values()] == pytest.approx(
        [50_000, 302_083.3333333333, 234_239.1304347826, 364_091.6149068322]
    )
    assert {unit: float(total - FACTORY[unit]) for unit, total in found.totals.items()} == pytest.approx(
        {
            "cuttings": 10_416.666666666668 + 65_670.28985507246 + 50_194.09937888198 + 113_778.62965838506,
            "assembling": 26_041.666666666668 + 164_175.72463768115 + 33_462.73291925465 + 159_290.0815217391,
            "packaging": 2_604.166666666667 + 16_417.572463768116 + 66_925.4658385093 + 91_022.90372670806,
        }
    )


def test_nothing_goes_back_to_a_closed_unit_so_the_order_counts() -> None:
    costs, usage = {"IT": 60, "HR": 40, "A": 0, "B": 0}, {"IT": {"HR": 1, "A": 1}, "HR": {"IT": 1, "B": 1}}

    assert step_down(costs, usage, ["IT", "HR"]).totals == {"A": 30, "B": 70}
    assert step_down(costs, usage, ["HR", "IT"]).totals == {"A": 80, "B": 20}


@some
@given(cases(), st.randoms())
def test_the_first_passes_on_its_own_cost_and_the_last_to_operating_units_only(case: Case, chance: Any) -> None:
    costs, usage = exact(case[0]), case[1]
    order = sorted(usage, key=lambda _: chance.random())
    found = step_down(costs, usage, order)

    for at, giver in enumerate(order):
        assert not {step.taker for step in found.steps if step.giver == giver} & set(order[: at + 1])
    if order:
        assert found.gross[order[0]] == costs[order[0]]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (["IT"], "HR: it is missing in the order; name every support unit once"),
        ([], "IT: it is missing in the order"),
        (["IT", "HR", "IT"], "IT: it is in the order twice"),
        (["IT", "HR", "A"], "A: it is in the order but is no support unit"),
        (["IT", "HR", "legal"], "legal: it is in the order but is no support unit"),
    ],
)
def test_an_order_of_other_units_is_refused(order: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        step_down(*SMALL, order)


def test_a_unit_after_all_that_it_serves_is_refused() -> None:
    costs, usage = {"IT": 60, "HR": 40, "A": 0}, {"IT": {"A": 1}, "HR": {"IT": 1}}

    assert step_down(costs, usage, ["HR", "IT"]).totals == {"A": 100}
    with pytest.raises(ValueError, match="HR: all that it serves come before it in the order; put it before one"):
        step_down(costs, usage, ["IT", "HR"])


@some
@given(cases(), st.randoms())
def test_the_matrix_gives_the_exact_figures(case: Case, chance: Any) -> None:
    costs, usage = exact(case[0]), case[1]
    order = sorted(usage, key=lambda _: chance.random())
    precise = step_down(costs, usage, order)
    units = [*precise.gross, *precise.totals]
    rows = np.array([[usage[giver][user] for user in units] for giver in precise.gross]).reshape(-1, len(units))

    found = step_down_matrix(
        np.array([float(costs[unit]) for unit in units]), rows, [units.index(one) for one in order]
    )

    assert found.totals.tolist() == pytest.approx([float(total) for total in precise.totals.values()])
    assert found.gross.tolist() == pytest.approx([float(gross) for gross in precise.gross.values()])


def test_the_matrix_divides_200_support_units_over_500_agencies_in_a_tenth_of_a_second() -> None:
    random = np.random.default_rng(7)
    costs, usage = random.random(700) * 1e6, random.random((200, 700))
    before = costs.copy(), usage.copy()

    def timed() -> float:
        start = time.perf_counter()
        step_down_matrix(costs, usage, range(200))
        return time.perf_counter() - start

    assert min(timed() for _ in range(3)) < 0.1
    assert step_down_matrix(costs, usage, range(200)).totals.sum() == pytest.approx(costs.sum(), rel=1e-12)
    assert (costs == before[0]).all()
    assert (usage == before[1]).all()


@pytest.mark.parametrize(
    ("costs", "usage", "order", "words"),
    [
        ([1, 1], [[0, 1, 1]], [0], "one row a support unit and one column"),
        ([1], [[0], [0]], [0, 1], "one row a support unit and one column"),
        ([1, 1], [0, 1], [0], "one row a support unit and one column"),
        ([-1, 1], [[0, 1]], [0], "The costs must be finite numbers of zero or more"),
        ([1, float("nan")], [[0, 1]], [0], "The costs must be finite numbers"),
        ([1, 1], [[0, float("inf")]], [0], "Support unit 0: its quantities must be finite numbers"),
        ([1, 1, 1], [[0, 1, 1], [1, 0, -1]], [0, 1], "Support unit 1: its quantities must be finite numbers"),
        ([1, 1, 1], [[0, 1, 1], [1, 0, 1]], [0], "The order must name every support unit from 0 to 1 once"),
        ([1, 1, 1], [[0, 1, 1], [1, 0, 1]], [0, 0], "The order must name every support unit"),
        ([1, 1], [[5, 0]], [0], "Support unit 0: it needs a quantity above zero"),
        ([1, 1, 1], [[0, 1, 1], [1, 0, 0]], [0, 1], "Support unit 1: it needs a quantity above zero"),
    ],
)
def test_a_matrix_that_cannot_be_stepped_down_is_refused(costs: Any, usage: Any, order: list[int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        step_down_matrix(np.array(costs), np.array(usage), order)
