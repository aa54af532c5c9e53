"""The double step-down: support units pass on in order to every other unit, then what came back is stepped down.

First turn: in the given order each support unit passes on its own cost and what it has received so far, by quantity, to
all units that use it, support units before and after it included; none is closed. Second turn: in the same order each
passes on what it has received since, now as in the step-down, to the operating units and the support units after it.
So units early in the order bear a part of those after them, which the plain step-down leaves out. In the unit and, as
`amounts` says, in the type of the costs.

Refused, with ValueError: what `departments` and `step_down` refuse.

Source: the double apportionment of 42 CFR 413.24 (d), with its second turn stepped down, as cost allocation plans of
local governments do it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from design.calc.departments import Allocation, Passing, Unit, allocation, departments, in_order, step
from ssoplanner.calc.rounding import Figure


def double_step_down(
    costs: Mapping[Unit, Figure], usage: Mapping[Unit, Mapping[Unit, Figure]], order: Sequence[Unit]
) -> Allocation[Unit]:
    """Divide `costs`, unit -> amount, by `usage`, support unit -> user -> quantity, in `order` of the support units.

    `gross` counts what a unit passes on in both turns. Raises ValueError for what the module refuses.
    """
    case = departments(costs, usage)
    second = in_order(case, order)
    held = dict(case.costs)
    steps: list[Passing[Unit]] = []
    for giver in order:
        steps += step(held, 1, giver, case.usage[giver])
    for giver, users in second:
        steps += step(held, 2, giver, users)
    return allocation(case, held, steps)
