"""Choosing from the starter catalogue in a browser: an area by one tick, counted, by keyboard, without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from ssoplanner.starter.services import AREAS
from tests.browser.conftest import NewPage, SignIn
from tests.world import World

PAGE = "/plans/here/services/starter/"
PAYROLL = next(area for area in AREAS if area.code == "PAY")


def test_one_tick_takes_an_area_and_the_page_counts(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Callable[..., list[Any]]
) -> None:
    page = new_page(width=390)
    sign_in(page, plan_world.here.people["office"])
    page.goto(PAGE)
    said, whole = page.locator("[data-chosen]"), page.get_by_label("All 6 services of Payroll")
    expect(said).to_have_text("None chosen yet")

    whole.focus()
    page.keyboard.press("Space")
    expect(said).to_have_text("6 chosen")
    page.get_by_label("Time and attendance").uncheck()
    expect(said).to_have_text("5 chosen")
    assert whole.evaluate("box => box.indeterminate")
    assert axe(page) == []

    page.get_by_role("button", name="Add to the plan").click()
    expect(page.get_by_text("5 services added.")).to_be_visible()


@pytest.mark.parametrize("scripted", [True, False])
def test_a_ticked_area_counts_with_and_without_script(
    plan_world: World, new_page: NewPage, sign_in: SignIn, scripted: bool
) -> None:
    page = new_page(java_script_enabled=scripted)
    sign_in(page, plan_world.here.people["office"])
    page.goto(PAGE)
    page.get_by_label("All 6 services of Payroll").check()
    page.get_by_role("button", name="Add to the plan").click()
    expect(page.get_by_text(f"{len(PAYROLL.services)} services added.")).to_be_visible()
