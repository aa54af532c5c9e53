"""The engine's clock, in one place so that tests can step it."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    return timezone.now()
