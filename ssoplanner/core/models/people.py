"""Accounts. What a person may do in a plan stands in their memberships."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from ssoplanner.core.models.rows import PlanRow


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An account that signs in with `email`; without a password it is set through an invitation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The address is the name they sign in with; it is kept in lower case."""

    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField("name", max_length=120, blank=True)
    is_active = models.BooleanField("may sign in", default=True)
    reminders = models.BooleanField("write to me about what is due", default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["email"], name="user_email_unique"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower"),
        )

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    OFFICE = "office", "Program office"
    LEAD = "lead", "Agency lead"
    BOARD = "board", "Board member"
    ANALYST = "analyst", "Analyst"
    VIEWER = "viewer", "Viewer"


class Membership(PlanRow):
    """One role of one person in one plan. A lead's membership names the agencies they lead."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name="person")
    role = models.CharField("role", max_length=10, choices=Role.choices)
    agencies = models.ManyToManyField(
        "core.Agency", blank=True, related_name="memberships", verbose_name="agencies they lead"
    )

    class Meta:
        ordering = ("user__name", "user__email", "role")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "user", "role"],
                name="membership_unique",
                violation_error_message="This person has this role in the plan already.",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display().lower()}"
