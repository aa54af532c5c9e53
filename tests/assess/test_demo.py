"""What the demo plan says of its reasons and risks: enough of each kind to see what the pages are for."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assess.models import AuditorAnswer, Rater, RiskScore, Sponsor
from assess.risk_texts import RISKS
from ssoplanner.core.models import Plan, User
from ssoplanner.recompute.building import build_plan
from ssoplanner.steps.models import Risk
from tests.replaying import load_demo
from tests.web.browsing import Page
from tests.world import BACKEND

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


@pytest.fixture
def plan() -> Plan:
    made, _ = load_demo()
    build_plan(made.pk)
    return made


def said(plan: Plan, name: str) -> str:
    client = Client()
    client.force_login(User.objects.get(email="board@example.gov"), backend=BACKEND)
    return Page(client.get(reverse(name, kwargs={"slug": plan.slug}))).text


def test_the_demo_shows_every_kind_of_position_rating_answer_and_risk(plan: Plan) -> None:
    why = said(plan, "reasons")
    assert "7 of 9 executives are supportive or committed; 1 is opposed: Nils Abrams." in why
    assert "1 executive was not asked yet: Pavel Novak." in why and "1 challenge has no owner" in why
    assert why.count("How it moved") == 2
    assert all(row.evidence.startswith("Illustrative.") for row in Sponsor.objects.for_plan(plan) if row.position)
    risks = said(plan, "risks")
    assert "they differ on 3" in risks and "a large project" in risks and "Not rated yet" in risks
    assert RiskScore.objects.for_plan(plan).filter(rater=Rater.OWN).count() == len(RISKS)
    assert set(RiskScore.objects.for_plan(plan).values_list("score", flat=True)) == {None, 1, 3, 4, 5}
    assert "2 of 5 questions are settled; not settled at all: change management." in said(plan, "auditor_questions")
    assert AuditorAnswer.objects.for_plan(plan).count() == 5
    log = said(plan, "raid")
    assert Risk.objects.for_plan(plan).count() == 6 and "5 risks are open" in log and "1 open risk has no owner" in log
