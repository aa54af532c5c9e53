"""One answer: what a form sends of it, and how it is saved by itself, with its own version.

On the page each question's fields begin with `q` and its id, so that all of them stand in one form that works without
a script, and each can be sent alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from assess.models import Answer, AnswerKind, Question, Questionnaire
from assess.models.readiness import LEVELS
from assess.readiness_sheets import check_open
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, update
from ssoplanner.steps.beginning import BLANK, begun

LEVEL_CHOICES = tuple(str(level) for level in range(1, LEVELS + 1))
OTHER_CHOICES = {AnswerKind.UNKNOWN.value: "Don’t know", AnswerKind.NOT_APPLICABLE.value: "Not applicable"}
TEXTS = ("comment", "evidence")


@dataclass(frozen=True)
class Typed:
    """What was sent for one question: `choice` is a level, one of OTHER_CHOICES, or empty."""

    choice: str = ""
    comment: str = ""
    evidence: str = ""
    version: int = BLANK

    @property
    def is_blank(self) -> bool:
        return not (self.choice or self.comment or self.evidence)


def typed(sent: Mapping[str, Any], question: Question) -> Typed:
    """From the fields of a form. `keep` of a conflict carries the version that was seen beside one's own answer."""
    names = {name: str(sent.get(f"q{question.pk}-{name}", "")) for name in ("choice", *TEXTS, "version", "keep")}
    version = names["keep"] or names["version"]
    texts = {name: re.sub(r"\r\n?", "\n", names[name]).strip() for name in TEXTS}
    return Typed(names["choice"], **texts, version=int(version) if re.fullmatch(r"\d{1,9}", version) else BLANK)


def shown(answer: Answer | None) -> Typed:
    """What the page shows of a stored answer."""
    if answer is None:
        return Typed()
    return Typed(choice_of(answer.kind, answer.level), answer.comment, answer.evidence, answer.version)


def choice_of(kind: str, level: int | None) -> str:
    if kind == AnswerKind.LEVEL:
        return str(level)
    return "" if kind == AnswerKind.OPEN else kind


def values(one: Typed) -> dict[str, Any]:
    """As the row holds it. Raises ValidationError for a level that there is not."""
    if one.choice in LEVEL_CHOICES:
        kind, level = AnswerKind.LEVEL.value, int(one.choice)
    elif one.choice in OTHER_CHOICES or not one.choice:
        kind, level = one.choice or AnswerKind.OPEN.value, None
    else:
        raise ValidationError("There is no such level. Choose one from 1 to 5, or say that you don’t know.")
    return {"kind": kind, "level": level, "comment": one.comment, "evidence": one.evidence}


def save_answer(sheet: Questionnaire, question: Question, one: Typed, *, actor: Actor, today: date) -> Answer | None:
    """Save what was typed; None where nothing was, and nothing is stored.

    Raises `CannotAnswer` if it is locked or not open, ValidationError for what is wrong, and the writer's `Conflict`.
    """
    said = values(one)
    with saving():
        current = update(sheet, actor=actor, version=sheet.version, values={})  # locked, as it is now
        check_open(current, today)
        row = _find(sheet, question)
        if row.pk is None and one.is_blank:
            return None
        key = {"questionnaire": sheet, "question": question, "agency": sheet.agency, "kind": AnswerKind.OPEN}
        row = begun(Answer, sheet.campaign.plan, key, actor=actor, find=lambda: _find(sheet, question))
        return update(row, actor=actor, version=one.version, values=said)


def _find(sheet: Questionnaire, question: Question) -> Answer:
    rows = Answer.objects.for_plan(sheet.campaign.plan).filter(questionnaire=sheet, question=question)
    return rows.first() or Answer(plan=sheet.campaign.plan, questionnaire=sheet, question=question)
