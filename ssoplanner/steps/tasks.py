"""Tasks: what somebody is asked to do, by when, and for which step; who may ask whom, and who may change what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404

from ssoplanner.access.gate import Member, NotYourRole, plan_for, sees_agency
from ssoplanner.core.models import Agency, Plan, Role, User
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, create, update
from ssoplanner.steps.models import StepProgress, Task
from ssoplanner.steps.progress import today

# A viewer reads what is released, and is given nothing to do.
WORKS = frozenset(Role) - {Role.VIEWER}


# --- Who may --------------------------------------------------------------------------------------------------------


def owned_steps(member: Member) -> frozenset[str]:
    """The keys of the steps that the member owns: one query."""
    rows = StepProgress.objects.for_plan(member.plan).filter(owner=member.user)
    return frozenset(rows.values_list("step", flat=True))


def adds_tasks(member: Member, own: frozenset[str], step: str = "") -> bool:
    """May the member add a task at all, with `step` one for that step? `own` are the steps that the member owns."""
    return member.has(*WORKS) or (step in own if step else bool(own))


def asks_others(member: Member, own: frozenset[str], step: str) -> bool:
    """May the member give others a task for this step? The program office, and the step's owner."""
    return member.runs_plan or step in own


def check_asks(member: Member, own: frozenset[str], *, owner: User, step: str) -> None:
    """Raise ValidationError where this owner is not the member's to choose for this step."""
    if asks_others(member, own, step) or (owner == member.user and member.has(*WORKS)):
        return
    raise ValidationError({"owner": "Only the program office and the owner of the step give others a task for it."})


def changes_task(member: Member, task: Task) -> bool:
    """May the member change this task, finish it and open it again? Its owner, who asked for it, the office."""
    return member.user.pk in {task.owner_id, task.asked_by_id} or member.runs_plan


def check_changes_task(member: Member, task: Task) -> None:
    if not changes_task(member, task):
        raise NotYourRole("Only its owner, who asked for it and the program office change a task.")


def removes_task(member: Member, task: Task) -> bool:
    return member.user.pk == task.asked_by_id or member.runs_plan


def check_removes_task(member: Member, task: Task) -> None:
    if not removes_task(member, task):
        raise NotYourRole("Only who asked for it and the program office remove a task. Its owner can finish it.")


# --- Writing --------------------------------------------------------------------------------------------------------


def add_task(  # noqa: PLR0913  what a task is made of
    plan: Plan,
    *,
    title: str,
    owner: User,
    asked_by: User | None,
    actor: Actor,
    due: date | None = None,
    step: str = "",
    agency: Agency | None = None,
    detail: str = "",
    origin: str = "",
) -> Task:
    """Ask `owner` to do something. Raises ValidationError, a sentence a field, if it cannot be asked of them."""
    with saving():
        _check_due(plan, due)
        values = {"title": title, "detail": detail, "owner": owner, "asked_by": asked_by, "due": due}
        values |= {"step": step, "agency": agency, "origin": origin}
        task = create(Task, plan=plan, actor=actor, values=values)
        _check_owner(task)
        return task


def change_task(
    task: Task, *, actor: Actor, version: int, values: Mapping[str, Any], seen: Mapping[str, int] | None = None
) -> Task:
    """Save `values` as the writer does. A day that is past is refused only if it is newly given."""
    with saving():
        before = update(task, actor=actor, version=version, values={})  # locked; nothing is written
        due = values.get("due", before.due)
        if due != before.due:
            _check_due(task.plan, due)
        saved = update(task, actor=actor, version=version, values=values, seen=seen)
        if {"owner", "agency"} & values.keys():
            _check_owner(saved)
        return saved


def finish_task(task: Task, *, actor: Actor) -> Task:
    """Note that it is done today; one that was done before keeps its day."""
    with saving():
        current = update(task, actor=actor, version=task.version, values={})  # locked, as it is now
        return current if current.done_on else _done_on(current, actor, today(task.plan))


def reopen_task(task: Task, *, actor: Actor) -> Task:
    """It is to be done after all."""
    with saving():
        return _done_on(update(task, actor=actor, version=task.version, values={}), actor, None)


def _done_on(task: Task, actor: Actor, day: date | None) -> Task:
    return update(task, actor=actor, version=task.version, values={"done_on": day})


def _check_due(plan: Plan, due: date | None) -> None:
    if due is not None and due < today(plan):
        raise ValidationError({"due": "This day is past. Choose today or a later day, or leave it empty."})


def _check_owner(task: Task) -> None:
    """Whoever is asked is in the plan, works in it, and may see the agency that the task is about."""
    try:
        owner = plan_for(task.owner, task.plan.slug)
    except Http404:
        said = f"{task.owner} is not in the plan. Choose one of its members."
        raise ValidationError({"owner": said}) from None
    if not owner.has(*WORKS):
        raise ValidationError({"owner": f"{task.owner} is a viewer, who only reads. Choose somebody who works on it."})
    if task.agency is not None and not sees_agency(owner, task.agency):
        said = f"{task.owner} does not see the figures of {task.agency}. Choose another agency, or none."
        raise ValidationError({"agency": said})
