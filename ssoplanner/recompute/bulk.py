"""Change many rows of a plan at once, as a file does: the writer's rules, with few statements beside one a row.

Each row keeps its own version and its own audit row, so that a later save of the same row by somebody else is merged or
refused as after any other save. All that can be is done before anything is stored: on SQLite everybody else waits then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils import timezone

from ssoplanner.core.models import Action, AuditEvent, Plan, PlanRow
from ssoplanner.recompute.saving import note, saving
from ssoplanner.recompute.touch import Change
from ssoplanner.recompute.writer import Actor, Conflict, Values, audit_event, encode, link_rows, row_state

Wanted = tuple[int, int, Values]  # key, the version that was read, values by field
Prepared = Sequence[Any]  # values as the database takes them


def update_many(model: type[PlanRow], *, plan: Plan, actor: Actor, rows: Sequence[Wanted]) -> None:
    """Save `values` into each row, all or none. Raises `Conflict` if one was changed since its version was read, and
    the model's DoesNotExist if one is gone.

    Links are not supported, fields are checked, constraints are left to the database.
    """
    with saving():
        prepare_updates(model, plan=plan, actor=actor, rows=rows).store()


def prepare_updates(model: type[PlanRow], *, plan: Plan, actor: Actor, rows: Sequence[Wanted]) -> Updates:
    """The same, checked but not stored. It raises what can be told by now, and storing it the rest."""
    found = _read(model, plan, [pk for pk, *_ in rows])
    events, changes = [], []
    for pk, version, values in rows:
        if pk not in found:
            raise model.DoesNotExist(f"{model.__name__} {pk}")
        event, change = _changed(found[pk], plan, actor, version, values)
        events.append(_prepared(event, EVENT_FIELDS))
        changes.append(change)
    statements = [_Statement.of(model, names, some) for names, some in _by_fields(rows).items()]
    return Updates(model, found, statements, events, changes)


def _read(model: type[PlanRow], plan: Plan, keys: Sequence[int]) -> dict[int, PlanRow]:
    """The rows by key, with what they link to: it may stand in a row's name, and decide what the row touches."""
    many = [field.name for field in model._meta.many_to_many]
    found: dict[int, PlanRow] = model._base_manager.filter(plan=plan).prefetch_related(*many).in_bulk(keys)
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.name != "plan":
            link_rows(list(found.values()), field, plan)
    return found


def _changed(row: PlanRow, plan: Plan, actor: Actor, version: int, values: Values) -> tuple[AuditEvent, Change]:
    """Put the values into the row and check them."""
    if row.version != version:
        raise Conflict(row, [])
    before, state = {name: encode(getattr(row, name)) for name in values}, row_state(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.clean_fields(exclude=[field.name for field in row._meta.concrete_fields if field.name not in values])
    row.clean()
    row.version = version + 1
    after = {name: encode(value) for name, value in values.items()}
    event = audit_event(row, actor, Action.UPDATE, before, after)
    return event, Change(plan.pk, type(row), state, row_state(row))


def _by_fields(rows: Sequence[Wanted]) -> dict[tuple[str, ...], list[Wanted]]:
    """Rows in which the same fields change, which one statement stores."""
    found: dict[tuple[str, ...], list[Wanted]] = {}
    for wanted in rows:
        found.setdefault(tuple(wanted[2]), []).append(wanted)
    return found


def _prepared(row: models.Model, fields: Sequence[Any]) -> Prepared:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


AT: Any = AuditEvent._meta.get_field("at")  # when it is stored
EVENT_FIELDS = [field for field in AuditEvent._meta.concrete_fields if field not in (AuditEvent._meta.pk, AT)]


@dataclass(frozen=True)
class _Statement:
    """Sets the same fields of many rows; `rows` are (values, key, version)."""

    sql: str
    rows: Sequence[tuple[Prepared, int, int]]

    @classmethod
    def of(cls, model: type[PlanRow], names: Sequence[str], some: Sequence[Wanted]) -> _Statement:
        fields: list[Any] = [model._meta.get_field(name) for name in names]
        quote = connection.ops.quote_name
        sets = ", ".join(f"{quote(column)} = %s" for column in ("version", "changed_at", *(f.column for f in fields)))
        prepared = [
            ([field.get_db_prep_save(values[field.name], connection) for field in fields], pk, version)
            for pk, version, values in some
        ]
        return cls(f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE id = %s AND version = %s", prepared)

    def store(self, now: Any) -> bool:
        """Compare and set. False: a row was changed since we read it, is not stored and is missed."""
        with connection.cursor() as cursor:
            rows = [[version + 1, now, *values, pk, version] for values, pk, version in self.rows]
            cursor.executemany(self.sql, rows)
            return bool(cursor.rowcount == len(rows))


@dataclass(frozen=True)
class Updates:
    """Changes of the rows of a model that were read and checked."""

    model: type[PlanRow]
    rows: Mapping[int, PlanRow]
    statements: Sequence[_Statement]
    events: Sequence[Prepared]
    changes: Sequence[Change]

    def store(self) -> None:
        """Inside `saving`. Raises `Conflict` if a row was changed or removed since it was read."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        for statement in self.statements:
            if not statement.store(now):
                raise Conflict(self.rows[self._missed(statement)], [])
        _store_events(self.events, now)
        for change in self.changes:
            note(change)

    def _missed(self, statement: _Statement) -> int:
        wanted = {pk: version + 1 for _, pk, version in statement.rows}
        now = dict(self.model._base_manager.filter(pk__in=wanted).values_list("pk", "version"))
        return next(pk for pk, version in wanted.items() if now.get(pk) != version)


def _store_events(events: Sequence[Prepared], now: Any) -> None:
    quote = connection.ops.quote_name
    columns = [AT.column, *(field.column for field in EVENT_FIELDS)]
    names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(AuditEvent._meta.db_table)} ({names}) VALUES ({places})",
            [[now, *values] for values in events],
        )
