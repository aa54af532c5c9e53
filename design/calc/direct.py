"""The direct method: every support unit passes its own cost on to the operating units, and to them only.

To an operating unit goes cost x its quantity / the quantities of all operating units; what support units use of each
other is left out. In the unit and, as `amounts` says, in the type of the costs.

Refused, with ValueError: what `departments` refuses, and a support unit that serves no operating unit.

Source: the direct allocation that 10 NYCRR 456.1 (e) names among the methods of cost finding.
"""

from __future__ import annotations

from collections.abc import Mapping

from design.calc.departments import Allocation, Passing, Unit, allocation, departments, step
from ssoplanner.calc.rounding import Figure


def direct(costs: Mapping[Unit, Figure], usage: Mapping[Unit, Mapping[Unit, Figure]]) -> Allocation[Unit]:
    """Divide `costs`, unit -> amount, by `usage`, support unit -> user -> quantity.

    Raises ValueError for what the module refuses. The order of the support units makes no difference.
    """
    case = departments(costs, usage)
    held = dict(case.costs)
    steps: list[Passing[Unit]] = []
    for giver, users in case.usage.items():
        operating = {user: quantity for user, quantity in users.items() if user not in case.usage}
        if not operating:
            raise ValueError(
                f"{giver}: it serves no operating unit; give a quantity for one, or choose a method in which support "
                "units serve each other."
            )
        steps += step(held, 1, giver, operating)
    return allocation(case, held, steps)
