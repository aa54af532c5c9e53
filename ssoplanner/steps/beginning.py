"""Rows of which a plan has one for each step or shift, and none until somebody says something of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from ssoplanner.core.models import Plan, PlanRow
from ssoplanner.recompute.writer import Actor, create

BLANK = 1  # the version of a row that nobody has filled in yet
Row = TypeVar("Row", bound=PlanRow)


def begun(model: type[Row], plan: Plan, values: Mapping[str, Any], *, actor: Actor, find: Callable[[], Row]) -> Row:
    """The stored row that `find` gives; where it is not stored, a blank one with these values is stored first.

    So that who fills it in for the first time meets whoever did so at the same moment, field by field.
    """
    if (found := find()).pk is not None:
        return found
    try:
        return create(model, plan=plan, actor=actor, values=dict(values))
    except ValidationError:  # somebody began it just now
        if (found := find()).pk is None:
            raise
        return found
