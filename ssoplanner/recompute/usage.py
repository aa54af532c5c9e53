"""What refers to a row, whichever way: by a column of its own, or as one of many. Such a row is not removed.

The rule comes from the models, so a new link is looked at without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.text import get_text_list

from ssoplanner.core.models import PlanRow

NAMED = 3  # of each kind; the others are counted


def in_use(row: PlanRow) -> str:
    """The sentence that says what uses the row, or nothing. Two queries at most for each kind of row that may."""
    used_by = [text for relation in _relations(type(row)) if (text := _users(row, relation))]
    if not used_by:
        return ""
    return f"{row} cannot be removed while it is used by {get_text_list(used_by, 'and')}. Remove or change those first."


def _relations(model: type[PlanRow]) -> Iterator[Any]:
    """The links of inputs that lead here."""
    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete and issubclass(field.related_model, PlanRow):  # type: ignore[arg-type]
            yield field


def _users(row: PlanRow, relation: Any) -> str:
    """As "5 systems (Payroll; Records; Time and 2 more)"."""
    model = relation.related_model
    found = model._base_manager.filter(**{relation.field.name: row})
    count = found.count()
    if not count:
        return ""
    names = "; ".join(str(one) for one in found.select_related(*_named_after(model))[:NAMED])
    more = f" and {count - NAMED} more" if count > NAMED else ""
    label = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
    return f"{count} {label} ({names}{more})"


def _named_after(model: type[models.Model]) -> list[str]:
    """The rows whose names may stand in this one's."""
    return [field.name for field in model._meta.concrete_fields if field.is_relation and field.name != "plan"]
