"""Is it worth it: present values, payback, benefits by cost, the internal rate, and scenarios beside each other.

Flows are one net amount a year in order, benefits above zero and costs below it. The first falls at the end of
`first_year`, so that 0 is today, and each is worth flow / (1 + rate)^year; the net present value is their sum. The rate
is a share a year, 0.07 for 7 %. Payback counts years to the moment from which the sum of the flows never falls below
zero again, as if each came evenly over its year.

Results are in the type of the amounts, as `flows` says: money is calculated exactly and rounded once to the cent, half
to even, yearly figures so that they add up to their sum. Years and ratios of exact amounts are Fractions. The internal
rate is exact to the last digits of a float.

Refused, with ValueError: what `flows` refuses; benefits and costs, or scenarios, of different length; benefits or costs
below zero, costs that are all zero; scenarios of the same name, or without the one that is the base; a result that is
more than a float, or money, can be.

Source: HM Treasury, The Green Book (2022), annex 6; OMB Circular A-94 (1992); several internal rates: R. Descartes'
rule of signs and J. C. F. Sturm's theorem (1829).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from design.calc.amounts import MOST, ZERO, Amount, Kind, Number, amount, check
from design.calc.flows import in_cents, named_by_year, read_flows
from design.calc.roots import positive_roots, sign_changes
from ssoplanner.calc.rounding import Figure


@dataclass(frozen=True, slots=True)
class InternalRate:
    """The share a year at which the flows are worth nothing; None with the `reason` in a sentence, else ""."""

    rate: float | None
    reason: str = ""


@dataclass(frozen=True)
class Scenario:
    """One way to go on, such as the status quo, sharing, or leaving again, with its flows by year."""

    name: str
    flows: Sequence[Figure]


@dataclass(frozen=True)
class Compared:
    """A scenario beside the base: what it is worth more than the base, in all and each year, and when that pays back.

    `difference` is the difference of the two `net_present_value`, `yearly_difference` that of the flows.
    """

    name: str
    flows: tuple[Amount, ...]
    net_present_value: Amount
    difference: Amount
    yearly_difference: tuple[Amount, ...]
    payback: Number | None


def net_present_value(rate: Figure, flows: Sequence[Figure], first_year: int = 1) -> Amount:
    """The sum of the discounted flows. Raises ValueError for what the module refuses."""
    kind, read = read_flows(named_by_year("The flow", flows, first_year), rate)
    return _amount(kind, sum(_discounted(kind, rate, read, first_year), ZERO))


def discounted(rate: Figure, flows: Sequence[Figure], first_year: int = 1) -> list[Amount]:
    """Each flow's present value; they add up to the net present value. Raises ValueError for what is refused."""
    kind, read = read_flows(named_by_year("The flow", flows, first_year), rate)
    found = _discounted(kind, rate, read, first_year)
    _amount(kind, sum(found, ZERO))
    return [amount(kind, value) for value in (in_cents(found) if kind is Decimal else found)]


def payback(flows: Sequence[Figure], first_year: int = 1) -> Number | None:
    """Years until the flows have paid themselves back: 0 if nothing was ever outstanding, None if they never do.

    Flows that start with an outlay today need `first_year` 0. Raises ValueError for what the module refuses.
    """
    return _payback(read_flows(named_by_year("The flow", flows, first_year), 0)[1], first_year)


def discounted_payback(rate: Figure, flows: Sequence[Figure], first_year: int = 1) -> Number | None:
    """The same of the discounted flows. Raises ValueError for what the module refuses."""
    kind, read = read_flows(named_by_year("The flow", flows, first_year), rate)
    return _payback(_discounted(kind, rate, read, first_year), first_year)


def benefit_cost_ratio(
    rate: Figure, benefits: Sequence[Figure], costs: Sequence[Figure], first_year: int = 1
) -> Number:
    """Present value of the benefits / that of the costs, both above zero. Raises ValueError for what is refused."""
    if len(benefits) != len(costs):
        raise ValueError(f"There are {len(benefits)} years of benefits and {len(costs)} of costs; give both alike.")
    named = [*named_by_year("The benefit", benefits, first_year), *named_by_year("The cost", costs, first_year)]
    for what, figure in named:
        check(what, figure)
    kind, read = read_flows(named, rate)
    worth = [_discounted(kind, rate, part, first_year) for part in (read[: len(benefits)], read[len(benefits) :])]
    benefit, cost = (sum(values, ZERO) for values in worth)
    if not cost:
        raise ValueError("The costs are zero in every year; give a cost above zero.")
    return benefit / cost


