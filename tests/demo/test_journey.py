"""Where the demo plan stands: in the middle, by statuses, owners and dates alone, and without breaking a rule."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ssoplanner.access.gate import members_of
from ssoplanner.core.models import Membership, Role
from ssoplanner.steps.models import Comment, Decision, DecisionState, Evidence, StepProgress, StepStatus, Vote
from ssoplanner.steps.registry import step, steps
from ssoplanner.web.tasks.lines import State, lines, scope_of
from ssoplanner.web.tasks.page import BarTasks
from tests.replaying import load_demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey() -> dict[str, StepProgress]:
    plan, _ = load_demo()
    return {row.step: row for row in StepProgress.objects.for_plan(plan)}


def test_every_step_has_its_dates_and_every_status_is_seen(journey: dict[str, StepProgress]) -> None:
    assert journey.keys() == {one.key for one in steps()}
    assert all(row.planned_start and row.due for row in journey.values())
    assert {row.status for row in journey.values()} == set(StepStatus)
    assert [row.step for row in journey.values() if row.status == StepStatus.CRITICAL] == ["assess.capabilities"]
    later = {row.status for key, row in journey.items() if not key.startswith(("assess.", "design."))}
    assert later == {StepStatus.UPCOMING}


def test_no_step_is_due_before_what_it_waits_for(journey: dict[str, StepProgress]) -> None:
    early = [
        (key, need) for key, row in journey.items() for need in step(key).needs if str(row.due) < str(journey[need].due)
    ]
    assert early == []


def test_days_and_ticks_agree_with_the_status(journey: dict[str, StepProgress]) -> None:
    for row in journey.values():
        assert (row.completed is not None) == (row.status == StepStatus.COMPLETE), row
        assert (row.started is None) == (row.status == StepStatus.UPCOMING), row
        if row.status == StepStatus.COMPLETE:
            assert len(row.met) == len(row.declared.done_when), row
        if row.status == StepStatus.UPCOMING:
            assert row.met == [], row


def test_people_talk_and_nothing_is_decided(journey: dict[str, StepProgress]) -> None:
    plan = journey["assess.readiness"].plan
    members = set(Membership.objects.for_plan(plan).values_list("user_id", flat=True))
    comments = Comment.objects.for_plan(plan).prefetch_related("mentions")
    assert {comment.author_id for comment in comments} <= members and len(comments) >= 3
    assert any(comment.mentions.all() for comment in comments)
    assert {row.owner_id for row in journey.values() if row.owner_id} <= members
    assert None in {row.owner_id for row in journey.values()}
    assert 2 <= Evidence.objects.for_plan(plan).count() <= 6
    decisions = Decision.objects.for_plan(plan)
    assert {decision.state for decision in decisions} == {DecisionState.DRAFT}
    assert not Vote.objects.for_plan(plan).exists()


def test_everybody_who_works_has_tasks_and_every_state_is_seen(
    journey: dict[str, StepProgress], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of the day for which the demo is written; whoever is told something that is made up is told so."""
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime(2026, 11, 30, 17, tzinfo=UTC))
    members = members_of(journey["assess.readiness"].plan)
    tasks = [line for line in lines(scope_of(*members)) if line.kind == "Task"]
    workers = {member.user.pk for member in members if not member.has(Role.VIEWER)}
    assert {line.person for line in tasks} == workers
    assert {line.state for line in tasks} == set(State)
    busy = {person for person in workers if BarTasks(next(m for m in members if m.user.pk == person)).counts.total}
    assert busy == workers
    assert all(note.startswith(("Illustrative.", "About ")) for line in tasks for note in line.notes)
