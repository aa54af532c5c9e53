"""Wake the workers after a change. A lost or doubled ring is harmless: each worker looks by itself every few seconds.

A thread of its own sends the messages, so that a broker that hangs never holds up a save. A plan rings at most once a
second, the last change of a burst included.
"""

from __future__ import annotations

import logging
import os
import threading
import time

log = logging.getLogger(__name__)
ONCE_IN = 1.0  # seconds
AFTER_FAILURE = 5.0  # a broker that does not answer is left alone for so long


class Bell:
    """The plans that wait for a ring, and the thread that rings."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.waiting: dict[int, float] = {}  # plan -> not before
        self.rung: dict[int, float] = {}
        self.thread: threading.Thread | None = None
        self.process = os.getpid()

    def ring(self, plan_id: int) -> None:
        """Ask for a ring and return at once."""
        with self.changed:
            due = self.rung.get(plan_id, 0.0) + ONCE_IN
            self.waiting.setdefault(plan_id, max(due, time.monotonic()))
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self.thread.start()
            self.changed.notify()

    def _run(self) -> None:
        while True:
            plan_id = self._next()
            try:
                send(plan_id)
            except Exception as error:  # whatever the broker does wrong, saving goes on
                log.warning("no worker could be woken (%s); they look by themselves every few seconds", error)
                time.sleep(AFTER_FAILURE)

    def _next(self) -> int:
        """The plan to ring next; waits until there is one."""
        with self.changed:
            while True:
                due = min(self.waiting.values(), default=None)
                if due is not None and due <= time.monotonic():
                    plan_id = min(self.waiting, key=self.waiting.__getitem__)
                    del self.waiting[plan_id]
                    self.rung[plan_id] = time.monotonic()
                    return plan_id
                self.changed.wait(None if due is None else max(due - time.monotonic(), 0.0))


def send(plan_id: int) -> None:
    """One message without data; it is worthless after a minute, and never tried again."""
    from ssoplanner.recompute.tasks import build

    build.apply_async(kwargs={"plan_id": plan_id}, expires=60, ignore_result=True, retry=False)


_bell = Bell()


def ring(plan_id: int) -> None:
    """Wake a worker for this plan, soon."""
    global _bell  # noqa: PLW0603
    if _bell.process != os.getpid():  # a forked process has the object but not its thread
        _bell = Bell()
    _bell.ring(plan_id)
