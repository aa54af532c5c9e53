"""Questionnaires stand among the tasks of who is asked, with the day on which they close, and of nobody else."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assess.models import Questionnaire
from assess.tasks import questionnaires
from ssoplanner.access.gate import members_of, plan_for
from ssoplanner.core.models import Agency
from ssoplanner.recompute.writer import update
from ssoplanner.web.tasks.lines import State, TaskLine, scope_of
from tests.web.browsing import Page, now
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db


def lines(world: World, actor: str) -> list[TaskLine]:
    return list(questionnaires(scope_of(plan_for(world.here.people[actor], "here"))))


def test_an_open_questionnaire_waits_until_its_campaign_closes(world: World) -> None:
    (line,) = lines(world, "lead")
    assert (line.title, line.due, line.state) == (
        "Answer for Agency own here: First campaign",
        date(2099, 1, 5),
        State.LATER,
    )
    assert line.notes == ("1 of 1 answered.",)
    assert lines(world, "board") == lines(world, "office") == []
    shown = Page(world.client("lead").get(reverse("my_tasks", kwargs={"slug": "here"}))).text
    assert "Answer for Agency own here: First campaign" in shown


def test_once_it_is_closed_or_before_it_opens_nothing_waits(world: World) -> None:
    campaign = now(world.here.campaign)
    for opens, closes in ((date(2020, 1, 1), date(2020, 2, 1)), (date(2098, 1, 1), date(2098, 2, 1))):
        campaign = update(campaign, actor=COMMAND, version=campaign.version, values={"opens": opens, "closes": closes})
        assert lines(world, "lead") == []


def test_what_is_submitted_is_done(world: World) -> None:
    sheet = now(world.here.sheet)
    update(sheet, actor=COMMAND, version=sheet.version, values={"submitted_at": timezone.now()})
    (line,) = lines(world, "lead")
    assert line.state is State.DONE and line.done_on is not None


def test_it_asks_the_database_as_often_for_many_people_as_for_one(world: World) -> None:
    one, all_of_them = scope_of(plan_for(world.here.people["lead"], "here")), scope_of(*members_of(world.here.plan))
    for number in range(5):
        agency = make(Agency, world.here.plan, code=f"N{number}", name=f"New {number}")
        who = {"respondent": world.here.people["board"], "agency": agency}
        make(Questionnaire, world.here.plan, campaign=world.here.campaign, **who)
    counts = []
    for scope in (one, all_of_them):
        with CaptureQueriesContext(connection) as queries:
            found = list(questionnaires(scope))
        counts.append((len(queries), len(found)))
    assert counts[0][0] == counts[1][0] and counts[1][1] > counts[0][1]
