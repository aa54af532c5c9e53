"""An agency rates its technology and a row of its capabilities with nothing but the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assess.models import Aspect, Capability, CapabilityRating, TechnologyRating
from ssoplanner.core.models import Agency, Membership, Role
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.plans import new_plan
from tests.browser.conftest import NewPage, SignIn
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])

SAVED = "All changes are saved."
FOCUSED = "() => ({ id: document.activeElement.id, kind: document.activeElement.type || '' })"
MOST_STEPS = 12 * len(Aspect.values)


@pytest.fixture
def agency(plan_world: World) -> Agency:
    """In a plan of its own, the lead has an agency that has rated nothing, and there are two capabilities."""
    plan, people = new_plan(name="Fresh", slug="fresh", actor=COMMAND), plan_world.here.people
    made: Agency = make(Agency, plan, code="A", name="Parks")
    make(Membership, plan, user=people["lead"], role=Role.LEAD, agencies=[made])
    for number in (1, 2):
        make(Capability, plan, code=f"C{number}", name=f"Capability {number}", place=number)
    return made


def address(name: str, agency: Agency) -> str:
    return reverse(name, kwargs={"slug": agency.plan.slug, "agency_id": agency.pk})


@pytest.fixture
def open_page(plan_world: World, agency: Agency, new_page: NewPage, sign_in: SignIn) -> Callable[[str], Page]:
    def opened(name: str) -> Page:
        page = new_page()
        sign_in(page, plan_world.here.people["lead"])
        page.goto(address(name, agency))
        return page

    return opened


def test_the_eight_aspects_are_rated_with_the_keyboard_and_saved_by_themselves(
    agency: Agency, open_page: Callable[[str], Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_page("architecture_technology")
    rated = 0
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here: Any = page.evaluate(FOCUSED)
        if here["kind"] == "radio":
            page.keyboard.press("Space")  # the first level
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")  # the third
            page.keyboard.press("Tab")
            page.keyboard.type("Shown by the audit")
            rated += 1
            said = page.locator(".question-said").nth(rated - 1)
            expect(said).to_have_text("Saved.")
        if rated == len(Aspect.values):
            break
    expect(page.locator("#answer-progress")).to_contain_text("8 of 8 rated")
    page.keyboard.press("Tab")
    expect(page.locator("[data-typed], .htmx-request")).to_have_count(0)  # what was typed last is sent and answered
    rows = TechnologyRating.objects.for_plan(agency.plan)
    assert {(row.aspect, row.level, row.evidence) for row in rows} == {
        (aspect, 3, "Shown by the audit") for aspect in Aspect.values
    }
    assert axe(page) == []


def test_a_level_that_waits_for_what_shows_it_says_so_and_is_not_left_unasked(
    agency: Agency, open_page: Callable[[str], Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_page("architecture_technology")
    page.locator("#q1-4").check()
    expect(page.locator("#q1-said")).to_contain_text("Not saved yet: say what shows it")
    assert axe(page) == []
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.locator("#q1-evidence").fill("The contract")
    expect(page.locator("#q1-said")).to_have_text("Saved.")
    assert TechnologyRating.objects.for_plan(agency.plan).get().level == 4


def test_a_row_of_capabilities_is_typed_in_the_grid_and_a_block_is_pasted(
    agency: Agency, open_page: Callable[[str], Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_page("capability_grid")
    page.locator("#grid tbody tr").nth(0).locator("td").nth(0).focus()
    page.keyboard.type("s")  # begins with: Shared with others
    page.keyboard.press("Tab")
    for level in "423154":
        page.keyboard.type(level)
        page.keyboard.press("Tab")
    expect(page.locator("#grid-state")).to_have_text(SAVED)
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "own\\t5\\t1\\t1\\t2\\t2\\t4");
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator("#grid tbody tr").nth(1).locator("td").nth(6)).to_have_text("4")
    expect(page.locator("#grid-state")).to_have_text(SAVED)
    assert axe(page) == []
    names = ("capability__code", "ownership", "importance", "people", "process", "technology", "governance", "target")
    rows = CapabilityRating.objects.for_plan(agency.plan).order_by("capability__code").values_list(*names)
    assert list(rows) == [("C1", "shared", 4, 2, 3, 1, 5, 4), ("C2", "own", 5, 1, 1, 2, 2, 4)]


def test_an_open_page_of_the_agency_shows_a_new_rating_by_itself(
    agency: Agency, open_page: Callable[[str], Page]
) -> None:
    build_plan(agency.plan.pk)
    page = open_page("architecture_agency")
    expect(page.get_by_text("It has not rated its technology and data yet.")).to_be_visible()
    make(TechnologyRating, agency.plan, agency=agency, aspect="networks", level=2, evidence="Outages")
    build_plan(agency.plan.pk)
    expect(page.get_by_text("1 falls short of what sharing a service needs: networks.")).to_be_visible(timeout=15000)
