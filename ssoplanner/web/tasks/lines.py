"""What a line of My tasks is, where lines come from, and how a day makes them overdue.

A source is a function: from a `Scope` (a plan, some of its people, a moment) to lines, by a fixed number of queries
however many people there are. Each line is for one person, and holds what that person may see and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from importlib import import_module

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan
from ssoplanner.phases import phase_modules
from ssoplanner.recompute import clock
from ssoplanner.steps.registry import steps_by_key
from ssoplanner.web.steps import step_url

SOON = timedelta(days=7)
LATELY = timedelta(days=14)
SHARED = ("own", "duties")


class State(Enum):
    """By its day, the most urgent first; `label` heads its group, `tone` is the mark beside it."""

    OVERDUE = ("overdue", "Overdue", "critical")
    THIS_WEEK = ("this-week", "This week", "late")
    LATER = ("later", "Later", "upcoming")
    NO_DATE = ("no-date", "No date", "neutral")
    DONE = ("done", "Done lately", "complete")

    def __init__(self, key: str, label: str, tone: str) -> None:
        self.key, self.label, self.tone = key, label, tone


URGENT = (State.OVERDUE, State.THIS_WEEK)


def state_of(due: date | None, today: date) -> State:
    """Of something that is still to be done. Derived on display, so that midnight changes no row."""
    if due is None:
        return State.NO_DATE
    if due < today:
        return State.OVERDUE
    return State.THIS_WEEK if due <= today + SOON else State.LATER


@dataclass(frozen=True)
class Scope:
    """Whose lines are asked for: people of a plan by id of their account, at a moment, a day in the plan's own zone."""

    plan: Plan
    people: Mapping[int, Member]
    now: datetime

    @property
    def today(self) -> date:
        return self.plan.day_of(self.now)

    @property
    def since(self) -> date:
        """What was done before this day is no longer shown."""
        return self.today - LATELY


def scope_of(*members: Member) -> Scope:
    """Of people of one plan, now."""
    return Scope(members[0].plan, {member.user.pk: member for member in members}, clock.now())


@dataclass(frozen=True)
class StepRef:
    """The step that a line is about."""

    key: str
    code: str
    title: str
    url: str


@dataclass(frozen=True)
class Action:
    """A button that sends a form to `url`."""

    label: str
    url: str


@dataclass(frozen=True)
class TaskLine:
    """One thing that waits for one person.

    `kind` is what it is in a word (empty where all are tasks), `title` what is to be done, `why` says why it is theirs,
    `notes` what else to know. `url` is where it is done, and empty where there is no such page yet. `told` is when it
    came to be theirs, where that is news to them.
    """

    person: int
    kind: str
    title: str
    url: str
    why: str
    state: State
    due: date | None = None
    step: StepRef | None = None
    notes: tuple[str, ...] = ()
    done_on: date | None = None
    told: datetime | None = None
    action: Action | None = None


Lines = Iterable[TaskLine]


@dataclass(frozen=True)
class Source:
    """`lines` makes them. `in_mail`: reminders are sent of those that have a day or were told lately."""

    lines: Callable[[Scope], Lines]
    in_mail: bool = True


@cache
def sources() -> tuple[Source, ...]:
    """All of them: the shared ones, then those of the phases."""
    own = [import_module(f"ssoplanner.web.tasks.{name}") for name in SHARED]
    return tuple(source for module in (*own, *phase_modules("tasks")) for source in module.SOURCES)


def lines(scope: Scope, some: Iterable[Source] | None = None) -> list[TaskLine]:
    """What waits for these people: the most urgent first, what is done last and the newest of it first."""
    found = [line for source in (sources() if some is None else some) for line in source.lines(scope)]
    order = list(State)
    return sorted(found, key=lambda line: (order.index(line.state), _rank(line)))


def _rank(line: TaskLine) -> int:
    if line.state is State.DONE:
        return -(line.done_on or date.min).toordinal()
    return (line.due or date.max).toordinal()


def step_ref(plan: Plan, key: str) -> StepRef | None:
    """None where it is about no step, or about one that the method no longer has."""
    declared = steps_by_key().get(key)
    return StepRef(key, declared.code, declared.title, step_url(plan, key)) if declared else None
