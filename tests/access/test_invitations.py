"""How people come into a plan: inviting, the mail, the link, accepting; and the first plan of an installation."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core import mail, signing
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from ssoplanner.access import tasks
from ssoplanner.access.invitations import (
    CHANGED_MEANWHILE,
    CannotAccept,
    accept,
    deliver,
    invite,
    link,
    new_account,
    open_invitation,
    send_again,
)
from ssoplanner.access.models import Invitation
from ssoplanner.core.models import Membership, Plan, Role, User
from ssoplanner.recompute import timers
from ssoplanner.recompute.writer import delete, update
from tests.world import ACTORS, BACKEND, COMMAND, World, make_plan

NEW = "new@here.example.gov"
GOOD = "a good long sentence"
SEND = "django.core.mail.backends.locmem.EmailBackend.send_messages"
INVITE = "/plans/here/people/invite/"

Sender = Callable[[Any, list[Any]], int]


def path(invitation: Invitation) -> str:
    return link(invitation).removeprefix(django_settings.BASE_URL)


def again(invitation: Invitation) -> Invitation:
    """The invitation as it is stored now."""
    return Invitation.objects.unscoped("test").get(pk=invitation.pk)


def waiting(world: World) -> Invitation:
    """The invitation of a new analyst that every plan of the world holds."""
    assert world.here.invitation is not None
    return world.here.invitation


def ask(world: World, email: str, role: Role = Role.ANALYST, *, plan: Plan | None = None, **values: Any) -> Invitation:
    wanted = {"name": "Somebody", "agencies": [], **values}
    return invite(plan=plan or world.here.plan, actor=COMMAND, email=email, role=role, **wanted)


def expire(invitation: Invitation) -> None:
    past = {"expires_at": timezone.now() - timedelta(seconds=1)}
    update(invitation, actor=COMMAND, version=again(invitation).version, values=past)


def text(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def typed(**values: str) -> dict[str, str]:
    return {"name": "Nora New", "password": GOOD, "password_again": GOOD, **values}


def roles(user: User) -> list[tuple[str, str]]:
    held = Membership.objects.unscoped("test").filter(user=user)
    return [(membership.plan.slug, membership.role) for membership in held]


# --- Inviting -------------------------------------------------------------------------------------------------------


def test_the_program_office_invites(world: World) -> None:
    who = {"name": "Lou Lead", "email": " Lou@Here.Example.GOV ", "role": "lead", "agencies": [world.here.own.pk]}

    response = world.client("office").post(INVITE, who)

    assert response["Location"] == "/plans/here/people/"
    made = Invitation.objects.for_plan(world.here.plan).get(email="lou@here.example.gov")
    assert (made.name, made.role, list(made.agencies.all())) == ("Lou Lead", Role.LEAD, [world.here.own])
    assert made.state == "waiting to be sent"


@pytest.mark.parametrize("actor", [actor for actor in ACTORS if actor != "office"])
def test_nobody_else_invites(world: World, actor: str) -> None:
    client, before = world.client(actor), Invitation.objects.unscoped("test").count()

    for address in (INVITE, f"/plans/here/people/invitations/{waiting(world).pk}/resend/"):
        assert client.post(address, {"name": "X", "email": "x@example.gov", "role": "office"}).status_code != 200

    assert Invitation.objects.unscoped("test").count() == before
    assert again(waiting(world)).nonce == waiting(world).nonce


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"role": "lead"}, "agencies"),
        ({"role": "viewer", "agencies": "own"}, "agencies"),
        ({"role": "lead", "agencies": "foreign"}, "agencies"),
        ({"role": "king"}, "role"),
        ({"email": "not an address"}, "email"),
        ({"email": NEW, "role": "analyst"}, None),
        ({"email": "board@here.example.gov", "role": "board"}, "email"),
    ],
)
def test_an_odd_invitation_is_refused_and_keeps_what_was_typed(world: World, values: Any, field: str | None) -> None:
    agencies = {"own": [world.here.own.pk], "foreign": [world.there.own.pk]}.get(values.get("agencies"), [])
    sent = {"name": "Typed name", "email": "x@example.gov", "role": "viewer", **values, "agencies": agencies}
    before = Invitation.objects.unscoped("test").count()

    response = world.client("office").post(INVITE, sent)

    assert response.status_code == 422
    assert field is None or field in response.context["form"].errors
    assert "Typed name" in response.content.decode()
    assert Invitation.objects.unscoped("test").count() == before


# --- The mail -------------------------------------------------------------------------------------------------------


def test_the_mail_holds_a_link_that_opens_the_invitation(world: World) -> None:
    assert deliver() == 2

    message = next(message for message in mail.outbox if message.to == [NEW])
    assert message.subject == "You are invited to Plan here"
    address = re.search(r"https?://\S+", message.body)
    assert address is not None
    assert address[0].startswith(f"{django_settings.BASE_URL}/invitations/")
    page = Client().get(address[0].removeprefix(django_settings.BASE_URL))
    assert page.status_code == 200
    assert "Invitation to Plan here" in text(page)


def test_a_mail_goes_out_once(world: World) -> None:
    assert deliver() == 2
    sent = again(waiting(world)).sent_at

    assert deliver() == 0
    assert sent is not None
    assert again(waiting(world)).sent_at == sent
    assert len(mail.outbox) == 2


def test_a_mail_server_that_is_down_keeps_the_invitation_waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(self: Any, messages: Any) -> int:
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr(SEND, down)
        assert deliver() == 0
    assert again(waiting(world)).state == "waiting to be sent"

    assert deliver() == 2
    assert again(waiting(world)).state == "sent"


def test_an_address_that_is_refused_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world, "late@here.example.gov")

    def picky(self: Any, messages: list[Any]) -> int:
        if messages[0].to == [NEW]:
            raise SMTPRecipientsRefused({NEW: (550, b"no such person")})
        mail.outbox.extend(messages)
        return len(messages)

    monkeypatch.setattr(SEND, picky)

    assert deliver() == 2
    assert again(waiting(world)).state == "waiting to be sent"
    assert ["late@here.example.gov"] in [message.to for message in mail.outbox]


def test_a_name_with_a_line_break_makes_no_second_header(world: World) -> None:
    Plan.objects.filter(pk=world.here.plan.pk).update(name="Plan\r\nBcc: evil@example.com")

    assert deliver() == 2

    message = next(message for message in mail.outbox if message.to == [NEW])
    assert message.subject == "You are invited to Plan Bcc: evil@example.com"
    assert message.recipients() == [NEW]


def test_expired_and_accepted_invitations_are_not_sent(world: World) -> None:
    expire(waiting(world))
    assert world.there.invitation is not None
    accept(world.there.invitation, user=world.stranger)

    assert deliver() == 0


def send_while(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Any]) -> None:
    """Let something happen while the first mail is on its way."""
    left = [happens]

    def send(self: Any, messages: list[Any]) -> int:
        mail.outbox.extend(messages)
        if left:
            left.pop()()
        return len(messages)

    monkeypatch.setattr(SEND, send)


def test_an_invitation_sent_again_meanwhile_waits_with_its_new_link(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.there.invitation is not None
    expire(world.there.invitation)
    send_while(monkeypatch, lambda: send_again(waiting(world), actor=COMMAND))

    deliver()
    assert again(waiting(world)).state == "waiting to be sent"
    deliver()

    assert again(waiting(world)).state == "sent"
    assert link(again(waiting(world))) in mail.outbox[-1].body


def test_an_invitation_withdrawn_meanwhile_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.there.invitation is not None
    expire(world.there.invitation)
    ask(world, "late@here.example.gov")
    send_while(monkeypatch, lambda: delete(again(waiting(world)), actor=COMMAND, version=again(waiting(world)).version))

    deliver()

    assert "late@here.example.gov" in [message.to[0] for message in mail.outbox]
    assert [row.state for row in Invitation.objects.for_plan(world.here.plan)] == ["sent"]


def test_another_worker_at_the_same_mail_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    send_while(monkeypatch, deliver)

    deliver()

    states = [row.state for row in Invitation.objects.unscoped("test")]
    assert states == ["sent", "sent"]
    assert 2 <= len(mail.outbox) <= 4


def together(*work: Callable[[], Any]) -> list[Any]:
    """The outcomes of calls that start at the same moment, each in a thread with a connection of its own."""
    start, outcomes = threading.Barrier(len(work)), [None] * len(work)

    def one(place: int, call: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            outcomes[place] = call()
        except Exception as error:
            outcomes[place] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_at_most_one_mail_too_many() -> None:
    rows = make_plan("here")
    assert rows.invitation is not None

    counts = together(deliver, deliver)

    assert sum(counts) == len(mail.outbox)
    assert 1 <= len(mail.outbox) <= 2
    assert again(rows.invitation).state == "sent"
    assert deliver() == 0


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The thread that each worker has, with a short interval."""
    monkeypatch.setattr(tasks.timer, "seconds", 0.05)
    monkeypatch.setattr(timers, "close_old_connections", connections.close_all)
    tasks.timer.start()
    yield
    tasks.timer.stop()
    assert tasks.timer.thread is not None
    tasks.timer.thread.join(10)


