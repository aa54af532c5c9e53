"""A gate from the opened vote to the decision: the board votes with nothing but the keyboard, the office closes."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from ssoplanner.recompute.building import build_plan
from ssoplanner.steps.models import Decision, Vote
from ssoplanner.steps.voting import prepare
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import NARROW, WIDE, Axe, faults_of
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
MOST_STEPS = 120


def tab_to(page: Page, name: str) -> None:
    """Go on by Tab to the control with this name."""
    said = """() => {
        const here = document.activeElement
        return (here.labels && here.labels.length ? here.labels[0].textContent : here.textContent).trim()
    }"""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(said).startswith(name):
            return
    raise AssertionError(f"The keyboard never came to {name}.")


def test_the_board_votes_by_keyboard_and_the_decision_is_taken_and_shown(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    plan, people = plan_world.here.plan, plan_world.here.people
    build_plan(plan.pk)
    prepare(plan, "assess", actor=COMMAND, values={"question": "Do we go on?", "body": None})
    gate = reverse("gate", kwargs={"slug": plan.slug, "phase_key": "assess"})
    office, board = new_page(), new_page()
    sign_in(office, people["office"])
    office.goto(gate)
    assert faults_of(office, axe, WIDE, NARROW) == []
    office.get_by_role("button", name="Open the vote").click()
    expect(office.get_by_text("0 of 1 have voted")).to_be_visible()

    sign_in(board, people["board"])
    board.goto(gate)
    assert faults_of(board, axe, WIDE, NARROW) == []
    tab_to(board, "Go")
    board.keyboard.press("ArrowDown")
    board.keyboard.press("ArrowDown")  # go, with conditions, no-go
    tab_to(board, "Reason")
    board.keyboard.type("The grounds are not there yet.")
    tab_to(board, "Cast my vote")
    board.keyboard.press("Enter")
    expect(board.get_by_text("Your vote is counted: No-go.")).to_be_visible()
    assert [vote.option for vote in Vote.objects.for_plan(plan)] == ["No-go"]

    office.get_by_role("link", name="Close the vote").click()
    expect(office.get_by_text("The board decides:")).to_be_visible()
    assert faults_of(office, axe, WIDE, NARROW) == []
    office.get_by_role("button", name="Close the vote and take the decision").click()
    expect(office.get_by_text("Decided: No-go.")).to_be_visible()
    assert faults_of(office, axe, WIDE, NARROW) == []
    assert Decision.objects.for_plan(plan).get(phase="assess").outcome == "No-go"
    board.goto(gate)
    expect(board.get_by_role("heading", name="What was decided")).to_be_visible()
    expect(board.get_by_text("The grounds are not there yet.")).to_be_visible()
