"""What a page shows of a result: its figures, and whether they are current. Pages read here and never compute.

Counters and payload come in one statement, which is one consistent view by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from ssoplanner.recompute import clock
from ssoplanner.recompute.building import is_leased
from ssoplanner.recompute.calculations import Key, Missing, Payload
from ssoplanner.recompute.compute import INCOMPLETE, is_current
from ssoplanner.recompute.models import Derived, Result

NO_WORKER_AFTER = timedelta(seconds=30)
STALE = "-stale"


class State(StrEnum):
    CURRENT = "current"
    INCOMPLETE = "incomplete"
    COMPUTING = "computing"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True)
class Mark:
    """What a page shows of a row: a short text that differs with its figures, and whether they are current."""

    content: str
    current: bool


@dataclass(frozen=True)
class Shown:
    """A result as a page shows it. `figures` are the last good ones, whatever the state; None if there are none yet."""

    state: State
    figures: Payload | None = None
    missing: tuple[Missing, ...] = ()
    as_of: date | None = None
    built_at: datetime | None = None
    since: datetime | None = None
    unanswered: bool = False
    mark: Mark | None = None

    @property
    def is_current(self) -> bool:
        return self.state in {State.CURRENT, State.INCOMPLETE}


def shown(plan_id: int, keys: Sequence[Key]) -> dict[Key, Shown]:
    """Each (calculation, partition) as it stands: one query."""
    rows = {(row.calculation, row.partition): row for row in counters(plan_id, keys).select_related("result")}
    now = clock.now()
    return {key: _shown(rows[key], now) if key in rows else Shown(State.WAITING) for key in keys}


def shown_all(plan_id: int, calculation: str, using: str = "default") -> dict[str, Shown]:
    """Partition -> its result as it stands, of those that are not retired: one query."""
    rows = Derived.objects.using(using).filter(plan_id=plan_id, calculation=calculation, retired_at=None)
    now = clock.now()
    return {row.partition: _shown(row, now) for row in rows.select_related("result")}


def counters(plan_id: int, keys: Iterable[Key]) -> QuerySet[Derived]:
    """The counter rows of these partitions."""
    wanted = Q(pk=None)
    for key, partition in keys:
        wanted |= Q(calculation=key, partition=partition)
    return Derived.objects.filter(wanted, plan_id=plan_id)


def mark(row: Derived, now: datetime) -> Mark:
    """Waiting and being computed read the same, and a page can say either by itself, without the figures."""
    state = state_of(row, now)
    content = f"{row.pk}.{row.built}.{state is State.FAILED:d}.{unanswered(row, now):d}"
    return Mark(content, state is State.CURRENT)


def stamp(marks: Iterable[Mark | None]) -> str:
    """The marks of several results in one; it ends in `STALE` while not all are current."""
    known = [mark for mark in marks if mark]
    content = " ".join(sorted(mark.content for mark in known))
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    return digest if all(mark.current for mark in known) else digest + STALE


def stamp_now(plan_id: int, keys: Iterable[Key]) -> str:
    """The stamp of these results as they stand: one query."""
    now = clock.now()
    return stamp(mark(row, now) for row in counters(plan_id, keys))


def state_of(row: Derived, now: datetime) -> State:
    """The state of the counters alone; whether a current result is incomplete stands in its payload."""
    if is_current(row, now):
        return State.CURRENT
    if row.attempts:
        return State.FAILED
    if is_leased(row, now):
        return State.COMPUTING
    return State.WAITING


def unanswered(row: Derived, now: datetime) -> bool:
    """Whether it has waited so long that no worker seems to be there."""
    return state_of(row, now) is State.WAITING and now - row.dirty_since > NO_WORKER_AFTER


def _shown(row: Derived, now: datetime) -> Shown:
    state = state_of(row, now)
    result: Result | None = getattr(row, "result", None)
    if result is None:
        return Shown(state, since=row.dirty_since, unanswered=unanswered(row, now), mark=mark(row, now))
    content = json.loads(result.payload)
    missing = tuple(Missing(**one) for one in content.get(INCOMPLETE, ()))
    return Shown(
        state=State.INCOMPLETE if missing and state is State.CURRENT else state,
        figures=None if missing else content,
        missing=missing,
        as_of=result.as_of,
        built_at=result.built_at,
        since=None if state is State.CURRENT else row.dirty_since,
        unanswered=unanswered(row, now),
        mark=mark(row, now),
    )
