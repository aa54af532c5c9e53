"""Build what is stale: claim rows, compute them in one read snapshot, publish each with the count that it includes.

Whatever is lost on the way (a worker, a message, a lease) leaves `built` below `wanted`, and the row is built again.
Leases and waiting save work; that a figure is right never depends on them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Value, When

from ssoplanner.recompute import clock
from ssoplanner.recompute.calculations import Lane, calculations, lane_keys, level
from ssoplanner.recompute.compute import Computation, Made, NewerFormula
from ssoplanner.recompute.models import Derived, Result
from ssoplanner.recompute.snapshot import read_snapshot
from ssoplanner.recompute.touch import WINDOWS

log = logging.getLogger(__name__)
BATCH = 50
# A builder that is killed keeps its rows from the others for so long; one that lives asks for more between two rows. A
# calculation that takes longer by itself is done twice at worst.
LEASES = {Lane.FAST: timedelta(seconds=3), Lane.SLOW: timedelta(seconds=15)}
ROLL_UP_WAITS = timedelta(seconds=5)
LONGEST_BACK_OFF = timedelta(seconds=300)
WORTH_SLEEPING = timedelta(seconds=1)
AT_MOST = 30.0  # seconds that one call works; the rest is found again


@dataclass(frozen=True)
class Row:
    """What a claim needs to know of a dirty row."""

    pk: int
    calculation: str
    partition: str
    wanted: int
    formula_revision: int
    dirty_since: datetime
    not_before: datetime
    lease_until: datetime | None
    attempts: int


def build_plan(plan_id: int, lane: Lane = Lane.FAST) -> int:
    """Build what is due in the plan until nothing is, waiting for what is due within a second. Returns rows built."""
    built, until = 0, time.monotonic() + AT_MOST
    while time.monotonic() < until:
        now = clock.now()
        rows = dirty_rows(plan_id, lane)
        claimed = claim(ready(rows, now))
        if claimed:
            built += build_rows(plan_id, claimed)
        elif (pause := next_due(rows, now)) is not None:
            time.sleep(pause)
        else:
            break
    return built


def dirty_rows(plan_id: int, lane: Lane) -> list[Row]:
    """The plan's rows that are not current and whose formula is the one that this process knows."""
    names = Row.__dataclass_fields__
    found = Derived.objects.filter(
        plan_id=plan_id, built__lt=F("wanted"), retired_at=None, calculation__in=lane_keys(lane)
    )
    rows = [Row(*values) for values in found.values_list(*names)]
    return [row for row in rows if row.formula_revision == calculations()[row.calculation].revision]


def ready(rows: Sequence[Row], now: datetime) -> list[Row]:
    """Those to build now: due, held by nobody, the lowest level first, at most a batch."""
    free = [row for row in rows if is_due(row, now) and not is_leased(row, now) and not waits_for_parts(row, rows, now)]
    levels = {row.pk: level(row.calculation) for row in free}
    lowest = min(levels.values(), default=0)
    return sorted((row for row in free if levels[row.pk] == lowest), key=lambda row: (row.calculation, row.partition))[
        :BATCH
    ]


def is_due(row: Row, now: datetime) -> bool:
    """Its time has come, or lies further ahead than it can have been set: then the clock was put back."""
    furthest = back_off(row.attempts) if row.attempts else WINDOWS[calculations()[row.calculation].lane]
    return row.not_before <= now or row.not_before > clock.latest(now, furthest)


def is_leased(row: Row | Derived, now: datetime) -> bool:
    """Another builder is at it. A lease that ends later than one can was taken before the clock was put back."""
    return row.lease_until is not None and now < row.lease_until <= clock.latest(now, lease(row.calculation))


def lease(key: str) -> timedelta:
    """How long a builder keeps a row of this calculation from others."""
    calculation = calculations().get(key)
    return LEASES[calculation.lane if calculation else Lane.FAST]


def waits_for_parts(row: Row, rows: Sequence[Row], now: datetime) -> bool:
    """Whether parts that it needs are about to be built; it does not wait for failing ones, nor for long."""
    calculation = calculations()[row.calculation]
    if not calculation.needs or not timedelta(0) <= now - row.dirty_since < ROLL_UP_WAITS:
        return False
    return any(
        part.calculation in calculation.needs
        and not part.attempts
        and (calculations()[part.calculation].per != calculation.per or part.partition == row.partition)
        for part in rows
    )


def next_due(rows: Sequence[Row], now: datetime) -> float | None:
    """Seconds until a row is due that nobody holds, if that is within a second."""
    waits = [
        row.not_before - now
        for row in rows
        if not is_due(row, now) and not is_leased(row, now) and row.not_before - now <= WORTH_SLEEPING
    ]
    return max(min(waits).total_seconds(), 0.01) if waits else None


