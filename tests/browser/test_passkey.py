"""Passkeys as a person uses them, with the virtual authenticator that Chromium has for tests.

Each page also fails its test for a violation of the Content Security Policy; see tests/browser/conftest.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from ssoplanner.core.models import User
from tests.browser.conftest import NewPage, SignIn
from tests.world import PASSWORD, World

LAPTOP = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SECURITY_KEY = {**LAPTOP, "transport": "usb"}


@pytest.fixture
def user(plan_world: World) -> User:
    return plan_world.here.people["lead"]


def plug_in(page: Page, authenticator: dict[str, Any]) -> tuple[Any, str]:
    """Give the page's browser an authenticator; returns the session of the developer tools and its id."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    answer = tools.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})
    return tools, answer["authenticatorId"]


def register(page: Page, name: str, *, alone: bool) -> None:
    """Add a key in the account pages; `alone` makes it a passkey, which needs no password beside it."""
    page.goto("/account/")
    page.get_by_role("link", name="Your passkeys").click()
    page.get_by_role("link", name="Add one").click()
    confirm_password(page)
    page.get_by_label("Name, so that you know which one it is").fill(name)
    page.get_by_label("Sign in with it alone, without the password (a passkey)").set_checked(alone)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()


def confirm_password(page: Page) -> None:
    expect(page.get_by_role("heading", level=1, name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page) -> None:
    page.locator("summary", has_text="lead of here").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()


def test_a_passkey_signs_in_without_the_password(
    user: User, server: str, new_page: NewPage, sign_in_by_form: SignIn
) -> None:
    page = new_page()
    plug_in(page, LAPTOP)
    sign_in_by_form(page, user)
    register(page, "My laptop", alone=True)
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(f"{server}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plans")
    expect(page.get_by_role("link", name="Plan here")).to_be_visible()
    passkey = Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN)
    assert passkey.wrap().name == "My laptop"
    assert passkey.wrap().is_passwordless is True
    assert passkey.last_used_at is not None


def test_a_security_key_is_asked_for_after_the_password(
    user: User, server: str, new_page: NewPage, sign_in_by_form: SignIn
) -> None:
    page = new_page()
    plug_in(page, SECURITY_KEY)
    sign_in_by_form(page, user)
    register(page, "My key", alone=False)
    sign_out(page)

    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Second step")).to_be_visible()
    page.goto("/plans/here/")
    expect(page.get_by_role("heading", level=1, name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey or security key").click()

    page.wait_for_url(f"{server}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plans")


def test_a_passkey_that_the_device_lacks_is_said_on_the_page(
    user: User, new_page: NewPage, sign_in_by_form: SignIn
) -> None:
    page = new_page()
    tools, laptop = plug_in(page, LAPTOP)
    sign_in_by_form(page, user)
    register(page, "My laptop", alone=True)
    sign_out(page)
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": laptop, "isUserVerified": False})

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()


def test_a_removed_passkey_signs_nobody_in(user: User, new_page: NewPage, sign_in_by_form: SignIn) -> None:
    page = new_page()
    plug_in(page, LAPTOP)
    sign_in_by_form(page, user)
    register(page, "My laptop", alone=True)
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("None yet.")).to_be_visible()
    assert not Authenticator.objects.filter(user=user).exists()
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("the key is none of yours")).to_be_visible()
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
