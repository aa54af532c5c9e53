"""What happens around a sign-in that neither library does by itself. Connected when the application starts."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import authentication_step_completed, password_reset
from axes.utils import reset
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.http import HttpRequest

from ssoplanner.core.models import User


def connect() -> None:
    authentication_step_completed.connect(_new_session_key, dispatch_uid="ssoplanner.new_session_key")
    password_reset.connect(_forget_failures, dispatch_uid="ssoplanner.forget_failures")
    post_migrate.connect(_make_cache_table, dispatch_uid="ssoplanner.make_cache_table")


def _new_session_key(request: HttpRequest, reauthenticated: bool = False, **_signal: Any) -> None:
    """Whoever proves again who they are gets a new session key, as at signing in."""
    if reauthenticated:
        request.session.cycle_key()


def _forget_failures(user: User, **_signal: Any) -> None:
    """Whoever set a new password through their mail need not wait for a lock that the old one brought."""
    reset(username=user.email)


def _make_cache_table(using: str, **_signal: Any) -> None:
    """Does nothing where the cache is not in the database, or its table is there already."""
    call_command("createcachetable", database=using, verbosity=0)
