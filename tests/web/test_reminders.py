"""The mail about what is due: when, about what, to whom; never twice, never of another agency's."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import User
from ssoplanner.recompute import timers
from ssoplanner.recompute.writer import delete, update
from ssoplanner.steps.comments import add_comment, settle_mention
from ssoplanner.steps.models import Reminder, Task
from ssoplanner.steps.tasks import change_task, finish_task
from ssoplanner.web.tasks import timer
from ssoplanner.web.tasks.reminders import letters, send_reminders
from tests.web.browsing import Page, save
from tests.world import COMMAND, World, canary, make, make_plan

pytestmark = pytest.mark.django_db
SEND = "django.core.mail.backends.locmem.EmailBackend.send_messages"
DAY = timedelta(days=1)
# Wednesday the second of December 2026, 07:05 in New York.
MORNING = datetime.fromisoformat("2026-12-02T12:05:00+00:00")
TODAY = date(2026, 12, 2)
Put = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def put(monkeypatch: pytest.MonkeyPatch) -> Put:
    """Put the clock, for rows that are stored too. It begins the evening before."""

    def to(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    to(MORNING - timedelta(hours=15))
    return to


@pytest.fixture
def quiet(world: World) -> World:
    """The world without what waits for somebody in it."""
    for rows in (world.here, world.there):
        settle_mention(rows.comment, user=rows.people["lead"], actor=COMMAND)  # type: ignore[arg-type]
        for task in (rows.task, rows.other_task):
            delete(task, actor=COMMAND, version=1)  # type: ignore[arg-type]
        far = {"expires_at": MORNING + 60 * DAY}
        update(rows.invitation, actor=COMMAND, version=1, values=far)  # type: ignore[type-var]
    return world


def task(world: World, owner: str = "analyst", **values: Any) -> Task:
    people = world.here.people
    known = {"title": "Send the list", "asked_by": people["office"], "due": TODAY + 3 * DAY}
    made: Task = make(Task, world.here.plan, owner=people[owner], **{**known, **values})
    return made


def sent() -> list[str]:
    """Send what is to be sent; the addresses, without their host, of those who got mail."""
    before = len(mail.outbox)
    count = send_reminders()
    new = mail.outbox[before:]
    assert count == len(new)
    return sorted(message.to[0].split("@")[0] for message in new)


# --- What it says ---------------------------------------------------------------------------------------------------


def test_the_mail_says_what_is_due_why_and_where_and_how_to_stop_it(quiet: World, put: Put) -> None:
    task(quiet, title="Overdue one", due=TODAY - 2 * DAY, step="design.scope")
    soon = task(quiet, title="Soon & <b>", due=TODAY + 3 * DAY)
    task(quiet, title="Later one", due=TODAY + 8 * DAY)
    task(quiet, title="Some day", due=None)
    author = quiet.here.people["board"]
    add_comment(quiet.here.plan, "design.scope", author=author, actor=COMMAND, text="Secret? @analyst of here")
    put(MORNING)
    assert sent() == ["analyst"]
    message = mail.outbox[0]
    assert message.subject == "1 overdue, 1 due this week, 1 mention to answer in Plan here"
    body = message.body
    for words in (
        'this waits for you in "Plan here": 1 overdue, 1 due this week, 1 mention to answer.',
        "OVERDUE\n\n- Overdue one\n  2 days overdue, Nov 30, 2026\n  office of here asks you; step 2.1 Define shared",
        "DUE WITHIN SEVEN DAYS\n\n- Soon & <b>\n  due in 3 days, Dec 5, 2026",
        f"{django_settings.BASE_URL}/plans/here/tasks/{soon.pk}/",
        "SOMEBODY WAITS FOR YOUR ANSWER\n\n- Answer board of here\n  board of here mentioned you yesterday",
        f"{django_settings.BASE_URL}/plans/here/steps/design.scope/#comments",
        f'clear "Write to me about what is\ndue" in your account: {django_settings.BASE_URL}/account/',
    ):
        assert words in body, (words, body)
    assert "Later one" not in body and "Some day" not in body and "Secret?" not in body
    links = {address.removeprefix(django_settings.BASE_URL) for address in re.findall(r"https?://\S+", body)}
    client = quiet.client("analyst")
    assert len(links) == 5 and {client.get(link.split("#")[0]).status_code for link in links} == {200}


def test_the_subject_is_one_line_whatever_the_plan_is_called(quiet: World, put: Put) -> None:
    update(quiet.here.plan, actor=COMMAND, version=1, values={"name": "Plan\nBcc: evil@example.com"})
    task(quiet)
    put(MORNING)
    assert sent() == ["analyst"]
    assert mail.outbox[0].subject == "1 due this week in Plan Bcc: evil@example.com"
    assert mail.outbox[0].recipients() == ["analyst@here.example.gov"]


def test_a_long_mail_is_cut_and_says_so(quiet: World, put: Put) -> None:
    for number in range(30):
        task(quiet, title=f"No{number:02}")
    put(MORNING)
    sent()
    body = mail.outbox[0].body
    assert len(re.findall(r"- No\d\d", body)) == 25 and "And 5 more." in body


def test_no_mail_holds_another_agencys_rows(world: World, put: Put) -> None:
    here = world.here
    update(here.plan, actor=COMMAND, version=1, values={"leads_see_agencies": False})
    for one in (here.task, here.other_task):
        change_task(one, actor=COMMAND, version=1, values={"due": TODAY})  # type: ignore[arg-type]
    put(MORNING)
    assert {"lead", "other_lead"} <= set(sent())
    bodies = {message.to[0]: message.body + message.subject for message in mail.outbox}
    mine, theirs = bodies["lead@here.example.gov"], bodies["other_lead@here.example.gov"]
    assert canary("here-talk") in mine and canary("here-other") not in mine and "Agency other" not in mine
    assert canary("here-other") in theirs and "Agency own" not in theirs and canary("here-own") not in theirs
    assert [address for address, text in bodies.items() if "canary-there" in text and "@here." in address] == []


# --- When -----------------------------------------------------------------------------------------------------------


def test_nobody_is_written_to_before_seven_in_the_plans_zone(quiet: World, put: Put) -> None:
    task(quiet)
    for moment in ("2026-12-02T05:30:00+00:00", "2026-12-02T11:59:00+00:00"):
        put(datetime.fromisoformat(moment))
        assert sent() == []
    update(quiet.here.plan, actor=COMMAND, version=1, values={"time_zone": "Europe/Berlin"})
    assert sent() == ["analyst"]
    assert [row.day for row in Reminder.objects.all()] == [TODAY]


def test_one_mail_a_day_and_only_for_news(quiet: World, put: Put) -> None:
    """A task due on Wednesday the ninth, told early; then an answer in the evening, a day in vain, its due date."""
    task(quiet, due=TODAY + 7 * DAY)
    days: dict[int, list[str]] = {}
    for number in range(28):
        for hour in (0, 1, 11):
            put(MORNING + number * DAY + timedelta(hours=hour))
            days.setdefault(number, []).extend(sent())
    told = [TODAY + number * DAY for number, people in days.items() if people]
    assert [people for people in days.values() if len(people) > 1] == []
    # Within seven days, on its day, and then on each Monday.
    assert told == [TODAY, date(2026, 12, 9), date(2026, 12, 14), date(2026, 12, 21), date(2026, 12, 28)]


def test_what_comes_within_seven_days_is_told_on_that_day(quiet: World, put: Put) -> None:
    task(quiet, due=TODAY + 6 * DAY)
    task(quiet, due=TODAY + 9 * DAY)
    told = []
    for number in range(4):
        put(MORNING + number * DAY)
        told.append(sent())
    assert told == [["analyst"], [], ["analyst"], []]  # the first has its mail already when the second comes near


def test_what_is_given_or_asked_after_the_mail_is_told_the_next_day(quiet: World, put: Put) -> None:
    task(quiet, due=TODAY + 6 * DAY)
    put(MORNING)
    assert sent() == ["analyst"]
    put(MORNING + timedelta(hours=3))
    task(quiet, title="Another", due=TODAY + 6 * DAY)
    assert sent() == []
    put(MORNING + DAY)
    assert sent() == ["analyst"]
    assert "Another" in mail.outbox[-1].body
    put(MORNING + DAY + timedelta(hours=3))
    board = quiet.here.people["board"]
    comment = add_comment(quiet.here.plan, "design.scope", author=board, actor=COMMAND, text="@analyst of here?")
    put(MORNING + 2 * DAY)
    assert sent() == ["analyst"]
    assert "Answer board of here" in mail.outbox[-1].body
    put(MORNING + 3 * DAY)
    assert sent() == []  # it is unanswered still, and no news
    settle_mention(comment, user=quiet.here.people["analyst"], actor=COMMAND)


def test_one_s_own_changes_are_no_news(quiet: World, put: Put) -> None:
    analyst = quiet.here.people["analyst"]
    mine = task(quiet, asked_by=analyst)
    put(MORNING)
    assert sent() == ["analyst"]
    put(MORNING + timedelta(hours=1))
    change_task(mine, actor=COMMAND, version=1, values={"detail": "More"})
    put(MORNING + DAY)
    assert sent() == []


def test_what_is_done_is_not_told(quiet: World, put: Put) -> None:
    finish_task(task(quiet), actor=COMMAND)
    put(MORNING)
    assert sent() == []


# --- Who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["off", "inactive", "left"])
def test_who_wants_none_who_is_shut_out_and_who_left_get_none(quiet: World, put: Put, why: str) -> None:
    task(quiet)
    task(quiet, owner="board")
    analyst = User.objects.filter(pk=quiet.here.people["analyst"].pk)
    if why == "off":
        analyst.update(reminders=False)
    elif why == "inactive":
        analyst.update(is_active=False)
    else:
        delete(quiet.here.memberships["analyst"], actor=COMMAND, version=1)
    put(MORNING)
    assert sent() == ["board"]


def test_reminders_are_switched_off_in_the_account(quiet: World, put: Put) -> None:
    client = quiet.client("analyst")
    assert "Write to me about what is due" in Page(client.get("/account/")).text
    assert Page(client.get("/account/")).values["reminders"] == ["on"]
    values = Page(client.get("/account/")).values
    save(client, "/account/", {name: value for name, value in values.items() if name != "reminders"})
    assert "reminders" not in Page(client.get("/account/")).values
    task(quiet)
    put(MORNING)
    assert sent() == []
    save(quiet.client("analyst"), "/account/", reminders="on")
    assert sent() == ["analyst"]


def test_from_a_made_up_plan_no_mail_leaves_the_machine(quiet: World, put: Put, settings: Any) -> None:
    task(quiet)
    update(quiet.here.plan, actor=COMMAND, version=1, values={"illustrative": True})
    put(MORNING)
    settings.EMAIL_HOST = "mail.example.gov"
    assert sent() == []
    settings.EMAIL_HOST = ""
    assert sent() == ["analyst"]


# --- Mail that does not get through ---------------------------------------------------------------------------------


def test_a_refused_mail_holds_up_no_other_and_is_tried_again_the_same_day(
    quiet: World, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    task(quiet)
    task(quiet, owner="board")
    put(MORNING)
    refused = {"analyst@here.example.gov"}

    def send(self: Any, messages: list[Any]) -> int:
        for message in messages:
            if refused & set(message.to):
                raise SMTPRecipientsRefused({})
        mail.outbox.extend(messages)
        return len(messages)

    monkeypatch.setattr(SEND, send)
    assert sent() == ["board"]
    assert [row.user.email for row in Reminder.objects.all()] == ["board@here.example.gov"]
    refused.clear()
    put(MORNING + timedelta(minutes=5))
    assert sent() == ["analyst"]
    assert sent() == []


def test_while_no_server_answers_nothing_is_stored(
    quiet: World, put: Put, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    task(quiet)
    task(quiet, owner="board")
    put(MORNING)
    tries = []

    def gone(self: Any, messages: list[Any]) -> int:
        tries.append(messages)
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr(SEND, gone)
        assert sent() == []
    assert len(tries) == 1 and "no mail server answers" in caplog.text
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
        assert sent() == []
    assert not Reminder.objects.exists()
    assert sent() == ["analyst", "board"]


def refuse(self: Any) -> None:
    raise ConnectionRefusedError


def test_a_worker_that_died_while_sending_is_made_up_for_the_next_day(quiet: World, put: Put) -> None:
    task(quiet, due=TODAY + 7 * DAY)
    analyst = quiet.here.people["analyst"]
    Reminder.objects.create(plan=quiet.here.plan, user=analyst, day=TODAY)
    put(MORNING)
    assert sent() == []
    put(MORNING + DAY)
    assert sent() == ["analyst"]


# --- Workers --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_two_workers_at_once_write_to_each_person_once(put: Put) -> None:
    rows = make_plan("here")
    for person in rows.people.values():
        make(Task, rows.plan, title="T", owner=person, due=TODAY)
    put(MORNING)
    start, counts = threading.Barrier(2), []

    def work() -> None:
        start.wait(10)
        try:
            counts.append(send_reminders())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) == len(mail.outbox) == len(rows.people)
    assert len({message.to[0] for message in mail.outbox}) == len(rows.people)
    assert all(row.sent_at == MORNING for row in Reminder.objects.all())


def test_another_worker_that_was_first_is_left_alone(quiet: World, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the first looks who is to be told what, the second has sent it."""
    task(quiet)
    put(MORNING)
    look = letters

    def slow(plan: Any, now: datetime) -> Any:
        found = list(look(plan, now))
        with monkeypatch.context() as patch:
            patch.setattr("ssoplanner.web.tasks.reminders.letters", look)
            assert send_reminders() == len(found)
        return found

    with monkeypatch.context() as patch:
        patch.setattr("ssoplanner.web.tasks.reminders.letters", slow)
        assert send_reminders() == 0
    assert [message.to for message in mail.outbox] == [["analyst@here.example.gov"]]


def test_it_asks_as_often_for_many_people_as_for_few(quiet: World, put: Put) -> None:
    task(quiet)
    counts = []
    for many in (0, 20):
        for number in range(many):
            task(quiet, owner=list(quiet.here.people)[number % 5], title=f"T{number}")
        with CaptureQueriesContext(connection) as queries:
            assert len(list(letters(quiet.here.plan, MORNING))) == (5 if many else 1)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_worker_does_it_by_its_own_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr("ssoplanner.web.tasks.reminders.send_reminders", done.set)
    monkeypatch.setattr(timers, "close_old_connections", lambda: None)
    timer.timer.start()
    try:
        assert done.wait(10)
    finally:
        timer.timer.stop()
    assert ("ssoplanner.reminders.start") in {key[0] for key, *_ in timers.pool_started.receivers}
