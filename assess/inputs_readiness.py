"""From submitted questionnaires to what the calculations of readiness take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from assess.calc import readiness, readiness_map
from assess.models import Answer, AnswerKind, Campaign, Dimension, Question, Questionnaire
from ssoplanner.core.models import Agency, AgencyStatus
from ssoplanner.recompute.calculations import Incomplete, Missing, Upstream
from ssoplanner.steps.registry import Pillar

DIMENSIONS = tuple(Dimension.values)
PILLARS = tuple(pillar.value for pillar in Pillar)


def load_readiness(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date) -> readiness.AgencyInput:
    """The two newest campaigns that ask the agency: the questions for its tier, and what was submitted."""
    agency = int(partition)
    tier = Agency.objects.using(db).filter(plan_id=plan_id).values_list("tier", flat=True).get(pk=agency)
    rows = Campaign.objects.using(db).filter(plan_id=plan_id, agencies=agency).order_by("-opens", "-pk")[:2]
    found = [_campaign(db, plan_id, agency, tier, row) for row in rows]
    newest = rows[0] if found else None
    sent = Questionnaire.objects.using(db).filter(plan_id=plan_id, agency=agency, independent=False, campaign=newest)
    return readiness.AgencyInput(
        dimensions=DIMENSIONS,
        pillars=PILLARS,
        campaign=found[0] if found else None,
        asked=sent.count() if newest else 0,
        before=found[1] if len(found) > 1 else None,
    )


def _campaign(db: str, plan_id: int, agency: int, tier: str, row: Campaign) -> readiness.CampaignInput:
    submitted = Questionnaire.objects.using(db).filter(
        plan_id=plan_id, campaign=row.pk, agency=agency, submitted_at__isnull=False
    )
    sheets = list(submitted.order_by("pk").values_list("pk", "independent", "dimensions"))
    questions = tuple(_questions(db, plan_id, row.question_set_id, tier))
    given = _answers(db, plan_id, [pk for pk, _, _ in sheets])
    asked = frozenset(question.id for question in questions)
    each = [(independent, _sheet(dims, given.get(pk, []), asked)) for pk, independent, dims in sheets]
    return readiness.CampaignInput(
        id=row.pk,
        targets=row.targets,
        questions=questions,
        own=tuple(sheet for independent, sheet in each if not independent),
        independent=tuple(sheet for independent, sheet in each if independent),
    )


def _questions(db: str, plan_id: int, question_set: int, tier: str) -> Iterable[readiness.QuestionInput]:
    rows = Question.objects.using(db).filter(plan_id=plan_id, question_set=question_set, is_retired=False)
    facts = ("pk", "code", "dimension", "pillars", "weight", "tiers")
    for pk, code, dimension, pillars, weight, tiers in rows.order_by("pk").values_list(*facts):
        if not tiers or tier in tiers:
            yield readiness.QuestionInput(pk, code, dimension, tuple(pillars), float(weight))


def _answers(db: str, plan_id: int, sheets: list[int]) -> Mapping[int, list[tuple[Any, ...]]]:
    rows = Answer.objects.using(db).filter(plan_id=plan_id, questionnaire__in=sheets).order_by("pk")
    found: dict[int, list[tuple[Any, ...]]] = {}
    for sheet, *facts in rows.values_list("questionnaire_id", "question_id", "kind", "level", "evidence"):
        found.setdefault(sheet, []).append(tuple(facts))
    return found


def _sheet(dimensions: list[str], rows: Iterable[tuple[Any, ...]], asked: frozenset[int]) -> readiness.Answers:
    own = [row for row in rows if row[0] in asked]
    return readiness.Answers(
        dimensions=frozenset(dimensions or DIMENSIONS),
        levels={question: level for question, kind, level, _ in own if kind == AnswerKind.LEVEL},
        unknown=frozenset(row[0] for row in own if row[1] == AnswerKind.UNKNOWN),
        not_applicable=frozenset(row[0] for row in own if row[1] == AnswerKind.NOT_APPLICABLE),
        with_evidence=frozenset(row[0] for row in own if row[3].strip()),
    )


def load_readiness_map(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> readiness_map.PlanInput | Incomplete:
    """The results of the agencies in the program."""
    states = upstream["assess.readiness"]
    agencies = Agency.objects.using(db).filter(plan_id=plan_id).exclude(status=AgencyStatus.LEFT).order_by("pk")
    rows = tuple(_agency(pk, states[str(pk)]) for pk in agencies.values_list("pk", flat=True))
    if not any(row.submitted for row in rows):
        return Incomplete((Missing("No agency has submitted its answers yet.", "readiness_campaigns"),))
    return readiness_map.PlanInput(DIMENSIONS, rows)


def _agency(pk: int, state: Mapping[str, Any]) -> readiness_map.AgencyInput:
    questions = state["questions"]
    columns = zip(questions["code"], questions["question"], questions["mean"], strict=True)
    return readiness_map.AgencyInput(
        id=pk,
        respondents=state["respondents"],
        submitted=state["submitted"],
        overall=state["overall"],
        dimensions={key: one["score"] for key, one in state["dimensions"].items()},
        independent=state["independent"]["overall"] if state["independent"] else None,
        questions={code: (question, mean) for code, question, mean in columns},
    )
