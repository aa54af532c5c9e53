"""How a body decides at a gate: prepared, opened, voted on, put to the vote again, closed or withdrawn.

Every function is one transaction of the writer, begun by locking the decision's row, so that a vote and the closing, or
two votes, come one after the other. Whatever is refused is said in a sentence, and nothing is written.

When voting opens the results are frozen with payload and hash, and so is who may vote: the board members of that
moment. A vote names the hashes that its voter saw. Where a result has moved since, nobody votes on (`FiguresMoved`)
until the program office puts the new figures to the vote as the next round; the earlier votes are withdrawn, which the
audit keeps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Membership, Plan, Role, User
from ssoplanner.phases import PHASES
from ssoplanner.recompute import clock
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, create, delete, update
from ssoplanner.steps.gate import GO_WITH_CONDITIONS, OPTIONS, GateTool, Standing, gate_tools, standings
from ssoplanner.steps.models import Condition, Decision, DecisionState, Vote
from ssoplanner.steps.tally import Tally, tally
from ssoplanner.steps.tasks import add_task


class CannotDecide(Exception):
    """Nothing was written; `str()` says why, and what to do."""


class FiguresMoved(Exception):
    """Nothing was written: what the decision rests on is not any more what the voter saw."""


COMPUTING = "{title} is being computed after a change. Wait some seconds, then try again."
MANY_COMPUTING = "Figures are being computed after a change. Wait some seconds, then try again."
NOT_OPEN = {
    DecisionState.DRAFT: "The vote is not open yet: the program office is preparing it.",
    DecisionState.VOTING: "The vote is open.",
    DecisionState.DECIDED: "The vote is closed and the decision taken. Nothing about it changes any more.",
    DecisionState.WITHDRAWN: "The decision was withdrawn. The program office can prepare another.",
}


# --- What it stands on ----------------------------------------------------------------------------------------------


def tool_of(decision: Decision) -> GateTool:
    """Raises CannotDecide where the phase has no scorecard yet."""
    if decision.phase not in gate_tools():
        raise CannotDecide("This gate has no scorecard yet, so there is nothing that a decision could rest on.")
    return gate_tools()[decision.phase]


def results_of(decision: Decision) -> list[dict[str, Any]]:
    """The frozen results; none before the vote was opened."""
    found: list[dict[str, Any]] = decision.rests_on.get("results", [])
    return found


def stamp_of(decision: Decision) -> str:
    """What a form holds of the hashes that it was drawn with."""
    return stamp_of_results(results_of(decision))


def stamp_of_results(results: Sequence[Mapping[str, Any]]) -> str:
    return hashlib.sha256(" ".join(one["hash"] for one in results).encode()).hexdigest()[:24]


def now_of(decision: Decision) -> list[Standing]:
    """The same results as they stand now: one query."""
    return standings(decision.plan, [(one["calculation"], one["partition"]) for one in results_of(decision)])


def moved(decision: Decision, now: Sequence[Standing]) -> list[Standing]:
    """Those that are not what was frozen."""
    return [one for one, frozen in zip(now, results_of(decision), strict=True) if one.hash != frozen["hash"]]


def _ready(plan: Plan, tool: GateTool) -> list[Standing]:
    """Every result, current, and the scorecard complete. Raises CannotDecide."""
    found = standings(plan, tool.rests_on)
    stale = [one for one in found if not one.is_current]
    if stale:
        raise CannotDecide(COMPUTING.format(title=stale[0].title) if len(stale) == 1 else MANY_COMPUTING)
    if any(one.is_incomplete for one in found if one.key == tool.key):
        raise CannotDecide("The scorecard is incomplete. Give what it lacks, then open the vote.")
    return found


# --- Who votes ------------------------------------------------------------------------------------------------------


def board_of(plan: Plan) -> list[User]:
    """The board members of this moment, by name: one query."""
    rows = Membership.objects.for_plan(plan).filter(role=Role.BOARD).select_related("user").order_by("user__name", "pk")
    return [row.user for row in rows]


def voters_of(decision: Decision) -> list[int]:
    """The ids of those who may vote in this round, as they were when it was opened."""
    found: list[int] = decision.rests_on.get("voters", [])
    return found


def check_votes(decision: Decision, member: Member) -> None:
    """Raise CannotDecide where the member has no vote here."""
    if decision.state != DecisionState.VOTING:
        raise CannotDecide(NOT_OPEN[DecisionState(decision.state)])
    if not member.has(Role.BOARD):
        raise CannotDecide("Only board members vote.")
    if member.user.pk not in voters_of(decision):
        raise CannotDecide("You joined the board after this vote was opened. You can vote from the next round on.")


def votes(decision: Decision, member: Member) -> bool:
    """Has the member a vote here, cast or not?"""
    try:
        check_votes(decision, member)
    except CannotDecide:
        return False
    return True


def tally_of(decision: Decision, cast: Sequence[Vote]) -> Tally:
    """Of a decision that is open or decided."""
    assert decision.quorum is not None and decision.majority is not None
    options = [vote.option for vote in cast]
    return tally(options, voters=decision.voters or 0, quorum=decision.quorum, majority=decision.majority)


# --- Preparing and opening ------------------------------------------------------------------------------------------


def prepare(plan: Plan, phase: str, *, actor: Actor, values: Mapping[str, Any]) -> Decision:
    """A gate decision as a draft; `values` are question and body. One at a time is prepared or open at a gate."""
    with saving():
        _lock_plan(plan)
        if phase not in {one.key for one in PHASES}:
            raise ValidationError("There is no such gate.")
        _check_alone(plan, phase)
        return create(Decision, plan=plan, actor=actor, values={**values, "phase": phase, "options": list(OPTIONS)})


def _lock_plan(plan: Plan) -> None:
    """Two who prepare at once come one after the other."""
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)


def _check_alone(plan: Plan, phase: str) -> None:
    busy = Decision.objects.for_plan(plan).filter(phase=phase, state__in=[DecisionState.DRAFT, DecisionState.VOTING])
    if found := busy.first():
        word = "being prepared" if found.state == DecisionState.DRAFT else "open for votes"
        raise ValidationError(f"A decision at this gate is {word} already: {found}. Decide or withdraw it first.")


def open_vote(decision: Decision, *, actor: Actor) -> Decision:
    """Freeze what it rests on and who votes, and open it. Raises CannotDecide."""
    with saving():
        current = _locked(decision, actor)
        if current.state != DecisionState.DRAFT:
            raise CannotDecide(NOT_OPEN[DecisionState(current.state)])
        return _put_to_vote(current, actor, {"state": DecisionState.VOTING})


def new_round(decision: Decision, *, actor: Actor) -> Decision:
    """Put the figures as they stand now to the vote; the earlier votes are withdrawn. Raises CannotDecide."""
    with saving():
        current = _locked(decision, actor)
        if current.state != DecisionState.VOTING:
            raise CannotDecide(NOT_OPEN[DecisionState(current.state)])
        same_board = set(voters_of(current)) == {one.pk for one in board_of(current.plan)}
        if same_board and not moved(current, now_of(current)):
            raise CannotDecide("Nothing has moved since the vote was opened, so the votes that were cast stand.")
        for vote in cast_votes(current):
            delete(vote, actor=actor, version=vote.version)
        return _put_to_vote(current, actor, {"round": current.round + 1})


def _put_to_vote(current: Decision, actor: Actor, values: dict[str, Any]) -> Decision:
    plan, tool = current.plan, tool_of(current)
    found, voters = _ready(plan, tool), board_of(plan)
    if not voters:
        raise CannotDecide("Nobody in this plan is a board member, so nobody could vote. Invite the board first.")
    quorum = current.body.quorum if current.body is not None else None
    payload = next(one.payload for one in found if one.key == tool.key)
    values |= {
        "opened_at": clock.now(),
        "rests_on": {"results": [one.frozen() for one in found], "voters": [one.pk for one in voters]},
        "voters": len(voters),
        "quorum": plan.quorum if quorum is None else quorum,
        "majority": plan.majority,
        "recommendation": tool.scorecard(payload, plan).sentence,
    }
    return update(current, actor=actor, version=current.version, values=values)


def _locked(decision: Decision, actor: Actor) -> Decision:
    """As it is now, and nobody else's until the end: an update that changes nothing."""
    return update(decision, actor=actor, version=decision.version, values={})


