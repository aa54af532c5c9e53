"""The reminders' place in a worker: a timer, so that no message has to arrive."""

from __future__ import annotations

from ssoplanner.recompute.timers import Timer

EVERY_SECONDS = 300.0


def remind() -> None:
    """What each worker does every few minutes. Safe to run twice, or in two workers at once."""
    # Imported where it runs: a web server only reads the lines.
    from ssoplanner.web.tasks.reminders import send_reminders

    send_reminders()


timer = Timer("reminders", EVERY_SECONDS, remind).with_worker()
