"""What the X-ray finds at a gate: figures that moved since, conditions past their day, votes open for too long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assess.checks_gate import RULES
from ssoplanner.access.gate import plan_for
from ssoplanner.recompute import clock
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.writer import update
from ssoplanner.steps import voting
from ssoplanner.steps.gate import GO, GO_WITH_CONDITIONS
from ssoplanner.steps.models import Condition, Decision
from ssoplanner.steps.tasks import finish_task
from ssoplanner.web.xray.rules import Scope
from tests.world import COMMAND, PlanRows, make, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


@pytest.fixture
def rows(db: None) -> PlanRows:
    made = make_plan("here")
    build_plan(made.plan.pk)
    return made


def found(rows: PlanRows, key: str, later: timedelta = timedelta()) -> list[str]:
    rule, scope = next(one for one in RULES if one.key == key), Scope(rows.plan, clock.now() + later)
    return [rule.finding(row, scope).text for row in rule.source.rows(scope) if rule.is_wrong(row, scope)]


def opened(rows: PlanRows) -> Decision:
    made = voting.prepare(rows.plan, "assess", actor=COMMAND, values={"question": "Go on?", "body": None})
    return voting.open_vote(made, actor=COMMAND)


def decided(rows: PlanRows, option: str = GO) -> Decision:
    row = opened(rows)
    if option == GO_WITH_CONDITIONS:
        wanted = {"text": "A letter", "owner": rows.people["office"], "due": clock.now().date() + timedelta(days=9)}
        make(Condition, rows.plan, decision=row, **wanted)
    member, stamp = plan_for(rows.people["board"], "here"), voting.stamp_of(row)
    voting.cast(row, member, actor=COMMAND, option=option, reason="Why", stamp=stamp)
    return voting.close(row, actor=COMMAND)


def test_a_gate_is_found_once_what_it_was_decided_on_has_moved(rows: PlanRows) -> None:
    decided(rows)
    assert found(rows, "assess.gate_moved") == []
    update(rows.sponsor, actor=COMMAND, version=rows.sponsor.version, values={"position": "committed"})
    build_plan(rows.plan.pk)
    assert found(rows, "assess.gate_moved") == ["Go on?: Scorecard of gate 1, Executives behind the plan"]


def test_a_condition_is_found_past_its_day_until_its_task_is_done(rows: PlanRows) -> None:
    row = decided(rows, GO_WITH_CONDITIONS)
    assert found(rows, "assess.condition_overdue") == []
    late = timedelta(days=11)
    assert [text[:8] for text in found(rows, "assess.condition_overdue", late)] == ["A letter"]
    task = Condition.objects.for_plan(rows.plan).get(decision=row).task
    assert task is not None
    finish_task(task, actor=COMMAND)
    assert found(rows, "assess.condition_overdue", late) == []


def test_what_is_only_prepared_binds_nobody(rows: PlanRows) -> None:
    condition = rows.condition
    assert condition is not None
    update(condition, actor=COMMAND, version=condition.version, values={"due": date(2020, 1, 1)})
    assert found(rows, "assess.condition_overdue") == []


def test_a_vote_is_found_after_two_weeks(rows: PlanRows) -> None:
    opened(rows)
    assert found(rows, "assess.vote_open_long", timedelta(days=13)) == []
    assert len(found(rows, "assess.vote_open_long", timedelta(days=15))) == 1
