"""What the product is for, told in the browser: figures are filled in, seen by others, fought over, and people join."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from ssoplanner.access.invitations import deliver
from ssoplanner.core.models import Membership, Role
from tests.access.urls import address
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import NARROW, WIDE, Axe, faults_of
from tests.world import PlanRows, World


@pytest.fixture
def here(plan_world: World) -> PlanRows:
    return plan_world.here


def walk_to_service_desk(page: Page) -> None:
    """From the list of plans to the figures of a provision, by what a person can see and click."""
    page.get_by_role("link", name="Plan here").first.click()
    page.get_by_role("navigation", name="Plan").get_by_role("link", name="Agencies").click()
    page.get_by_role("link", name="Agency own here").click()
    page.get_by_role("region", name="Table of services provided").get_by_role("link", name="Service desk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Service desk, 2026")


def row_of_service_desk(page: Page) -> str:
    table = page.get_by_role("region", name="Table of services provided")
    return table.get_by_role("row").filter(has_text="Service desk").inner_text()


def save(page: Page, **figures: str) -> None:
    for label, value in figures.items():
        page.get_by_label(label.replace("_", " ")).fill(value)
    page.get_by_role("button", name="Save", exact=True).click()


def annual_cost(here: PlanRows) -> Decimal:
    here.provision.refresh_from_db()
    assert here.provision.annual_cost is not None
    return here.provision.annual_cost


def test_a_lead_changes_a_figure_and_an_analyst_sees_it(
    here: PlanRows, new_page: NewPage, sign_in: SignIn, sign_in_by_form: SignIn
) -> None:
    lead, analyst = new_page(), new_page()
    sign_in_by_form(lead, here.people["lead"])
    walk_to_service_desk(lead)

    save(lead, Annual_cost="2,345,600")

    expect(lead.get_by_role("status")).to_contain_text("Service desk, Agency own here, 2026 is saved.")
    sign_in(analyst, here.people["analyst"])
    analyst.goto(address("agency", here))
    assert "$2,345,600" in row_of_service_desk(analyst)
    analyst.get_by_role("link", name="History").click()
    latest = analyst.get_by_role("main").get_by_role("listitem").filter(has_text="lead of here changed").first
    expect(latest).to_contain_text("provision Service desk, Agency own here, 2026")
    expect(latest).to_contain_text(re.compile(r"Annual cost:\s+from \$1,000\s+→\s*to\s+\$2,345,600"))


def meet_in_one_field(here: PlanRows, office: Page, lead: Page, sign_in: SignIn) -> None:
    """Both open the figures; the office saves 2,000 while the lead types 3,000 and presses Enter."""
    for page, name in ((office, "office"), (lead, "lead")):
        sign_in(page, here.people[name])
        page.goto(address("provision_edit", here))
    save(office, Annual_cost="2,000")
    expect(office.get_by_role("status")).to_contain_text("is saved")
    lead.get_by_label("Annual cost").fill("3,000")
    lead.get_by_label("Annual cost").press("Enter")
    expect(lead.locator("#error-summary")).to_be_focused()


@pytest.mark.parametrize(
    ("tabs", "button", "stands"), [(1, "Keep mine, $3,000", 3000), (2, "Take theirs, $2,000", 2000)]
)
def test_two_people_in_one_field_settle_it_by_keyboard(
    here: PlanRows, new_page: NewPage, sign_in: SignIn, axe: Axe, tabs: int, button: str, stands: int
) -> None:
    office, lead = new_page(), new_page()
    meet_in_one_field(here, office, lead, sign_in)
    panel = lead.locator(".conflict")
    expect(panel).to_contain_text(re.compile(r"office of here changed this from “\$1,000” to\s+“\$2,000”"))
    expect(panel).to_contain_text("You typed “$3,000”.")
    assert faults_of(lead, axe, WIDE, NARROW) == []

    for key in ("Tab", "Enter", *["Tab"] * tabs):  # the summary's link leads to the field, the buttons follow it
        lead.keyboard.press(key)
    expect(lead.get_by_role("button", name=button)).to_be_focused()
    lead.keyboard.press("Enter")

    expect(lead.get_by_role("status")).to_contain_text("is saved")
    assert annual_cost(here) == stands


def test_enter_in_a_field_with_a_conflict_keeps_asking(here: PlanRows, new_page: NewPage, sign_in: SignIn) -> None:
    office, lead = new_page(), new_page()
    meet_in_one_field(here, office, lead, sign_in)

    lead.get_by_label("FTE").press("Enter")

    expect(lead.get_by_role("button", name="Keep mine, $3,000")).to_be_visible()
    expect(lead.get_by_role("textbox", name="Annual cost")).to_have_value("3,000")
    assert annual_cost(here) == 2000


def invite(page: Page, here: PlanRows, sign_in: SignIn) -> str:
    """Nell is asked to join as a lead; the address in the mail that a worker sends her."""
    sign_in(page, here.people["office"])
    page.goto(address("people", here))
    page.get_by_role("link", name="Invite a person").click()
    page.get_by_label("Name (required)").fill("Nell New")
    page.get_by_label("E-mail address").fill("nell@example.gov")
    page.get_by_role("radio", name="Agency lead").check()
    page.get_by_label("Agency own here").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("region", name="Table of invitations")).to_contain_text("Nell New")
    deliver()
    [message] = [sent for sent in mail.outbox if sent.to == ["nell@example.gov"]]
    [link] = re.findall(r"http\S+", str(message.body))
    return str(link)


def test_an_invited_person_makes_an_account_and_sees_the_plan(
    here: PlanRows, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    office, nell = new_page(), new_page()
    nell.goto(invite(office, here, sign_in))
    expect(nell.get_by_role("heading", level=1)).to_have_text("Invitation to Plan here")

    nell.get_by_label("Password", exact=True).fill("a garden full of pumpkins")
    nell.get_by_label("Password again").fill("a garden full of pumpkins")
    nell.get_by_role("button", name="Make the account and accept").click()

    expect(nell.get_by_role("status").first).to_contain_text("Welcome to Plan here.")
    expect(nell.get_by_role("heading", level=1)).to_have_text("Plan here")
    nell.goto(address("agency", here))
    expect(nell.get_by_role("link", name="Change facts")).to_be_visible()
    office.reload()
    expect(office.get_by_role("region", name="Table of members")).to_contain_text("Nell New")
    membership = Membership.objects.for_plan(here.plan).get(user__email="nell@example.gov")
    assert (membership.role, list(membership.agencies.all())) == (Role.LEAD, [here.own])


def test_a_lead_at_another_agency_reads_why_it_stays_shut(here: PlanRows, new_page: NewPage, sign_in: SignIn) -> None:
    page = new_page()
    sign_in(page, here.people["lead"])

    response = page.goto(address("agency", here, agency_id=here.other.pk))

    assert response is not None and response.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not open to you")
    expect(page.get_by_role("main")).to_contain_text("The figures of Agency other here are for its own lead")
    page.get_by_role("link", name="To the plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan here")


def test_the_same_edit_works_without_javascript(here: PlanRows, new_page: NewPage, sign_in_by_form: SignIn) -> None:
    page = new_page(java_script_enabled=False)
    sign_in_by_form(page, here.people["lead"])
    walk_to_service_desk(page)

    save(page, Annual_cost="2,345,600", FTE="a few")
    expect(page.locator(".field-invalid")).to_contain_text("Give a number")
    expect(page.get_by_label("Annual cost")).to_have_value("2,345,600")
    save(page, FTE="12.5")

    expect(page.get_by_role("main")).to_contain_text("Service desk, Agency own here, 2026 is saved.")
    row = row_of_service_desk(page)
    assert "$2,345,600" in row and "12.5" in row


def test_a_viewer_reads_the_settings_in_words(here: PlanRows, new_page: NewPage, sign_in: SignIn) -> None:
    page = new_page()
    sign_in(page, here.people["viewer"])

    page.goto(address("plan_settings", here))

    settings = page.get_by_role("main").inner_text()
    assert re.search(r"Country\s+United States", settings)
    assert re.search(r"First month of the fiscal year\s+July", settings)
    assert "None" not in settings and "en_US" not in settings
