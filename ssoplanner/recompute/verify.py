"""Prove the figures: compute every result afresh and compare it with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ssoplanner.recompute import clock
from ssoplanner.recompute.calculations import Lane, lane_keys
from ssoplanner.recompute.compute import Computation, is_current
from ssoplanner.recompute.models import Derived, Result
from ssoplanner.recompute.snapshot import read_snapshot
from ssoplanner.recompute.sweep import seed_plan
from ssoplanner.recompute.touch import spread, touch


@dataclass(frozen=True)
class Difference:
    """A result that says it is current and is not what the formula gives; `why` is one sentence."""

    calculation: str
    partition: str
    why: str


@dataclass(frozen=True)
class Verdict:
    """How many results were compared, which differ, and how many were not current and so claim nothing: `waiting` in
    all, `waiting_slow` of them in the slow lane."""

    compared: int
    waiting: int
    differences: tuple[Difference, ...]
    waiting_slow: int = 0


def verify_plan(plan_id: int) -> Verdict:
    """Compare all that says it is current in one read snapshot, each with the date that it was computed for."""
    with read_snapshot() as db:
        now = clock.now()
        rows = list(Derived.objects.using(db).filter(plan_id=plan_id, retired_at=None).select_related("result"))
        current = [row for row in rows if is_current(row, now)]
        afresh = Afresh(db, plan_id, now)
        differences = [found for row in current for found in afresh.compare(row)]
    slow = lane_keys(Lane.SLOW)
    waiting_slow = sum(row.calculation in slow and not is_current(row, now) for row in rows)
    return Verdict(len(current), len(rows) - len(current), tuple(differences), waiting_slow)


class Afresh:
    """Computes from inputs alone: no stored result is taken for true, not even that of a part."""

    def __init__(self, db: str, plan_id: int, now: datetime) -> None:
        self.db, self.plan_id, self.now = db, plan_id, now
        self.by_date: dict[object, Computation] = {}

    def compare(self, row: Derived) -> Iterator[Difference]:
        result: Result | None = getattr(row, "result", None)
        if result is None:
            yield Difference(row.calculation, row.partition, "It says that it is current and has no result.")
            return
        try:
            made = self._computation(result).make(row.calculation, row.partition)
        except Exception as error:
            yield Difference(row.calculation, row.partition, f"It cannot be computed: {error}")
            return
        if made.payload_hash != result.payload_hash or made.payload != result.payload:
            yield Difference(row.calculation, row.partition, "The stored result is not what the formula gives now.")

    def _computation(self, result: Result) -> Computation:
        if result.as_of not in self.by_date:
            computation = FromInputs(self.db, self.plan_id, self.now)
            computation.as_of = result.as_of
            self.by_date[result.as_of] = computation
        return self.by_date[result.as_of]


class FromInputs(Computation):
    """A computation that takes no part as stored."""

    def is_current(self, row: Derived) -> bool:
        return False


def repair(plan_id: int, verdict: Verdict) -> None:
    """Count the wrong results as stale, with what stands above them, and add what is missing; workers do the rest."""
    direct: dict[str, set[str]] = {}
    for difference in verdict.differences:
        direct.setdefault(difference.calculation, set()).add(difference.partition)
    with transaction.atomic():
        touch(plan_id, spread(plan_id, direct))
    seed_plan(plan_id)
