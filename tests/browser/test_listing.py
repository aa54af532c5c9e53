"""Long tables in the browser: found, sorted and turned over by hand, and left alone when figures are loaded anew."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from ssoplanner.core.models import Agency, Provision
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.writer import bulk_load
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import NARROW, WIDE, Axe, faults_of
from tests.world import COMMAND, PlanRows, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
RELOAD = "htmx.trigger(document.getElementById('current-state'), 'changed')"


@pytest.fixture
def here(plan_world: World) -> PlanRows:
    """Sixty agencies that cost the more, the higher their number is."""
    rows = plan_world.here
    named = [{"code": f"N{at:02}", "name": f"Bureau {at:02}", "headcount": 10 * at} for at in range(60)]
    agencies = bulk_load(Agency, plan=rows.plan, actor=COMMAND, rows=named, label="agencies")
    figures = [
        {"agency": agency, "service": rows.service, "fiscal_year": 2026, "annual_cost": Decimal(5_000 + at)}
        for at, agency in enumerate(agencies)
    ]
    bulk_load(Provision, plan=rows.plan, actor=COMMAND, rows=figures, label="provisions")
    build_plan(rows.plan.pk)
    return rows


def first_row(page: Page, table: str) -> str:
    return page.get_by_role("region", name=table).locator("tbody th").first.inner_text()


def test_agencies_are_found_sorted_and_turned_over(
    here: PlanRows, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page = new_page()
    sign_in(page, here.people["office"])
    page.goto("/plans/here/agencies/")
    faults = faults_of(page, axe, WIDE, NARROW)

    page.get_by_role("link", name="Headcount").click()
    expect(page.get_by_role("columnheader", name="Headcount")).to_have_attribute("aria-sort", "descending")
    assert "Bureau 59" in first_row(page, "Table of agencies")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("51 to 62 of 62")).to_be_visible()
    page.get_by_label("Name or code").fill("n0")
    page.get_by_label("Name or code").press("Enter")

    expect(page.get_by_text("10 of 62 found.")).to_be_visible()
    assert "Bureau 09" in first_row(page, "Table of agencies")
    assert faults + faults_of(page, axe, WIDE, NARROW) == []


def test_what_one_looks_at_and_types_stays_when_figures_are_loaded_anew(
    here: PlanRows, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page = new_page()
    sign_in(page, here.people["board"])
    page.goto("/plans/here/current-state/")
    faults = faults_of(page, axe, WIDE, NARROW)
    page.get_by_role("navigation", name="Pages of agencies").get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"\?agencies-page=2#agencies$"))
    before = first_row(page, "Current state by agency")

    field = page.get_by_label("Agency or its code")
    field.press_sequentially("n")
    with page.expect_response(lambda response: "agencies-page=2" in response.url):
        page.evaluate(RELOAD)
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    field.press_sequentially("0")

    expect(field).to_have_value("n0")
    expect(field).to_be_focused()
    assert first_row(page, "Current state by agency") == before == "Bureau 44"
    field.press("Enter")
    expect(page.get_by_text("10 of 62 found.")).to_be_visible()
    assert faults + faults_of(page, axe, WIDE, NARROW) == []
