"""The page of a gate: what is recommended and why, the scorecard, the vote, and what was decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.access.results import results
from ssoplanner.core.models import Plan, User
from ssoplanner.phases import Phase
from ssoplanner.recompute.reading import Shown
from ssoplanner.steps.gate import SOURCE, TOLLGATES, GateTool, Scorecard, ScoreLine, gate_tools
from ssoplanner.steps.models import Decision, DecisionState, Vote
from ssoplanner.steps.voting import CannotDecide, check_votes, voters_of, votes
from ssoplanner.web.decisions.moved import frozen_payload, moves_of
from ssoplanner.web.decisions.votes import DecisionPanel, decisions_of, names_conditions, panel
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.live import live
from ssoplanner.web.roadmap.gates import phase_url, shown_states
from ssoplanner.web.tracing.page import trace_url

WITHHELD = "The scorecard is shown here once the program office releases it."
OPEN = {DecisionState.DRAFT, DecisionState.VOTING}


@dataclass(frozen=True)
class Linked:
    """A line of the scorecard, with where it is worked on, if the reader may go there."""

    line: ScoreLine
    url: str


def gate_url(plan: Plan, phase: str) -> str:
    return reverse("gate", kwargs={"slug": plan.slug, "phase_key": phase})


def gate_page(member: Member, phase: Phase) -> dict[str, Any]:
    """The page, with the same number of queries however large the plan is."""
    plan, tool = member.plan, gate_tools().get(phase.key)
    rows = decisions_of(member, phase.key, sorted(shown_states(member)))
    people = _people(rows)
    panels = [panel(member, row, people) for row in rows]
    current = next((one for one in panels if one.row.state in OPEN), None)
    return {
        "phase": phase,
        "phase_url": phase_url(plan, phase.key),
        "tool": tool,
        "tollgates": TOLLGATES.get(phase.key, ()),
        "source": SOURCE,
        "current": current,
        "earlier": [one for one in panels if one is not current],
        "decided_first": current is None and bool(panels) and panels[0].is_decided,
        "voting": vote_part(member, current) if current else {},
        "prepare_url": _prepare_url(member, phase, tool, current),
        **(gate_part(member, phase, current.row if current else None) if tool else {}),
        **(tool.more(member) if tool and tool.more else {}),
    }


def _people(rows: list[Decision]) -> dict[int, User]:
    wanted = {pk for row in rows if row.state in OPEN for pk in voters_of(row)}
    return User.objects.in_bulk(wanted) if wanted else {}


def _prepare_url(member: Member, phase: Phase, tool: GateTool | None, current: DecisionPanel | None) -> str:
    if not member.runs_plan or tool is None or current is not None:
        return ""
    return reverse("gate_prepare", kwargs={"slug": member.plan.slug, "phase_key": phase.key})


# --- The scorecard --------------------------------------------------------------------------------------------------


def open_decision(member: Member, phase: Phase) -> Decision | None:
    """The one that is open for votes: its scorecard stands still."""
    return Decision.objects.for_plan(member.plan).filter(phase=phase.key, state=DecisionState.VOTING).first()


def gate_part(member: Member, phase: Phase, decision: Decision | None) -> dict[str, Any]:
    """The part that is loaded anew when a figure moved: the scorecard, frozen while a vote is open."""
    plan, tool = member.plan, gate_tools()[phase.key]
    voting = decision if decision is not None and decision.state == DecisionState.VOTING else None
    found = results(member, [tool.key])
    shown: Shown | None = found.get(tool.key)
    page = {"phase": phase, "refresh_url": gate_url(plan, phase.key), "gate_url": gate_url(plan, phase.key)}
    if shown is None:
        return {**page, "withheld": WITHHELD}
    watched = results(member, tool.rests_on) if voting else found
    figures: Mapping[str, Any] | None = frozen_payload(voting, tool) if voting else shown.figures
    card = tool.scorecard(figures, plan) if figures else None
    return {
        **page,
        "card": card,
        "lines": linked(member, card) if card else [],
        "frozen": voting is not None,
        "moves": moves_of(voting) if voting else None,
        "round_url": _round_url(member, voting),
        "state": None if voting else state_line(shown, plan),
        "trace_url": trace_url(plan, *tool.key),
        "live": live(plan, watched, "gate-card"),
    }


def _round_url(member: Member, voting: Decision | None) -> str:
    if voting is None or not member.runs_plan:
        return ""
    return reverse("decision_round", kwargs={"slug": member.plan.slug, "decision_id": voting.pk})


def linked(member: Member, card: Scorecard) -> list[Linked]:
    """Each line with its link."""
    keys = {"slug": member.plan.slug}
    return [
        Linked(line, reverse(line.page, kwargs=keys) if line.page and member.has(*policy()[line.page].read) else "")
        for line in card.lines
    ]


# --- One's own vote -------------------------------------------------------------------------------------------------


def vote_part(member: Member, current: DecisionPanel) -> dict[str, Any]:
    """What the member can do in the vote: cast one, take it back, or read why not."""
    row = current.row
    mine: Vote | None = next((vote for vote in row.votes.all() if vote.user_id == member.user.pk), None)
    found: dict[str, Any] = {"mine": mine, "adds_conditions": names_conditions(member, row)}
    if votes(row, member):
        return {**found, "can_vote": mine is None, "can_take_back": mine is not None}
    try:
        check_votes(row, member)
    except CannotDecide as reason:
        found["why_not"] = str(reason)
    return found
