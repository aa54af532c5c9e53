"""How a plan's progress with a step is read and written; reading needs no row to be there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from ssoplanner.core.models import Membership, Plan, User
from ssoplanner.recompute import clock
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, update
from ssoplanner.steps.beginning import BLANK, begun
from ssoplanner.steps.models import StepProgress, StepStatus
from ssoplanner.steps.registry import step


def today(plan: Plan) -> date:
    """The date in the plan's zone."""
    return plan.day_of(clock.now())


def progress_of(plan: Plan, key: str) -> StepProgress:
    """The plan's progress with a step; a blank row, not stored, where nobody has begun it."""
    found = StepProgress.objects.for_plan(plan).filter(step=key).select_related("owner").first()
    return found or StepProgress(plan=plan, step=key)


def begin(plan: Plan, key: str, *, actor: Actor) -> StepProgress:
    """The stored row of a step; a blank one is stored first where there is none."""
    return begun(StepProgress, plan, {"step": key}, actor=actor, find=lambda: progress_of(plan, key))


def save_progress(
    plan: Plan,
    key: str,
    *,
    actor: Actor,
    version: int,
    values: Mapping[str, Any],
    seen: Mapping[str, int] | None = None,
) -> StepProgress:
    """Save owner, dates or status, read at `version` (0 if there was no row), and let the actual dates follow.

    Raises as the writer does, and ValidationError if an owner is no member of the plan.
    """
    with saving():
        row = begin(plan, key, actor=actor)
        saved = update(row, actor=actor, version=max(version, BLANK), values=values, seen=seen)
        _check_owner(saved)
        return update(saved, actor=actor, version=saved.version, values=_actual_dates(saved))


def _check_owner(row: StepProgress) -> None:
    if row.owner is not None and not is_member(row.plan, row.owner):
        raise ValidationError({"owner": f"{row.owner} is not in the plan any more. Choose another owner."})


def is_member(plan: Plan, user: User) -> bool:
    return Membership.objects.for_plan(plan).filter(user=user).exists()


def _actual_dates(row: StepProgress) -> dict[str, date | None]:
    """When it started and was completed, as its status says; a date that is there already stands."""
    now, status = today(row.plan), row.status
    started = row.started
    if status == StepStatus.UPCOMING:
        started = None
    elif status == StepStatus.ON_TRACK:
        started = started or now
    completed = (row.completed or now) if status == StepStatus.COMPLETE else None
    return {"started": started, "completed": completed}


def tick(plan: Plan, key: str, *, actor: Actor, add: Collection[str], remove: Collection[str]) -> StepProgress:
    """Tick some criteria and clear others; what others ticked meanwhile stays. ValidationError if one is unknown."""
    with saving():
        row = begin(plan, key, actor=actor)
        # Locked by an update that changes nothing: what is ticked is read as it is now.
        row = update(row, actor=actor, version=row.version, values={})
        order = [criterion.key for criterion in step(key).done_when]
        wanted = (set(row.met) | set(add)) - set(remove)
        met = sorted(wanted, key=lambda one: (one not in order, order.index(one) if one in order else 0))
        return update(row, actor=actor, version=row.version, values={"met": met})


def latest_need(plan: Plan, key: str) -> StepProgress | None:
    """Of the steps that this one waits for, the one that is due last."""
    waits = StepProgress.objects.for_plan(plan).filter(step__in=step(key).needs, due__isnull=False)
    return waits.order_by("-due", "step").first()
