"""Signing in with a password: who gets in, who is slowed down, and what a stranger learns from the answers."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ssoplanner import settings as settings_file
from ssoplanner.access.adapter import axes_username
from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import User
from tests.world import BACKEND, PASSWORD

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
EMAIL = "ann@example.gov"
OTHER = "bob@example.gov"
HERE, THERE = "192.0.2.1", "192.0.2.2"
TRIES = 8
REFUSED = "The email address and/or password you specified are not correct."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ann() -> User:
    return new_account(email=EMAIL, name="Ann", password=PASSWORD)


@pytest.fixture
def bob() -> User:
    return new_account(email=OTHER, name="Bob", password=PASSWORD)


def sign_in(email: str = EMAIL, password: str = PASSWORD, *, address: str = HERE, client: Client | None = None) -> Any:
    """The answer to the sign-in form, sent from a network address."""
    return (client or Client()).post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)


def fail(times: int, email: str = EMAIL, address: str = HERE) -> Any:
    return [sign_in(email, f"wrong password {number}", address=address) for number in range(times)][-1]


def is_in(response: Any) -> bool:
    return response.status_code == 302 and response["Location"] == "/"


def plain(response: Any) -> str:
    """A page as text, without what differs each time it is drawn."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


def shift_failures(by: timedelta) -> None:
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=attempt.attempt_time - by)


# --- Getting in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [EMAIL, "ANN@EXAMPLE.GOV", "Ann@Example.gov", f"  {EMAIL} "])
def test_the_address_signs_in_in_any_letter_case(typed: str) -> None:
    assert is_in(sign_in(typed))


