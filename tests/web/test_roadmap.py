"""The roadmap: where the plan stands, phases by pillars, planned against actual, and what waits for what."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ssoplanner.core.models import Plan
from ssoplanner.recompute.writer import bulk_load, delete, update
from ssoplanner.steps.models import Decision, StepProgress
from ssoplanner.steps.registry import Pillar, steps
from ssoplanner.web.roadmap.content import Roadmap, roadmap
from ssoplanner.web.roadmap.lines import StepLine
from ssoplanner.web.roadmap.pillars import pillar_choices
from ssoplanner.web.steps import step_url
from tests.access.urls import address
from tests.web.browsing import Page, now
from tests.web.test_pages import empty_plan
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime(2026, 11, 29, 12, tzinfo=UTC))


@pytest.fixture
def journey(world: World) -> World:
    """1.1 was complete two weeks late, 1.2 is on track, 1.3 sixty days over, 2.2 begun although 2.1 is not complete."""
    here = world.here
    delete(here.evidence, actor=COMMAND, version=1)  # type: ignore[type-var]
    delete(here.progress, actor=COMMAND, version=1)  # type: ignore[type-var]
    analyst, lead = here.people["analyst"], here.people["lead"]
    for key, status, days, owner in (
        ("assess.readiness", "complete", ("2026-02-02", "2026-05-29", "2026-02-09", "2026-06-12"), lead),
        ("assess.heat_map", "on_track", ("2026-05-04", "2026-12-18", "2026-05-18", ""), analyst),
        ("assess.capabilities", "critical", ("2026-05-04", "2026-09-30", "2026-07-06", ""), lead),
        ("design.scope", "upcoming", ("2027-01-11", "2027-03-26", "", ""), None),
        ("design.agencies", "late", ("2026-10-05", "2027-04-30", "2026-11-02", ""), analyst),
    ):
        names = ("planned_start", "due", "started", "completed")
        values = {name: date.fromisoformat(day) for name, day in zip(names, days, strict=True) if day}
        make(StepProgress, here.plan, step=key, status=status, owner=owner, **values)
    return world


def page_of(world: World, actor: str = "board", **asked: Any) -> Page:
    return Page(world.client(actor).get(address("roadmap", world.here), asked))


def decision(plan: Plan, **values: Any) -> Decision:
    return make(Decision, plan, **{"question": "So?", "phase": "assess", "options": ["Go", "No go"], **values})


def line(found: Roadmap, code: str) -> StepLine:
    return next(one for one in found.every if one.code == code)


def cells(html: str) -> list[list[list[str]]]:
    """The matrix: of each phase, of each pillar, the codes of its steps."""
    [body] = re.findall(r'<table class="matrix.*?<tbody>(.*?)</tbody>', html, re.S)
    rows = body.split("<tr>")[1:]
    return [[re.findall(r'class="code">([\d.]+)<', cell) for cell in row.split("<td")[1:]] for row in rows]


# --- Where the plan stands ------------------------------------------------------------------------------------------


def test_one_sentence_says_how_far_the_plan_is_and_what_is_due_next(journey: World) -> None:
    found = roadmap(journey.here.plan)
    assert found.sentence == (
        "4 of 23 steps complete or under way, 1 late, 1 late and critical; "
        "next due: 1.2 Heat map on Dec 18, 2026, analyst of here."
    )
    assert found.overdue == "Overdue: 1.3 Architecture diagnostic by 60 days."
    assert found.held_up == "1.3 is late and holds up 2.1, and through it 19 more."
    text = page_of(journey).text
    assert found.how_far in text and found.next_due in text and found.overdue in text and found.held_up in text


def test_the_next_gate_says_what_is_to_be_signed_and_which_steps_are_open(journey: World) -> None:
    said = page_of(journey, "viewer").text.split("Next gate:")[1].split("Phases and pillars")[0]
    assert "1 Assess" in said and "A go or no-go decision" in said
    assert "1 of 3 steps complete, 0 of 9 criteria ticked. No decision is open for votes yet." in said
    assert "1.2 Heat map Dec 18, 2026" in said and "1.3 Architecture diagnostic Sep 30, 2026" in said
    assert "Readiness" not in said


def test_a_gate_that_is_decided_gives_way_to_the_next(journey: World) -> None:
    plan, when = journey.here.plan, datetime(2026, 11, 1, tzinfo=UTC)
    decision(plan, question="Not to be seen?", state="draft")
    text = page_of(journey).text
    assert "Next gate: 1 Assess" in text and "Not to be seen?" not in text
    voting = decision(plan, question="Do we go on?", state="voting")
    assert "The decision is open for votes: Do we go on?" in page_of(journey).text
    delete(voting, actor=COMMAND, version=1)
    for phase in ("assess", "design", "build", "scale", "optimize"):
        decision(plan, phase=phase, state="decided", outcome="Go", decided_at=when)
        text = page_of(journey).text
        assert ("Next gate: 2 Design" in text) == (phase == "assess")
    assert "Next gate" not in text and "All five are decided." in text
    decision(plan, state="draft")  # what is prepared next takes nothing back
    assert "All five are decided." in page_of(journey).text


def test_a_plan_without_any_late_step_does_not_warn(world: World) -> None:
    found = roadmap(world.here.plan)
    assert (found.overdue, found.held_up) == ("", "")
    assert found.sentence == "None of 23 steps complete or under way; no open step has a date ahead of it."


# --- Phases by pillars ----------------------------------------------------------------------------------------------


def test_each_step_stands_in_the_row_of_its_phase_and_in_each_of_its_pillars(journey: World) -> None:
    rows = cells(page_of(journey).html)
    assert len(rows) == 5 and all(len(row) == 4 for row in rows)
    for place, own in enumerate(("1", "2", "3", "4", "5")):
        for column, pillar in enumerate(Pillar):
            expected = [one.code for one in steps() if one.code.startswith(f"{own}.") and pillar in one.pillars]
            assert rows[place][column] == expected


def test_a_chip_says_state_owner_date_and_in_words_what_is_overdue_or_waits(journey: World) -> None:
    text = page_of(journey).text
    assert "Complete: 1.1 Readiness lead of here, done Jun 12, 2026" in text
    assert "Late and critical: 1.3 Architecture diagnostic lead of here, Sep 30, 2026 overdue 60 days" in text
    assert "Late, not critical: 2.2 Participating agencies analyst of here, Apr 30, 2027 waiting for 2.1" in text
    assert "Upcoming: 2.1 Functional scope no owner, Mar 26, 2027" in text
    assert "Upcoming: 5.5 Value and innovation no owner, no date" in text


def test_an_owner_who_left_is_shown_as_such(journey: World) -> None:
    delete(journey.here.memberships["lead"], actor=COMMAND, version=1)
    found = roadmap(journey.here.plan)
    assert line(found, "1.3").owner_left and not line(found, "1.2").owner_left and not line(found, "2.1").owner_left
    text = page_of(journey).text
    assert "lead of here (left the plan)" in text and "lead of here left the plan" in text
    assert "analyst of here (left" not in text


# --- One pillar -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pillar", list(Pillar))
def test_a_pillar_of_the_address_narrows_everything_alike(journey: World, pillar: Pillar) -> None:
    codes = [one.code for one in steps() if pillar in one.pillars]
    page = page_of(journey, pillar=pillar.value)
    rows = cells(page.html)
    assert all(len(row) == 1 for row in rows) and [code for row in rows for code in row[0]] == codes
    drawn = re.findall(r'class="timeline-code"[^>]*>([\d.]+)<', page.html)
    assert drawn == codes
    table = page.html.split("roadmap-table")[1].split("</table>")[0]
    assert [code for code in re.findall(r">(\d\.\d) [^<]+</a>\s*<span class=\"note\"", table)] == codes
    assert f"of {len(codes)} steps about {pillar} complete or under way" in page.text
    assert f"Roadmap: {pillar}" in page.text


def test_an_unknown_pillar_is_ignored(journey: World) -> None:
    plain = page_of(journey).text
    for asked in ("money", "", "People", "people ", "<script>"):
        assert page_of(journey, pillar=asked).text == plain, asked


def test_the_choices_are_links_that_say_how_much_there_is_and_which_is_chosen(journey: World) -> None:
    path = address("roadmap", journey.here)
    page = page_of(journey, pillar="people")
    links = [where for attribute, where in page.addresses if attribute == "href"]
    assert {path, *(f"{path}?pillar={pillar}" for pillar in Pillar)} <= set(links)
    [chosen] = re.findall(r'<a href="([^"]+)"\s+aria-current="true"', page.html)
    assert chosen == f"{path}?pillar=people"
    counts = {
        choice.label: choice.count for choice in pillar_choices("/", None, [[Pillar.PEOPLE], list(Pillar)], "All")
    }
    assert counts == {"All": 2, "People": 2, "Process": 1, "Technology": 1, "Governance": 1}


# --- Planned and actual ---------------------------------------------------------------------------------------------


def test_the_timeline_says_what_it_shows_and_has_its_table(journey: World) -> None:
    page = page_of(journey)
    assert (
        "From Feb 2, 2026 to Apr 30, 2027. 1.1 was complete 14 days past its date; "
        "1.3 is 60 days past its date and not complete. 18 of 23 steps have no date yet." in page.text
    )
    [chart] = re.findall(r'<svg class="timeline-chart".*?aria-labelledby="([^"]+)"', page.html, re.S)
    assert all(f'id="{one}"' in page.html for one in chart.split())
    [region] = re.findall(r'<div class="timeline-scroll"([^>]+)>', page.html)
    assert 'tabindex="0"' in region and 'role="region"' in region and "aria-label=" in region
    assert page.html.index("timeline-chart") < page.html.index("<details", page.html.index("timeline-chart"))
    table = page.text.split("Holds up")[1]
    assert "Feb 2, 2026 to May 29, 2026 Feb 9, 2026 to Jun 12, 2026 14 days past its date" in table
    assert "Jul 6, 2026 not complete yet 60 days past its date" in table


def test_bars_are_drawn_by_state_with_a_pattern_and_a_shape_of_their_own(journey: World) -> None:
    html = page_of(journey).html.split('<svg class="timeline-chart"')[1].split("</svg>\n  </div>")[0]
    assert html.count('class="bar-planned"') == 5
    for status in ("complete", "on_track", "critical", "late"):
        assert html.count(f'class="bar-{status}"') == 1 and html.count(f'class="end-{status}"') == 1, status
        assert f'fill="url(#fill-{status})"' in html and html.count(f'<pattern id="fill-{status}"') == 1
    assert "style=" not in html and html.count('class="timeline-today"') == 1


def test_what_is_under_way_is_drawn_until_today(journey: World) -> None:
    found = roadmap(journey.here.plan)
    assert found.timeline is not None
    rows = {row.line.code: row.at for phase in found.timeline.phases for row in phase.rows}
    for code in ("1.2", "1.3", "2.2"):
        assert rows[code].actual.end == pytest.approx(found.timeline.today, abs=0.1), code  # type: ignore[union-attr]
    assert rows["1.3"].planned.end < rows["1.3"].actual.end  # type: ignore[union-attr]
    assert rows["2.1"].actual is None and rows["2.1"].planned.x > found.timeline.today  # type: ignore[union-attr]
    assert [phase.phase.key for phase in found.timeline.phases] == ["assess", "design", "build", "scale", "optimize"]


def test_odd_days_are_drawn_all_the_same(world: World) -> None:
    plan = world.here.plan
    make(StepProgress, plan, step="assess.heat_map", due=date(2027, 1, 1))  # no start
    make(StepProgress, plan, step="assess.capabilities", planned_start=date(2026, 1, 1))  # no due date
    make(StepProgress, plan, step="design.scope", status="on_track", started=date(2027, 6, 1))  # begins tomorrow
    make(StepProgress, plan, step="design.agencies", status="complete", completed=date(2026, 3, 1))  # began unseen
    make(StepProgress, plan, step="design.funding", status="late", due=date(9999, 12, 31))
    found = roadmap(plan)
    assert found.timeline is not None
    rows = {row.line.code: row.at for phase in found.timeline.phases for row in phase.rows}
    assert all(rows[code].planned for code in ("1.2", "1.3", "2.4"))
    assert rows["2.1"].actual and rows["2.2"].actual and not rows["2.4"].actual
    assert page_of(world).html.count('<svg class="timeline-chart"') == 1


# --- What waits for what --------------------------------------------------------------------------------------------


def test_the_table_says_what_each_step_waits_for_and_what_it_holds_up(journey: World) -> None:
    table = page_of(journey).text.split("Holds up")[1]
    scope = table.split("2.1 Define shared services functional scope")[1].split("2.2 Identify")[0]
    assert "waiting for 1.2, 1.3" in scope
    waits, _, holds = scope.partition("1.3 Architecture diagnostic")
    assert "Complete: 1.1 Readiness On track: 1.2 Heat map Late and critical:" in waits
    assert [code for code in re.findall(r"\d\.\d", holds)] == ["2.2", "2.3", "2.4", "2.5", "3.1", "3.2"]
    first = table.split("1.1 Assess shared services readiness")[1].split("1.2 Complete")[0]
    assert "no other step Upcoming: 2.1 Functional scope" in first and "waiting for" not in first


def test_a_step_waits_for_whatever_is_not_complete_until_it_is_complete_itself(journey: World) -> None:
    plan = journey.here.plan
    assert [ref.code for ref in line(roadmap(plan), "2.2").waiting_for] == ["2.1"]
    row = StepProgress.objects.for_plan(plan).get(step="design.scope")
    update(row, actor=COMMAND, version=row.version, values={"status": "complete"})
    assert line(roadmap(plan), "2.2").waiting_for == () and line(roadmap(plan), "2.1").waiting_for == ()
    assert [ref.code for ref in line(roadmap(plan), "2.4").waiting_for] == ["2.2", "2.3"]
    assert not line(roadmap(plan), "2.4").is_held_up  # it has not begun, so nobody stands still for it


# --- Nothing planned, who sees it, and how often it asks -------------------------------------------------------------


def test_an_empty_plan_says_what_to_do_first_and_shows_the_matrix() -> None:
    plan, client = empty_plan()
    page = Page(client.get(reverse("roadmap", kwargs={"slug": plan.slug})))
    assert "Nobody has planned anything yet Begin with the steps that wait for no other" in page.text
    links = [where for attribute, where in page.addresses if attribute == "href"]
    first = page.html.split("roadmap-state")[1].split("</section>")[0]
    for key in ("assess.readiness", "assess.heat_map", "assess.capabilities"):
        assert step_url(plan, key) in links and step_url(plan, key) in first
    assert step_url(plan, "design.scope") not in first
    assert sum(len(cell) for row in cells(page.html) for cell in row) == sum(len(one.pillars) for one in steps())
    assert "No step has a date yet, so there is nothing to draw." in page.text
    assert "timeline-chart" not in page.html and "Next gate: 1 Assess" in page.text
    assert not StepProgress.objects.for_plan(plan).exists()  # looking stores nothing


def test_only_the_office_is_told_to_plan(world: World) -> None:
    delete(world.here.evidence, actor=COMMAND, version=1)  # type: ignore[type-var]
    delete(world.here.progress, actor=COMMAND, version=1)  # type: ignore[type-var]
    assert "Begin with the steps" in page_of(world, "office").text
    for actor in ("lead", "board", "analyst", "viewer"):
        assert "The program office begins with the steps that wait for no other" in page_of(world, actor).text, actor


def test_all_members_read_the_same(journey: World) -> None:
    said = {
        page_of(journey, who).text.split("Where the plan stands")[1] for who in ("office", "lead", "board", "viewer")
    }
    assert len({text.split("Keyboard shortcuts")[0] for text in said}) == 1


def test_it_is_reached_from_the_menu_and_leads_to_phases_and_sessions(journey: World) -> None:
    html = journey.client("viewer").get(address("plan", journey.here)).content.decode()
    menu = re.findall(r'class="nav-link"\s+href="([^"]+)"', html)
    assert menu[1] == address("roadmap", journey.here)
    links = {where for attribute, where in page_of(journey).addresses if attribute == "href"}
    assert {address("sessions", journey.here), address("phase", journey.here, phase_key="scale")} <= links


def test_it_asks_as_often_for_a_full_plan_as_for_an_empty_one(world: World) -> None:
    client, path = world.client("board"), address("roadmap", world.here)
    few = asked(client, path)
    plan, people = world.here.plan, list(world.here.people.values())
    rows = [
        {"step": one.key, "owner": people[place % len(people)], "status": "on_track", "due": date(2027, 1, 1)}
        for place, one in enumerate(steps()[1:])
    ]
    bulk_load(StepProgress, plan=plan, actor=COMMAND, rows=rows, label="progress")
    for number in range(12):
        decision(plan, question=f"{number}?", state="voting")
    assert asked(client, path) == few
    with CaptureQueriesContext(connection) as queries:
        roadmap(now(plan))
    assert len(queries) == 4  # the plan itself; steps, members, decisions


def asked(client: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_another_plan_has_no_part_in_it(journey: World) -> None:
    there: Plan = journey.there.plan
    make(StepProgress, there, step="build.team", status="critical", due=date(2020, 1, 1))
    assert "3.2 Team" not in roadmap(journey.here.plan).overdue
    assert "3.2 Team" in roadmap(there).overdue
