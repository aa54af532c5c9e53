"""Work that each worker does by its own clock, so that a lost message costs seconds and nothing else."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from django.db import close_old_connections

log = logging.getLogger(__name__)


class Timer:
    """Calls `work` every `seconds`, a fifth more or less, in a thread of its own while a Celery worker runs.

    Whatever it raises is logged, and it is called again.
    """

    def __init__(self, name: str, seconds: float, work: Callable[[], object]) -> None:
        self.name, self.seconds, self.work = name, seconds, work
        self.stopping = threading.Event()
        self.thread: threading.Thread | None = None

    def with_worker(self) -> Timer:
        """Start and stop together with the Celery worker of this process."""
        worker_ready.connect(self.start, weak=False, dispatch_uid=f"ssoplanner.{self.name}.start")
        worker_shutting_down.connect(self.stop, weak=False, dispatch_uid=f"ssoplanner.{self.name}.stop")
        return self

    def start(self, **_signal: Any) -> None:
        self.stopping.clear()
        self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self.thread.start()

    def stop(self, **_signal: Any) -> None:
        self.stopping.set()

    def _run(self) -> None:
        while not self.stopping.wait(self.seconds * random.uniform(0.8, 1.2)):
            try:
                close_old_connections()
                self.work()
            except Exception:
                log.exception("%s failed; it is tried again", self.name)
