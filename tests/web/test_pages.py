"""What each page says: the essential, something helpful where there is nothing yet, and people's text as text."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import Agency, Membership, Plan, Role, ServiceArea, User
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import update
from ssoplanner.web.policy import POLICY
from tests.access.urls import address, parameters
from tests.web.browsing import READ, Page, now, own_pages, sent
from tests.world import BACKEND, COMMAND, World, canary, make

pytestmark = pytest.mark.django_db

ILLUSTRATIVE = "Illustrative: this plan and its figures are made up."
# What the office must find on each page, besides its frame.
ESSENTIAL = {
    "plan": ("Plan here", canary("here-plan"), "2 provisions", "0 of 1", "Complete 1 KPI:"),
    "search": ("Search this plan", "agencies, service areas, services, systems, KPIs", "people, glossary"),
    "plan_glossary": ("Glossary", "Cost pool", "they are divided in the same way"),
    "set_up": ("Set up the plan", "Add these agencies"),
    "plan_settings": ("Discount rate", "Quorum", "Save"),
    "roadmap": ("0 of 3", "Next gate: 1 Assess", "1.1 Readiness lead of here", "Participating agencies", "Holds up"),
    "sessions": ("Ten working sessions", "In the room", "1.1 Readiness lead of here", "Decided at the end"),
    "phase": ("What the board must be able to sign", "Not ready to sign: all 3 steps", "0 of 9 criteria"),
    "gate": ("Gate 1: Assess", "No decision is being prepared at this gate."),
    "gate_prepare": ("Prepare the decision",),
    "decision_edit": ("Change the decision",),
    "decision_close": ("Close the vote",),
    "condition_new": ("Name a condition",),
    "condition_edit": ("Change a condition",),
    "condition_delete": (canary("here-office"), "Keep it"),
    "decision_vote": (),  # the board alone; see tests/web/decisions
    "xray": ("Stops a decision 1 from 1 check", "KPIs without an owner", "Hosting", "In order"),
    "history": ("Everything", "Agency own here", "Service desk"),
    "jobs": ("Exports",),
    "figures": ("Figures and workers", "Who sees the results", "Workers that answer"),
    "trace": ("How is this computed?", "Current state of the plan", "Inputs, and who changed them last", "in words"),
    "trace_part": ("How is this computed?", "Agency own here", "Provisions", "Revision of the formula"),
    "step": (
        *("1.1", "Assess shared services readiness", "Upcoming", "lead of here", "Done when", "Open readiness"),
        *(canary("here-plan"), canary("here-talk"), "Next step", "Save the checklist", "GAO-12-542"),
    ),
    "step_edit": ("Change 1.1", "lead of here", "Planned start", "Save"),
    "step_evidence_new": ("Add evidence", "Title", "Save"),
    "step_evidence_delete": (canary("here-plan"), "Keep it"),
    "my_tasks": ("Nothing is overdue or due this week", "Everybody’s tasks", "Add a task for yourself", "of the X-ray"),
    "task_new": ("Add a task", "Myself", "What is to be done", "No step", "Save"),
    "task_edit": (canary("here-talk"), "lead of here", "Save", "Remove this task"),
    "task_delete": (canary("here-talk"), "Keep it"),
    "agencies": ("Agency own here", "Agency other here", "lead of here", "Agencies 2 whose", "$2,469,134", "200"),
    "agencies_grid": ("Agencies as a grid", "Agency own here", "1,234,567"),
    "agency_grid": ("Figures of Agency own here", "Service desk", "Hosting", "1,000"),
    "service_grid": ("Service desk, by agency", "Agency own here", "Agency other here", "1,000"),
    "systems_grid": ("Systems as a grid", canary("here-own"), "OTHER"),
    "kpis_grid": ("KPIs as a grid", "K1", canary("here-plan")),
    "agency_new": ("Add an agency", "Code", "Save"),
    "agency": ("Agency own here", "$1,234,567", "Service desk", "7 of 10", "25 %", canary("here-own"), "Hosting"),
    "agency_edit": ("Agency own here", "Headcount", canary("here-own"), "Save", "Remove"),
    "agency_delete": ("Remove Agency own here", "cannot be removed while it is used by 1 membership", "Back"),
    "provision_new": ("Agency own here", "Fiscal year", "Hosting", "Save"),
    "provision_edit": ("Service desk, 2026", "Agency own here", canary("here-own"), "Save", "Remove"),
    "provision_delete": ("Remove Service desk, Agency own here, 2026", "Keep it"),
    "services": ("IT-1", "Service desk", "ticket", "2", "$2,000", "Hosting"),
    "service_new": ("Add a service", "Volume unit", "Save"),
    "service_edit": ("Service desk", "Save", "Remove"),
    "service_delete": ("Remove Service desk", "is used by 2 provisions", "Back"),
    "area_new": ("Add a service area", "Save"),
    "area_edit": (canary("here-plan"), "Save", "Remove"),
    "area_delete": (canary("here-plan"), "is used by 2 services", "Back"),
    "systems": ("Service desk", "2 systems", canary("here-own"), canary("here-other"), "Agency own here"),
    "system_new": ("Add a system", "Agencies that use it", "Agency other here", "Save"),
    "system_edit": (canary("here-own"), "Save", "Remove"),
    "system_delete": (canary("here-own"), "Keep it"),
    "kpis": ("K1", canary("here-plan"), "Missing: owner, baseline, target", "Service performance"),
    "kpi_new": ("Add a KPI", "Owner", "board of here", "Save"),
    "kpi_edit": (canary("here-plan"), "Save", "Remove"),
    "kpi_delete": (canary("here-plan"), "Keep it"),
    "service_starter": ("Choose from the starter catalogue", "Help desk", "Counted in tickets", "Add to the plan"),
    "shifts": ("Shifts", "Competing priorities", "Shared vision", canary("here-plan"), "2 of 5: first steps"),
    "raid": (canary("here-talk"), "1 risk is open", "exposure 2.0", "50 % × 4", "1 open risk has no owner"),
    "risk_new": ("Add a risk", "Probability", "70 %", "Save"),
    "risk_edit": (canary("here-talk"), "Probability", "Save", "Remove"),
    "risk_delete": (canary("here-talk"), "Keep it"),
    "shift": ("Competing priorities", canary("here-plan"), "since Feb 2, 2026", "What shows it", "Save"),
    "benchmarks": (canary("here-plan"), "22 states", "2024", "A survey", "from the library", "Your own"),
    "benchmark_new": ("Add a benchmark", "Population", "Source", "Hosting", "Save"),
    "benchmark_edit": (canary("here-plan"), "22 states", "Save", "Remove"),
    "benchmark_delete": (canary("here-plan"), "Keep it"),
    "people": ("lead of here", "Agency lead", "new@here.example.gov", "Send again", "Withdraw"),
    "invite": ("Invite a person", "Agency own here", "Send the invitation"),
    "membership_edit": ("lead of here", "Agency own here", "Save", "Remove"),
    "membership_delete": ("lead of here", "Keep it"),
    "invitation_withdraw": (canary("here-office"), "Keep it"),
}
# What a program office reads in a plan where nobody has done anything yet.
EMPTY = {
    "plan": "Add the agencies",
    "search": "Looks through what you may open here",
    "plan_glossary": "what they mean in this product",
    "set_up": "Five things make a plan that people can fill in",
    "plan_settings": "Save",
    "roadmap": "Nobody has planned anything yet",
    "sessions": "no owner yet",
    "xray": "Nothing to look at yet",
    "history": "added plan Fresh start",
    "jobs": "No exports yet",
    "figures": "No worker was seen within a day.",
    "my_tasks": "of the X-ray",
    "task_new": "It is kept for you until it is done",
    "agencies": "Add an agency",
    "agencies_grid": "a new agency needs its code and its name",
    "systems_grid": "Write agencies and services by their codes",
    "kpis_grid": "A KPI counts once it has an owner",
    "agency_new": "Code and name are enough to begin with",
    "services": "add an area first",
    "service_new": "The plan has no service areas yet. Add one first.",
    "area_new": "Areas group the catalogue",
    "systems": "No systems yet",
    "system_new": "The plan has no agencies yet. Add one first.",
    "kpis": "No KPIs yet",
    "kpi_new": "It counts once it has an owner",
    "service_starter": "services in 8 areas",
    "shifts": "None of the 12 shifts is judged yet. Open a shift to say where the plan stands",
    "raid": "No risks yet",
    "risk_new": "Something that may happen and would harm the plan",
    "benchmarks": "No benchmarks yet",
    "benchmark_new": "Without these nobody can say what it is worth",
    "people": "Olga Office",
    "invite": "The plan has no agencies yet.",
}


def empty_plan() -> tuple[Plan, Client]:
    """A plan that has nothing but its program office, and the office's browser."""
    plan, client = new_plan(name="Fresh start", actor=COMMAND), Client()
    user = new_account(email="olga@example.gov", name="Olga Office", password=None)
    make(Membership, plan, user=user, role=Role.OFFICE)
    client.force_login(user, backend=BACKEND)
    return plan, client


