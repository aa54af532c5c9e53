"""Every single change of every input that a person could make, for what must hold after any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from ssoplanner.core.models import Plan, PlanRow, Versioned
from ssoplanner.recompute.writer import CannotDelete, create, delete, input_fields, update
from tests.world import COMMAND


@dataclass(frozen=True)
class Edit:
    """`make` is refused by ValidationError, IntegrityError or CannotDelete where it is impossible."""

    model: type[Versioned]
    field: str
    what: str
    make: Callable[[], Any]

    def __str__(self) -> str:
        return f"{self.model.__name__} {self.field} {self.what}"


REFUSED = (ValidationError, IntegrityError, CannotDelete)


def edits(plan: Plan, models: Iterable[type[Versioned]], *, rows: int | None = None) -> Iterator[Edit]:
    """Each field of each row set to each of some other values; each row removed; a row like it added.

    With `rows` of so many rows of a model alone, spread over all there are.
    """
    for model in models:
        for row in _spread(rows_of(model, plan), rows):
            for name in input_fields(model):
                for value in alternatives(row, name, plan):
                    yield Edit(model, name, f"of {row.pk} = {value!r}", setter(row, name, value))
            if isinstance(row, PlanRow):
                yield Edit(model, "", f"{row.pk} removed", remover(row))
                yield Edit(model, "", f"one like {row.pk} added", adder(row, plan))


def _spread(every: list[Any], most: int | None) -> list[Any]:
    if most is None or len(every) <= most:
        return every
    return [every[place * len(every) // most] for place in range(most)]


def rows_of(model: type[Versioned], plan: Plan) -> list[Any]:
    if issubclass(model, Plan):
        return [Plan.objects.get(pk=plan.pk)]
    return list(model._base_manager.filter(plan=plan).order_by("pk"))


def setter(row: Any, name: str, value: Any) -> Callable[[], Any]:
    return lambda: update(row, actor=COMMAND, version=row.version, values={name: value})


def remover(row: Any) -> Callable[[], Any]:
    return lambda: delete(row, actor=COMMAND, version=row.version)


def adder(row: Any, plan: Plan) -> Callable[[], Any]:
    """A copy; where the plan has room for one such row only, one that differs in the first field that makes it fit."""

    def add() -> Any:
        names = input_fields(type(row))
        values = {name: value_of(row, name) for name in names}
        tries = [{}, *({name: other} for name in names for other in alternatives(row, name, plan))]
        for different in tries:
            try:
                with transaction.atomic():
                    return create(type(row), plan=plan, actor=COMMAND, values={**values, **different})
            except REFUSED:
                continue
        raise ValidationError("there is room for no other")

    return add


def value_of(row: Any, name: str) -> Any:
    if row._meta.get_field(name).many_to_many:
        return list(getattr(row, name).order_by("pk"))
    return getattr(row, name)


def alternatives(row: Any, name: str, plan: Plan) -> list[Any]:
    """Some other values that the field could have."""
    field, now = row._meta.get_field(name), value_of(row, name)
    empty = [None] if field.null else [""] if field.blank and isinstance(field, models.CharField) else []
    return [value for value in [*_others(field, now, plan), *empty] if value != now]


def _others(field: Any, now: Any, plan: Plan) -> list[Any]:
    if field.is_relation:
        related = field.related_model
        found = list(rows_of(related, plan) if issubclass(related, PlanRow) else related.objects.order_by("pk")[:3])
        return [[], found, *([one] for one in found)] if field.many_to_many else found
    if field.choices:
        return [value for value, _ in field.flatchoices]
    for kind, values in OTHER_VALUES.items():
        if isinstance(field, kind):
            return [*values, *OTHER_TEXTS.get(field.name, ())]
    return [f"{now}x"[: field.max_length], *OTHER_TEXTS.get(field.name, ())]


OTHER_VALUES: dict[type[Any], tuple[Any, ...]] = {
    models.BooleanField: (True, False),
    models.DecimalField: (Decimal(0), Decimal("0.5"), Decimal(3)),
    models.IntegerField: (0, 7, 2025),
    models.DateTimeField: (datetime(2031, 2, 3, tzinfo=UTC),),  # before the date, which it is too
    models.DateField: (date(2031, 2, 3),),
}
# Texts and figures that mean something to a formula, by the field's name.
OTHER_TEXTS: dict[str, tuple[Any, ...]] = {
    "code": ("HR", "IT"),
    "volume_unit": ("ticket", "server"),
    "time_zone": ("Asia/Tokyo",),
    "function": ("Payroll",),
    "subject": ("it", "IT-1", "IT-2"),
    "standard": ("IT-2",),
    "country": ("DE",),
    "locale": ("de_DE",),
    "currency": ("EUR",),
    "limits": ([30, 60, 80, 95],),
    "pillars": (["process"],),
    "levels": (["a", "b", "c", "d", "e"],),
    "tiers": (["municipal"],),
    "targets": ({"culture": 4.5},),
    "dimensions": (["digital"],),
    "level": (3,),
    "score": (2, 5),
    **dict.fromkeys(("importance", "people", "process", "technology", "governance", "target"), (3,)),
    "phase": ("design",),
    "risk": ("money", "change", "procurement"),
    "probability": (1, 5),
    "impact": (1, 5),
    "question": ("stakeholders",),
    "step": ("design.scope", "assess.heat_map"),
    "met": (["answers"],),
    "first_year": (2028,),
    "last_year": (2030,),
}
