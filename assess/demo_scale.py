"""What a plan as large as the product is built for says in Assess: made up, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from assess.models import (
    Answer,
    Aspect,
    Campaign,
    Capability,
    CapabilityRating,
    Criterion,
    Judgement,
    Measure,
    Ownership,
    Question,
    Questionnaire,
    Rater,
    RiskScore,
    Sponsor,
    TechnologyRating,
)
from assess.models.architecture import MATURITIES
from assess.risk_texts import PHASE, RISKS
from assess.starter_capabilities import take_starter_capabilities
from assess.starter_criteria import take_starter_criteria
from assess.starter_questions import give_questions
from ssoplanner.core.models import Agency, Plan, Service, User
from ssoplanner.recompute.writer import Actor, bulk_load, create

SUBMITTED = 0.9
REASON = "Made up."
POSITIONS = ("opposed", "neutral", "supportive", "committed")


def load_scale(
    plan: Plan, actor: Actor, *, agencies: Sequence[Agency], services: Sequence[Service], person: User, chance: Random
) -> Iterator[str]:
    """A campaign that nine in ten agencies answered, the starter criteria with every judgement, executives, risks, and
    the starter capabilities, which every agency rated.

    `person` answers for everybody. Says after each part what is there.
    """
    yield _answers(plan, actor, agencies, person, chance)
    yield _judgements(plan, actor, services, chance)
    yield _gate(plan, actor, agencies, chance)
    yield _architecture(plan, actor, agencies, chance)


def _answers(plan: Plan, actor: Actor, agencies: Sequence[Agency], person: User, chance: Random) -> str:
    asked = give_questions(plan, actor, published_on=date(2026, 1, 5))
    questions = [one for one in Question.objects.for_plan(plan).filter(question_set=asked) if not one.tiers]
    values = {"title": "Campaign", "opens": date(2026, 2, 2), "closes": date(2026, 3, 27), "question_set": asked}
    campaign = create(Campaign, plan=plan, actor=actor, values={**values, "agencies": list(agencies)})
    sheets = bulk_load(
        Questionnaire,
        plan=plan,
        actor=actor,
        rows=(_sheet(campaign, agency, person, chance) for agency in agencies),
        label="questionnaires",
    )
    rows = (_answer(sheet, one, chance) for sheet in sheets for one in questions)
    given = bulk_load(Answer, plan=plan, actor=actor, rows=rows, label="answers")
    return f"{len(given)} answers on {len(questions)} questions"


def _sheet(campaign: Campaign, agency: Agency, person: User, chance: Random) -> dict[str, Any]:
    sent = datetime(2026, 3, chance.randint(1, 27), tzinfo=UTC) if chance.random() < SUBMITTED else None
    return {"campaign": campaign, "agency": agency, "respondent": person, "submitted_at": sent}


def _answer(sheet: Questionnaire, question: Question, chance: Random) -> dict[str, Any]:
    key = {"questionnaire": sheet, "agency": sheet.agency, "question": question}
    return {**key, "kind": "level", "level": chance.randint(1, 5), "evidence": REASON if chance.random() < 0.3 else ""}


def _judgements(plan: Plan, actor: Actor, services: Sequence[Service], chance: Random) -> str:
    take_starter_criteria(plan, actor)
    judged = list(Criterion.objects.for_plan(plan).filter(measure=Measure.JUDGED))
    rows = (
        {"service": service, "criterion": one, "score": chance.randint(1, 5), "reason": REASON}
        for service in services
        for one in judged
    )
    said = bulk_load(Judgement, plan=plan, actor=actor, rows=rows, label="judgements")
    return f"{len(said)} judgements"


def _gate(plan: Plan, actor: Actor, agencies: Sequence[Agency], chance: Random) -> str:
    people = (
        {
            "name": f"Head of {agency.code}",
            "office": "Executive director",
            "agency": agency,
            "position": chance.choice(POSITIONS),
            "since": date(2026, 3, 2),
            "evidence": REASON,
        }
        for agency in agencies
    )
    sponsors = bulk_load(Sponsor, plan=plan, actor=actor, rows=people, label="executives")
    scores = (
        {"phase": PHASE, "risk": risk.key, "rater": rater, "score": chance.choice((1, 3, 5)), "reason": REASON}
        for risk in RISKS
        for rater in Rater.values
    )
    rated = bulk_load(RiskScore, plan=plan, actor=actor, rows=scores, label="risks")
    return f"{len(sponsors)} executives, {len(rated)} ratings of risks"


def _architecture(plan: Plan, actor: Actor, agencies: Sequence[Agency], chance: Random) -> str:
    take_starter_capabilities(plan, actor)
    every = list(Capability.objects.for_plan(plan))
    above = {one.parent_id for one in every}
    leaves = [one for one in every if one.pk not in above]
    aspects = (
        {"agency": agency, "aspect": aspect, "level": chance.randint(1, 5), "evidence": REASON}
        for agency in agencies
        for aspect in Aspect.values
    )
    profiles = bulk_load(TechnologyRating, plan=plan, actor=actor, rows=aspects, label="technology")
    rows = (_rating(agency, one, chance) for agency in agencies for one in leaves)
    rated = bulk_load(CapabilityRating, plan=plan, actor=actor, rows=rows, label="ratings of capabilities")
    return f"{len(rated)} ratings of {len(leaves)} capabilities, {len(profiles)} of technology"


def _rating(agency: Agency, capability: Capability, chance: Random) -> dict[str, Any]:
    key = {"agency": agency, "capability": capability}
    ownership = chance.choice(Ownership.values)
    if ownership == Ownership.NONE:
        return {**key, "ownership": ownership}
    scores = {name: chance.randint(1, 5) for name in ("importance", "target", *MATURITIES)}
    return {**key, "ownership": ownership, **scores}
