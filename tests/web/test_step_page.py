"""The page of a step: what it says to whom, and that all 23 have one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Source
from ssoplanner.recompute.writer import Actor, bulk_load, create, delete, update
from ssoplanner.steps import registry
from ssoplanner.steps.models import Comment, Evidence, StepProgress
from ssoplanner.steps.progress import progress_of, save_progress
from ssoplanner.steps.registry import steps
from ssoplanner.web.steps import step_url
from tests.access.urls import address
from tests.web.browsing import Page
from tests.web.test_pages import empty_plan
from tests.world import COMMAND, World, canary, make

pytestmark = pytest.mark.django_db


def page_of(world: World, actor: str, key: str = "assess.readiness", **asked: Any) -> Page:
    return Page(world.client(actor).get(step_url(world.here.plan, key), asked))


WITH_TOOL = {"assess.readiness", "assess.heat_map", "assess.capabilities", "design.funding"}


def written(world: World, key: str, **values: Any) -> StepProgress:
    version = progress_of(world.here.plan, key).version
    return save_progress(world.here.plan, key, actor=COMMAND, version=version, values=values)


def test_every_step_has_a_page_with_its_declaration(world: World) -> None:
    office = world.client("office")
    for one in steps():
        page = Page(office.get(step_url(world.here.plan, one.key)))
        words = [one.title, one.purpose, *(criterion.text for criterion in one.done_when)]
        words += () if one.key in WITH_TOOL else one.inputs
        words += [part for case in (one.good, one.wrong) if case for part in (case.text, case.origin)]
        assert [text for text in words if text not in page.text] == [], one.key
        assert ("What good looks like" in page.text) == (one.good is not None), one.key
        assert ("What went wrong" in page.text) == (one.wrong is not None), one.key


def test_in_an_empty_plan_it_says_what_is_not_there_yet() -> None:
    plan, client = empty_plan()
    page = Page(client.get(step_url(plan, "design.scope")))
    for words in (
        "Upcoming",
        "nobody yet",
        "Due not given",
        "Started not yet",
        "0 of 2",
        "Nothing yet that shows how far this step is.",
        "Nobody has said anything yet.",
        "Nothing was changed yet.",
        "It is not available yet.",
    ):
        assert words in page.text, words
    assert not StepProgress.objects.for_plan(plan).exists()  # looking stores nothing


def test_it_says_what_differs_for_a_plan_of_its_tier(world: World) -> None:
    plan = world.here.plan
    for tier, words in (("federal", "framework contract of the whole government"), ("regional", "Settle who buys")):
        plan = update(plan, actor=COMMAND, version=plan.version, values={"tier": tier})
        assert words in page_of(world, "viewer", "build.platforms").text
    assert "For a plan of your tier" not in page_of(world, "viewer", "build.tools").text


def test_an_unknown_step_is_not_found(world: World) -> None:
    for key in ("assess.none", "1.1", "assess", "x" * 300, "²"):
        for name in ("step", "step_edit", "step_evidence_new"):
            path = address(name, world.here, step_key=key)
            assert world.client("office").get(path).status_code == 404, path


def test_it_links_to_what_it_waits_for_and_to_its_neighbours_with_their_status(world: World) -> None:
    written(world, "assess.heat_map", status="critical")
    page = page_of(world, "viewer", "design.scope")
    waits = page.text.split("It waits for")[1].split("Done when")[0]
    assert "Upcoming: 1.1 Assess shared services readiness" in waits
    assert "Late and critical: 1.2 Complete shared services heat map assessment" in waits
    links = {where for attribute, where in page.addresses if attribute == "href"}
    for key in ("assess.readiness", "assess.heat_map", "assess.capabilities", "design.agencies"):
        assert step_url(world.here.plan, key) in links
    assert "Previous step 1.3" in page.text and "Next step 2.2" in page.text
    first, last = page_of(world, "viewer"), page_of(world, "viewer", "optimize.value")
    assert "Previous step" not in first.text and "Next step" not in last.text


def test_the_navigation_and_the_home_page_lead_to_every_step_with_its_status(world: World) -> None:
    written(world, "build.team", status="late")
    home = Page(world.client("viewer").get(address("plan", world.here)))
    paths = [where for attribute, where in home.addresses if attribute == "href"]
    assert {paths.count(step_url(world.here.plan, one.key)) for one in steps()} == {2}
    assert home.text.count("Late, not critical: 3.2 Define and assemble") == 2
    html = page_of(world, "viewer", "build.team").html
    [current] = [tag for tag in html.split("<a ")[1:] if 'aria-current="page"' in tag.split(">")[0]]
    assert "Define and assemble shared services team" in current


def test_a_due_date_that_passed_says_so_until_the_step_is_complete(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime(2026, 6, 2, 12, tzinfo=UTC))
    said = {}
    for status, due in (("on_track", 1), ("on_track", 2), ("complete", 1)):
        written(world, "assess.readiness", status=status, due=date(2026, 6, due))
        said[status, due] = "This day is past." in page_of(world, "viewer").text
    assert said == {("on_track", 1): True, ("on_track", 2): False, ("complete", 1): False}


def test_complete_with_open_criteria_says_so(world: World) -> None:
    written(world, "assess.readiness", status="complete")
    assert "The status says complete, and not all of this is ticked." in page_of(world, "board").text
    office = world.client("office")
    all_of_it = {"met": ["answers", "ratings", "actions"]}
    assert office.post(address("step_criteria", world.here), all_of_it).status_code == 302
    page = page_of(world, "board")
    assert "not all of this is ticked" not in page.text and "Met: Every agency has submitted" in page.text


def test_viewers_read_no_comments_and_no_notes(world: World) -> None:
    talk = canary("here-talk")
    update(world.here.evidence, actor=COMMAND, version=1, values={"note": f"{talk} again"})  # type: ignore[type-var]
    for actor in ("office", "lead", "other_lead", "board", "analyst"):
        page = page_of(world, actor)
        assert page.text.count(talk) >= 3, actor  # the comment, the note, its history
        assert "Add the comment" in page.text
    viewer = page_of(world, "viewer")
    assert canary("here-plan") in viewer.text  # the evidence itself
    assert talk not in viewer.html and "Comments" not in viewer.text


def test_an_owner_who_left_is_shown_as_such(world: World) -> None:
    delete(world.here.memberships["lead"], actor=COMMAND, version=1)
    assert "lead of here Left the plan. Somebody else has to take this over." in page_of(world, "office").text
    assert "Left the plan" not in page_of(world, "office", "assess.heat_map").text


@pytest.mark.both_databases
def test_its_history_has_the_step_and_its_evidence_and_nothing_of_others(world: World) -> None:
    here = world.here
    delete(here.evidence, actor=Actor(here.people["office"], Source.BROWSER), version=1)  # type: ignore[arg-type]
    written(world, "assess.heat_map", due=date(2031, 5, 6))
    said = page_of(world, "board").text.split("History of this step")[1]
    assert f"Office of here removed piece of evidence {canary('here-plan')}" in said
    assert "added progress of step 1.1 Assess" in said and "2031" not in said
    viewer = page_of(world, "viewer").text.split("History of this step")[1]
    assert "added progress of step 1.1 Assess" in viewer and "evidence" not in viewer


def test_the_history_of_ticks_reads_as_words(world: World) -> None:
    world.client("office").post(address("step_criteria", world.here), {"met": ["answers", "actions"]})
    assert "Criteria that are met: answers, actions" in page_of(world, "viewer").text


def test_a_step_with_a_tool_leads_to_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_tool = replace(registry.step("build.team"), tool="agencies")
    known = {**registry.steps_by_key(), with_tool.key: with_tool}
    monkeypatch.setattr("ssoplanner.web.views.steps.steps_by_key", lambda: known)
    monkeypatch.setattr("ssoplanner.web.steps.steps", lambda: tuple(known.values()))
    page = page_of(world, "viewer", "build.team")
    assert ("href", address("agencies", world.here)) in page.addresses
    assert "Open define and assemble shared services team" in page.text and "not available yet" not in page.text


def test_a_phase_may_have_a_template_of_its_own_for_a_step(world: World, settings: Any, tmp_path: Path) -> None:
    own = '{% extends "web/step.html" %}{% block step_more %}<p>Only about the team</p>{% endblock %}'
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "team.html").write_text(own, encoding="utf-8")
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]
    assert get_template("build/team.html")
    assert "Only about the team" in page_of(world, "viewer", "build.team").text
    assert "Only about the team" not in page_of(world, "viewer", "assess.heat_map").text


def test_it_asks_as_often_with_200_comments_and_all_steps_begun(world: World) -> None:
    here = world.here
    clients = {actor: world.client(actor) for actor in ("office", "lead", "viewer")}
    path = step_url(here.plan, "design.scope")
    say(world, "design.scope", comments=1, evidence=1)
    few = {actor: queries(client, path) for actor, client in clients.items()}
    for one in steps():
        say(world, one.key, comments=200, evidence=12)
    many = {actor: queries(client, path) for actor, client in clients.items()}
    assert Comment.objects.for_plan(here.plan).count() > 23 * 200
    assert many == few
    assert max(few.values()) <= 21


def say(world: World, key: str, *, comments: int, evidence: int) -> None:
    """The step has an owner and a date, and others were busy with it."""
    here, people = world.here, [world.here.people[name] for name in ("office", "lead", "board")]
    progress = written(world, key, owner=people[1], status="on_track")
    for number in range(evidence):
        actor = Actor(people[number % 3], Source.BROWSER)
        create(Evidence, plan=here.plan, actor=actor, values={"progress": progress, "title": f"E{number}"})
    make(Comment, here.plan, step=key, author=people[0], text="Look", mentions=people)
    rows = [{"step": key, "author": people[number % 3], "text": f"C{number}"} for number in range(comments)]
    bulk_load(Comment, plan=here.plan, actor=COMMAND, rows=rows, label="comments")


def queries(client: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_comments_of_another_plan_or_step_never_appear(world: World) -> None:
    make(Comment, world.here.plan, step="assess.heat_map", author=world.here.people["board"], text="Elsewhere said")
    page = page_of(world, "office")
    assert canary("here-talk") in page.text
    assert canary("there-talk") not in page.html and "Elsewhere said" not in page.html
