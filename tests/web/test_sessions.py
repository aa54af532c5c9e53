"""The page of the ten sessions: each agenda beside the state of its steps as the plan has them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bootstrap import ROOT
from ssoplanner.recompute.writer import bulk_load, delete, update
from ssoplanner.steps.models import StepProgress
from ssoplanner.steps.registry import steps
from ssoplanner.steps.sessions import SESSIONS
from ssoplanner.web.steps import step_url
from tests.access.urls import address
from tests.web.browsing import Page
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db


def page_of(world: World, actor: str = "viewer") -> Page:
    return Page(world.client(actor).get(address("sessions", world.here)))


def session(page: Page, number: int) -> str:
    """What the page says of one session."""
    [html] = re.findall(rf'<article[^>]+id="session-{number}".*?</article>', page.html, re.S)
    return html


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_each_session_stands_there_with_its_whole_agenda(world: World) -> None:
    page = page_of(world)
    for one in SESSIONS:
        said = words(session(page, one.number)).lower()
        texts = [one.title, one.purpose, f"about {one.minutes} minutes", *one.guests, *one.bring, *one.decides]
        texts += [str(role.label) for role in one.roles] + [item.text for item in one.agenda]
        texts += [f"{item.minutes} min" for item in one.agenda]
        assert [text for text in texts if text.lower() not in said] == [], one.number


def test_its_steps_are_shown_as_they_stand_with_their_owner(world: World) -> None:
    here = world.here
    make(StepProgress, here.plan, step="assess.heat_map", status="late", owner=here.people["analyst"])
    said = words(session(page_of(world), 2))
    assert "Late, not critical: 1.2 Heat map analyst of here" in said
    assert "Upcoming: 1.1 Readiness lead of here" in said and "1.3 Architecture diagnostic no owner yet" in said
    update(here.progress, actor=COMMAND, version=1, values={"status": "complete"})  # type: ignore[type-var]
    assert "Complete: 1.1 Readiness" in words(session(page_of(world), 1))
    assert "Assess, 1 of 3 steps complete" in page_of(world).text


def test_an_owner_who_left_is_shown_as_such(world: World) -> None:
    delete(world.here.memberships["lead"], actor=COMMAND, version=1)
    assert "1.1 Readiness lead of here (left the plan)" in words(session(page_of(world), 1))


def test_it_links_to_every_step_and_each_session_can_be_linked_to(world: World) -> None:
    page = page_of(world)
    links = {where for attribute, where in page.addresses if attribute == "href"}
    agenda = "".join(session(page, one.number) for one in SESSIONS)
    assert all(f'href="{step_url(world.here.plan, one.key)}"' in agenda for one in steps())
    assert {f"#session-{one.number}" for one in SESSIONS} <= links
    assert {address("phase", world.here, phase_key=one.phase) for one in SESSIONS} <= links
    ids = re.findall(r' id="([^"]+)"', page.html)
    assert sorted(ids) == sorted(set(ids))


def test_on_paper_each_begins_a_page_of_its_own(world: World) -> None:
    css = (ROOT / "static" / "css" / "roadmap.css").read_text(encoding="utf-8")
    on_paper = css.split("@media print")[1]
    assert re.search(r"\.session \{[^}]*break-before: page", on_paper)
    assert len(re.findall('class="card session"', page_of(world).html)) == len(SESSIONS)


def test_it_asks_as_often_for_a_full_plan_as_for_an_empty_one(world: World) -> None:
    client, path = world.client("viewer"), address("sessions", world.here)
    counts = []
    for full in (False, True):
        if full:
            people = list(world.here.people.values())
            rows = [{"step": one.key, "owner": people[n % len(people)]} for n, one in enumerate(steps()[1:])]
            bulk_load(StepProgress, plan=world.here.plan, actor=COMMAND, rows=rows, label="progress")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
