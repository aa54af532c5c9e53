"""What a phase declares about a calculation, and which of its partitions a changed row touches.

A phase lists its calculations in `steps.py`; they are gathered here, those that others need first. The declaration is
all that the engine knows: `per` names the partitions, `reads` the inputs, `needs` the calculations it stands on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from ssoplanner.core.models import Agency, Plan, Service, Versioned
from ssoplanner.phases import phase_modules

State = Mapping[str, Any]
Payload = Mapping[str, Any]
# need -> partition -> its result as stored (an Incomplete stands there as its payload)
Upstream = Mapping[str, Mapping[str, Payload]]
WHOLE_PLAN = ""
Key = tuple[str, str]  # calculation, partition


class Undeclarable(Exception):
    """A declaration that the engine could not keep true; `str()` says why."""


class Audience(Enum):
    """Who sees a result. Program office, board and analysts see every one at any time."""

    OWN_AGENCY = "the leads of the agency that the partition names"
    RELEASED = "every member once the program office has released it"


class Lane(Enum):
    """Long calculations wait longer for more changes, and hold up no quick ones."""

    FAST = "fast"
    SLOW = "slow"


@dataclass(frozen=True)
class Per:
    """A way to cut a plan into parts: one partition for each row of `model`, named by its id."""

    key: str
    model: type[Versioned]

    def partitions(self, plan_id: int, using: str = "default") -> list[str]:
        """All partitions of the plan as it stands now."""
        if self.model is Plan:
            return [WHOLE_PLAN]
        manager: Any = self.model._base_manager
        rows = manager.using(using).filter(plan_id=plan_id)
        return sorted(str(key) for key in rows.values_list("pk", flat=True))

    def partition_of(self, state: State) -> str:
        return WHOLE_PLAN if self.model is Plan else str(state["id"])


PER_PLAN = Per("plan", Plan)
PER_AGENCY = Per("agency", Agency)
PER_SERVICE = Per("service", Service)


@dataclass(frozen=True)
class Reads:
    """Which partitions a row of an input belongs to: those that its field `by` names, itself, or every one (None)."""

    by: str | None
    fields: frozenset[str] | None = None
    linked: bool = False
    link: str | None = None
    where: tuple[tuple[str, Any], ...] = ()

    def only(self, *fields: str) -> Reads:
        """Only changes of these fields count, and that a row is added or removed."""
        return replace(self, fields=frozenset(fields))

    def through_links(self, *fields: str) -> Reads:
        """As `only`, for an input that is reached through links of others: adding one changes nothing by itself."""
        return replace(self, fields=frozenset(fields), linked=True)

    def counting_where(self, link: str, **where: Any) -> Reads:
        """As it is, for rows whose `link` leads to one that fulfils `where` once all is saved; others touch nothing.

        Such as answers, which count once their questionnaire is submitted. A change of what the link leads to has to be
        declared by itself.
        """
        return replace(self, link=link, where=tuple(where.items()))

    def partitions_of(self, states: Iterable[State]) -> set[str] | None:
        """The partitions that the row belongs to in any of its states; None stands for every one."""
        if self.by is None:
            return None
        values = [state[self.by] for state in states]
        many = [value if isinstance(value, (list, tuple)) else [value] for value in values if value is not None]
        return {str(item) for some in many for item in some}


by_agency, by_agencies = Reads("agency"), Reads("agencies")
by_service, by_services = Reads("service"), Reads("services")
itself, every = Reads("id"), Reads(None)
whole_plan = every  # of a calculation for the whole plan there is just the one


@dataclass(frozen=True)
class Missing:
    """What a calculation lacks: a sentence, and the page where it can be given (URL name, ids)."""

    text: str
    page: str = ""
    ids: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Incomplete:
    """A result too: the figures cannot be computed for lack of these inputs."""

    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Calculation:
    """`load(db, plan_id, partition, upstream, as_of)` alone queries; `calculate` is pure and takes what it returned.

    Either may return `Incomplete`. `revision` is raised with every change of the formula. `daily` results, and those
    that stand on them, hold until midnight in the plan's zone.
    """

    key: str
    title: str
    per: Per
    reads: Mapping[type[Versioned], Reads]
    audience: Audience
    load: Callable[[str, int, str, Upstream, date], Any]
    calculate: Callable[[Any], Any]
    revision: int = 1
    needs: tuple[str, ...] = ()
    lane: Lane = Lane.FAST
    daily: bool = False


def declared() -> list[Calculation]:
    """What the phases declare, in their order."""
    return [each for module in phase_modules("steps") for each in getattr(module, "CALCULATIONS", ())]


@cache
def calculations() -> Mapping[str, Calculation]:
    """Key -> calculation, each after those that it needs."""
    return ordered(declared())


def ordered(some: Iterable[Calculation]) -> dict[str, Calculation]:
    """Key -> calculation in an order to compute them in. Raises `Undeclarable`."""
    left, done = dict[str, Calculation](), dict[str, Calculation]()
    for calculation in some:
        if calculation.key in left:
            raise Undeclarable(f"{calculation.key} is declared twice")
        left[calculation.key] = calculation
    while left:
        ready = [each for each in left.values() if set(each.needs) <= done.keys()]
        if not ready:
            raise Undeclarable(f"these need each other, or something unknown: {', '.join(sorted(left))}")
        for calculation in ready:
            check(calculation, done)
            done[calculation.key] = left.pop(calculation.key)
    return done


def check(calculation: Calculation, known: Mapping[str, Calculation]) -> None:
    """Raise `Undeclarable` for what would leave a figure stale or a lane blocked."""
    for need in (known[key] for key in calculation.needs):
        if need.per != calculation.per and calculation.per is not PER_PLAN and need.per is not PER_PLAN:
            raise Undeclarable(f"{calculation.key} is per {calculation.per.key}, {need.key} per {need.per.key}")
        if need.lane is Lane.SLOW and calculation.lane is Lane.FAST:
            raise Undeclarable(f"{calculation.key} is fast and needs {need.key}, which is slow")
    zone = calculation.reads.get(Plan)
    if calculation.daily and (zone is None or (zone.fields is not None and "time_zone" not in zone.fields)):
        raise Undeclarable(f"{calculation.key} is daily and does not read the plan's time zone")


def level(key: str) -> int:
    """0 for a calculation that needs no other, else one more than the highest that it needs."""
    return 1 + max((level(need) for need in calculations()[key].needs), default=-1)


def is_daily(key: str) -> bool:
    """Whether its results end at midnight: its own formula looks at the date, or that of one that it needs."""
    calculation = calculations()[key]
    return calculation.daily or any(is_daily(need) for need in calculation.needs)


def lane_keys(lane: Lane) -> list[str]:
    return [key for key, calculation in calculations().items() if calculation.lane is lane]
