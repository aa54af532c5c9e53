"""How a plan's figures stand as a whole: what waits, since when, what failed and why, which workers live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ssoplanner.recompute import clock
from ssoplanner.recompute.models import Derived, Worker
from ssoplanner.recompute.reading import State, state_of
from ssoplanner.recompute.saving import wake_builders

SILENT_AFTER = timedelta(seconds=15)
LISTED = 100


@dataclass(frozen=True)
class Unfinished:
    """A result that is not current, the longest waiting first."""

    calculation: str
    partition: str
    state: State
    since: datetime
    attempts: int
    error: str


@dataclass(frozen=True)
class WorkerState:
    name: str
    started_at: datetime
    seen_at: datetime
    lives: bool


@dataclass(frozen=True)
class Overview:
    """`counts` over all results of the plan; `unfinished` the first of those that are not current."""

    counts: Counter[State]
    unfinished: Sequence[Unfinished]


def overview(plan_id: int) -> Overview:
    """One query."""
    now = clock.now()
    rows = list(Derived.objects.filter(plan_id=plan_id, retired_at=None).order_by("dirty_since", "pk"))
    states = [(row, state_of(row, now)) for row in rows]
    unfinished = [
        Unfinished(row.calculation, row.partition, state, row.dirty_since, row.attempts, row.last_error)
        for row, state in states
        if state is not State.CURRENT
    ]
    return Overview(Counter(state for _, state in states), unfinished[:LISTED])


def workers() -> list[WorkerState]:
    """Those seen within a day, the most recent first: one query."""
    now = clock.now()
    return [
        WorkerState(worker.name, worker.started_at, worker.seen_at, now - worker.seen_at <= SILENT_AFTER)
        for worker in Worker.objects.order_by("-seen_at", "name")
    ]


def try_again(plan_id: int) -> int:
    """Have failed results tried at once. Returns how many."""
    failed = Derived.objects.filter(plan_id=plan_id, attempts__gt=0, retired_at=None)
    count = failed.update(not_before=clock.now(), attempts=0)
    wake_builders(plan_id)
    return count
