"""The page of one agency and technology over all: what they conclude, and who reads what."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assess.architecture_texts import ASPECTS
from assess.models import Capability, CapabilityRating, TechnologyRating
from ssoplanner.core.models import Agency
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import bulk_load, update
from tests.recompute.figures import change
from tests.web.browsing import Page
from tests.world import COMMAND, World, canary, make, make_world

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


def at(name: str, **keys: Any) -> str:
    return reverse(name, kwargs={"slug": "here", **keys})


def agency_url(world: World) -> str:
    return at("architecture_agency", agency_id=world.here.own.pk)


@pytest.fixture
def built(transactional_db: None) -> World:
    """Two agencies that rated networks and one capability, with their figures built."""
    world = make_world()
    change(world.here.capability, name="Service desk")
    build_plan(world.here.plan.pk)
    return world


@pytest.mark.parametrize("actor", ["office", "lead", "board", "analyst"])
def test_the_page_of_an_agency_says_first_what_it_lacks(built: World, actor: str) -> None:
    text = Page(built.client(actor).get(agency_url(built))).text
    said = "Of the 1 of 8 aspects rated so far, 1 falls short of what sharing a service needs: networks."
    assert said in text
    assert "1 of 1 capability rated; 1 is a level or more below its target. Furthest: Service desk, by 2.0" in text
    assert "Level 2 In parts 1 level short" in text and ASPECTS[0].levels[1] in text
    assert canary("here-own") in text and canary("here-other") not in text


def test_who_may_rate_is_led_there_and_who_reads_is_not(built: World) -> None:
    rate = at("architecture_technology", agency_id=built.here.own.pk)
    for actor in ("office", "lead"):
        assert rate in built.client(actor).get(agency_url(built)).content.decode()
    for actor in ("board", "analyst"):
        assert rate not in built.client(actor).get(agency_url(built)).content.decode()
    assert built.client("other_lead").get(agency_url(built)).status_code == 403
    assert built.client("viewer").get(agency_url(built)).status_code == 403


def test_an_agency_that_has_not_begun_is_invited_to(built: World) -> None:
    plan = new_plan(name="Empty", slug="empty", actor=COMMAND)
    agency = make(Agency, plan, code="A", name="Parks")
    make(type(built.here.memberships["office"]), plan, user=built.here.people["office"], role="office")
    build_plan(plan.pk)
    page = built.client("office").get(reverse("architecture_agency", kwargs={"slug": "empty", "agency_id": agency.pk}))
    assert "Nothing is rated yet" in Page(page).text and "Begin with the eight aspects" in Page(page).text
    whole = built.client("office").get(reverse("technology_map", kwargs={"slug": "empty"}))
    assert "No agency has rated its technology yet." in Page(whole).text


def test_the_page_of_an_agency_takes_the_same_queries_however_much_is_rated(built: World) -> None:
    client = built.client("lead")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(agency_url(built))
        return len(queries)

    before = asked()
    plan, agency = built.here.plan, built.here.own
    rows = ({"code": f"X{number:03}", "name": f"Capability {number}"} for number in range(90))
    made = bulk_load(Capability, plan=plan, actor=COMMAND, rows=rows, label="many")
    said = ({"agency": agency, "capability": one, "ownership": "own", "importance": 3, "people": 2} for one in made)
    bulk_load(CapabilityRating, plan=plan, actor=COMMAND, rows=said, label="many")
    build_plan(plan.pk)
    assert asked() == before
    assert "91 of 91 capabilities rated" in Page(client.get(agency_url(built))).text


# --- All agencies ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ["office", "board", "analyst"])
def test_who_sees_all_reads_who_stands_where(built: World, actor: str) -> None:
    text = Page(built.client(actor).get(at("technology_map"))).text
    assert "2 of the 2 that rated their technology have a gap. Most often short: networks (2 of 2)." in text
    assert "Agency own here" in text and "Agency other here" in text
    assert "0 of 2 agencies rated all eight aspects" in text


def test_a_lead_reads_their_own_agency_and_a_viewer_none(built: World) -> None:
    lead, viewer = built.client("lead"), built.client("viewer")
    own = Page(lead.get(at("technology_map"))).text
    assert "Your own agencies" in own and "Agency own here" in own and "Agency other here" not in own
    assert "Agency own here" not in Page(viewer.get(at("technology_map"))).text
    release(built)
    lead_reads, viewer_reads = (Page(client.get(at("technology_map"))).text for client in (lead, viewer))
    assert "2 of the 2 that rated" in lead_reads and "2 of the 2 that rated" in viewer_reads
    assert "Agency own here" in lead_reads and "1 more agency counts" in lead_reads
    for text in (lead_reads, viewer_reads):
        assert "Agency other here" not in text
    assert "Agency own here" not in viewer_reads


def release(world: World) -> None:
    make(Release, world.here.plan, calculation="assess.technology_map")


def test_an_agency_that_left_counts_no_more(built: World) -> None:
    change(built.here.other, status="left")
    build_plan(built.here.plan.pk)
    text = Page(built.client("office").get(at("technology_map"))).text
    assert "1 of the 1 that rated" in text and "Agency other here" not in text


def test_many_agencies_are_paged_and_found_by_the_same_queries(built: World) -> None:
    client = built.client("office")

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    url, plan = at("technology_map"), built.here.plan
    before = asked(url)
    agencies = ({"code": f"N{number:03}", "name": f"Numbered {number:03}"} for number in range(120))
    made = bulk_load(Agency, plan=plan, actor=COMMAND, rows=agencies, label="many")
    said = ({"agency": one, "aspect": "networks", "level": 5, "evidence": "Seen"} for one in made)
    bulk_load(TechnologyRating, plan=plan, actor=COMMAND, rows=said, label="many")
    build_plan(plan.pk)
    assert asked(url) == before
    assert "1 to 50 of 122" in Page(client.get(url)).text
    found = Page(client.get(url, {"technology-search": "numbered 119"})).text
    assert "Numbered 119" in found and "Numbered 118" not in found


# --- How it is computed ---------------------------------------------------------------------------------------------


def test_the_working_shows_each_capability_and_each_agency_that_the_reader_may_see(built: World) -> None:
    part = at("trace_part", calculation="assess.architecture", partition=built.here.own.pk)
    text = Page(built.client("lead").get(part)).text
    assert "What each capability adds" in text and "Service desk Own 4 2 – – – 2.00 4 2.00" in text
    assert "100 %" in Page(built.client("lead").get(f"{part}?figure=rated")).text
    whole = at("trace", calculation="assess.technology_map")
    assert "Agency other here" in Page(built.client("office").get(whole)).text
    release(built)
    mine = Page(built.client("lead").get(whole)).text
    assert "Agency own here" in mine and "Agency other here" not in mine
    assert "What each agency adds" not in Page(built.client("viewer").get(whole)).text


def test_the_page_loads_its_part_anew_after_a_change(built: World) -> None:
    row = TechnologyRating.objects.for_plan(built.here.plan).get(agency=built.here.own)
    update(row, actor=COMMAND, version=row.version, values={"level": 3})
    build_plan(built.here.plan.pk)
    part = built.client("lead").get(agency_url(built), headers={"HX-Request": "true"})
    assert "good enough to share services in the 1 of 8 aspects rated so far" in Page(part).text
    assert "<html" not in part.content.decode()
