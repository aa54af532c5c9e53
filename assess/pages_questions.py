"""The versions of the readiness questions as their page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from assess.forms_questions import PublishForm, QuestionWeights
from assess.forms_weights import weight_rows
from assess.models import Campaign, Dimension, Question, QuestionSet
from assess.question_sets import novelties
from assess.readiness_sheets import ORDER
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan, Tier
from ssoplanner.web import formats
from ssoplanner.web.views.rows import plan_crumb, plan_url


def questions_of_set(question_set: QuestionSet) -> list[Question]:
    """All of them, retired ones too, in the order in which they are asked: one query."""
    rows = Question.objects.for_plan(question_set.plan).filter(question_set=question_set)
    return sorted(rows, key=lambda row: (ORDER.index(row.dimension), row.place, row.pk))


def questions_page(
    member: Member,
    sets: Sequence[QuestionSet],
    shown: QuestionSet | None,
    questions: Sequence[Question],
    weights: QuestionWeights | None,
) -> dict[str, Any]:
    """One version with its questions by dimension, and what is new in it; fields for weights in the office's draft."""
    plan = member.plan
    page = {
        "runs_plan": member.runs_plan,
        "shown": shown,
        "versions": [_version(plan, one, shown) for one in sets],
        "has_draft": any(not one.is_published for one in sets),
        "crumbs": plan_crumb(
            plan, ("Readiness", plan_url(member, "readiness")), ("Campaigns", plan_url(member, "readiness_campaigns"))
        ),
    }
    if shown is None:
        return page
    before = next((one for one in sets if one.is_published and one.number < shown.number), None)
    news = novelties(questions, questions_of_set(before)) if before else []
    return {
        **page,
        "form": weights,
        "published": formats.day(shown.published_on, plan) if shown.published_on else "",
        "asked": sum(not one.is_retired for one in questions),
        "retired": sum(one.is_retired for one in questions),
        "dimensions": _dimensions(member, questions, weights),
        "before": before,
        "news": news,
        "used_by": [] if weights else list(Campaign.objects.for_plan(plan).filter(question_set=shown)),
        "publish": PublishForm(instance=shown, member=member) if weights else None,
        "add_url": plan_url(member, "question_new") if weights else "",
    }


def _version(plan: Plan, one: QuestionSet, shown: QuestionSet | None) -> dict[str, Any]:
    day = formats.day(one.published_on, plan) if one.published_on else "being prepared"
    url = reverse("readiness_questions", kwargs={"slug": plan.slug})
    return {
        "label": f"Version {one.number}, {day}",
        "note": one.note,
        "url": f"{url}?version={one.number}",
        "current": one == shown,
    }


def _dimensions(member: Member, questions: Iterable[Question], weights: QuestionWeights | None) -> list[dict[str, Any]]:
    fields = {row.pk: pair for row, *pair in weight_rows(weights)} if weights else {}
    own: dict[str, list[Question]] = {key: [] for key in ORDER}
    for question in questions:
        own[question.dimension].append(question)
    return [
        {"label": Dimension(key).label, "lines": [_line(member, row, rows, fields) for row in rows]}
        for key, rows in own.items()
    ]


def _line(member: Member, row: Question, group: Sequence[Question], fields: Mapping[int, Any]) -> dict[str, Any]:
    plan, total = member.plan, sum(other.weight for other in group if not other.is_retired)
    counts = bool(total) and not row.is_retired
    return {
        "row": row,
        "levels": list(enumerate(row.levels, start=1)),
        "pillars": ", ".join(row.pillars),
        "tiers": ", ".join(str(Tier(key).label) for key in row.tiers),
        "weight": formats.number(row.weight.normalize() + 0, plan),
        "share": formats.percent(row.weight / total, plan) if counts else "",
        "fields": fields.get(row.pk),
        "url": plan_url(member, "question_edit", draft_question_id=row.pk) if fields else "",
    }