def soon(happens: Callable[[], bool]) -> bool:
    """Whether it happens within ten seconds."""
    until = time.monotonic() + 10
    while not happens() and time.monotonic() < until:
        time.sleep(0.02)
    return happens()


@pytest.mark.django_db(transaction=True)
def test_the_timer_sends_what_waits_without_any_message(timer: None) -> None:
    rows = make_plan("here")
    invitation = rows.invitation
    assert invitation is not None

    assert soon(lambda: again(invitation).state == "sent")
    assert [message.to for message in mail.outbox] == [[NEW]]


@pytest.mark.django_db(transaction=True)
def test_the_timer_survives_a_round_that_fails(monkeypatch: pytest.MonkeyPatch, timer: None) -> None:
    failures: list[int] = []
    whole = deliver

    def failing_first() -> int:
        if len(failures) < 2:
            failures.append(1)
            raise RuntimeError("the database went away")
        return whole()

    monkeypatch.setattr("ssoplanner.access.invitations.deliver", failing_first)
    invitation = make_plan("here").invitation
    assert invitation is not None

    assert soon(lambda: again(invitation).state == "sent")
    assert len(failures) == 2


# --- Accepting with a new account -----------------------------------------------------------------------------------


def test_a_new_person_gets_an_account_the_role_and_a_session(world: World, client: Client) -> None:
    page = client.get(path(waiting(world)))
    assert page.context["form"].initial["name"] == waiting(world).name

    response = client.post(path(waiting(world)), typed())

    assert response["Location"] == "/plans/here/"
    user = User.objects.get(email=NEW)
    assert (user.name, roles(user)) == ("Nora New", [("here", "analyst")])
    assert user.check_password(GOOD)
    assert EmailAddress.objects.get(user=user).verified
    assert "Welcome to Plan here." in text(client.get("/plans/here/"))
    assert Client().post("/accounts/login/", {"login": NEW, "password": GOOD})["Location"] == "/"


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"password": "short", "password_again": "short"}, "password", "12 characters"),
        ({"password": "password1234", "password_again": "password1234"}, "password", "too common"),
        ({"password": NEW, "password_again": NEW}, "password", "similar"),
        (
            {"password": "nora new nora", "password_again": "nora new nora", "name": "nora new nora"},
            "password",
            "similar",
        ),
        ({"password_again": "a different sentence"}, "password_again", "differ"),
        ({"password": "", "password_again": ""}, "password", "required"),
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 121}, "name", "120"),
    ],
)
def test_a_wrong_form_says_so_and_keeps_the_name(
    world: World, client: Client, wrong: dict[str, str], field: str, says: str
) -> None:
    sent = typed(**wrong)

    response = client.post(path(waiting(world)), sent)

    assert response.status_code == 422
    assert says in " ".join(response.context["form"].errors[field])
    page = response.content.decode()
    assert f'value="{sent["name"]}"' in page or not sent["name"]
    assert not sent["password"] or f'value="{sent["password"]}"' not in page.replace(f'value="{sent["name"]}"', "")
    assert not User.objects.filter(email=NEW).exists()
    assert again(waiting(world)).state == "waiting to be sent"


