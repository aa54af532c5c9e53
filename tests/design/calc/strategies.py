"""Departments for the property tests: support units that serve each other and, always, an operating unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from design.calc.departments import Allocation
from design.calc.direct import direct
from design.calc.double_step_down import double_step_down
from design.calc.reciprocal import reciprocal
from design.calc.step_down import step_down

some = settings(max_examples=40, deadline=None)

Costs = Mapping[Any, Any]
Usage = Mapping[Any, Mapping[Any, Any]]
Case = tuple[dict[str, Decimal], dict[str, dict[str, int]]]
Method = Callable[[Costs, Usage], Allocation[Any]]

# Each method as a function of costs and usage; where an order counts, it is that of the usage.
METHODS: dict[str, Method] = {
    "direct": direct,
    "step_down": lambda costs, usage: step_down(costs, usage, list(usage)),
    "double_step_down": lambda costs, usage: double_step_down(costs, usage, list(usage)),
    "reciprocal": reciprocal,
}
methods = st.sampled_from(list(METHODS.values()))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Costs in cents, and usage in whole numbers, with self-use; the last quantities of every row are not all zero."""
    support = [f"support {at}" for at in range(draw(st.integers(0, 4)))]
    operating = [f"agency {at}" for at in range(draw(st.integers(1, 4)))]
    units = draw(st.permutations([*support, *operating]))
    costs = {unit: Decimal(draw(st.integers(0, 10**9))) / 100 for unit in units}
    usage = {}
    for giver in support:
        usage[giver] = {unit: draw(st.integers(0, 20)) for unit in units}
        usage[giver][draw(st.sampled_from(operating))] = draw(st.integers(1, 20))
    return costs, usage


def exact(costs: Costs) -> dict[Any, Fraction]:
    return {unit: Fraction(cost) for unit, cost in costs.items()}
