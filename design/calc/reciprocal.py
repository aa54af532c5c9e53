"""The reciprocal method: what support units do for each other is counted in full, by simultaneous equations.

With x the gross cost of a support unit, s(j, i) the share of j's quantities that i uses, and i's own cost c:

    x(i) = c(i) + sum over support units j of s(j, i) x x(j)

Each then passes its gross cost on to all who use it; an operating unit bears its own cost and what it receives. Gross
costs add up to more than the costs, totals do not. No order is needed. In the unit and, as `amounts` says, in the type
of the costs: Decimal and exact costs are solved exactly, by fraction-free elimination (Bareiss), up to EXACT_TO
support units; floats by numpy.

Refused, with ValueError: what `departments` refuses; a singular system, which is support units that serve only each
other, in however long a ring; more than EXACT_TO support units with exact costs; floats of such different size that
the solution does not add up.

Source: 10 NYCRR 456.1 (b) and (e).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction

from design.calc.amounts import ZERO, Number
from design.calc.departments import Allocation, Departments, Passing, Unit, allocation, departments, pass_on, receive
from ssoplanner.calc.rounding import Figure

EXACT_TO = 100  # takes some seconds; twice as many, a minute
CLOSE = 1e-9  # how much of the total floats may lose


def reciprocal(costs: Mapping[Unit, Figure], usage: Mapping[Unit, Mapping[Unit, Figure]]) -> Allocation[Unit]:
    """Divide `costs`, unit -> amount, by `usage`, support unit -> user -> quantity.

    Raises ValueError for what the module refuses. The order of the units makes no difference, but for ties in rounding.
    """
    case = departments(costs, usage)
    _check_rings(case)
    gross = _in_floats(case) if case.kind is float else _exactly(case)
    held = dict(case.costs)
    steps: list[Passing[Unit]] = []
    for giver, value in gross.items():
        passed = pass_on(1, giver, value, case.usage[giver])
        receive(held, passed)
        steps += passed
    if case.kind is float:
        _check_sum(case, held)
    return allocation(case, held, steps)


def _check_rings(case: Departments[Unit]) -> None:
    """Refuse support units from which no cost ever reaches an operating unit: exactly then there is no solution."""
    reaching = set(case.operating)
    before = -1
    while before != len(reaching):
        before = len(reaching)
        reaching |= {giver for giver, users in case.usage.items() if not reaching.isdisjoint(users)}
    ring = [str(giver) for giver in case.usage if giver not in reaching]
    if ring:
        raise ValueError(
            f"{', '.join(ring)}: these support units serve only each other; give a quantity for an operating unit that "
            "one of them serves."
        )


def _exactly(case: Departments[Unit]) -> dict[Unit, Number]:
    """The gross costs. Solved for y(j) = x(j) / j's quantities, in which all coefficients are whole numbers."""
    if len(case.usage) > EXACT_TO:
        raise ValueError(f"Exact costs are solved for up to {EXACT_TO} support units; give the costs as floats.")
    givers = list(case.usage)
    columns = [_whole(case.usage[giver].values()) for giver in givers]
    costs, scale = _whole(case.costs[giver] for giver in givers)
    place = {giver: at for at, giver in enumerate(givers)}
    rows = [[0] * len(givers) + [cost] for cost in costs]
    for at, (giver, (quantities, _)) in enumerate(zip(givers, columns, strict=True)):
        rows[at][at] = sum(quantities)
        for user, quantity in zip(case.usage[giver], quantities, strict=True):
            if user in place:
                rows[place[user]][at] = -quantity
    found = _eliminated(rows)
    return {
        giver: value * sum(quantities) / scale
        for giver, value, (quantities, _) in zip(givers, found, columns, strict=True)
    }


def _whole(values: Iterable[Number]) -> tuple[list[int], int]:
    """The values times the least number that makes all of them whole, and that number."""
    exact = [Fraction(value) for value in values]
    scale = math.lcm(*(value.denominator for value in exact))
    return [int(value * scale) for value in exact], scale


def _eliminated(rows: list[list[int]]) -> list[Fraction]:
    """The solution of the equations in `rows`, whose last column is the right side.

    Rows are not swapped: without a ring the matrix is a nonsingular M-matrix, whose pivots are all above zero.
    """
    size, before = len(rows), 1
    for at, pivot in enumerate(rows):
        for row in rows[at + 1 :]:
            head = row[at]
            row[at:] = [
                (pivot[at] * one - head * other) // before for one, other in zip(row[at:], pivot[at:], strict=True)
            ]
        before = pivot[at]
    found = [0] * size  # times the determinant, which makes them whole
    for at in reversed(range(size)):
        known = sum(rows[at][later] * found[later] for later in range(at + 1, size))
        found[at] = (before * rows[at][size] - known) // rows[at][at]
    return [Fraction(value, before) for value in found]


def _in_floats(case: Departments[Unit]) -> dict[Unit, Number]:
    """The gross costs by numpy, which may be far off if shares are tiny: see `_check_sum`."""
    import numpy as np  # the pages' own process does without it

    place = {giver: at for at, giver in enumerate(case.usage)}
    matrix = np.eye(len(place))
    for giver, users in case.usage.items():
        basis = sum(users.values(), ZERO)
        for user in users.keys() & place.keys():
            matrix[place[user], place[giver]] = -users[user] / basis
    try:
        found = np.linalg.solve(matrix, np.array([float(case.costs[giver]) for giver in place]))
    except np.linalg.LinAlgError:
        found = np.full(len(place), np.nan)
    return dict(zip(place, found.tolist(), strict=True))


def _check_sum(case: Departments[Unit], held: Mapping[Unit, Number]) -> None:
    costs, borne = math.fsum(case.costs.values()), math.fsum(held[unit] for unit in case.operating)
    if not math.isclose(costs, borne, rel_tol=CLOSE):
        raise ValueError("The quantities are too far apart to solve in floats; give the costs as Decimal or Fraction.")
