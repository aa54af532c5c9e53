"""One transaction of the writer: what its writes touch is counted once, as its last statement.

`saving()` may be nested; the outermost one counts. So whoever writes many rows at once moves each figure by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from ssoplanner.core.writing import writing
from ssoplanner.recompute import bell
from ssoplanner.recompute.touch import Change, closure, touch

_changes: ContextVar[list[Change] | None] = ContextVar("changes", default=None)


@contextmanager
def saving() -> Iterator[None]:
    """Rows may be written inside; at the end the figures that depend on them are counted as stale, all or nothing."""
    if (outer := _changes.get()) is not None:
        with _nested(outer):
            yield
        return
    with transaction.atomic(), writing():
        changes: list[Change] = []
        token = _changes.set(changes)
        try:
            yield
        finally:
            _changes.reset(token)
        _check_links()
        for plan_id in sorted({change.plan_id for change in changes}):
            touch(plan_id, closure(plan_id, [change for change in changes if change.plan_id == plan_id]))
            _ring_after_commit(plan_id)


def _check_links() -> None:
    """What the rows refer to is still there. Raises ValidationError.

    PostgreSQL would look at the commit only, where it waits for whoever is removing such a row, who may be waiting for
    the counters that we hold by then.
    """
    try:
        check_links()
    except IntegrityError as error:
        raise ValidationError("Something that this refers to was removed meanwhile. Load the page again.") from error


def check_links() -> None:
    """Raise IntegrityError if a row written in this transaction refers to one that is gone, or the other way round."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _ring_after_commit(plan_id: int) -> None:
    # Not a partial: that has no name for Django to log, and then what breaks the bell would break the save.
    def ring() -> None:
        wake_builders(plan_id)

    transaction.on_commit(ring, robust=True)


def wake_builders(plan_id: int) -> None:
    """Have a worker look at the figures of a plan, soon."""
    bell.ring("ssoplanner.recompute.tasks.build", plan_id)


@contextmanager
def _nested(changes: list[Change]) -> Iterator[None]:
    """What is rolled back is not counted: above all, an agency whose removal failed is not retired."""
    before = len(changes)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del changes[before:]
        raise


def note(change: Change) -> None:
    """Remember a change for the end of the `saving` block around it."""
    changes = _changes.get()
    assert changes is not None, "note() belongs inside saving()"
    changes.append(change)
