"""The X-ray in the browser: narrowed by hand, and followed to where something is mended."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ssoplanner.core.models import Agency
from ssoplanner.recompute.writer import bulk_load
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import EVERY_VIEW, Axe, faults_of
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


def test_what_is_wrong_is_narrowed_and_followed_to_its_form(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    rows = [{"code": f"N{at:02}", "name": f"Bureau {at:02}"} for at in range(60)]
    bulk_load(Agency, plan=plan_world.here.plan, actor=COMMAND, rows=rows, label="agencies")
    page = new_page()
    sign_in(page, plan_world.here.people["office"])
    page.goto("/plans/here/")
    page.get_by_role("link", name="X-ray").click()

    page.get_by_label("About").select_option("Agencies")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="KPIs without an owner")).to_have_count(0)
    faults = faults_of(page, axe, *EVERY_VIEW)
    page.get_by_role("link", name="All 60 Agencies without a lead").click()
    faults += faults_of(page, axe, *EVERY_VIEW)
    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="Bureau 59").click()

    expect(page.get_by_role("heading", name="People")).to_be_visible()
    assert faults == []
