"""One consistent view of the database over several queries; it disturbs no writer and is disturbed by none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

ALIAS = "snapshot"


@contextmanager
def read_snapshot() -> Iterator[str]:
    """The alias to query through; whatever is committed meanwhile is not seen. Nothing can be written.

    PostgreSQL: REPEATABLE READ READ ONLY. SQLite: a deferred transaction over the write-ahead log.
    """
    connection = connections[ALIAS]
    with transaction.atomic(using=ALIAS):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield ALIAS
