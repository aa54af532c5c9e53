"""The questions on readiness that a plan begins with: ten a dimension for every tier, and some for single tiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from assess.models import Dimension, Question, QuestionSet
from assess.starter_questions.alignment import ALIGNMENT
from assess.starter_questions.capacity import CAPACITY
from assess.starter_questions.culture import CULTURE
from assess.starter_questions.digital import DIGITAL
from assess.starter_questions.question import StarterQuestion
from ssoplanner.core.models import Plan
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, bulk_load, create
from ssoplanner.starter.once import one_at_a_time
from ssoplanner.steps.progress import today

STARTER: Mapping[Dimension, tuple[StarterQuestion, ...]] = {
    Dimension.CULTURE: CULTURE,
    Dimension.DIGITAL: DIGITAL,
    Dimension.CAPACITY: CAPACITY,
    Dimension.ALIGNMENT: ALIGNMENT,
}


def give_questions(plan: Plan, actor: Actor, *, published_on: date | None = None) -> QuestionSet:
    """The plan's newest published set; the starter questions, published (today, unless told) if it has none yet."""
    with saving():
        one_at_a_time(plan)
        found = QuestionSet.objects.for_plan(plan).filter(published_on__isnull=False).first()
        if found is not None:
            return found
        number = QuestionSet.objects.for_plan(plan).count() + 1
        values = {
            "number": number,
            "note": "The questions that every plan begins with",
            "published_on": published_on or today(plan),
        }
        made = create(QuestionSet, plan=plan, actor=actor, values=values)
        bulk_load(Question, plan=plan, actor=actor, rows=_rows(made), label="starter questions")
        return made


def _rows(question_set: QuestionSet) -> Iterator[dict[str, Any]]:
    for dimension, questions in STARTER.items():
        for place, one in enumerate(questions, start=1):
            yield {
                "question_set": question_set,
                "code": one.code,
                "dimension": dimension.value,
                "pillars": [pillar.value for pillar in one.pillars],
                "text": one.text,
                "levels": list(one.levels),
                "weight": one.weight,
                "evidence_hint": one.evidence_hint,
                "tiers": [tier.value for tier in one.tiers],
                "action": one.action,
                "place": place,
            }
