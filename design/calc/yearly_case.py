"""A business case that is linear in its inputs, or multiplies two of them: its present value for many draws at once.

The flow of a year is the sum over the terms of the term's coefficient in that year x its inputs, none, one or two, such
as volume x unit cost. Discounted as in `business_case`; every term then comes to one number, its worth, that its inputs
are multiplied by. In the unit of the flows, as float.

Refused, with ValueError: no term, or terms of different numbers of years; more than two inputs in a term; an input that
is not given; what `business_case` refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from design.calc.amounts import check_number
from design.calc.business_case import net_present_value
from ssoplanner.calc.rounding import Figure

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Term:
    """A part of the yearly flows: `yearly`, one coefficient a year, times the product of none, one or two `inputs`."""

    yearly: Sequence[Figure]
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class YearlyCase:
    """Flows by year as the sum of `terms`; called with inputs, it gives its present value."""

    rate: Figure
    terms: Sequence[Term]
    first_year: int = 1
    _worth: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError for what the module refuses."""
        if len({len(term.yearly) for term in self.terms}) != 1:
            raise ValueError("The terms of the case must all have the same number of years, and there must be one.")
        for term in self.terms:
            if len(term.inputs) > 2:
                raise ValueError(f"{' x '.join(term.inputs)}: this term multiplies too many inputs; name up to two.")
        worth = (net_present_value(self.rate, _floats(term.yearly), self.first_year) for term in self.terms)
        object.__setattr__(self, "_worth", tuple(map(float, worth)))

    def __call__(self, inputs: Mapping[str, Vector]) -> Vector:
        """The present value for every draw. `inputs`: name -> one figure for each draw."""
        import numpy as np

        found = np.zeros(np.shape(next(iter(inputs.values()))))
        for worth, term in zip(self._worth, self.terms, strict=True):
            values: Vector | float = worth
            for name in term.inputs:
                values = values * _named(inputs, name)
            found += values
        return found


def _floats(yearly: Sequence[Figure]) -> list[float]:
    """A Decimal coefficient is no money here, to be rounded to cents."""
    for at, figure in enumerate(yearly, 1):
        check_number(f"Coefficient {at} of a term", figure)
    return [float(figure) for figure in yearly]


def _named(inputs: Mapping[str, Vector], name: str) -> Vector:
    if name not in inputs:
        raise ValueError(f"{name}: the case uses it, but it is no input; name one of {', '.join(inputs)}.")
    return inputs[name]
