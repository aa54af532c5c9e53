"""What the fictional agencies of the demo plan answered: all in spring, most in autumn. Nothing is by chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from assess.models import Answer, AnswerKind, Campaign, Dimension, Question, Questionnaire
from assess.question_sets import begin_draft, change_question, draft
from assess.starter_questions import give_questions
from ssoplanner.core.models import Agency, Plan, User
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, bulk_load, create

TARGETS = {"culture": 3.5, "digital": 3.5, "capacity": 3.0, "alignment": 4.0}
ANALYST, BOARD, OFFICE = "analyst@example.gov", "board@example.gov", "office@example.gov"
# How far a dimension lies above or below an agency's own level: money and people are short everywhere.
TILTS = {"culture": 0.2, "digital": 0.0, "capacity": -0.7, "alignment": 0.4}
LAST_DAY = 28


@dataclass(frozen=True)
class DemoCampaign:
    title: str
    opens: date
    closes: date
    rise: float  # above the levels of autumn
    month: int  # in which it was submitted
    is_over: bool = False


CAMPAIGNS = (
    DemoCampaign("Spring 2026", date(2026, 3, 2), date(2026, 5, 22), -0.3, month=4, is_over=True),
    DemoCampaign("Autumn 2026", date(2026, 9, 14), date(2026, 12, 11), 0, month=10),
)


@dataclass(frozen=True)
class DemoSheet:
    """Who answered for an agency: `level` is about what they gave in autumn, `share` how much of it."""

    agency: str
    email: str
    level: float
    share: float = 1
    day: int = 0  # of October; 0 where it is not submitted yet. In spring all were submitted.
    independent: bool = False


CHANGES: Mapping[str, Mapping[str, Any]] = {
    "CU-02": {"text": "What became of the last change that touched several divisions?"},
    "DI-03": {"weight": 2},
    "CA-04": {"is_retired": True},
}
SHEETS = (
    DemoSheet("DOH", "health@example.gov", 3.3, day=2),
    DemoSheet("DOH", ANALYST, 2.9, day=6),
    DemoSheet("DOT", ANALYST, 2.6, day=5),
    DemoSheet("DOC", ANALYST, 1.8, day=9),
    DemoSheet("DOR", ANALYST, 4.2, day=1),
    DemoSheet("DOR", BOARD, 4.3, day=8),
    DemoSheet("DHS", ANALYST, 2.5, day=12),
    DemoSheet("DED", ANALYST, 3.0, day=7),
    DemoSheet("DEQ", ANALYST, 2.7, day=14),
    DemoSheet("DLI", ANALYST, 4.0, day=2),
    DemoSheet("DPR", "parks@example.gov", 2.7, day=15),
    DemoSheet("DPR", ANALYST, 1.6, day=16),
    DemoSheet("AGO", ANALYST, 2.1, day=21),
    DemoSheet("SLA", "parks@example.gov", 2.2, share=0.55),
    DemoSheet("BOA", ANALYST, 1.6, share=0),
    DemoSheet("DOH", OFFICE, 2.8, day=26, independent=True),
    DemoSheet("DOR", OFFICE, 4.0, day=26, independent=True),
    DemoSheet("DPR", OFFICE, 1.9, day=27, independent=True),
)


def load_readiness(plan: Plan, actor: Actor, people: Mapping[str, User]) -> None:
    """Both campaigns with their answers."""
    agencies = {agency.code: agency for agency in Agency.objects.for_plan(plan)}
    with saving():
        asked = give_questions(plan, actor, published_on=date(2026, 2, 16))
        questions = [one for one in Question.objects.for_plan(plan).filter(question_set=asked) if not one.tiers]
        for demo in CAMPAIGNS:
            values = {"question_set": asked, "targets": TARGETS, "agencies": list(agencies.values())}
            values |= {"title": demo.title, "opens": demo.opens, "closes": demo.closes}
            campaign = create(Campaign, plan=plan, actor=actor, values=values)
            rows = (_sheet(campaign, demo, one, people, agencies) for one in SHEETS)
            sheets = bulk_load(Questionnaire, plan=plan, actor=actor, rows=rows, label="questionnaires")
            pairs = zip(SHEETS, sheets, strict=True)
            answers = (row for one, sheet in pairs for row in _answers(demo, one, sheet, questions))
            bulk_load(Answer, plan=plan, actor=actor, rows=answers, label="answers on readiness")
        _prepare(plan, replace(actor, user=people[OFFICE]))


def _prepare(plan: Plan, actor: Actor) -> None:
    """The office has begun to prepare the next version: one question in other words, one of no use any more."""
    begin_draft(plan, actor=actor)
    rows = {row.code: row for row in Question.objects.for_plan(plan).filter(question_set=draft(plan))}
    for code, values in CHANGES.items():
        row = rows[code]
        change_question(row, actor=actor, version=row.version, values=values, seen={})


def _sheet(
    campaign: Campaign,
    demo: DemoCampaign,
    one: DemoSheet,
    people: Mapping[str, User],
    agencies: Mapping[str, Agency],
) -> dict[str, Any]:
    day = one.day or (LAST_DAY if demo.is_over else 0)
    return {
        "campaign": campaign,
        "agency": agencies[one.agency],
        "respondent": people[one.email],
        "independent": one.independent,
        "submitted_at": datetime(2026, demo.month, day, 15, tzinfo=UTC) if day else None,
    }


def _answers(
    demo: DemoCampaign, one: DemoSheet, sheet: Questionnaire, questions: list[Question]
) -> Iterator[dict[str, Any]]:
    # By the agency, so that two respondents of one agency differ by how they see it, and not throughout.
    chance, own = Random(one.agency), Random(f"{demo.title} {one.agency} {one.email} {one.independent}")
    order = list(Dimension.values)
    every = sorted(questions, key=lambda row: (order.index(row.dimension), row.place))
    for question in every[: len(every) if demo.is_over else round(len(every) * one.share)]:
        hard = Random(question.code).uniform(-0.7, 0.7)  # some questions are hard for everybody
        seen = one.level + demo.rise + TILTS[question.dimension] + hard + chance.gauss(0, 0.5) + own.gauss(0, 0.35)
        yield {"questionnaire": sheet, "agency": sheet.agency, "question": question, **_said(seen, own)}


def _said(seen: float, own: Random) -> dict[str, Any]:
    """A level, now and then none; evidence beside half of the higher ones."""
    if own.random() < 0.05:
        kind = own.choice((AnswerKind.UNKNOWN, AnswerKind.NOT_APPLICABLE))
        return {"kind": kind.value, "level": None}
    level = min(5, max(1, round(seen)))
    evidence = "Illustrative: a document that the agency showed." if level >= 3 and own.random() < 0.5 else ""
    comment = "Illustrative: this differs from one division to the next." if own.random() < 0.08 else ""
    return {"kind": AnswerKind.LEVEL.value, "level": level, "evidence": evidence, "comment": comment}