@pytest.mark.parametrize("wrong", [PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD} ", PASSWORD[:-1], "x"])
def test_the_password_counts_to_the_letter(wrong: str) -> None:
    assert not is_in(sign_in(password=wrong))


@pytest.mark.parametrize("password", [" leading and trailing ", "пароль на двенадцать знаков 日本", "long " * 50])
def test_any_password_works_as_it_was_chosen(ann: User, password: str) -> None:
    ann.set_password(password)
    ann.save()

    assert is_in(sign_in(password=password))


def test_passwords_are_kept_as_argon2_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = settings_file.PASSWORD_HASHERS
    assert identify_hasher(make_password(PASSWORD)).algorithm == "argon2"
    assert len(settings_file.PASSWORD_HASHERS) == 1


def test_there_is_no_account_before_somebody_is_invited(ann: User) -> None:
    assert [user.email for user in User.objects.all()] == [ann.email]


def test_a_closed_account_is_told_so_only_with_the_right_password(ann: User) -> None:
    ann.is_active = False
    ann.save()

    assert sign_in()["Location"] == "/accounts/inactive/"
    assert REFUSED in plain(sign_in(password="wrong password"))


def test_closing_an_account_ends_its_sessions(ann: User) -> None:
    client = Client()
    sign_in(client=client)
    assert client.get("/account/").status_code == 200

    ann.is_active = False
    ann.save()

    assert client.get("/account/").status_code == 302


# --- What a stranger learns -----------------------------------------------------------------------------------------


def test_unknown_account_and_wrong_password_read_the_same() -> None:
    wrong, unknown = fail(1), fail(1, "nobody@example.gov")

    assert wrong.status_code == unknown.status_code == 200
    assert REFUSED in plain(wrong)
    assert plain(wrong) == plain(unknown)


def test_being_locked_out_reads_the_same_with_and_without_an_account() -> None:
    known, unknown = fail(TRIES), fail(TRIES, "nobody@example.gov")

    assert known.status_code == unknown.status_code == 429
    assert "Too many tries" in plain(known)
    assert "account/locked.html" in [template.name for template in known.templates]
    assert plain(known) == plain(unknown)


def test_an_unknown_account_costs_as_many_hashes_as_a_known_one(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    plain_encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return plain_encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    fail(1)
    known, hashed[:] = len(hashed), []
    fail(1, "nobody@example.gov")

    assert known == len(hashed) == 1


# --- Guessing -------------------------------------------------------------------------------------------------------


def test_the_eighth_failure_locks_the_account_for_that_address() -> None:
    assert fail(TRIES - 1).status_code == 200
    assert fail(1).status_code == 429
    assert sign_in().status_code == 429


def test_a_lock_touches_neither_other_accounts_there_nor_the_account_elsewhere(bob: User) -> None:
    fail(TRIES)

    assert is_in(sign_in(bob.email, address=HERE))
    assert is_in(sign_in(address=THERE))
    assert sign_in(address=HERE).status_code == 429


def test_letter_case_browser_and_blanks_make_no_new_tries() -> None:
    fail(TRIES - 2)
    sign_in(" ANN@example.gov", "wrong password")

    client = Client(headers={"user-agent": "another browser"})
    assert sign_in(password="wrong password", client=client).status_code == 429


def test_a_lock_ends_after_a_quarter_of_an_hour() -> None:
    fail(TRIES)

    shift_failures(timedelta(minutes=14))
    assert sign_in().status_code == 429
    shift_failures(timedelta(minutes=1, seconds=1))
    assert is_in(sign_in())


def test_trying_during_a_lock_does_not_prolong_it() -> None:
    fail(TRIES)
    shift_failures(timedelta(minutes=14))

    fail(3)

    shift_failures(timedelta(minutes=1, seconds=1))
    assert is_in(sign_in())


def test_signing_in_forgets_the_failures_before() -> None:
    fail(TRIES - 1)
    assert is_in(sign_in())

    assert fail(TRIES - 1).status_code == 200
    assert is_in(sign_in())


def test_a_page_of_scripts_gets_the_same_lock_and_no_open_door() -> None:
    fail(TRIES)

    response = Client().post(
        LOGIN, {"login": EMAIL, "password": PASSWORD}, REMOTE_ADDR=HERE, headers={"X-Requested-With": "XMLHttpRequest"}
    )

    assert response.status_code == 429
    assert "Access-Control-Allow-Origin" not in response


def test_a_made_up_forwarded_address_does_not_evade_the_lock(settings: Any) -> None:
    settings.AXES_IPWARE_PROXY_COUNT = 0
    settings.AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
    answers = [
        Client().post(
            LOGIN,
            {"login": EMAIL, "password": "wrong password"},
            REMOTE_ADDR="10.0.0.1",
            headers={"X-Forwarded-For": f"198.51.100.{number}, {HERE}"},
        )
        for number in range(TRIES)
    ]

    assert answers[-1].status_code == 429


def test_failures_are_kept_without_the_password_that_was_tried() -> None:
    fail(1)

    attempt = AccessAttempt.objects.get()
    assert attempt.username == EMAIL
    assert "wrong password" not in f"{attempt.post_data}{attempt.get_data}"


def test_a_try_without_a_form_counts_for_nobody() -> None:
    assert axes_username(None) == ""
    assert axes_username(None, {"email": " ANN@example.gov "}) == EMAIL


# --- Sessions -------------------------------------------------------------------------------------------------------


def test_signing_in_changes_the_session_key() -> None:
    client = Client()
    client.session.save()
    planted = client.session
    planted["seen"] = "before"
    planted.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = str(planted.session_key)

    sign_in(client=client)

    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(pk=planted.session_key).exists()


def test_confirming_the_password_changes_the_session_key() -> None:
    client = Client()
    sign_in(client=client)
    before = client.session.session_key

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert client.session.session_key != before
    assert client.get("/account/").status_code == 200


def test_signing_out_ends_the_session_on_the_server() -> None:
    client = Client()
    sign_in(client=client)
    key = client.session.session_key

    client.post("/accounts/logout/")

    assert not Session.objects.filter(pk=key).exists()
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = str(key)
    assert thief.get("/account/").status_code == 302


def test_a_link_does_not_sign_anybody_out(ann: User) -> None:
    client = Client()
    client.force_login(ann, backend=BACKEND)

    client.get("/accounts/logout/")

    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("path", [LOGIN, "/accounts/logout/", RESET])
def test_forms_without_a_token_are_refused(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(path, {"login": EMAIL, "password": PASSWORD, "email": EMAIL}).status_code == 403
    assert mail.outbox == []


# --- Where people are sent ------------------------------------------------------------------------------------------


def test_people_come_back_to_the_page_that_asked_them_to_sign_in() -> None:
    asked = Client().get("/account/")
    assert asked["Location"] == f"{LOGIN}?next=/account/"

    response = Client().post(asked["Location"], {"login": EMAIL, "password": PASSWORD, "next": "/account/"})

    assert response["Location"] == "/account/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "http:evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:///evil.example",
        "javascript:alert(1)",
        "http://testserver@evil.example/",
        "http://sibling.example.gov/",
        "/%0d%0aLocation:https://evil.example",
    ],
)
def test_nobody_is_sent_on_to_another_host(settings: Any, elsewhere: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver", ".example.gov"]
    client = Client()

    into = client.post(LOGIN, {"login": EMAIL, "password": PASSWORD, "next": elsewhere})
    out = client.post("/accounts/logout/", {"next": elsewhere})

    for response in (into, out):
        assert response.status_code == 302
        assert re.match(r"/(?![/\\])", response["Location"])
        assert "\n" not in response["Location"]


def test_nobody_signs_up(client: Client) -> None:
    wanted = {"email": "new@example.gov", "password1": PASSWORD, "password2": PASSWORD}

    assert client.get("/accounts/signup/").status_code == 404
    assert client.post("/accounts/signup/", wanted).status_code == 404
    assert not User.objects.filter(email="new@example.gov").exists()


# --- A lost password ------------------------------------------------------------------------------------------------


def reset_link() -> str:
    """The link in the mail, as a path."""
    found = re.search(r"https?://\S+", mail.outbox[-1].body)
    assert found is not None
    assert found[0].startswith(django_settings.BASE_URL)
    return found[0].removeprefix(django_settings.BASE_URL)


def set_password(path: str, password: str, client: Client | None = None) -> Any:
    """Open the link in the mail, and send the form that it leads to."""
    client = client or Client()
    form = client.get(path, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})


def test_a_lost_password_reads_the_same_with_and_without_an_account() -> None:
    known = Client().post(RESET, {"email": EMAIL}, follow=True)
    unknown = Client().post(RESET, {"email": "nobody@example.gov"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert plain(known) == plain(unknown)
    assert [message.to for message in mail.outbox] == [[EMAIL]]


def test_a_mail_server_that_is_down_does_not_show_who_has_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(self: Any, messages: Any) -> int:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)

    known = Client().post(RESET, {"email": EMAIL}, follow=True)
    unknown = Client().post(RESET, {"email": "nobody@example.gov"}, follow=True)

    assert known.status_code == unknown.status_code == 200
    assert plain(known) == plain(unknown)


def test_the_link_in_the_mail_sets_a_new_password_once() -> None:
    Client().post(RESET, {"email": EMAIL.upper()})
    link = reset_link()

    assert set_password(link, "another good sentence").status_code == 302

    assert is_in(sign_in(password="another good sentence"))
    assert not is_in(sign_in())
    assert "no longer works" in plain(Client().get(link, follow=True))


def test_the_link_in_the_mail_does_not_follow_the_host_of_the_request(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    Client().post(RESET, {"email": EMAIL}, headers={"host": "evil.example"})

    message = mail.outbox[-1]
    assert "evil.example" not in f"{message.subject} {message.body}"
    assert set_password(reset_link(), "another good sentence").status_code == 302


def test_the_link_in_the_mail_keeps_its_token_out_of_the_next_address() -> None:
    Client().post(RESET, {"email": EMAIL})

    form = Client().get(reset_link(), follow=True)

    assert form.request["PATH_INFO"].endswith("-set-password/")


def test_an_older_link_ends_with_the_password_that_it_was_for() -> None:
    Client().post(RESET, {"email": EMAIL})
    first = reset_link()
    Client().post(RESET, {"email": EMAIL})
    set_password(reset_link(), "another good sentence")

    assert "no longer works" in plain(Client().get(first, follow=True))


def test_a_reset_signs_out_every_session_and_lifts_the_lock() -> None:
    elsewhere = Client()
    sign_in(client=elsewhere, address=THERE)
    fail(TRIES)
    Client().post(RESET, {"email": EMAIL})

    set_password(reset_link(), "another good sentence")

    assert elsewhere.get("/account/").status_code == 302
    assert is_in(sign_in(password="another good sentence"))


@pytest.mark.parametrize("weak", ["short", "password1234", "annexample.gov", EMAIL])
def test_a_reset_refuses_weak_passwords(weak: str) -> None:
    Client().post(RESET, {"email": EMAIL})

    response = set_password(reset_link(), weak)

    assert response.status_code == 200
    assert response.context["form"].errors["password1"]
    assert is_in(sign_in())


def test_five_mails_an_hour_go_to_one_address() -> None:
    answers = [Client().post(RESET, {"email": EMAIL}).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5
    cache.clear()
    assert Client().post(RESET, {"email": EMAIL}).status_code == 302


# --- A new password -------------------------------------------------------------------------------------------------


def change_password(client: Client, old: str, new: str, again: str | None = None) -> Any:
    typed = {"oldpassword": old, "password1": new, "password2": new if again is None else again}
    return client.post("/accounts/password/change/", typed)


@pytest.fixture
def session() -> Client:
    client = Client()
    sign_in(client=client)
    return client


def test_a_new_password_needs_the_old_one(session: Client) -> None:
    refused = change_password(session, "not the old one", "another good sentence")
    assert refused.context["form"].errors["oldpassword"]
    assert not is_in(sign_in(password="another good sentence"))

    assert change_password(session, PASSWORD, "another good sentence").status_code == 302
    assert is_in(sign_in(password="another good sentence"))


def test_a_new_password_signs_out_every_session_and_is_told_by_mail(session: Client) -> None:
    elsewhere = Client()
    sign_in(client=elsewhere)

    change_password(session, PASSWORD, "another good sentence")

    assert elsewhere.get("/account/").status_code == 302
    assert session.get("/account/").status_code == 302
    assert mail.outbox[-1].to == [EMAIL]
    assert "Your password has been changed." in mail.outbox[-1].body
    assert "127.0.0.1" in mail.outbox[-1].body


def test_a_new_password_stays_when_its_mail_cannot_go_out(session: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)

    assert change_password(session, PASSWORD, "another good sentence").status_code == 302
    assert is_in(sign_in(password="another good sentence"))


@pytest.mark.parametrize("weak", ["short", "password1234", "000000000000", "ann@example.gov"])
def test_a_new_password_is_not_weak(session: Client, weak: str) -> None:
    assert change_password(session, PASSWORD, weak).context["form"].errors["password1"]
    assert is_in(sign_in())


def test_guessing_the_old_password_is_slowed_down(session: Client) -> None:
    answers = [change_password(session, f"guess {number}", "another good sentence").status_code for number in range(6)]
    assert answers[-1] == 429


def test_guessing_at_the_confirmation_is_slowed_down(session: Client) -> None:
    answers = [
        session.post("/accounts/reauthenticate/", {"password": f"guess {number}"}).status_code
        for number in range(TRIES)
    ]
    assert answers[-1] == 429


def test_a_session_ends_twelve_hours_after_signing_in_however_busy_it_is(ann: User) -> None:
    client = Client()
    response = sign_in(client=client)
    cookie = response.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["expires"] == cookie["max-age"] == ""

    client.post("/account/", {"name": "Ann Other"})
    client.get("/account/")

    ends: datetime = Session.objects.get(pk=client.session.session_key).expire_date
    assert timedelta(hours=11, minutes=59) < ends - timezone.now() <= timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/account/").status_code == 302
