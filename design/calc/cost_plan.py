"""What the shared organization costs in each year of a plan: every cost pool, as it is charged and as it is paid.

Years are the fiscal years after the base year, as many as the plan looks ahead. Amounts are in prices of the base year;
in year y they have grown by (1 + inflation)^(y - base year), from the pool's first year to its last.

- One-time: paid in the first year; charged in equal parts, to the cent, over the years that it is spread over.
- Fixed: the amount. Step-fixed: the amount x steps, volume / units of a step rounded up. Variable: the amount x volume.
  Volume is what the agencies use of the service today, all together, in the base year. Paid when it is charged.

Money is in whole cents, each pool's year rounded once, half to even. Both plans come from the same pools: the full
cost, and what may be charged to federal awards, from which the other pools are left out. Beside it stands what the
services that have a pool cost the agencies today. A pool by volume whose service has no volume is named, not counted.

Refused: a kind that is none of the four.

Source: 2 CFR 200, appendix V, for two plans from one model and for allocated beside billed services.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from design.calc.pool_costs import KINDS, STEP, VARIABLE, PoolInput, charged, paid
from ssoplanner.calc.known import known_sum


@dataclass(frozen=True)
class CostPlanInput:
    """`volumes` and `today_cents` by service; None is unknown."""

    base_year: int
    horizon: int
    pools: tuple[PoolInput, ...]
    volumes: Mapping[int, int | None]
    today_cents: Mapping[int, int | None]


@dataclass(frozen=True)
class CostPlan:
    """One figure for each of `years`, whole cents. `charged` has one row for each of `pools`."""

    years: tuple[int, ...]
    pools: tuple[int, ...]
    charged: tuple[tuple[int, ...], ...]
    total: tuple[int, ...]
    paid: tuple[int, ...]
    allowable: tuple[int, ...]
    billed: tuple[int, ...]
    today_cents: int | None
    without_volume: tuple[int, ...]


def cost_plan(plan: CostPlanInput) -> CostPlan:
    """Every pool by year, and their sums. Raises ValueError for what the module refuses."""
    years = tuple(range(plan.base_year + 1, plan.base_year + plan.horizon + 1))
    for pool in plan.pools:
        if pool.kind not in KINDS:
            raise ValueError(f"{pool.kind} is none of the kinds {', '.join(KINDS)}.")
    lacking = [pool for pool in plan.pools if pool.kind in (STEP, VARIABLE) and not _volume(pool, plan)]
    left_out = {pool.id for pool in lacking}
    counted = [pool for pool in plan.pools if pool.id not in left_out]
    by_pool = [charged(pool, _volume(pool, plan), plan.base_year, years) for pool in counted]
    paid_by_pool = [paid(pool, _volume(pool, plan), plan.base_year, years) for pool in counted]
    services = {pool.service for pool in counted if pool.service is not None}
    return CostPlan(
        years=years,
        pools=tuple(pool.id for pool in counted),
        charged=tuple(by_pool),
        total=_sums(by_pool, counted, years, lambda pool: True),
        paid=_sums(paid_by_pool, counted, years, lambda pool: True),
        allowable=_sums(by_pool, counted, years, lambda pool: pool.allowable),
        billed=_sums(by_pool, counted, years, lambda pool: pool.billed),
        today_cents=known_sum(plan.today_cents.get(service) for service in sorted(services)),
        without_volume=tuple(pool.id for pool in lacking),
    )


def _sums(
    rows: Sequence[Sequence[int]], pools: Sequence[PoolInput], years: Sequence[int], holds: Callable[[PoolInput], bool]
) -> tuple[int, ...]:
    kept = [row for row, pool in zip(rows, pools, strict=True) if holds(pool)]
    return tuple(sum(row[at] for row in kept) for at in range(len(years)))


def _volume(pool: PoolInput, plan: CostPlanInput) -> int:
    return (pool.service is not None and plan.volumes.get(pool.service)) or 0
