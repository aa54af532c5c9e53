"""What one cost pool is charged and paid in each year, whole cents, where its service has a given volume.

Amounts are in prices of the base year; in year y they have grown by (1 + inflation)^(y - base year), from the pool's
first year to its last. One-time pools are paid in the first year and charged in equal parts, to the cent, over the
years that they are spread over. Fixed: the amount. Step-fixed: the amount x steps, volume / units of a step rounded up.
Variable: the amount x volume. Each year is rounded once, half to even.

Source: none is needed for proportion; one-time costs spread over the years that they serve: 2 CFR 200.436.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ssoplanner.calc.rounding import round_to_cents

ONE_TIME, FIXED, STEP, VARIABLE = KINDS = ("one_time", "fixed", "step", "variable")


@dataclass(frozen=True)
class PoolInput:
    """One cost pool; `service` is None where it serves all. `inflation` is a share 0-1 a year."""

    id: int
    service: int | None
    kind: str
    amount_cents: int
    first_year: int
    last_year: int | None = None
    spread_years: int = 1
    step_volume: int = 1
    inflation: Decimal = Decimal(0)
    allowable: bool = True
    billed: bool = False


def charged(pool: PoolInput, volume: int, base_year: int, years: Sequence[int]) -> tuple[int, ...]:
    """What is charged for a pool in each of the years, whole cents, where its service has this volume."""
    if pool.kind != ONE_TIME:
        return paid(pool, volume, base_year, years)
    whole = Decimal(_in_year(pool, volume, base_year, pool.first_year)) / 100
    parts = [int(part * 100) for part in round_to_cents(whole, [1] * pool.spread_years)]
    held = dict(zip(range(pool.first_year, pool.first_year + pool.spread_years), parts, strict=True))
    return tuple(held.get(year, 0) for year in years)


def paid(pool: PoolInput, volume: int, base_year: int, years: Sequence[int]) -> tuple[int, ...]:
    """What is paid for a pool in each of the years, whole cents, where its service has this volume."""
    last = pool.first_year if pool.kind == ONE_TIME else pool.last_year
    return tuple(
        _in_year(pool, volume, base_year, year) if pool.first_year <= year <= (last or year) else 0 for year in years
    )


def _in_year(pool: PoolInput, volume: int, base_year: int, year: int) -> int:
    """In whole cents. A year before the base year has its prices: nothing is made cheaper backwards."""
    grown = Fraction(1 + pool.inflation) ** max(year - base_year, 0)
    return round(pool.amount_cents * _times(pool, volume) * grown)


def _times(pool: PoolInput, volume: int) -> int:
    if pool.kind == STEP:
        return -(-volume // pool.step_volume)
    return volume if pool.kind == VARIABLE else 1
