"""Support units pass their costs on to those that they serve: what the four methods share.

A support unit passes an amount on in proportion to the quantities that others use of it: amount x quantity / sum of the
quantities. What it uses of itself does not count. In the unit of the costs, which is kept: see `amounts` for the types.

Refused, with ValueError: a cost or a quantity that is no finite number of zero or more, a support unit or a user
without a cost, a support unit that serves no other unit.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Generic, TypeVar

from design.calc.amounts import ZERO, Amount, Kind, Number, amount, kind_of, number, settled, total_of
from ssoplanner.calc.rounding import Figure

Unit = TypeVar("Unit", bound=Hashable)
Users = Mapping[Unit, Number]


@dataclass(frozen=True, slots=True)
class Passing(Generic[Unit]):
    """`giver` passed `amount` on to `taker`, for its `quantity` out of `basis`, the sum over all takers of that turn.

    `turn` is 1, and 2 where what came back is passed on a second time.
    """

    turn: int
    giver: Unit
    taker: Unit
    quantity: Number
    basis: Number
    amount: Amount


@dataclass(frozen=True)
class Allocation(Generic[Unit]):
    """What every unit bears in the end, and how it came to that.

    `totals`: operating unit -> its own cost and all that was passed on to it; together they are the sum of all costs,
    exactly, for Decimal and exact costs. `gross`: support unit -> what it passed on, the sum of its `steps`. Both are
    in the order of the costs. `steps`: every passing on, in its order.

    Decimal totals are rounded once, from the exact figures, by largest remainder, in a tie to the earlier unit. So are,
    for themselves, the amounts that one unit passes on in one turn; a unit's own cost and the steps to it may
    therefore differ from its total by cents.
    """

    totals: Mapping[Unit, Amount]
    gross: Mapping[Unit, Amount]
    steps: tuple[Passing[Unit], ...]


@dataclass(frozen=True)
class Departments(Generic[Unit]):
    """Costs and usage as they are calculated with; in `usage` a unit is neither its own user nor one of nothing."""

    kind: Kind
    costs: Mapping[Unit, Number]
    usage: Mapping[Unit, Users[Unit]]

    @property
    def operating(self) -> list[Unit]:
        """The units that support nobody, in the order of the costs."""
        return [unit for unit in self.costs if unit not in self.usage]


def departments(costs: Mapping[Unit, Figure], usage: Mapping[Unit, Mapping[Unit, Figure]]) -> Departments[Unit]:
    """Read `costs`, unit -> amount, and `usage`, support unit -> user -> quantity. Raises ValueError if refused."""
    kind = kind_of((f"{unit}: its cost", cost) for unit, cost in costs.items())
    for unit in usage:
        if unit not in costs:
            raise ValueError(f"{unit}: this support unit has no cost; give one, zero if it has none of its own.")
    read = {unit: number(kind, f"{unit}: its cost", cost) for unit, cost in costs.items()}
    total_of("The costs", read.values())
    return Departments(kind, read, {unit: _users(kind, read, unit, users) for unit, users in usage.items()})


def _users(kind: Kind, costs: Mapping[Unit, Number], giver: Unit, users: Mapping[Unit, Figure]) -> Users[Unit]:
    read = {}
    for user, quantity in users.items():
        if user not in costs:
            raise ValueError(f"{user}: it uses {giver} but has no cost; give one, zero if it has none of its own.")
        read[user] = number(kind, f"{giver}: the quantity that {user} uses", quantity)
    others = {user: quantity for user, quantity in read.items() if quantity and user != giver}
    if not others:
        raise ValueError(f"{giver}: it serves no other unit; give a quantity above zero for one that uses it.")
    total_of(f"{giver}: its quantities", others.values())
    return others


def in_order(case: Departments[Unit], order: Sequence[Unit]) -> list[tuple[Unit, Users[Unit]]]:
    """The support units in `order`, each with those of its users that come after it or are operating.

    Raises ValueError for an order that misses, repeats or adds a unit, or puts one after all that it serves.
    """
    _check_order(case, order)
    closed: set[Unit] = set()
    found: list[tuple[Unit, Users[Unit]]] = []
    for giver in order:
        closed.add(giver)
        users = {user: quantity for user, quantity in case.usage[giver].items() if user not in closed}
        if not users:
            raise ValueError(f"{giver}: all that it serves come before it in the order; put it before one of them.")
        found.append((giver, users))
    return found


def _check_order(case: Departments[Unit], order: Sequence[Unit]) -> None:
    seen: set[Unit] = set()
    for unit in order:
        if unit not in case.usage:
            raise ValueError(f"{unit}: it is in the order but is no support unit; name support units only.")
        if unit in seen:
            raise ValueError(f"{unit}: it is in the order twice; name every support unit once.")
        seen.add(unit)
    for unit in case.usage:
        if unit not in seen:
            raise ValueError(f"{unit}: it is missing in the order; name every support unit once.")


def pass_on(turn: int, giver: Unit, value: Number, users: Users[Unit]) -> list[Passing[Unit]]:
    """`value` divided over `users` by quantity, in their order, not rounded yet."""
    basis = sum(users.values(), ZERO)
    return [Passing(turn, giver, user, quantity, basis, value * (quantity / basis)) for user, quantity in users.items()]


def step(held: dict[Unit, Number], turn: int, giver: Unit, users: Users[Unit]) -> list[Passing[Unit]]:
    """Pass on all that `giver` holds, and keep `held`, unit -> amount, up to date."""
    value, held[giver] = held[giver], ZERO
    passed = pass_on(turn, giver, value, users)
    receive(held, passed)
    return passed


def receive(held: dict[Unit, Number], passed: Iterable[Passing[Unit]]) -> None:
    """Add to `held` what was passed on and is not rounded yet."""
    for one in passed:
        held[one.taker] += _figure(one)


def allocation(
    case: Departments[Unit], held: Mapping[Unit, Number], passed: Sequence[Passing[Unit]]
) -> Allocation[Unit]:
    """The result, in the type of the costs, from what the operating units hold in the end and all that was passed."""
    totals = settled(case.kind, [held[unit] for unit in case.operating])
    steps = _in_cents(passed) if case.kind is Decimal else passed
    gross: dict[Unit, Number] = {unit: ZERO for unit in case.costs if unit in case.usage}
    for one in steps:
        gross[one.giver] += _figure(one)
    return Allocation(
        {unit: amount(case.kind, total) for unit, total in zip(case.operating, totals, strict=True)},
        {unit: amount(case.kind, value) for unit, value in gross.items()},
        tuple(steps),
    )


def _in_cents(passed: Sequence[Passing[Unit]]) -> list[Passing[Unit]]:
    """What one unit passes on in one turn is rounded together, so that it adds up."""
    found: list[Passing[Unit]] = []
    for _, group in groupby(passed, key=lambda one: (one.turn, one.giver)):
        together = list(group)
        amounts = settled(Decimal, [_figure(one) for one in together])
        found += (replace(one, amount=amount(Decimal, value)) for one, value in zip(together, amounts, strict=True))
    return found


def _figure(one: Passing[Unit]) -> Number:
    return Fraction(one.amount) if isinstance(one.amount, Decimal) else one.amount
