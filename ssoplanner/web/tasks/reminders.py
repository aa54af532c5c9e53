"""The mail about what is due: who is written to, when, and about what.

From 07:00 in the plan's zone each member with something overdue, due within seven days or waiting for their answer gets
at most one mail a day, and only if something in it is news. News is derived from days: a line is news on the day on
which it comes within the seven days, on the day on which it is due, on each Monday while it is overdue, and when
somebody gave or mentioned it. What became news since the person's last mail counts, so a day on which no worker ran or
no mail got through is made up for by the next; whoever never got a mail is told of everything at once.

Two workers never send the same mail: the row `Reminder` of that plan, person and day is stored first, and only one can
store it. A mail that the server refuses takes its row along, so that the next look sends it again, later that day;
while no server answers nothing is stored at all. A worker that dies between storing and sending leaves a row without
`sent_at`: nobody is written to twice, that person hears of it the next day.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse

from ssoplanner.access.gate import Member, members_of
from ssoplanner.core.models import Plan
from ssoplanner.recompute import clock
from ssoplanner.steps.models import Reminder
from ssoplanner.web.tasks.lines import SOON, URGENT, Scope, State, TaskLine, lines, sources
from ssoplanner.web.tasks.page import Counts, ShownLine, counts_of, shown

log = logging.getLogger(__name__)
FROM_HOUR = 7
LONGEST = 25  # lines of a mail, the others are counted
MONDAY = 0
# These concern one mail: an address that the server refuses, or one that no server can be told.
ABOUT_ONE_MAIL = (SMTPResponseException, SMTPRecipientsRefused, ValueError)


@dataclass(frozen=True)
class Letter:
    """What one person is to be told."""

    member: Member
    lines: Sequence[ShownLine]
    counts: Counts

    @property
    def more(self) -> int:
        return max(len(self.lines) - LONGEST, 0)


def send_reminders() -> int:
    """Write to everybody who is to be told something now; returns how many mails went out."""
    now = clock.now()
    return sum(_remind(plan, now) for plan in Plan.objects.all() if _is_time(plan, now))


def _is_time(plan: Plan, now: datetime) -> bool:
    """Nobody outside is written to from a plan that is made up: its mails stay on the machine, or are not written."""
    stays_here = not (plan.illustrative and settings.EMAIL_HOST)
    return stays_here and now.astimezone(ZoneInfo(plan.time_zone)).hour >= FROM_HOUR


def _remind(plan: Plan, now: datetime) -> int:
    waiting = list(letters(plan, now))
    if not waiting:
        return 0
    sent = 0
    try:
        with get_connection() as connection:
            for letter in waiting:
                sent += _send(letter, now, connection)
    except OSError as error:
        log.warning("reminders of %s wait: no mail server answers (%s)", plan.slug, error)
    return sent


# --- What is told ---------------------------------------------------------------------------------------------------


def letters(plan: Plan, now: datetime) -> Iterator[Letter]:
    """Who is to be told what at this moment: a fixed number of queries."""
    past = Reminder.objects.filter(plan=plan)
    handled = set(past.filter(day=plan.day_of(now)).values_list("user", flat=True))
    people = {
        member.user.pk: member
        for member in members_of(plan)
        if member.user.is_active and member.user.reminders and member.user.pk not in handled
    }
    if not people:
        return
    scope = Scope(plan, people, now)
    sent = dict(past.filter(sent_at__isnull=False).values_list("user").annotate(Max("sent_at")))
    by_person: dict[int, list[TaskLine]] = {}
    for line in lines(scope, [source for source in sources() if source.in_mail]):
        if line.state in URGENT:
            by_person.setdefault(line.person, []).append(line)
    for key, found in by_person.items():
        if any(is_news(line, scope, sent.get(key)) for line in found):
            yield Letter(people[key], [shown(line, scope) for line in found], counts_of(found))


def is_news(line: TaskLine, scope: Scope, last: datetime | None) -> bool:
    """Whether it became news after the last mail to the person."""
    return last is None or any(last < moment <= scope.now for moment in news_of(line, scope))


def news_of(line: TaskLine, scope: Scope) -> Iterator[datetime]:
    """The moments at which an urgent line became news."""
    if line.told is not None:
        yield line.told
    if line.due is None:
        return
    yield _begin(line.due - SOON, scope)
    yield _begin(line.due, scope)
    if line.state is State.OVERDUE:
        monday = scope.today - timedelta(days=(scope.today.weekday() - MONDAY) % 7)
        if monday > line.due:
            yield _begin(monday, scope)


def _begin(day: date, scope: Scope) -> datetime:
    """When a day begins in the plan's zone."""
    return datetime.combine(day, time(), ZoneInfo(scope.plan.time_zone))


# --- Sending --------------------------------------------------------------------------------------------------------


def _send(letter: Letter, now: datetime, connection: Any) -> bool:
    """Whether the mail went out by this worker. Raises OSError if there is nobody to send it."""
    row = _claim(letter.member, now)
    if row is None:
        return False
    try:
        message(letter, connection).send()
    except ABOUT_ONE_MAIL:
        row.delete()
        log.exception("a reminder to user %s could not be sent; it is tried again", letter.member.user.pk)
        return False
    except BaseException:
        row.delete()
        raise
    Reminder.objects.filter(pk=row.pk).update(sent_at=now)
    return True


def _claim(member: Member, now: datetime) -> Reminder | None:
    """The right to write to this person today; None if another worker has it."""
    try:
        with transaction.atomic():
            return Reminder.objects.create(plan=member.plan, user=member.user, day=member.plan.day_of(now))
    except IntegrityError:
        return None


def message(letter: Letter, connection: Any = None) -> EmailMessage:
    plan = letter.member.plan
    context = {
        "letter": letter,
        "plan": plan,
        "parts": _parts(letter),
        "base": settings.BASE_URL,
        "tasks_url": settings.BASE_URL + reverse("my_tasks", kwargs={"slug": plan.slug}),
        "account_url": settings.BASE_URL + reverse("account"),
    }
    return EmailMessage(
        subject=" ".join(f"{letter.counts.words} in {plan}".split()),  # a header is one line
        body=render_to_string("web/reminder_mail.txt", context),
        to=[letter.member.user.email],
        connection=connection,
    )


def _parts(letter: Letter) -> list[tuple[str, list[ShownLine]]]:
    """The lines under their headings; what waits for an answer apart from what has a day."""
    told = letter.lines[:LONGEST]
    parts = [
        ("Overdue", [one for one in told if one.line.state is State.OVERDUE]),
        ("Due within seven days", [one for one in told if one.line.state is State.THIS_WEEK and one.line.due]),
        ("Somebody waits for your answer", [one for one in told if one.line.due is None]),
    ]
    return [(heading, found) for heading, found in parts if found]
