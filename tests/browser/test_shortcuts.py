"""Keyboard shortcuts and the search box in a browser: to search, go and list; never while typing; switched off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import EVERY_VIEW, NARROW, WIDE, Axe, faults_of, look_from
from tests.world import World

HOME, AGENCIES = "/plans/here/", "/plans/here/agencies/"


@pytest.fixture
def page(plan_world: World, new_page: NewPage, sign_in: SignIn) -> Page:
    """The agencies, as the program office has them."""
    page = new_page()
    sign_in(page, plan_world.here.people["office"])
    page.goto(AGENCIES)
    return page


def path(page: Page) -> str:
    return page.evaluate("location.pathname + location.search")


def test_a_slash_leads_to_the_search_and_enter_to_what_was_found(page: Page, axe: Axe) -> None:
    page.keyboard.press("/")
    field = page.get_by_label("Search this plan")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("desk/g h?")  # in a field these are letters
    expect(field).to_have_value("desk/g h?")
    field.fill("service desk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=service+desk")
    expect(page.get_by_role("heading", name="Services 1")).to_be_visible()
    expect(page.locator("mark").first).to_have_text("Service")
    assert faults_of(page, axe, *EVERY_VIEW) == []

    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("hosting")  # what stood there was chosen, so it is written over
    expect(field).to_have_value("hosting")


def test_on_a_narrow_screen_the_bar_has_a_link_to_the_search(page: Page) -> None:
    look_from(page, NARROW)
    expect(page.get_by_label("Search this plan")).to_be_hidden()
    page.get_by_role("link", name="Search this plan").click()
    expect(page.get_by_label("Search this plan")).to_be_focused()
    page.goto(AGENCIES)
    page.keyboard.press("/")
    page.wait_for_url("**/search/")


def test_g_and_a_letter_go_to_a_page(page: Page) -> None:
    for keys, where in (("gh", HOME), ("ga", AGENCIES), ("gs", "/plans/here/services/"), ("gk", "/plans/here/kpis/")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(f"**{where}")
        assert path(page) == where


def test_other_keys_and_keys_with_others_do_nothing(page: Page) -> None:
    for key in ("h", "g", "z", "h", "Control+g", "h", "g", "Alt+h", "Control+/"):
        page.keyboard.press(key)
    assert path(page) == AGENCIES
    expect(page.get_by_label("Search this plan")).not_to_be_focused()


def test_a_letter_that_comes_late_goes_nowhere(page: Page) -> None:
    page.keyboard.press("g")
    page.wait_for_timeout(1700)
    page.keyboard.press("h")
    page.wait_for_timeout(200)
    assert path(page) == AGENCIES


def test_a_question_mark_opens_the_list_and_escape_gives_the_focus_back(page: Page, axe: Axe) -> None:
    link = page.get_by_role("main").get_by_role("link", name="Add an agency")
    link.focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert faults_of(page, axe, *EVERY_VIEW) == []
    look_from(page, WIDE)

    for _ in range(40):  # more than there are controls in it
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog, body').tagName") in {"DIALOG", "BODY"}
        assert page.evaluate("document.activeElement.closest('main, header, nav')") is None
    page.keyboard.press("g")
    page.keyboard.press("h")
    assert path(page) == AGENCIES
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_the_list_opens_from_the_account_menu_and_a_click_follows_it(page: Page) -> None:
    menu = page.locator("summary[aria-label^='Account menu']")
    menu.click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("?")
    dialog.get_by_role("link", name="KPIs").click()
    page.wait_for_url("**/kpis/")


def test_they_are_switched_off_for_the_browser_and_on_again(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_label("Use these keys in this browser").uncheck()
    page.keyboard.press("Escape")
    for _ in range(2):  # at once, and on the page that is loaded next
        for key in ("?", "/", "g", "h"):
            page.keyboard.press(key)
        page.wait_for_timeout(200)
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.get_by_label("Search this plan")).not_to_be_focused()
        assert path(page) == AGENCIES
        page.reload()

    page.locator("summary[aria-label^='Account menu']").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Use these keys in this browser").check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Search this plan")).to_be_focused()


def test_in_a_grid_a_key_is_typed_into_the_cell(page: Page) -> None:
    page.goto("/plans/here/agencies/grid/")
    for key in ("/", "?", "g"):
        page.locator("#grid tbody td").first.click()
        page.keyboard.press(key)
        expect(page.locator("#grid td input")).to_have_value(key)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_without_script_the_search_works_and_no_shortcut_is_offered(
    plan_world: World, new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, plan_world.here.people["viewer"])
    page.goto(HOME)
    page.get_by_label("Search this plan").fill("hosting")
    page.get_by_label("Search this plan").press("Enter")
    expect(page.get_by_role("heading", name="Services 1")).to_be_visible()
    page.locator("summary[aria-label^='Account menu']").click()
    expect(page.get_by_role("link", name="Glossary")).to_be_visible()
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_hidden()
