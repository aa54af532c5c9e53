"""What the models of steps check and name alike."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from ssoplanner.steps.registry import steps_by_key

WEB_ONLY = URLValidator(schemes=["http", "https"], message="Give an address that begins with http:// or https://.")


def check_step(value: str) -> None:
    if value not in steps_by_key():
        raise ValidationError(f"“{value}” is not a step of the method.")


def step_name(key: str) -> str:
    """The step's code and title; the key itself of a step that the method no longer has."""
    return str(steps_by_key().get(key, key))
