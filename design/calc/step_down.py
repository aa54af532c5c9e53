"""The step-down method: one support unit after the other passes on all it has, and is closed.

In the given order each passes on its own cost and what it has received, by quantity, to the operating units and the
support units after it; nothing goes back to one that is closed. So the order matters, and is part of the input: as a
rule the unit that serves most others comes first. In the unit and, as `amounts` says, in the type of the costs.

Refused, with ValueError: what `departments` refuses, and an order that misses, repeats or adds a support unit, or that
puts one after all that it serves.

Source: 42 CFR 413.24 (d), 10 NYCRR 441.315.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from design.calc.departments import Allocation, Passing, Unit, allocation, departments, in_order, step
from ssoplanner.calc.rounding import Figure

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class StepDownMatrix:
    """`totals` of the operating units and `gross` of the support units, in the order of the input."""

    totals: Floats
    gross: Floats


def step_down(
    costs: Mapping[Unit, Figure], usage: Mapping[Unit, Mapping[Unit, Figure]], order: Sequence[Unit]
) -> Allocation[Unit]:
    """Divide `costs`, unit -> amount, by `usage`, support unit -> user -> quantity, in `order` of the support units.

    Raises ValueError for what the module refuses.
    """
    case = departments(costs, usage)
    held = dict(case.costs)
    steps: list[Passing[Unit]] = []
    for giver, users in in_order(case, order):
        steps += step(held, 1, giver, users)
    return allocation(case, held, steps)


def step_down_matrix(costs: Floats, usage: Floats, order: Sequence[int]) -> StepDownMatrix:
    """The same in floats, for hundreds of support units, without the steps.

    `costs` holds the support units first, then the operating ones: n amounts. `usage` has one row a support unit and n
    columns, the quantities that each unit uses of it. `order` names the rows. Units are counted from 0.
    """
    import numpy as np  # the pages' own process does without it

    held, quantities = np.array(costs, dtype=float), np.array(usage, dtype=float)
    _check_matrix(held, quantities, order)
    gross = np.zeros(len(quantities))
    is_open = np.ones(len(held))
    for giver in order:
        is_open[giver] = 0
        row = quantities[giver] * is_open
        basis = row.sum()
        if not 0 < basis < np.inf:
            raise ValueError(f"Support unit {giver}: it needs a quantity above zero for an operating or a later unit.")
        gross[giver], held[giver] = held[giver], 0
        held += gross[giver] * (row / basis)
    return StepDownMatrix(held[len(quantities) :], gross)


def _check_matrix(costs: Floats, usage: Floats, order: Sequence[int]) -> None:
    if costs.ndim != 1 or usage.ndim != 2 or usage.shape[1] != len(costs) or len(usage) > len(costs):
        raise ValueError("The usage needs one row a support unit and one column for each unit that has a cost.")
    for what, row in [
        ("The costs", costs),
        *((f"Support unit {at}: its quantities", row) for at, row in enumerate(usage)),
    ]:
        if not (row >= 0).all() or not (row < float("inf")).all():  # no comparison holds for NaN
            raise ValueError(f"{what} must be finite numbers of zero or more.")
    if sorted(order) != list(range(len(usage))):
        raise ValueError(f"The order must name every support unit from 0 to {len(usage) - 1} once.")
