"""A decision at a gate as its page shows it: how far the vote is, who voted how and why, and its conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan, Role, User
from ssoplanner.steps.gate import GO, GO_WITH_CONDITIONS, NO_GO, OPTIONS
from ssoplanner.steps.models import Condition, Decision, DecisionState, Vote
from ssoplanner.steps.progress import today
from ssoplanner.steps.tally import Tally
from ssoplanner.steps.voting import is_met, stamp_of, tally_of, voters_of
from ssoplanner.web import formats

STATE_TONES = {
    DecisionState.DRAFT: "upcoming",
    DecisionState.VOTING: "on_track",
    DecisionState.DECIDED: "complete",
    DecisionState.WITHDRAWN: "neutral",
}
OPTION_TONES = {GO: "on_track", GO_WITH_CONDITIONS: "late", NO_GO: "critical"}


@dataclass(frozen=True)
class VoteLine:
    who: str
    option: str
    tone: str
    reason: str
    when: str


@dataclass(frozen=True)
class ConditionLine:
    text: str
    owner: str
    due: date
    is_met: bool
    is_past: bool
    url: str


@dataclass(frozen=True)
class DecisionPanel:
    """`waiting` are those who have not voted; `votes` is empty for whom they are not yet to read."""

    row: Decision
    question: str
    body: str
    state: str
    tone: str
    outcome: str
    outcome_tone: str
    when: str
    round: int
    progress: str
    counts: tuple[tuple[str, str, int], ...]
    cast: int
    voters: int
    needed: int
    rule: str
    votes: tuple[VoteLine, ...]
    waiting: tuple[str, ...]
    conditions: tuple[ConditionLine, ...]
    minutes: str
    stamp: str
    tally: Tally | None
    urls: dict[str, str]

    @property
    def is_open(self) -> bool:
        return self.row.state == DecisionState.VOTING

    @property
    def is_draft(self) -> bool:
        return self.row.state == DecisionState.DRAFT

    @property
    def is_decided(self) -> bool:
        return self.row.state == DecisionState.DECIDED

    @property
    def open_conditions(self) -> int:
        return sum(not one.is_met for one in self.conditions)


def decisions_of(member: Member, phase: str, states: Sequence[str]) -> list[Decision]:
    """At this gate, the newest first, with votes and conditions: a fixed number of queries."""
    plan = member.plan
    votes = Prefetch("votes", Vote.objects.for_plan(plan).select_related("user").order_by("pk"))
    conditions = Prefetch("conditions", Condition.objects.for_plan(plan).select_related("owner", "task"))
    rows = Decision.objects.for_plan(plan).filter(phase=phase, state__in=list(states)).select_related("body")
    return list(rows.prefetch_related(votes, conditions).order_by("-pk"))


def panel(member: Member, row: Decision, people: dict[int, User]) -> DecisionPanel:
    """`people` are those who may vote, by id."""
    plan, state, cast = member.plan, DecisionState(row.state), list(row.votes.all())
    counted = tally_of(row, cast) if row.quorum is not None and row.majority is not None and row.voters else None
    told = member.sees_all or state is DecisionState.DECIDED
    moment = row.decided_at or row.opened_at
    voted = {vote.user_id for vote in cast}
    return DecisionPanel(
        row=row,
        question=row.question,
        body=str(row.body) if row.body else "The board",
        state=str(state.label),
        tone=STATE_TONES[state],
        outcome=row.outcome,
        outcome_tone=OPTION_TONES.get(row.outcome, "neutral"),
        when=formats.moment(moment, plan) if moment else "",
        round=row.round,
        progress=_progress(counted, told=told) if counted else "",
        counts=_counts(counted) if counted and told else (),
        cast=counted.cast if counted else 0,
        voters=counted.voters if counted else 0,
        needed=counted.needed if counted else 0,
        rule=rule(row, plan) if counted else "",
        votes=tuple(_vote(vote, plan) for vote in cast) if told else (),
        waiting=tuple(str(people[pk]) for pk in voters_of(row) if pk not in voted and pk in people) if told else (),
        conditions=conditions_of(member, row),
        minutes=row.minutes,
        stamp=stamp_of(row),
        tally=counted,
        urls=_urls(plan, row),
    )


def _counts(counted: Tally) -> tuple[tuple[str, str, int], ...]:
    return tuple((one, OPTION_TONES[one], counted.counts.get(one, 0)) for one in OPTIONS)


def _vote(vote: Vote, plan: Plan) -> VoteLine:
    when = formats.moment(vote.created_at, plan)
    return VoteLine(str(vote.user), vote.option, OPTION_TONES.get(vote.option, "neutral"), vote.reason, when)


def conditions_of(member: Member, row: Decision) -> tuple[ConditionLine, ...]:
    now, open_ = today(member.plan), row.state in {DecisionState.DRAFT, DecisionState.VOTING}
    may_edit = open_ and member.runs_plan
    return tuple(
        ConditionLine(
            text=one.text,
            owner=str(one.owner),
            due=one.due,
            is_met=is_met(one),
            is_past=not is_met(one) and one.due < now,
            url=_url(member.plan, "condition_edit", decision_id=row.pk, condition_id=one.pk) if may_edit else "",
        )
        for one in row.conditions.all()
    )


def _progress(counted: Tally, *, told: bool) -> str:
    """How far the vote is; which option leads is for those who read the votes."""
    said = f"{counted.cast} of {counted.voters} have voted"
    if not counted.has_quorum:
        return f"{said}; {counted.missing} more {'makes' if counted.missing == 1 else 'make'} the quorum."
    if not told:
        return f"{said}, the quorum is there."
    if counted.winner is None:
        return f"{said}, the quorum is there; no option has a majority yet."
    return f"{said}, the quorum is there; {counted.winner} has the majority."


def rule(row: Decision, plan: Plan) -> str:
    """Quorum and majority, as they were when the vote was opened."""
    assert row.majority is not None and row.quorum is not None
    majority = "all votes" if row.majority == 1 else f"more than {formats.percent(row.majority, plan)} of the votes"
    return f"A decision needs votes of {formats.percent(row.quorum, plan)} of those who may vote, and {majority}."


def _url(plan: Plan, name: str, **keys: Any) -> str:
    return reverse(name, kwargs={"slug": plan.slug, **keys})


def _urls(plan: Plan, row: Decision) -> dict[str, str]:
    names = ("decision_edit", "decision_open", "decision_vote", "vote_withdraw", "decision_round", "decision_close")
    found = {name.split("_")[1]: _url(plan, name, decision_id=row.pk) for name in names if name != "vote_withdraw"}
    found |= {"take_back": _url(plan, "vote_withdraw", decision_id=row.pk)}
    found |= {"withdraw": _url(plan, "decision_withdraw", decision_id=row.pk)}
    return found | {"condition": _url(plan, "condition_new", decision_id=row.pk)}


def names_conditions(member: Member, row: Decision) -> bool:
    """The program office, and while a vote is open those who vote."""
    if row.state not in {DecisionState.DRAFT, DecisionState.VOTING}:
        return False
    return member.runs_plan or (
        row.state == DecisionState.VOTING and member.has(Role.BOARD) and member.user.pk in voters_of(row)
    )
