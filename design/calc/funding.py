"""Where the money comes from, by year, against what is needed: in which year it does not suffice, and by how much.

    balance = available - needed, gap = what the balance is below zero, cumulative = sum of the balances so far

Two ways to look at it: money that lapses at the end of its year leaves the gap of each year as it is; money that may be
kept covers later years too, and then there is a gap where the cumulative balance is below zero. A loan is money of the
year that it is paid out in; what is paid back belongs to the need of later years. In the unit and, as `amounts` says,
the type of the amounts, exactly; for float with its errors in the last digits.

Refused, with ValueError: no year; a source with other years, of no known kind, or named twice; an amount that is no
finite number of zero or more, or Decimal with fractions of a cent; Decimal, Fraction and float side by side.

Source: the kinds are those of the GSA's M3 playbook (annual appropriation, reprogramming, revolving or franchise fund,
fee for service, technology fund), with grants and loans.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from design.calc.amounts import MOST, ZERO, Amount, Kind, Number, amount, kind_of, number, total_of
from ssoplanner.calc.rounding import Figure

APPROPRIATION, REPROGRAMMING, FUND, FEE, GRANT, LOAN = KINDS = (
    "appropriation",
    "reprogramming",
    "fund",
    "fee",
    "grant",
    "loan",
)


@dataclass(frozen=True)
class Source:
    """Money of one `kind` of KINDS, one amount a year."""

    name: str
    kind: str
    yearly: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class FundingYear:
    """One year; `balance` and `cumulative` are below zero where money is lacking. `by_kind` has those with a source."""

    needed: Amount
    available: Amount
    by_kind: Mapping[str, Amount]
    balance: Amount
    gap: Amount
    cumulative: Amount


@dataclass(frozen=True)
class Funding:
    """The years in order, counted from 1 in `first_gap` and in `first_cumulative_gap`, None where there is none.

    `gap` is the sum of the yearly gaps; `short` the most that is lacking at any time if money may be kept.
    """

    years: tuple[FundingYear, ...]
    first_gap: int | None
    first_cumulative_gap: int | None
    gap: Amount
    short: Amount


def funding(needed: Sequence[Figure], sources: Sequence[Source]) -> Funding:
    """`sources` against what is `needed`, one amount a year. Raises ValueError for what the module refuses."""
    kind, need, given = _read(needed, sources)
    available = [sum((row[at] for row in given), ZERO) for at in range(len(need))]
    total_of("The amounts of all sources", available)
    balances = [have - want for have, want in zip(available, need, strict=True)]
    cumulative = list(accumulate(balances))
    gaps = [max(-balance, ZERO) for balance in balances]
    by_kind = _by_kind(sources, given)
    years = tuple(
        FundingYear(
            needed=amount(kind, need[at]),
            available=amount(kind, available[at]),
            by_kind={name: amount(kind, row[at]) for name, row in by_kind.items()},
            balance=amount(kind, balances[at]),
            gap=amount(kind, gaps[at]),
            cumulative=amount(kind, cumulative[at]),
        )
        for at in range(len(need))
    )
    return Funding(
        years,
        _first_below(balances),
        _first_below(cumulative),
        amount(kind, sum(gaps, ZERO)),
        amount(kind, max(ZERO, *(-balance for balance in cumulative))),
    )


def _read(needed: Sequence[Figure], sources: Sequence[Source]) -> tuple[Kind, list[Number], list[list[Number]]]:
    """The type of the results, the need, and the years of each source."""
    if not needed:
        raise ValueError("There is no year; give the need of at least one.")
    names: set[str] = set()
    for source in sources:
        if source.name in names:
            raise ValueError(f"{source.name}: two sources have this name; give each its own.")
        names.add(source.name)
        if source.kind not in KINDS:
            raise ValueError(f"{source.name}: {source.kind} is no kind of source; choose one of {', '.join(KINDS)}.")
        if len(source.yearly) != len(needed):
            raise ValueError(
                f"{source.name}: it has {len(source.yearly)} years, the need {len(needed)}; give both alike."
            )
    rows = [("The need", needed), *((f"{source.name}: its amount", source.yearly) for source in sources)]
    named = [[(f"{what} in year {year}", figure) for year, figure in enumerate(row, 1)] for what, row in rows]
    kind = kind_of([one for row in named for one in row])
    for what, figure in (one for row in named for one in row):
        if isinstance(figure, Decimal) and figure >= MOST / 1000:  # a thousand sources and years are money still
            raise ValueError(f"{what} is more than money can be; give fewer than 22 digits.")
    need, *given = [[number(kind, what, figure) for what, figure in row] for row in named]
    total_of("The needs", need)
    return kind, need, given


def _by_kind(sources: Sequence[Source], given: Sequence[Sequence[Number]]) -> dict[str, list[Number]]:
    """Kind -> its yearly sums, in the order of KINDS."""
    found = {}
    for kind in KINDS:
        rows = [row for source, row in zip(sources, given, strict=True) if source.kind == kind]
        if rows:
            found[kind] = [sum(year, ZERO) for year in zip(*rows, strict=True)]
    return found


def _first_below(balances: Sequence[Number]) -> int | None:
    return next((year for year, balance in enumerate(balances, 1) if balance < 0), None)