# --- Voting ---------------------------------------------------------------------------------------------------------


def cast_votes(decision: Decision) -> list[Vote]:
    """The votes of this round with who cast them: one query."""
    return list(Vote.objects.for_plan(decision.plan).filter(decision=decision).select_related("user").order_by("pk"))


def cast(decision: Decision, member: Member, *, actor: Actor, option: str, reason: str, stamp: str) -> Vote:
    """Vote, on the figures that `stamp` names. Raises CannotDecide, FiguresMoved, and ValidationError for the form."""
    with saving():
        current = _locked(decision, actor)
        check_votes(current, member)
        if found := Vote.objects.for_plan(current.plan).filter(decision=current, user=member.user).first():
            raise CannotDecide(f"You have voted already: {found.option}. Take that vote back to cast another.")
        wrong = {}
        if option not in OPTIONS:
            wrong["option"] = "Choose one of the three."
        if not reason.strip():
            wrong["reason"] = "Say why: a vote without a reason helps nobody who must carry it."
        if wrong:
            raise ValidationError(wrong)
        now = now_of(current)
        if stamp != stamp_of(current) or moved(current, now):
            raise FiguresMoved
        if not all(one.is_current for one in now):
            raise CannotDecide(MANY_COMPUTING)
        values = {"decision": current, "user": member.user, "option": option, "reason": reason.strip()}
        return create(Vote, plan=current.plan, actor=actor, values=values)


