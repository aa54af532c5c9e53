"""Workers at the queue of jobs: claim one, run it, publish its file; and clear away what has had its time.

A worker holds a job by a lease with a token. Whoever lost the lease can neither report nor publish, so a job never has
two files. A worker that dies leaves its lease to run out, and another one starts over; after three attempts the job has
failed. Files are named by their token: what no row knows is left over, and removed.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Never

from django.db import InterfaceError, OperationalError
from django.db.models import F, Q, QuerySet
from django.utils.text import slugify

from ssoplanner.recompute import clock
from ssoplanner.recompute.building import back_off
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.jobs import CannotMake, JobKind, expire, job_kinds, jobs_folder, stop_waiting_ones
from ssoplanner.recompute.models import Job, JobState

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
LONGEST_PAUSE = back_off(MOST_ATTEMPTS - 1)
AT_MOST = 30.0  # seconds after which one call begins nothing new
DRAFT = ".part"
PASSING = (OSError, OperationalError, InterfaceError)  # trouble of the machine, which may be over in a moment

TELL = "If that happens again, tell whoever runs the server."
BROKE = f"Something went wrong while the file was made. Try again. {TELL}"
NOT_WRITTEN = f"The server could not write the file, although it tried {MOST_ATTEMPTS} times. Try again later. {TELL}"
DIED = f"The work broke off {MOST_ATTEMPTS} times before it was done. Try again later. {TELL}"


class Cancelled(Exception):
    """The person asked to stop."""


class LeaseLost(Exception):
    """Another worker has the job, or it is gone: nothing that is done here counts any more."""


def run_jobs(lane: Lane = Lane.FAST) -> int:
    """Run what is due until nothing is. Returns how many were run."""
    ran, until = 0, time.monotonic() + AT_MOST
    end_hopeless_ones()
    while time.monotonic() < until and (job := claim(lane)) is not None:
        carry_out(job)
        ran += 1
    return ran


# --- Claim ----------------------------------------------------------------------------------------------------------


def claim(lane: Lane) -> Job | None:
    """Take the job that has waited longest. If several workers reach for one, one of them gets it."""
    keys = [key for key, kind in job_kinds().items() if kind.lane is lane]
    now = clock.now()
    due = Job.objects.filter(_is_due(now), kind__in=keys, cancel_requested=False, attempts__lt=MOST_ATTEMPTS)
    for pk in due.order_by("not_before", "pk").values_list("pk", flat=True):
        token = secrets.token_hex(16)
        taken = due.filter(pk=pk).update(
            state=JobState.RUNNING,
            lease_token=token,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            started_at=now,
            progress=0,
            progress_text="",
        )
        if taken and (job := Job.objects.select_related("plan").filter(pk=pk, lease_token=token).first()):
            return job
    return None


def _is_due(now: datetime) -> Q:
    """It waits and its time has come, or its worker died."""
    come = Q(not_before__lte=now) | Q(not_before__gt=clock.latest(now, LONGEST_PAUSE))
    return Q(state=JobState.QUEUED) & come | _is_abandoned(now)


def _is_abandoned(now: datetime) -> Q:
    over = Q(lease_until__lte=now) | Q(lease_until__gt=clock.latest(now, LEASE))
    return Q(state=JobState.RUNNING) & over


def end_hopeless_ones() -> None:
    """What was abandoned and is not to be started again: cancelled meanwhile, or tried often enough."""
    now = clock.now()
    abandoned, ended = (
        Job.objects.filter(_is_abandoned(now)),
        {"lease_token": "", "lease_until": None, "finished_at": now},
    )
    abandoned.filter(cancel_requested=True).update(state=JobState.CANCELLED, **ended)
    abandoned.filter(attempts__gte=MOST_ATTEMPTS).update(state=JobState.FAILED, error=DIED, **ended)
    stop_waiting_ones()


# --- Run ------------------------------------------------------------------------------------------------------------


def carry_out(job: Job) -> None:
    """Run a job that this worker claimed; whatever happens, its row says how it ended."""
    try:
        _make(job, job_kinds()[job.kind])
    except Cancelled:
        _end(job, JobState.CANCELLED)
    except LeaseLost:
        log.warning("job %s went to another worker, or is gone", job.pk)
    except CannotMake as refusal:
        _end(job, JobState.FAILED, str(refusal))
    except PASSING:
        log.exception("job %s failed in attempt %s", job.pk, job.attempts)
        _put_back(job)
    except Exception:
        log.exception("job %s failed", job.pk)
        _end(job, JobState.FAILED, BROKE)


def _make(job: Job, kind: JobKind) -> None:
    draft = jobs_folder() / f"{job.lease_token}{DRAFT}"
    try:
        with _new_file(draft) as file:
            kind.run(job, file, partial(report, job))
        publish(job, kind, draft)
    finally:
        draft.unlink(missing_ok=True)


def report(job: Job, progress: int, text: str = "") -> None:
    """Say how far it is (0-100) and keep the lease. Raises `Cancelled` or `LeaseLost`, upon which the work ends."""
    kept = _held(job).update(
        progress=min(max(progress, 0), 100), progress_text=text[:120], lease_until=clock.now() + LEASE
    )
    if not kept:
        _stop(job)


def publish(job: Job, kind: JobKind, draft: Path) -> None:
    """Let the row name the file, if the job is still ours. Raises `Cancelled` or `LeaseLost`."""
    report(job, 100)
    now, final = clock.now(), draft.with_suffix("")
    draft.rename(final)
    if not _held(job).update(
        state=JobState.DONE,
        file=final.name,
        file_name=_name_for_people(job, kind, now),
        size=final.stat().st_size,
        finished_at=now,
        expires_at=now + kind.expires_after,
        lease_token="",
        lease_until=None,
        error="",
    ):
        final.unlink(missing_ok=True)
        _stop(job)


def _name_for_people(job: Job, kind: JobKind, now: datetime) -> str:
    day = job.plan.day_of(now).isoformat()
    return "-".join([job.plan.slug, kind.name or kind.key, *map(slugify, job.parameters.values()), day]) + kind.suffix


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file for our eyes only; it is on the disk when the block ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        yield file
        file.flush()
        os.fsync(descriptor)


def _ours(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token)


def _held(job: Job) -> QuerySet[Job]:
    return _ours(job).filter(cancel_requested=False)


def _stop(job: Job) -> Never:
    raise Cancelled if _ours(job).exists() else LeaseLost


def _end(job: Job, state: JobState, error: str = "") -> None:
    _ours(job).update(state=state, error=error, lease_token="", lease_until=None, finished_at=clock.now())


def _put_back(job: Job) -> None:
    """Into the queue once more, after a while that grows; not for ever."""
    if job.attempts >= MOST_ATTEMPTS:
        _end(job, JobState.FAILED, NOT_WRITTEN)
        return
    again = clock.now() + back_off(job.attempts)
    _ours(job).update(state=JobState.QUEUED, not_before=again, progress=0, lease_token="", lease_until=None)


# --- Clear away -----------------------------------------------------------------------------------------------------


def sweep_jobs() -> int:
    """Remove the files that have had their time, and those that no job knows. Returns how many files went."""
    expire()  # first the row: nobody is offered a file that is about to go
    found = list(jobs_folder().iterdir())  # before the rows are read, so that a file made meanwhile is not in doubt
    known = _known_files()
    orphans = [path for path in found if path.name.removesuffix(DRAFT) not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _known_files() -> set[str]:
    """The names that finished jobs and running ones hold, by one statement: a job passes from one to the other."""
    rows = Job.objects.filter(Q(state=JobState.RUNNING) | ~Q(file="")).values_list("file", "lease_token")
    return {name for row in rows for name in row if name}
