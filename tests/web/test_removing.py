"""Removing a row: one is asked once, and a refusal says why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ssoplanner.core.models import Agency, Kpi, Measurement, Role, System
from ssoplanner.recompute.writer import update
from tests.access.urls import address
from tests.web.browsing import Page, now
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db


def test_a_removal_that_is_refused_says_why(world: World) -> None:
    here, office = world.here, world.client("office")
    kpi = {"kpi": here.kpi, "month": 2026 * 12, "numerator": Decimal(1), "entered_by": here.people["office"]}
    make(Measurement, here.plan, **kpi)
    rows: tuple[tuple[str, Any, str], ...] = (
        ("agency_delete", here.own, "Service desk, Agency own here, 2026"),
        ("service_delete", here.service, "Service desk, Agency other here, 2026"),
        ("area_delete", here.area, "2 services (Service desk; Hosting)"),
        ("kpi_delete", here.kpi, f"{here.kpi}, 2026-01"),
    )
    for name, row, users in rows:
        response = office.post(address(name, here))
        page = Page(response)
        assert response.status_code == 409, name
        assert f"{row} cannot be removed while it is used by " in page.text and users in page.text, page.text
        assert "Back" in page.text and now(row).version == 1


def test_the_page_that_asks_says_at_once_what_uses_the_row(world: World) -> None:
    here, office = world.here, world.client("office")
    spare = make(Agency, here.plan, code="SPARE", name="Spare")
    system = make(System, here.plan, name="Payroll run", function="payroll", agencies=[spare])
    path = address("agency_delete", here, agency_id=spare.pk)
    for answer in (office.get(path), office.post(path, {"version": 1})):
        page = Page(answer)
        assert "Spare cannot be removed while it is used by 1 system (Payroll run)." in page.text
        assert "Back" in page.text and "Keep it" not in page.text
    assert list(now(system).agencies.all()) == [spare]


def test_the_only_program_office_stays(world: World) -> None:
    here, office = world.here, world.client("office")
    path = address("membership_delete", here, membership_id=here.memberships["office"].pk)
    for answer in (office.get(path, follow=True), office.post(path, follow=True)):
        assert "office of here is the only program office. Invite another one first." in Page(answer).text
    assert now(here.memberships["office"]).role == Role.OFFICE


def test_a_row_that_changed_since_one_looked_is_not_removed(world: World) -> None:
    office, path = world.client("office"), address("kpi_delete", world.here)
    shown = Page(office.get(path)).values
    update(world.here.kpi, actor=COMMAND, version=1, values={"target": 5})
    refused = office.post(path, shown)
    assert refused.status_code == 409 and "was changed meanwhile. Look at it again" in Page(refused).text
    assert now(world.here.kpi).target == 5
    done = office.post(path, Page(office.get(path)).values, follow=True)
    assert f"{world.here.kpi} is removed." in Page(done).text
    assert not Kpi.objects.for_plan(world.here.plan).exists()


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", "x"])
def test_an_odd_version_in_a_removal_is_no_error(world: World, version: str) -> None:
    answer = world.client("office").post(address("kpi_delete", world.here), {"version": version})
    assert answer.status_code in {302, 409}
