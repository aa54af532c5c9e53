"""A gate from the opened vote to the decision: the board votes with nothing but the keyboard, the office closes."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ssoplanner.recompute.building import build_plan
from ssoplanner.steps.models import Decision, Vote
from ssoplanner.steps.voting import prepare
from tests.browser.conftest import NewPage, SignIn
from tests.browser.deciding import close_the_vote, look_at_the_count, open_the_vote, vote_no_go
from tests.browser.reading import NARROW, WIDE, Axe, faults_of
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


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
    open_the_vote(office)

    sign_in(board, people["board"])
    board.goto(gate)
    assert faults_of(board, axe, WIDE, NARROW) == []
    vote_no_go(board, "The grounds are not there yet.")
    assert [vote.option for vote in Vote.objects.for_plan(plan)] == ["No-go"]

    look_at_the_count(office)
    assert faults_of(office, axe, WIDE, NARROW) == []
    close_the_vote(office)
    assert faults_of(office, axe, WIDE, NARROW) == []
    assert Decision.objects.for_plan(plan).get(phase="assess").outcome == "No-go"
    board.goto(gate)
    expect(board.get_by_role("heading", name="What was decided")).to_be_visible()
    expect(board.get_by_text("The grounds are not there yet.")).to_be_visible()