def take_back(decision: Decision, member: Member, *, actor: Actor) -> None:
    """Withdraw one's own vote while the vote is open. Raises CannotDecide."""
    with saving():
        current = _locked(decision, actor)
        check_votes(current, member)
        found = Vote.objects.for_plan(current.plan).filter(decision=current, user=member.user).first()
        if found is None:
            raise CannotDecide("You have not voted in this round.")
        delete(found, actor=actor, version=found.version)


# --- Conditions -----------------------------------------------------------------------------------------------------


def check_condition(decision: Decision, owner: User, due: date) -> None:
    """Raise ValidationError where nobody could be asked for it."""
    if decision.state not in {DecisionState.DRAFT, DecisionState.VOTING}:
        raise ValidationError("The decision is taken, and with it its conditions. Nothing about them changes any more.")
    if due < decision.plan.day_of(clock.now()):
        raise ValidationError({"due": "This day is past. Choose today or a later day."})
    roles = Membership.objects.for_plan(decision.plan).filter(user=owner).values_list("role", flat=True)
    if not set(roles) - {Role.VIEWER}:
        raise ValidationError({"owner": f"{owner} only reads in this plan. Choose somebody who works on it."})


def is_met(condition: Condition) -> bool:
    """A condition that became a task is met when that is done; there is no second truth."""
    return condition.met_at is not None if condition.task is None else condition.task.done_on is not None


# --- Closing --------------------------------------------------------------------------------------------------------


def close(decision: Decision, *, actor: Actor, minutes: str = "") -> Decision:
    """Take the decision that the votes come to; conditions become tasks. Raises CannotDecide."""
    with saving():
        current = _locked(decision, actor)
        if current.state != DecisionState.VOTING:
            raise CannotDecide(NOT_OPEN[DecisionState(current.state)])
        outcome = outcome_of(tally_of(current, cast_votes(current)))
        rows = list(Condition.objects.for_plan(current.plan).filter(decision=current).select_related("owner"))
        if outcome == GO_WITH_CONDITIONS:
            _ask_for(current, rows, actor)
        else:
            for row in rows:
                delete(row, actor=actor, version=row.version)
        values = {"state": DecisionState.DECIDED, "decided_at": clock.now(), "outcome": outcome, "minutes": minutes}
        return update(current, actor=actor, version=current.version, values=values)


def outcome_of(counted: Tally) -> str:
    """What is decided. Raises CannotDecide for want of votes or of a majority."""
    if not counted.has_quorum:
        more = "one more is" if counted.missing == 1 else f"{counted.missing} more are"
        said = f"{counted.cast} of {counted.voters} have voted, and {counted.needed} must"
        raise CannotDecide(f"There is no quorum: {said}; {more} needed.")
    if counted.winner is None:
        said = ", ".join(f"{counted.counts[option]} {option}" for option in OPTIONS if option in counted.counts)
        raise CannotDecide(f"No option has a majority: {said}. Votes can be taken back and cast anew.")
    return counted.winner


def _ask_for(decision: Decision, rows: Sequence[Condition], actor: Actor) -> None:
    if not rows:
        raise CannotDecide("The board goes on with conditions, and none is named. Add them with owner and date.")
    for row in rows:
        try:
            task = add_task(
                decision.plan,
                title=row.text[:200],
                detail=f"A condition of the decision: {decision.question}\n{row.text}",
                owner=row.owner,
                asked_by=actor.user,
                actor=actor,
                due=row.due,
                origin=f"Decision {decision.pk}",
            )
        except ValidationError as refusal:
            raise CannotDecide(f"Condition “{row.text}”: {' '.join(refusal.messages)}") from None
        update(row, actor=actor, version=row.version, values={"task": task})


def withdraw(decision: Decision, *, actor: Actor) -> Decision:
    """Take it off the table; its votes stay with it. Raises CannotDecide where it is decided."""
    with saving():
        current = _locked(decision, actor)
        if current.state not in {DecisionState.DRAFT, DecisionState.VOTING}:
            raise CannotDecide(NOT_OPEN[DecisionState(current.state)])
        return update(current, actor=actor, version=current.version, values={"state": DecisionState.WITHDRAWN})
