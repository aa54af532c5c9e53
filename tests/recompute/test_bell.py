"""The bell and the timers: a worker hears of a change soon, and a broker in trouble never holds up a request."""

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

from ssoplanner.access.invitations import invite, send_again
from ssoplanner.celery import app
from ssoplanner.core.models import Agency, Role
from ssoplanner.recompute import bell, tasks, timers
from ssoplanner.recompute.bell import Bell, Message, ring
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.jobs import ask, retry
from ssoplanner.recompute.models import Job, JobState
from ssoplanner.recompute.overview import try_again
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.timers import Timer
from tests.recompute.figures import agency, change, small_plan
from tests.world import COMMAND, World, make

ONCE_IN, AFTER_FAILURE, HANGS = 0.3, 0.2, 20.0
BUILD = "ssoplanner.recompute.tasks.build"
WORK_ON_JOBS = "ssoplanner.recompute.tasks.work_on_jobs"
DELIVER = "ssoplanner.access.tasks.deliver_invitations"
LEA = {"email": "lea@example.gov", "name": "Lea", "role": Role.ANALYST, "agencies": []}


class Broker:
    """Notes which message came when. `trouble` is called instead, while there is one."""

    def __init__(self) -> None:
        self.heard: list[tuple[Message, float]] = []
        self.trouble: Callable[[], None] | None = None

    def send(self, message: Message) -> None:
        if self.trouble is not None:
            self.trouble()
        self.heard.append((message, time.monotonic()))

    def messages(self) -> list[Message]:
        return [message for message, _ in self.heard]

    def plans(self) -> list[int | None]:
        return [message.plan_id for message in self.messages()]

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
    monkeypatch.setattr(bell, "_bell", Bell())
    monkeypatch.setattr(bell, "ring", ring)  # tests/conftest.py made it silent
    yield mine
    mine.trouble = None
    bell._bell.waiting.clear()  # else they would go to a real broker


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch, broker: Broker) -> None:
    """Nothing is sent a second time while the test lasts."""
    monkeypatch.setattr(bell, "ONCE_IN", 3600.0)


def test_a_ring_is_sent_soon(broker: Broker, hour: None) -> None:
    ring(BUILD, 7)
    broker.wait_for(1)
    assert broker.messages() == [Message(BUILD, 7)]


@pytest.mark.parametrize("message", [Message(BUILD, 7), Message(DELIVER)])
def test_a_burst_is_one_ring_a_second_and_the_last_change_is_among_them(broker: Broker, message: Message) -> None:
    began = time.monotonic()
    for _ in range(50):
        ring(*message)
    broker.wait_for(1)
    ring(*message)
    last = time.monotonic()
    while broker.heard[-1][1] < last:
        time.sleep(0.005)
    sent = [at for _, at in broker.heard]
    assert len(sent) <= 2 + (last - began) / ONCE_IN
    assert all(later - earlier >= ONCE_IN * 0.9 for earlier, later in pairwise(sent))


def test_plans_and_tasks_do_not_wait_for_each_other(broker: Broker, hour: None) -> None:
    messages = {Message(BUILD, 1), Message(BUILD, 2), Message(WORK_ON_JOBS), Message(DELIVER)}
    for message in [*messages, Message(BUILD, 1)]:
        ring(*message)
    broker.wait_for(4)
    assert set(broker.messages()) == messages


