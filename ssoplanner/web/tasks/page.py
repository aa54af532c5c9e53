"""What pages show of tasks: one's own in groups, everybody's, those of a step, and the number in the bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse

from ssoplanner.access.gate import Member, members_of, sees_agency_name
from ssoplanner.core.models import Plan
from ssoplanner.steps.models import Task
from ssoplanner.steps.tasks import adds_tasks, asks_others, changes_task, owned_steps
from ssoplanner.web import formats
from ssoplanner.web.steps import talks
from ssoplanner.web.tasks import own
from ssoplanner.web.tasks.lines import (
    URGENT,
    Scope,
    State,
    TaskLine,
    lines,
    scope_of,
    state_of,
)

FIRST = 3  # on the home page
OF_ONE = 5  # of one person, where everybody's are shown
WEEKS, MONTHS = 60, 700  # days from which weeks are too small, then months


@dataclass(frozen=True)
class ShownLine:
    """A line with its day in words. `when` is empty where there is nothing to say."""

    line: TaskLine
    when: str
    day: str


@dataclass(frozen=True)
class Group:
    state: State
    lines: Sequence[ShownLine]


@dataclass(frozen=True)
class Counts:
    """How much is urgent: past its day, due within a week, or waiting for an answer."""

    overdue: int
    due: int
    mentions: int

    @property
    def total(self) -> int:
        return self.overdue + self.due + self.mentions

    @property
    def words(self) -> str:
        """As "2 overdue, 1 due this week"; empty if nothing is urgent."""
        mentions = f"{self.mentions} {'mention' if self.mentions == 1 else 'mentions'} to answer"
        said = ((self.overdue, f"{self.overdue} overdue"), (self.due, f"{self.due} due this week"))
        return ", ".join(text for count, text in (*said, (self.mentions, mentions)) if count)


def counts_of(found: Iterable[TaskLine]) -> Counts:
    kinds = Counter((line.state, line.due is None) for line in found)
    return Counts(kinds[State.OVERDUE, False], kinds[State.THIS_WEEK, False], kinds[State.THIS_WEEK, True])


# --- Words ----------------------------------------------------------------------------------------------------------


def due_words(due: date, today: date, plan: Plan) -> str:
    """As "3 days overdue", "due tomorrow", "due in 5 weeks"."""
    days = (due - today).days
    if days < 0:
        return f"{formats.counted(-days, 'day', 'days', plan)} overdue"
    if days < 2:
        return "due tomorrow" if days else "due today"
    if days <= WEEKS:
        return f"due in {formats.counted(days, 'day', 'days', plan)}" if days < 14 else f"due in {days // 7} weeks"
    return f"due in {days // 30} months" if days < MONTHS else f"due in {days // 365} years"


def shown(line: TaskLine, scope: Scope) -> ShownLine:
    if line.state is State.DONE:
        return ShownLine(line, "done", formats.day(line.done_on, scope.plan))
    if line.due is None:
        return ShownLine(line, "waits for an answer" if line.state is State.THIS_WEEK else "", "")
    return ShownLine(line, due_words(line.due, scope.today, scope.plan), formats.day(line.due, scope.plan))


# --- One's own ------------------------------------------------------------------------------------------------------


def my_tasks(member: Member) -> dict[str, Any]:
    """All that waits for the member, in groups; the empty ones are left out."""
    scope = scope_of(member)
    found = lines(scope)
    groups = [Group(state, [shown(line, scope) for line in found if line.state is state]) for state in State]
    return {
        "counts": counts_of(found),
        "groups": [group for group in groups if group.lines],
        "nothing_open": all(line.state is State.DONE for line in found),
    }


def yours(member: Member) -> dict[str, Any]:
    """The most urgent of what is the member's own, for the home page."""
    scope = scope_of(member)
    urgent = [line for line in lines(scope, own.SOURCES) if line.state in URGENT]
    return {"counts": counts_of(urgent), "lines": [shown(line, scope) for line in urgent[:FIRST]]}


class BarTasks:
    """The number beside "My tasks" in the bar: asked for only where the bar is drawn, by one query."""

    def __init__(self, member: Member) -> None:
        self.member = member

    @cached_property
    def counts(self) -> Counts:
        scope = scope_of(self.member)
        days = own.urgent_days(scope)
        states = Counter(state_of(day, scope.today) for day in days if day is not None)
        return Counts(states[State.OVERDUE], states[State.THIS_WEEK], days.count(None))


