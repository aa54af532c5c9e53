"""The page of the X-ray: what a board member sees first, who sees what, filters, long lists, an empty plan."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import Agency, Kpi, Membership, Role
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import bulk_load, update
from ssoplanner.steps.models import StepProgress
from ssoplanner.web.xray.rules import rules
from tests.recompute.figures import change
from tests.web.browsing import Page
from tests.web.sound_plan import LONG_AGO, SoundPlan, make_sound_plan
from tests.world import BACKEND, COMMAND, World, canary, make

pytestmark = pytest.mark.django_db
HERE = "/plans/here/xray/"
SEES = ("office", "lead", "other_lead", "board", "analyst")


def read(world: World, actor: str, **asked: str) -> Page:
    return Page(world.client(actor).get(HERE, asked))


def every_view(world: World, actor: str) -> list[Page]:
    """The page, and that of each rule by its address, whether it is offered or not."""
    return [read(world, actor), *(read(world, actor, rule=rule.key) for rule in rules())]


@pytest.fixture
def sound(db: None) -> SoundPlan:
    return make_sound_plan()


def shown(sound: SoundPlan, person: str = "office", **asked: str) -> Page:
    browser = Client()
    browser.force_login(getattr(sound, person), backend=BACKEND)
    return Page(browser.get("/plans/sound/xray/", asked))


def add_agencies(sound: SoundPlan, count: int) -> None:
    """Agencies without anything, in the order of their names."""
    rows = [{"code": f"N{at:03}", "name": f"Bureau {at:03}"} for at in range(count)]
    bulk_load(Agency, plan=sound.plan, actor=COMMAND, rows=rows, label="agencies")


# --- What it says ---------------------------------------------------------------------------------------------------


def test_the_counts_stand_on_top_and_then_the_worst(sound: SoundPlan) -> None:
    change(sound.provision, fte=500)
    change(sound.kpi, owner=None, baseline=None)
    change(sound.system, services=[])
    page = shown(sound).text
    top, rest = page.split("How bad")
    assert "Stops a decision 1 from 1 check Should be mended 2 from 2 checks Worth a look 1 from 1 check" in top
    assert f"4 findings from 4 of {len(rules())} checks." in top
    found = ("More FTE than people", "KPIs without an owner", "KPIs without a baseline", "Systems without a service")
    assert sorted(found, key=rest.index) == list(found)
    assert rest.index("Systems without a service") < rest.index("In order") < rest.index("The base year has no figures")


def test_each_finding_says_why_it_matters_and_leads_to_where_it_is_mended(sound: SoundPlan) -> None:
    change(sound.kpi, owner=None)
    page = shown(sound)
    assert "What is nobody’s goal is missed without anybody noticing." in page.text
    assert "KPIs · mended by the program office" in page.text
    assert ("href", f"/plans/sound/kpis/{sound.kpi.pk}/") in page.addresses


def test_of_one_severity_the_check_that_finds_most_comes_first(sound: SoundPlan) -> None:
    change(sound.kpi, owner=None)
    add_agencies(sound, 3)
    page = shown(sound).text
    assert page.index("Agencies without a headcount") < page.index("KPIs without an owner")


def test_a_sound_plan_is_praised_and_everything_is_in_order(sound: SoundPlan) -> None:
    page = shown(sound).text
    assert "Nothing is missing and nothing contradicts itself." in page
    assert all(rule.title in page.split("In order")[1] for rule in rules())
    own = shown(sound, "lead").text
    assert "Nothing of yours is missing" in own and "Looked for in what is yours and not found:" in own


def test_a_plan_without_agencies_and_services_has_nothing_to_look_at(sound: SoundPlan) -> None:
    plan = new_plan(name="Fresh", slug="fresh", actor=COMMAND)
    for person, role in ((sound.office, Role.OFFICE), (sound.lead, Role.BOARD)):
        make(Membership, plan, user=person, role=role)
    pages = {}
    for person in ("office", "lead"):
        browser = Client()
        browser.force_login(getattr(sound, person), backend=BACKEND)
        pages[person] = Page(browser.get("/plans/fresh/xray/")).text
    assert "Nothing to look at yet" in pages["office"] and "Set up the plan" in pages["office"]
    assert "Nothing to look at yet" in pages["lead"] and "Set up the plan" not in pages["lead"]


# --- Who sees what --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ["lead", "other_lead"])
def test_a_lead_reads_of_no_other_agency_and_no_person_whatever_the_address(world: World, actor: str) -> None:
    mine, theirs = ("own", "other") if actor == "lead" else ("other", "own")
    for row in (world.here.provision, world.here.other_provision):
        update(row, actor=COMMAND, version=1, values={"fte": 900, "users_served": 5, "source": ""})
    texts = [page.html for page in every_view(world, actor)]
    hidden = (f"Agency {theirs} here", canary(f"here-{theirs}"), canary("here-plan"), "of there", "canary-there")
    assert [word for text in texts for word in hidden if word in text.split("<main")[1]] == []
    assert all(any(word in text for text in texts) for word in (f"Agency {mine} here", canary(f"here-{mine}")))


def test_a_lead_sees_only_checks_that_may_find_something_of_theirs(world: World) -> None:
    page = read(world, "lead").text
    assert "Agencies without end users" in page and "Systems without a service" in page
    assert "Nothing stops a decision." not in page  # it cannot be known from one agency
    assert not any(words in page for words in ("KPIs without an owner", "Leads of agencies", "The discount rate"))
    assert "Stops a decision" in read(world, "lead", rule="kpi.no_owner").text  # the whole page instead


def test_a_system_of_several_agencies_is_named_to_each_lead_and_the_others_are_not(world: World) -> None:
    change(world.here.system, agencies=[world.here.own, world.here.other], name="Shared desk")
    for actor, other in (("lead", "Agency other here"), ("other_lead", "Agency own here")):
        page = read(world, actor)
        assert "Shared desk" in page.text and other not in page.text
        assert ("href", "/plans/here/systems/") in page.addresses
        assert not [where for _, where in page.addresses if re.search(r"/systems/\d", where)]


def test_the_owner_of_a_late_step_sees_it_and_another_lead_does_not(world: World) -> None:
    make(StepProgress, world.here.plan, step="assess.heat_map", owner=world.here.people["lead"], due=LONG_AGO)
    late = "Complete shared services heat map assessment: due"
    assert late in read(world, "lead").text and late in read(world, "board").text
    assert late not in read(world, "other_lead").text


def test_board_and_analysts_see_what_the_office_sees(world: World) -> None:
    pages = [read(world, actor).html for actor in ("office", "board", "analyst")]
    texts = [re.sub(r"<[^>]*>", "", page.split("<main")[1].split("</main>")[0]) for page in pages]
    assert texts[0] == texts[1] == texts[2]
    assert "Agency other here" in texts[0]


@pytest.mark.parametrize("actor", SEES)
def test_every_link_opens_for_whoever_reads_it(world: World, actor: str) -> None:
    break_much(world)
    client, seen = world.client(actor), set()
    for page in every_view(world, actor):
        seen |= {where for _, where in page.addresses if urlsplit(where).path.startswith("/plans/here/")}
    refused = [where for where in seen if client.get(where).status_code != 200]
    assert refused == []
    assert len(seen) > (25 if actor == "office" else 10)


def break_much(world: World) -> None:
    """Something for most rules to find."""
    here = world.here
    change(here.own, headcount=None)
    for row in (here.provision, here.other_provision):
        change(row, fte=None, source="", users_served=5)
    change(here.system, agencies=[here.own, here.other], contract_end=LONG_AGO)
    change(here.memberships["other_lead"], agencies=[])
    change(here.benchmark, year=1990)
    make(StepProgress, here.plan, step="assess.heat_map", owner=here.people["lead"], due=LONG_AGO)


# --- Filters and long lists -----------------------------------------------------------------------------------------


def test_filters_narrow_the_checks_and_leave_the_counts(sound: SoundPlan) -> None:
    change(sound.provision, fte=500)
    change(sound.kpi, owner=None)
    change(sound.system, services=[])
    wrong = {"More FTE than people": "fte", "KPIs without an owner": "kpi", "Systems without a service": "system"}
    for asked, kept in (
        ({}, {"fte", "kpi", "system"}),
        ({"severity": "stops"}, {"fte"}),
        ({"about": "kpis"}, {"kpi"}),
        ({"mends": "lead"}, {"fte", "system"}),
        ({"mends": "office", "severity": "look"}, {"system"}),
        ({"about": "people"}, set()),
        ({"severity": "dreadful", "about": "", "mends": "viewer"}, {"fte", "kpi", "system"}),
    ):
        top, rest = shown(sound, **asked).text.split("How bad")
        assert {short for title, short in wrong.items() if title in rest} == kept, asked
        assert "Stops a decision 1 from 1 check" in top
    assert "Nothing is found here." in shown(sound, about="people").text


def test_what_is_chosen_stays_chosen_and_the_counts_keep_it(sound: SoundPlan) -> None:
    change(sound.provision, fte=500)
    page = shown(sound, about="figures", mends="lead")
    assert page.values == {"severity": [""], "about": ["figures"], "mends": ["lead"]}
    assert ("href", "/plans/sound/xray/?severity=stops&about=figures&mends=lead") in page.addresses


def test_five_of_a_check_stand_on_the_page_and_all_on_its_own_fifty_at_a_time(sound: SoundPlan) -> None:
    add_agencies(sound, 120)
    whole = shown(sound)
    assert names(whole.text.split("Agencies without a headcount")[1].split("All 120")[0]) == numbers(0, 5)
    assert ("href", "/plans/sound/xray/?rule=agency.no_headcount") in whole.addresses
    pages = [shown(sound, rule="agency.no_headcount", page=number) for number in ("1", "2", "3", "99", "x", "-1")]
    assert [names(page.text) for page in pages] == [
        numbers(0, 50),
        numbers(50, 100),
        numbers(100, 120),
        numbers(100, 120),
        numbers(0, 50),
        numbers(100, 120),
    ]
    assert all("120" in page.text for page in pages)


def names(text: str) -> list[str]:
    return re.findall(r"Bureau \d+", text)


def numbers(first: int, last: int) -> list[str]:
    return [f"Bureau {at:03}" for at in range(first, last)]


def test_a_check_that_is_in_order_says_so_on_its_own_page(sound: SoundPlan) -> None:
    assert "This is in order." in shown(sound, rule="agency.no_headcount").text


def test_ten_times_as_much_that_is_wrong_takes_as_many_queries(sound: SoundPlan) -> None:
    asked: tuple[dict[str, Any], ...] = ({}, *({"rule": rule.key} for rule in rules()))
    add_agencies(sound, 6)
    small = [queries(sound, one) for one in asked]
    rows = [{"code": f"M{at}", "name": f"Office {at}"} for at in range(60)]
    bulk_load(Agency, plan=sound.plan, actor=COMMAND, rows=rows, label="agencies")
    gone = new_account(email="gone@sound.example.gov", name="Gil Gone", password=None)
    kpis = [{"code": f"M{at}", "name": f"M{at}", "unit": "x", "area": "cost", "owner": gone} for at in range(60)]
    bulk_load(Kpi, plan=sound.plan, actor=COMMAND, rows=kpis, label="KPIs")
    assert [queries(sound, one) for one in asked] == small
    assert small[0] <= 40


def queries(sound: SoundPlan, asked: dict[str, Any]) -> int:
    browser = Client()
    browser.force_login(sound.office, backend=BACKEND)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get("/plans/sound/xray/", asked).status_code == 200
    return len(captured)
