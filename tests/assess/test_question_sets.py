"""Versions of the readiness questions: a draft is prepared, weighed and published; what is published stays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assess import question_sets
from assess.models import Dimension, Question, QuestionSet
from assess.question_sets import COPIED, begin_draft, discard, draft, newest, novelties, publish
from assess.readiness_sheets import begin_campaign
from assess.starter_questions import give_questions
from ssoplanner.core.models import Agency, AuditEvent, Membership, Plan, Role, Tier
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import update
from tests.web.browsing import Page, now
from tests.world import COMMAND, World, canary, make

pytestmark = pytest.mark.django_db

LEVELS = ["None", "Some", "Half", "Most", "All"]


def at(name: str, **keys: Any) -> str:
    return reverse(name, kwargs={"slug": "here", **keys})


@pytest.fixture
def plan() -> Plan:
    """A plan with the starter questions, published."""
    found = new_plan(name="Plan here", actor=COMMAND, slug="here")
    give_questions(found, COMMAND)
    return found


def codes(question_set: QuestionSet | None) -> list[str]:
    assert question_set is not None
    return list(
        Question.objects.for_plan(question_set.plan).filter(question_set=question_set).values_list("code", flat=True)
    )


def question(plan: Plan, code: str, question_set: QuestionSet | None) -> Question:
    found: Question = Question.objects.for_plan(plan).get(question_set=question_set, code=code)
    return found


# --- Versions -------------------------------------------------------------------------------------------------------


def test_a_draft_begins_as_a_copy_and_there_is_one(plan: Plan) -> None:
    made = begin_draft(plan, actor=COMMAND)
    assert made.number == 2 and not made.is_published
    assert begin_draft(plan, actor=COMMAND) == made
    assert codes(made) == codes(newest(plan))
    for one in Question.objects.for_plan(plan).filter(question_set=made):
        before = question(plan, one.code, newest(plan))
        assert [getattr(one, name) for name in COPIED] == [getattr(before, name) for name in COPIED]


def test_what_is_published_is_asked_next_and_older_campaigns_keep_theirs(plan: Plan) -> None:
    agency = make(Agency, plan, code="A", name="Agency")
    when = {"opens": "2030-01-01", "closes": "2030-02-01", "agencies": [agency]}
    first = begin_campaign(plan, actor=COMMAND, values={"title": "First", **when})
    made = begin_draft(plan, actor=COMMAND)
    publish(plan, actor=COMMAND, note="Reworded")
    second = begin_campaign(plan, actor=COMMAND, values={"title": "Second", **when})
    assert (first.question_set.number, second.question_set.number) == (1, 2)
    assert newest(plan) == made and draft(plan) is None


def test_a_new_question_takes_a_code_that_no_version_has(plan: Plan) -> None:
    begin_draft(plan, actor=COMMAND)
    words = {"text": "How?", "levels": LEVELS, "pillars": ["people"], "dimension": "culture"}
    added = question_sets.add_question(plan, actor=COMMAND, values=words)
    assert added.code not in codes(newest(plan)) and added.code.startswith("CU-")
    assert added.question_set == draft(plan)


def test_a_published_question_is_neither_changed_nor_removed(plan: Plan) -> None:
    published = question(plan, "CU-01", newest(plan))
    with pytest.raises(ValidationError, match="no draft any more"):
        question_sets.change_question(published, actor=COMMAND, version=1, values={"weight": 2}, seen={})
    begin_draft(plan, actor=COMMAND)
    with pytest.raises(ValidationError, match="published and stays as it is"):
        question_sets.change_question(published, actor=COMMAND, version=1, values={"weight": 2}, seen={})
    with pytest.raises(ValidationError, match="published and stays as it is"):
        question_sets.remove_question(published, actor=COMMAND, version=published.version)
    assert now(published).weight == published.weight


def test_it_is_not_published_while_a_dimension_asks_nothing_that_counts(plan: Plan) -> None:
    made = begin_draft(plan, actor=COMMAND)
    for one in Question.objects.for_plan(plan).filter(question_set=made, dimension=Dimension.DIGITAL):
        values = {"tiers": [Tier.MUNICIPAL.value]} if one.code.endswith("1") else {"is_retired": True}
        update(one, actor=COMMAND, version=one.version, values=values)
    with pytest.raises(ValidationError, match="No question on digital maturity would count"):
        publish(plan, actor=COMMAND, note="Less")
    with pytest.raises(ValidationError, match="what is new"):
        publish(plan, actor=COMMAND, note=" ")
    assert draft(plan) == made


def test_a_discarded_draft_is_gone_with_its_questions_and_stays_in_the_audit(plan: Plan) -> None:
    made = begin_draft(plan, actor=COMMAND)
    count = len(codes(made))
    discard(plan, actor=COMMAND)
    assert draft(plan) is None and newest(plan) is not None
    assert AuditEvent.objects.for_plan(plan).filter(model="question", action="delete").count() == count
    discard(plan, actor=COMMAND)  # nothing is left to discard
    assert begin_draft(plan, actor=COMMAND).number == 2


def test_the_order_of_the_levels_counts(plan: Plan) -> None:
    """The same five texts in another order are another scale."""
    made = begin_draft(plan, actor=COMMAND)
    one = question(plan, "CU-01", made)
    turned = list(reversed(one.levels))
    saved = update(one, actor=COMMAND, version=one.version, values={"levels": turned})
    assert now(saved).levels == turned
    event = AuditEvent.objects.for_plan(plan).filter(model="question", row_id=one.pk).order_by("-version").first()
    assert event is not None and event.after == {"levels": turned}


def test_what_is_new_is_said_by_the_questions_codes(plan: Plan) -> None:
    before = list(Question.objects.for_plan(plan).filter(question_set=newest(plan)))
    made = begin_draft(plan, actor=COMMAND)
    for code, values in {
        "CU-01": {"text": "Other words?", "weight": Decimal(3)},
        "CU-02": {"is_retired": True},
    }.items():
        one = question(plan, code, made)
        update(one, actor=COMMAND, version=one.version, values=values)
    gone = question(plan, "CU-03", made)
    question_sets.remove_question(gone, actor=COMMAND, version=gone.version)
    words = {"text": "How?", "levels": LEVELS, "pillars": ["people"], "dimension": "alignment"}
    added = question_sets.add_question(plan, actor=COMMAND, values=words)
    after = list(Question.objects.for_plan(plan).filter(question_set=made))
    found = {one.question.code: one.what for one in novelties(after, before)}
    assert found == {"CU-01": "reworded, weighed anew", "CU-02": "retired", "CU-03": "taken out", added.code: "new"}


# --- The page -------------------------------------------------------------------------------------------------------


def test_the_draft_is_the_offices_until_it_is_published(world: World) -> None:
    assert canary("here-office") in Page(world.client("office").get(at("readiness_questions"))).text
    for actor in ("lead", "board", "analyst"):
        text = Page(world.client(actor).get(at("readiness_questions"))).text
        assert canary("here-plan") in text and canary("here-office") not in text
        assert world.client(actor).get(at("readiness_questions") + "?version=2").status_code == 404


def test_weights_that_add_up_to_zero_are_refused_and_stay_typed(world: World) -> None:
    client, row = world.client("office"), world.here.draft_question
    assert row is not None
    page = Page(client.get(at("readiness_questions")))
    sent = {**page.values, f"w{row.pk}-weight": "0"}
    answer = client.post(at("readiness_questions"), sent)
    assert answer.status_code == 422
    assert "The weights for culture for change add up to zero" in Page(answer).text
    assert Page(answer).values[f"w{row.pk}-weight"] == ["0"] and now(row).weight == 1
    assert client.post(at("readiness_questions"), {**sent, f"w{row.pk}-weight": "2.5"}).status_code == 302
    assert now(row).weight == Decimal("2.5")


def test_every_level_has_to_be_described_and_nothing_typed_is_lost(world: World) -> None:
    client, row = world.client("office"), world.here.draft_question
    assert row is not None
    path = at("question_edit", draft_question_id=row.pk)
    sent = {**Page(client.get(path)).values, "levels": ["One", "", "Three", "Four", ""]}
    answer = client.post(path, sent)
    assert answer.status_code == 422
    assert "Describe every level in words. Missing: 2, 5." in Page(answer).text
    assert "Three" in answer.content.decode() and now(row).levels == ["None", "Some", "Half", "Most", "All"]
    assert client.post(path, {**sent, "levels": ["One", "Two", "Three", "Four", "Five"]}).status_code == 302
    assert now(row).levels == ["One", "Two", "Three", "Four", "Five"]


def test_a_published_question_has_no_page_to_change_it(world: World) -> None:
    assert world.here.question is not None
    path = at("question_edit", draft_question_id=world.here.question.pk)
    assert world.client("office").get(path).status_code == 404


def test_publishing_asks_what_is_new_and_says_what_is_missing(world: World) -> None:
    client, path = world.client("office"), at("questions_publish")
    digital = Question.objects.for_plan(world.here.plan).get(dimension="digital")
    question_sets.remove_question(digital, actor=COMMAND, version=digital.version)
    page = Page(client.get(path))
    assert "Say in a few words what is new" in Page(client.post(path, page.values)).text
    answer = client.post(path, {**page.values, "note": "Fewer questions"})
    assert answer.status_code == 422 and "No question on digital maturity would count" in Page(answer).text
    assert Page(answer).values["note"] == ["Fewer questions"]


def test_the_office_prepares_and_discards(world: World) -> None:
    client, path = world.client("office"), at("readiness_questions")
    client.post(path, {"discard": "yes"})
    assert draft(world.here.plan) is None
    assert "Prepare a new version" in Page(client.get(path)).text
    client.post(path, {"prepare": "yes"})
    assert draft(world.here.plan) is not None
    client.post(path, {"discard": "yes"})
    late = client.post(path, {"figures_in": "en_US"}, follow=True)  # weights of a draft that is gone
    assert "There is no draft any more" in Page(late).text


def test_an_empty_plan_takes_the_starter_set(world: World) -> None:
    empty = new_plan(name="Empty", actor=COMMAND, slug="empty")
    make(Membership, empty, user=world.here.people["office"], role=Role.OFFICE, agencies=[])
    client, path = world.client("office"), reverse("readiness_questions", kwargs={"slug": "empty"})
    assert "No questions yet" in Page(client.get(path)).text
    client.post(path, {"starter": "yes"})
    assert "Version 1 asks" in Page(client.get(path)).text
