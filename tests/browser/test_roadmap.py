"""The roadmap, a phase and the sessions in the browser: narrow and on paper, by keyboard and without JavaScript."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from ssoplanner.core.models import Plan, User
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import EVERY_VIEW, Axe, faults_of
from tests.replaying import load_demo

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => (one.open = true))"


@pytest.fixture
def plan(transactional_db: None) -> Plan:
    return load_demo()[0]


def pages(plan: Plan) -> list[str]:
    at = {"slug": plan.slug}
    phases = [reverse("phase", kwargs={**at, "phase_key": key}) for key in ("assess", "design")]
    return [reverse("roadmap", kwargs=at), reverse("sessions", kwargs=at), *phases]


def board(page: Page, sign_in: SignIn) -> Page:
    sign_in(page, User.objects.get(email="board@example.gov"))
    return page


def test_they_read_well_with_everything_unfolded(plan: Plan, new_page: NewPage, sign_in: SignIn, axe: Axe) -> None:
    page, faults = board(new_page(), sign_in), []
    for path in pages(plan):
        page.goto(path)
        page.evaluate(OPEN_ALL)
        faults += faults_of(page, axe, *EVERY_VIEW)
    assert faults == []


@pytest.mark.parametrize(("medium", "width"), [("screen", 320), ("print", 672)])
def test_they_fit_a_small_screen_and_a_sheet_of_paper(
    plan: Plan, new_page: NewPage, sign_in: SignIn, medium: str, width: int
) -> None:
    page = board(new_page(width=width, height=256), sign_in)
    page.emulate_media(media=medium)  # type: ignore[arg-type]
    sideways = {}
    for path in pages(plan):
        page.goto(path)
        sideways[path] = page.evaluate(SIDEWAYS)
    assert sideways == dict.fromkeys(pages(plan), 0)


def test_the_timeline_is_scrolled_by_keyboard_while_its_labels_stay(
    plan: Plan, new_page: NewPage, sign_in: SignIn
) -> None:
    page = board(new_page(width=390), sign_in)
    page.goto(reverse("roadmap", kwargs={"slug": plan.slug}))
    region = page.get_by_role("region", name="Timeline of steps, planned and actual")
    region.focus()
    expect(region).to_be_focused()
    for _ in range(60):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(50)
        if (scrolled := region.evaluate("(one) => one.scrollLeft")) > 100:
            break
    assert scrolled > 100
    left = "(one) => Math.round(one.getBoundingClientRect().left)"
    inside = region.evaluate(left) + region.evaluate("(one) => one.clientLeft")
    assert page.locator(".timeline-labels").evaluate(left) == inside
    assert page.evaluate(SIDEWAYS) == 0


def test_a_pillar_is_chosen_without_javascript(plan: Plan, new_page: NewPage, sign_in: SignIn) -> None:
    page = board(new_page(java_script_enabled=False), sign_in)
    page.goto(reverse("roadmap", kwargs={"slug": plan.slug}))
    page.get_by_role("navigation", name="Steps by pillar").get_by_role("link", name="Technology").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Roadmap: technology")
    expect(page.get_by_role("table").first.get_by_role("columnheader")).to_have_text(["Phase", "Technology"])
    page.get_by_text("The same as a table, with what waits for what").click()
    expect(page.get_by_role("rowheader", name="3.1 Select and procure shared services platforms")).to_be_visible()
    expect(page.get_by_role("rowheader", name="3.2 Define and assemble")).to_have_count(0)


def test_on_a_narrow_screen_the_matrix_is_still_a_table_and_names_its_pillars(
    plan: Plan, new_page: NewPage, sign_in: SignIn
) -> None:
    page = board(new_page(width=390), sign_in)
    page.goto(reverse("roadmap", kwargs={"slug": plan.slug}))
    cell = page.locator(".matrix td").first
    assert cell.evaluate("(one) => getComputedStyle(one, '::before').content") == '"People"'
    first, second = (page.locator(".matrix td").nth(at).bounding_box() for at in (0, 1))
    assert first is not None and second is not None
    assert second["y"] >= first["y"] + first["height"] and first["width"] > 300


def test_the_board_goes_from_the_roadmap_to_a_gate_and_its_sessions(
    plan: Plan, new_page: NewPage, sign_in: SignIn
) -> None:
    page = board(new_page(), sign_in)
    page.goto(reverse("plan", kwargs={"slug": plan.slug}))
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_have_text("Roadmap")
    page.get_by_role("region", name="Next gate").get_by_role("link", name="1 Assess").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 Assess")
    page.get_by_role("link", name="Session 2: Scores and heat-map priorities").click()
    expect(page.get_by_role("heading", name="2 Scores and heat-map priorities")).to_be_in_viewport()
