"""What workers do for access. A task carries no data; what waits stands in the database."""

import logging
import random
import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.db import close_old_connections

from ssoplanner.access import invitations

log = logging.getLogger(__name__)
EVERY_SECONDS = 15.0
stopping = threading.Event()


@shared_task  # type: ignore[untyped-decorator]
def deliver_invitations() -> None:
    """Send the invitations that wait."""
    invitations.deliver()


@worker_ready.connect(dispatch_uid="ssoplanner.invitation_timer")  # type: ignore[untyped-decorator]
def start_timer(**_signal: Any) -> None:
    """Each worker looks by itself too, so that a lost message costs seconds and no mail."""
    threading.Thread(target=_look_again_and_again, name="invitations", daemon=True).start()


@worker_shutting_down.connect(dispatch_uid="ssoplanner.invitation_timer")  # type: ignore[untyped-decorator]
def stop_timer(**_signal: Any) -> None:
    stopping.set()


def _look_again_and_again() -> None:
    while not stopping.wait(EVERY_SECONDS * random.uniform(0.8, 1.2)):
        try:
            close_old_connections()
            invitations.deliver()
        except Exception:
            log.exception("looking for unsent invitations failed; it is tried again")
