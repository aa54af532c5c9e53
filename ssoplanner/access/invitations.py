"""Invite a person, send the mail, take the acceptance."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ssoplanner.access.models import Invitation, new_nonce, two_weeks_from_now
from ssoplanner.core.models import Agency, Membership, Plan, Role, Source, User
from ssoplanner.recompute import bell
from ssoplanner.recompute.writer import Actor, Conflict, create, update

log = logging.getLogger(__name__)
signer = signing.Signer(salt="ssoplanner.invitation")
CHANGED_MEANWHILE = "This invitation was accepted, replaced or withdrawn a moment ago. Sign in, or use the newest mail."


class CannotAccept(Exception):
    """The link does not open anything any more; `str()` says why and what to do."""


def invite(*, plan: Plan, actor: Actor, email: str, name: str, role: Role, agencies: Iterable[Agency]) -> Invitation:
    """Ask a person into the plan. A worker sends the mail; see `deliver`."""
    values = {"email": email.strip().lower(), "name": name, "role": role, "agencies": list(agencies)}
    invitation = create(Invitation, plan=plan, actor=actor, values=values)
    transaction.on_commit(ring, robust=True)
    return invitation


def send_again(invitation: Invitation, *, actor: Actor) -> Invitation:
    """A new link for two more weeks; the old one stops working."""
    values = {"nonce": new_nonce(), "expires_at": two_weeks_from_now(), "sent_at": None}
    invitation = update(invitation, actor=actor, version=invitation.version, values=values)
    transaction.on_commit(ring, robust=True)
    return invitation


def ring() -> None:
    bell.ring("ssoplanner.access.tasks.deliver_invitations")


def link(invitation: Invitation) -> str:
    """The address that the mail holds."""
    token = signer.sign(f"{invitation.pk}.{invitation.nonce}")
    return settings.BASE_URL + reverse("invitation", kwargs={"token": token})


def deliver() -> int:
    """Send every invitation that waits; returns how many went out. Safe to run twice: the row's version decides.

    One that cannot be sent stays waiting and holds up no other.
    """
    waiting = Invitation.objects.unscoped("the worker sends the mail of every plan").filter(
        sent_at__isnull=True, accepted_at__isnull=True, expires_at__gt=timezone.now()
    )
    return sum(_send(invitation) for invitation in waiting.select_related("plan"))


def _send(invitation: Invitation) -> bool:
    context = {"invitation": invitation, "plan": invitation.plan, "link": link(invitation)}
    try:
        send_mail(
            subject=" ".join(f"You are invited to {invitation.plan}".split()),  # a header is one line
            message=render_to_string("access/invitation_mail.txt", context),
            from_email=None,
            recipient_list=[invitation.email],
        )
    except (SMTPException, OSError, ValueError):  # ValueError: an address that no mail server can be told
        log.exception("invitation %s could not be sent; it is tried again", invitation.pk)
        return False
    _note_sent(invitation)
    return True


def _note_sent(invitation: Invitation) -> None:
    """Unless another worker did, or the link that went out was replaced or withdrawn while it did."""
    worker, values = Actor(user=None, source=Source.WORKER), {"sent_at": timezone.now()}
    try:
        with transaction.atomic():
            if _link_still_holds(invitation):
                update(invitation, actor=worker, version=invitation.version, values=values)
    except Conflict:
        log.info("another worker sent invitation %s too", invitation.pk)


def _link_still_holds(invitation: Invitation) -> bool:
    """Whether it is there with the same nonce, and stays so to the end of the transaction."""
    rows = Invitation.objects.unscoped("the row itself says which plan").select_for_update()
    return rows.filter(pk=invitation.pk, nonce=invitation.nonce).first() is not None


def open_invitation(token: str) -> Invitation:
    """The invitation behind a link. Raises `CannotAccept`."""
    try:
        key, nonce = signer.unsign(token).split(".", 1)
    except (signing.BadSignature, ValueError):
        raise CannotAccept("This link is damaged. Copy it whole from the mail, or ask for a new one.") from None
    found = Invitation.objects.unscoped("the signed link says which").filter(pk=key).select_related("plan").first()
    if found is None or found.nonce != nonce:
        raise CannotAccept("This invitation was withdrawn or replaced. Use the newest mail, or ask for a new one.")
    if found.state == "accepted":
        raise CannotAccept("This invitation was accepted already. Sign in with your account.")
    if found.state == "expired":
        raise CannotAccept("This invitation has expired. Ask the program office to send it again.")
    return found


def accept(invitation: Invitation, *, user: User) -> Membership:
    """Make `user` a member. Accepting twice at once gives one membership: the second gets `CannotAccept`."""
    actor = Actor(user=user, source=Source.BROWSER)
    with transaction.atomic():
        if not _link_still_holds(invitation):
            raise CannotAccept(CHANGED_MEANWHILE)
        agencies = list(invitation.agencies.all())
        # The membership names the agencies from here on; named here too, they could never be removed.
        done = {"accepted_at": timezone.now(), "agencies": []}
        try:
            update(invitation, actor=actor, version=invitation.version, values=done)
        except Conflict:
            raise CannotAccept(CHANGED_MEANWHILE) from None
        held = Membership.objects.filter(plan=invitation.plan, user=user, role=invitation.role).first()
        if held is not None:
            both = {*held.agencies.all(), *agencies}
            return update(held, actor=actor, version=held.version, values={"agencies": list(both)})
        values = {"user": user, "role": invitation.role, "agencies": agencies}
        return create(Membership, plan=invitation.plan, actor=actor, values=values)


def new_account(*, email: str, name: str, password: str | None) -> User:
    """An account whose address is proved: by an invitation that reached it, or by an administrator's word."""
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user
