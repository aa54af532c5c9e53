"""Every page that a person can open, in a real browser: read by axe, light and dark, wide and narrow.

Pages come from the policy table (tests/browser/visits.py), so a new page is tested without a word here; what must hold
for each stands in tests/browser/reading.py. What the public sees, and the program office but no lead, is read light at
1280 px and dark at 390 px; the rest the office reads light and wide, a lead dark and narrow. The tests marked `full`
add the other views and the other roles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from typing import Literal

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from playwright.sync_api import Page, expect

from ssoplanner.access.policy import policy
from ssoplanner.core.models import Membership, Plan, Role, User
from ssoplanner.recompute.plans import new_plan
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import EVERY_VIEW, NARROW, WIDE, Axe, View, faults_of
from tests.browser.test_passkey import LAPTOP, confirm_password, plug_in, register
from tests.browser.visits import NOT_PAGES, OFFICE_OWNS, ROLES, SECOND_FACTOR, Visit, only, visits, visits_of_plan
from tests.world import COMMAND, PlanRows, World, make

MAIN_PAGES = (
    "plans",
    "plan",
    "step",
    "agencies",
    "agency",
    "provision_edit",
    "services",
    "systems",
    "kpis",
    "people",
    "history",
)
BOTH = (WIDE, NARROW)
PARTS = 3  # so many that each part stays well under the time that a test may take
# Who has a password does not set one, and who has an authenticator app turns on no second one.
SENDS_ON = {"account_set_password"}
SENDS_ON_PROTECTED = {*SENDS_ON, "mfa_activate_totp"}


def open_all(
    page: Page, axe: Axe, found: Iterable[Visit], views: tuple[View, ...] = BOTH, wide: Set[str] = frozenset()
) -> tuple[set[str], list[str]]:
    """Open each page: the names of those that sent the browser elsewhere, and all that is wrong with any of them.

    The pages whose names are in `wide` are looked at light and wide only.
    """
    sent_on, faults, seen = set(), [], set()
    for visit in found:
        response = page.goto(visit.address)
        if response is None or response.status != visit.status:
            faults.append(f"{visit.name}: {response and response.status} from {visit.address}")
        if not visit.is_reached(page.url):
            sent_on.add(visit.name)
        if page.url not in seen:
            faults += faults_of(page, axe, *((WIDE,) if visit.name in wide else views))
        seen.add(page.url)
    return sent_on, faults


def settle_in(page: Page, user: User, sign_in: SignIn) -> None:
    """Sign in and give the password once more, so that the pages that protect the account open too."""
    sign_in(page, user)
    page.goto("/accounts/2fa/totp/activate/")
    confirm_password(page)


def protect(page: Page, user: User, sign_in: SignIn) -> int:
    """Sign in and turn on every second factor; the key of the passkey's row."""
    sign_in(page, user)
    plug_in(page, LAPTOP)
    register(page, "Laptop", alone=True)
    TOTP.activate(user, generate_totp_secret())
    return int(Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN).pk)


def office_of_empty_plan(user: User) -> Plan:
    plan = new_plan(name="Plan empty", actor=COMMAND, slug="empty")
    make(Membership, plan, user=user, role=Role.OFFICE, agencies=[])
    return plan


def link_to_new_password(page: Page, user: User) -> str:
    """What the mail holds after "Forgot your password?"."""
    page.goto("/accounts/password/reset/")
    page.get_by_label("E-mail address").fill(user.email)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your mail")
    [link] = re.findall(r"https?://\S+/reset/key/\S+", str(mail.outbox[-1].body))
    return str(link)


def test_public_pages_read_well(plan_world: World, new_page: NewPage, axe: Axe) -> None:
    page = new_page()
    wanted = [
        *visits("anonymous", plan_world.here),
        Visit("new password", link_to_new_password(page, plan_world.here.people["lead"])),
        Visit("not found", "/nowhere/", 404),
    ]

    sent_on, faults = open_all(page, axe, wanted)

    assert sent_on == {"account_logout", "mfa_authenticate", "new password"}  # the last goes on without its secret
    assert faults == []


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_the_program_office_reads_well(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe, part: int
) -> None:
    page, office = new_page(), plan_world.here.people["office"]
    every = visits("office", plan_world.here, pk=protect(page, office, sign_in))
    wanted, leads = every[part::PARTS], {visit.name for visit in visits("lead", plan_world.here)}

    sent_on, faults = open_all(page, axe, wanted, wide=leads)

    assert len(every) > 45
    assert sent_on == SENDS_ON_PROTECTED & {visit.name for visit in wanted}
    assert faults == []


