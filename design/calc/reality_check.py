"""The plan beside what happened to others: what it would come to if it went as it went for them.

Each reference has a figure that was planned, or spent, and the one that it came to. The plan's own figure x came to /
planned is what it would come to in the same way; it then pays if savings are at least the cost. So:

    bearable overrun = savings / cost - 1,   needed share of the savings = cost / savings

Cost and savings are in one unit, any, and over the same years; results are in it and, as `amounts` says, in their type.
Savings may come out below zero: a net cost. Years are those until the plan is done. A reference class is small and
picked by what was audited or reported, so it shows what can happen, not how likely that is.

Refused, with ValueError: a figure that is no finite number of zero or more; cost or years of zero; Decimal with
fractions of a cent; cost and savings of different types.

Source: with each reference; comparing with a reference class: D. Kahneman and A. Tversky, Intuitive prediction (1979),
B. Flyvbjerg, From Nobel Prize to project management, Project Management Journal 37 (2006).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from design.calc.amounts import MOST, Amount, Kind, Number, amount, kind_of, number
from design.calc.optimism import BOUNDS, CAPITAL, DURATION, EQUIPMENT
from ssoplanner.calc.rounding import Figure

COST, YEARS, SAVINGS = "cost", "years", "savings"
NAO_2012 = (
    "National Audit Office, Efficiency and reform in government corporate functions through shared service centres"
)
NAO_2016 = "National Audit Office, Shared service centres"
ERA_2011 = "Economic Regulation Authority Western Australia, Inquiry into shared corporate services, final report"
INDEPENDENT = "two independent UK centres, in 2.5 years"
MOTT_2002 = "Mott MacDonald, Review of large public procurement in the UK"


@dataclass(frozen=True, slots=True)
class Reference:
    """In one case `planned`, a figure of the kind `basis`, came to `actual`, one of the kind `measure`."""

    key: str
    where: str
    basis: str
    measure: str
    planned: Fraction
    actual: Fraction
    unit: str
    source: str
    year: int

    @property
    def ratio(self) -> Fraction:
        """Came to / planned."""
        return self.actual / self.planned


@dataclass(frozen=True, slots=True)
class Fact:
    """What a plan should know of a case and is not to be multiplied with; `year` is None where the source has none."""

    key: str
    sentence: str
    source: str
    year: int | None


def _bias(key: str, measure: str, kind: str) -> Reference:
    """The upper bound: nothing mitigated yet."""
    upper = BOUNDS[EQUIPMENT, kind].upper
    where = "equipment and IT projects in the UK"
    return Reference(key, where, measure, measure, Fraction(1), 1 + upper, "times", MOTT_2002, 2002)


M_GBP, M_AUD = "million GBP", "million AUD"
REFERENCES: tuple[Reference, ...] = (
    Reference("uk_five_cost", "five UK centres", COST, COST, Fraction(900), Fraction(1_400), M_GBP, NAO_2012, 2012),
    Reference(
        "uk_five_savings", "five UK centres", SAVINGS, SAVINGS, Fraction(159), Fraction(-255), M_GBP, NAO_2012, 2012
    ),
    Reference("uk_independent", INDEPENDENT, COST, SAVINGS, Fraction(94), Fraction(90), M_GBP, NAO_2016, 2016),
    # 444 million less what it saved.
    Reference("western_australia", "Western Australia", COST, COST, Fraction(82), Fraction(401), M_AUD, ERA_2011, 2011),
    _bias("optimism_cost", COST, CAPITAL),
    _bias("optimism_years", YEARS, DURATION),
)
FACTS: tuple[Fact, ...] = (
    Fact(
        "uk_independent",
        "Of 26 customers of the independent UK centres, 2 were on the single platform.",
        NAO_2016,
        2016,
    ),
    Fact(
        "western_australia",
        "Western Australia left again: over five years that costs 1,070 million AUD, and to go on 1,180 million.",
        ERA_2011,
        2011,
    ),
    Fact(
        "us_payroll",
        "The payroll of the US government went from 26 systems to 4, which took seven years.",
        "Nextgov, OPM claims victory in huge e-payroll system consolidation",
        2009,
    ),
    Fact(
        "it_cost",
        "More than a third of shared services raise the cost of IT.",
        "Info-Tech Research Group, Govern shared services",
        None,
    ),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the plan would come to as in the reference; `pays` is None where that does not tell (years)."""

    reference: Reference
    figure: Amount
    pays: bool | None
    sentence: str