def internal_rate(flows: Sequence[Figure]) -> InternalRate:
    """The one rate at which the flows are worth nothing, or why there is none. Raises ValueError for what is refused.

    Flows that change sign once have exactly one; those that do so more often may have one, several or none.
    """
    exact = [_typed(flow) for flow in read_flows(named_by_year("The flow", flows, 1), 0)[1]]
    changes = sign_changes(exact)
    if not changes:
        said = "never change sign" if any(exact) else "are all zero"
        return InternalRate(None, f"The flows {said}, so there is no internal rate; it takes costs and benefits.")
    try:
        rates = sorted(float(1 / root - 1) for root in positive_roots(exact))
    except OverflowError:
        raise ValueError("The internal rate is more than a float holds; give flows nearer to each other.") from None
    if len(rates) == 1:
        return InternalRate(rates[0])
    found = f"The flows change sign {changes} times and "
    if not rates:
        return InternalRate(None, f"{found}have no internal rate; judge them by their net present value.")
    listed = ", ".join(f"{rate:.2%}" for rate in rates)
    return InternalRate(None, f"{found}have {len(rates)} internal rates, {listed}; judge them by their present value.")


def compare(rate: Figure, scenarios: Sequence[Scenario], base: str, first_year: int = 1) -> list[Compared]:
    """Every scenario, in order, beside the one named `base`. Raises ValueError for what the module refuses."""
    names = [scenario.name for scenario in scenarios]
    if not names:
        raise ValueError("There is no scenario; give at least the base.")
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name}: two scenarios have this name; give each its own.")
    if base not in names:
        raise ValueError(f"{base}: no scenario has this name; name one of {', '.join(names)} as the base.")
    years = len(scenarios[names.index(base)].flows)
    for scenario in scenarios:
        if len(scenario.flows) != years:
            raise ValueError(f"{scenario.name}: it has {len(scenario.flows)} years, {base} {years}; give both alike.")
    rows_named = [named_by_year(f"{scenario.name}: the flow", scenario.flows, first_year) for scenario in scenarios]
    kind, read = read_flows([one for row in rows_named for one in row], rate)
    rows = [read[at : at + years] for at in range(0, len(read), years)]
    worth = [_amount(kind, sum(_discounted(kind, rate, row, first_year), ZERO)) for row in rows]
    own, base_row = worth[names.index(base)], rows[names.index(base)]
    found = []
    for name, row, value in zip(names, rows, worth, strict=True):
        more = [one - other for one, other in zip(row, base_row, strict=True)]
        yearly = tuple(amount(kind, flow) for flow in more)
        difference = _amount(kind, _exact(value) - _exact(own))
        flows = tuple(amount(kind, flow) for flow in row)
        found.append(Compared(name, flows, value, difference, yearly, _payback(more, first_year)))
    return found


def _exact(value: Amount) -> Number:
    return Fraction(value) if isinstance(value, Decimal) else value


def _typed(value: Number) -> Fraction:
    """A float as people read it: 0.1 is a tenth here, so that rates which are one in theory do not come out as two."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _discounted(kind: Kind, rate: Figure, flows: Sequence[Number], first_year: int) -> list[Number]:
    growth = 1 + (float(rate) if kind is float else Fraction(rate))
    try:
        return [flow / growth**year for year, flow in enumerate(flows, first_year)]
    except (OverflowError, ZeroDivisionError):
        raise ValueError("The present value is more than a float holds; give smaller flows or a usual rate.") from None


def _payback(flows: Sequence[Number], first_year: int) -> Number | None:
    sums = list(accumulate(flows))
    if sums[-1] < 0:
        return None
    owing = [at for at, owed in enumerate(sums) if owed < 0]
    if not owing:
        return ZERO
    last = owing[-1]
    return first_year + last + -sums[last] / flows[last + 1]


def _amount(kind: Kind, value: Number) -> Amount:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("The present value is more than a float holds; give smaller flows or a usual rate.")
    if kind is Decimal and not -MOST < value < MOST:
        raise ValueError("The present value is more than money can be; give smaller flows or a usual rate.")
    return amount(kind, value)
