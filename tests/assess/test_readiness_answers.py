"""Answering a questionnaire: saved one by one or all at once, locked, refused, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assess.models import Answer, Question, Questionnaire
from assess.readiness_sheets import CannotAnswer, check_open
from ssoplanner.core.models import AuditEvent
from ssoplanner.recompute.writer import update
from tests.recompute.figures import counts, moved
from tests.web.browsing import Page, now
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db


def page(world: World, name: str = "readiness_answer", **keys: Any) -> str:
    at = {"slug": "here", "sheet_id": world.here.sheet.pk, **keys}  # type: ignore[union-attr]
    return reverse(name, kwargs=at)


def one(world: World, question: Question) -> str:
    return page(world, "readiness_save", question_id=question.pk)


def fields(question: Question, **typed: Any) -> dict[str, Any]:
    return {f"q{question.pk}-{name}": value for name, value in typed.items()}


@pytest.fixture
def second(world: World) -> Question:
    """A second question, which nobody has answered."""
    first = world.here.question
    assert first is not None
    words = {"text": "And then?", "levels": ["1", "2", "3", "4", "5"], "pillars": ["people"]}
    made: Question = make(
        Question, world.here.plan, question_set=first.question_set, code="DI-01", dimension="digital", **words
    )
    return made


def answers(world: World) -> dict[str, Answer]:
    rows = Answer.objects.for_plan(world.here.plan).filter(questionnaire=world.here.sheet)
    return {row.question.code: row for row in rows.select_related("question")}


def test_the_page_shows_each_level_in_words_and_what_was_answered(world: World, second: Question) -> None:
    shown = Page(world.client("lead").get(page(world)))
    assert "1 of 2 answered" in shown.text and "Level 3 Half" in shown.text and "Don’t know" in shown.text
    assert shown.values[f"q{world.here.question.pk}-choice"] == ["2"]  # type: ignore[union-attr]
    assert f"q{second.pk}-choice" not in shown.values


def test_one_answer_is_saved_by_itself(world: World, second: Question) -> None:
    answer = world.client("lead").post(one(world, second), fields(second, choice="4", version="1"))
    assert "Saved." in Page(answer).text and "2 of 2 answered" in Page(answer).text
    assert (answers(world)["DI-01"].kind, answers(world)["DI-01"].level) == ("level", 4)


@pytest.mark.parametrize(("choice", "kind"), [("unknown", "unknown"), ("none", "none")])
def test_not_knowing_and_not_applicable_are_answers(world: World, second: Question, choice: str, kind: str) -> None:
    world.client("lead").post(one(world, second), fields(second, choice=choice))
    assert (answers(world)["DI-01"].kind, answers(world)["DI-01"].level) == (kind, None)


def test_a_comment_may_come_before_the_answer(world: World, second: Question) -> None:
    answer = world.client("lead").post(one(world, second), fields(second, comment="I ask Ben first."))
    assert "1 of 2 answered" in Page(answer).text
    assert (answers(world)["DI-01"].kind, answers(world)["DI-01"].comment) == ("open", "I ask Ben first.")


def test_looking_at_an_answer_without_changing_it_writes_nothing(world: World, second: Question) -> None:
    client, before = world.client("lead"), AuditEvent.objects.for_plan(world.here.plan).count()
    client.post(page(world), Page(client.get(page(world))).values)
    client.post(one(world, second), fields(second, comment=" "))
    assert AuditEvent.objects.for_plan(world.here.plan).count() == before


@pytest.mark.parametrize("choice", ["0", "6", "-1", "3.5", "level", "²", "9" * 40])
def test_a_level_that_there_is_not_is_refused_in_a_sentence(world: World, second: Question, choice: str) -> None:
    answer = world.client("lead").post(one(world, second), fields(second, choice=choice))
    assert "There is no such level. Choose one from 1 to 5" in Page(answer).text
    assert "DI-01" not in answers(world)


def test_without_a_script_one_button_saves_all_and_the_page_goes_on_where_it_stopped(
    world: World, second: Question
) -> None:
    client = world.client("lead")
    values = Page(client.get(page(world))).values | fields(second, choice="5", evidence="The plan of 2025")
    assert client.post(page(world), values).status_code == 302
    assert answers(world)["DI-01"].evidence == "The plan of 2025"
    again = Page(client.get(page(world)))
    assert again.values[f"q{second.pk}-choice"] == ["5"] and "Every question has an answer" in again.text


def test_submitting_says_which_answers_are_missing_and_keeps_what_was_typed(world: World, second: Question) -> None:
    client = world.client("lead")
    values = Page(client.get(page(world))).values | fields(second, comment="Not sure") | {"submit": "1"}
    answer = client.post(page(world), values)
    assert answer.status_code == 422
    assert "This question has no answer yet." in Page(answer).text and "2 And then?" in Page(answer).text
    assert Page(answer).values[f"q{second.pk}-comment"] == ["Not sure"]
    assert now(world.here.sheet).submitted_at is None


def test_what_is_submitted_is_locked_until_the_office_opens_it_again_with_a_reason(world: World) -> None:
    client, question = world.client("lead"), world.here.question
    assert question is not None
    values = Page(client.get(page(world))).values
    assert client.post(page(world), values | {"submit": "1"}).status_code == 302
    refused = client.post(page(world), values | fields(question, choice="5"))
    assert refused.status_code == 409 and "is locked. The program office can open it again" in Page(refused).text
    assert Page(refused).values[f"q{question.pk}-choice"] == ["5"]  # what was typed still stands there
    assert "is locked" in Page(client.post(one(world, question), fields(question, choice="5"))).text
    assert answers(world)["CU-01"].level == 2
    office, again = world.client("office"), page(world, "readiness_reopen")
    blank = office.post(again, {"reopened": ""})
    assert blank.status_code == 422 and "Say in a sentence why" in Page(blank).text
    assert office.post(again, {"reopened": "The new payroll is live."}).status_code == 302
    assert "The new payroll is live." in Page(client.get(page(world))).text
    assert client.post(page(world), fields(question, choice="5", version="1")).status_code == 302
    assert answers(world)["CU-01"].level == 5


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        (date(2020, 1, 1), date(2020, 2, 1), "closed on Feb 1, 2020. Ask the program office"),
        (date(2098, 1, 1), date(2098, 2, 1), "opens on Jan 1, 2098. Answer from that day on"),
    ],
)
def test_outside_its_days_a_campaign_takes_no_answers(world: World, opens: date, closes: date, said: str) -> None:
    campaign, question = now(world.here.campaign), world.here.question
    update(campaign, actor=COMMAND, version=1, values={"opens": opens, "closes": closes})
    assert question is not None
    answer = world.client("lead").post(page(world), fields(question, choice="5", comment="Long thoughts"))
    assert answer.status_code == 409 and said in Page(answer).text
    assert Page(answer).values[f"q{question.pk}-comment"] == ["Long thoughts"]
    assert said in Page(world.client("lead").post(one(world, question), fields(question, choice="5"))).text
    assert answers(world)["CU-01"].level == 2


def test_a_campaign_is_open_on_its_first_and_on_its_last_day(world: World) -> None:
    sheet = Questionnaire.objects.for_plan(world.here.plan).get(pk=world.here.sheet.pk)  # type: ignore[union-attr]
    check_open(sheet, date(2026, 1, 5))
    check_open(sheet, date(2099, 1, 5))
    for day in (date(2026, 1, 4), date(2099, 1, 6)):
        with pytest.raises(CannotAnswer):
            check_open(sheet, day)


def test_two_windows_meet_in_one_answer_and_the_person_chooses(world: World) -> None:
    client, question = world.client("lead"), world.here.question
    assert question is not None
    client.post(one(world, question), fields(question, choice="4", version="1"))
    answer = client.post(one(world, question), fields(question, choice="1", version="1"))
    text = Page(answer).text
    assert "saved “Level 4" in text and "Yours is “Level 1" in text and "Keep mine" in text
    assert answers(world)["CU-01"].level == 4
    kept = [value for name, value in Page(answer).buttons if name.endswith("-keep")]
    pressed = fields(question, choice="1", version="1", keep=kept[0] if kept else answers(world)["CU-01"].version)
    assert client.post(page(world), pressed).status_code == 302
    assert answers(world)["CU-01"].level == 1


def test_two_who_answer_a_question_first_meet_too(world: World, second: Question) -> None:
    client = world.client("lead")
    client.post(one(world, second), fields(second, choice="4", version="1"))
    answer = client.post(one(world, second), fields(second, choice="2", version="1"))
    assert "Choose which one stands" in Page(answer).text and answers(world)["DI-01"].level == 4


def test_another_set_s_question_and_other_people_s_questionnaires_are_refused(world: World) -> None:
    there, other = world.there.question, world.here.other_sheet
    assert there is not None and other is not None
    assert world.client("lead").post(one(world, there), fields(there, choice="3")).status_code == 404
    theirs = page(world, sheet_id=other.pk)
    for actor, said in (
        ("lead", "The figures of Agency other here are for its own lead"),
        ("analyst", "Only other_lead"),
    ):
        answer = world.client(actor).post(theirs, {})
        assert answer.status_code == 403 and said in Page(answer).text, actor
    draft = world.client("office").get(page(world))
    assert draft.status_code == 403 and "who has not submitted them yet" in Page(draft).text


def test_who_is_asked_about_one_dimension_sees_its_questions_alone(world: World, second: Question) -> None:
    values = {"campaign": world.here.campaign, "agency": world.here.own, "dimensions": ["digital"]}
    sheet = make(Questionnaire, world.here.plan, respondent=world.here.people["board"], **values)
    shown = Page(world.client("board").get(page(world, sheet_id=sheet.pk)))
    assert "0 of 1 answered" in shown.text and "And then?" in shown.text and "How ready?" not in shown.text


def test_a_question_for_other_tiers_is_not_asked(world: World, second: Question) -> None:
    update(second, actor=COMMAND, version=1, values={"tiers": ["municipal"]})
    assert "And then?" not in Page(world.client("lead").get(page(world))).text


def test_the_office_rates_beside_the_agency_once_however_often_it_is_begun(world: World) -> None:
    rate = reverse(
        "readiness_rate",
        kwargs={"slug": "here", "campaign_id": world.here.campaign.pk, "agency_id": world.here.own.pk},  # type: ignore[union-attr]
    )
    first, again = (world.client("office").post(rate) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert "The program office rates Agency own here" in Page(world.client("office").get(first["Location"])).text
    assert world.client("lead").get(first["Location"]).status_code == 403
    row = Questionnaire.objects.for_plan(world.here.plan).get(independent=True)
    update(row, actor=COMMAND, version=row.version, values={"submitted_at": timezone.now()})
    assert world.client("lead").get(first["Location"]).status_code == 200


# --- What counts ----------------------------------------------------------------------------------------------------


def touched(world: World, edit: Callable[[], Any]) -> set[str]:
    """The calculations that an edit counts up."""
    before = counts(world.here.plan)
    edit()
    return {key for key, _ in moved(before, counts(world.here.plan))}


def test_an_answer_counts_up_nothing_until_it_is_submitted(world: World, second: Question) -> None:
    client, sheet = world.client("lead"), world.here.sheet
    assert sheet is not None
    assert touched(world, lambda: client.post(one(world, second), fields(second, choice="4", version="1"))) == set()
    submitted = {"submitted_at": timezone.now()}
    sent = touched(world, lambda: update(now(sheet), actor=COMMAND, version=now(sheet).version, values=submitted))
    assert {"assess.readiness", "assess.readiness_map", "assess.heat_map"} <= sent
    row = answers(world)["DI-01"]
    locked = touched(world, lambda: update(row, actor=COMMAND, version=row.version, values={"level": 1}))
    assert "assess.readiness" in locked  # whoever goes past the lock is counted


def test_a_question_counts_up_nothing_while_it_is_prepared(world: World) -> None:
    draft, published = world.here.draft_question, world.here.question
    assert draft is not None and published is not None
    assert touched(world, lambda: update(draft, actor=COMMAND, version=1, values={"weight": 3})) == set()
    past = touched(world, lambda: update(published, actor=COMMAND, version=1, values={"weight": 3}))
    assert "assess.readiness" in past
