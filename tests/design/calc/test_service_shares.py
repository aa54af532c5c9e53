"""One service's cost and its users' parts of it, by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.cost_plan import CostPlanInput, cost_plan
from design.calc.pool_costs import PoolInput
from design.calc.service_shares import ServiceInput, service_shares
from tests.design.calc.strategies import some

BASE, HORIZON = 2026, 5


def pool(kind: str, cents: int, **more: Any) -> PoolInput:
    return PoolInput(id=more.pop("id", 1), service=1, kind=kind, amount_cents=cents, first_year=2027, **more)


def service(*pools: PoolInput, users: Any, exponents: Any = None) -> Any:
    given_exponents = exponents or [Decimal(1)] * len(pools)
    return service_shares(ServiceInput(BASE, HORIZON, pools, tuple(given_exponents), tuple(users)))


def test_fixed_costs_are_shared_equally_and_units_by_volume() -> None:
    found = service(pool("fixed", 600), pool("variable", 100), users=[(7, 3, 900), (9, 1, None)])
    assert (found.year, found.cost_cents, found.agencies, found.today_cents) == (2031, 1000, (7, 9), (900, None))
    assert found.by_use_cents == (750, 250)
    assert found.shapley == (300 + 300, 300 + 100)
    assert found.alone == (600 + 300, 600 + 100)
    assert found.separable == (300, 100)


def test_what_is_billed_is_paid_by_use_whatever_it_is() -> None:
    found = service(pool("fixed", 600, billed=True), pool("fixed", 100), users=[(7, 3, 0), (9, 1, 0)])
    assert (found.cost_cents, found.billed_cents, found.billed_by_use_cents) == (700, 600, (450, 150))
    assert found.shapley == (450 + 50, 150 + 50)


def test_a_curve_and_a_step_cost_less_together() -> None:
    found = service(
        pool("variable", 100),
        pool("step", 50, step_volume=6),
        users=[(7, 1, 0), (9, 3, 0)],
        exponents=[Decimal("0.5"), Decimal(1)],
    )
    assert found.cost_cents == 450
    assert found.alone == pytest.approx((400 * 0.25**0.5 + 50, 400 * 0.75**0.5 + 50))
    assert found.separable == pytest.approx((450 - found.alone[1], 450 - found.alone[0]))
    assert found.bound == 0


def test_a_service_that_nobody_uses_is_left_for_all() -> None:
    found = service(pool("fixed", 600), users=[])
    assert (found.unused_cents, found.cost_cents, found.agencies, found.shapley) == (600, 0, (), ())


def test_the_year_has_the_prices_of_the_cost_plan() -> None:
    pools = (
        pool("step", 333, id=1, step_volume=7, inflation=Decimal("0.031")),
        pool("variable", 17, id=2, inflation=Decimal("0.02")),
        pool("one_time", 1000, id=3, spread_years=3),
        pool("one_time", 1000, id=4, spread_years=7),
    )
    plan = cost_plan(CostPlanInput(BASE, HORIZON, pools, {1: 100}, {1: None}))
    assert service(*pools, users=[(7, 60, None), (9, 40, None)]).cost_cents == plan.total[-1]


@some
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=6), st.integers(0, 10**9), st.integers(0, 10**6))
def test_cents_add_up(volumes: list[int], fixed: int, unit: int) -> None:
    users = [(at, volume, None) for at, volume in enumerate(volumes)]
    found = service(pool("fixed", fixed, billed=True), pool("variable", unit), users=users)
    assert sum(found.by_use_cents) == found.cost_cents == fixed + unit * sum(volumes)
    assert sum(found.billed_by_use_cents) == found.billed_cents == fixed
    assert sum(found.shapley) == pytest.approx(found.cost_cents)
