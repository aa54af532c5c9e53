"""The tree by keyboard and by mouse, the slider of the map, and the map as a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from assess.models import Capability, CapabilityRating
from assess.starter_capabilities import take_starter_capabilities
from ssoplanner.core.models import Agency, Membership, Plan, Role
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import bulk_load
from tests.browser.conftest import NewPage, SignIn
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
PNG = b"\x89PNG"


@pytest.fixture
def plan(plan_world: World) -> Plan:
    """The starter set, each capability of the lowest level rated by three agencies."""
    made = new_plan(name="Fresh", actor=COMMAND)
    make(Membership, made, user=plan_world.here.people["office"], role=Role.OFFICE)
    take_starter_capabilities(made, COMMAND)
    agencies = [make(Agency, made, code=code, name=f"Agency {code}") for code in "ABC"]
    said = {"ownership": "own", "importance": 4, "people": 2, "target": 4}
    leaves = Capability.objects.for_plan(made).filter(children=None)
    rows = [{"agency": agency, "capability": leaf, **said} for agency in agencies for leaf in leaves]
    bulk_load(CapabilityRating, plan=made, actor=COMMAND, rows=rows, label="ratings")
    build_plan(made.pk)
    return made


def opened(page: Page, name: str, plan: Plan) -> None:
    page.goto(reverse(name, kwargs={"slug": plan.slug}))


def order(plan: Plan) -> list[str]:
    return list(Capability.objects.for_plan(plan).filter(parent=None).values_list("code", flat=True))


def row_of(page: Page, plan: Plan, code: str) -> Locator:
    row = Capability.objects.for_plan(plan).get(code=code)
    return page.locator(f"#c{row.pk} > .capability-row")


def test_a_capability_is_moved_by_keyboard_and_the_focus_stays_on_its_button(
    plan: Plan, plan_world: World, new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page()
    sign_in(page, plan_world.here.people["office"])
    opened(page, "capabilities", plan)
    assert order(plan)[:3] == ["IT", "HR", "FIN"]

    button = row_of(page, plan, "IT").get_by_role("button", name="Down")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Information technology is moved.")).to_be_visible()
    page.keyboard.press("Enter")  # the same button again, without looking for it
    expect(page.locator(".capability-line-1").nth(2)).to_contain_text("Information technology")

    assert order(plan)[:3] == ["HR", "FIN", "IT"]


def test_a_capability_is_dragged_before_another_one(
    plan: Plan, plan_world: World, new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page()
    sign_in(page, plan_world.here.people["office"])
    opened(page, "capabilities", plan)
    handle = row_of(page, plan, "FIN").locator(".capability-name")
    handle.drag_to(row_of(page, plan, "IT"), source_position={"x": 1, "y": 1})
    expect(page.get_by_text("Finance is moved.")).to_be_visible()
    assert order(plan)[:3] == ["FIN", "IT", "HR"]


def test_the_slider_changes_the_depth_and_the_address(
    plan: Plan, plan_world: World, new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page()
    sign_in(page, plan_world.here.people["office"])
    opened(page, "architecture", plan)
    tiles = page.locator(".capability-tiles .tile")
    expect(tiles).to_have_count(30)

    slider = page.get_by_label("Levels shown, 1 to 3")
    slider.focus()
    page.keyboard.press("ArrowRight")

    expect(tiles).to_have_count(Capability.objects.for_plan(plan).filter(children=None).count())
    expect(page).to_have_url(re.compile("depth=3"))
    page.get_by_label("Colour and figure").select_option("importance")
    expect(page.get_by_role("heading", name="Importance, by capability")).to_be_visible()


def test_the_map_is_downloaded_as_svg_and_as_png(
    plan: Plan, plan_world: World, new_page: NewPage, sign_in: SignIn
) -> None:
    page = new_page()
    sign_in(page, plan_world.here.people["office"])
    opened(page, "architecture", plan)
    with page.expect_download() as svg:
        page.get_by_role("link", name="Download as SVG").click()
    assert Path(svg.value.path()).read_text().startswith("<svg ")
    with page.expect_download() as png:
        page.get_by_role("button", name="Download as PNG").click()
    content = Path(png.value.path()).read_bytes()
    assert content.startswith(PNG)
    assert len(content) > 10_000
