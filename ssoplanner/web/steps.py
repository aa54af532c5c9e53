"""What a step page shows: the declaration of the method, beside what this plan says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from ssoplanner.access.gate import Member, NotYourRole
from ssoplanner.core.models import AuditEvent, Plan, Role
from ssoplanner.steps.models import Evidence, StepProgress, StepStatus
from ssoplanner.steps.progress import is_member, today
from ssoplanner.steps.registry import Step, step, steps
from ssoplanner.web import formats
from ssoplanner.web.history import EventLine, event_lines
from ssoplanner.web.steps_evidence import evidence_lines

# Viewers read what is released; what people say to each other while they work is not.
TALKS = (Role.OFFICE, Role.LEAD, Role.BOARD, Role.ANALYST)
EVENTS = 20
NOT_YET = "not yet"
Progress = Mapping[str, StepProgress]


@dataclass(frozen=True)
class StepLink:
    """A step as another page refers to it."""

    name: str
    url: str
    status: str
    status_label: str


@dataclass(frozen=True)
class Tick:
    key: str
    text: str
    met: bool


@dataclass(frozen=True)
class StepDate:
    """A day of the step, and what to say where there is none."""

    label: str
    day: date | None
    missing: str
    is_past: bool = False


def step_url(plan: Plan, key: str, name: str = "step") -> str:
    """The address of a step's page, or with `name` of another page about the step."""
    return reverse(name, kwargs={"slug": plan.slug, "step_key": key})


def all_progress(plan: Plan) -> Progress:
    """What the plan says of its steps, by key: one query. Steps that nobody has begun are missing."""
    return {row.step: row for row in StepProgress.objects.for_plan(plan).select_related("owner")}


def step_link(plan: Plan, declared: Step, progress: Progress) -> StepLink:
    row = progress.get(declared.key)
    status = StepStatus(row.status) if row else StepStatus.UPCOMING
    return StepLink(str(declared), step_url(plan, declared.key), status.value, str(status.label))


def talks(member: Member) -> bool:
    """May the member read and write comments, and read notes?"""
    return member.has(*TALKS)


def edits_step(member: Member, row: StepProgress) -> bool:
    return member.runs_plan or row.owner_id == member.user.pk


def check_edits_step(member: Member, row: StepProgress) -> None:
    if not edits_step(member, row):
        raise NotYourRole(f"Only the owner of {row} and the program office change it.")


def step_context(member: Member, declared: Step) -> dict[str, Any]:
    """The page but for its comments, with the same number of queries however large the plan is."""
    plan, progress = member.plan, all_progress(member.plan)
    row = progress.get(declared.key) or StepProgress(plan=plan, step=declared.key)
    ticks = [Tick(one.key, one.text, one.key in row.met) for one in declared.done_when]
    return {
        "step": declared,
        "tier_text": declared.text_for(plan.tier),
        "row": row,
        "link": step_link(plan, declared, progress),
        "owner_left": row.owner is not None and not is_member(plan, row.owner),
        "dates": _dates(row, today(plan)),
        "waits_for": [step_link(plan, step(need), progress) for need in declared.needs],
        "ticks": ticks,
        "met_count": sum(tick.met for tick in ticks),
        "evidence": evidence_lines(member, declared.key, talks=talks(member)),
        "talks": talks(member),
        "can_edit": edits_step(member, row),
        "events": step_history(member, row),
        "neighbours": _neighbours(plan, declared, progress),
    }


def _dates(row: StepProgress, now: date) -> list[StepDate]:
    """Planned and actual days; what is overdue is derived on display."""
    overdue = row.due is not None and row.due < now and row.status != StepStatus.COMPLETE
    return [
        StepDate("Planned start", row.planned_start, formats.NOT_GIVEN),
        StepDate("Due", row.due, formats.NOT_GIVEN, overdue),
        StepDate("Started", row.started, NOT_YET),
        StepDate("Completed", row.completed, NOT_YET),
    ]


def _neighbours(plan: Plan, declared: Step, progress: Progress) -> dict[str, StepLink | None]:
    every = steps()
    place = every.index(declared)
    before = step_link(plan, every[place - 1], progress) if place else None
    after = step_link(plan, every[place + 1], progress) if place + 1 < len(every) else None
    return {"previous": before, "next": after}


def step_history(member: Member, row: StepProgress) -> list[EventLine]:
    """The newest changes of the step and of its evidence; of the evidence only for those who may read its notes."""
    if row.pk is None:
        return []
    about = Q(model=StepProgress._meta.model_name, row_id=row.pk)
    if talks(member):
        of_step = Q(after__progress=row.pk) | Q(before__progress=row.pk)
        about |= Q(model=Evidence._meta.model_name) & of_step
    events: Iterable[AuditEvent] = (
        AuditEvent.objects.for_plan(member.plan).filter(about).select_related("user")[:EVENTS]
    )
    return event_lines(events, member.plan, reader=member)
