"""What a person may ask of a job: have it made, cancel it, have it made again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ssoplanner.access.invitations import new_account
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.job_runner import claim, run_jobs
from ssoplanner.recompute.jobs import CannotAsk, CannotCancel, Report, ask, cancel, retry
from ssoplanner.recompute.models import Job, JobState
from ssoplanner.recompute.plans import new_plan
from tests.recompute.conftest import Clock
from tests.recompute.queue import DIED_AFTER, DeclareKind, files, now, write
from tests.world import COMMAND

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_a_fourth_unfinished_job_is_refused_for_the_same_person_and_plan_only(
    asked: Callable[..., Job], kind: DeclareKind, asker: dict[str, Any]
) -> None:
    kind(write)
    first = asked()
    asked(), asked()
    claim(Lane.FAST)  # what runs counts too
    with pytest.raises(CannotAsk, match="You have 3 exports on their way in this plan"):
        asked()
    other = new_account(email="lea@example.gov", name="Lea", password=None)
    ask(**{**asker, "user": other}, kind="list")
    ask(**{**asker, "plan": new_plan(name="Next", actor=COMMAND)}, kind="list")
    cancel(Job.objects.get(**asker, state=JobState.QUEUED, pk__gt=first.pk + 1))
    asked()
    assert Job.objects.count() == 6


# --- Cancelling -------------------------------------------------------------------------------------------------------


def test_a_waiting_job_is_cancelled_at_once(asked: Callable[..., Job], kind: DeclareKind, stepped: Clock) -> None:
    kind(write)
    job, other = asked(), asked()
    cancel(job)
    assert (now(job).state, now(job).finished_at) == (JobState.CANCELLED, stepped.time)
    assert run_jobs() == 1
    assert (now(job).state, now(other).state) == (JobState.CANCELLED, JobState.DONE)


def test_a_running_job_stops_at_its_next_report(asked: Callable[..., Job], kind: DeclareKind) -> None:
    reached = []

    def work(job: Job, file: IO[bytes], report: Report) -> None:
        report(10, "")
        reached.append("first")
        cancel(job)
        report(20, "")
        reached.append("second")

    kind(work)
    job = asked()
    run_jobs()
    assert (now(job).state, reached, files()) == (JobState.CANCELLED, ["first"], [])
    assert now(job).progress == 10


def test_a_job_that_never_reports_again_is_still_not_published(asked: Callable[..., Job], kind: DeclareKind) -> None:
    kind(lambda job, file, report: cancel(job))
    job = asked()
    run_jobs()
    assert (now(job).state, files()) == (JobState.CANCELLED, [])


def test_a_wish_that_comes_while_the_file_gets_its_name_counts_too(
    asked: Callable[..., Job], kind: DeclareKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def slow_rename(path: Path, target: Path) -> Path:
        cancel(job)
        return rename(path, target)

    kind(write)
    job = asked()
    monkeypatch.setattr(Path, "rename", slow_rename)
    run_jobs()
    assert (now(job).state, files()) == (JobState.CANCELLED, [])


def test_cancelling_catches_a_job_that_is_put_back_at_that_moment(asked: Callable[..., Job], kind: DeclareKind) -> None:
    def work(job: Job, file: IO[bytes], report: Report) -> None:
        cancel(job)
        raise OSError("disk full")

    kind(work)
    job = asked()
    run_jobs()
    run_jobs()
    assert (now(job).state, now(job).attempts) == (JobState.CANCELLED, 1)


def test_a_job_whose_worker_died_is_cancelled_when_its_lease_ends(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    kind(write)
    job = asked()
    claim(Lane.FAST)
    cancel(job)
    assert run_jobs() == 0 and now(job).state == JobState.RUNNING
    stepped.step(DIED_AFTER)
    assert claim(Lane.FAST) is None
    assert run_jobs() == 0 and now(job).state == JobState.CANCELLED


def test_what_has_ended_cannot_be_cancelled(asked: Callable[..., Job], kind: DeclareKind) -> None:
    kind(write)
    job = asked()
    run_jobs()
    with pytest.raises(CannotCancel, match="It had ended already"):
        cancel(job)
    assert now(job).state == JobState.DONE and not now(job).cancel_requested


# --- Once more --------------------------------------------------------------------------------------------------------


def test_a_failed_job_begins_anew_at_a_persons_word(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    good: list[bool] = []

    def work(job: Job, file: IO[bytes], report: Report) -> None:
        report(33, "a third")
        if not good:
            raise ValueError

    kind(work)
    job = asked()
    run_jobs()
    stepped.step(100)
    good.append(True)
    retry(job)
    again = now(job)
    assert (again.state, again.progress, again.progress_text, again.error) == (JobState.QUEUED, 0, "", "")
    assert (again.attempts, again.asked_at, again.not_before) == (0, stepped.time, stepped.time)
    assert (again.started_at, again.finished_at, again.expires_at) == (None, None, None)
    run_jobs()
    assert now(job).state == JobState.DONE


def test_a_cancelled_and_an_expired_job_can_be_made_again(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    kind(write)
    expired = asked()
    run_jobs()
    stepped.step(25 * 3600)  # nobody has swept yet
    cancelled = asked()
    cancel(cancelled)
    retry(expired), retry(cancelled)
    assert run_jobs() == 2
    assert {now(expired).state, now(cancelled).state} == {JobState.DONE}


def test_what_is_on_its_way_or_there_is_not_made_again(asked: Callable[..., Job], kind: DeclareKind) -> None:
    kind(write)
    job = asked()
    for _ in ("queued", "running", "done"):
        with pytest.raises(CannotAsk, match="on its way already, or there"):
            retry(job)
        if now(job).state == JobState.QUEUED:
            claim(Lane.FAST)
        elif now(job).state == JobState.RUNNING:
            Job.objects.update(state=JobState.DONE, file="f", expires_at=now(job).asked_at + timedelta(days=1))
    assert now(job).state == JobState.DONE


def test_making_again_counts_among_the_three(asked: Callable[..., Job], kind: DeclareKind) -> None:
    kind(write)
    job = asked()
    cancel(job)
    asked(), asked(), asked()
    with pytest.raises(CannotAsk, match="You have 3 exports"):
        retry(job)
    assert now(job).state == JobState.CANCELLED


# --- What the database itself keeps -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd", [{"progress": 101}, {"state": "odd"}, {"state": "done"}, {"file": "x"}, {"state": "done", "file": "x"}]
)
def test_odd_rows_are_refused(asked: Callable[..., Job], kind: DeclareKind, odd: dict[str, Any]) -> None:
    job = asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**odd)
    assert now(job).state == JobState.QUEUED


def test_no_two_jobs_have_one_file(asked: Callable[..., Job], kind: DeclareKind, stepped: Clock) -> None:
    done = {"state": JobState.DONE, "file": "same", "expires_at": stepped.time}
    first, second = asked(), asked()
    Job.objects.filter(pk=first.pk).update(**done)
    with pytest.raises(DatabaseError), transaction.atomic():
        Job.objects.filter(pk=second.pk).update(**done)