# --- Everybody's ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """What is urgent for one person, and how much else there is."""

    name: str
    roles: str
    counts: Counts
    lines: Sequence[ShownLine]
    more: str


def everybodys(plan: Plan) -> dict[str, Any]:
    """For the program office: who has what to do, who has nothing, and the tasks of people who left."""
    members = members_of(plan)
    scope = scope_of(*members)
    by_person: dict[int, list[TaskLine]] = {}
    for line in lines(scope):
        if line.state is not State.DONE:
            by_person.setdefault(line.person, []).append(line)
    busy = [_person(member, by_person[member.user.pk], scope) for member in members if member.user.pk in by_person]
    busy.sort(key=lambda person: (-person.counts.overdue, -person.counts.total, person.name.casefold()))
    left = Task.objects.for_plan(plan).filter(done_on=None).exclude(owner__in=scope.people).select_related("owner")
    return {
        "people": busy,
        "idle": [str(member.user) for member in members if member.user.pk not in by_person],
        "ownerless": [(task, reverse("task_edit", kwargs={"slug": plan.slug, "task_id": task.pk})) for task in left],
    }


def _person(member: Member, found: Sequence[TaskLine], scope: Scope) -> Person:
    urgent = [line for line in found if line.state in URGENT]
    states = Counter(line.state for line in found)
    rest = ((len(urgent) - OF_ONE, "more urgent"), (states[State.LATER], "later"), (states[State.NO_DATE], "no date"))
    more = ", ".join(f"{count} {'without a date' if what == 'no date' else what}" for count, what in rest if count > 0)
    # What somebody else asks them in what words, and their buttons, are theirs.
    shown_lines = [shown(replace(line, why="", notes=(), action=None), scope) for line in urgent[:OF_ONE]]
    return Person(str(member.user), member.role_names, counts_of(found), shown_lines, more)


# --- Of a step ------------------------------------------------------------------------------------------------------


def visible_tasks(member: Member) -> Any:
    """The tasks that the member may know of: their own, and to those who work here what is about no foreign agency."""
    rows = Task.objects.for_plan(member.plan).select_related("owner", "asked_by", "agency")
    if member.sees_all:
        return rows
    known = Q(owner=member.user) | Q(asked_by=member.user)
    if talks(member):
        known |= Q(agency=None) | Q(agency__in=member.agency_ids)
    return rows.filter(known)


def step_task_context(member: Member, key: str) -> dict[str, Any]:
    """What the page of a step shows of its tasks. Viewers see those that they have to do with, and else no list."""
    held, steps = step_tasks(member, key), owned_steps(member)
    adds = adds_tasks(member, steps, key)
    return {
        "tasks": held,
        "shows_tasks": bool(held) or adds,
        "adds_tasks": adds,
        "asks_others": asks_others(member, steps, key),
    }


def step_tasks(member: Member, key: str) -> list[ShownLine]:
    """The tasks for a step that the member may know of, with their owners: one query."""
    scope = scope_of(member)
    rows = visible_tasks(member).filter(step=key).filter(Q(done_on=None) | Q(done_on__gte=scope.since))
    found = [_of_step(task, member, scope) for task in rows]
    order = list(State)
    lines_shown = [shown(line, scope) for line in sorted(found, key=lambda line: order.index(line.state))]
    return [replace(one, when=one.when or "no date") for one in lines_shown]


def _of_step(task: Task, member: Member, scope: Scope) -> TaskLine:
    keys = {"slug": scope.plan.slug, "task_id": task.pk}
    done, mine = task.done_on is not None, task.owner_id == member.user.pk
    about = task.agency is not None and sees_agency_name(member, task.agency)
    changes = changes_task(member, task)
    return TaskLine(
        person=task.owner_id,
        kind="",
        title=task.title,
        url=reverse("task_edit", kwargs=keys) if changes else "",
        why="You" if mine else str(task.owner),
        state=State.DONE if done else state_of(task.due, scope.today),
        due=task.due,
        notes=(f"About {task.agency}.",) if about else (),
        done_on=task.done_on,
        action=own.button(done, keys) if changes else None,
    )
