"""The 23 steps as a plan has them: the declaration of each, its progress, and what waits for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ssoplanner.core.models import Membership, Plan
from ssoplanner.steps.models import StepProgress, StepStatus
from ssoplanner.steps.progress import today
from ssoplanner.steps.registry import Pillar, Step, steps
from ssoplanner.web.steps import Progress, all_progress, step_url

UNDER_WAY = frozenset({StepStatus.ON_TRACK, StepStatus.LATE, StepStatus.CRITICAL})
LATE = frozenset({StepStatus.LATE, StepStatus.CRITICAL})


@dataclass(frozen=True)
class StepRef:
    """A step as others refer to it."""

    key: str
    code: str
    short: str
    url: str
    status: StepStatus

    @property
    def is_complete(self) -> bool:
        return self.status == StepStatus.COMPLETE


@dataclass(frozen=True)
class StepLine:
    """A step of the plan on the day `now`. `owner` is empty where nobody has it, `met` counts its ticked criteria."""

    ref: StepRef
    title: str
    phase: str
    pillars: tuple[Pillar, ...]
    owner: str
    owner_left: bool
    planned_start: date | None
    due: date | None
    started: date | None
    completed: date | None
    met: int
    criteria: int
    waits_for: tuple[StepRef, ...]
    holds_up: tuple[StepRef, ...]
    now: date

    @property
    def key(self) -> str:
        return self.ref.key

    @property
    def code(self) -> str:
        return self.ref.code

    @property
    def short(self) -> str:
        return self.ref.short

    @property
    def url(self) -> str:
        return self.ref.url

    @property
    def status(self) -> StepStatus:
        return self.ref.status

    @property
    def status_label(self) -> str:
        return str(self.status.label)

    @property
    def is_complete(self) -> bool:
        return self.ref.is_complete

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY

    @property
    def days_over(self) -> int:
        """How many days past its date: until today, or until it was complete. 0 for one that is in time."""
        end = self.completed if self.is_complete else self.now
        return max((end - self.due).days, 0) if self.due and end else 0

    @property
    def is_overdue(self) -> bool:
        return self.days_over > 0 and not self.is_complete

    @property
    def is_late(self) -> bool:
        """Past its date, or called late by its owner."""
        return self.is_overdue or self.status in LATE

    @property
    def is_planned(self) -> bool:
        """Whether anybody has said anything of when it is done and by whom."""
        return bool(self.owner or self.planned_start or self.due) or self.status != StepStatus.UPCOMING

    @property
    def waiting_for(self) -> tuple[StepRef, ...]:
        """Of the steps that it needs, those that are not complete; none once it is complete itself."""
        return () if self.is_complete else tuple(need for need in self.waits_for if not need.is_complete)

    @property
    def is_held_up(self) -> bool:
        """Whether it waits although it is under way, or its start is past."""
        begins = self.is_under_way or (self.planned_start is not None and self.planned_start <= self.now)
        return begins and bool(self.waiting_for)


def step_lines(plan: Plan) -> tuple[StepLine, ...]:
    """All steps in order: two queries."""
    progress = all_progress(plan)
    members = set(Membership.objects.for_plan(plan).values_list("user", flat=True))
    refs = {one.key: _ref(plan, one, progress) for one in steps()}
    now = today(plan)
    return tuple(_line(one, progress.get(one.key) or StepProgress(step=one.key), refs, members, now) for one in steps())


def _ref(plan: Plan, one: Step, progress: Progress) -> StepRef:
    row = progress.get(one.key)
    status = StepStatus(row.status) if row else StepStatus.UPCOMING
    return StepRef(one.key, one.code, one.short, step_url(plan, one.key), status)


def _line(one: Step, row: StepProgress, refs: Mapping[str, StepRef], members: set[int], now: date) -> StepLine:
    return StepLine(
        ref=refs[one.key],
        title=one.title,
        phase=one.key.partition(".")[0],
        pillars=one.pillars,
        owner=str(row.owner) if row.owner else "",
        owner_left=row.owner_id is not None and row.owner_id not in members,
        planned_start=row.planned_start,
        due=row.due,
        started=row.started,
        completed=row.completed,
        met=len(row.met),
        criteria=len(one.done_when),
        waits_for=tuple(refs[need] for need in one.needs),
        holds_up=tuple(refs[other.key] for other in steps() if one.key in other.needs),
        now=now,
    )
