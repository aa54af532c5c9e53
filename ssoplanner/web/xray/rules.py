"""What a rule of the X-ray is: rows to look at, which of them are wrong, and where that is mended. Declared as data.

Several rules share the rows of a source, which are read once for a page, by a fixed number of queries and at most one
row for each agency, service, system, KPI or the like: what there is one of for each agency and service is counted by
the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan, Role
from ssoplanner.phases import PHASES, phase_modules
from ssoplanner.recompute import clock

OFFICE = (Role.OFFICE,)
OFFICE_AND_LEADS = (Role.OFFICE, Role.LEAD)
SHARED = ("plan_rules", "figure_rules", "catalogue_rules", "progress_rules", "shift_rules")
# What rules are about, in the order in which people filter by it: the registers, then the phases with rules of theirs.
REGISTERS = {
    "plan": "Plan",
    "people": "People",
    "agencies": "Agencies",
    "figures": "Agencies’ figures",
    "services": "Services",
    "systems": "Systems",
    "kpis": "KPIs",
    "benchmarks": "Benchmarks",
    "steps": "Steps",
    "shifts": "Shifts",
    "results": "Results",
}
ABOUT = {**REGISTERS, **{phase.key: phase.title for phase in PHASES}}


class Severity(Enum):
    """The worst first; `tone` is the mark beside it."""

    STOPS = ("stops", "Stops a decision", "critical")
    SHOULD = ("should", "Should be mended", "late")
    LOOK = ("look", "Worth a look", "upcoming")

    def __init__(self, key: str, label: str, tone: str) -> None:
        self.key, self.label, self.tone = key, label, tone


@dataclass(frozen=True)
class Scope:
    """What rules look at: a plan as the database `db` has it, at a moment, which is a day in the plan's own zone."""

    plan: Plan
    now: datetime
    db: str = "default"

    @property
    def as_of(self) -> date:
        return self.plan.day_of(self.now)


def scope_now(plan: Plan) -> Scope:
    return Scope(plan, clock.now())


def nobodys(row: Any, member: Member) -> bool:
    """Of rows that are no agency's and no person's: those see them who see everything."""
    return False


@dataclass(frozen=True)
class Source:
    """Rows in the order in which findings are shown. `is_own` says which ones a lead may know of, names included."""

    rows: Callable[[Scope], Iterable[Any]]
    is_own: Callable[[Any, Member], bool] = nobodys


@dataclass(frozen=True)
class Link:
    """A page of the plan. `roles` where fewer may open it for this row than the policy table lets in."""

    page: str
    ids: Mapping[str, Any] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What is wrong with one row, and the pages to mend it: the first that the reader may open is linked."""

    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Rule:
    """`why` is one sentence; `mends` are the roles that can; `is_wrong` picks the rows of the source."""

    key: str
    title: str
    why: str
    severity: Severity
    about: str
    source: Source
    is_wrong: Callable[[Any, Scope], bool]
    finding: Callable[[Any, Scope], Finding]
    mends: tuple[Role, ...] = OFFICE


@cache
def rules() -> tuple[Rule, ...]:
    """All rules: the shared ones, then those of the phases."""
    own = [import_module(f"ssoplanner.web.xray.{name}") for name in SHARED]
    found = tuple(rule for module in (*own, *phase_modules("checks")) for rule in module.RULES)
    keys = [rule.key for rule in found]
    if len(keys) != len(set(keys)):
        raise ValueError(f"two rules of the X-ray have one key: {sorted(key for key in keys if keys.count(key) > 1)}")
    return found
