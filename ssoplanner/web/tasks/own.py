"""What is a person's own: tasks, steps, conditions of decisions, risks, and mentions that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, Value
from django.urls import reverse

from ssoplanner.access.gate import sees_agency_name
from ssoplanner.steps.models import (
    Comment,
    Condition,
    DecisionState,
    Risk,
    RiskStatus,
    StepProgress,
    StepStatus,
    Task,
)
from ssoplanner.steps.registry import steps_by_key
from ssoplanner.web import formats
from ssoplanner.web.steps import Progress, all_progress, step_link, step_url, talks
from ssoplanner.web.tasks.lines import LATELY, Action, Lines, Scope, Source, State, TaskLine, state_of, step_ref

OPEN_RISKS = (RiskStatus.NEW, RiskStatus.IN_PROGRESS, RiskStatus.PENDING, RiskStatus.ESCALATED)
MENTIONED, SETTLED = Comment.mentions.through, Comment.settled.through


# --- Tasks ----------------------------------------------------------------------------------------------------------


def open_tasks(scope: Scope) -> Any:
    return Task.objects.for_plan(scope.plan).filter(owner__in=scope.people, done_on=None)


def task_rows(scope: Scope) -> Any:
    """Open ones and those done lately, with all that a line says."""
    mine = Task.objects.for_plan(scope.plan).filter(owner__in=scope.people)
    shown = mine.filter(Q(done_on=None) | Q(done_on__gte=scope.since))
    return shown.select_related("agency", "asked_by", "owner")


def task_line(task: Task, scope: Scope) -> TaskLine:
    """As its owner reads it; the name of an agency is left out where they may not know it."""
    owner, by_oneself = scope.people[task.owner_id], task.asked_by_id == task.owner_id
    keys = {"slug": scope.plan.slug, "task_id": task.pk}
    done = task.done_on is not None
    about = task.agency is not None and sees_agency_name(owner, task.agency)
    return TaskLine(
        person=task.owner_id,
        kind="Task",
        title=task.title,
        url=reverse("task_edit", kwargs=keys),
        why=_asked(task, by_oneself),
        state=State.DONE if done else state_of(task.due, scope.today),
        due=task.due,
        step=step_ref(scope.plan, task.step),
        notes=(*((f"About {task.agency}.",) if about else ()), *((task.detail,) if task.detail else ())),
        done_on=task.done_on,
        told=None if by_oneself else task.changed_at,
        action=button(done, keys),
    )


def _asked(task: Task, by_oneself: bool) -> str:
    if by_oneself:
        return "You set this for yourself"
    return f"{task.asked_by} asks you" if task.asked_by else "Suggested by ssoplanner"


def button(done: bool, keys: dict[str, Any]) -> Action:
    if done:
        return Action("Not done yet", reverse("task_reopen", kwargs=keys))
    return Action("Done", reverse("task_done", kwargs=keys))


def tasks(scope: Scope) -> Lines:
    return (task_line(task, scope) for task in task_rows(scope))


# --- Steps ----------------------------------------------------------------------------------------------------------


def open_steps(scope: Scope) -> Any:
    rows = StepProgress.objects.for_plan(scope.plan).filter(owner__in=scope.people, step__in=steps_by_key())
    return rows.exclude(status=StepStatus.COMPLETE)


def steps(scope: Scope) -> Iterator[TaskLine]:
    """Steps that are theirs, with what is not ticked and what they wait for."""
    progress = all_progress(scope.plan)
    for key, row in progress.items():
        done = row.status == StepStatus.COMPLETE
        lately = row.completed is not None and row.completed >= scope.since
        if row.owner_id is None or row.owner_id not in scope.people or key not in steps_by_key():
            continue
        if done and not lately:
            continue
        yield TaskLine(
            person=row.owner_id,
            kind="Step",
            title=str(row.declared),
            url=step_url(scope.plan, key),
            why="You own this step",
            state=State.DONE if done else state_of(row.due, scope.today),
            due=row.due,
            notes=() if done else tuple(_still_open(row, progress, scope)),
            done_on=row.completed if done else None,
        )


def _still_open(row: StepProgress, progress: Progress, scope: Scope) -> Iterator[str]:
    links = [step_link(scope.plan, steps_by_key()[need], progress) for need in row.declared.needs]
    waits = [link.name.split(" ", 1)[0] for link in links if link.status != StepStatus.COMPLETE]
    if waits:
        yield f"It waits for {' and '.join(waits)}, not complete yet."
    missing = [criterion.text for criterion in row.declared.done_when if criterion.key not in row.met]
    if missing:
        criteria = formats.counted(len(row.declared.done_when), "criterion", "criteria", scope.plan)
        yield f"{len(missing)} of {criteria} not met yet: {missing[0]}" + (" …" if len(missing) > 1 else "")


# --- Conditions and risks -------------------------------------------------------------------------------------------


def decided_conditions(scope: Scope) -> Any:
    """Of decisions that were made: what is still being prepared binds nobody. Those that are tasks are listed there."""
    rows = Condition.objects.for_plan(scope.plan).filter(decision__state=DecisionState.DECIDED, task=None)
    return rows.filter(owner__in=scope.people)


def open_conditions(scope: Scope) -> Any:
    return decided_conditions(scope).filter(met_at=None)


def conditions(scope: Scope) -> Iterator[TaskLine]:
    lately = Q(met_at=None) | Q(met_at__gte=scope.now - LATELY - timedelta(days=1))
    for row in decided_conditions(scope).filter(lately).select_related("decision").defer("decision__rests_on"):
        met = scope.plan.day_of(row.met_at) if row.met_at else None
        if met is not None and met < scope.since:
            continue
        yield TaskLine(
            person=row.owner_id,
            kind="Condition",
            title=row.text,
            url="",
            why="You own this condition of a decision",
            state=State.DONE if met else state_of(row.due, scope.today),
            due=row.due,
            notes=(f"Decided: {row.decision} {row.decision.outcome}.",),
            done_on=met,
        )


def risks(scope: Scope) -> Iterator[TaskLine]:
    """Those of viewers too: whoever owns a risk reads it."""
    for row in Risk.objects.for_plan(scope.plan).filter(owner__in=scope.people, status__in=OPEN_RISKS):
        ref = step_ref(scope.plan, row.step)
        yield TaskLine(
            person=row.owner_id,
            kind="Risk",
            title=row.title,
            url=reverse("risk_edit", kwargs={"slug": scope.plan.slug, "risk_id": row.pk}),
            why="You own this risk",
            state=state_of(row.due, scope.today),
            due=row.due,
            step=ref,
            notes=(f"{row.get_response_display()}. {row.get_status_display()}.",),
        )


# --- Mentions -------------------------------------------------------------------------------------------------------


def open_mentions(scope: Scope) -> Any:
    """Who is mentioned where, and has neither answered nor put it behind them. Viewers read no comments."""
    readers = [key for key, member in scope.people.items() if talks(member)]
    rows = MENTIONED.objects.filter(comment__plan=scope.plan, user__in=readers)
    settled = SETTLED.objects.filter(comment=OuterRef("comment"), user=OuterRef("user"))
    later = Comment.objects.filter(plan=scope.plan, step=OuterRef("comment__step"), id__gt=OuterRef("comment"))
    answers = later.filter(author=OuterRef("user"))
    return rows.exclude(comment__author=F("user")).exclude(Exists(settled)).exclude(Exists(answers))


def mentions(scope: Scope) -> Iterator[TaskLine]:
    """Somebody waits for the answer, so it counts among what is for this week from the day on which it was asked."""
    for row in open_mentions(scope).select_related("comment__author").order_by("-comment"):
        comment = row.comment
        ref = step_ref(scope.plan, comment.step)
        keys = {"slug": scope.plan.slug, "comment_id": comment.pk}
        yield TaskLine(
            person=row.user_id,
            kind="Mention",
            title=f"Answer {comment.author}",
            url=f"{ref.url}#comments" if ref else "",
            why=f"{comment.author} mentioned you {_when(comment.created_at, scope)}",
            state=State.THIS_WEEK,
            step=ref,
            notes=(_excerpt(comment.text),),
            told=comment.created_at,
            action=Action("Done with it", reverse("mention_done", kwargs=keys)),
        )


def _when(moment: datetime, scope: Scope) -> str:
    days = (scope.today - scope.plan.day_of(moment)).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"on {formats.day(scope.plan.day_of(moment), scope.plan)}"


def _excerpt(text: str, longest: int = 160) -> str:
    words = " ".join(text.split())
    return f"“{words}”" if len(words) <= longest else f"“{words[:longest].rsplit(' ', 1)[0]} …”"


SOURCES = (Source(tasks), Source(steps), Source(conditions), Source(risks), Source(mentions))


def urgent_days(scope: Scope) -> list[date | None]:
    """The days of what may be urgent, None for a mention: one query, for the bar of every page."""
    none = Value(None, output_field=DateField())
    dated = [rows.filter(due__isnull=False) for rows in (open_tasks(scope), open_steps(scope), open_conditions(scope))]
    first, *rest = [rows.order_by().values_list("due") for rows in dated]
    return [day for (day,) in first.union(*rest, open_mentions(scope).order_by().values_list(none), all=True)]