@pytest.mark.parametrize("password", ["x" * 63 + "y", "zwölf Zeichen 日本語", "aaaa bbbb cccc"])
def test_any_kind_of_long_password_is_fine(world: World, client: Client, password: str) -> None:
    response = client.post(path(waiting(world)), typed(password=password, password_again=password))

    assert response.status_code == 302
    assert User.objects.get(email=NEW).check_password(password)


def test_a_lead_gets_exactly_the_agencies_of_the_invitation(world: World, client: Client) -> None:
    invitation = ask(world, "lou@here.example.gov", Role.LEAD, agencies=[world.here.own])

    client.post(path(invitation), typed())

    membership = Membership.objects.for_plan(world.here.plan).get(user__email="lou@here.example.gov")
    assert list(membership.agencies.all()) == [world.here.own]
    assert client.get(f"/plans/here/agencies/{world.here.own.pk}/").status_code == 200
    assert client.get(f"/plans/here/agencies/{world.here.other.pk}/").status_code == 403
    assert client.get("/plans/there/").status_code == 404


# --- Accepting with an account --------------------------------------------------------------------------------------


def test_who_has_an_account_accepts_with_one_button(world: World) -> None:
    invitation, client = ask(world, "stranger@example.org", Role.BOARD), world.client("stranger")
    page = client.get(path(invitation))
    assert page.context["can_accept"]
    assert page.context["form"] is None

    response = client.post(path(invitation))

    assert response["Location"] == "/plans/here/"
    assert roles(world.stranger) == [("here", "board")]


