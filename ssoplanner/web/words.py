"""A field's value as people read it: labels for choices, names for rows, figures in the plan's format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from ssoplanner.core.fields import MoneyField, ShareField
from ssoplanner.core.models import Plan
from ssoplanner.recompute.writer import encode
from ssoplanner.web import formats

NameOf = Callable[[type[models.Model], Iterable[int]], Iterable[str]]


def value_text(field: Any, value: Any, plan: Plan, *, name_of: NameOf) -> str:
    """`value` of a model's `field`, as stored, typed or kept in the audit. `name_of` gives the names of linked rows."""
    if value in (None, "", []):
        return "empty"
    if getattr(field, "is_relation", False):
        keys = encode(value)
        return ", ".join(sorted(name_of(field.related_model, keys if isinstance(keys, list) else [keys])))
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))
    if field.name == "rests_on":  # of a decision: whole results, with all that they hold
        return f"{len(value.get('results', ()))} results as they were"
    return _plain(field, value, plan)


def _plain(field: Any, value: Any, plan: Plan) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, models.DecimalField):
        return _figure(field, value, plan)
    if isinstance(field, models.IntegerField) and not field.name.endswith("year"):
        return formats.number(int(value), plan)
    if isinstance(value, datetime):
        return formats.moment(value, plan)
    if isinstance(value, date):
        return formats.day(value, plan)
    value = [f"{key} {part}" for key, part in value.items()] if isinstance(value, dict) else value
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _figure(field: Any, value: Any, plan: Plan) -> str:
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if isinstance(field, MoneyField):
        return formats.money(figure, plan)
    return formats.percent(figure, plan) if isinstance(field, ShareField) else formats.number(figure, plan)


def stored_names(model: type[models.Model], keys: Iterable[int]) -> list[str]:
    """Names by one query; for the few values of one row."""
    return [str(row) for row in model._base_manager.filter(pk__in=keys)] or ["a removed row"]
