"""A file with agencies brought in by hand: chosen, its columns looked through, every row's fate seen, imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import NARROW, WIDE, Axe, faults_of
from tests.workbook.importing import agencies_of, provisions_of, services_of, table
from tests.world import PlanRows, World

FILE = table(
    ["AGY", "Agency", "Employees", "Payroll", "avg_salary", "Remark"],
    ["DOH", "Department of Health", "8,400", "12.5", "60,000", "largest"],
    ["DOT", "Department of Transportation", "inf", "7", "60,000", ""],
    ["OWN", "Agency own here", "120", "0", "", ""],
    ["DOE", "Department of Education", "1,150", "", "", ""],
)


@pytest.fixture
def here(plan_world: World) -> PlanRows:
    services_of(plan_world.here.plan, PAY="Payroll")
    return plan_world.here


def walk_to_columns(page: Page, here: PlanRows, folder: Path) -> None:
    """From the list of agencies to the page that asks what the columns mean."""
    (folder / "agencies.csv").write_bytes(FILE)
    page.goto(f"/plans/{here.plan.slug}/agencies/")
    page.get_by_role("link", name="From a file").click()
    page.get_by_label("File", exact=True).set_input_files(folder / "agencies.csv")
    page.get_by_role("button", name="Upload and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns mean")


def test_a_file_is_imported_by_hand(
    here: PlanRows, new_page: NewPage, sign_in: SignIn, axe: Axe, tmp_path: Path
) -> None:
    page = new_page()
    sign_in(page, here.people["office"])
    walk_to_columns(page, here, tmp_path)
    expect(page.get_by_label("What AGY means")).to_have_value("agency.code")
    expect(page.get_by_label("Service of Payroll")).to_be_visible()
    expect(page.get_by_label("Service of Employees")).to_be_hidden()
    faults = faults_of(page, axe, WIDE, NARROW)

    page.get_by_role("button", name="See what becomes of each row").click()
    expect(page.locator(".field-invalid")).to_contain_text("Give the loading factor, such as 1.3")
    faults += faults_of(page, axe, WIDE, NARROW)
    page.get_by_label("Loading factor").fill("1.3")
    page.get_by_role("button", name="See what becomes of each row").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What becomes of each row")
    faults += faults_of(page, axe, WIDE, NARROW)
    rows = page.get_by_role("region", name="Table of rows")
    expect(rows.get_by_role("row", name="Department of Health")).to_contain_text("Payroll: annual cost: $975,000")
    expect(rows.get_by_role("row", name="Department of Transportation")).to_contain_text("“inf” is no number.")
    page.get_by_role("link", name=re.compile("Left out")).click()
    expect(rows.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Import 3 rows").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("The file is imported")
    faults += faults_of(page, axe, WIDE, NARROW)
    assert faults == []
    with page.expect_download() as mended:
        page.get_by_role("link", name="Rows left out as CSV").click()
    assert "DOT,Department of Transportation,inf,7" in mended.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="To the agencies").click()
    expect(page.get_by_role("region", name="Table of agencies")).to_contain_text("Department of Education")
    assert agencies_of(here.plan)["OWN"].headcount == 120
    assert provisions_of(here.plan)["DOH", "PAY-S"].annual_cost == 975_000


def test_a_file_that_is_no_table_says_so_at_the_field(
    here: PlanRows, new_page: NewPage, sign_in: SignIn, axe: Axe, tmp_path: Path
) -> None:
    page = new_page()
    sign_in(page, here.people["analyst"])
    page.goto(f"/plans/{here.plan.slug}/agencies/")
    page.get_by_role("link", name="From a file").click()
    (tmp_path / "letter.csv").write_bytes(b"Dear office,\nhere is nothing.\n")

    page.get_by_label("File", exact=True).set_input_files(tmp_path / "letter.csv")
    page.get_by_role("button", name="Upload and go on").click()

    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator(".field-invalid")).to_contain_text("The whole table stands in one column.")
    assert faults_of(page, axe, WIDE, NARROW) == []


def test_the_way_of_a_file_works_without_javascript(
    here: PlanRows, new_page: NewPage, sign_in: SignIn, tmp_path: Path
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, here.people["office"])
    walk_to_columns(page, here, tmp_path)

    page.get_by_label("What avg_salary means").select_option(label="Not taken")
    page.get_by_role("button", name="See what becomes of each row").click()
    page.get_by_role("button", name="Import 3 rows").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("The file is imported")
    assert {"DOH", "DOE"} <= agencies_of(here.plan).keys()
