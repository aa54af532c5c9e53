"""Files that people ask for and fetch later: the kinds there are, and what a person may ask of a job.

The database is the queue. `ask` puts a job in, `cancel` and `retry` change its state; workers take it from there, see
`job_runner`. Each change is one conditional update, so that of two who change the same job at once one comes first and
the other sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from ssoplanner.core.models import Plan, Role, User
from ssoplanner.recompute import bell, clock
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.models import Job, JobState

MOST_WAITING = 3  # unfinished jobs of one person in one plan
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
AGAIN = (JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED)


class CannotAsk(Exception):
    """The job was not put into the queue; `str()` says why and what to do."""


class CannotCancel(Exception):
    """There is nothing to cancel any more; `str()` says so."""


class CannotMake(Exception):
    """The file cannot be made here, and trying again would not help; `str()` says why and what to do."""


# `report(percent, text)`: to be called every few seconds, never inside a transaction. It keeps the job ours and raises
# what ends the work, see `job_runner`.
Report = Callable[[int, str], None]
Run = Callable[[Job, IO[bytes], Report], None]  # it leaves the file open


Parameters = dict[str, str]


def no_parameters(sent: Mapping[str, str]) -> Parameters:
    return {}


def nothing_more(parameters: Parameters) -> str:
    return ""


def nothing_lacking() -> str:
    return ""


@dataclass(frozen=True)
class JobKind:
    """`run(job, file, report)` writes the file. Only members with one of `roles` ask for it and fetch it.

    `read` takes from what was sent with the wish the parameters that the job keeps, and leaves out what is odd;
    `about` says them in words, for the title. `name` stands in the file's name in place of the key. `lacking` says what
    this server lacks to make such files, and what to do; nothing if it can.
    """

    key: str
    title: str
    text: str
    roles: frozenset[Role]
    suffix: str
    content_type: str
    run: Run
    expires_after: timedelta = timedelta(days=1)
    lane: Lane = Lane.FAST
    read: Callable[[Mapping[str, str]], Parameters] = no_parameters
    about: Callable[[Parameters], str] = nothing_more
    name: str = ""
    lacking: Callable[[], str] = nothing_lacking

    def title_of(self, job: Job) -> str:
        """The kind's title, and what the job leaves out or takes."""
        return ": ".join(filter(None, (self.title, self.about(job.parameters))))


_kinds: dict[str, JobKind] = {}


def job_kind(key: str, *, roles: Iterable[Role], **facts: Any) -> Callable[[Run], Run]:
    """Declare the function below as a kind of job; `facts` are the other fields of `JobKind`."""

    def declare(run: Run) -> Run:
        if key in _kinds:
            raise ValueError(f"two kinds of job are called {key}")
        _kinds[key] = JobKind(key=key, roles=frozenset(roles), run=run, **facts)
        return run

    return declare


def job_kinds() -> Mapping[str, JobKind]:
    """Key -> kind, in the order in which they were declared."""
    return _kinds


def jobs_folder() -> Path:
    """Where the files are: one folder that the web server and all workers share. Made when it is first needed."""
    folder = Path(settings.VAR_DIR) / "jobs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def jobs_of(plan: Plan, user: User) -> QuerySet[Job]:
    """The person's own jobs in the plan, newest first."""
    return Job.objects.filter(plan=plan, user=user).order_by("-asked_at", "-pk")


def ask(*, plan: Plan, user: User, kind: str, parameters: Mapping[str, Any] | None = None) -> Job:
    """Put a job into the queue and wake a worker. Raises `CannotAsk` if too many of theirs wait already."""
    now = clock.now()
    with transaction.atomic():
        _check_waiting(plan, user)
        job = Job.objects.create(
            plan=plan, user=user, kind=kind, parameters=dict(parameters or {}), asked_at=now, not_before=now
        )
        transaction.on_commit(ring, robust=True)
    return job


def cancel(job: Job) -> None:
    """Stop a job: at once while it waits, at its next report while it runs. Raises `CannotCancel`."""
    # First the wish, which every step of a worker heeds, then the state: a job that moves on in between is caught.
    if not Job.objects.filter(pk=job.pk, state__in=UNFINISHED).update(cancel_requested=True):
        raise CannotCancel("It had ended already.")
    stop_waiting_ones()


def stop_waiting_ones() -> int:
    """Cancel what waits in the queue and was asked to stop."""
    asked = Job.objects.filter(state=JobState.QUEUED, cancel_requested=True)
    return asked.update(state=JobState.CANCELLED, finished_at=clock.now())


def retry(job: Job) -> None:
    """Put an ended job without a file back into the queue, as new. Raises `CannotAsk`."""
    expire()
    now = clock.now()
    with transaction.atomic():
        _check_waiting(job.plan, job.user)
        ended = Job.objects.filter(pk=job.pk, state__in=AGAIN)
        if not ended.update(
            state=JobState.QUEUED,
            asked_at=now,
            not_before=now,
            started_at=None,
            finished_at=None,
            expires_at=None,
            attempts=0,
            progress=0,
            progress_text="",
            cancel_requested=False,
            error="",
        ):
            raise CannotAsk("It is on its way already, or there.")
        transaction.on_commit(ring, robust=True)


def expire() -> int:
    """Take back the files that have had their time; `sweep_jobs` removes them."""
    over = Job.objects.filter(state=JobState.DONE, expires_at__lte=clock.now())
    return over.update(state=JobState.EXPIRED, file="")


def note_download(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(downloads=F("downloads") + 1, downloaded_at=clock.now())


def ring() -> None:
    bell.ring("ssoplanner.recompute.tasks.work_on_jobs")


def _check_waiting(plan: Plan, user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)  # two requests at once are counted one after the other
    if jobs_of(plan, user).filter(state__in=UNFINISHED).count() >= MOST_WAITING:
        raise CannotAsk(
            f"You have {MOST_WAITING} exports on their way in this plan. Wait until one is ready, or cancel one."
        )
