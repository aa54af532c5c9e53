"""What workers do for figures and jobs. Messages carry no data: what is to be done stands in the database."""

from __future__ import annotations

import os
import socket
import time
from datetime import timedelta

from celery import shared_task

from ssoplanner.recompute import clock
from ssoplanner.recompute.building import build_everything, build_plan
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.job_runner import run_jobs, sweep_jobs
from ssoplanner.recompute.models import Worker
from ssoplanner.recompute.sweep import seed, sweep
from ssoplanner.recompute.timers import Timer

LOOK_EVERY = 3.0
SEED_EVERY = 60.0
SWEEP_JOBS_EVERY = 60.0
GONE_AFTER = timedelta(days=1)
WORKER = f"{socket.gethostname()}:{os.getpid()}"
_seeded = -SEED_EVERY


@shared_task  # type: ignore[untyped-decorator]
def build(*, plan_id: int) -> None:
    """Build what is stale in a plan. Safe to run twice, or never."""
    build_plan(plan_id)


@shared_task  # type: ignore[untyped-decorator]
def work_on_jobs() -> None:
    """Run the quick jobs that wait. Safe to run twice, or never."""
    run_jobs(Lane.FAST)


def look() -> None:
    """What each worker does every few seconds even if no message comes."""
    say_alive()
    seed_sometimes()
    sweep()
    build_everything(Lane.FAST)


def seed_sometimes() -> None:
    global _seeded  # noqa: PLW0603
    if time.monotonic() - _seeded >= SEED_EVERY:
        seed()
        _seeded = time.monotonic()


def look_slowly() -> None:
    build_everything(Lane.SLOW)


def look_for_slow_jobs() -> None:
    run_jobs(Lane.SLOW)


def say_alive() -> None:
    """Note that this worker lives, and forget those that were not seen for a day."""
    now = clock.now()
    Worker.objects.update_or_create(name=WORKER, defaults={"seen_at": now}, create_defaults=_born(now))
    Worker.objects.filter(seen_at__lt=now - GONE_AFTER).delete()


def _born(now: object) -> dict[str, object]:
    return {"name": WORKER, "seen_at": now, "started_at": now}


timers = (
    Timer("figures", LOOK_EVERY, look).with_worker(),
    Timer("slow figures", LOOK_EVERY, look_slowly).with_worker(),
    Timer("jobs", LOOK_EVERY, run_jobs).with_worker(),
    Timer("slow jobs", LOOK_EVERY, look_for_slow_jobs).with_worker(),
    Timer("old jobs", SWEEP_JOBS_EVERY, sweep_jobs).with_worker(),
)