def test_looking_at_the_link_accepts_nothing(world: World) -> None:
    invitation = ask(world, "stranger@example.org", Role.BOARD)

    world.client("stranger").get(path(invitation))

    assert roles(world.stranger) == []


def test_who_has_an_account_and_is_signed_out_is_told_to_sign_in(world: World, client: Client) -> None:
    invitation = ask(world, "stranger@example.org", Role.BOARD)

    for response in (client.get(path(invitation)), client.post(path(invitation), typed())):
        assert response.status_code == 200
        assert "Sign in, and this page lets you accept." in text(response)
        assert f"/accounts/login/?next={quote(path(invitation))}" in response.content.decode()
    assert roles(world.stranger) == []
    assert world.stranger.check_password("correct horse battery")


@pytest.mark.parametrize("email", ["lead@here.example.gov", "nobody@example.gov"])
def test_somebody_else_is_told_who_it_is_for_and_cannot_accept(world: World, email: str) -> None:
    invitation, client = ask(world, email, Role.BOARD), world.client("stranger")

    for response in (client.get(path(invitation)), client.post(path(invitation), typed())):
        assert f"You are signed in as stranger@example.org, and the invitation is for {email}." in text(response)

    assert again(invitation).accepted_at is None
    assert roles(world.stranger) == []
    assert not User.objects.filter(email="nobody@example.gov").exists()
    assert client.session["_auth_user_id"] == str(world.stranger.pk)


def test_a_second_invitation_as_lead_adds_its_agencies(world: World) -> None:
    lead = world.here.people["lead"]
    invitation = ask(world, lead.email, Role.LEAD, agencies=[world.here.other])

    world.client("lead").post(path(invitation))

    membership = Membership.objects.for_plan(world.here.plan).get(user=lead)
    assert set(membership.agencies.all()) == {world.here.own, world.here.other}


# --- Links that do not open -----------------------------------------------------------------------------------------


def damage(address: str) -> str:
    return address[:-3] + ("AA/" if not address.endswith("AA/") else "BB/")


def test_a_damaged_link_says_so(world: World, client: Client) -> None:
    whole = path(waiting(world))
    number, rest = whole.removeprefix("/invitations/").split(".", 1)
    for address in (damage(whole), "/invitations/x/", f"/invitations/{int(number) + 1}.{rest}", f"{whole[:30]}/"):
        refused(client, address, "This link is damaged. Copy it whole from the mail, or ask for a new one.")


def refused(client: Client, address: str, sentence: str) -> None:
    accounts, memberships = User.objects.count(), Membership.objects.unscoped("test").count()
    for response in (client.get(address), client.post(address, typed())):
        assert response.status_code == 410
        assert sentence in text(response)
    assert (User.objects.count(), Membership.objects.unscoped("test").count()) == (accounts, memberships)


def test_an_expired_link_says_so(world: World, client: Client) -> None:
    expire(waiting(world))
    refused(client, path(waiting(world)), "This invitation has expired. Ask the program office to send it again.")


def test_a_link_lasts_two_weeks(world: World) -> None:
    left = waiting(world).expires_at - timezone.now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)


def test_a_withdrawn_link_says_so(world: World, client: Client) -> None:
    address = f"/plans/here/people/invitations/{waiting(world).pk}/withdraw/"
    office, link_of_it = world.client("office"), path(waiting(world))

    assert office.post(address, {"version": waiting(world).version}).status_code == 302

    refused(client, link_of_it, "This invitation was withdrawn or replaced.")


def test_sending_again_ends_the_old_link_and_starts_two_new_weeks(world: World, client: Client) -> None:
    old = path(waiting(world))
    deliver()
    expire(waiting(world))

    world.client("office").post(f"/plans/here/people/invitations/{waiting(world).pk}/resend/")

    refused(client, old, "This invitation was withdrawn or replaced.")
    fresh = again(waiting(world))
    assert fresh.state == "waiting to be sent"
    assert client.get(path(fresh)).status_code == 200


