"""Invitations: how an account and its first role come about."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ssoplanner.core.models import Agency, PlanRow, Role

VALID_FOR = timedelta(days=14)


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


def two_weeks_from_now() -> datetime:
    return timezone.now() + VALID_FOR


class Invitation(PlanRow):
    """A person is asked into a plan in one role. The mail's link is `nonce`, signed; a new nonce ends the old link."""

    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField("name", max_length=120)
    role = models.CharField("role", max_length=10, choices=Role.choices)
    agencies = models.ManyToManyField(
        Agency, blank=True, related_name="invitations", verbose_name="agencies they will lead"
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    expires_at = models.DateTimeField(default=two_weeks_from_now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "email", "role"],
                condition=Q(accepted_at__isnull=True),
                name="invitation_open_unique",
                violation_error_message="This person is invited in this role already. Send that invitation again.",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.name} as {self.get_role_display().lower()}"

    @property
    def state(self) -> str:
        """One of: accepted, expired, sent, waiting to be sent."""
        if self.accepted_at:
            return "accepted"
        if self.expires_at <= timezone.now():
            return "expired"
        return "sent" if self.sent_at else "waiting to be sent"
