"""What the shared organization costs by year: every kind of cost, worked by hand, and that nothing gets lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.cost_plan import CostPlanInput, cost_plan
from design.calc.pool_costs import FIXED, KINDS, ONE_TIME, STEP, VARIABLE, PoolInput
from tests.design.calc.strategies import some

POOL = PoolInput(id=1, service=None, kind=FIXED, amount_cents=100_000, first_year=2027)
PLAN = CostPlanInput(base_year=2026, horizon=4, pools=(), volumes={7: 1_001, 8: None}, today_cents={7: 500_000, 8: 1})


def of(*pools: PoolInput) -> Any:
    return cost_plan(replace(PLAN, pools=pools))


def test_a_fixed_cost_grows_with_inflation_from_its_first_year_to_its_last() -> None:
    found = of(replace(POOL, first_year=2028, last_year=2029, inflation=Decimal("0.1")))
    assert found.years == (2027, 2028, 2029, 2030)
    assert found.charged == ((0, 121_000, 133_100, 0),)  # 1,000 x 1.1^2, x 1.1^3
    assert found.total == found.paid == found.allowable == found.charged[0]
    assert found.billed == (0, 0, 0, 0)


def test_a_one_time_cost_is_paid_once_and_charged_in_equal_parts_to_the_cent() -> None:
    found = of(replace(POOL, kind=ONE_TIME, amount_cents=10_000, spread_years=3))
    assert found.charged == ((3_334, 3_333, 3_333, 0),)
    assert found.paid == (10_000, 0, 0, 0)


def test_what_was_paid_before_the_plan_begins_is_still_charged() -> None:
    found = of(replace(POOL, kind=ONE_TIME, first_year=2026, spread_years=2, inflation=Decimal("0.5")))
    assert (found.charged, found.paid) == (((50_000, 0, 0, 0),), (0, 0, 0, 0))


def test_steps_are_rounded_up_and_units_are_counted() -> None:
    step = replace(POOL, id=2, service=7, kind=STEP, step_volume=500)
    unit = replace(POOL, id=3, service=7, kind=VARIABLE, amount_cents=3)
    found = of(step, unit)
    assert found.charged == ((300_000,) * 4, (3_003,) * 4)
    assert of(replace(step, step_volume=1_001)).charged == ((100_000,) * 4,)
    assert found.today_cents == 500_000


def test_a_cost_by_volume_without_a_volume_is_named_and_not_counted() -> None:
    found = of(POOL, replace(POOL, id=2, service=8, kind=VARIABLE), replace(POOL, id=3, service=9, kind=STEP))
    assert (found.pools, found.without_volume) == ((1,), (2, 3))
    assert found.total == (100_000,) * 4
    assert found.today_cents is None  # no counted cost belongs to a service


def test_the_federal_plan_leaves_out_what_it_may_not_pay() -> None:
    found = of(POOL, replace(POOL, id=2, amount_cents=5, allowable=False, billed=True))
    assert (found.total[0], found.allowable[0], found.billed[0]) == (100_005, 100_000, 5)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="odd is none of the kinds one_time, fixed, step, variable"):
        of(replace(POOL, kind="odd"))


pools = st.builds(
    PoolInput,
    id=st.integers(1, 10**6),
    service=st.sampled_from([7, 8]),
    kind=st.sampled_from(KINDS),
    amount_cents=st.integers(0, 10**11),
    first_year=st.integers(2024, 2032),
    last_year=st.none() | st.integers(2033, 2040),
    spread_years=st.integers(1, 30),
    step_volume=st.integers(1, 2_000),
    inflation=st.integers(0, 10_000).map(lambda share: Decimal(share) / 10_000),
    allowable=st.booleans(),
    billed=st.booleans(),
)


@some
@given(st.lists(pools, max_size=5, unique_by=lambda pool: pool.id), st.integers(1, 30))
def test_the_sums_are_those_of_the_pools(some_pools: list[PoolInput], horizon: int) -> None:
    found = cost_plan(replace(PLAN, pools=tuple(some_pools), horizon=horizon))
    assert found.total == tuple(sum(row[at] for row in found.charged) for at in range(horizon))
    assert {*found.pools, *found.without_volume} == {pool.id for pool in some_pools}
    by_id = {pool.id: pool for pool in some_pools}
    federal = [row for pk, row in zip(found.pools, found.charged, strict=True) if by_id[pk].allowable]
    assert found.allowable == tuple(sum(row[at] for row in federal) for at in range(horizon))


@some
@given(pools, st.integers(1, 30))
def test_all_of_a_one_time_cost_is_charged_in_the_end(pool: PoolInput, spread: int) -> None:
    once = replace(pool, kind=ONE_TIME, first_year=2027, spread_years=spread)
    found = cost_plan(replace(PLAN, pools=(once,), horizon=30))
    assert sum(found.total) == sum(found.paid) == found.paid[0]
