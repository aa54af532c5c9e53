"""Results on readiness by role, campaigns with whom to chase, and the starter questions that come with them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assess.models import Answer, Campaign, Dimension, Question, Questionnaire, QuestionSet
from assess.readiness_sheets import begin_campaign
from assess.starter_questions import STARTER, give_questions
from ssoplanner.core.models import Agency, Membership, Plan, Role
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import create, update
from ssoplanner.steps.models import Task
from ssoplanner.steps.registry import Pillar
from tests.web.browsing import Page, now
from tests.world import COMMAND, World, make, make_world

ENGINE = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


def at(name: str, **keys: Any) -> str:
    return reverse(name, kwargs={"slug": "here", **keys})


def plain(text: str) -> str:
    return " ".join(text.replace(",", " ").split())


@pytest.fixture
def built(transactional_db: None) -> World:
    """Two agencies that have submitted one answer each, with their figures built."""
    world = make_world()
    sheet = now(world.here.sheet)
    update(sheet, actor=COMMAND, version=sheet.version, values={"submitted_at": timezone.now()})
    build_plan(world.here.plan.pk)
    return world


# --- Results --------------------------------------------------------------------------------------------------------


@ENGINE
@pytest.mark.parametrize("actor", ["office", "board", "analyst"])
def test_who_sees_all_reads_the_map_with_number_and_words(built: World, actor: str) -> None:
    text = Page(built.client(actor).get(at("readiness"))).text
    assert "Agency own here 2.0 First steps 2.0 First steps" in plain(text)
    assert "2 of 2 agencies have submitted" in text and "Agency other here" in text


@ENGINE
def test_a_lead_reads_their_own_agency_until_the_map_is_released(built: World) -> None:
    text = Page(built.client("lead").get(at("readiness"))).text
    assert "Agency own here" in text and "Agency other here" not in text and "Not released yet" in text
    create(Release, plan=built.here.plan, actor=COMMAND, values={"calculation": "assess.readiness_map"})
    assert "Agency other here" in Page(built.client("lead").get(at("readiness"))).text
    assert "Agency other here" in Page(built.client("viewer").get(at("readiness"))).text


@ENGINE
def test_where_leads_do_not_know_the_others_their_names_stay_hidden(built: World) -> None:
    create(Release, plan=built.here.plan, actor=COMMAND, values={"calculation": "assess.readiness_map"})
    plan = Plan.objects.get(pk=built.here.plan.pk)
    update(plan, actor=COMMAND, version=plan.version, values={"leads_see_agencies": False})
    text = Page(built.client("lead").get(at("readiness"))).text
    assert "Agency own here" in text and "Agency other here" not in text
    assert "1 more agencies count in the means" in text


@ENGINE
def test_an_agency_is_shown_with_gap_spread_and_what_to_talk_about(built: World) -> None:
    rows = built.here
    assert rows.campaign is not None and rows.question is not None
    update(now(rows.campaign), actor=COMMAND, version=1, values={"targets": {"culture": 4}})
    who = {"respondent": rows.people["board"], "submitted_at": timezone.now()}
    sheet = make(Questionnaire, rows.plan, campaign=rows.campaign, agency=rows.own, **who)
    said = {"questionnaire": sheet, "agency": rows.own, "question": rows.question}
    make(Answer, rows.plan, kind="level", level=5, **said)
    build_plan(rows.plan.pk)
    text = Page(built.client("lead").get(at("readiness_agency", agency_id=rows.own.pk))).text
    assert "Culture for change 3.5 Nearly there 4.0 0.5 – 3.0" in plain(text)
    assert "2 of 2 who were asked have submitted" in text and "2 to 5" in text and "Ask first" in text


@ENGINE
def test_what_is_not_submitted_counts_nowhere(transactional_db: None) -> None:
    world = make_world()
    build_plan(world.here.plan.pk)
    text = Page(world.client("office").get(at("readiness"))).text
    assert "1 of 2 agencies have submitted" in text and "no answers yet" in text
    own = Page(world.client("lead").get(at("readiness_agency", agency_id=world.here.own.pk))).text
    assert "Nothing submitted yet" in own


@ENGINE
def test_the_page_of_the_step_loads_the_same_figures(built: World) -> None:
    answer = built.client("office").get(at("readiness"), {"brief": "1"}, headers={"HX-Request": "true"})
    assert "of 5 overall: first steps" in Page(answer).text and "Open readiness" in Page(answer).text
    assert "<html" not in answer.content.decode()


@pytest.mark.django_db
def test_a_suggested_action_becomes_a_task_of_the_office(world: World) -> None:
    assert world.here.question is not None
    answer = world.client("office").post(at("readiness_task", question_id=world.here.question.pk))
    task = Task.objects.for_plan(world.here.plan).get(origin="readiness")
    assert (task.title, task.step, task.owner) == ("Ask first", "assess.readiness", world.here.people["office"])
    assert answer["Location"] == at("task_edit", task_id=task.pk)


# --- Campaigns ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_beginning_a_campaign_asks_each_lead_of_its_agencies(world: World) -> None:
    typed = {"title": "Next", "opens": "2030-01-01", "closes": "2030-02-01", "target_culture": "3.5"}
    typed |= {"agencies": [world.here.own.pk, world.here.other.pk]}
    assert world.client("office").post(at("readiness_campaign_new"), typed).status_code == 302
    made = Campaign.objects.for_plan(world.here.plan).get(title="Next")
    asked = Questionnaire.objects.for_plan(world.here.plan).filter(campaign=made)
    assert {row.respondent for row in asked} == {world.here.people["lead"], world.here.people["other_lead"]}
    assert made.targets == {"culture": 3.5} and made.question_set.number == 1


@pytest.mark.django_db
def test_an_agency_that_is_added_later_is_asked_too_and_nobody_twice(world: World) -> None:
    assert world.here.campaign is not None
    new = make(Agency, world.here.plan, code="NEW", name="New one")
    make(Membership, world.here.plan, user=world.here.people["analyst"], role=Role.LEAD, agencies=[new])
    edit, client = at("readiness_campaign_edit", campaign_id=world.here.campaign.pk), world.client("office")
    values = Page(client.get(edit)).values
    values["agencies"] = [*values["agencies"], str(new.pk)]
    assert client.post(edit, values).status_code == 302
    rows = Questionnaire.objects.for_plan(world.here.plan).filter(campaign=world.here.campaign)
    assert sorted(row.agency.code for row in rows) == ["NEW", "OTHER", "OWN"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"closes": "2029-12-31"}, "It cannot close before it opens. Change one of the two days."),
        ({"target_digital": "6"}, "A level is at most 5. Give one from 1 to 5."),
        ({"target_digital": "0.5"}, "A level is at least 1. Give one from 1 to 5."),
        ({"target_digital": "high"}, "Give a level from 1 to 5, such as 3.5."),
        ({"title": "First campaign"}, "Another campaign has this title. Choose a title of its own."),
    ],
)
def test_a_campaign_that_cannot_be_says_why_in_a_sentence(world: World, typed: dict[str, str], said: str) -> None:
    values = {"title": "Next", "opens": "2030-01-01", "closes": "2030-02-01", "agencies": [world.here.own.pk], **typed}
    answer = world.client("office").post(at("readiness_campaign_new"), values)
    assert answer.status_code == 422 and said in Page(answer).text
    assert Campaign.objects.for_plan(world.here.plan).count() == 1


@pytest.mark.django_db
def test_the_chase_list_says_who_is_how_far_and_a_lead_sees_their_own(world: World) -> None:
    assert world.here.campaign is not None
    path = at("readiness_campaign", campaign_id=world.here.campaign.pk)
    text = Page(world.client("office").get(path)).text
    assert "In progress lead of here" in text and "1 of 1 answered" in text and "Submitted other_lead of here" in text
    waiting = Page(world.client("office").get(path, {"show": "waiting"})).text
    assert "lead of here" in waiting and "other_lead of here" not in waiting
    own = Page(world.client("lead").get(path)).text
    assert "Agency own here" in own and "Agency other here" not in own


@pytest.mark.django_db
def test_a_lead_asks_a_colleague_about_one_dimension_of_their_own_agency_only(world: World) -> None:
    assert world.here.campaign is not None
    path, client = at("readiness_ask", campaign_id=world.here.campaign.pk), world.client("lead")
    typed = {"respondent": world.here.people["board"].pk, "dimensions": ["digital"]}
    refused = client.post(path, {**typed, "agency": world.here.other.pk})
    assert refused.status_code == 422 and "Select a valid choice." in Page(refused).text
    assert Page(client.get(path, {"for": world.here.other.pk})).values["agency"] == [str(world.here.own.pk)]
    assert client.post(path, {**typed, "agency": world.here.own.pk}).status_code == 302
    made = Questionnaire.objects.for_plan(world.here.plan).get(respondent=world.here.people["board"])
    assert (made.agency, made.dimensions) == (world.here.own, ["digital"])
    twice = client.post(path, {**typed, "agency": world.here.own.pk})
    assert twice.status_code == 422 and "This person answers for this agency already." in Page(twice).text


# --- The starter questions ------------------------------------------------------------------------------------------


def test_there_are_ten_questions_a_dimension_for_every_tier_and_some_for_single_ones() -> None:
    assert STARTER.keys() == set(Dimension)
    every = [one for questions in STARTER.values() for one in questions]
    assert all(len([one for one in questions if not one.tiers]) == 10 for questions in STARTER.values())
    assert sum(bool(one.tiers) for one in every) >= 3
    assert len({one.code for one in every}) == len({one.text for one in every}) == len(every)
    assert {pillar for one in every for pillar in one.pillars} == set(Pillar)


def test_each_level_of_each_question_is_described_in_words_of_its_own() -> None:
    for one in (one for questions in STARTER.values() for one in questions):
        assert len(one.levels) == len(set(one.levels)) == 5
        assert one.evidence_hint and one.action and one.pillars and len(one.action) <= 200


@pytest.mark.django_db
def test_the_starter_questions_come_into_a_plan_once() -> None:
    plan = new_plan(name="Fresh", actor=COMMAND)
    first, again = give_questions(plan, COMMAND), give_questions(plan, COMMAND)
    assert first == again and QuestionSet.objects.for_plan(plan).count() == 1
    assert Question.objects.for_plan(plan).count() == sum(len(questions) for questions in STARTER.values())


@pytest.mark.django_db
def test_an_empty_plan_begins_with_a_campaign() -> None:
    plan = new_plan(name="Fresh", actor=COMMAND)
    agency = make(Agency, plan, code="A", name="Alone")
    values = {"title": "First", "opens": date(2026, 1, 1), "closes": date(2026, 2, 1), "agencies": [agency]}
    campaign = begin_campaign(plan, actor=COMMAND, values=values)
    assert campaign.question_set.is_published and not campaign.questionnaires.exists()
