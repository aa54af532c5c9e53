"""A file as evidence, chosen, refused, added and fetched; and a shift, judged by the office and read by a viewer."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page, expect

from ssoplanner.steps.standing import standing_of
from ssoplanner.web.steps import step_url
from tests.access.urls import address
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import EVERY_VIEW, NARROW, WIDE, Axe, faults_of
from tests.uploads.attached import pdf
from tests.world import World

MINUTES = {"name": "Minutes of June.pdf", "mimeType": "application/pdf", "buffer": pdf()}
READY = "assess.readiness"


def fill(page: Page, title: str, link: str = "") -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_label("Link").fill(link)
    page.get_by_label("File", exact=True).set_input_files(MINUTES)
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_file_is_chosen_refused_chosen_again_and_fetched(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page, here = new_page(), plan_world.here
    sign_in(page, here.people["lead"])
    page.goto(step_url(here.plan, READY, "step_evidence_new"))
    fill(page, "The board agreed", link="ftp://example.org")
    expect(page.locator("#error-summary")).to_contain_text("Choose the file Minutes of June.pdf once more")
    assert faults_of(page, axe, WIDE, NARROW) == []

    fill(page, "The board agreed")
    card = page.get_by_role("region", name="Evidence")
    expect(card).to_contain_text(f"by lead of here Minutes of June.pdf PDF, {len(pdf())} bytes")
    with page.expect_download() as download:
        card.get_by_role("link", name="Minutes of June.pdf").click()
    assert download.value.suggested_filename == "Minutes of June.pdf"
    assert Path(download.value.path()).read_bytes() == pdf()
    assert faults_of(page, axe, WIDE, NARROW) == []


def test_a_session_that_ended_asks_for_the_file_again_and_saves_it_then(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page, here = new_page(), plan_world.here
    sign_in(page, here.people["lead"])
    page.goto(step_url(here.plan, READY, "step_evidence_new"))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    fill(page, "The board agreed")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your session has ended")
    assert faults_of(page, axe, WIDE, NARROW) == []

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again, in a new tab").click()
    sign_in(opened.value, here.people["lead"])
    page.get_by_label("Choose the file Minutes of June.pdf again").set_input_files(MINUTES)
    page.get_by_role("button", name="Save again").click()
    expect(page.get_by_role("region", name="Evidence")).to_contain_text("Minutes of June.pdf")


def test_the_office_judges_a_shift_and_a_viewer_reads_it(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    office, viewer, here = new_page(), new_page(), plan_world.here
    sign_in(office, here.people["office"])
    sign_in(viewer, here.people["viewer"])
    office.goto(address("shifts", here))
    assert faults_of(office, axe, *EVERY_VIEW) == []
    office.get_by_role("link", name=re.compile("Custom workflows.*Modular service design")).click()
    office.get_by_role("radio", name=re.compile("half-way")).check()
    office.get_by_label("Since").fill("2026-02-02")
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.locator("#error-summary")).to_contain_text("Say what shows it")
    assert faults_of(office, axe, WIDE, NARROW) == []
    office.get_by_label("What shows it").fill("Three agencies use one form")
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_role("status")).to_contain_text("Custom workflows to modular service design is saved.")
    assert standing_of(here.plan, "process.design").level == 3

    viewer.goto(address("shifts", here) + "?pillar=process")
    expect(viewer.locator("#process-design")).to_contain_text("3 of 5: half-way since Feb 2, 2026")
    assert faults_of(viewer, axe, WIDE, NARROW) == []
    viewer.locator("#process-design").get_by_role("link").first.click()
    expect(viewer.get_by_role("button", name="Save")).to_have_count(0)
    assert faults_of(viewer, axe, *EVERY_VIEW) == []
