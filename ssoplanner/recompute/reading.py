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
from ssoplanner.recompute.building import LEASE
from ssoplanner.recompute.calculations import Missing, Payload
from ssoplanner.recompute.compute import INCOMPLETE, is_current
from ssoplanner.recompute.models import Derived, Result
from ssoplanner.recompute.touch import Key

NO_WORKER_AFTER = timedelta(seconds=30)


class State(StrEnum):
    CURRENT = "current"
    INCOMPLETE = "incomplete"
    COMPUTING = "computing"
    WAITING = "waiting"
    FAILED = "failed"


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

    @property
    def is_current(self) -> bool:
        return self.state in {State.CURRENT, State.INCOMPLETE}


def shown(plan_id: int, keys: Sequence[Key]) -> dict[Key, Shown]:
    """Each (calculation, partition) as it stands: one query."""
    rows = {(row.calculation, row.partition): row for row in counters(plan_id, keys).select_related("result")}
    now = clock.now()
    return {key: _shown(rows[key], now) if key in rows else Shown(State.WAITING) for key in keys}


def counters(plan_id: int, keys: Iterable[Key]) -> QuerySet[Derived]:
    """The counter rows of these partitions."""
    wanted = Q(pk=None)
    for key, partition in keys:
        wanted |= Q(calculation=key, partition=partition)
    return Derived.objects.filter(wanted, plan_id=plan_id)


def stamp(rows: Iterable[Derived]) -> str:
    """A short text that differs whenever what the pages show of these rows may differ."""
    now = clock.now()
    seen = sorted((row.pk, row.built, row.built < row.wanted, row.attempts > 0, unanswered(row, now)) for row in rows)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def state_of(row: Derived, now: datetime) -> State:
    """The state of the counters alone; whether a current result is incomplete stands in its payload."""
    if is_current(row, now):
        return State.CURRENT
    if row.attempts:
        return State.FAILED
    if row.lease_until is not None and now < row.lease_until <= now + LEASE:
        return State.COMPUTING
    return State.WAITING


def unanswered(row: Derived, now: datetime) -> bool:
    """Whether it has waited so long that no worker seems to be there."""
    return state_of(row, now) is State.WAITING and now - row.dirty_since > NO_WORKER_AFTER


def _shown(row: Derived, now: datetime) -> Shown:
    state = state_of(row, now)
    result: Result | None = getattr(row, "result", None)
    if result is None:
        return Shown(state, since=row.dirty_since, unanswered=unanswered(row, now))
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
    )
