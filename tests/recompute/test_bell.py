"""The bell and the timers: a worker hears of a change soon, and a broker in trouble never holds up a save."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction

from ssoplanner.core.models import Agency
from ssoplanner.recompute import bell, tasks, timers
from ssoplanner.recompute.bell import Bell
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.timers import Timer
from tests.recompute.figures import agency, change, small_plan
from tests.world import make

ONCE_IN, AFTER_FAILURE = 0.3, 0.2


class Broker:
    """Notes which plan was rung when. `trouble` is called instead, while there is one."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, float]] = []
        self.trouble: Callable[[], None] | None = None

    def send(self, plan_id: int) -> None:
        if self.trouble is not None:
            self.trouble()
        self.heard.append((plan_id, time.monotonic()))

    def plans(self) -> list[int]:
        return [plan_id for plan_id, _ in self.heard]

    def wait_for(self, messages: int) -> None:
        give_up = time.monotonic() + 10
        while len(self.heard) < messages and time.monotonic() < give_up:
            time.sleep(0.005)
        assert len(self.heard) >= messages


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    mine = Broker()
    monkeypatch.setattr(bell, "send", mine.send)
    monkeypatch.setattr(bell, "ONCE_IN", ONCE_IN)
    monkeypatch.setattr(bell, "AFTER_FAILURE", AFTER_FAILURE)
    yield mine
    mine.trouble = None


def test_a_ring_is_sent_soon(broker: Broker) -> None:
    started = time.monotonic()
    Bell().ring(7)
    broker.wait_for(1)
    assert broker.plans() == [7]
    assert time.monotonic() - started < ONCE_IN


def test_a_burst_is_two_rings_and_the_last_change_is_among_them(broker: Broker) -> None:
    mine = Bell()
    for _ in range(50):
        mine.ring(7)
    broker.wait_for(1)
    mine.ring(7)
    last = time.monotonic()
    broker.wait_for(2)
    time.sleep(ONCE_IN * 1.5)
    [first, second] = [at for _, at in broker.heard]
    assert second >= last
    assert second - first >= ONCE_IN * 0.99


def test_plans_do_not_wait_for_each_other(broker: Broker) -> None:
    mine = Bell()
    for plan_id in (1, 2, 3, 1):
        mine.ring(plan_id)
    broker.wait_for(3)
    assert sorted(broker.plans()[:3]) == [1, 2, 3]
    assert broker.heard[2][1] - broker.heard[0][1] < ONCE_IN


def test_whoever_saves_does_not_wait_for_a_broker_that_hangs(broker: Broker) -> None:
    mine, released, hanging = Bell(), threading.Event(), threading.Event()

    def hang() -> None:
        hanging.set()
        released.wait(10)

    broker.trouble = hang
    mine.ring(7)
    assert hanging.wait(10)
    started = time.monotonic()
    for plan_id in range(100):
        mine.ring(plan_id)
    assert time.monotonic() - started < 0.2
    broker.trouble = None
    released.set()
    broker.wait_for(101)
    assert sorted(broker.plans()) == sorted([7, *range(100)])


def test_a_broker_that_refuses_is_left_alone_for_a_while_and_then_asked_again(
    broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    mine, refused = Bell(), list[float]()

    def refuse() -> None:
        refused.append(time.monotonic())
        raise ConnectionError("nobody there")

    broker.trouble = refuse
    for plan_id in (1, 2):
        mine.ring(plan_id)
    while len(refused) < 2:
        time.sleep(0.005)
    broker.trouble = None
    mine.ring(3)
    broker.wait_for(1)
    assert broker.plans() == [3]
    assert refused[1] - refused[0] >= AFTER_FAILURE
    assert "no worker could be woken (nobody there)" in caplog.text


def test_a_forked_process_rings_a_bell_of_its_own(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Bell()
    before.process = os.getpid() + 1
    before.thread = threading.current_thread()  # it looks alive, and lives in the other process
    monkeypatch.setattr(bell, "_bell", before)
    bell.ring(7)
    broker.wait_for(1)
    assert broker.plans() == [7]
    assert bell._bell is not before


def test_the_message_is_worthless_after_a_minute_and_is_never_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.build, "apply_async", lambda **options: sent.append(options))
    bell.send(7)
    assert sent == [{"kwargs": {"plan_id": 7}, "expires": 60, "ignore_result": True, "retry": False}]


def test_what_the_message_starts_builds_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []
    monkeypatch.setattr(tasks, "build_plan", built.append)
    tasks.build(plan_id=7)
    assert built == [7]


# --- A save rings ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_save_rings_once_for_each_plan_after_its_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, other = small_plan(), small_plan(slug="other")
    rung: list[int] = []
    monkeypatch.setattr("ssoplanner.recompute.saving.ring", rung.append)
    with saving():
        for number in (1, 2):
            change(agency(plan, number), headcount=7)
        make(Agency, other, code="NEW", name="New")
        assert rung == []
    assert rung == [plan.pk, other.pk]
    change(agency(plan), headcount=7)  # as it is
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        change(agency(plan), headcount=8)
        raise ZeroDivisionError
    assert rung == [plan.pk, other.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_bell_that_breaks_does_not_break_the_save(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    plan = small_plan()

    def broken(plan_id: int) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("ssoplanner.recompute.saving.ring", broken)
    change(agency(plan), headcount=7)
    assert agency(plan).headcount == 7
    assert "can't start new thread" in caplog.text


# --- Timers ---------------------------------------------------------------------------------------------------------


def test_a_timer_begins_at_once_goes_on_after_an_error_and_stops(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.CRITICAL, logger="ssoplanner.recompute.timers")
    monkeypatch.setattr(timers, "close_old_connections", lambda: None)
    calls, enough = list[float](), threading.Event()

    def work() -> None:
        calls.append(time.monotonic())
        if len(calls) == 4:
            enough.set()
        raise ValueError("no")

    timer, started = Timer("a test", 0.05, work), time.monotonic()
    timer.start()
    assert enough.wait(10)
    timer.stop()
    assert timer.thread is not None
    timer.thread.join(10)
    assert not timer.thread.is_alive()
    assert calls[0] - started < 0.04
    assert all(later - earlier >= 0.05 * 0.8 for earlier, later in pairwise(calls))


def test_timers_of_many_workers_do_not_fall_into_step(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    timer = Timer("a test", 10.0, lambda: None)
    monkeypatch.setattr(timers, "close_old_connections", lambda: None)
    monkeypatch.setattr(timer.stopping, "wait", lambda seconds: waits.append(seconds) or len(waits) == 50)
    timer._run()
    assert 8 <= min(waits) < 9
    assert 11 < max(waits) <= 12