# --- Says what it should --------------------------------------------------------------------------------------------


def test_every_page_says_the_essential_and_only_of_a_made_up_plan_that_it_is(world: World) -> None:
    pages = dict(own_pages(world.client("office"), world))
    said = {name: page.text.lower() for name, page in pages.items()}
    lacking = [(name, words) for name, every in ESSENTIAL.items() for words in every if words.lower() not in said[name]]
    assert lacking == []
    assert [name for name, text in said.items() if "illustrative" in text] == []  # the next test has the other side
    # A phase tests its own pages.
    assert POLICY.keys() & {*READ} - {"job_download", "step_evidence_file"} == ESSENTIAL.keys()


def test_the_pages_outside_a_plan_say_the_essential(world: World) -> None:
    office = world.client("office")
    plans, account = (Page(office.get(reverse(name))).text for name in ("plans", "account"))
    assert all(words in plans for words in ("Your plans", "Plan here", "Your role: Program office"))
    assert "Plan there" not in plans
    assert all(words in account for words in ("office@here.example.gov", "Change your password", "Passkeys"))
    assert "Ask the program office of your plan to invite you" in Page(world.client("stranger").get("/")).text


def test_an_empty_plan_opens_on_every_page_and_says_how_to_begin() -> None:
    plan, client = empty_plan()
    without_rows = {name for name in READ if parameters(name) == {"slug"} and name in POLICY}
    said = {name: Page(client.get(reverse(name, kwargs={"slug": plan.slug}))).text for name in without_rows}
    assert [(name, words) for name, words in EMPTY.items() if words not in said[name]] == []
    assert without_rows == EMPTY.keys()


