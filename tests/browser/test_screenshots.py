"""The pictures of the README, taken of the demo plan.

    SSOPLANNER_SCREENSHOTS=docs/screenshots python -m pytest tests/browser/test_screenshots.py -m full

Without the variable the pictures go to a temporary folder, and the test only sees that they can be taken and are small.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from bootstrap import ROOT
from ssoplanner.core.models import Agency, Plan, Provision, Source, User
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.writer import Actor, update
from tests.browser.conftest import NewPage, SignIn
from tests.replaying import load_demo

LARGEST = 200_000  # bytes, so that the README opens quickly
HEIGHT = 800
Show = Callable[[Page, Plan], None]


pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


@pytest.fixture
def plan(transactional_db: None) -> Plan:
    plan = load_demo()[0]
    build_plan(plan.pk)
    return plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return ROOT / os.environ.get("SSOPLANNER_SCREENSHOTS", tmp_path)


def address(plan: Plan, name: str, **row: int) -> str:
    return reverse(name, kwargs={"slug": plan.slug, **row})


def health(plan: Plan) -> Agency:
    return Agency.objects.for_plan(plan).get(code="DOH")


def show_home(page: Page, plan: Plan) -> None:
    page.goto(address(plan, "plan"))
    page.get_by_text("Current, computed").wait_for()


def show_grid(page: Page, plan: Plan) -> None:
    page.goto(address(plan, "agency_grid", agency_id=health(plan).pk))
    page.get_by_role("gridcell").first.wait_for()


def show_conflict(page: Page, plan: Plan) -> None:
    """The agency's lead saves a cost while the program office types another."""
    found = Provision.objects.for_plan(plan).get(agency=health(plan), service__standard="payroll")
    lead = Actor(user=User.objects.get(email="health@example.gov"), source=Source.BROWSER)
    page.goto(address(plan, "provision_edit", provision_id=found.pk))
    update(found, actor=lead, version=found.version, values={"annual_cost": Decimal(948_000)})
    page.get_by_label("Annual cost").fill("961,500")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".conflict").wait_for()


def show(name: str, scrolled_to: str = "", **row: str) -> Show:
    """Open a page of the plan, with a heading of it on top."""

    def opened(page: Page, plan: Plan) -> None:
        page.goto(reverse(name, kwargs={"slug": plan.slug, **row}))
        if scrolled_to:
            page.get_by_role("heading", name=scrolled_to).evaluate("heading => heading.scrollIntoView()")

    return opened


def show_paper(page: Page, plan: Plan) -> None:
    """The roadmap as it is printed."""
    page.emulate_media(media="print")
    page.goto(address(plan, "roadmap"))


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "show", "scheme", "width"),
    [
        ("home", show_home, "light", 1280),
        ("grid", show_grid, "light", 1280),
        ("conflict", show_conflict, "dark", 1280),
        ("roadmap", show("roadmap"), "light", 1280),
        ("timeline", show("roadmap", "Planned and actual"), "light", 1280),
        ("phase", show("phase", phase_key="assess"), "light", 1280),
        ("step", show("step", step_key="assess.capabilities"), "dark", 1280),
        ("xray", show("xray"), "light", 1280),
        ("tasks-narrow", show("my_tasks"), "light", 390),
        ("roadmap-narrow", show("roadmap"), "dark", 390),
        ("roadmap-print", show_paper, "light", 900),
    ],
)
def test_a_picture_of_the_demo_is_small(
    name: str,
    show: Show,
    scheme: str,
    width: int,
    plan: Plan,
    folder: Path,
    new_page: NewPage,
    sign_in: SignIn,
) -> None:
    page, picture = new_page(width=width, height=HEIGHT, color_scheme=scheme), folder / f"{name}.png"
    sign_in(page, User.objects.get(email="office@example.gov"))

    show(page, plan)
    page.screenshot(path=picture)

    assert picture.stat().st_size < LARGEST
