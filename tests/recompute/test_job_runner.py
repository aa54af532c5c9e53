"""What workers make of the queue of jobs; whatever happens to them, no job ever has two files."""

from __future__ import annotations

import logging
import re
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from django.db import OperationalError

from ssoplanner.core.models import Plan
from ssoplanner.recompute import jobs, tasks
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.job_runner import (
    BROKE,
    DIED,
    MOST_ATTEMPTS,
    NOT_WRITTEN,
    LeaseLost,
    claim,
    publish,
    report,
    run_jobs,
    sweep_jobs,
)
from ssoplanner.recompute.jobs import Report, jobs_folder
from ssoplanner.recompute.models import Job, JobState
from ssoplanner.recompute.plans import delete_plan
from tests.recompute.conftest import Clock
from tests.recompute.queue import DIED_AFTER, DeclareKind, files, now, write

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


# --- The plain way ----------------------------------------------------------------------------------------------------


def test_a_job_waits_until_a_worker_writes_its_file(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    kind(write, expires_after=timedelta(hours=5))
    job = asked()
    assert (job.state, files()) == (JobState.QUEUED, [])

    assert run_jobs() == 1

    job = now(job)
    assert (job.state, job.progress, job.attempts, job.error) == (JobState.DONE, 100, 1, "")
    assert (job.finished_at, job.expires_at) == (stepped.time, stepped.time + timedelta(hours=5))
    assert (job.file_name, job.size) == ("here-list-2026-11-25.txt", 4)
    assert files() == [job.file] and (jobs_folder() / job.file).read_bytes() == b"done"
    assert (job.lease_token, job.lease_until) == ("", None)
    assert run_jobs() == 0


def test_the_name_holds_the_date_in_the_plans_zone(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    kind(write)
    stepped.step(4 * 3600)  # 16:00 in London, the next day in Tokyo
    job = asked()
    run_jobs()
    assert now(job).file_name == "here-list-2026-11-26.txt"


def test_files_are_for_our_eyes_only_and_named_by_chance(asked: Callable[..., Job], kind: DeclareKind) -> None:
    modes = []

    def work(job: Job, file: IO[bytes], report: Report) -> None:
        modes.extend(path.stat().st_mode for path in jobs_folder().iterdir())

    kind(work)
    first, second = asked(), asked()
    run_jobs()
    modes += [(jobs_folder() / name).stat().st_mode for name in files()]
    assert {stat.S_IMODE(mode) for mode in modes} == {0o600} and len(modes) == 2 + 1 + 2
    assert stat.S_IMODE(jobs_folder().stat().st_mode) == 0o700
    names = {now(first).file, now(second).file}
    assert len(names) == 2 and all(re.fullmatch("[0-9a-f]{32}", name) for name in names)


def test_a_report_is_stored_and_keeps_the_lease(asked: Callable[..., Job], kind: DeclareKind, stepped: Clock) -> None:
    kind(write)
    asked()
    job = claim(Lane.FAST)
    assert job is not None and claim(Lane.FAST) is None
    for percent, stored in ((40, 40), (-3, 0), (170, 100)):
        stepped.step(DIED_AFTER - 2)
        report(job, percent, "x" * 300)
        assert (now(job).progress, now(job).progress_text) == (stored, "x" * 120)
        assert claim(Lane.FAST) is None


def test_who_waited_longest_comes_first_and_a_new_attempt_begins_at_nothing(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    seen: list[tuple[int, int, str]] = []

    def work(job: Job, file: IO[bytes], report: Report) -> None:
        seen.append((job.pk, now(job).progress, now(job).progress_text))

    kind(work)
    first, second = asked(), asked()
    Job.objects.filter(pk=first.pk).update(
        not_before=stepped.time - timedelta(seconds=1), progress=7, progress_text="x"
    )
    Job.objects.filter(pk=second.pk).update(not_before=stepped.time - timedelta(seconds=2))
    run_jobs()
    assert seen == [(second.pk, 0, ""), (first.pk, 0, "")]


def test_lanes_do_not_wait_for_each_other(asked: Callable[..., Job], kind: DeclareKind) -> None:
    kind(write)
    kind(write, key="long", lane=Lane.SLOW)
    quick, slow = asked(), asked("long")
    tasks.work_on_jobs()
    assert (now(quick).state, now(slow).state) == (JobState.DONE, JobState.QUEUED)
    tasks.look_for_slow_jobs()
    assert now(slow).state == JobState.DONE


def test_a_kind_that_this_worker_does_not_know_is_left_to_others(asked: Callable[..., Job], kind: DeclareKind) -> None:
    kind(write)
    unknown, known = asked("newer"), asked()
    assert run_jobs() == 1
    assert (now(unknown).state, now(known).state) == (JobState.QUEUED, JobState.DONE)


def test_two_kinds_cannot_have_one_name(kind: DeclareKind) -> None:
    kind(write)
    with pytest.raises(ValueError, match="list"):
        kind(write)


def test_workers_look_for_jobs_by_themselves() -> None:
    work = {timer.name: timer.work for timer in tasks.timers}
    assert work["jobs"] is run_jobs
    assert work["slow jobs"] is tasks.look_for_slow_jobs
    assert work["old jobs"] is sweep_jobs


# --- Trouble ----------------------------------------------------------------------------------------------------------


def test_an_error_of_ours_fails_at_once_and_says_it_plainly(
    asked: Callable[..., Job], kind: DeclareKind, caplog: pytest.LogCaptureFixture
) -> None:
    def work(job: Job, file: IO[bytes], report: Report) -> None:
        file.write(b"half")
        raise KeyError("secret detail")

    kind(work)
    job, after = asked(), asked()
    with caplog.at_level(logging.CRITICAL, "ssoplanner"):
        assert run_jobs() == 2
    assert (now(job).state, now(job).error, now(after).state) == (JobState.FAILED, BROKE, JobState.FAILED)
    assert files() == []
    assert now(job).attempts == 1 and "secret" not in now(job).error


def test_the_log_says_what_the_page_does_not(
    asked: Callable[..., Job], kind: DeclareKind, caplog: pytest.LogCaptureFixture
) -> None:
    def work(job: Job, file: IO[bytes], report: Report) -> None:
        raise KeyError("secret detail")

    kind(work)
    job = asked()
    run_jobs()
    assert f"job {job.pk} failed" in caplog.text and "secret detail" in caplog.text


@pytest.mark.parametrize("trouble", [OSError("disk full"), OperationalError("gone"), TimeoutError()])
def test_trouble_of_the_machine_is_tried_again_after_longer_and_longer_pauses(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock, trouble: Exception
) -> None:
    def work(job: Job, file: IO[bytes], report: Report) -> None:
        report(60, "")
        raise trouble

    kind(work)
    job = asked()
    assert run_jobs() == 1
    assert (now(job).state, now(job).progress, now(job).error) == (JobState.QUEUED, 0, "")
    for pause in (1, 2):
        stepped.step(pause - 0.1)
        assert run_jobs() == 0
        stepped.step(0.1)
        assert run_jobs() == 1
    assert (now(job).state, now(job).error, now(job).attempts) == (JobState.FAILED, NOT_WRITTEN, MOST_ATTEMPTS)
    assert files() == []


def test_a_second_attempt_may_succeed(asked: Callable[..., Job], kind: DeclareKind, stepped: Clock) -> None:
    def work(job: Job, file: IO[bytes], report: Report) -> None:
        if job.attempts == 1:
            raise OSError("disk full")
        file.write(b"better")

    kind(work)
    job = asked()
    run_jobs()
    stepped.step(1)
    run_jobs()
    assert (now(job).state, now(job).attempts) == (JobState.DONE, 2)
    assert (jobs_folder() / now(job).file).read_bytes() == b"better"


def test_a_folder_that_cannot_be_written_is_trouble_of_the_machine(
    asked: Callable[..., Job], kind: DeclareKind, settings: Any, tmp_path: Path
) -> None:
    kind(write)
    (tmp_path / "file").touch()
    settings.VAR_DIR = tmp_path / "file"
    job = asked()
    assert run_jobs() == 1
    assert (now(job).state, now(job).attempts) == (JobState.QUEUED, 1)


# --- Workers that die -------------------------------------------------------------------------------------------------


def test_another_worker_takes_over_when_the_lease_has_ended(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    kind(write)
    asked()
    dead = claim(Lane.FAST)
    assert dead is not None
    stepped.step(DIED_AFTER - 2)
    assert run_jobs() == 0
    stepped.step(2)
    assert run_jobs() == 1
    assert (now(dead).state, now(dead).attempts) == (JobState.DONE, 2)


def test_after_three_deaths_the_job_has_failed(asked: Callable[..., Job], kind: DeclareKind, stepped: Clock) -> None:
    kind(write)
    job = asked()
    for _ in range(MOST_ATTEMPTS):
        assert claim(Lane.FAST) is not None
        stepped.step(DIED_AFTER)
    assert claim(Lane.FAST) is None and now(job).state == JobState.RUNNING
    assert run_jobs() == 0
    assert (now(job).state, now(job).error, now(job).finished_at) == (JobState.FAILED, DIED, stepped.time)


def test_a_worker_that_lost_its_lease_can_do_nothing_more(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    kind(write)
    asked()
    slow = claim(Lane.FAST)
    assert slow is not None
    stepped.step(DIED_AFTER)
    quick = claim(Lane.FAST)
    assert quick is not None and quick.pk == slow.pk
    draft = jobs_folder() / f"{slow.lease_token}.part"
    draft.write_bytes(b"late")
    with pytest.raises(LeaseLost):
        report(slow, 90)
    with pytest.raises(LeaseLost):
        publish(slow, jobs.job_kinds()["list"], draft)
    assert (now(quick).progress, now(quick).state, now(quick).lease_token) == (0, JobState.RUNNING, quick.lease_token)
    report(quick, 30)


def test_of_two_workers_who_finish_one_job_only_the_holder_leaves_a_file(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    def work(job: Job, file: IO[bytes], report: Report) -> None:
        file.write(f"attempt {job.attempts}".encode())
        if job.attempts == 1:
            stepped.step(DIED_AFTER)
            assert run_jobs() == 1

    kind(work)
    job = asked()
    run_jobs()
    assert files() == [now(job).file]
    assert (jobs_folder() / now(job).file).read_bytes() == b"attempt 2"
    assert (now(job).state, now(job).error) == (JobState.DONE, "")


@pytest.mark.parametrize("error", [ValueError, OSError, LeaseLost])
def test_the_failure_of_a_worker_that_lost_its_lease_is_not_the_jobs(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock, error: type[Exception]
) -> None:
    def work(job: Job, file: IO[bytes], report: Report) -> None:
        if job.attempts == 1:
            stepped.step(DIED_AFTER)
            run_jobs()
            raise error

    kind(work)
    job = asked()
    run_jobs()
    assert (now(job).state, len(files())) == (JobState.DONE, 1)


def test_a_job_whose_lease_is_lost_while_its_file_gets_its_name_leaves_none(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def slow_rename(path: Path, target: Path) -> Path:
        stepped.step(DIED_AFTER)
        claim(Lane.FAST)
        return rename(path, target)

    kind(write)
    job = asked()
    monkeypatch.setattr(Path, "rename", slow_rename)
    run_jobs()
    assert (now(job).state, now(job).attempts, files()) == (JobState.RUNNING, 2, [])


def test_a_plan_that_is_removed_takes_its_jobs_along(asked: Callable[..., Job], kind: DeclareKind) -> None:
    kind(lambda job, file, report: delete_plan(Plan.objects.get(pk=job.plan_id), reason="test"))
    asked()
    run_jobs()
    assert (Job.objects.count(), files()) == (0, [])


def test_a_clock_that_is_put_back_holds_nothing_up(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    kind(write)
    waiting, left = asked(), asked()
    Job.objects.filter(pk=left.pk).update(not_before=stepped.time - timedelta(seconds=9))
    assert claim(Lane.FAST) == left
    stepped.step(-3600)
    assert run_jobs() == 2
    assert (now(waiting).state, now(left).state) == (JobState.DONE, JobState.DONE)


def test_a_worker_whose_clock_is_a_little_slow_takes_nothing_from_others(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    kind(write)
    asked()
    assert claim(Lane.FAST) is not None
    stepped.step(-1)
    assert claim(Lane.FAST) is None


# --- Clearing away ----------------------------------------------------------------------------------------------------


def test_a_file_goes_when_its_time_is_over_and_the_row_stays(
    asked: Callable[..., Job], kind: DeclareKind, stepped: Clock
) -> None:
    kind(write, expires_after=timedelta(hours=1))
    old = asked()
    run_jobs()
    stepped.step(1800)
    young = asked()
    run_jobs()
    stepped.step(1799)
    assert sweep_jobs() == 0 and len(files()) == 2
    stepped.step(1)
    assert sweep_jobs() == 1
    assert (now(old).state, now(old).file, files()) == (JobState.EXPIRED, "", [now(young).file])
    assert now(old).file_name == "here-list-2026-11-25.txt"


def test_files_that_no_job_knows_are_removed_and_those_of_running_ones_stay(
    asked: Callable[..., Job], kind: DeclareKind
) -> None:
    kept = []

    def work(job: Job, file: IO[bytes], report: Report) -> None:
        (jobs_folder() / "0123").touch()
        (jobs_folder() / "4567.part").touch()
        named = jobs_folder() / job.lease_token  # as in the moment before the row says that it is done
        named.touch()
        kept.append(sweep_jobs())
        assert files() == sorted([*done, job.lease_token, f"{job.lease_token}.part"])

    kind(write)
    kind(work, key="sweeping")
    first = asked()
    run_jobs()
    done = files()
    second = asked("sweeping")
    run_jobs()
    assert kept == [2]
    assert files() == sorted([now(first).file, now(second).file])
