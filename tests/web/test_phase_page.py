"""The page of a phase: what the board has to sign, its gate, how far it is, what is missing, who is late."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ssoplanner.core.models import Agency, Provision
from ssoplanner.phases import PHASES
from ssoplanner.recompute.writer import bulk_load, create, delete, update
from ssoplanner.steps.models import Body, Condition, Decision, StepProgress
from ssoplanner.steps.progress import save_progress, tick
from ssoplanner.steps.registry import steps, steps_by_phase
from ssoplanner.steps.sessions import SESSIONS
from ssoplanner.web.xray.progress_rules import STEPS
from ssoplanner.web.xray.rules import Severity, rules
from tests.access.urls import address
from tests.web.browsing import Page
from tests.web.test_pages import empty_plan
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
EVERYBODY = ("office", "lead", "other_lead", "board", "analyst", "viewer")
SEES_ALL = ("office", "board", "analyst")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: NOW)


def page_of(world: World, actor: str = "board", phase: str = "assess") -> Page:
    return Page(world.client(actor).get(address("phase", world.here, phase_key=phase)))


def part(page: Page, title: str) -> str:
    """What stands below a heading, as text."""
    found = re.search(rf'<section[^>]+aria-labelledby="{title}".*?</section>', page.html, re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


def decision(world: World, **values: Any) -> Decision:
    given = {"question": "Do we go on?", "phase": "assess", "options": ["Go", "No go"], **values}
    return create(Decision, plan=world.here.plan, actor=COMMAND, values=given)


# --- What is to be signed, and whether it can be --------------------------------------------------------------------


def test_every_phase_has_a_page_that_begins_with_what_the_board_must_sign(world: World) -> None:
    for phase in PHASES:
        page = page_of(world, "viewer", phase.key)
        heads = re.findall(r"<h2[^>]*>\s*(.*?)\s*</h2>", page.html.split("<main")[1], re.S)
        assert heads[:4] == ["What the board must be able to sign", "The gate", "How far", "The figures that matter"]
        assert phase.outcome in part(page, "sign-title")


@pytest.mark.parametrize("key", ["none", "Assess", "assess.readiness", "1", "x" * 300, "²"])
def test_an_unknown_phase_is_not_found(world: World, key: str) -> None:
    assert world.client("office").get(address("phase", world.here, phase_key=key)).status_code == 404


def test_it_says_whether_the_grounds_to_sign_are_there(world: World) -> None:
    plan = world.here.plan
    assert "Not ready to sign: all 3 steps are open." in part(page_of(world), "sign-title")
    make(StepProgress, plan, step="assess.heat_map", status="critical")
    assert "Not ready to sign: all 3 steps are open, 1 of them late." in part(page_of(world), "sign-title")
    for key in ("assess.readiness", "assess.heat_map"):
        row = StepProgress.objects.for_plan(plan).get(step=key)
        save_progress(plan, key, actor=COMMAND, version=row.version, values={"status": "complete"})
    assert "Not ready to sign: 1 of 3 steps is open." in part(page_of(world), "sign-title")
    save_progress(plan, "assess.capabilities", actor=COMMAND, version=1, values={"status": "complete"})
    assert "All steps are called complete, but 9 of 9 criteria are not ticked." in part(page_of(world), "sign-title")
    for step in steps()[:3]:
        tick(plan, step.key, actor=COMMAND, add=[one.key for one in step.done_when], remove=[])
    assert "Ready to be put to the board" in part(page_of(world), "sign-title")


# --- The gate -------------------------------------------------------------------------------------------------------


def test_without_a_decision_the_gate_says_so(world: World) -> None:
    assert "No gate decision is being prepared yet." in part(page_of(world), "gate-title")
    decision(world, phase="design")
    assert "No gate decision is being prepared yet." in part(page_of(world), "gate-title")


def test_a_decision_shows_its_question_state_outcome_and_open_conditions(world: World) -> None:
    here, people = world.here, world.here.people
    body = make(Body, here.plan, name="Steering board")
    found = decision(world, body=body, state="decided", outcome="Go", decided_at=datetime(2026, 11, 2, 9, tzinfo=UTC))
    for text, owner, due, met in (
        ("Three more leads", "office", date(2026, 11, 28), None),
        ("A funding letter", "board", date(2026, 11, 29), None),
        ("Long since met", "lead", date(2026, 1, 1), NOW),
    ):
        make(Condition, here.plan, decision=found, text=text, owner=people[owner], due=due, met_at=met)
    said = part(page_of(world, "viewer"), "gate-title")
    assert "Do we go on? Decided Steering board Nov 2, 2026 Outcome: Go" in said
    assert "Decided Nov 2, 2026: Go. Still open: all 3 steps." in part(page_of(world, "viewer"), "sign-title")
    assert "Conditions that are not met yet, 2 of 3:" in said and "Long since met" not in said
    assert "Three more leads office of here, by Nov 28, 2026 overdue" in said
    assert said.endswith("A funding letter board of here, by Nov 29, 2026")
    for row in Condition.objects.for_plan(here.plan).filter(met_at=None):
        update(row, actor=COMMAND, version=1, values={"met_at": NOW})
    assert "All 3 conditions are met." in part(page_of(world), "gate-title")


def test_what_is_still_prepared_is_for_those_who_prepare_and_decide(world: World) -> None:
    decision(world, question="Still a draft?")
    decision(world, question="Thought better of?", state="withdrawn")
    decision(world, question="Open now?", state="voting", opened_at=NOW)
    for actor in EVERYBODY:
        said = part(page_of(world, actor), "gate-title")
        assert "Open now? Open for votes" in said
        assert ("Still a draft? Being prepared" in said) == (actor in SEES_ALL), actor
        assert ("Thought better of?" in said) == (actor in SEES_ALL), actor


def test_leads_and_viewers_are_not_told_that_nothing_is_prepared(world: World) -> None:
    decision(world, question="Still a draft?")
    for actor in ("lead", "viewer"):
        assert "No gate decision is open for votes yet." in part(page_of(world, actor), "gate-title"), actor


# --- How far, and who is late ---------------------------------------------------------------------------------------


def test_it_counts_steps_by_state_and_criteria_that_are_ticked(world: World) -> None:
    plan = world.here.plan
    tick(plan, "assess.heat_map", actor=COMMAND, add=["figures", "reasons"], remove=[])
    make(StepProgress, plan, step="assess.capabilities", status="on_track", due=date(2026, 11, 28))
    said = part(page_of(world), "far-title")
    assert "2 upcoming, 1 on track; 2 of 9 criteria ticked" in said
    assert "2 of 3" in said.split("1.2 Complete")[1].split("1.3 Complete")[0]
    assert "Nov 28, 2026 overdue 1 day" in said.split("1.3 Complete")[1]
    design = part(page_of(world, phase="design"), "far-title")
    assert "2.1 Define shared services functional scope waiting for 1.1, 1.2, 1.3" in design


def test_it_names_who_is_late_and_by_how_many_days(world: World) -> None:
    here = world.here
    assert "Nobody: no step of this phase is past its date" in part(page_of(world), "late-title")
    rows = (
        ("assess.heat_map", "analyst", "on_track", date(2026, 11, 19)),
        ("assess.capabilities", "lead", "late", date(2026, 12, 24)),
        ("design.scope", "board", "critical", date(2026, 11, 1)),
    )
    for key, owner, status, due in rows:
        make(StepProgress, here.plan, step=key, owner=here.people[owner], status=status, due=due)
    said = part(page_of(world, "viewer"), "late-title")
    assert "analyst of here : 1.2 Heat map 10 days past its date, due Nov 19, 2026" in said
    assert "lead of here : 1.3 Architecture diagnostic called late, not critical, due Dec 24, 2026" in said
    assert "2.1" not in said and "1.1" not in said
    delete(here.memberships["analyst"], actor=COMMAND, version=1)
    assert "analyst of here (left the plan): 1.2" in part(page_of(world), "late-title")


def test_today_itself_is_not_late(world: World) -> None:
    make(StepProgress, world.here.plan, step="assess.heat_map", status="on_track", due=NOW.date())
    assert "Nobody" in part(page_of(world), "late-title")


# --- Its figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [phase.key for phase in PHASES if phase.key != "assess"])
def test_a_phase_without_figures_says_which_will_stand_there(world: World, key: str) -> None:
    said = part(page_of(world, phase=key), "figures-title")
    assert "There are none yet." in said
    [own] = [found for phase, found in steps_by_phase() if phase.key == key]
    assert all(f"{one.code} {one.short} from {', '.join(one.inputs)}" in said for one in own)


# --- What is missing ------------------------------------------------------------------------------------------------


def test_it_lists_what_the_x_ray_finds_about_its_steps_and_registers_the_worst_first(world: World) -> None:
    here = world.here
    update(here.own, actor=COMMAND, version=1, values={"status": "committed"})
    make(Agency, here.plan, code="X", name="Committed and empty", status="committed")
    update(here.challenge, actor=COMMAND, version=1, values={"owner": here.people["office"]})
    for key in ("assess.heat_map", "design.scope", "design.agencies"):
        make(StepProgress, here.plan, step=key, status="on_track")  # under way, and nobody's
    page = page_of(world)
    checks = re.findall(r'href="[^"]+\?rule=([\w.]+)"', page.html)
    assert checks[0] == "agency.committed_without_figures"
    severities = [next(rule.severity for rule in rules() if rule.key == key) for key in checks]
    assert severities == sorted(severities, key=list(Severity).index)
    said = part(page, "missing-title")
    assert "Committed agencies without figures" in said and "1 found" in said
    assert re.search(r"\d more checks? of the X-ray find", said)  # the page shows the worst of them
    design = page_of(world, phase="design")
    assert re.findall(r'href="[^"]+\?rule=([\w.]+)"', design.html) == ["step.no_owner"]
    assert "2 found" in part(design, "missing-title")


def test_that_a_step_is_past_its_date_is_said_once(world: World) -> None:
    row = world.here.progress
    update(row, actor=COMMAND, version=1, values={"due": date(2026, 1, 1)})  # type: ignore[type-var]
    page = page_of(world)
    assert "rule=step.late" not in page.html and "332 days past its date" in part(page, "late-title")
    assert any(rule.key == "step.late" and rule.source is STEPS for rule in rules())


def test_leads_find_what_is_theirs_and_viewers_nothing(world: World) -> None:
    here = world.here
    update(here.own, actor=COMMAND, version=1, values={"headcount": None})
    update(here.other, actor=COMMAND, version=1, values={"headcount": None})
    make(StepProgress, here.plan, step="assess.heat_map", status="on_track")
    counts = {}
    for actor in ("board", "lead"):
        said = part(page_of(world, actor), "missing-title")
        counts[actor] = re.findall(r"Agencies without a headcount [^.]+\. (\d+) found", said)
        assert ("Steps under way without an owner" in said) == (actor == "board")
    assert counts == {"board": ["2"], "lead": ["1"]}
    viewer = page_of(world, "viewer")
    assert part(viewer, "missing-title") == "" and "?rule=" not in viewer.html


# --- How it is reached, and how often it asks -----------------------------------------------------------------------


def test_the_menu_the_home_page_and_the_steps_lead_to_it(world: World) -> None:
    path = address("phase", world.here, phase_key="build")
    home = Page(world.client("viewer").get(address("plan", world.here)))
    assert [where for attribute, where in home.addresses if attribute == "href"].count(path) == 2
    step = Page(world.client("viewer").get(address("step", world.here, step_key="build.team")))
    assert re.search(rf'class="step-phase">\s*<a href="{path}">Phase 3, Build</a>', step.html)
    here = page_of(world, "viewer", "build").html
    [current] = re.findall(r'<a href="([^"]+)"\s+aria-current="page"', here)
    assert current == path
    assert here.count('<details class="phase" open') == 1


def test_it_leads_to_its_sessions_and_the_phases_beside_it(world: World) -> None:
    for place, phase in enumerate(PHASES):
        links = [where for attribute, where in page_of(world, "viewer", phase.key).addresses if attribute == "href"]
        own = [where for where in links if "#session-" in where]
        assert own == [
            f"{address('sessions', world.here)}#session-{one.number}" for one in SESSIONS if one.phase == phase.key
        ]
        for other in PHASES[max(place - 1, 0) : place + 2]:
            if other is not phase:
                assert links.count(address("phase", world.here, phase_key=other.key)) == 2


def test_in_an_empty_plan_it_says_what_is_not_there_yet() -> None:
    plan, client = empty_plan()
    for phase in PHASES:
        page = Page(client.get(reverse("phase", kwargs={"slug": plan.slug, "phase_key": phase.key})))
        for words in (
            "Not ready to sign: all",
            "No gate decision is being prepared yet.",
            "nobody yet",
            "Nobody: no step",
        ):
            assert words in page.text, (phase.key, words)
        assert "The X-ray finds nothing that concerns these steps." in page.text
    assert not StepProgress.objects.for_plan(plan).exists()


def test_it_asks_as_often_for_a_large_plan_as_for_a_small_one(world: World) -> None:
    here = world.here
    create(Decision, plan=here.plan, actor=COMMAND, values={"question": "A?", "phase": "assess", "options": ["a"]})
    condition(world)
    clients = {actor: world.client(actor) for actor in ("board", "lead", "viewer")}
    few = {actor: asked(world, client) for actor, client in clients.items()}
    people = list(here.people.values())
    rows = [{"step": one.key, "owner": people[n % len(people)], "status": "late"} for n, one in enumerate(steps()[1:])]
    bulk_load(StepProgress, plan=here.plan, actor=COMMAND, rows=rows, label="progress")
    agencies = [{"code": f"N{n}", "name": f"Name {n}", "status": "committed"} for n in range(30)]
    agencies = bulk_load(Agency, plan=here.plan, actor=COMMAND, rows=agencies, label="agencies")
    figures = [{"agency": one, "service": here.service, "fiscal_year": 2026, "fte": 1} for one in agencies[:10]]
    bulk_load(Provision, plan=here.plan, actor=COMMAND, rows=figures, label="provisions")
    for _ in range(8):
        decision(world, body=make(Body, here.plan, name=f"Body {Body.objects.for_plan(here.plan).count()}"))
        condition(world)
    assert {actor: asked(world, client) for actor, client in clients.items()} == few


def condition(world: World) -> None:
    newest = Decision.objects.for_plan(world.here.plan).order_by("-id")[0]
    given = {"decision": newest, "text": "So", "owner": world.here.people["office"], "due": NOW.date()}
    create(Condition, plan=world.here.plan, actor=COMMAND, values=given)


def asked(world: World, client: Any) -> dict[str, int]:
    found = {}
    for phase in PHASES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("phase", world.here, phase_key=phase.key)).status_code == 200
        found[phase.key] = len(queries)
    return found