def test_half_empty_rows_say_what_comes_first() -> None:
    plan, client = empty_plan()
    agency = make(Agency, plan, code="A", name="Only agency")
    make(ServiceArea, plan, code="IT", name="Only area")
    at = {"slug": plan.slug}
    page = Page(client.get(reverse("agency", kwargs={**at, "agency_id": agency.pk})))
    assert "No services in the catalogue yet" in page.text
    adding = Page(client.get(reverse("provision_new", kwargs={**at, "agency_id": agency.pk})))
    assert "The plan has no services yet. Add one first." in adding.text
    assert "o services in this area yet" in Page(client.get(reverse("services", kwargs=at))).text
    assert "no figures yet" in Page(client.get(reverse("agencies", kwargs=at))).text


def test_a_filter_shows_what_it_names(world: World) -> None:
    update(world.here.own, actor=COMMAND, version=1, values={"status": "engaged"})
    office, path = world.client("office"), address("agencies", world.here)
    engaged, left = (Page(office.get(path, {"status": status})).text for status in ("engaged", "left"))
    assert "Agency own here" in engaged and "Agency other here" not in engaged
    assert "Agency own here" not in left and "No agenc" in left
    assert "$1,234,567" in engaged
    assert "$2,469,134" in engaged and "$2,469,134" in left  # the totals are those of all agencies
    history = address("history", world.here)
    systems = Page(office.get(history, {"kind": "system"})).text
    assert f"system {canary('here-other')}" in systems and "added agency" not in systems


ODD = ("abc", "-1", "0", "9" * 40, "²", "<script>", "'", "\ud7ff", "1 OR 1=1", "%", " ")


