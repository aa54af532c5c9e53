"""What tests of the queue of jobs share: a kind of work, and looks at what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from ssoplanner.recompute import job_runner
from ssoplanner.recompute.jobs import Report, jobs_folder
from ssoplanner.recompute.models import Job

DeclareKind = Callable[..., None]
DIED_AFTER = job_runner.LEASE.total_seconds() + 1


def write(job: Job, file: IO[bytes], report: Report) -> None:
    report(50, "half of it")
    file.write(b"done")


def now(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def files() -> list[str]:
    return sorted(path.name for path in jobs_folder().iterdir())
