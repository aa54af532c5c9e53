"""A decision at a gate from its draft to its close: what is frozen, who votes, what is refused, and two at once."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from ssoplanner.access.gate import plan_for
from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import AuditEvent, Membership, Role, User
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Result
from ssoplanner.recompute.writer import Actor, delete, update
from ssoplanner.steps import voting
from ssoplanner.steps.gate import GO, GO_WITH_CONDITIONS, NO_GO
from ssoplanner.steps.models import Condition, Decision, Task, Vote
from ssoplanner.steps.tasks import finish_task, reopen_task
from ssoplanner.steps.voting import CannotDecide, FiguresMoved
from tests.recompute.figures import ENGINE
from tests.world import COMMAND, PASSWORD, PlanRows, make, make_plan

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
LATER = date(2099, 1, 5)


@pytest.fixture
def rows(db: None) -> PlanRows:
    made = make_plan("here")
    build_plan(made.plan.pk)
    return made


def person(rows: PlanRows, name: str, role: Role = Role.BOARD) -> User:
    user = new_account(email=f"{name}@here.example.gov", name=name, password=PASSWORD)
    make(Membership, rows.plan, user=user, role=role)
    return user


def draft(rows: PlanRows) -> Decision:
    return voting.prepare(rows.plan, "assess", actor=COMMAND, values={"question": "Do we go on?", "body": None})


def opened(rows: PlanRows) -> Decision:
    return voting.open_vote(draft(rows), actor=COMMAND)


def vote(decision: Decision, user: User, option: str = GO, reason: str = "It holds.", stamp: str = "") -> Vote:
    return voting.cast(
        decision,
        plan_for(user, decision.plan.slug),
        actor=Actor(user=user, source=COMMAND.source),
        option=option,
        reason=reason,
        stamp=stamp or voting.stamp_of(decision),
    )


def move(rows: PlanRows) -> None:
    """A position changes, and with it the alignment and the scorecard."""
    update(rows.sponsor, actor=COMMAND, version=rows.sponsor.version, values={"position": "committed"})
    rows.sponsor.refresh_from_db()


def now(row: Any) -> Any:
    return type(row)._base_manager.get(pk=row.pk)


# --- Opening --------------------------------------------------------------------------------------------------------


def test_opening_freezes_results_voters_and_rules(rows: PlanRows) -> None:
    update(rows.plan, actor=COMMAND, version=rows.plan.version, values={"majority": Decimal("0.6")})
    build_plan(rows.plan.pk)
    found = opened(rows)
    stored = {
        one.derived.calculation: one for one in Result.objects.filter(derived__plan=rows.plan, derived__partition="")
    }
    frozen = voting.results_of(found)
    assert frozen[0]["calculation"] == "assess.gate" and len(frozen) == 8
    for one in frozen:
        assert one["hash"] == stored[one["calculation"]].payload_hash
    assert found.rests_on["voters"] == [rows.people["board"].pk] and found.voters == 1
    assert (found.quorum, found.majority) == (Decimal("0.5"), Decimal("0.6"))
    assert found.recommendation.startswith("No") and found.opened_at is not None


def test_the_quorum_of_the_body_goes_before_that_of_the_plan(rows: PlanRows) -> None:
    update(rows.body, actor=COMMAND, version=rows.body.version, values={"quorum": Decimal("0.75")})
    made = voting.prepare(rows.plan, "assess", actor=COMMAND, values={"question": "?", "body": now(rows.body)})
    assert voting.open_vote(made, actor=COMMAND).quorum == Decimal("0.75")


def test_it_is_not_opened_while_figures_are_computed(rows: PlanRows) -> None:
    made = draft(rows)
    move(rows)
    with pytest.raises(CannotDecide, match="being computed"):
        voting.open_vote(made, actor=COMMAND)
    assert now(made).state == "draft"
    build_plan(rows.plan.pk)
    assert voting.open_vote(made, actor=COMMAND).state == "voting"


def test_it_is_not_opened_without_a_board_nor_twice(rows: PlanRows) -> None:
    board = rows.memberships["board"]
    made = draft(rows)
    delete(board, actor=COMMAND, version=board.version)
    with pytest.raises(CannotDecide, match="Nobody in this plan is a board member"):
        voting.open_vote(made, actor=COMMAND)
    person(rows, "Bea")
    voting.open_vote(made, actor=COMMAND)
    with pytest.raises(CannotDecide, match="The vote is open"):
        voting.open_vote(made, actor=COMMAND)


def test_a_gate_without_a_scorecard_is_not_voted_on(rows: PlanRows) -> None:
    with pytest.raises(CannotDecide, match="no scorecard yet"):
        voting.open_vote(rows.decision, actor=COMMAND)


def test_one_decision_at_a_time(rows: PlanRows) -> None:
    made = draft(rows)
    with pytest.raises(ValidationError, match="being prepared already"):
        draft(rows)
    voting.open_vote(made, actor=COMMAND)
    with pytest.raises(ValidationError, match="open for votes already"):
        draft(rows)
    voting.withdraw(made, actor=COMMAND)
    assert draft(rows).pk != made.pk


# --- Voting ---------------------------------------------------------------------------------------------------------


def test_a_vote_without_reason_or_with_another_option_is_refused_beside_its_field(rows: PlanRows) -> None:
    found = opened(rows)
    with pytest.raises(ValidationError) as refused:
        vote(found, rows.people["board"], option="Maybe", reason="  ")
    assert set(refused.value.error_dict) == {"option", "reason"}
    assert not Vote.objects.for_plan(rows.plan).exists()


def test_a_second_vote_is_refused_until_the_first_is_taken_back(rows: PlanRows) -> None:
    found, board = opened(rows), rows.people["board"]
    vote(found, board, NO_GO)
    with pytest.raises(CannotDecide, match="You have voted already: No-go"):
        vote(found, board, GO)
    voting.take_back(found, plan_for(board, rows.plan.slug), actor=COMMAND)
    vote(found, board, GO)
    assert [one.option for one in voting.cast_votes(found)] == [GO]
    voting.take_back(found, plan_for(board, rows.plan.slug), actor=COMMAND)
    with pytest.raises(CannotDecide, match="have not voted"):
        voting.take_back(found, plan_for(board, rows.plan.slug), actor=COMMAND)


@pytest.mark.parametrize("actor", ["office", "lead", "analyst", "viewer"])
def test_only_the_board_votes(rows: PlanRows, actor: str) -> None:
    with pytest.raises(CannotDecide, match="Only board members vote"):
        vote(opened(rows), rows.people[actor])


def test_who_joined_later_or_left_the_board_has_no_vote(rows: PlanRows) -> None:
    found = opened(rows)
    with pytest.raises(CannotDecide, match="joined the board after"):
        vote(found, person(rows, "Bea"))
    board = rows.memberships["board"]
    update(board, actor=COMMAND, version=board.version, values={"role": Role.ANALYST})
    with pytest.raises(CannotDecide, match="Only board members vote"):
        vote(found, rows.people["board"])


def test_no_vote_before_opening_and_after_closing(rows: PlanRows) -> None:
    made, board = draft(rows), rows.people["board"]
    with pytest.raises(CannotDecide, match="not open yet"):
        vote(made, board)
    found = voting.open_vote(made, actor=COMMAND)
    vote(found, board)
    voting.close(found, actor=COMMAND)
    with pytest.raises(CannotDecide, match="vote is closed"):
        vote(found, board)


# --- Figures that move ----------------------------------------------------------------------------------------------


def test_a_vote_after_the_figures_moved_is_not_counted(rows: PlanRows) -> None:
    found, board = opened(rows), rows.people["board"]
    move(rows)
    with pytest.raises(CannotDecide, match="being computed"):
        vote(found, board)
    build_plan(rows.plan.pk)
    with pytest.raises(FiguresMoved):
        vote(found, board)
    assert not Vote.objects.for_plan(rows.plan).exists()


def test_figures_computed_anew_to_the_same_are_the_same(rows: PlanRows) -> None:
    found = opened(rows)
    for position in ("committed", "opposed"):
        update(rows.sponsor, actor=COMMAND, version=rows.sponsor.version, values={"position": position})
        rows.sponsor.refresh_from_db()
        build_plan(rows.plan.pk)
    assert vote(found, rows.people["board"]).option == GO


def test_a_form_from_the_round_before_is_not_counted(rows: PlanRows) -> None:
    found, board = opened(rows), rows.people["board"]
    before = voting.stamp_of(found)
    move(rows)
    build_plan(rows.plan.pk)
    again = voting.new_round(found, actor=COMMAND)
    with pytest.raises(FiguresMoved):
        vote(again, board, stamp=before)
    assert vote(again, board).option == GO


def test_the_next_round_withdraws_the_votes_and_the_audit_keeps_them(rows: PlanRows) -> None:
    found, board = opened(rows), rows.people["board"]
    cast = vote(found, board, NO_GO, "Too early.")
    with pytest.raises(CannotDecide, match="Nothing has moved"):
        voting.new_round(found, actor=COMMAND)
    move(rows)
    build_plan(rows.plan.pk)
    again = voting.new_round(found, actor=COMMAND)
    assert again.round == 2 and voting.cast_votes(again) == []
    gone = AuditEvent.objects.filter(plan=rows.plan, model="vote", row_id=cast.pk, action="delete").get()
    assert gone.before["reason"] == "Too early." and gone.before["option"] == NO_GO
    assert voting.stamp_of(again) != voting.stamp_of(found)


def test_a_new_board_may_be_given_a_round_of_its_own(rows: PlanRows) -> None:
    found, late = opened(rows), person(rows, "Bea")
    again = voting.new_round(found, actor=COMMAND)
    assert again.voters == 2 and vote(again, late).option == GO


# --- Closing --------------------------------------------------------------------------------------------------------


def test_without_quorum_or_majority_it_stays_open(rows: PlanRows) -> None:
    voters = [rows.people["board"], *(person(rows, name) for name in ("Bea", "Cy", "Dee"))]
    found = opened(rows)
    vote(found, voters[0])
    with pytest.raises(CannotDecide, match=r"no quorum: 1 of 4 have voted, and 2 must; one more is needed"):
        voting.close(found, actor=COMMAND)
    vote(found, voters[1], NO_GO)
    with pytest.raises(CannotDecide, match="No option has a majority: 1 Go, 1 No-go"):
        voting.close(found, actor=COMMAND)
    assert now(found).state == "voting"
    vote(found, voters[2])
    assert voting.close(found, actor=COMMAND, minutes="All there.").outcome == GO


def condition(found: Decision, owner: User, **values: Any) -> Condition:
    given = {"decision": found, "text": "A funding letter", "owner": owner, "due": LATER, **values}
    row: Condition = make(Condition, found.plan, **given)
    return row


def asked(rows: PlanRows) -> bool:
    """Is there a task that came from a decision?"""
    return Task.objects.for_plan(rows.plan).filter(origin__startswith="Decision").exists()


def test_conditions_become_tasks_and_are_met_when_these_are_done(rows: PlanRows) -> None:
    found = opened(rows)
    row = condition(found, rows.people["office"])
    vote(found, rows.people["board"], GO_WITH_CONDITIONS)
    done = voting.close(found, actor=Actor(user=rows.people["office"], source=COMMAND.source))
    row = now(row)
    assert done.outcome == GO_WITH_CONDITIONS and row.task is not None
    task = row.task
    assert (task.title, task.due, task.owner) == (row.text, row.due, row.owner)
    assert task.origin == f"Decision {found.pk}" and found.question in task.detail
    assert voting.is_met(row) is False
    finish_task(task, actor=COMMAND)
    assert voting.is_met(now(row)) is True
    reopen_task(now(task), actor=COMMAND)
    assert voting.is_met(now(row)) is False


def test_going_on_with_conditions_needs_one(rows: PlanRows) -> None:
    found = opened(rows)
    vote(found, rows.people["board"], GO_WITH_CONDITIONS)
    with pytest.raises(CannotDecide, match="none is named"):
        voting.close(found, actor=COMMAND)
    assert now(found).state == "voting" and not asked(rows)


def test_a_condition_whose_day_has_passed_stops_the_closing_and_nothing_is_written(rows: PlanRows) -> None:
    found = opened(rows)
    condition(found, rows.people["office"], text="In time")
    condition(found, rows.people["office"], text="Too late", due=date(2020, 1, 1))
    vote(found, rows.people["board"], GO_WITH_CONDITIONS)
    with pytest.raises(CannotDecide, match=r"Too late.*This day is past"):
        voting.close(found, actor=COMMAND)
    assert not asked(rows)


def test_conditions_that_nobody_asked_for_fall_away(rows: PlanRows) -> None:
    found = opened(rows)
    condition(found, rows.people["office"])
    vote(found, rows.people["board"], GO)
    assert voting.close(found, actor=COMMAND).outcome == GO
    assert not Condition.objects.for_plan(rows.plan).filter(decision=found).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"due": date(2020, 1, 1)}, "due"), ({"owner": "viewer"}, "owner"), ({"owner": "stranger"}, "owner")],
)
def test_a_condition_needs_somebody_who_can_do_it_and_a_day_ahead(
    rows: PlanRows, values: dict[str, Any], field: str
) -> None:
    stranger = new_account(email="s@example.org", name="S", password=PASSWORD)
    people = {**rows.people, "stranger": stranger}
    given = {"owner": people[values.get("owner", "office")], "due": values.get("due", LATER)}
    with pytest.raises(ValidationError) as refused:
        voting.check_condition(rows.decision, given["owner"], given["due"])
    assert list(refused.value.error_dict) == [field]


def test_what_was_frozen_stays_whatever_is_computed_later(rows: PlanRows) -> None:
    found = opened(rows)
    frozen = found.rests_on
    vote(found, rows.people["board"])
    voting.close(found, actor=COMMAND)
    move(rows)
    build_plan(rows.plan.pk)
    assert now(found).rests_on == frozen
    for again in (voting.new_round, voting.withdraw, voting.open_vote, voting.close):
        with pytest.raises(CannotDecide, match="vote is closed"):
            again(found, actor=COMMAND)


# --- Two at once ----------------------------------------------------------------------------------------------------


def at_once(*works: Any) -> list[BaseException | None]:
    """Run each in a thread of its own, all begun together; what each raised."""
    ready, raised = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Any) -> None:
        try:
            ready.wait(10)
            work()
        except BaseException as error:
            raised[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


def test_two_votes_of_two_people_at_once_both_count(rows: PlanRows) -> None:
    voters = [rows.people["board"], *(person(rows, name) for name in ("Bea", "Cy"))]
    found = opened(rows)
    raised = at_once(*(lambda who=who: vote(now(found), who) for who in voters))
    assert raised == [None, None, None]
    assert len(voting.cast_votes(found)) == 3


def test_one_vote_sent_twice_at_once_counts_once(rows: PlanRows) -> None:
    found, board = opened(rows), rows.people["board"]
    raised = at_once(lambda: vote(now(found), board), lambda: vote(now(found), board, NO_GO))
    assert sorted(type(one).__name__ for one in raised) == ["CannotDecide", "NoneType"]
    assert len(voting.cast_votes(found)) == 1


def test_a_vote_while_it_is_closed_is_counted_or_refused_and_never_lost(rows: PlanRows) -> None:
    late = person(rows, "Bea")
    found = opened(rows)
    vote(found, rows.people["board"])
    refused, failed = at_once(lambda: vote(now(found), late), lambda: voting.close(now(found), actor=COMMAND))
    assert failed is None
    assert (refused is None) == (len(voting.cast_votes(found)) == 2)
    assert now(found).outcome == GO


def test_two_who_prepare_at_once_make_one_decision(rows: PlanRows) -> None:
    raised = at_once(lambda: draft(rows), lambda: draft(rows))
    assert sorted(type(one).__name__ for one in raised) == ["NoneType", "ValidationError"]
    assert Decision.objects.for_plan(rows.plan).filter(phase="assess").count() == 1


def test_days_are_the_plans_own(rows: PlanRows) -> None:
    today = rows.plan.day_of(voting.clock.now())
    voting.check_condition(rows.decision, rows.people["office"], today)
    with pytest.raises(ValidationError, match="past"):
        voting.check_condition(rows.decision, rows.people["office"], today - timedelta(days=1))