def test_a_used_link_says_so(world: World, client: Client) -> None:
    Client().post(path(waiting(world)), typed())
    refused(client, path(waiting(world)), "This invitation was accepted already. Sign in with your account.")


# --- At once --------------------------------------------------------------------------------------------------------


def test_an_invitation_that_changes_while_it_is_accepted_gives_neither_account_nor_role(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for change in (
        lambda: send_again(again(waiting(world)), actor=COMMAND),
        lambda: delete(again(waiting(world)), actor=COMMAND, version=again(waiting(world)).version),
    ):
        opened, address = again(waiting(world)), path(again(waiting(world)))
        change()
        monkeypatch.setattr("ssoplanner.web.views.account.open_invitation", lambda token, opened=opened: opened)

        response = client.post(address, typed())

        assert response.status_code == 410
        assert CHANGED_MEANWHILE in text(response)
        assert not User.objects.filter(email=NEW).exists()
        assert "_auth_user_id" not in client.session


def test_accepting_again_with_an_old_copy_is_refused(world: World) -> None:
    invitation = ask(world, "stranger@example.org", Role.BOARD)
    accept(invitation, user=world.stranger)

    with pytest.raises(CannotAccept, match="a moment ago"):
        accept(invitation, user=world.stranger)

    assert roles(world.stranger) == [("here", "board")]


@pytest.mark.django_db(transaction=True)
def test_accepting_twice_at_once_gives_one_membership() -> None:
    rows = make_plan("here")
    user = new_account(email="two@example.org", name="Two Tabs", password=GOOD)
    wanted = {"email": user.email, "name": user.name, "role": Role.BOARD, "agencies": []}
    address = path(invite(plan=rows.plan, actor=COMMAND, **wanted))
    tabs = [Client(), Client()]
    for tab in tabs:
        tab.force_login(user, backend=BACKEND)

    answers = together(*(lambda tab=tab: tab.post(address).status_code for tab in tabs))  # type: ignore[misc]

    assert sorted(answers) == [302, 410]
    assert roles(user) == [("here", "board")]


@pytest.mark.django_db(transaction=True)
def test_making_an_account_twice_at_once_gives_one_account() -> None:
    rows = make_plan("here")
    assert rows.invitation is not None
    address = path(rows.invitation)

    answers = together(*[lambda: Client().post(address, typed()).status_code] * 2)

    # The second finds the account made already (200, told to sign in), the invitation used, or both just now (410).
    assert sorted(answers)[-1] in (302, 410)
    assert answers.count(302) == 1
    assert roles(User.objects.get(email=NEW)) == [("here", "analyst")]


# --- The first plan -------------------------------------------------------------------------------------------------


def test_the_command_makes_a_plan_and_prints_a_link_that_works(db: None, client: Client) -> None:
    output = StringIO()

    call_command("create_plan", "City of Rivers", "--office", "Office@Rivers.example.gov", stdout=output)

    address = output.getvalue().strip().splitlines()[-1]
    assert address.startswith(f"{django_settings.BASE_URL}/invitations/")
    response = client.post(address.removeprefix(django_settings.BASE_URL), typed())
    plan = Plan.objects.get(name="City of Rivers")
    assert response["Location"] == f"/plans/{plan.slug}/"
    assert roles(User.objects.get(email="office@rivers.example.gov")) == [(plan.slug, "office")]
    assert client.get(f"/plans/{plan.slug}/settings/").status_code == 200


def test_the_command_says_what_is_wrong_and_makes_nothing(db: None) -> None:
    with pytest.raises(CommandError, match="valid email"):
        call_command("create_plan", "City of Rivers", "--office", "not an address", stdout=StringIO())

    assert not Plan.objects.exists()


def test_only_our_own_signature_opens_an_invitation(world: World) -> None:
    value = f"{waiting(world).pk}.{waiting(world).nonce}"
    assert open_invitation(signing.Signer(salt="ssoplanner.invitation").sign(value)) == waiting(world)

    for stranger in (
        signing.Signer(key="x" * 60, salt="ssoplanner.invitation"),
        signing.Signer(salt="something else that we sign"),
    ):
        with pytest.raises(CannotAccept, match="damaged"):
            open_invitation(stranger.sign(value))