def test_a_broker_that_refuses_is_left_alone_for_a_while_and_then_asked_again(
    broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    refused = list[float]()

    def refuse() -> None:
        refused.append(time.monotonic())
        raise ConnectionError("nobody there")

    broker.trouble = refuse
    for plan_id in (1, 2):
        ring(BUILD, plan_id)
    while len(refused) < 2:
        time.sleep(0.005)
    broker.trouble = None
    ring(BUILD, 3)
    broker.wait_for(1)
    assert broker.plans() == [3]
    assert refused[1] - refused[0] >= AFTER_FAILURE
    assert "no worker could be woken (nobody there)" in caplog.text


def test_a_forked_process_rings_a_bell_of_its_own(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Bell()
    before.process = os.getpid() + 1
    before.thread = threading.current_thread()  # it looks alive, and lives in the other process
    monkeypatch.setattr(bell, "_bell", before)
    ring(BUILD, 7)
    broker.wait_for(1)
    assert broker.plans() == [7]
    assert bell._bell is not before


@pytest.mark.parametrize(
    ("message", "content"), [(Message(BUILD, 7), {"plan_id": 7}), (Message(WORK_ON_JOBS), {}), (Message(DELIVER), {})]
)
def test_the_message_names_a_task_is_worthless_after_a_minute_and_is_never_tried_again(
    message: Message, content: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(app, "send_task", lambda name, **options: sent.append((name, options)))
    bell.send(message)
    assert sent == [(message.task, {"kwargs": content, "expires": 60, "ignore_result": True, "retry": False})]
    app.loader.import_default_modules()
    assert message.task in app.tasks


def test_what_the_messages_start_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    monkeypatch.setattr(tasks, "build_plan", done.append)
    monkeypatch.setattr(tasks, "run_jobs", done.append)
    monkeypatch.setattr("ssoplanner.access.invitations.deliver", lambda: done.append("mail"))
    app.loader.import_default_modules()
    app.tasks[BUILD](plan_id=7)
    app.tasks[WORK_ON_JOBS]()
    app.tasks[DELIVER]()
    assert done == [7, Lane.FAST, "mail"]


# --- A broker that hangs --------------------------------------------------------------------------------------------


@pytest.fixture
def hung(broker: Broker) -> Iterator[threading.Event]:
    """The broker takes a message and does not answer until this is set."""
    released, hanging = threading.Event(), threading.Event()

    def hang() -> None:
        hanging.set()
        released.wait(HANGS)

    broker.trouble = hang
    ring(BUILD, 0)
    assert hanging.wait(10)
    yield released
    released.set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_nobody_who_saves_asks_for_a_file_or_invites_waits_for_a_broker_that_hangs(
    world: World, broker: Broker, hung: threading.Event
) -> None:
    plan, user = world.here.plan, world.here.people["board"]
    started = time.monotonic()
    change(world.here.own, headcount=7)
    job = ask(plan=plan, user=user, kind="audit")
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    retry(job)
    send_again(invite(plan=plan, actor=COMMAND, **LEA), actor=COMMAND)
    try_again(plan.pk)
    assert time.monotonic() - started < HANGS / 2
    assert broker.heard == []
    broker.trouble = None
    hung.set()
    broker.wait_for(4)
    wanted = {Message(BUILD, plan.pk), Message(WORK_ON_JOBS), Message(DELIVER)}
    assert wanted <= set(broker.messages())


# --- Who rings ------------------------------------------------------------------------------------------------------


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    heard: list[Message] = []
    monkeypatch.setattr(bell, "ring", lambda *message: heard.append(Message(*message)))
    return heard


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_save_rings_once_for_each_plan_after_its_commit(rung: list[Message]) -> None:
    plan, other = small_plan(), small_plan(slug="other")
    rung.clear()
    with saving():
        for number in (1, 2):
            change(agency(plan, number), headcount=7)
        make(Agency, other, code="NEW", name="New")
        assert rung == []
    assert rung == [Message(BUILD, plan.pk), Message(BUILD, other.pk)]
    change(agency(plan), headcount=7)  # as it is
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        change(agency(plan), headcount=8)
        raise ZeroDivisionError
    assert len(rung) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_who_asks_for_a_file_or_invites_rings_after_the_commit(world: World, rung: list[Message]) -> None:
    plan, user = world.here.plan, world.here.people["board"]
    rung.clear()
    with transaction.atomic():
        job = ask(plan=plan, user=user, kind="audit")
        assert rung == []
    assert rung == [Message(WORK_ON_JOBS)]
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    with transaction.atomic():
        retry(job)
        assert len(rung) == 1
    assert rung[1:] == [Message(WORK_ON_JOBS)]
    rung.clear()
    with transaction.atomic():
        invitation = invite(plan=plan, actor=COMMAND, **LEA)
        assert rung == []
    assert rung.count(Message(DELIVER)) == 1
    send_again(invitation, actor=COMMAND)
    assert rung.count(Message(DELIVER)) == 2


@pytest.mark.django_db
def test_having_failed_figures_tried_again_rings(world: World, rung: list[Message]) -> None:
    try_again(world.here.plan.pk)
    assert rung == [Message(BUILD, world.here.plan.pk)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_bell_that_breaks_breaks_nothing_that_rings_it(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*message: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(bell, "ring", broken)
    plan = world.here.plan
    assert change(world.here.own, headcount=7).headcount == 7
    assert ask(plan=plan, user=world.here.people["board"], kind="audit").state == JobState.QUEUED
    assert invite(plan=plan, actor=COMMAND, **LEA).state == "waiting to be sent"
    assert caplog.text.count("ring in on_commit()") == 4  # for figures twice, of the invitation too


# --- Timers ---------------------------------------------------------------------------------------------------------


def test_a_timer_begins_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "close_old_connections", lambda: None)
    begun = threading.Event()
    timer = Timer("a test", 600, begun.set)
    timer.start()
    assert begun.wait(10)
    timer.stop()


def test_a_timer_goes_on_after_an_error_and_stops(
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

    timer = Timer("a test", 0.05, work)
    timer.start()
    assert enough.wait(10)
    timer.stop()
    assert timer.thread is not None
    timer.thread.join(10)
    assert not timer.thread.is_alive()
    assert all(later - earlier >= 0.05 * 0.8 for earlier, later in pairwise(calls))


def test_timers_of_many_workers_do_not_fall_into_step(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    timer = Timer("a test", 10.0, lambda: None)
    monkeypatch.setattr(timers, "close_old_connections", lambda: None)
    monkeypatch.setattr(timer.stopping, "wait", lambda seconds: waits.append(seconds) or len(waits) == 50)
    timer._run()
    assert 8 <= min(waits) < 9
    assert 11 < max(waits) <= 12
