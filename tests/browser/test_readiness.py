"""A whole questionnaire, answered with nothing but the keyboard; it counts on pages that others have open, and in the
decision that the board takes on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from assess.models import Answer, Campaign, Questionnaire
from assess.starter_criteria import take_starter_criteria
from assess.starter_questions import give_questions
from ssoplanner.core.models import Agency, Membership, Provision, Role, Service, ServiceArea
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.plans import new_plan
from ssoplanner.steps.voting import prepare
from tests.browser.conftest import NewPage, SignIn
from tests.browser.deciding import close_the_vote, look_at_the_count, open_the_vote, vote_no_go
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])

QUESTIONS = 40
MOST_STEPS = 6 * QUESTIONS
FOCUSED = """() => {
    const here = document.activeElement
    const question = here.closest("fieldset.question")
    return {
        kind: here.type || "", text: here.textContent.trim(), question: question ? question.id : "",
        open: question !== null && question.querySelector("input:checked") === null,
    }
}"""


def questionnaire(world: World) -> Questionnaire:
    """In a plan of its own, the lead of an agency is asked every question there is."""
    plan, people = new_plan(name="Fresh", actor=COMMAND), world.here.people
    agency = make(Agency, plan, code="A", name="Agency")
    make(Membership, plan, user=people["lead"], role=Role.LEAD, agencies=[agency])
    make(Membership, plan, user=people["board"], role=Role.BOARD)
    make(Membership, plan, user=people["office"], role=Role.OFFICE)
    when = {"title": "Everything", "opens": "2026-02-02", "closes": "2099-01-05"}
    asked = {"question_set": give_questions(plan, COMMAND), "agencies": [agency]}
    campaign = make(Campaign, plan, **when, **asked)
    sheet: Questionnaire = make(Questionnaire, plan, campaign=campaign, agency=agency, respondent=people["lead"])
    return sheet


def answer_by_keyboard(page: Page, levels: str) -> int:
    """Go from field to field by Tab; give each open question the next of these levels by arrows. How many it gave."""
    given = 0
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here: dict[str, Any] = page.evaluate(FOCUSED)
        if here["kind"] == "submit" and "Submit all answers" in here["text"]:
            return given
        if here["kind"] == "radio" and here["open"]:
            page.keyboard.press("Space")
            for _ in range(int(levels[given % len(levels)]) - 1):
                page.keyboard.press("ArrowDown")
            given += 1
    raise AssertionError("The keyboard never came to the button that submits.")


def provide(sheet: Questionnaire) -> None:
    """The agency provides one service, and the plan compares services by the starter criteria."""
    area = make(ServiceArea, sheet.plan, code="IT", name="IT")
    service = make(Service, sheet.plan, area=area, code="IT-1", name="Service desk", volume_unit="ticket")
    figures = {"fiscal_year": sheet.plan.base_year, "annual_cost": 1000, "volume": 10}
    make(Provision, sheet.plan, agency=sheet.agency, service=service, **figures)
    take_starter_criteria(sheet.plan, COMMAND)


def readiness_of_the_service(page: Page) -> Locator:
    """The heat map's cell of its only service by the readiness of the agencies that provide it."""
    table = page.get_by_role("region", name="Services by criteria").get_by_role("table")
    heads = table.locator("thead th").all_inner_texts()
    [column] = [place for place, head in enumerate(heads) if "readiness" in head.lower()]
    return table.locator("tbody tr").first.locator("th, td").nth(column)


def test_a_lead_answers_all_by_keyboard_the_board_sees_the_heat_map_change_and_decides(
    plan_world: World, new_page: NewPage, sign_in: SignIn
) -> None:
    sheet, people, page = questionnaire(plan_world), plan_world.here.people, new_page()
    provide(sheet)
    build_plan(sheet.plan.pk)
    board = new_page()
    sign_in(board, people["board"])
    board.goto(reverse("heat_map", kwargs={"slug": sheet.plan.slug}))
    expect(readiness_of_the_service(board)).to_contain_text("–")
    sign_in(page, people["lead"])
    page.goto(reverse("readiness_answer", kwargs={"slug": sheet.plan.slug, "sheet_id": sheet.pk}))

    assert answer_by_keyboard(page, "124") == QUESTIONS
    expect(page.get_by_text(f"{QUESTIONS} of {QUESTIONS} answered")).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Submit all answers")).to_have_count(0)
    sheet.refresh_from_db()
    given = list(Answer.objects.for_plan(sheet.plan).filter(questionnaire=sheet).values_list("level", flat=True))
    assert sheet.submitted_at is not None
    assert sorted(given) == sorted([1, 2, 4] * 13 + [1])
    build_plan(sheet.plan.pk)
    # The board's page was not touched: it asks by itself, and shows 2.3 on the scale of readiness.
    expect(readiness_of_the_service(board)).to_contain_text("2.3", timeout=20_000)
    board.goto(reverse("readiness_agency", kwargs={"slug": sheet.plan.slug, "agency_id": sheet.agency_id}))
    expect(board.get_by_role("main")).to_contain_text("2.3")

    prepare(sheet.plan, "assess", actor=COMMAND, values={"question": "Do we go on?", "body": None})
    office, gate = new_page(), reverse("gate", kwargs={"slug": sheet.plan.slug, "phase_key": "assess"})
    sign_in(office, people["office"])
    office.goto(gate)
    open_the_vote(office)
    board.goto(gate)
    expect(board.get_by_role("main")).to_contain_text("2.28")  # readiness, which the vote rests on
    vote_no_go(board, "One agency is not enough.")
    look_at_the_count(office)
    close_the_vote(office)
    board.goto(gate)
    expect(board.get_by_role("heading", name="What was decided")).to_be_visible()
    expect(board.get_by_text("One agency is not enough.")).to_be_visible()
