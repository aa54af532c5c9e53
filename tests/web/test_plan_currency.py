"""Another currency for a plan: only while no money is in, and no goal silently means another amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ssoplanner.core.models import AuditEvent, Kpi, Plan, Provision
from ssoplanner.recompute.writer import delete, update
from ssoplanner.starter.kpis import add_starter_kpis
from tests.access.urls import address
from tests.web.browsing import Page, now
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def kpi(world: World) -> Kpi:
    """The starter KPI in money of a plan without any amount."""
    here = world.here
    for agency in (here.own, here.other):
        update(agency, actor=COMMAND, version=1, values={"operating_budget": None})
    for row in Provision.objects.for_plan(here.plan):
        update(row, actor=COMMAND, version=row.version, values={"annual_cost": None})
    delete(here.cost_pool, actor=COMMAND, version=here.cost_pool.version)
    add_starter_kpis(here.plan, COMMAND)
    return Kpi.objects.for_plan(here.plan).get(metric="it_cost")


def change_currency(world: World, currency: str = "EUR", **more: str) -> Any:
    office, path = world.client("office"), address("plan_settings", world.here)
    values = {**Page(office.get(path)).values, "currency": currency, **more}
    return office.post(path, values, follow=True)


def test_a_goal_that_nobody_set_is_emptied_and_the_page_says_so(world: World, kpi: Kpi) -> None:
    assert kpi.target == 900

    page = Page(change_currency(world))

    assert now(world.here.plan).currency == "EUR"
    assert now(kpi).target is None
    assert (
        "The goal of “IT service delivery cost per user a year” was the one that every plan starts with, in USD. "
        "It is empty now: give one in EUR." in page.text
    )
    event = AuditEvent.objects.for_plan(world.here.plan).filter(model="kpi", row_id=kpi.pk).latest("id")
    assert (event.before, event.after, str(event.user)) == ({"target": "900"}, {"target": None}, "office of here")
    assert Kpi.objects.for_plan(world.here.plan).get(metric="sla").target == 90


def test_other_settings_leave_the_goal(world: World, kpi: Kpi) -> None:
    page = Page(change_currency(world, "USD", name="Renamed"))

    assert now(world.here.plan).name == "Renamed"
    assert now(kpi).target == 900
    assert "It is empty now" not in page.text


@pytest.mark.parametrize(
    "values",
    [{"target": Decimal(850)}, {"target_date": "2030-01-01"}, {"baseline": Decimal(1)}, {"red": Decimal(1200)}],
    ids=lambda values: next(iter(values)),
)
def test_a_figure_that_somebody_gave_a_kpi_in_money_keeps_the_currency(
    world: World, kpi: Kpi, values: dict[str, Any]
) -> None:
    changed = update(kpi, actor=COMMAND, version=kpi.version, values=values)

    response = change_currency(world)

    assert response.status_code == 422
    assert "The plan holds amounts in USD, and they are not converted." in Page(response).text
    assert (now(world.here.plan).currency, now(kpi).target) == ("USD", changed.target)


def test_a_figure_of_another_kpi_is_no_money(world: World, kpi: Kpi) -> None:
    shares = Kpi.objects.for_plan(world.here.plan).get(metric="sla")
    update(shares, actor=COMMAND, version=0, values={"baseline": Decimal(70)})

    assert change_currency(world).status_code == 200

    assert now(world.here.plan).currency == "EUR"


def test_another_plan_keeps_its_goals(world: World, kpi: Kpi) -> None:
    add_starter_kpis(world.there.plan, COMMAND)

    change_currency(world)

    assert Kpi.objects.for_plan(world.there.plan).get(metric="it_cost").target == 900
    assert Plan.objects.get(pk=world.there.plan.pk).currency == "USD"


def test_a_setting_that_is_refused_leaves_the_goal(world: World, kpi: Kpi) -> None:
    assert change_currency(world, quorum="300").status_code == 422

    assert now(kpi).target == 900
