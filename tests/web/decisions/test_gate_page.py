"""The page of a gate: what everybody reads there, the vote with its refusals, and the decision as it stays."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Agency, User
from ssoplanner.documents.pdf import missing, rendered
from ssoplanner.documents.word import write_word
from ssoplanner.phases import PHASES
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Job, Release
from ssoplanner.recompute.writer import update
from ssoplanner.steps import voting
from ssoplanner.steps.gate import GO, GO_WITH_CONDITIONS, NO_GO, TOLLGATES
from ssoplanner.steps.models import Condition, Decision, Task, Vote
from ssoplanner.web.decisions.memo import memo_document
from tests.access.urls import address
from tests.web.browsing import Page, now
from tests.web.test_pages import empty_plan
from tests.world import COMMAND, World, canary, make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
EVERYBODY = ("office", "lead", "other_lead", "board", "analyst", "viewer")
SEES_ALL = ("office", "board", "analyst")
REASON = "Readiness must catch up first."


@pytest.fixture(autouse=True)
def built(world: World) -> None:
    build_plan(world.here.plan.pk)


def page_of(world: World, actor: str = "board", phase: str = "assess") -> Page:
    return Page(world.client(actor).get(address("gate", world.here, phase_key=phase)))


def opened(world: World) -> Decision:
    asked = {"question": "Do we go on?", "body": None}
    return voting.open_vote(voting.prepare(world.here.plan, "assess", actor=COMMAND, values=asked), actor=COMMAND)


def post(world: World, actor: str, name: str, row: Decision, **sent: Any) -> Any:
    return world.client(actor).post(address(name, world.here, decision_id=row.pk), sent)


def vote(world: World, row: Decision, option: str = GO, reason: str = REASON, stamp: str = "") -> Any:
    stamp = stamp or voting.stamp_of(row)
    return post(world, "board", "decision_vote", row, option=option, reason=reason, stamp=stamp)


def move(world: World) -> None:
    row = now(world.here.sponsor)
    update(row, actor=COMMAND, version=row.version, values={"position": "committed"})
    build_plan(world.here.plan.pk)


def cast(world: World) -> list[Vote]:
    return list(Vote.objects.for_plan(world.here.plan))


# --- What stands there ----------------------------------------------------------------------------------------------


def test_the_answer_comes_first_with_its_reasons_and_each_criterion_with_figure_and_threshold(world: World) -> None:
    text = page_of(world).text
    assert text.index("No-go as it stands:") < text.index("Must hold")
    assert "executives behind the plan" in text.split("No-go as it stands:")[1].split(".")[0]
    assert "Executives behind the plan 1 of 1 executives were asked Not met 0 % at least 60 %" in text
    assert "Program office defined No figure says it" in text


def test_leads_and_viewers_read_the_scorecard_once_it_is_released_and_never_the_working_of_risks(world: World) -> None:
    for actor in ("lead", "viewer"):
        assert "once the program office releases it" in page_of(world, actor).text, actor
        assert "Must hold" not in page_of(world, actor).text
    make(Release, world.here.plan, calculation="assess.gate")
    for actor in EVERYBODY:
        text = page_of(world, actor).text
        assert "Must hold" in text, actor
        assert ("Largest risks of the log" in text) == (actor in SEES_ALL), actor
        assert (canary("here-talk") in text) == (actor in SEES_ALL), actor


def test_a_gate_that_nobody_judges_yet_says_what_it_will_ask(world: World) -> None:
    for phase in PHASES[1:]:
        text = page_of(world, "office", phase.key).text
        assert "not judged" in text or "judged yet" in text or "Nothing is judged" in text
        for tollgate in TOLLGATES.get(phase.key, ()):
            assert tollgate.title in text and all(one in text for one in tollgate.criteria)
        assert "Prepare the decision" not in text
    assert page_of(world, "viewer", "design").html.count(canary("here-office")) == 0
    assert canary("here-office") in page_of(world, "analyst", "design").html


def test_an_empty_plan_says_what_is_missing(world: World) -> None:
    plan, client = empty_plan()
    build_plan(plan.pk)
    text = Page(client.get(f"/plans/{plan.slug}/phases/assess/gate/")).text
    assert "No recommendation yet" in text and "No decision is being prepared at this gate." in text


def test_an_unknown_gate_is_not_found(world: World) -> None:
    assert world.client("office").get(address("gate", world.here, phase_key="none")).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_plan(world: World) -> None:
    row, client = opened(world), world.client("office")
    vote(world, row)
    path = address("gate", world.here, phase_key="assess")
    client.get(path)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    before = queries()
    for number in range(5):
        make(Agency, world.here.plan, code=f"X{number}", name=f"Agency {number}")
        make(
            Condition, world.here.plan, decision=row, text="More", owner=world.here.people["lead"], due=date(2099, 1, 1)
        )
    assert queries() == before


# --- The vote -------------------------------------------------------------------------------------------------------


def test_the_office_prepares_and_opens_and_the_board_votes_with_a_reason(world: World) -> None:
    client = world.client("office")
    client.post(address("gate_prepare", world.here, phase_key="assess"), {"question": "Go on?", "body": ""})
    row = Decision.objects.for_plan(world.here.plan).get(phase="assess")
    assert "The vote is not open yet" in page_of(world).text and "Open the vote" not in page_of(world).text
    assert "Go on?" not in page_of(world, "viewer").text
    assert post(world, "office", "decision_open", row).status_code == 302
    page = page_of(world)
    assert page.values["stamp"] == [voting.stamp_of(now(row))]
    assert "0 of 1 have voted; 1 more makes the quorum." in page.text
    assert vote(world, now(row)).status_code == 302
    assert f"You have voted: Go . {REASON}" in page_of(world).text
    assert [one.option for one in cast(world)] == [GO]


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"option": GO, "reason": " "}, "Say why"), ({"option": "", "reason": REASON}, "Choose one of the three.")],
)
def test_a_vote_that_lacks_something_says_so_and_keeps_what_was_typed(
    world: World, sent: dict[str, str], said: str
) -> None:
    row = opened(world)
    answer = post(world, "board", "decision_vote", row, stamp=voting.stamp_of(row), **sent)
    page = Page(answer)
    assert answer.status_code == 422 and said in page.text
    assert not sent["reason"].strip() or REASON in page.html
    assert cast(world) == []


def test_after_the_figures_moved_a_vote_is_reviewed_and_what_was_typed_is_kept(world: World) -> None:
    row = opened(world)
    stamp = voting.stamp_of(row)
    move(world)
    answer = vote(world, row, GO_WITH_CONDITIONS, stamp=stamp)
    page = Page(answer)
    assert answer.status_code == 409 and cast(world) == []
    assert "Executives behind the plan 0 % (at least 60 %), not met 100 % (at least 60 %), met" in page.text
    assert page.values["reason"] == [REASON] and page.values["option"] == [GO_WITH_CONDITIONS]
    office = page_of(world, "office")
    assert "Put the new figures to the vote" in office.text and "100 % (at least 60 %), met" in office.text
    assert "Put the new figures to the vote" not in page_of(world, "analyst").text
    post(world, "office", "decision_round", row)
    again = vote(world, row, GO_WITH_CONDITIONS, stamp=stamp)  # the page is still the old one
    page = Page(again)
    assert again.status_code == 409 and "this is round 2" in page.text
    assert "0 % (at least 60 %), not met 100 % (at least 60 %), met" in page.text
    assert vote(world, now(row), GO_WITH_CONDITIONS, stamp=page.values["stamp"][0]).status_code == 302
    assert len(cast(world)) == 1


def test_what_is_refused_is_said_in_a_sentence_and_keeps_what_was_typed(world: World) -> None:
    row = opened(world)
    vote(world, row)
    twice = vote(world, row, NO_GO, "Another reason")
    assert twice.status_code == 409
    assert "You have voted already: Go." in Page(twice).text and "Another reason" in twice.content.decode()
    post(world, "board", "vote_withdraw", row)
    assert cast(world) == []
    early = post(world, "office", "decision_close", row, minutes="Long minutes")
    assert early.status_code == 409 and "There is no quorum: 0 of 1 have voted" in Page(early).text
    assert "Long minutes" in early.content.decode()
    vote(world, row)
    post(world, "office", "decision_close", row)
    late = vote(world, row, NO_GO, "Too late a reason")
    assert late.status_code == 409 and "The vote is closed" in Page(late).text
    assert "Too late a reason" in late.content.decode()


def test_how_others_voted_is_read_by_those_who_decide_and_by_all_once_it_is_decided(world: World) -> None:
    row = opened(world)
    vote(world, row, NO_GO)
    for actor in EVERYBODY:
        page = page_of(world, actor).text
        assert "1 of 1 have voted" in page, actor
        assert (REASON in page) == (actor in SEES_ALL), actor
    post(world, "office", "decision_close", row, minutes="All were there.")
    for actor in EVERYBODY:
        page = page_of(world, actor).text
        assert REASON in page and "All were there." in page, actor


def test_the_progress_of_a_vote_tells_no_outcome_to_those_who_do_not_read_votes(world: World) -> None:
    row = opened(world)
    vote(world, row, NO_GO)
    for actor in ("lead", "viewer"):
        said = page_of(world, actor).text
        assert "has the majority" not in said and "1 of 1 have voted" in said, actor


def test_a_no_go_leaves_the_gate_shut_and_another_decision_can_be_prepared(world: World) -> None:
    row = opened(world)
    vote(world, row, NO_GO)
    post(world, "office", "decision_close", row)
    assert "Next gate: 1 Assess" in Page(world.client("office").get(address("roadmap", world.here))).text
    assert "Prepare the decision" in page_of(world, "office").text


# --- Conditions -----------------------------------------------------------------------------------------------------


def test_who_votes_names_conditions_while_the_vote_is_open_and_the_office_settles_them(world: World) -> None:
    row, owner = opened(world), world.here.people["lead"]
    sent = {"text": "A funding letter", "owner": owner.pk, "due": "2099-01-05"}
    assert post(world, "board", "condition_new", row, **sent).status_code == 302
    assert post(world, "analyst", "condition_new", row, **sent).status_code == 403
    past = post(world, "office", "condition_new", row, **{**sent, "due": "2020-01-01"})
    assert past.status_code == 422 and "This day is past." in Page(past).text
    without = post(world, "office", "condition_new", row, text="No owner")
    assert without.status_code == 422 and "No owner" in without.content.decode()
    [kept] = Condition.objects.for_plan(world.here.plan).filter(decision=row)
    path = address("condition_edit", world.here, decision_id=row.pk, condition_id=kept.pk)
    world.client("office").post(path, {**sent, "text": "A signed letter", "version": kept.version})
    vote(world, row, GO_WITH_CONDITIONS)
    post(world, "office", "decision_close", row)
    task = Task.objects.for_plan(world.here.plan).get(origin=f"Decision {row.pk}")
    assert (task.title, task.owner) == ("A signed letter", owner)
    assert "1 of 1 not met yet" in page_of(world, "viewer").text
    mine = Page(world.client("lead").get(address("my_tasks", world.here))).text
    assert mine.count("A signed letter") == 2  # the task and its detail, and no second line for the condition
    gone = address("condition_delete", world.here, decision_id=row.pk, condition_id=kept.pk)
    assert world.client("office").post(gone, {"version": now(kept).version}).status_code == 409


# --- Around it ------------------------------------------------------------------------------------------------------


def test_a_vote_waits_among_the_tasks_of_who_may_vote_until_it_is_cast(world: World) -> None:
    row = opened(world)
    tasks = address("my_tasks", world.here)
    page = world.client("board").get(tasks)
    assert "Vote: Do we go on?" in Page(page).text
    assert address("gate", world.here, phase_key="assess") in page.content.decode()
    vote(world, row)
    assert "Vote: Do we go on?" not in Page(world.client("board").get(tasks)).text


def test_the_phase_page_says_the_recommendation_and_leads_to_the_gate(world: World) -> None:
    page = Page(world.client("board").get(address("phase", world.here)))
    assert "The scorecard says: No-go" in page.text
    assert ("href", address("gate", world.here, phase_key="assess")) in page.addresses
    part = world.client("board").get(
        address("gate", world.here, phase_key="assess"), {"brief": "1"}, headers={"HX-Request": "true"}
    )
    assert "<h1" not in part.content.decode() and 'id="gate-card"' in part.content.decode()


# --- The memo -------------------------------------------------------------------------------------------------------


def memo_of(world: World, actor: str, row: Decision) -> Any:
    user: User = world.here.people[actor]
    return memo_document(Job(plan=world.here.plan, user=user, parameters={"decision": str(row.pk)}))


def text_of(document: Any) -> str:
    return repr(document.sections)


def test_the_memo_of_a_decision_stays_as_it_is(world: World) -> None:
    row = opened(world)
    vote(world, row, NO_GO)
    post(world, "office", "decision_close", row, minutes="All were there.")
    before = memo_of(world, "board", row)
    move(world)
    assert memo_of(world, "board", row).sections == before.sections
    said = text_of(before)
    for words in ("Do we go on?", REASON, NO_GO, "All were there.", "0 %", "at least 60 %", "Not met"):
        assert words in said, words
    assert all(one["hash"][:16] in said for one in voting.results_of(now(row)))


def test_the_memo_shows_no_more_than_the_page(world: World) -> None:
    row = opened(world)
    vote(world, row)
    said = text_of(memo_of(world, "viewer", row))
    assert REASON not in said and "at least 60 %" not in said and "No-go as it stands" not in said
    assert REASON in text_of(memo_of(world, "board", row))


@pytest.mark.skipif(bool(missing()), reason="no pango on this machine")
def test_the_memo_has_two_pages(world: World) -> None:
    row = opened(world)
    vote(world, row)
    post(world, "office", "decision_close", row, minutes="All were there.")
    assert len(rendered(memo_of(world, "board", row)).pages) == 2


def test_the_memo_is_a_word_file_too(world: World) -> None:
    row, file = opened(world), BytesIO()
    write_word(memo_of(world, "board", row), file)
    assert file.getvalue()[:2] == b"PK"
