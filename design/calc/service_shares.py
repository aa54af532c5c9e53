"""What one service costs in the year that is shared out, and each user's part of it.

The year is the plan's last: the shared organization as it is meant to run. Users are the agencies with a volume of the
service in the base year. Each of the service's cost pools, as it is charged in that year, is a part of the cost model
of groups (`group_costs`): one-time and fixed pools are fixed parts, step-fixed ones steps, variable ones linear or a
curve by their scale exponent, and what is billed by use is linear, whatever it is. A fixed cost of a service that
nobody uses is left for all (`unused_cents`).

Whole cents are exact: what users pay by use adds up to the cost, by largest remainder. The other figures are cents with
a fraction: `shapley` adds up to the cost, `alone` is what a user would pay without the others, `separable` what the
others would save without it, `bound` how far a figure of `shapley` may be off.

Source: as group_costs; 2 CFR 200 appendix V for billed beside allocated costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from design.calc.group_costs import CURVE, FIXED, LINEAR, Part, group_costs, shares_of
from design.calc.group_costs import STEP as STEPS
from design.calc.pool_costs import STEP, VARIABLE, PoolInput, charged
from ssoplanner.calc.rounding import round_to_cents


@dataclass(frozen=True)
class ServiceInput:
    """`users`: agency, its volume above zero, what the service costs it today. `exponents`: one for each of `pools`."""

    base_year: int
    horizon: int
    pools: tuple[PoolInput, ...]
    exponents: tuple[Decimal, ...]
    users: tuple[tuple[int, int, int | None], ...]


@dataclass(frozen=True)
class ServiceShares:
    """One figure for each of `agencies`; `parts` as in the cost model of groups, in cents."""

    year: int
    agencies: tuple[int, ...]
    volumes: tuple[int, ...]
    today_cents: tuple[int | None, ...]
    parts: tuple[Part, ...]
    cost_cents: int
    billed_cents: int
    unused_cents: int
    by_use_cents: tuple[int, ...]
    billed_by_use_cents: tuple[int, ...]
    shapley: tuple[float, ...]
    alone: tuple[float, ...]
    separable: tuple[float, ...]
    bound: float


def service_shares(service: ServiceInput) -> ServiceShares:
    """What the service costs, and its users' parts."""
    import numpy as np  # the pages' own process does without it

    volumes = [volume for _, volume, _ in service.users]
    whole, year = sum(volumes), service.base_year + service.horizon
    costs = [charged(pool, whole, service.base_year, (year,))[0] for pool in service.pools]
    pairs = list(zip(service.pools, service.exponents, costs, strict=True))
    billed = sum(cents for pool, _, cents in pairs if pool.billed)
    parts = [_part(pool, exponent, cents) for pool, exponent, cents in pairs if cents] if whole else []
    found = shares_of(parts, volumes) if whole else None
    own = np.array(volumes, dtype=float)
    alone = group_costs(parts, own, whole)
    separable = (sum(costs) - group_costs(parts, whole - own, whole)) if whole else own
    return ServiceShares(
        year=year,
        agencies=tuple(agency for agency, _, _ in service.users),
        volumes=tuple(volumes),
        today_cents=tuple(cents for _, _, cents in service.users),
        parts=tuple(parts),
        cost_cents=sum(costs) if whole else 0,
        billed_cents=billed if whole else 0,
        unused_cents=0 if whole else sum(costs),
        by_use_cents=_by_use(sum(costs), volumes),
        billed_by_use_cents=_by_use(billed, volumes),
        shapley=found.shares if found else (),
        alone=tuple(map(float, alone)),
        separable=tuple(map(float, separable)),
        bound=max(found.bounds) if found else 0.0,
    )


def _by_use(cents: int, volumes: Sequence[int]) -> tuple[int, ...]:
    return tuple(int(part * 100) for part in round_to_cents(Decimal(cents) / 100, volumes)) if volumes else ()


def _part(pool: PoolInput, exponent: Decimal, cents: int) -> Part:
    if pool.billed or (pool.kind == VARIABLE and exponent == 1):
        return Part(LINEAR, cents)
    if pool.kind == VARIABLE:
        return Part(CURVE, cents, exponent=float(exponent))
    if pool.kind == STEP:
        return Part(STEPS, cents, step_volume=pool.step_volume)
    return Part(FIXED, cents)
