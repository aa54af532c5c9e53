"""Mentioning somebody while one writes, by the keyboard alone, by the mouse, and without a script; finishing a task."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ssoplanner.core.models import User
from ssoplanner.steps.models import Comment
from ssoplanner.web.steps import step_url
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import NARROW, WIDE, Axe, faults_of
from tests.world import World

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def page(plan_world: World, new_page: NewPage, sign_in: SignIn) -> Page:
    """A step as the lead has it. One person is called as no page may take for markup."""
    User.objects.filter(pk=plan_world.here.people["analyst"].pk).update(name="Zoë Ångström")
    User.objects.filter(pk=plan_world.here.people["other_lead"].pk).update(name=MARKUP)
    page = new_page()
    sign_in(page, plan_world.here.people["lead"])
    page.goto(step_url(plan_world.here.plan, "design.scope"))
    return page


def mentioned(world: World) -> set[str]:
    newest = Comment.objects.for_plan(world.here.plan).latest("id")
    return {str(person) for person in newest.mentions.all()}


def test_a_name_is_chosen_by_keyboard_alone_and_its_box_is_ticked(page: Page, plan_world: World, axe: Axe) -> None:
    text, offered = page.get_by_role("textbox", name="Comment"), page.get_by_role("listbox", name="People to mention")
    text.focus()
    page.keyboard.type("Dear @")
    expect(offered.get_by_role("option")).to_have_count(5)
    assert faults_of(page, axe, WIDE, NARROW) == []
    page.keyboard.type("zoe a")  # without its accents
    expect(offered.get_by_role("option")).to_have_text([re.compile("Zoë Ångström")])
    expect(page.locator("[aria-live]").filter(has_text="1 person.")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(offered).to_be_hidden()
    expect(text).to_have_value("Dear @Zoë Ångström ")
    page.keyboard.type("and @")
    page.keyboard.press("ArrowDown")
    chosen = offered.locator("[aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert text.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.type("board")
    page.keyboard.press("Tab")
    expect(text).to_be_focused()
    expect(text).to_have_value("Dear @Zoë Ångström and @board of here ")
    for _ in range(2):  # the summary above the boxes, then the button
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your comment is added.")).to_be_visible()
    assert mentioned(plan_world) == {"Zoë Ångström", "board of here"}
    expect(page.locator(".step-comments .mention")).to_have_text(["@Zoë Ångström", "@board of here"])


def test_escape_closes_the_list_and_nobody_is_mentioned(page: Page, plan_world: World) -> None:
    text, offered = page.get_by_role("textbox", name="Comment"), page.get_by_role("listbox")
    text.focus()
    page.keyboard.type("At @bo")
    expect(offered).to_be_visible()
    page.keyboard.press("Escape")
    expect(offered).to_be_hidden()
    expect(text).to_be_focused()
    page.keyboard.type("a")
    expect(offered).to_be_hidden()  # it stays closed for this @
    page.keyboard.type(" (@")
    expect(offered).to_be_visible()
    page.keyboard.type("nobody")
    expect(offered).to_be_hidden()
    page.get_by_role("button", name="Add the comment").click()
    expect(page.get_by_text("so nobody was told")).to_be_visible()
    assert mentioned(plan_world) == set()


def test_who_is_taken_out_of_the_text_is_not_mentioned(page: Page, plan_world: World) -> None:
    text = page.get_by_role("textbox", name="Comment")
    text.focus()
    page.keyboard.type("@boa")
    page.get_by_role("option", name="board of here").click()
    expect(text).to_be_focused()
    page.get_by_text("Mention people").click()
    box = page.get_by_role("checkbox", name="board of here")
    expect(box).to_be_checked()
    text.fill("Never mind.")
    expect(box).not_to_be_checked()
    page.get_by_role("checkbox", name="office of here").check()  # ticked by hand, it stays whatever is written
    text.fill("Never mind!")
    page.get_by_role("button", name="Add the comment").click()
    expect(page.get_by_text("Your comment is added.")).to_be_visible()
    assert mentioned(plan_world) == {"office of here"}


def test_markup_in_a_name_stays_text_in_the_list(page: Page) -> None:
    text = page.get_by_role("textbox", name="Comment")
    text.focus()
    page.keyboard.type("@<im")
    option = page.get_by_role("option")
    expect(option).to_contain_text(MARKUP)
    expect(page.locator("main img")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(text).to_have_value(f"@{MARKUP} ")


def test_without_a_script_people_are_ticked(plan_world: World, new_page: NewPage, sign_in: SignIn) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, plan_world.here.people["lead"])
    page.goto(step_url(plan_world.here.plan, "design.scope"))
    page.get_by_role("textbox", name="Comment").fill("See this, @analyst of here")
    page.get_by_text("Mention people").click()
    page.get_by_role("checkbox", name="board of here").check()
    page.get_by_role("button", name="Add the comment").click()
    expect(page.get_by_text("Your comment is added.")).to_be_visible()
    assert mentioned(plan_world) == {"analyst of here", "board of here"}


def test_my_tasks_from_the_bar_to_done(plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe) -> None:
    page = new_page()
    sign_in(page, plan_world.here.people["lead"])
    page.goto("/plans/here/")
    for key in "gm":
        page.keyboard.press(key)
    page.wait_for_url("**/plans/here/tasks/")
    link = page.get_by_role("link", name="My tasks, 1 mention to answer")
    expect(link).to_have_attribute("aria-current", "page")
    page.get_by_label("Add a task for yourself").fill("Call the library")
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Call the library is saved.")
    assert faults_of(page, axe, WIDE, NARROW) == []
    expect(link).to_be_visible()  # on the narrow screen too
    page.get_by_role("button", name="Done: Call the library").click()
    expect(page.get_by_role("region", name="Done lately 1")).to_contain_text("Call the library")
    page.get_by_role("button", name="Done with it: Answer board of here").click()
    expect(page.get_by_role("link", name="My tasks", exact=True)).to_be_visible()


def test_everybodys_tasks_read_well(plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe) -> None:
    page = new_page()
    sign_in(page, plan_world.here.people["office"])
    page.goto("/plans/here/tasks/?who=all")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Everybody’s tasks"))
    assert faults_of(page, axe, WIDE, NARROW) == []
