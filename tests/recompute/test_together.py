"""Several connections at the same time: builders beside each other, writers that do not see each other's rows yet."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import connection, connections, transaction

from ssoplanner.core.models import Agency, Plan
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.calculations import (
    PER_AGENCY,
    Audience,
    Calculation,
    Key,
    Lane,
    Upstream,
    every,
    itself,
    lane_keys,
)
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.snapshot import read_snapshot
from ssoplanner.recompute.sweep import seed_plan
from ssoplanner.recompute.verify import verify_plan
from ssoplanner.recompute.writer import Conflict, bulk_load, delete
from tests.recompute.conftest import Declare
from tests.recompute.figures import (
    ENGINE,
    SIZE,
    TOTAL,
    Figures,
    agency,
    change,
    counter,
    dirty,
    lies,
    payload,
    small_plan,
)
from tests.world import COMMAND, make

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
only_postgresql = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time, so nobody waits inside a transaction"
)
TODAY = date(2026, 11, 25)


@pytest.fixture
def live_plan(db: None, figures: Figures) -> Plan:
    """A plan under the real clock."""
    return small_plan()


@contextmanager
def beside(*works: Callable[[], Any]) -> Iterator[list[Beside]]:
    """Run each in a thread of its own; at the block's end all have ended, and what one raised fails the test."""
    threads = started(*works)
    try:
        yield threads
    finally:
        for thread in threads:
            thread.join(60)
    assert [thread.failed for thread in threads if thread.failed or thread.is_alive()] == []


