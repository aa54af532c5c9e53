"""What workers do for access. A task carries no data; what waits stands in the database."""

from celery import shared_task

from ssoplanner.access import invitations
from ssoplanner.recompute.timers import Timer

EVERY_SECONDS = 15.0


@shared_task  # type: ignore[untyped-decorator]
def deliver_invitations() -> None:
    """Send the invitations that wait."""
    invitations.deliver()


timer = Timer("invitations", EVERY_SECONDS, deliver_invitations).with_worker()
