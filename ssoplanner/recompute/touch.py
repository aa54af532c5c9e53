"""Count a change on every partition that depends on it, in the transaction that makes the change.

`closure` says which: those that the declarations name, and those above them. `touch` raises their counters in one
statement, in a fixed order, so that two writers never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection

from ssoplanner.core.models import Versioned
from ssoplanner.recompute import clock
from ssoplanner.recompute.calculations import Calculation, Key, Lane, Reads, State, calculations
from ssoplanner.recompute.models import Derived

# How long changes are gathered before a row is built: a fixed window coalesces a burst and starves nobody.
WINDOWS = {Lane.FAST: timedelta(seconds=0.3), Lane.SLOW: timedelta(seconds=5)}
ROWS_A_STATEMENT = 500
LOCK_SPACE = 7203  # among PostgreSQL's advisory locks, ours for the partitions of a plan
EVERY = None
Partitions = set[str] | None  # None stands for every partition


@dataclass(frozen=True)
class Change:
    """A row of an input was added (no `before`), changed or removed (no `after`)."""

    plan_id: int
    model: type[Versioned]
    before: State | None
    after: State | None

    @property
    def states(self) -> list[State]:
        return [state for state in (self.before, self.after) if state is not None]

    def concerns(self, reads: Reads) -> bool:
        """Whether a field that the calculation reads differs."""
        if self.before is None or self.after is None:
            return not reads.linked
        if reads.fields is None:
            return True
        return any(self.before[name] != self.after[name] for name in reads.fields)


@dataclass(frozen=True)
class Closure:
    """The (calculation, partition) pairs to count up, and those that are no more."""

    touched: frozenset[Key]
    retired: frozenset[Key]


@cache
def state_fields(model: type[Versioned]) -> frozenset[str]:
    """The fields of an input that decide which partitions a change of it touches."""
    declared = [calculation.reads[model] for calculation in calculations().values() if model in calculation.reads]
    return frozenset(
        name
        for reads in declared
        for name in {reads.by, reads.link, *(reads.fields or ())}
        if name is not None and name != "id"
    )


def closure(plan_id: int, changes: Sequence[Change]) -> Closure:
    """What the changes of one plan touch: declared partitions, new ones, and what stands above."""
    direct = {key: _direct(calculation, changes) for key, calculation in calculations().items()}
    retired = {
        (key, calculation.per.partition_of(change.before))
        for key, calculation in calculations().items()
        for change in changes
        if change.before is not None and change.after is None and change.model is calculation.per.model
    }
    return spread(plan_id, direct, retired, adding=any(change.before is None for change in changes))


def spread(
    plan_id: int, direct: Mapping[str, Partitions], retired: Iterable[Key] = (), *, adding: bool = False
) -> Closure:
    """These partitions and all that stands above them or above retired ones. `adding`: some may be new."""
    retired, touched = frozenset(retired), dict[str, Partitions]()
    for calculation in calculations().values():
        touched[calculation.key] = _union(direct.get(calculation.key, set()), _above(calculation, touched, retired))
    if retired or adding or any(some is EVERY for some in touched.values()):
        lock_partitions(plan_id)
    pairs = {(key, one) for key, some in touched.items() for one in _expanded(plan_id, key, some)}
    return Closure(frozenset(pairs - retired), retired)


def lock_partitions(plan_id: int) -> None:
    """Until the commit nobody else adds partitions to the plan, or touches all that there are.

    Else a partition that is being added at the same time would not be seen here, could be built before our change is
    there, and would then be called current without it. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, plan_id % 2**31])


def _direct(calculation: Calculation, changes: Sequence[Change]) -> Partitions:
    touched: Partitions = set()
    counting = {model: _linked(model, reads, changes) for model, reads in calculation.reads.items() if reads.link}
    for change in changes:
        reads = calculation.reads.get(change.model)
        if reads is not None and change.concerns(reads) and _counts(change, reads, counting):
            touched = _union(touched, reads.partitions_of(change.states))
        if change.before is None and change.after is not None and change.model is calculation.per.model:
            touched = _union(touched, {calculation.per.partition_of(change.after)})
    return touched


def _linked(model: type[Versioned], reads: Reads, changes: Sequence[Change]) -> set[int]:
    """The rows that make changes of `model` count: one query, and none where it did not change."""
    assert reads.link is not None
    keys = {state[reads.link] for change in changes if change.model is model for state in change.states}
    if not keys:
        return set()
    related: Any = model._meta.get_field(reads.link).related_model
    return set(related._base_manager.filter(pk__in=keys, **dict(reads.where)).values_list("pk", flat=True))


def _counts(change: Change, reads: Reads, counting: Mapping[type[Versioned], set[int]]) -> bool:
    if reads.link is None:
        return True
    return any(state[reads.link] in counting[change.model] for state in change.states)


def _above(calculation: Calculation, touched: Mapping[str, Partitions], retired: Iterable[Key]) -> Partitions:
    above: Partitions = set()
    for need in calculation.needs:
        below = _union(touched[need], {partition for key, partition in retired if key == need})
        same = calculations()[need].per == calculation.per
        above = _union(above, below if same or not _any(below) else EVERY)
    return above


def _any(partitions: Partitions) -> bool:
    return partitions is EVERY or bool(partitions)


def _union(some: Partitions, more: Partitions) -> Partitions:
    return EVERY if some is EVERY or more is EVERY else some | more


def _expanded(plan_id: int, key: str, partitions: Partitions) -> Iterable[str]:
    return calculations()[key].per.partitions(plan_id) if partitions is EVERY else partitions


def touch(plan_id: int, what: Closure) -> None:
    """Count up the touched rows, insert those that are not there yet, retire the others. Inside a transaction."""
    now = clock.now()
    rows = [_row(plan_id, key, partition, now) for key, partition in sorted(what.touched)]
    with connection.cursor() as cursor:
        for some in batched_rows(rows):
            cursor.execute(_statement(len(some)), [value for row in some for value in row])
    for key, partition in sorted(what.retired):
        Derived.objects.filter(plan_id=plan_id, calculation=key, partition=partition).update(retired_at=now)


def batched_rows(rows: Sequence[Sequence[Any]]) -> Iterable[Sequence[Sequence[Any]]]:
    return (rows[start : start + ROWS_A_STATEMENT] for start in range(0, len(rows), ROWS_A_STATEMENT))


def _row(plan_id: int, key: str, partition: str, now: datetime) -> list[Any]:
    calculation = calculations()[key]
    adapt = connection.ops.adapt_datetimefield_value
    return [plan_id, key, partition, calculation.revision, adapt(now), adapt(now + WINDOWS[calculation.lane])]


def _statement(rows: int) -> str:
    """Insert with `wanted` 1, or count up. A clean row begins a new window; in a dirty one the earlier time stays."""
    one = "(%s, %s, %s, %s, %s, %s, 1, 0, 0, '')"
    return f"""
        INSERT INTO recompute_derived AS mine (plan_id, calculation, partition, formula_revision, dirty_since,
            not_before, wanted, built, attempts, last_error)
        VALUES {", ".join([one] * rows)}
        ON CONFLICT (plan_id, calculation, partition) DO UPDATE SET
            wanted = mine.wanted + 1,
            attempts = 0,
            dirty_since = CASE WHEN mine.built < mine.wanted THEN mine.dirty_since ELSE excluded.dirty_since END,
            not_before = CASE WHEN mine.built < mine.wanted AND mine.not_before < excluded.not_before
                THEN mine.not_before ELSE excluded.not_before END
    """
