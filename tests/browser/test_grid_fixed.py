"""A cell that cannot be changed says why, and the cells beside it can."""

from __future__ import annotations

from playwright.sync_api import expect

from ssoplanner.core.models import Kpi
from ssoplanner.starter.kpis import add_starter_kpis
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import NARROW, WIDE, Axe, faults_of
from tests.world import COMMAND, World


def test_the_unit_of_a_computed_kpi_cannot_be_typed_over(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    add_starter_kpis(plan_world.here.plan, COMMAND)
    page = new_page()
    sign_in(page, plan_world.here.people["office"])
    page.goto("/plans/here/kpis/grid/")
    cells = page.get_by_role("row", name="Average SLA compliance rate").get_by_role("gridcell")
    unit, name = cells.nth(2), cells.nth(1)

    unit.dblclick()
    page.keyboard.type("shares")
    expect(page.locator("#grid-said")).to_have_text("It stays, because the current value is computed in it.")
    expect(page.locator("#grid td[data-editing]")).to_have_count(0)
    name.dblclick()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Targets kept")
    page.keyboard.press("Enter")
    expect(page.locator("#grid-state")).to_have_text("All changes are saved.")

    kept = Kpi.objects.for_plan(plan_world.here.plan).get(metric="sla")
    assert (kept.unit, kept.name) == ("%", "Targets kept")
    assert faults_of(page, axe, WIDE, NARROW) == []
