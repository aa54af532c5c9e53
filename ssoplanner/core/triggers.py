"""Rules that the database itself keeps, on SQLite and PostgreSQL alike.

- The audit is append-only: UPDATE, DELETE and TRUNCATE are refused, except under `maintenance`.
- A row never links to a row of another plan, whichever code wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction

from ssoplanner.core.models import AuditEvent, Maintenance, PlanRow


@contextmanager
def maintenance(reason: str, using: str = "default") -> Iterator[None]:
    """One transaction in which the audit may be cleared: test flush, demo reset, deletion of a whole plan."""
    with transaction.atomic(using=using):
        Maintenance.objects.using(using).create(reason=reason)
        yield
        Maintenance.objects.using(using).all().delete()


def install_triggers(using: str = "default", **_signal: Any) -> None:
    """Create or replace every trigger whose tables exist. Safe to run again; runs after each app's migrations."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    make = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        for statement in [*_audit(make, existing), *_plan_links(make, existing)]:
            cursor.execute(statement)


def remove_triggers(using: str = "default", **_signal: Any) -> None:
    """Drop every trigger while tables are being altered; `install_triggers` brings them back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, '' FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname, ' ON ' || tgrelid::regclass FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
            )
        for name, table in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}{table}")


def _audit(make: Any, existing: set[str]) -> Iterator[str]:
    table, flag = AuditEvent._meta.db_table, Maintenance._meta.db_table
    if {table, flag} <= existing:
        unless = f"NOT EXISTS (SELECT 1 FROM {flag})"
        yield from make(table, "append_only", ("UPDATE", "DELETE", "TRUNCATE"), unless, "the audit is append-only")


def _plan_links(make: Any, existing: set[str]) -> Iterator[str]:
    for table, column, target, own_plan in plan_links():
        if {table, target} <= existing:
            wrong = (
                f"NEW.{column} IS NOT NULL AND (SELECT plan_id FROM {target} WHERE id = NEW.{column}) <> ({own_plan})"
            )
            yield from make(table, f"{column}_same_plan", ("INSERT", "UPDATE"), wrong, "a link to another plan")


def plan_links() -> Iterator[tuple[str, str, str, str]]:
    """(table, column, table it points to, SQL for the plan of the row itself) for every link between rows of plans."""
    for model in apps.get_models():
        if not issubclass(model, PlanRow):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and issubclass(field.related_model, PlanRow):
                yield model._meta.db_table, field.column, field.related_model._meta.db_table, "NEW.plan_id"
        for many in model._meta.many_to_many:
            if issubclass(many.related_model, PlanRow):
                own = f"SELECT plan_id FROM {model._meta.db_table} WHERE id = NEW.{many.m2m_column_name()}"
                yield many.m2m_db_table(), many.m2m_reverse_name(), many.related_model._meta.db_table, own


def _sqlite(table: str, rule: str, events: tuple[str, ...], wrong: str, message: str) -> Iterator[str]:
    for event in events:
        if event != "TRUNCATE":  # SQLite has none
            name = f"{table}_{rule}_{event.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {wrong} "
                f"BEGIN SELECT RAISE(ABORT, '{message}: {table}'); END"
            )


def _postgresql(table: str, rule: str, events: tuple[str, ...], wrong: str, message: str) -> Iterator[str]:
    function = f"{table}_{rule}"
    yield (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {wrong} THEN RAISE EXCEPTION '{message}: {table}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for event in events:
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        yield (
            f"CREATE OR REPLACE TRIGGER {function}_{event.lower()} BEFORE {event} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()"
        )