@dataclass(frozen=True)
class RealityCheck:
    """The plan's figure in each case, and where it stands: by how much its cost may overrun while it pays still.

    `bearable_overrun` and `needed_share` are shares, 0.4 for 40 %; the former is below zero, and the latter above 1 or
    None, where even the plan itself does not pay. `within` of the `overruns` on record are not above the bearable one.
    """

    comparisons: tuple[Comparison, ...]
    facts: tuple[Fact, ...]
    bearable_overrun: Number
    needed_share: Number | None
    within: int
    overruns: int
    sentence: str


def reality_check(plan_cost: Figure, plan_years: Figure, plan_savings: Figure) -> RealityCheck:
    """The plan beside every reference. Raises ValueError for what the module refuses."""
    plan, kind = _read(plan_cost, plan_years, plan_savings)
    cost, savings = plan[COST], plan[SAVINGS]
    found = []
    for reference in REFERENCES:
        figure = plan[reference.basis] * reference.ratio
        pays = {COST: figure <= savings, SAVINGS: figure >= cost, YEARS: None}[reference.measure]
        shown = figure if reference.measure == YEARS else amount(kind, figure)
        found.append(Comparison(reference, shown, pays, _sentence(reference, plan, figure)))
    bearable = savings / cost - 1
    overruns = [one.ratio - 1 for one in REFERENCES if (one.basis, one.measure) == (COST, COST)]
    within = sum(overrun <= bearable for overrun in overruns)
    if bearable < 0:
        said = f"Savings of {_shown(savings)} do not pay for a cost of {_shown(cost)}, even if all goes as planned."
    else:
        said = (
            f"Savings of {_shown(savings)} pay for a cost that overruns by up to {float(bearable):.0%}; "
            f"{within} of {len(overruns)} overruns on record were within that."
        )
    needed = cost / savings if savings else None
    return RealityCheck(tuple(found), FACTS, bearable, needed, within, len(overruns), said)


def _read(cost: Figure, years: Figure, savings: Figure) -> tuple[Mapping[str, Number], Kind]:
    named = [("The planned cost", cost), ("The planned savings", savings)]
    kind = kind_of(named)
    for what, figure in named:
        if isinstance(figure, Decimal) and figure >= MOST / 1000:
            raise ValueError(f"{what} is more than money can be; give fewer than 22 digits.")
    plan = {
        COST: number(kind, "The planned cost", cost),
        SAVINGS: number(kind, "The planned savings", savings),
        YEARS: number(kind, "The number of years", years),
    }
    for what, measure in (("The planned cost", COST), ("The number of years", YEARS)):
        if not plan[measure]:
            raise ValueError(f"{what} is zero; give a number above that.")
    return plan, kind


def _sentence(reference: Reference, plan: Mapping[str, Number], figure: Number) -> str:
    if reference.measure == YEARS:
        return f"As for {reference.where}, it would take {_shown(figure)} years, not {_shown(plan[YEARS])}."
    if reference.measure == COST:
        pays = "which its savings would still pay for" if figure <= plan[SAVINGS] else "more than its savings"
        return f"As for {reference.where}, it would cost {_shown(figure)}, not {_shown(plan[COST])}: {pays}."
    if figure < 0:
        return f"As for {reference.where}, it would add {_shown(-figure)} to cost, not save {_shown(plan[SAVINGS])}."
    pays = "at least" if figure >= plan[COST] else "less than"
    return f"As for {reference.where}, it would save {_shown(figure)}, {pays} its cost of {_shown(plan[COST])}."


def _shown(figure: Number) -> str:
    return f"{round(figure):,}" if not -1000 < figure < 1000 else f"{float(figure):.4g}"
