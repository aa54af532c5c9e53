"""What the gate of Assess shows beside its scorecard: both ratings of the risks, the log, and the five questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assess.models import AuditorAnswer, Settled
from assess.pages_risks import SETTLED_TONES, risks_part
from assess.risk_texts import QUESTION_SOURCE, QUESTIONS
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan
from ssoplanner.steps.models import Risk
from ssoplanner.web import formats
from ssoplanner.web.raid import MUCH, SOME, edits_risk, exposure
from ssoplanner.web.tasks.own import OPEN_RISKS

TOP = 5


@dataclass(frozen=True)
class LogLine:
    """An open risk; `tone` says how large its exposure is, `word` the same."""

    title: str
    exposure: str
    tone: str
    word: str
    owner: str
    due: str
    url: str


@dataclass(frozen=True)
class QuestionLine:
    name: str
    label: str
    tone: str
    url: str


def more(member: Member) -> dict[str, Any]:
    """For those who decide and prepare: others read neither the log's working nor the answers."""
    if not member.sees_all:
        return {}
    plan = member.plan
    ratings = risks_part(member)
    return {
        "ratings": {"sentence": ratings["sentence"], "totals": ratings["totals"], "missing": not ratings["totals"]},
        "log": _log(member),
        "questions": _questions(plan),
        "question_source": QUESTION_SOURCE,
        "urls": {name: reverse(name, kwargs={"slug": plan.slug}) for name in ("risks", "raid", "auditor_questions")},
    }


def _log(member: Member) -> list[LogLine]:
    """The largest exposures among the open risks."""
    rows = Risk.objects.for_plan(member.plan).filter(status__in=OPEN_RISKS).select_related("owner")
    largest = sorted(rows, key=lambda row: (-exposure(row.probability, row.impact), row.pk))[:TOP]
    return [_line(member, row) for row in largest]


def _line(member: Member, row: Risk) -> LogLine:
    plan, value = member.plan, exposure(row.probability, row.impact)
    tone, word = ("critical", "high") if value >= MUCH else ("late", "medium") if value >= SOME else ("on_track", "low")
    keys = {"slug": plan.slug, "risk_id": row.pk}
    return LogLine(
        title=row.title,
        exposure=formats.decimals(float(value), 1, plan),
        tone=tone,
        word=word,
        owner=str(row.owner) if row.owner else "",
        due=formats.day(row.due, plan) if row.due else "",
        url=reverse("risk_edit", kwargs=keys) if edits_risk(member, row) else "",
    )


def _questions(plan: Plan) -> list[QuestionLine]:
    said = {row.question: Settled(row.how_far) for row in AuditorAnswer.objects.for_plan(plan)}
    page = reverse("auditor_questions", kwargs={"slug": plan.slug})
    return [
        QuestionLine(one.name, str(settled.label), SETTLED_TONES[settled], f"{page}#{one.key}")
        for one in QUESTIONS
        for settled in (said.get(one.key, Settled.NO),)
    ]