class Beside(threading.Thread):
    """Work in a thread with database connections of its own."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self.work, self.failed = work, ""

    def run(self) -> None:
        try:
            self.work()
        except BaseException as error:
            self.failed = repr(error)
        finally:
            connections.close_all()


def started(*works: Callable[[], Any]) -> list[Beside]:
    threads = [Beside(work) for work in works]
    for thread in threads:
        thread.start()
    return threads


def build_until_done(plan: Plan) -> None:
    give_up = time.monotonic() + 30
    while left(plan):
        assert time.monotonic() < give_up, left(plan)
        build_plan(plan.pk)


def left(plan: Plan) -> list[Key]:
    return [key for key in dirty(plan) if key[0] in lane_keys(Lane.FAST)]


# --- Builders -------------------------------------------------------------------------------------------------------


def test_two_builders_share_the_work_and_compute_nothing_twice(
    live_plan: Plan, figures: Figures, declare: Declare
) -> None:
    declare(*figures.some("size", "share", "total", "label"))
    rows = [{"code": f"B{n}", "name": f"Bulk {n}", "headcount": n} for n in range(150)]
    bulk_load(Agency, plan=live_plan, actor=COMMAND, rows=rows, label="agencies")
    with beside(lambda: build_until_done(live_plan), lambda: build_until_done(live_plan)):
        pass
    assert len(figures.computed) == 152 * 2 + 2
    assert {key: times for key, times in figures.computed.items() if times > 1} == {}
    assert lies(live_plan, TODAY) == []


def test_two_builders_beside_a_writer_never_say_what_is_wrong(
    live_plan: Plan, figures: Figures, declare: Declare
) -> None:
    declare(*figures.some("size", "share", "total", "label"))
    writing = threading.Event()
    writing.set()

    def build_meanwhile() -> None:
        while writing.is_set() or left(live_plan):
            build_plan(live_plan.pk)

    seen: list[str] = []
    with beside(build_meanwhile, build_meanwhile):
        for number in range(40):
            change(agency(live_plan, 1 + number % 2), headcount=number)
            seen += lies(live_plan, TODAY)
        writing.clear()
    assert seen == lies(live_plan, TODAY) == left(live_plan) == []
    assert payload(live_plan, TOTAL) == {"total": 38 + 39}


def test_a_snapshot_sees_nothing_that_is_committed_meanwhile(live_plan: Plan) -> None:
    def headcounts(db: str) -> list[int]:
        rows = Agency.objects.using(db).filter(plan_id=live_plan.pk).order_by("code")
        return list(rows.values_list("headcount", flat=True))

    with read_snapshot() as db:
        before = headcounts(db)
        change(agency(live_plan), headcount=99)
        assert headcounts(db) == before == [10, 20]
    with read_snapshot() as db:
        assert headcounts(db) == [99, 20]


def test_nothing_can_be_written_through_a_snapshot(live_plan: Plan) -> None:
    with pytest.raises(Exception, match=r"read.?only"), read_snapshot() as db:
        Plan.objects.using(db).filter(pk=live_plan.pk).update(problem="x")


# --- Writers that do not see each other's rows yet ------------------------------------------------------------------


def yearly(figures: Figures) -> list[Calculation]:
    """Per agency a figure that stands on a setting of the plan too."""

    def load(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date) -> dict[str, int]:
        return {"year": Plan.objects.using(db).get(pk=plan_id).base_year}

    reads = {Agency: itself.only("headcount"), Plan: every.only("base_year")}
    return [
        Calculation(
            key=SIZE, title="Year", per=PER_AGENCY, reads=reads, audience=Audience.RELEASED, load=load, calculate=dict
        )
    ]


@only_postgresql
def test_an_agency_that_is_added_while_a_setting_changes_is_not_left_with_the_old_one(
    live_plan: Plan, figures: Figures, declare: Declare
) -> None:
    declare(*yearly(figures))

    def add_and_build() -> None:
        make(Agency, live_plan, code="NEW", name="New")
        build_until_done(live_plan)

    with beside() as threads:
        with transaction.atomic():
            change(live_plan, base_year=2030)
            threads.extend(started(add_and_build))
            threads[0].join(1.5)  # long enough to add, build and call it current, if nothing made it wait
        build_until_done(live_plan)
    new = Agency.objects.for_plan(live_plan).get(code="NEW")
    assert verify_plan(live_plan.pk).differences == ()
    assert payload(live_plan, SIZE, new.pk) == {"year": 2030}


@only_postgresql
def test_a_setting_that_changes_while_an_agency_is_added_is_seen_by_it(
    live_plan: Plan, figures: Figures, declare: Declare
) -> None:
    declare(*yearly(figures))
    with beside() as threads, transaction.atomic():
        new = make(Agency, live_plan, code="NEW", name="New")
        threads.extend(started(lambda: change(live_plan, base_year=2030)))
        threads[0].join(0.5)
        assert threads[0].is_alive()
    assert counter(live_plan, SIZE, new.pk).wanted == 2
    build_until_done(live_plan)
    assert payload(live_plan, SIZE, new.pk) == {"year": 2030}


@only_postgresql
def test_a_counter_is_not_added_for_an_agency_that_is_being_removed(live_plan: Plan, figures: Figures) -> None:
    gone = agency(live_plan)
    Derived.objects.filter(plan=live_plan, calculation=SIZE, partition=gone.pk).delete()
    with beside() as threads, transaction.atomic():
        delete(gone, actor=COMMAND, version=1)
        threads.extend(started(lambda: seed_plan(live_plan.pk)))
        threads[0].join(0.5)
    assert not Derived.objects.filter(plan=live_plan, partition=gone.pk, retired_at=None, calculation=SIZE).exists()


def test_writers_beside_each_other_never_wait_in_a_circle_and_lose_nothing(live_plan: Plan, figures: Figures) -> None:
    def edits(seed: int) -> None:
        random = Random(seed)
        for number in range(12):
            kind = random.choice(["headcount", "headcount", "status", "zone", "add", "many"])
            own = agency(live_plan, random.choice([1, 2]))
            if kind == "headcount":
                save(own, headcount=number)
            elif kind == "status":
                save(own, status=random.choice(["left", "engaged"]))
            elif kind == "zone":
                save(live_plan, time_zone=random.choice(["Europe/Berlin", "Asia/Tokyo"]))
            elif kind == "many":
                with saving():
                    for one in sorted([own, agency(live_plan, 1), agency(live_plan, 2)], key=lambda row: row.pk):
                        save(one, end_users=number)
            else:
                new = make(Agency, live_plan, code=f"N{seed}-{number}", name="New")
                delete(new, actor=COMMAND, version=1)

    with beside(*(partial(edits, seed) for seed in range(3)), lambda: build_plan(live_plan.pk)):
        pass
    build_until_done(live_plan)
    assert verify_plan(live_plan.pk).differences == ()


def save(row: Any, **values: Any) -> None:
    """As somebody who tries again when another one saved the same field."""
    while True:
        try:
            change(row, **values)
        except Conflict:
            continue
        return
