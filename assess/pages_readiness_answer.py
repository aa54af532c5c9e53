"""The page on which a questionnaire is answered: its sections, how far it is, and the state of each question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from assess.models import Answer, Dimension, Question, Questionnaire
from assess.readiness_answers import OTHER_CHOICES, Typed, shown
from assess.readiness_sheets import CannotAnswer, check_open, is_mine, questions_of
from ssoplanner.access.gate import Member
from ssoplanner.recompute.writer import Conflict
from ssoplanner.steps.progress import today
from ssoplanner.web import formats
from ssoplanner.web.views.rows import plan_crumb, plan_url


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    text: str
    checked: bool


@dataclass(frozen=True)
class Said:
    """What stands below a question: how its saving went. `tone` is saved, error, conflict, or empty."""

    tone: str = ""
    text: str = ""
    keep_version: int | None = None


@dataclass(frozen=True)
class QuestionLine:
    """One question as the page shows it, with what is stored or what was typed."""

    number: int
    question: Question
    typed: Typed
    levels: tuple[Option, ...]
    others: tuple[Option, ...]
    save_url: str
    said: Said = Said()

    @property
    def is_answered(self) -> bool:
        return bool(self.typed.choice)

    @property
    def fields(self) -> str:
        """The names of its fields, which are sent when it is saved by itself."""
        return ",".join(f"q{self.question.pk}-{name}" for name in ("choice", "comment", "evidence", "version"))


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    lines: list[QuestionLine]

    @property
    def answered(self) -> int:
        return sum(line.is_answered for line in self.lines)


@dataclass(frozen=True)
class Progress:
    answered: int
    total: int
    next: QuestionLine | None

    @property
    def is_done(self) -> bool:
        return self.answered == self.total


def stored(sheet: Questionnaire) -> dict[int, Typed]:
    """Question -> what is stored of its answer: one query."""
    rows = Answer.objects.for_plan(sheet.campaign.plan).filter(questionnaire=sheet)
    return {row.question_id: shown(row) for row in rows}


def question_lines(
    member: Member, sheet: Questionnaire, answers: Mapping[int, Typed], said: Mapping[int, Said] | None = None
) -> list[QuestionLine]:
    return [
        question_line(member, sheet, question, number, answers.get(question.pk, Typed()), (said or {}).get(question.pk))
        for number, question in enumerate(questions_of(sheet), start=1)
    ]


def question_line(
    member: Member, sheet: Questionnaire, question: Question, number: int, typed: Typed, said: Said | None = None
) -> QuestionLine:
    levels = [(str(level), f"Level {level}", text) for level, text in enumerate(question.levels, start=1)]
    others = [(value, label, "") for value, label in OTHER_CHOICES.items()]
    return QuestionLine(
        number=number,
        question=question,
        typed=typed,
        levels=tuple(Option(*one, checked=one[0] == typed.choice) for one in levels),
        others=tuple(Option(*one, checked=one[0] == typed.choice) for one in others),
        save_url=plan_url(member, "readiness_save", sheet_id=sheet.pk, question_id=question.pk),
        said=said or Said(),
    )


def progress(lines: Iterable[QuestionLine]) -> Progress:
    every = list(lines)
    missing = [line for line in every if not line.is_answered]
    return Progress(len(every) - len(missing), len(every), missing[0] if missing else None)


def answer_page(member: Member, sheet: Questionnaire, lines: list[QuestionLine], **more: Any) -> dict[str, Any]:
    """The whole page. `more` may say in `refused` why nothing could be saved."""
    plan, mine = member.plan, is_mine(member, sheet)
    locked = "" if mine else "You read it; it is not yours to answer."
    try:
        check_open(sheet, today(plan))
    except CannotAnswer as reason:
        locked = str(reason)
    sections = [
        Section(key, str(Dimension(key).label), list(group))
        for key, group in groupby(lines, key=lambda line: line.question.dimension)
    ]
    return {
        "sheet": sheet,
        "sections": sections,
        "progress": progress(lines),
        "locked": locked,
        "mine": mine,
        "closes": formats.day(sheet.campaign.closes, plan),
        "crumbs": plan_crumb(plan, ("Readiness", plan_url(member, "readiness"))),
        **more,
    }


def conflict_said(conflict: Conflict, line: QuestionLine, member: Member) -> Said:
    """Who answered it otherwise meanwhile, and what both said."""
    first, theirs = conflict.fields[0], shown(conflict.row)  # type: ignore[arg-type]
    when = formats.moment(first.when, member.plan)
    told = (
        f"{first.who} saved “{_words(theirs, line)}” on {when}, after you opened this page. "
        f"Yours is “{_words(line.typed, line)}”. Choose which one stands."
    )
    return Said("conflict", told, conflict.version)


def _words(typed: Typed, line: QuestionLine) -> str:
    chosen = [option.label for option in (*line.levels, *line.others) if option.value == typed.choice]
    texts = [text for text in (typed.comment, typed.evidence) if text]
    return "; ".join([*(chosen or ["no answer"]), *texts])
