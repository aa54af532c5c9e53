"""What the forms of single registers, of people and of the plan's settings promise beyond what all forms do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ssoplanner.core.models import Provision, System
from ssoplanner.recompute.writer import delete, update
from tests.access.urls import address
from tests.web.browsing import Page, now, opened, save, sent
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db


def test_a_lead_keeps_the_facts_of_their_agency_but_not_its_place_in_the_program(world: World) -> None:
    lead, path = world.client("lead"), address("agency_edit", world.here)
    assert not {"code", "status"} & opened(lead, path).keys()
    save(lead, path, headcount="5", code="NEW", status="onboarded")
    stored = now(world.here.own)
    assert (stored.headcount, stored.code, stored.status) == (5, "OWN", "candidate")


def test_a_provision_stays_with_its_service_and_year(world: World) -> None:
    lead, path = world.client("lead"), address("provision_edit", world.here)
    page = Page(lead.get(path))
    assert not {"service", "fiscal_year", "agency"} & page.values.keys()
    assert "Volume a year in tickets a year" in page.text
    save(lead, path, fte="2", service=str(world.here.spare_service.pk), fiscal_year="2030")
    stored = now(world.here.provision)
    assert (stored.service, stored.fiscal_year, stored.fte) == (world.here.service, 2026, 2)


def test_a_new_provision_begins_with_the_base_year_and_the_chosen_service(world: World) -> None:
    lead, path = world.client("lead"), address("provision_new", world.here)
    chosen = f"{path}?service={world.here.spare_service.pk}"
    assert opened(lead, chosen)["service"] == [str(world.here.spare_service.pk)]
    assert opened(lead, chosen)["fiscal_year"] == ["2026"]
    save(lead, path, opened(lead, chosen), annual_cost="7")
    made = Provision.objects.for_plan(world.here.plan).get(service=world.here.spare_service)
    assert (made.agency, made.annual_cost, made.version) == (world.here.own, Decimal(7), 1)
    refused = sent(lead, path, opened(lead, chosen))
    assert "This agency has figures for this service and year already: change those." in refused.text


def test_a_code_that_is_taken_is_refused_in_each_register(world: World) -> None:
    office, here = world.client("office"), world.here
    for name, code, sentence in (
        ("agency_new", "OWN", "Another agency of this plan has this code."),
        ("area_new", "IT", "Another area of this plan has this code."),
        ("service_new", "IT-1", "Another service of this plan has this code."),
        ("kpi_new", "K1", "Another KPI of this plan has this code."),
    ):
        given = {"code": code, "name": "x", "volume_unit": "x", "unit": "x", "area": "", "function": "x"}
        page = Page(office.get(address(name, here)))
        if "area" in page.values:
            given["area"] = "cost" if name == "kpi_new" else str(here.area.pk)
        assert sentence in sent(office, address(name, here), page.values, **given).text, name


def test_the_owner_of_a_kpi_is_a_member_of_the_plan(world: World) -> None:
    choices = world.client("office").get(address("kpi_new", world.here)).context["form"].fields["owner"].queryset
    assert set(choices) == set(world.here.people.values())


def test_an_owner_who_left_the_plan_stays_the_owner_until_another_is_chosen(world: World) -> None:
    here, office, path = world.here, world.client("office"), address("kpi_edit", world.here)
    save(office, path, owner=str(here.people["board"].pk))
    delete(here.memberships["board"], actor=COMMAND, version=1)
    save(office, path, target="5")
    assert now(here.kpi).owner == here.people["board"]
    save(office, path, owner="")
    assert now(here.kpi).owner is None


def test_the_currency_is_fixed_once_there_is_money_in_the_plan(world: World) -> None:
    office, path = world.client("office"), address("plan_settings", world.here)
    values = opened(office, path)
    page = sent(office, path, values, currency="EUR")
    assert "The plan holds amounts in USD, and they are not converted." in page.text
    plan = world.here.plan
    for row in (world.here.provision, world.here.other_provision):
        update(row, actor=COMMAND, version=1, values={"annual_cost": None})
    for row in (world.here.own, world.here.other):
        update(row, actor=COMMAND, version=1, values={"operating_budget": None})
    make(System, plan, name="Free", function="x", annual_cost=Decimal(0), agencies=[world.here.own])
    assert "not converted" in sent(office, path, values, currency="EUR").text
    free = System.objects.for_plan(plan).get(name="Free")
    update(free, actor=COMMAND, version=1, values={"annual_cost": None})
    assert "not converted" in sent(office, path, values, currency="EUR").text  # a cost of the shared organization
    delete(world.here.cost_pool, actor=COMMAND, version=1)
    save(office, path, values, currency="EUR")
    assert now(plan).currency == "EUR"


def test_settings_that_do_not_fit_together_are_refused(world: World) -> None:
    office, path = world.client("office"), address("plan_settings", world.here)
    cases: tuple[tuple[dict[str, str], str], ...] = (
        ({"discount_rate": "3"}, "A discount rate needs its date and its source: give all three or none."),
        ({"readiness_threshold": "6"}, "The lowest readiness score must lie on the scoring scale."),
        ({"base_year": "1999"}, "greater than or equal to 2000"),
        ({"quorum": ""}, "This field is required."),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
    )
    values = opened(office, path)
    for typed, sentence in cases:
        assert sentence in sent(office, path, values, **typed).text, typed
    assert now(world.here.plan).version == 1
    save(office, path, values, discount_rate="3.5", discount_rate_date="2026-01-31", discount_rate_source="Treasury")
    stored = now(world.here.plan)
    assert (stored.discount_rate, stored.discount_rate_date) == (Decimal("0.035"), date(2026, 1, 31))


def test_a_lead_leads_agencies_and_nobody_else_does(world: World) -> None:
    office, here = world.client("office"), world.here
    who = {"name": "Nia New", "email": " NIA@here.example.gov "}
    invite, edit = address("invite", here), address("membership_edit", here)
    assert "needs at least one agency" in sent(office, invite, role="lead", **who).text
    assert (
        "Only an agency lead leads agencies" in sent(office, invite, role="board", agencies=[here.own.pk], **who).text
    )
    assert "needs at least one agency" in sent(office, edit, agencies=[]).text
    taken = sent(office, invite, name="x", email="Board@here.example.gov", role="board")
    assert "This person has this role in the plan already." in taken.text
    save(office, invite, role="lead", agencies=[here.own.pk], **who)
    assert "invited in this role already" in sent(office, invite, role="lead", agencies=[here.own.pk], **who).text
    save(office, edit, agencies=[here.own.pk, here.other.pk])
    assert set(now(here.memberships["lead"]).agencies.all()) == {here.own, here.other}