def claim(rows: Sequence[Row]) -> list[Row]:
    """Lease the rows that are still free, so that other builders take others meanwhile."""
    if not rows:
        return []
    with transaction.atomic():
        now, dirty = clock.now(), Derived.objects.filter(pk__in=[row.pk for row in rows], built__lt=F("wanted"))
        taken = {row.pk for row in dirty.select_for_update(skip_locked=True) if not is_leased(row, now)}
        until = now + lease(rows[0].calculation)  # a batch is of one lane
        Derived.objects.filter(pk__in=taken).update(lease_until=until)
    return [row for row in rows if row.pk in taken]


def build_rows(plan_id: int, rows: Sequence[Row]) -> int:
    """Compute the rows in one read snapshot and publish each at once. Returns how many were published."""
    built = 0
    with read_snapshot() as db:
        computation = Computation(db, plan_id, clock.now(), [row.pk for row in rows])
        for row in still_held(rows):
            try:
                made = computation.make(row.calculation, row.partition)
            except NewerFormula:
                leave_to_others(row)
            except Exception as error:
                log.exception("%s %s of plan %s failed", row.calculation, row.partition, plan_id)
                note_failure(row, error)
            else:
                built += sum(publish(one) for one in [*computation.new_parts(), made])
    return built


def publish(made: Made) -> bool:
    """Store a result with the count that it includes, unless one that includes as much is there already."""
    now = clock.now()
    window = WINDOWS[calculations()[made.calculation].lane]
    with transaction.atomic():
        row = Derived.objects.filter(pk=made.derived_id, built__lt=made.wanted)
        if not row.update(
            built=made.wanted,
            attempts=0,
            last_error="",
            lease_until=None,
            valid_until=made.valid_until,
            dirty_since=now,
            # Changes that came meanwhile get a window of their own, so that a burst is not published change by change.
            not_before=Case(When(wanted__gt=made.wanted, then=Value(now + window)), default=F("not_before")),
        ):
            return False
        result = Result(
            derived_id=made.derived_id,
            payload=made.payload,
            payload_hash=made.payload_hash,
            as_of=made.as_of,
            built_at=now,
        )
        fields = ["payload", "payload_hash", "as_of", "built_at"]
        Result.objects.bulk_create([result], update_conflicts=True, unique_fields=["derived"], update_fields=fields)
    return True


def still_held(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows one after the other, those to come kept from other builders however long the batch takes."""
    asked = time.monotonic()
    for done, row in enumerate(rows):
        if time.monotonic() - asked > lease(row.calculation).total_seconds() / 2:
            until = clock.now() + lease(row.calculation)
            left = Derived.objects.filter(pk__in=[one.pk for one in rows[done:]], lease_until__isnull=False)
            left.update(lease_until=until)
            asked = time.monotonic()
        yield row


def leave_to_others(row: Row) -> None:
    """A part needs a formula that this process does not know yet: not again at once."""
    not_before = clock.now() + WINDOWS[calculations()[row.calculation].lane]
    Derived.objects.filter(pk=row.pk).update(lease_until=None, not_before=not_before)


def note_failure(row: Row, error: Exception) -> None:
    """Count the attempt and wait longer after each; a change of the inputs, meanwhile or later, starts over at once."""
    attempts = row.attempts + 1
    failed = Derived.objects.filter(pk=row.pk)
    failed.filter(wanted=row.wanted, built__lt=row.wanted).update(
        attempts=attempts, last_error=sentence(error), not_before=clock.now() + back_off(attempts)
    )
    failed.update(lease_until=None)


def sentence(error: Exception) -> str:
    """One line that every database stores: PostgreSQL refuses NUL and halves of characters."""
    text = f"{type(error).__name__}: {error}"
    return "".join(char if char.isprintable() else " " for char in text)[:400]


def back_off(attempts: int) -> timedelta:
    """1, 2, 4 ... seconds, at most five minutes."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 20)), LONGEST_BACK_OFF)


def plans_with_work(lane: Lane) -> list[int]:
    """The plans in which something is stale: one query."""
    found = Derived.objects.filter(built__lt=F("wanted"), retired_at=None, calculation__in=lane_keys(lane))
    return list(found.order_by("plan_id").values_list("plan_id", flat=True).distinct())


def build_everything(lane: Lane = Lane.FAST) -> int:
    """Build what is due in every plan. A plan that fails holds up no other."""
    return sum(_build_or_log(plan_id, lane) for plan_id in plans_with_work(lane))


def _build_or_log(plan_id: int, lane: Lane) -> int:
    try:
        return build_plan(plan_id, lane)
    except Exception:
        log.exception("the figures of plan %s could not be built; the other plans go on", plan_id)
        return 0
