"""Functions for which the agencies use more than one system, and what that costs.

A function is the text in the register of systems, in any case and spacing. Only systems that an agency in the program
uses count. For each function with more than one system: how many systems, agencies and users there are, the yearly cost
of all of them, the cost of all but the dearest one, and the day on which the first contract ends.

- The cost of all but the dearest is what would fall away at most if one system stayed, the dearest: an upper bound,
  because those who move still have to be served.
- Verdict: what people concluded of the function; duplicates, or each for a reason of its own. None is still to judge.
- Too many: functions with `GOAL` systems or more, where the starter metric aims at fewer (illustrative).

Money is in cents a year; users and costs that are not known are left out, and the systems with a known cost counted.
The most systems come first, then the highest cost. Refused: nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

GOAL = 3  # fewer than three systems for a function: the goal of the starter metric "duplicates"
MOST = 500  # functions in the result


@dataclass(frozen=True)
class SystemInput:
    """`agencies` are those in the program that use it, at least one."""

    function: str
    agencies: frozenset[int]
    users: int | None
    cost_cents: int | None
    contract_end: date | None


@dataclass(frozen=True)
class PlanInput:
    """`findings`: function -> whether people call its systems duplicates."""

    systems: Sequence[SystemInput]
    findings: Mapping[str, bool]


@dataclass(frozen=True)
class Functions:
    """One place a function with more than one system; `first_end` is a day as YYYY-MM-DD."""

    function: list[str]
    systems: list[int]
    agencies: list[int]
    users: list[int | None]
    costed: list[int]
    cost_cents: list[int | None]
    beyond_cents: list[int | None]
    first_end: list[str | None]
    verdict: list[bool | None]


@dataclass(frozen=True)
class Totals:
    """Counts of functions; the cost of all but the dearest system, over possible and over confirmed duplicates."""

    systems: int
    functions: int
    possible: int
    confirmed: int
    dismissed: int
    open: int
    too_many: int
    beyond_cents: int
    confirmed_beyond_cents: int


@dataclass(frozen=True)
class Duplicates:
    functions: Functions
    totals: Totals


@dataclass(frozen=True)
class _Row:
    function: str
    systems: int
    agencies: int
    users: int | None
    costed: int
    cost: int | None
    beyond: int | None
    first_end: date | None
    verdict: bool | None


def duplicates(plan: PlanInput) -> Duplicates:
    """The functions that have more than one system."""
    held: dict[str, list[SystemInput]] = {}
    for system in plan.systems:
        held.setdefault(_key(system.function), []).append(system)
    said = {_key(function): is_duplicate for function, is_duplicate in plan.findings.items()}
    rows = [_row(some, said.get(key)) for key, some in held.items() if len(some) > 1]
    rows.sort(key=lambda row: (-row.systems, -(row.cost or 0), _key(row.function)))
    return Duplicates(_functions(rows[:MOST]), _totals(rows, plan, held))


def _key(function: str) -> str:
    return " ".join(function.split()).casefold()


def _row(some: Sequence[SystemInput], verdict: bool | None) -> _Row:
    costs = [one.cost_cents for one in some if one.cost_cents is not None]
    users = [one.users for one in some if one.users is not None]
    return _Row(
        function=min(" ".join(one.function.split()) for one in some),
        systems=len(some),
        agencies=len(frozenset().union(*(one.agencies for one in some))),
        users=sum(users) if users else None,
        costed=len(costs),
        cost=sum(costs) if costs else None,
        beyond=sum(costs) - max(costs) if costs else None,
        first_end=min((one.contract_end for one in some if one.contract_end is not None), default=None),
        verdict=verdict,
    )


def _functions(rows: Sequence[_Row]) -> Functions:
    return Functions(
        function=[row.function for row in rows],
        systems=[row.systems for row in rows],
        agencies=[row.agencies for row in rows],
        users=[row.users for row in rows],
        costed=[row.costed for row in rows],
        cost_cents=[row.cost for row in rows],
        beyond_cents=[row.beyond for row in rows],
        first_end=[row.first_end.isoformat() if row.first_end else None for row in rows],
        verdict=[row.verdict for row in rows],
    )


def _totals(rows: Sequence[_Row], plan: PlanInput, held: Mapping[str, object]) -> Totals:
    verdicts = [row.verdict for row in rows]
    return Totals(
        systems=len(plan.systems),
        functions=len(held),
        possible=len(rows),
        confirmed=verdicts.count(True),
        dismissed=verdicts.count(False),
        open=verdicts.count(None),
        too_many=sum(row.systems >= GOAL for row in rows),
        beyond_cents=sum(row.beyond or 0 for row in rows),
        confirmed_beyond_cents=sum(row.beyond or 0 for row in rows if row.verdict),
    )
