"""The grid as a person with a keyboard uses it, and what it does when things go wrong."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ssoplanner.core.models import Agency, Provision
from ssoplanner.recompute.writer import Actor, update
from tests.browser.conftest import NewPage, SignIn
from tests.world import COMMAND, World

SAVED = "All changes are saved."


@pytest.fixture
def open_grid(plan_world: World, new_page: NewPage, sign_in: SignIn) -> Callable[..., Page]:
    """`open_grid("office", "agencies/grid/")`"""

    def opened(actor: str, path: str, **options: Any) -> Page:
        page = new_page(**options)
        sign_in(page, plan_world.here.people[actor])
        page.goto(f"/plans/here/{path}")
        return page

    return opened


def own_figures(world: World) -> str:
    return f"agencies/{world.here.own.pk}/grid/"


def cell(page: Page, row: int, column: int) -> Locator:
    """Counted from 0, the head of the row left out."""
    return page.locator("#grid tbody tr").nth(row).locator("td").nth(column)


def state(page: Page) -> Locator:
    return page.locator("#grid-state")


def stored(world: World, name: str, service: Any = None) -> Any:
    rows = Provision.objects.for_plan(world.here.plan).filter(agency=world.here.own, fiscal_year=2026)
    return rows.filter(service=service or world.here.service).values_list(name, flat=True).first()


def paste(page: Page, text: str) -> None:
    """As the keys do it: a paste event with that text on the clipboard."""
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_figures_are_typed_with_the_keyboard_alone_and_saved_by_themselves(
    plan_world: World, open_grid: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_grid("lead", own_figures(plan_world))
    cell(page, 0, 0).focus()

    page.keyboard.type("1,250.50")
    page.keyboard.press("Tab")
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")

    expect(cell(page, 1, 1)).to_be_focused()
    expect(state(page)).to_have_text(SAVED)
    assert (stored(plan_world, "annual_cost"), stored(plan_world, "fte")) == (Decimal("1250.50"), Decimal("2.50"))
    expect(cell(page, 0, 0)).to_have_text("1,250.5")
    assert axe(page) == []


def test_a_line_that_was_empty_becomes_a_provision(plan_world: World, open_grid: Callable[..., Page]) -> None:
    page = open_grid("lead", own_figures(plan_world))

    cell(page, 1, 2).click()
    page.keyboard.type("400")
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text(SAVED)
    cell(page, 1, 8).click()
    page.keyboard.press("Enter")
    page.locator("#grid select").select_option("yes")
    expect(state(page)).to_have_text(SAVED)

    spare = plan_world.here.spare_service
    assert (stored(plan_world, "volume", spare), stored(plan_world, "has_sop", spare)) == (400, True)


def test_a_block_from_a_spreadsheet_is_pasted_and_taken_back(plan_world: World, open_grid: Callable[..., Page]) -> None:
    page = open_grid("lead", own_figures(plan_world))
    cell(page, 0, 0).focus()

    paste(page, "5,000\t3\t700\r\n6,000\t4\t800\r\n")
    expect(state(page)).to_have_text(SAVED)
    pasted = stored(plan_world, "annual_cost"), stored(plan_world, "fte", plan_world.here.spare_service)
    page.keyboard.press("Control+z")
    expect(cell(page, 0, 0)).to_have_text("1,000")
    expect(state(page)).to_have_text(SAVED)

    assert pasted == (Decimal(5000), Decimal(4))
    assert stored(plan_world, "annual_cost") == Decimal(1000)
    assert stored(plan_world, "fte", plan_world.here.spare_service) is None
    page.keyboard.press("Control+y")
    expect(cell(page, 1, 2)).to_have_text("800")


def test_a_block_that_is_too_large_is_refused_whole_with_a_sentence(
    plan_world: World, open_grid: Callable[..., Page]
) -> None:
    page = open_grid("lead", own_figures(plan_world))
    cell(page, 1, 0).focus()

    paste(page, "1\n2\n3\n4")

    expect(page.locator("#grid-said")).to_contain_text("The block has 4 rows, and from here there are 1.")
    expect(cell(page, 1, 0)).to_have_text("")
    paste(page, "\t".join("123456789012"))
    expect(page.locator("#grid-said")).to_contain_text("The block is 12 columns wide, and from here there are 11.")


def test_what_is_wrong_is_said_in_its_cell_and_the_rest_is_saved(
    plan_world: World, open_grid: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_grid("lead", own_figures(plan_world))
    cell(page, 0, 0).focus()

    paste(page, "plenty\t9")

    expect(cell(page, 0, 0)).to_contain_text("Give a number, such as 1,200.50.")
    expect(cell(page, 0, 0)).to_contain_text("plenty")
    expect(state(page)).to_have_text("1 cell not saved: see what it says there.")
    assert (stored(plan_world, "annual_cost"), stored(plan_world, "fte")) == (Decimal(1000), Decimal(9))
    assert axe(page) == []
    page.get_by_role("button", name="Go to the first one").click()
    page.keyboard.type("77")
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text(SAVED)
    assert stored(plan_world, "annual_cost") == Decimal(77)


def test_figures_that_belong_together_wait_for_each_other(plan_world: World, open_grid: Callable[..., Page]) -> None:
    page = open_grid("lead", own_figures(plan_world))

    cell(page, 1, 4).click()
    page.keyboard.type("8")
    page.keyboard.press("Tab")
    expect(cell(page, 1, 4)).to_contain_text("Give both service target figures")
    page.keyboard.type("9")
    page.keyboard.press("Enter")

    expect(state(page)).to_have_text(SAVED)
    spare = plan_world.here.spare_service
    assert (stored(plan_world, "sla_met", spare), stored(plan_world, "sla_total", spare)) == (8, 9)


def change_meanwhile(world: World, **values: Any) -> None:
    row = Provision.objects.for_plan(world.here.plan).get(pk=world.here.provision.pk)
    office = Actor(user=world.here.people["office"], source=COMMAND.source)
    update(row, actor=office, version=row.version, values=values)


@pytest.mark.parametrize(("side", "cost"), [("Keep mine", 222), ("Take theirs", 111)])
def test_two_people_in_one_cell_choose_which_value_stands(
    plan_world: World, open_grid: Callable[..., Page], side: str, cost: int
) -> None:
    page = open_grid("lead", own_figures(plan_world))
    change_meanwhile(plan_world, annual_cost=Decimal(111))
    cell(page, 0, 0).focus()

    page.keyboard.type("222")
    page.keyboard.press("Enter")
    expect(cell(page, 0, 0)).to_contain_text("office of here changed this to 111")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#grid-panel")).to_contain_text("Theirs: 111 · Yours: 222")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab") if side == "Take theirs" else None
    page.keyboard.press("Enter")

    expect(state(page)).to_have_text(SAVED)
    expect(cell(page, 0, 0)).to_have_text(str(cost))
    assert stored(plan_world, "annual_cost") == Decimal(cost)


def test_two_people_in_different_cells_of_one_row_both_succeed(
    plan_world: World, open_grid: Callable[..., Page]
) -> None:
    page = open_grid("lead", own_figures(plan_world))
    change_meanwhile(plan_world, fte=Decimal(7))
    cell(page, 0, 0).focus()

    page.keyboard.type("333")
    page.keyboard.press("Enter")

    expect(cell(page, 0, 1)).to_have_text("7")
    assert (stored(plan_world, "annual_cost"), stored(plan_world, "fte")) == (Decimal(333), Decimal(7))


def test_an_ended_session_loses_nothing_that_was_typed(
    plan_world: World, open_grid: Callable[..., Page], sign_in: SignIn
) -> None:
    page = open_grid("lead", own_figures(plan_world))
    page.context.clear_cookies(name="sessionid")
    cell(page, 0, 0).focus()

    page.keyboard.type("444")
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("Your session has ended.")
    expect(page.get_by_role("link", name="Sign in (opens a new tab)")).to_be_visible()
    sign_in(page, plan_world.here.people["lead"])

    expect(state(page)).to_have_text(SAVED, timeout=20_000)
    assert stored(plan_world, "annual_cost") == Decimal(444)


def test_without_a_connection_typing_goes_on(plan_world: World, open_grid: Callable[..., Page]) -> None:
    page = open_grid("lead", own_figures(plan_world))
    page.evaluate("() => { window.online = fetch; window.fetch = () => Promise.reject(new TypeError('offline')); }")
    cell(page, 0, 0).focus()

    page.keyboard.type("555")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("No connection.")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.evaluate("() => { window.fetch = window.online; }")

    expect(state(page)).to_have_text(SAVED, timeout=20_000)
    assert (stored(plan_world, "annual_cost"), stored(plan_world, "fte")) == (Decimal(555), Decimal(5))


def test_agencies_are_added_by_typing_and_by_pasting_at_the_end(
    plan_world: World, open_grid: Callable[..., Page]
) -> None:
    page = open_grid("office", "agencies/grid/")
    cell(page, 2, 0).click()

    page.keyboard.type("NEW")
    page.keyboard.press("Tab")
    expect(cell(page, 2, 0)).to_contain_text("Not added yet: give Name")
    page.keyboard.type("Newcomers")
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text(SAVED)
    cell(page, 3, 0).click()
    paste(page, "P1\tPasted one\tMunicipal\tCandidate\t12\nP2\tPasted two\tRegional\tEngaged\t1,300")
    expect(state(page)).to_have_text(SAVED)

    found = Agency.objects.for_plan(plan_world.here.plan).filter(code__in=["NEW", "P1", "P2"]).order_by("code")
    assert [(one.code, one.name, one.tier, one.headcount) for one in found] == [
        ("NEW", "Newcomers", "state", None),
        ("P1", "Pasted one", "municipal", 12),
        ("P2", "Pasted two", "regional", 1300),
    ]


def test_a_block_is_copied_as_a_spreadsheet_wants_it(plan_world: World, open_grid: Callable[..., Page]) -> None:
    page = open_grid("office", "agencies/grid/")
    cell(page, 0, 0).focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")

    copied = page.evaluate(
        """() => {
            const data = new DataTransfer();
            document.activeElement.dispatchEvent(
                new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}));
            return data.getData("text/plain");
        }"""
    )

    assert copied == "OTHER\tAgency other here\nOWN\tAgency own here"


def test_the_keyboard_gets_into_the_grid_and_out_of_it(plan_world: World, open_grid: Callable[..., Page]) -> None:
    page = open_grid("office", "agencies/grid/")
    page.get_by_text("Keys", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.closest('#grid td') !== null")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")

    assert inside
    assert page.evaluate("document.activeElement.closest('#grid td') === null")


@pytest.mark.parametrize("path", ["agencies/grid/", "systems/grid/", "kpis/grid/"])
def test_who_only_reads_gets_a_grid_without_a_script(
    plan_world: World, open_grid: Callable[..., Page], axe: Callable[[Page], list[str]], path: str
) -> None:
    page = open_grid("board", path)

    assert page.locator("script[src*=grid]").count() == 0
    assert page.locator("#grid").get_attribute("aria-readonly") == "true"
    assert axe(page) == []


@pytest.mark.parametrize("path", ["agencies/grid/", "systems/grid/", "kpis/grid/"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_register_as_a_grid_is_accessible(
    plan_world: World,
    open_grid: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    path: str,
    width: int,
    scheme: str,
) -> None:
    page = open_grid("office", path, width=width, color_scheme=scheme)

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
