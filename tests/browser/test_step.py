"""A step from one person to the next: the office plans it and ticks a criterion, its lead says what is missing."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from ssoplanner.steps.models import Comment
from ssoplanner.steps.progress import progress_of, tick
from ssoplanner.web.steps import step_url
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import NARROW, WIDE, Axe, faults_of
from tests.world import COMMAND, PlanRows, World

HEAT_MAP = "Complete shared services heat map assessment"


def walk_to_heat_map(page: Page) -> None:
    """From the home page, by the method beside it."""
    page.goto("/plans/here/")
    side = page.get_by_role("navigation", name="Plan")
    side.locator("summary").filter(has_text="Assess").click()
    side.get_by_role("link", name=HEAT_MAP).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(HEAT_MAP))


def plan_the_step(page: Page) -> None:
    page.get_by_role("link", name="Change owner, dates, status").click()
    page.get_by_label("Owner").select_option(label="lead of here")
    page.get_by_label("Status").select_option(label="On track")
    page.get_by_label("Planned start").fill("2026-09-01")
    page.get_by_label("Due").fill("2031-12-18")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(f"1.2 {HEAT_MAP} is saved.")


def test_the_office_plans_a_step_and_its_lead_answers(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    office, lead = new_page(), new_page()
    sign_in(office, plan_world.here.people["office"])
    sign_in(lead, plan_world.here.people["lead"])

    walk_to_heat_map(office)
    plan_the_step(office)
    office.get_by_label("Each judged criterion carries a reason.").check()
    office.get_by_role("button", name="Save the checklist").click()
    expect(office.get_by_role("status")).to_contain_text("1 of 3 criteria are met.")

    walk_to_heat_map(lead)
    facts = lead.get_by_role("region", name="Who, and by when")
    expect(facts).to_contain_text("lead of here")
    expect(facts).to_contain_text("Dec 18, 2031")
    expect(lead.locator("main .status")).to_have_text("On track")
    expect(lead.get_by_role("listitem").filter(has_text="Met: Each judged criterion")).to_be_visible()
    lead.get_by_role("textbox", name="Comment").fill("Two agencies are missing, see https://example.org/list.")
    lead.get_by_text("Mention people").click()
    lead.get_by_role("checkbox", name="office of here").check()
    lead.get_by_role("button", name="Add the comment").click()

    comments = office.get_by_role("region", name="Comments")
    expect(lead.get_by_role("status")).to_contain_text("Your comment is added.")
    office.reload()
    expect(comments.get_by_role("listitem").first).to_contain_text("@office of here")
    expect(comments.get_by_role("link", name="https://example.org/list", exact=True)).to_be_visible()
    assert said(plan_world.here) == {"office of here"}
    assert faults_of(office, axe, WIDE, NARROW) == []
    assert faults_of(lead, axe, WIDE, NARROW) == []


def said(rows: PlanRows) -> set[str]:
    """Whom the newest comment mentions."""
    newest = Comment.objects.for_plan(rows.plan).filter(step="assess.heat_map").latest("id")
    return {str(person) for person in newest.mentions.all()}


def test_a_refused_comment_keeps_what_was_chosen_and_reads_well(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page = new_page()
    sign_in(page, plan_world.here.people["lead"])
    page.goto(step_url(plan_world.here.plan, "assess.readiness"))
    page.get_by_text("Mention people").click()
    page.get_by_role("checkbox", name="board of here").check()
    page.get_by_role("button", name="Add the comment").click()

    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").press("Enter")
    expect(page.get_by_role("textbox", name="Comment")).to_be_focused()
    expect(page.get_by_role("checkbox", name="board of here")).to_be_checked()
    assert faults_of(page, axe, WIDE, NARROW) == []


def test_a_complete_step_of_a_viewer_reads_well(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    tick(plan_world.here.plan, "assess.readiness", actor=COMMAND, add=["answers"], remove=[])
    assert progress_of(plan_world.here.plan, "assess.readiness").met == ["answers"]
    page = new_page(width=390)
    sign_in(page, plan_world.here.people["viewer"])
    page.goto(step_url(plan_world.here.plan, "assess.readiness"))

    expect(page.get_by_role("listitem").filter(has_text="Met: Every agency")).to_be_visible()
    expect(page.get_by_role("button", name="Add the comment")).to_have_count(0)
    assert faults_of(page, axe, WIDE, NARROW) == []
