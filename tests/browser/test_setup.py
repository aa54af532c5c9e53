"""A new plan, from the first answer to agencies, services and a figure, as its program office does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, SignIn
from tests.world import World

MOST_CLICKS = 40  # some ten seconds each leave a person well below ten minutes


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_plan_is_set_up_with_a_few_clicks(
    plan_world: World,
    new_page: NewPage,
    sign_in: SignIn,
    axe: Callable[[Page], list[str]],
    tmp_path: Path,
    width: int,
    scheme: str,
) -> None:
    page = new_page(width=width, color_scheme=scheme)
    sign_in(page, plan_world.here.people["office"])
    page.add_init_script("addEventListener('click', () => sessionStorage.clicks = 1 + +(sessionStorage.clicks ?? 0))")

    page.goto("/")
    page.get_by_role("link", name="Begin a plan").click()
    assert axe(page) == []
    page.get_by_label("Name of the plan").fill("Elm County")
    page.get_by_label("Jurisdiction tier").select_option("municipal")
    page.get_by_role("button", name="Begin the plan").click()
    expect(page.get_by_role("heading", name="Set up the plan")).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Agencies, one a line").fill("DOH\tHealth\t1,200\nParks and Recreation\nRoads")
    page.get_by_role("button", name="Add these agencies").click()
    expect(page.get_by_text("3 agencies are added.")).to_be_visible()
    import_more(page, tmp_path)
    expect(page.get_by_text("5 agencies", exact=True)).to_be_visible()
    page.get_by_role("link", name="Choose from the starter catalogue").click()
    boxes = page.get_by_role("checkbox")
    for number in range(3):
        boxes.nth(number + 1).check()
    page.get_by_role("button", name="Add").last.click()
    page.goto("/plans/elm-county/set-up/")
    expect(page.get_by_text("5 agencies", exact=True)).to_be_visible()
    page.goto("/plans/elm-county/agencies/")
    page.get_by_role("link", name="Health", exact=True).click()

    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert int(page.evaluate("sessionStorage.clicks")) < MOST_CLICKS


def import_more(page: Page, folder: Path) -> None:
    """Two more agencies from a file, which leads back to where it was chosen."""
    file = folder / "more.csv"
    file.write_text("Code,Agency,Headcount\nLIB,Libraries,80\nFIR,Fire Service,410\n")
    page.get_by_role("link", name="From a CSV or Excel file").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Upload and go on").click()
    page.get_by_role("button", name="See what becomes of each row").click()
    page.get_by_role("button", name="Import 2 rows").click()
    page.get_by_role("link", name="Go on setting up the plan").click()
    expect(page.get_by_role("heading", name="Set up the plan")).to_be_visible()
