"""The second factor: turning it on and off, the code at sign-in, recovery codes, and that nothing goes around it."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache, caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import User
from tests.world import PASSWORD

EMAIL = "ann@example.gov"
ACTIVATE = "/accounts/2fa/totp/activate/"
DEACTIVATE = "/accounts/2fa/totp/deactivate/"
AUTHENTICATE = "/accounts/2fa/authenticate/"
CODES = "/accounts/2fa/recovery-codes/"
CONFIRM = "/accounts/reauthenticate/"
NOW = 1_800_000_000.0
PERIOD = 30

pytestmark = pytest.mark.django_db


class Clock:
    """The time that codes are made from. It stands still unless a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def code(self, secret: str) -> str:
        return format_hotp_value(hotp_value(secret, int(self.now) // PERIOD))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: standing.now)
    return standing


@pytest.fixture
def ann() -> User:
    return new_account(email=EMAIL, name="Ann", password=PASSWORD)


@pytest.fixture
def session(ann: User) -> Client:
    """Ann's browser, signed in."""
    client = Client()
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    return client


@pytest.fixture
def secret(session: Client, clock: Clock) -> str:
    """What Ann's authenticator app holds, once she turned it on; a period later, so that a new code is due."""
    secret = turn_on(session, clock)
    clock.now += PERIOD
    mail.outbox.clear()
    return secret


def turn_on(client: Client, clock: Clock) -> str:
    client.post(CONFIRM, {"password": PASSWORD})
    shared = str(client.get(ACTIVATE).context["form"].secret)
    client.post(ACTIVATE, {"code": clock.code(shared)})
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    return shared


def after_password() -> Client:
    """A browser that gave the right password and is asked for the code."""
    client = Client()
    response = client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert response["Location"] == AUTHENTICATE
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def enter(client: Client, code: str) -> bool:
    client.post(AUTHENTICATE, {"code": code})
    return is_in(client)


def recovery_codes(client: Client) -> list[str]:
    client.post(CONFIRM, {"password": PASSWORD})
    return list(client.get(CODES).context["unused_codes"])


# --- Turning it on and off ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [ACTIVATE, "/accounts/2fa/webauthn/add/"])
def test_adding_a_factor_asks_for_the_password_first(session: Client, path: str) -> None:
    for response in (session.get(path), session.post(path, {"code": "123456"})):
        assert response.status_code == 302
        assert response["Location"] == f"{CONFIRM}?next={path.replace('/', '%2F')}"
    assert not Authenticator.objects.exists()


def test_a_wrong_password_does_not_confirm(session: Client) -> None:
    response = session.post(CONFIRM, {"password": "wrong password"})

    assert response.context["form"].errors
    assert session.get(ACTIVATE).status_code == 302


def test_a_confirmation_lasts_five_minutes(session: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    session.post(CONFIRM, {"password": PASSWORD})
    assert session.get(ACTIVATE).status_code == 200
    soon = time.time() + 301

    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.time.time", lambda: soon)

    assert session.get(ACTIVATE).status_code == 302


def test_turning_it_on_needs_a_code_of_the_app(session: Client, clock: Clock) -> None:
    session.post(CONFIRM, {"password": PASSWORD})
    secret = session.get(ACTIVATE).context["form"].secret
    wrong = clock.code(secret).translate(str.maketrans("0123456789", "1234567890"))

    assert session.post(ACTIVATE, {"code": wrong}).context["form"].errors["code"]
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)  # the mail goes out once it is certain
def test_turning_it_on_gives_recovery_codes_and_is_told_by_mail(session: Client, clock: Clock) -> None:
    turn_on(session, clock)

    assert len(recovery_codes(session)) == 10
    assert [message.to for message in mail.outbox] == [[EMAIL]]
    assert "activated" in mail.outbox[0].body


def test_turning_it_off_needs_a_confirmation_and_is_told_by_mail(session: Client, secret: str, clock: Clock) -> None:
    stranger_at_the_keyboard = after_password()
    enter(stranger_at_the_keyboard, clock.code(secret))
    stranger_at_the_keyboard.post(DEACTIVATE)
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()

    session.post(CONFIRM, {"password": PASSWORD})
    session.post(DEACTIVATE)

    assert not Authenticator.objects.exists()
    assert "deactivated" in mail.outbox[-1].body


# --- The code at sign-in --------------------------------------------------------------------------------------------


def test_the_password_alone_no_longer_signs_in(secret: str) -> None:
    client = after_password()

    assert not is_in(client)
    assert client.get("/").status_code == 302


def test_the_code_of_the_app_signs_in(secret: str, clock: Clock) -> None:
    assert enter(after_password(), clock.code(secret))


def test_the_session_key_changes_with_the_code(secret: str, clock: Clock) -> None:
    client = after_password()
    before = client.session.session_key

    enter(client, clock.code(secret))

    assert client.session.session_key != before


def test_a_code_without_the_password_opens_nothing(secret: str, clock: Clock) -> None:
    assert not enter(Client(), clock.code(secret))


def test_a_used_code_does_not_sign_in_again(secret: str, clock: Clock) -> None:
    code = clock.code(secret)
    assert enter(after_password(), code)

    assert not enter(after_password(), code)
    assert not enter(after_password(), f" {code} ")


def test_an_old_code_does_not_sign_in(secret: str, clock: Clock) -> None:
    code = clock.code(secret)
    clock.now += PERIOD

    assert not enter(after_password(), code)


def test_wrong_codes_are_limited_and_then_even_the_right_one_waits(secret: str, clock: Clock) -> None:
    client = after_password()
    right = clock.code(secret)
    wrong = [f"{(int(right) + step) % 1_000_000:06}" for step in range(1, 6)]
    assert not any([enter(client, code) for code in wrong])

    response = client.post(AUTHENTICATE, {"code": right})

    assert "Too many failed login attempts" in response.content.decode()
    assert not enter(after_password(), right)
    cache.clear()  # what five minutes do
    assert enter(after_password(), right)


def test_a_new_password_does_not_go_around_the_code(secret: str, clock: Clock) -> None:
    Client().post("/accounts/password/reset/", {"email": EMAIL})
    link = re.search(r"(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    assert link is not None
    client = Client()
    form = client.get(link[1], follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "another good sentence", "password2": "another good sentence"})
    assert not is_in(client)

    response = client.post("/accounts/login/", {"login": EMAIL, "password": "another good sentence"})

    assert response["Location"] == AUTHENTICATE
    assert not is_in(client)
    assert enter(client, clock.code(secret))


# --- Recovery codes -------------------------------------------------------------------------------------------------


def test_recovery_codes_are_shown_only_after_a_confirmation(secret: str, clock: Clock) -> None:
    client = after_password()
    enter(client, clock.code(secret))

    assert client.get(CODES).status_code == 302
    assert client.get(f"{CODES}download/").status_code == 302
    assert recovery_codes(client)


def test_each_recovery_code_works_once(session: Client, secret: str) -> None:
    first, second, *_ = recovery_codes(session)

    assert enter(after_password(), first)
    assert not enter(after_password(), first)
    assert enter(after_password(), second)
    assert len(recovery_codes(session)) == 8


@pytest.mark.django_db(transaction=True)  # the mail goes out once it is certain
def test_new_recovery_codes_end_the_old_ones(session: Client, secret: str) -> None:
    old = recovery_codes(session)

    session.post(f"{CODES}generate/")

    assert not set(recovery_codes(session)) & set(old)
    assert not enter(after_password(), old[0])
    assert "recovery codes" in mail.outbox[-1].body.lower()


# --- Several web processes ------------------------------------------------------------------------------------------


def test_in_production_all_processes_know_a_used_code(settings: Any, secret: str, clock: Clock) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "ssoplanner_cache"}
    }
    assert "ssoplanner_cache" not in connection.introspection.table_names()
    call_command("migrate", verbosity=0)
    code = clock.code(secret)
    assert isinstance(caches["default"], BaseDatabaseCache)
    assert enter(after_password(), code)

    del caches["default"]  # as another process has it: nothing but the database is shared

    assert not enter(after_password(), code)
