"""Change many rows of a plan at once, as a file does: the writer's rules, with few statements beside one a row.

Each row keeps its own version and its own audit row, so that a later save of the same row by somebody else is merged or
refused as after any other save.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from ssoplanner.core.models import Action, AuditEvent, Plan, PlanRow
from ssoplanner.recompute.saving import note, saving
from ssoplanner.recompute.touch import Change
from ssoplanner.recompute.writer import Actor, Conflict, Values, audit_event, encode, row_state

ROWS_A_BATCH = 500
Wanted = tuple[int, int, Values]  # key, the version that was read, values by field


def update_many(model: type[PlanRow], *, plan: Plan, actor: Actor, rows: Sequence[Wanted]) -> None:
    """Save `values` into each row, all or none. Raises `Conflict` if one was changed since its version was read, and
    the model's DoesNotExist if one is gone.

    Links are not supported, fields are checked, constraints are left to the database.
    """
    with saving():
        for start in range(0, len(rows), ROWS_A_BATCH):
            _update_batch(model, plan, actor, rows[start : start + ROWS_A_BATCH])


def _update_batch(model: type[PlanRow], plan: Plan, actor: Actor, batch: Sequence[Wanted]) -> None:
    # A row's name in the audit may hold the names of others, so those come with it.
    links = [field.name for field in model._meta.concrete_fields if field.is_relation and field.name != "plan"]
    found = model._base_manager.filter(plan=plan).select_related(*links).in_bulk([pk for pk, *_ in batch])
    events = []
    for pk, version, values in batch:
        if pk not in found:
            raise model.DoesNotExist(f"{model.__name__} {pk}")
        events.append(_changed(found[pk], plan, actor, version, values))
    for names, some in _by_fields(batch).items():
        _store(model, names, some, found)
    AuditEvent.objects.bulk_create(events)


def _changed(row: PlanRow, plan: Plan, actor: Actor, version: int, values: Values) -> AuditEvent:
    """Put the values into the row, check them, and note the change; nothing is stored yet."""
    if row.version != version:
        raise Conflict(row, [])
    before, state = {name: encode(getattr(row, name)) for name in values}, row_state(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.clean_fields(exclude=[field.name for field in row._meta.concrete_fields if field.name not in values])
    row.clean()
    row.version = version + 1
    note(Change(plan.pk, type(row), state, row_state(row)))
    after = {name: encode(value) for name, value in values.items()}
    return audit_event(row, actor, Action.UPDATE, before, after)


def _by_fields(batch: Sequence[Wanted]) -> dict[tuple[str, ...], list[Wanted]]:
    """Rows in which the same fields change, which one statement stores."""
    found: dict[tuple[str, ...], list[Wanted]] = {}
    for wanted in batch:
        found.setdefault(tuple(wanted[2]), []).append(wanted)
    return found


def _store(model: type[PlanRow], names: tuple[str, ...], some: list[Wanted], rows: Mapping[int, PlanRow]) -> None:
    """Compare and set: a row that was changed since we read it, as PostgreSQL allows, is not stored and is missed."""
    fields: list[Any] = [model._meta.get_field(name) for name in ("version", "changed_at", *names)]
    now, quote = timezone.now(), connection.ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE id = %s AND version = %s"
    stored = [[version + 1, now, *values.values()] for _, version, values in some]
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                [*(field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)), pk, v]
                for row, (pk, v, _) in zip(stored, some, strict=True)
            ],
        )
        if cursor.rowcount != len(some):
            raise Conflict(rows[_missed(model, some)], [])


def _missed(model: type[PlanRow], some: list[Wanted]) -> int:
    now = dict(model._base_manager.filter(pk__in=[pk for pk, *_ in some]).values_list("pk", "version"))
    return next(pk for pk, version, _ in some if now.get(pk) != version + 1)
