"""The twelve risks as two sides rate them, and the five questions: who says what, and what the pages make of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assess.models import AuditorAnswer, RiskScore
from assess.risk_texts import QUESTIONS, RISKS
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.writer import update
from tests.access.urls import address
from tests.web.browsing import Page, opened, save, sent
from tests.web.test_pages import empty_plan
from tests.world import COMMAND, World, canary, make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


def page_of(world: World, actor: str = "board", **headers: str) -> Page:
    return Page(world.client(actor).get(address("risks", world.here), headers=headers))


def path_of(world: World, risk: str, rater: str = "own") -> str:
    return address("risk_rate", world.here, risk_key=risk, rater=rater)


def stored(world: World, risk: str, rater: str = "own") -> RiskScore:
    row: RiskScore = RiskScore.objects.for_plan(world.here.plan).get(risk=risk, rater=rater)
    return row


def rate(world: World, risk: str, rater: str, score: int | None, reason: str = "Seen") -> None:
    make(RiskScore, world.here.plan, phase="assess", risk=risk, rater=rater, score=score, reason=reason)


# --- The page -------------------------------------------------------------------------------------------------------


def test_both_ratings_stand_side_by_side_with_their_sums_and_where_they_differ(world: World) -> None:
    rate(world, "money", "own", 1)
    rate(world, "money", "independent", 1)
    rate(world, "technology", "own", None)
    build_plan(world.here.plan.pk)
    page = page_of(world)
    assert "The agencies’ own rating Low, 2.00 2 of 12 rated, 1 not applicable" in page.text
    assert "Independent rating Medium, 3.00 2 of 12 rated" in page.text
    assert "the independent raters medium; they differ on 1: data and information." in page.text
    assert "Weighed as a small project, since 2 agencies take part: 12 or more count as large." in page.text
    said = page.text.split("Data and information", 1)[1].split("Cyber and information security")[0]
    assert "The two differ" in said and "3: Medium" in said and "5: High" in said and canary("here-office") in said
    assert page.text.count("The two differ") == 1 and page.text.count("Not applicable") == 1
    assert all(text in page.text for risk in RISKS for text in (risk.name, risk.low, risk.medium, risk.high))
    assert "GSA, Modernization and Migration Management playbook" in page.text


def test_one_side_alone_is_called_an_opinion(world: World) -> None:
    RiskScore.objects.for_plan(world.here.plan)
    build_plan(world.here.plan.pk)
    assert "differ on 1" in page_of(world).text
    update(stored(world, "data", "independent"), actor=COMMAND, version=1, values={"score": None})
    build_plan(world.here.plan.pk)
    assert "Only one side has rated yet" in page_of(world).text


def test_a_change_shows_once_it_is_computed_and_its_working_is_a_link_away(world: World) -> None:
    build_plan(world.here.plan.pk)
    update(stored(world, "data"), actor=COMMAND, version=1, values={"score": 5})
    part = page_of(world, HX_Request="true")
    assert part.html.lstrip().startswith('<div id="plan-risk"') and 'data-current="false"' in part.html
    build_plan(world.here.plan.pk)
    assert "Both sides call the risks high in all; they agree on each" in page_of(world).text
    trace = address("trace", world.here, calculation="assess.plan_risk")
    working = Page(world.client("analyst").get(f"{trace}?figure=own")).text
    assert (
        "5.0 score × weight in all" in working and "1 risk rated" in working and "Data and information 5.0" in working
    )


def test_an_empty_plan_says_that_nothing_is_rated_and_where_to_begin() -> None:
    plan, client = empty_plan()
    build_plan(plan.pk)
    page = Page(client.get(reverse("risks", kwargs={"slug": plan.slug})))
    assert "None of the twelve risks is rated yet." in page.text and page.text.count("Not rated yet") == 24
    first = reverse("risk_rate", kwargs={"slug": plan.slug, "risk_key": "data", "rater": "own"})
    assert "Go on rating" in page.text and ("href", first) in page.addresses


def test_it_asks_as_often_however_much_is_rated(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(world)
        return len(queries)

    asked()
    before = asked()
    for risk in RISKS[1:]:
        for rater in ("own", "independent"):
            rate(world, risk.key, rater, 3)
    assert asked() == before


# --- Rating ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "own", "independent"),
    [("office", 200, 403), ("board", 403, 200), ("analyst", 403, 200), ("lead", 403, 403), ("viewer", 403, 403)],
)
def test_each_side_gives_its_own_rating_only(world: World, actor: str, own: int, independent: int) -> None:
    client = world.client(actor)
    for rater, right in (("own", own), ("independent", independent)):
        assert client.get(path_of(world, "data", rater)).status_code == right
        answer = client.post(path_of(world, "data", rater), {"score": "1", "version": "1"})
        assert answer.status_code == (302 if right == 200 else 403)


def test_who_runs_the_plan_is_not_independent_whatever_else_they_are(world: World) -> None:
    make(type(world.here.memberships["office"]), world.here.plan, user=world.here.people["office"], role="analyst")
    refused = world.client("office").get(path_of(world, "data", "independent"))
    assert refused.status_code == 403 and "who do not run the plan" in Page(refused).text


def test_the_form_says_what_each_rating_means_and_goes_on_to_the_next(world: World) -> None:
    office, path = world.client("office"), path_of(world, "money")
    page = Page(office.get(path))
    assert page.values.get("score") is None and RISKS[2].medium in page.text and "2: Medium" not in page.text
    answer = office.post(path, {**page.values, "score": "3"})
    assert answer["Location"] == path_of(world, "procurement")
    assert (stored(world, "money").score, stored(world, "money").reason) == (3, "")
    assert opened(office, path)["score"] == ["3"]
    save(office, path, score="na")
    assert stored(world, "money").score is None and opened(office, path)["score"] == ["na"]


@pytest.mark.parametrize(
    ("rater", "typed", "said"),
    [
        ("own", {}, "Choose how high the risk is, or “not applicable”."),
        ("own", {"score": "5"}, "Say why it is high, and what would lower it."),
        ("own", {"score": "2"}, "Select a valid choice."),
        ("own", {"score": "6"}, "Select a valid choice."),
        ("independent", {"score": "2"}, "Say which strategy was accepted, by whom and when."),
        ("independent", {"score": "4"}, "Say which strategy was accepted, by whom and when."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_stored(
    world: World, rater: str, typed: dict[str, str], said: str
) -> None:
    client = world.client("office" if rater == "own" else "analyst")
    assert said in sent(client, path_of(world, "change", rater), **typed).text
    assert not RiskScore.objects.for_plan(world.here.plan).filter(risk="change").exists()


def test_an_own_rating_between_the_three_is_refused_whoever_saves_it(world: World) -> None:
    with pytest.raises(Exception, match="low, medium or high: 1, 3 or 5"):
        rate(world, "money", "own", 4)
    with pytest.raises(Exception, match="none of the twelve risks"):
        rate(world, "weather", "own", 3)


def test_two_who_rate_the_same_risk_first_meet_each_other(world: World) -> None:
    analyst, board = world.client("analyst"), world.client("board")
    path = path_of(world, "change", "independent")
    held = opened(analyst, path)
    save(board, path, score="3")
    page = sent(analyst, path, held, score="5", reason="Nobody leads it")
    assert "Somebody else changed this meanwhile" in page.text and "3: Medium" in page.text
    assert page.values["reason"] == ["Nobody leads it"] and stored(world, "change", "independent").score == 3


@pytest.mark.parametrize(("risk", "rater"), [("weather", "own"), ("data", "nobody")])
def test_an_unknown_risk_or_side_is_not_found(world: World, risk: str, rater: str) -> None:
    assert world.client("office").get(path_of(world, risk, rater)).status_code == 404


# --- The five questions ---------------------------------------------------------------------------------------------


def test_the_questions_say_how_far_they_are_settled(world: World) -> None:
    page = Page(world.client("board").get(address("auditor_questions", world.here)))
    assert "1 of 5 questions is settled; not settled at all: costs and benefits, money up front" in page.text
    assert all(question.asks in page.text for question in QUESTIONS) and "GAO-12-542" in page.text
    assert canary("here-office") in page.text


def test_an_answer_is_begun_changed_and_counted(world: World) -> None:
    office, path = world.client("office"), address("auditor_answer", world.here, auditor_key="funding")
    assert QUESTIONS[2].settled_when in Page(office.get(path)).text
    assert "Give the answer" in sent(office, path, how_far="partly").text
    page = sent(office, path, how_far="yes", answer="The budget office pays")
    assert "Say what shows it" in page.text and page.values["answer"] == ["The budget office pays"]
    assert not AuditorAnswer.objects.for_plan(world.here.plan).filter(question="funding").exists()
    save(office, path, how_far="yes", answer="The budget office pays", evidence="Letter of 11 May")
    said = Page(office.get(address("auditor_questions", world.here))).text
    assert "2 of 5 questions are settled" in said and "Letter of 11 May" in said


def test_all_settled_and_the_rest_in_part_are_said_in_words(world: World) -> None:
    words: dict[str, Any] = {"answer": "A", "evidence": "E"}
    rows = [
        make(AuditorAnswer, world.here.plan, question=question.key, how_far="partly", **words)
        for question in QUESTIONS[1:]
    ]
    path = address("auditor_questions", world.here)
    assert "1 of 5 questions is settled, the others in part." in Page(world.client("board").get(path)).text
    for row in rows:
        update(row, actor=COMMAND, version=1, values={"how_far": "yes"})
    assert "All 5 questions are settled." in Page(world.client("board").get(path)).text
