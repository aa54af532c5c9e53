"""Compute results inside one read snapshot: counters first, then inputs, the parts before the whole.

A part that is current is taken as stored; any other is computed here, from the same snapshot. So what comes out equals
the formula over the inputs that the snapshot shows, and includes exactly the changes that its counter had counted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from ssoplanner.core.models import Plan
from ssoplanner.recompute.calculations import Calculation, Incomplete, Key, Payload, calculations, is_daily
from ssoplanner.recompute.models import Derived, Result

LARGEST_PAYLOAD = 256 * 1024
# On one day a year. A result that holds longer is of a later day, made before the clock was put back.
LONGEST_DAY = timedelta(hours=25)
INCOMPLETE = "incomplete"


class NewerFormula(Exception):
    """A row needs a formula that is newer than this process knows; another one builds it."""


class TooLarge(Exception):
    """A payload passes the limit that pages and exports rely on."""


@dataclass(frozen=True)
class Made:
    """A result, and the count of changes that it includes."""

    derived_id: int
    calculation: str
    partition: str
    wanted: int
    payload: str
    payload_hash: str
    as_of: date
    valid_until: datetime | None
    due: bool


class Computation:
    """One read snapshot's worth of computing for the rows `row_ids` of a plan; what was computed once is kept."""

    def __init__(self, db: str, plan_id: int, now: datetime, row_ids: Sequence[int] = ()) -> None:
        self.db, self.plan_id, self.now = db, plan_id, now
        self.zone = ZoneInfo(Plan.objects.using(db).values_list("time_zone", flat=True).get(pk=plan_id))
        self.as_of = now.astimezone(self.zone).date()
        self.counters: dict[Key, Derived] = {}
        self.complete: set[str] = set()  # calculations whose counters are all here
        self.made: dict[Key, Made] = {}
        self.fresh: list[Made] = []
        self.stored: dict[str, dict[str, Payload]] = {}
        self._note(Derived.objects.using(db).filter(plan_id=plan_id, pk__in=row_ids))

    def _note(self, rows: Any) -> None:
        self.counters |= {(row.calculation, row.partition): row for row in rows}

    def make(self, key: str, partition: str) -> Made:
        """The result of one partition, computed now. Raises whatever `load` and `calculate` raise, and NewerFormula."""
        if (key, partition) not in self.made:
            calculation, counter = calculations()[key], self._counter(key, partition)
            if counter.formula_revision > calculation.revision:  # raised since it was claimed
                raise NewerFormula(f"{key} {partition}")
            upstream = {need: self.upstream(need, calculation, partition) for need in calculation.needs}
            with transaction.atomic(using=self.db):  # a savepoint: a query that fails spoils no other row
                inputs = calculation.load(self.db, self.plan_id, partition, upstream, self.as_of)
            result = inputs if isinstance(inputs, Incomplete) else calculation.calculate(inputs)
            self.made[key, partition] = self._made(calculation, counter, result)
        return self.made[key, partition]

    def _counter(self, key: str, partition: str) -> Derived:
        if (key, partition) not in self.counters:
            self._all_counters(key)
        return self.counters[key, partition]

    def _all_counters(self, key: str) -> None:
        if key not in self.complete:
            self.complete.add(key)
            self._note(Derived.objects.using(self.db).filter(plan_id=self.plan_id, calculation=key))

    def upstream(self, need: str, calculation: Calculation, partition: str) -> dict[str, Payload]:
        """The needed parts by partition: stored where current, else computed."""
        part = calculations()[need]
        if part.per == calculation.per:
            return {partition: self._part(need, partition)}
        if need not in self.stored:
            self.stored[need] = self._parts(part)
        return self.stored[need]

    def _part(self, need: str, partition: str) -> Payload:
        return self._payloads(need, [partition])[partition]

    def _parts(self, part: Calculation) -> dict[str, Payload]:
        self._all_counters(part.key)
        return self._payloads(part.key, part.per.partitions(self.plan_id, self.db))

    def _payloads(self, key: str, partitions: Sequence[str]) -> dict[str, Payload]:
        counters = {partition: self._counter(key, partition) for partition in partitions}
        current = {row.pk: partition for partition, row in counters.items() if self.is_current(row)}
        found = Result.objects.using(self.db).filter(derived_id__in=current).values_list("derived_id", "payload")
        stored = {current[pk]: json.loads(payload) for pk, payload in found}
        return {
            partition: stored[partition] if partition in stored else self._make_part(key, partition)
            for partition in partitions
        }

    def _make_part(self, key: str, partition: str) -> Payload:
        new = (key, partition) not in self.made
        made = self.make(key, partition)
        if new:
            self.fresh.append(made)
        return json.loads(made.payload)

    def is_current(self, row: Derived) -> bool:
        return is_current(row, self.now)

    def new_parts(self) -> list[Made]:
        """The parts that were computed on the way since the last call and are due: worth publishing too."""
        fresh, self.fresh = self.fresh, []
        return [made for made in fresh if made.due]

    def _made(self, calculation: Calculation, counter: Derived, result: Any) -> Made:
        payload = encoded(result)
        return Made(
            derived_id=counter.pk,
            calculation=calculation.key,
            partition=counter.partition,
            wanted=counter.wanted,
            payload=payload,
            payload_hash=hash_of(payload),
            as_of=self.as_of,
            valid_until=self._midnight() if is_daily(calculation.key) else None,
            # Under an older revision it would be called current by those who know only the older formula.
            due=counter.not_before <= self.now and counter.formula_revision == calculation.revision,
        )

    def _midnight(self) -> datetime:
        return datetime.combine(self.as_of + timedelta(days=1), time(), self.zone)


def is_current(row: Derived, now: datetime) -> bool:
    """Whether the row's result includes every change, by the formula in force, and still holds."""
    formula = calculations().get(row.calculation)
    return (
        row.built == row.wanted
        and formula is not None
        and row.formula_revision == formula.revision
        and (row.valid_until is None or now < row.valid_until <= now + LONGEST_DAY)
    )


def encoded(result: Any) -> str:
    """A result as canonical JSON. Raises ValueError for NaN, TypeError for other than JSON types, `TooLarge`."""
    if isinstance(result, Incomplete):
        content: Any = {INCOMPLETE: [asdict(missing) for missing in result.missing]}
    else:
        content = asdict(result) if is_dataclass(result) and not isinstance(result, type) else result
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    if len(text.encode()) > LARGEST_PAYLOAD:
        raise TooLarge(f"a result of {len(text.encode())} bytes; at most {LARGEST_PAYLOAD} are stored")
    return text


def hash_of(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()
