"""Work that each worker does by its own clock, so that a lost message costs seconds and nothing else."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import Any

from celery import bootsteps
from celery.signals import worker_shutting_down
from django.db import close_old_connections
from django.dispatch import Signal

log = logging.getLogger(__name__)
pool_started = Signal()


class StartTimers(bootsteps.StartStopStep):
    """A step in the start of a worker: its pool has been forked, its broker was not asked for yet.

    Celery's own `worker_ready` comes only once the broker answers, and nothing that we do by the clock needs that.
    """

    requires = ("celery.worker.components:Pool",)

    def start(self, parent: Any) -> None:
        pool_started.send(sender=None)


class Timer:
    """Calls `work` at once and every `seconds`, a fifth more or less, in a thread of its own while a worker runs.

    Whatever it raises is logged, and it is called again.
    """

    def __init__(self, name: str, seconds: float, work: Callable[[], object]) -> None:
        self.name, self.seconds, self.work = name, seconds, work
        self.stopping = threading.Event()
        self.thread: threading.Thread | None = None

    def with_worker(self) -> Timer:
        """Start and stop together with the Celery worker of this process."""
        pool_started.connect(self.start, weak=False, dispatch_uid=f"ssoplanner.{self.name}.start")
        worker_shutting_down.connect(self.stop, weak=False, dispatch_uid=f"ssoplanner.{self.name}.stop")
        return self

    def start(self, **_signal: Any) -> None:
        self.stopping.clear()
        self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self.thread.start()

    def stop(self, **_signal: Any) -> None:
        self.stopping.set()

    def _run(self) -> None:
        while True:
            try:
                close_old_connections()
                self.work()
            except Exception:
                log.exception("%s failed; it is tried again", self.name)
            if self.stopping.wait(self.seconds * random.uniform(0.8, 1.2)):
                return
