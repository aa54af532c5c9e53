"""Versions of the readiness questions: prepared as a draft, published, and then never changed.

A published version stays as it is, so that answers keep the question they were given to. A campaign takes the newest
published one as it begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from assess.models import Dimension, Question, QuestionSet
from ssoplanner.core.models import Plan
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, bulk_load, create, delete, update
from ssoplanner.starter.once import one_at_a_time
from ssoplanner.steps.progress import today

PUBLISHED = "This version is published and stays as it is. Prepare a new one to change it."
NO_DRAFT = "There is no draft any more: it was published or discarded meanwhile. Load the page again."
NO_NOTE = "Say in a few words what is new, so that readers of old answers know what changed."
NOTHING_ASKED = "No question on {dimension} would count. Add one, take one back in, or give one a weight above zero."
COPIED = ("code", "dimension", "pillars", "text", "levels", "weight", "evidence_hint", "tiers", "action", "place")
COMPARED = {
    "text": "reworded",
    "levels": "levels reworded",
    "weight": "weighed anew",
    "dimension": "moved to another dimension",
    "pillars": "other pillars",
    "tiers": "for other tiers",
    "evidence_hint": "other evidence asked for",
    "action": "other action",
}


@dataclass(frozen=True)
class Novelty:
    """How a question differs from the version before: `what` says it in words."""

    question: Question
    what: str


def newest(plan: Plan) -> QuestionSet | None:
    """The newest published version: what the next campaign asks."""
    return QuestionSet.objects.for_plan(plan).filter(published_on__isnull=False).first()


def draft(plan: Plan) -> QuestionSet | None:
    """The version that is being prepared, if one is."""
    return QuestionSet.objects.for_plan(plan).filter(published_on__isnull=True).first()


def begin_draft(plan: Plan, *, actor: Actor) -> QuestionSet:
    """A draft with every question of the newest version, retired ones too; the one that is there already, if one is."""
    with saving():
        one_at_a_time(plan)
        if found := draft(plan):
            return found
        before = newest(plan)
        numbers = QuestionSet.objects.for_plan(plan).values_list("number", flat=True)
        made = create(QuestionSet, plan=plan, actor=actor, values={"number": max(numbers, default=0) + 1})
        if before is not None:
            label = f"questions of version {before.number}"
            bulk_load(Question, plan=plan, actor=actor, rows=_copies(before, made), label=label)
        return made


def _copies(before: QuestionSet, made: QuestionSet) -> Iterator[dict[str, Any]]:
    for question in Question.objects.for_plan(before.plan).filter(question_set=before):
        kept = {name: getattr(question, name) for name in (*COPIED, "is_retired")}
        yield {"question_set": made, **kept}


def add_question(plan: Plan, *, actor: Actor, values: Mapping[str, Any]) -> Question:
    """Add a question to the draft, behind the others of its dimension, with a code of its own."""
    with saving():
        current = _locked_draft(plan)
        there = list(Question.objects.for_plan(plan).values_list("code", "place"))
        place = max((place for _, place in there), default=0) + 1
        code = _free_code(Dimension(values["dimension"]), {code for code, _ in there})
        given = {**values, "question_set": current, "code": code, "place": place}
        return create(Question, plan=plan, actor=actor, values=given)


def _free_code(dimension: Dimension, taken: set[str]) -> str:
    """Such as CU-14. A code of any version is taken: it would compare a new question with an old one."""
    return next(
        code
        for number in range(1, len(taken) + 2)
        if (code := f"{dimension.value[:2].upper()}-{number:02}") not in taken
    )


def change_question(
    question: Question, *, actor: Actor, version: int, values: Mapping[str, Any], seen: Mapping[str, int]
) -> Question:
    """Change a question of the draft. Raises ValidationError if its version was published meanwhile."""
    with saving():
        _check_draft(question)
        return update(question, actor=actor, version=version, values=values, seen=seen)


def remove_question(question: Question, *, actor: Actor, version: int) -> None:
    """Take a question out of the draft. Raises as `change_question`; older versions keep theirs."""
    with saving():
        _check_draft(question)
        delete(question, actor=actor, version=version)


def _check_draft(question: Question) -> None:
    if _locked_draft(question.plan).pk != question.question_set_id:
        raise ValidationError(PUBLISHED)


def _locked_draft(plan: Plan) -> QuestionSet:
    """The draft, which nobody publishes or discards until the transaction ends. Raises ValidationError if none is."""
    one_at_a_time(plan)
    if (found := draft(plan)) is None:
        raise ValidationError(NO_DRAFT)
    return found


def publish(plan: Plan, *, actor: Actor, note: str) -> QuestionSet:
    """Publish the draft; from now on it is what a new campaign asks. Raises ValidationError, a sentence each."""
    with saving():
        current = _locked_draft(plan)
        if not note.strip():
            raise ValidationError({"note": NO_NOTE})
        silent = _silent(current)
        if silent:
            raise ValidationError([NOTHING_ASKED.format(dimension=one.label.lower()) for one in silent])
        values = {"note": note.strip(), "published_on": today(plan)}
        return update(current, actor=actor, version=current.version, values=values)


def _silent(current: QuestionSet) -> list[Dimension]:
    """The dimensions of which no agency of this plan would be asked anything that counts."""
    rows = Question.objects.for_plan(current.plan).filter(question_set=current, is_retired=False, weight__gt=0)
    asked = {row.dimension for row in rows if not row.tiers or current.plan.tier in row.tiers}
    return [one for one in Dimension if one.value not in asked]


def discard(plan: Plan, *, actor: Actor) -> None:
    """Throw the draft away with its questions. Does nothing if there is none."""
    with saving():
        one_at_a_time(plan)
        current = draft(plan)
        if current is None:
            return
        for question in Question.objects.for_plan(plan).filter(question_set=current):
            delete(question, actor=actor, version=question.version)
        delete(current, actor=actor, version=current.version)


def novelties(questions: Sequence[Question], before: Sequence[Question]) -> list[Novelty]:
    """What differs from the version before, by the questions' codes, in the order of the questions; then those gone."""
    known, kept = {one.code: one for one in before}, {one.code for one in questions}
    found = [Novelty(one, what) for one in questions if (what := _what(one, known.get(one.code)))]
    return found + [Novelty(one, "taken out") for one in before if one.code not in kept and not one.is_retired]


def _what(question: Question, before: Question | None) -> str:
    if before is None:
        return "" if question.is_retired else "new"
    if question.is_retired != before.is_retired:
        return "retired" if question.is_retired else "asked again"
    return ", ".join(what for name, what in COMPARED.items() if getattr(question, name) != getattr(before, name))
