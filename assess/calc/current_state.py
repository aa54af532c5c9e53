"""The current state of the whole plan: totals, and the starter metrics that provisions and registers can feed.

Each metric adds the agencies' numerators and denominators (see agency_state) and divides once, so that a large agency
weighs as much as it is large. From the registers come:

- `duplicates`: number of different systems / number of functions that have a system in use, over the agencies
- `migrated`: agencies onboarded / agencies in the program

An agency that left the program does not count. Two spellings of a function that differ only in case or spaces are one.
Money is in whole cents, FTE and hours in hundredths. A metric whose denominator is zero has no value.
The tenth starter metric, FTE per volume against benchmarks, has a calculation of its own (see staffing).

Source of the metrics: the starter set of baseline metrics of the method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SCALES = {
    "it_cost": 1 / 100,
    "help_desk_fte": 1000 / 100,
    "duplicates": 1,
    "sla": 1,
    "resolution": 1 / 100,
    "sop": 1,
    "migrated": 1,
    "automated": 1 / 10_000,
    "dashboard": 1,
}


@dataclass(frozen=True)
class SystemInput:
    function: str
    agencies: frozenset[int]


@dataclass(frozen=True)
class AgencyInput:
    """An agency of the program: whether it is onboarded, and its own state (see agency_state)."""

    id: int
    onboarded: bool
    cost_cents: int | None
    fte_hundredths: int | None
    provisions: int
    measures: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class PlanInput:
    fiscal_year: int
    agencies: tuple[AgencyInput, ...]
    systems: tuple[SystemInput, ...]


@dataclass(frozen=True)
class Metric:
    """`value` is numerator / denominator in the metric's unit; `agencies` is how many contribute."""

    value: float | None
    numerator: int
    denominator: int
    agencies: int


@dataclass(frozen=True)
class CurrentState:
    fiscal_year: int
    agencies: int
    reporting: int
    provisions: int
    systems: int
    cost_cents: int
    fte_hundredths: int
    metrics: dict[str, Metric]


def current_state(plan: PlanInput) -> CurrentState:
    """Totals and metrics over the agencies of the program."""
    members = {agency.id for agency in plan.agencies}
    used = [system for system in plan.systems if system.agencies & members]
    return CurrentState(
        fiscal_year=plan.fiscal_year,
        agencies=len(plan.agencies),
        reporting=sum(1 for agency in plan.agencies if agency.provisions),
        provisions=sum(agency.provisions for agency in plan.agencies),
        systems=len(used),
        cost_cents=sum(agency.cost_cents or 0 for agency in plan.agencies),
        fte_hundredths=sum(agency.fte_hundredths or 0 for agency in plan.agencies),
        metrics={key: _metric(key, plan, used) for key in SCALES},
    )


def _metric(key: str, plan: PlanInput, used: list[SystemInput]) -> Metric:
    if key == "duplicates":
        functions = {" ".join(system.function.lower().split()) for system in used}
        return _divided(key, len(used), len(functions), len(plan.agencies))
    if key == "migrated":
        onboarded = sum(1 for agency in plan.agencies if agency.onboarded)
        return _divided(key, onboarded, len(plan.agencies), len(plan.agencies))
    pairs = [agency.measures[key] for agency in plan.agencies if key in agency.measures]
    given = [(top, bottom) for top, bottom in pairs if bottom]
    return _divided(key, sum(top for top, _ in given), sum(bottom for _, bottom in given), len(given))


def _divided(key: str, top: int, bottom: int, agencies: int) -> Metric:
    return Metric(top * SCALES[key] / bottom if bottom else None, top, bottom, agencies)
