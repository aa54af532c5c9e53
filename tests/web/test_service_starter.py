"""Choosing services from the starter catalogue on its page, by single ticks or whole areas."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import AuditEvent, Service
from ssoplanner.starter.choosing import choose_services
from ssoplanner.starter.services import AREAS, starter_services
from tests.recompute.figures import change
from tests.web.browsing import Page
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db
PAGE, SERVICES = "/plans/here/services/starter/", "/plans/here/services/"


@pytest.fixture
def office(world: World) -> Client:
    return world.client("office")


def standards(world: World) -> set[str]:
    found = Service.objects.for_plan(world.here.plan).exclude(standard="")
    return set(found.values_list("standard", flat=True))


def test_the_page_offers_every_service_by_area_and_nothing_is_ticked(office: Client) -> None:
    page = Page(office.get(PAGE))
    assert f"{len(starter_services())} services in 8 areas" in page.text
    assert page.html.count('name="standard"') == len(starter_services())
    assert page.html.count('name="area"') == len(AREAS)
    assert page.values.keys() == {"csrfmiddlewaretoken"}
    assert PAGE in [where for _, where in Page(office.get(SERVICES)).addresses]


def test_ticked_services_are_added_and_named(world: World, office: Client) -> None:
    answer = office.post(PAGE, {"standard": ["treasury", "help-desk"]}, follow=True)
    assert answer.redirect_chain == [(SERVICES, 302)]
    page = Page(answer).text
    assert "2 services added." in page
    assert "Treasury and payments FIN-07 · Figures of Treasury and payments by agency payments" in page
    assert standards(world) == {"treasury", "help-desk"}
    events = AuditEvent.objects.for_plan(world.here.plan).filter(user=world.here.people["office"])
    assert "services from the starter catalogue" in events.values_list("row_label", flat=True)


def test_a_ticked_area_brings_all_of_its_services(world: World, office: Client) -> None:
    office.post(PAGE, {"area": ["PAY"], "standard": ["treasury"]})
    [payroll] = [area for area in AREAS if area.code == "PAY"]
    assert standards(world) == {"treasury", *(service.standard for service in payroll.services)}


def test_what_is_there_is_shown_as_such_and_not_offered_again(world: World, office: Client) -> None:
    choose_services(world.here.plan, COMMAND, ["treasury", *(service.standard for service in AREAS[-1].services)])
    page = Page(office.get(PAGE))
    there = 1 + len(AREAS[-1].services)
    assert f"{there} of them are in the plan already." in page.text
    assert "Treasury and payments In the plan as FIN-07." in page.text
    assert "All 11 that are not in the plan yet" in page.text
    assert page.html.count('name="standard"') == len(starter_services()) - there
    assert page.html.count('name="area"') == len(AREAS) - 1
    assert (
        "Everything that you chose was in the plan already."
        in Page(office.post(PAGE, {"standard": "treasury"}, follow=True)).text
    )


def test_a_service_of_the_same_name_is_offered_to_be_linked(world: World, office: Client) -> None:
    change(world.here.service, name="Help desk")
    assert "Your IT-1 has this name: it is linked" in Page(office.get(PAGE)).text
    answer = office.post(PAGE, {"standard": ["help-desk", "hosting"]}, follow=True)
    assert "1 service added and 1 service of yours linked to the starter catalogue." in Page(answer).text
    assert standards(world) == {"help-desk", "hosting"}


def test_nothing_chosen_and_something_unknown_are_refused_with_what_was_ticked_kept(
    world: World, office: Client
) -> None:
    nothing = office.post(PAGE)
    unknown = office.post(PAGE, {"standard": ["treasury", "<script>astrology"], "area": ["NONE"]})
    assert (nothing.status_code, unknown.status_code) == (422, 422)
    assert "Choose at least one service." in Page(nothing).text
    assert "has no service <script>astrology. Reload the page." in Page(unknown).text
    assert Page(unknown).values["standard"] == ["treasury"]
    assert "<script>astrology" not in Page(unknown).html
    assert standards(world) == set()


def test_the_page_takes_as_many_queries_for_a_full_plan_as_for_an_empty_one(world: World, office: Client) -> None:
    office.get(PAGE)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            office.get(PAGE)
        counts.append(len(queries))
        choose_services(world.here.plan, COMMAND, starter_services())
    assert counts[0] == counts[1]


def test_an_empty_catalogue_points_there(world: World) -> None:
    for model in ("provision", "other_provision", "judgement", "cost_pool", "service", "spare_service", "area"):
        row = getattr(world.here, model)
        type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")
    page = Page(world.client("office").get(SERVICES))
    assert "The catalogue is empty" in page.text
    assert PAGE in [where for _, where in page.addresses]
    assert PAGE not in [where for _, where in Page(world.client("board").get(SERVICES)).addresses]