def test_odd_filters_are_no_error(world: World) -> None:
    office = world.client("office")
    for name, asked in (
        ("agencies", "status"),
        ("agencies", "agencies-search"),
        ("agencies", "agencies-sort"),
        ("agencies", "agencies-page"),
        ("current_state", "services-sort"),
        ("current_state", "unsourced-page"),
        ("search", "q"),
        ("history", "kind"),
        ("history", "page"),
        ("provision_new", "service"),
        ("jobs", "have"),
        ("roadmap", "pillar"),
        ("kpis", "pillar"),
        ("xray", "severity"),
        ("xray", "about"),
        ("xray", "mends"),
        ("xray", "rule"),
    ):
        for value in ODD:
            response = office.get(address(name, world.here), {asked: value})
            assert response.status_code == 200, (name, value)
            assert "<script>" not in response.content.decode().split("<body")[1]
    assert office.get(address("history", world.here) + "?page=&kind=&kind=agency&page=2").status_code == 200


def test_the_history_goes_over_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.web.views.plans.EVENTS_A_PAGE", 5)
    office, path = world.client("office"), address("history", world.here)
    first, last = (Page(office.get(path, {"page": page})).text for page in ("1", "99"))
    assert re.search(r"Page 1 of \d+ Next", first) and "Previous" not in first
    assert re.search(r"Previous Page (\d+) of \1", last) and "Next" not in last


# --- The frame ------------------------------------------------------------------------------------------------------


def test_a_made_up_plan_says_so_on_every_page(world: World) -> None:
    office = world.client("office")
    assert "Illustrative" not in Page(office.get("/")).text
    update(world.here.plan, actor=COMMAND, version=1, values={"illustrative": True})
    marked = {name for name, page in own_pages(office, world) if page.text.count(ILLUSTRATIVE) == 1}
    assert marked >= ESSENTIAL.keys() - {"decision_vote"}  # which is the board's
    assert "Illustrative" in Page(office.get("/")).text
    refused = office.post(address("plan_settings", world.here), {"name": ""})
    assert refused.status_code == 422 and ILLUSTRATIVE in Page(refused).text


def test_an_unknown_address_gives_the_page_for_it(world: World) -> None:
    for actor in ("anonymous", "office"):
        for path in ("/nothing/", "/plans/here/nothing/", "/plans/there/", "/plans/here/kpis/999999/", "/favicon.ico"):
            answer = world.client(actor).get(path)
            signed_out = actor == "anonymous" and "nothing" not in path and "favicon" not in path
            assert answer.status_code == (302 if signed_out else 404), (actor, path)
            assert signed_out or "Page not found There is nothing at this address" in Page(answer).text


def test_what_people_write_is_text_and_never_markup(world: World) -> None:
    here, office, markup = world.here, world.client("office"), "<script>alert('x')</script>&amp;\"'"
    User.objects.filter(pk=here.people["lead"].pk).update(name=markup)
    rows = (here.own, here.area, here.service, here.system, here.kpi)
    for row in rows:
        update(row, actor=COMMAND, version=1, values={"name": markup})
    for row, name in (
        (here.plan, "problem"),
        (here.plan, "goals"),
        (here.own, "budget_cycle"),
        (here.service, "volume_unit"),
        (here.system, "vendor"),
        (here.system, "function"),
        (here.provision, "source"),
        (here.kpi, "unit"),
        (here.kpi, "method"),
    ):
        update(row, actor=COMMAND, version=now(row).version, values={name: markup})
    update(here.plan, actor=COMMAND, version=now(here.plan).version, values={"name": markup})
    update(here.kpi, actor=COMMAND, version=now(here.kpi).version, values={"owner": here.people["lead"]})
    pages = dict(own_pages(office, world)) | {
        f"lead {name}": page for name, page in own_pages(world.client("lead"), world)
    }
    pages |= {"refused": Page(world.client("other_lead").get(address("agency", here)))}
    pages |= {"in use": Page(office.post(address("service_delete", here)))}
    pages |= {"wrong": Page(office.post(address("agency_edit", here), {"name": markup, "headcount": markup}))}
    assert [name for name, page in pages.items() if "<script>alert" in page.html] == []
    assert [
        name for name in ("agency", "services", "systems", "kpis", "people") if markup not in pages[name].text
    ] == []
    disputed = sent(office, address("agency_edit", here), name=f"{markup} again", version="1")
    assert f"You typed “{markup} again”" in disputed.text and "<script>alert" not in disputed.html
    assert markup in pages["refused"].text and markup in pages["in use"].text and markup in pages["wrong"].text
