"""The engine's clock, in one place so that tests can step it, and how far it is trusted."""

from datetime import datetime, timedelta

from django.utils import timezone

# The clocks of two machines differ a little, and a moment passes between a look at the clock and one at the database.
CLOCKS_DIFFER = timedelta(seconds=5)


def now() -> datetime:
    return timezone.now()


def latest(moment: datetime, ahead: timedelta) -> datetime:
    """The latest that a time can be which another worker set to at most `ahead` of its own clock, as seen at `moment`.

    One that is later still was set before the clock was put back. It holds for nobody: it might be hours away.
    """
    return moment + ahead + CLOCKS_DIFFER
