"""What of Assess waits for a person: questionnaires that they are asked to answer, by the day on which these close."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from assess.models import Questionnaire
from assess.readiness_sheets import answered, asked, questions_by_set, sheets_of
from ssoplanner.web.tasks.lines import Scope, Source, State, TaskLine, state_of, step_ref

STEP = "assess.readiness"


def questionnaires(scope: Scope) -> Iterator[TaskLine]:
    """Of campaigns that have opened: what is still to be answered by their last day, and what was submitted lately."""
    rows = sheets_of(scope.plan).filter(respondent__in=scope.people, campaign__opens__lte=scope.today)
    sheets = [sheet for sheet in rows.order_by("pk") if _waits(sheet, scope) or _was_done_lately(sheet, scope)]
    counts = answered(scope.plan, sheets)
    questions = questions_by_set(scope.plan, {sheet.campaign.question_set_id for sheet in sheets})
    for sheet in sheets:
        total = len(asked(questions[sheet.campaign.question_set_id], sheet.agency.tier, sheet.dimensions))
        yield _line(sheet, scope, counts.get(sheet.pk, 0), total)


def _waits(sheet: Questionnaire, scope: Scope) -> bool:
    """Once the campaign is closed nothing can be answered, so nothing waits."""
    return sheet.submitted_at is None and sheet.campaign.closes >= scope.today


def _was_done_lately(sheet: Questionnaire, scope: Scope) -> bool:
    return sheet.submitted_at is not None and scope.plan.day_of(sheet.submitted_at) >= scope.since


def _line(sheet: Questionnaire, scope: Scope, count: int, total: int) -> TaskLine:
    done = scope.plan.day_of(sheet.submitted_at) if sheet.submitted_at else None
    closes = sheet.campaign.closes
    return TaskLine(
        person=sheet.respondent_id,
        kind="Questionnaire",
        title=f"{'Rate' if sheet.independent else 'Answer for'} {sheet.agency}: {sheet.campaign}",
        url=reverse("readiness_answer", kwargs={"slug": scope.plan.slug, "sheet_id": sheet.pk}),
        why="You began this rating" if sheet.independent else "You are asked to answer",
        state=State.DONE if done else state_of(closes, scope.today),
        due=closes,
        step=step_ref(scope.plan, STEP),
        notes=() if done else _notes(sheet, count, total),
        done_on=done,
        told=sheet.created_at,
    )


def _notes(sheet: Questionnaire, count: int, total: int) -> tuple[str, ...]:
    again = (f"Opened again: {sheet.reopened}",) if sheet.reopened else ()
    return (f"{count} of {total} answered.", *again)


SOURCES = (Source(questionnaires),)
