"""Wake the workers: figures went stale, somebody asked for a file, an invitation waits to be sent.

A thread of its own sends the messages, so that a broker that hangs holds up nobody. The same message is sent at most
once a second, the last of a burst included. A lost or doubled one is harmless: what is to be done stands in the
database, and each worker looks there by itself every few seconds.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import NamedTuple

from ssoplanner.celery import app

log = logging.getLogger(__name__)
ONCE_IN = 1.0  # seconds
AFTER_FAILURE = 5.0  # a broker that does not answer is left alone for so long


class Message(NamedTuple):
    """The name of the task that a worker is to run, and the plan to run it for, if it is for one."""

    task: str
    plan_id: int | None = None


class Bell:
    """The messages that wait to be sent, and the thread that sends them."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.waiting: dict[Message, float] = {}  # message -> not before
        self.sent: dict[Message, float] = {}
        self.thread: threading.Thread | None = None
        self.process = os.getpid()

    def ring(self, message: Message) -> None:
        """Ask for a message to be sent and return at once."""
        with self.changed:
            due = self.sent.get(message, -ONCE_IN) + ONCE_IN
            self.waiting.setdefault(message, max(due, time.monotonic()))
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self.thread.start()
            self.changed.notify()

    def _run(self) -> None:
        while True:
            message = self._next()
            try:
                send(message)
            except Exception as error:  # whatever the broker does wrong, saving goes on
                log.warning("no worker could be woken (%s); they look by themselves every few seconds", error)
                time.sleep(AFTER_FAILURE)

    def _next(self) -> Message:
        """The message to send next; waits until there is one."""
        with self.changed:
            while True:
                due = min(self.waiting.values(), default=None)
                if due is not None and due <= time.monotonic():
                    message = min(self.waiting, key=self.waiting.__getitem__)
                    del self.waiting[message]
                    self.sent[message] = time.monotonic()
                    return message
                self.changed.wait(None if due is None else max(due - time.monotonic(), 0.0))


def send(message: Message) -> None:
    """It is worthless after a minute, and never tried again."""
    about = {} if message.plan_id is None else {"plan_id": message.plan_id}
    app.send_task(message.task, kwargs=about, expires=60, ignore_result=True, retry=False)


_bell = Bell()


def ring(task: str, plan_id: int | None = None) -> None:
    """Have a worker run the task of this name soon: by a message that carries nothing, or which plan it is about."""
    global _bell  # noqa: PLW0603
    if _bell.process != os.getpid():  # a forked process has the object but not its thread
        _bell = Bell()
    _bell.ring(Message(task, plan_id))
