"""Who pays what of a pool, by a key: equal shares, drivers, a mix, a fixed part and use, tiers of subscription.

Each method cuts the total into one pool or more, and divides each pool among the agencies in proportion to a quantity
of theirs, the driver: pool x quantity / sum of the quantities. In the unit and, as `amounts` says, in the type of the
total. For a Decimal total the pools are in whole cents and add up to it, and every pool is divided to the cent, both by
largest remainder; so the lines of an agency's bill add up to its share, and the shares to the total, exactly.

Refused, with ValueError: a total, price, weight or quantity that is no finite number of zero or more, no agency or one
that is named twice, a driver that misses an agency or is zero for all, weights that add up to zero, a fixed share above
1, a tier without a price, tiers that bring in more than the total.

Source: none is needed for proportion; which central services are allocated and which are billed: 2 CFR 200 appendix V.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from design.calc.amounts import ZERO, Amount, Kind, Number, amount, kind_of, number, settled, total_of
from ssoplanner.calc.rounding import Figure

Agency = TypeVar("Agency", bound=Hashable)
Tier = TypeVar("Tier", bound=Hashable)
Driver = Mapping[Agency, Number]


@dataclass(frozen=True, slots=True)
class Line(Generic[Agency]):
    """One line of a bill: from a pool, counted from 0, `agency` pays `amount` for its `quantity` out of `basis`."""

    pool: int
    agency: Agency
    quantity: Number
    basis: Number
    amount: Amount


@dataclass(frozen=True)
class Shares(Generic[Agency]):
    """`shares`: agency -> what it pays, the sum of its `lines`; `pools`: what the total was cut into."""

    shares: Mapping[Agency, Amount]
    pools: tuple[Amount, ...]
    lines: tuple[Line[Agency], ...]


def equal(total: Figure, agencies: Sequence[Agency]) -> Shares[Agency]:
    """Every agency pays the same of `total`. Raises ValueError for what the module refuses."""
    kind = kind_of([("The total", total)])
    for agency in agencies:
        if agencies.count(agency) > 1:
            raise ValueError(f"{agency}: it is named twice; name every agency once.")
    ones = _read(kind, [("the agencies", dict.fromkeys(agencies, 1))])
    return _divided(kind, [number(kind, "The total", total)], ones)


def by_driver(total: Figure, quantities: Mapping[Agency, Figure]) -> Shares[Agency]:
    """`total` by one driver, agency -> quantity. Raises ValueError for what the module refuses."""
    kind = kind_of([("The total", total)])
    return _divided(kind, [number(kind, "The total", total)], _read(kind, [("the driver", quantities)]))


def mixed(total: Figure, drivers: Sequence[tuple[Figure, Mapping[Agency, Figure]]]) -> Shares[Agency]:
    """`total` by several drivers, each a weight and agency -> quantity; weights may add up to anything above zero.

    One pool a driver: total x weight / sum of the weights. Raises ValueError for what the module refuses.
    """
    kind = kind_of([("The total", total)])
    weights = [number(kind, f"Driver {at}: its weight", weight) for at, (weight, _) in enumerate(drivers, 1)]
    whole = total_of("The weights", weights)
    if not whole:
        raise ValueError("The weights add up to zero; give at least one driver a weight above zero.")
    read = _read(kind, [(f"driver {at}", quantities) for at, (_, quantities) in enumerate(drivers, 1)])
    money = number(kind, "The total", total)
    return _divided(kind, [money * (weight / whole) for weight in weights], read)


def hybrid(
    total: Figure, fixed_share: Figure, fixed_driver: Mapping[Agency, Figure], use: Mapping[Agency, Figure]
) -> Shares[Agency]:
    """A fixed part of `total` by one driver, the rest by use. Pool 0 is the fixed part, pool 1 the rest.

    `fixed_share` lies between 0 and 1; as a float it counts as the binary number that it is. Raises ValueError for what
    the module refuses.
    """
    kind = kind_of([("The total", total)])
    share = number(kind, "The fixed share", fixed_share)
    if share > 1:
        raise ValueError(f"The fixed share must lie between 0 and 1, not at {fixed_share}.")
    money = number(kind, "The total", total)
    read = _read(kind, [("the fixed driver", fixed_driver), ("the use", use)])
    return _divided(kind, [money * share, money * (1 - share)], read)


def tiered(
    total: Figure, prices: Mapping[Tier, Figure], tiers: Mapping[Agency, Tier], use: Mapping[Agency, Figure]
) -> Shares[Agency]:
    """Every agency pays the price of its tier, and the rest of `total` by use.

    `prices`: tier -> price, in the type of the total; `tiers`: agency -> tier; `use`: agency -> quantity. Pool 0 is
    what the tiers bring in, by price, pool 1 the rest. Raises ValueError for what the module refuses.
    """
    kind = kind_of([("The total", total), *((f"Tier {tier}: its price", price) for tier, price in prices.items())])
    agencies = dict.fromkeys([*tiers, *use])
    paid = {agency: number(kind, "A price", _price(prices, agency, tiers)) for agency in agencies}
    used = _read_one(kind, "the use", use, agencies)
    money, subscribed = number(kind, "The total", total), total_of("The prices", paid.values())
    rest = money - subscribed
    if rest < 0 and not (kind is float and math.isclose(money, subscribed)):
        raise ValueError(f"The tiers bring in more than the total of {total}; lower a price or raise the total.")
    return _divided(kind, [subscribed, max(rest, ZERO)], [paid, used])


def _price(prices: Mapping[Tier, Figure], agency: Agency, tiers: Mapping[Agency, Tier]) -> Figure:
    if agency not in tiers or tiers[agency] not in prices:
        raise ValueError(f"{agency}: it has no tier with a price; choose one of {', '.join(map(str, prices))}.")
    return prices[tiers[agency]]


def _read(kind: Kind, drivers: Sequence[tuple[str, Mapping[Agency, Figure]]]) -> list[Driver[Agency]]:
    """The drivers, pairs of a name and agency -> quantity, over the same agencies and none of them zero for all."""
    agencies = dict.fromkeys(agency for _, quantities in drivers for agency in quantities)
    if not agencies:
        raise ValueError("There is no agency to pay; name at least one.")
    return [_read_one(kind, name, quantities, agencies) for name, quantities in drivers]


def _read_one(
    kind: Kind, name: str, quantities: Mapping[Agency, Figure], agencies: Mapping[Agency, None]
) -> Driver[Agency]:
    for agency in agencies:
        if agency not in quantities:
            raise ValueError(f"{agency}: {name} misses it; give a quantity, zero if there is none.")
    read = {agency: number(kind, f"{agency}: its quantity in {name}", quantities[agency]) for agency in agencies}
    if not total_of(f"The quantities in {name}", read.values()):
        raise ValueError(f"All quantities in {name} are zero; give at least one agency more.")
    return read


def _divided(kind: Kind, pools: Sequence[Number], drivers: Sequence[Driver[Agency]]) -> Shares[Agency]:
    pools = settled(kind, pools)
    lines: list[Line[Agency]] = []
    shares: dict[Agency, Number] = {}
    for at, (pool, driver) in enumerate(zip(pools, drivers, strict=True)):
        basis = sum(driver.values(), ZERO)  # zero for tiers that are all free
        parts = settled(kind, [pool * (quantity / basis) if basis else ZERO for quantity in driver.values()])
        for (agency, quantity), part in zip(driver.items(), parts, strict=True):
            lines.append(Line(at, agency, quantity, basis, amount(kind, part)))
            shares[agency] = shares.get(agency, ZERO) + part
    return Shares(
        {agency: amount(kind, share) for agency, share in shares.items()},
        tuple(amount(kind, pool) for pool in pools),
        tuple(lines),
    )
