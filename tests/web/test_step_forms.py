"""Owner, dates, status, criteria and evidence of a step, as forms send them: what is taken and what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ssoplanner.recompute.writer import delete
from ssoplanner.steps.models import Evidence, StepProgress
from ssoplanner.steps.progress import progress_of, save_progress, tick
from ssoplanner.web.steps import step_url
from tests.access.urls import address
from tests.web.browsing import Page, opened, save, sent
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db

READY = "assess.readiness"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime(2026, 6, 15, 12, tzinfo=UTC))


def edit(world: World, key: str = READY) -> str:
    return step_url(world.here.plan, key, "step_edit")


def stored(world: World, key: str = READY) -> StepProgress:
    return progress_of(world.here.plan, key)


def due(world: World, key: str, day: date) -> None:
    version = stored(world, key).version
    save_progress(world.here.plan, key, actor=COMMAND, version=version, values={"due": day})


# --- Owner, dates, status -------------------------------------------------------------------------------------------


def test_the_office_fills_in_a_step_that_nobody_has_begun(world: World) -> None:
    board = world.here.people["board"]
    typed = {"owner": board.pk, "planned_start": "2026-05-01", "due": "2026-09-30", "status": "on_track"}
    save(world.client("office"), edit(world, "assess.heat_map"), **typed)
    row = stored(world, "assess.heat_map")
    assert (row.owner, row.planned_start, row.due) == (board, date(2026, 5, 1), date(2026, 9, 30))
    assert (row.status, row.started, row.completed) == ("on_track", date(2026, 6, 15), None)


def test_whoever_owns_a_step_changes_it_whatever_their_role(world: World) -> None:
    refused = world.client("viewer").get(edit(world))
    assert refused.status_code == 403
    assert "Only the owner of 1.1 Assess shared services readiness and the program office" in Page(refused).text
    save(world.client("lead"), edit(world), owner=world.here.people["viewer"].pk)
    save(world.client("viewer"), edit(world), status="late")
    assert stored(world).status == "late"
    assert world.client("lead").get(edit(world)).status_code == 403


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"planned_start": "2026-05-02", "due": "2026-05-01"}, "It cannot be due before its planned start."),
        ({"status": "complete", "started": "2026-05-02", "completed": "2026-05-01"}, "complete before it started"),
        ({"status": "on_track", "completed": "2026-05-01"}, "Only a complete step has such a day."),
        ({"status": "on_track", "started": "2026-06-16"}, "This day is still to come."),
        ({"status": "complete", "completed": "2026-06-16"}, "This day is still to come."),
        ({"due": "31 June"}, "Enter a valid date."),
        ({"status": "done"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world: World, typed: dict[str, str], said: str) -> None:
    office = world.client("office")
    page = sent(office, edit(world), **typed)
    assert page.text.count(said) == 2  # in the summary and at the field
    assert stored(world).version == 1


def test_a_due_date_before_that_of_what_it_waits_for_is_refused(world: World) -> None:
    due(world, "assess.heat_map", date(2026, 7, 1))
    due(world, "assess.readiness", date(2026, 8, 1))
    office, path = world.client("office"), edit(world, "design.scope")
    page = sent(office, path, due="2026-07-31")
    said = "Due: This waits for 1.1 Assess shared services readiness, which is due on Aug 1, 2026."
    assert said in page.text
    save(office, path, due="2026-08-01")
    due(world, "assess.readiness", date(2026, 9, 1))
    save(office, path, status="late")  # what one did not touch stands in nobody's way
    assert stored(world, "design.scope").due == date(2026, 8, 1)


def test_an_owner_who_left_stands_in_the_form_and_has_to_be_replaced(world: World) -> None:
    delete(world.here.memberships["lead"], actor=COMMAND, version=1)
    office = world.client("office")
    page = sent(office, edit(world), status="late")
    assert page.text.count("lead of here is not in the plan any more. Choose another owner.") == 2
    assert page.values["owner"] == [str(world.here.people["lead"].pk)]
    save(office, edit(world), page.values, owner=world.here.people["analyst"].pk)
    assert (stored(world).owner, stored(world).status) == (world.here.people["analyst"], "late")
    assert f'value="{world.here.people["lead"].pk}"' not in Page(office.get(edit(world))).html


def test_setting_a_step_back_takes_its_completion_back(world: World) -> None:
    office = world.client("office")
    save(office, edit(world), status="complete", started="2026-03-01")
    assert (stored(world).started, stored(world).completed) == (date(2026, 3, 1), date(2026, 6, 15))
    save(office, edit(world), status="on_track")
    assert (stored(world).started, stored(world).completed) == (date(2026, 3, 1), None)


def test_two_who_fill_in_a_new_step_meet_in_the_field_that_both_filled(world: World) -> None:
    office, path = world.client("office"), edit(world, "assess.heat_map")
    before = opened(office, path)
    other = world.client("office")
    save(other, path, due="2026-09-01", status="on_track")
    page = sent(office, path, before, due="2026-10-01", planned_start="2026-05-01")
    assert "changed this from “empty” to “Sep 1, 2026”" in page.text and "You typed “Oct 1, 2026”." in page.text
    assert [button for button in page.buttons if button[0] == "keep"] == [
        ("keep", "mine:due"),
        ("keep", "theirs:due"),
    ]
    save(office, path, page.values, keep="mine:due")
    row = stored(world, "assess.heat_map")
    assert (row.due, row.planned_start, row.status) == (date(2026, 10, 1), date(2026, 5, 1), "on_track")


# --- Criteria -------------------------------------------------------------------------------------------------------


def test_the_office_ticks_and_clears_and_leaves_the_ticks_of_others(world: World) -> None:
    office, path = world.client("office"), address("step_criteria", world.here)
    office.post(path, {"met": ["answers"]})
    tick(world.here.plan, READY, actor=COMMAND, add=["ratings"], remove=[])
    answer = office.post(path, {"met": ["actions"], "were": ["answers"]}, follow=True)
    assert stored(world).met == ["ratings", "actions"]
    assert "2 of 3 criteria are met." in Page(answer).text


def test_the_page_sends_what_is_ticked(world: World) -> None:
    tick(world.here.plan, READY, actor=COMMAND, add=["ratings"], remove=[])
    page = Page(world.client("office").get(step_url(world.here.plan, READY)))
    assert page.values["met"] == page.values["were"] == ["ratings"]
    assert "met" not in Page(world.client("board").get(step_url(world.here.plan, READY))).values


@pytest.mark.parametrize("key", ["none", "quick_wins", "", "<script>", "x" * 5000])
def test_what_is_no_criterion_is_refused_with_a_sentence(world: World, key: str) -> None:
    answer = world.client("office").post(address("step_criteria", world.here), {"met": [key]}, follow=True)
    assert "One of these is no criterion of this step. Load the page again." in Page(answer).text
    assert stored(world).met == [] and stored(world).version == 1


# --- Evidence -------------------------------------------------------------------------------------------------------


def test_evidence_is_added_to_a_step_that_nobody_has_begun_and_removed_again(world: World) -> None:
    office, path = world.client("office"), step_url(world.here.plan, "design.scope", "step_evidence_new")
    save(office, path, title="Options", link="https://example.org/a?b=1&c=2", note="Draft")
    page = Page(office.get(step_url(world.here.plan, "design.scope")))
    assert ("href", "https://example.org/a?b=1&c=2") in page.addresses
    assert "Options" in page.text and "Draft" in page.text
    [piece] = Evidence.objects.for_plan(world.here.plan).filter(title="Options")
    save(office, address("step_evidence_delete", world.here, evidence_id=piece.pk))
    assert "Nothing yet that shows" in Page(office.get(step_url(world.here.plan, "design.scope"))).text


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", " JAVASCRIPT:alert(1)", "data:text/html,x", "//example.org", "x"]
)
def test_a_link_that_is_no_web_address_is_refused(world: World, link: str) -> None:
    page = sent(world.client("lead"), address("step_evidence_new", world.here), title="A", link=link)
    assert page.text.count("Give an address that begins with http:// or https://.") == 2
    assert page.values["link"] == [link]
    assert Evidence.objects.for_plan(world.here.plan).count() == 1