def test_every_page_of_an_agency_lead_reads_well(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page, here = new_page(), plan_world.here
    settle_in(page, here.people["lead"], sign_in)
    [elsewhere] = only(["agency"], visits("lead", here, agency_id=here.other.pk))
    wanted = [*visits("lead", here), Visit("not open", elsewhere.address, 403)]

    sent_on, faults = open_all(page, axe, wanted, (NARROW,))  # wide and light they are the program office's

    assert sent_on == SENDS_ON
    assert faults == []


@pytest.mark.parametrize("views", [(NARROW,), pytest.param(EVERY_VIEW, marks=pytest.mark.full)], ids=["quick", "full"])
def test_an_empty_plan_reads_well(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe, views: tuple[View, ...]
) -> None:
    page, office = new_page(), plan_world.here.people["office"]
    sign_in(page, office)
    wanted = visits_of_plan(office_of_empty_plan(office).slug)

    sent_on, faults = open_all(page, axe, wanted, views)

    assert sent_on == {"question_new", "questions_publish"}  # nothing is being prepared
    assert faults == []


def test_whatever_is_not_visited_is_a_url_of_ours() -> None:
    assert {*NOT_PAGES, *SECOND_FACTOR, *OFFICE_OWNS, *MAIN_PAGES} <= set(policy())


def refuse_forms(page: Page, slug: str) -> Iterator[str]:
    """Send each form for a new row without a word in it; its address."""
    for visit in visits_of_plan(slug):
        if visit.name.endswith("_new") or visit.name == "invite":
            page.goto(visit.address)
            page.locator("main form button[type=submit]").click()
            yield visit.address


def test_a_refused_form_reads_well_and_its_summary_leads_to_the_field(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page, faults, refused = new_page(), [], []
    sign_in(page, plan_world.here.people["office"])
    for address in refuse_forms(page, plan_world.here.plan.slug):
        refused.append(address)
        expect(page.locator("#error-summary")).to_be_focused()
        faults += faults_of(page, axe, NARROW)
        page.locator("#error-summary a").first.press("Enter")
        expect(page.locator("main .field-invalid :focus")).to_have_count(1)

    assert len(refused) > 5
    assert faults == []


def open_main_pages(page: Page, rows: PlanRows) -> Iterator[str]:
    """Open the main pages one by one; the name of the one that is open."""
    for visit in only(MAIN_PAGES, visits("office", rows)):
        page.goto(visit.address)
        yield visit.name


@pytest.mark.parametrize(
    ("medium", "width"),
    [
        ("screen", 320),  # 1280 px at 400 %, as WCAG 1.4.10 has it
        ("print", 672),  # A4 within its margins
    ],
)
def test_main_pages_fit_a_small_screen_and_a_sheet_of_paper(
    plan_world: World, new_page: NewPage, sign_in: SignIn, medium: Literal["screen", "print"], width: int
) -> None:
    page = new_page(width=width, height=256)
    page.emulate_media(media=medium)
    sign_in(page, plan_world.here.people["office"])

    sideways = {
        name: page.evaluate("document.documentElement.scrollWidth - innerWidth")
        for name in open_main_pages(page, plan_world.here)
    }

    assert sideways == dict.fromkeys(MAIN_PAGES, 0)


def test_the_skip_link_leads_to_the_content_by_keyboard(plan_world: World, new_page: NewPage, sign_in: SignIn) -> None:
    page = new_page()
    sign_in(page, plan_world.here.people["office"])
    for _ in open_main_pages(page, plan_world.here):
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.timeout(900)  # sixty pages from four views
@pytest.mark.full
@pytest.mark.parametrize("actor", ROLES)
def test_every_page_of_every_role_reads_well_from_every_view(
    actor: str, plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page, user = new_page(), plan_world.here.people[actor]
    if actor == "office":
        wanted = visits(actor, plan_world.here, pk=protect(page, user, sign_in))
    else:
        settle_in(page, user, sign_in)
        wanted = visits(actor, plan_world.here)

    sent_on, faults = open_all(page, axe, wanted, EVERY_VIEW)

    assert sent_on == (SENDS_ON_PROTECTED if actor == "office" else SENDS_ON)
    assert faults == []
