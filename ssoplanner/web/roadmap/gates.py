"""The gate at the end of each phase: what the board must be able to sign there, and how far that is.

A gate is passed once its newest decision is decided and says go, with or without conditions. No-go leaves it shut, and
so does a decision that is being voted on anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan
from ssoplanner.phases import PHASES, Phase
from ssoplanner.steps.gate import PASSES
from ssoplanner.steps.models import Decision, DecisionState
from ssoplanner.web.roadmap.lines import StepLine

# What is still being prepared is for those who prepare and decide; a page for everybody shows these.
PUBLIC = frozenset({DecisionState.VOTING, DecisionState.DECIDED})


@dataclass(frozen=True)
class Gate:
    """`decision` is the newest one that is open for votes or decided; `lines` are the steps of the phase."""

    phase: Phase
    url: str
    decision: Decision | None
    lines: tuple[StepLine, ...]

    @property
    def open_lines(self) -> tuple[StepLine, ...]:
        return tuple(line for line in self.lines if not line.is_complete)

    @property
    def complete(self) -> int:
        return len(self.lines) - len(self.open_lines)

    @property
    def met(self) -> int:
        return sum(line.met for line in self.lines)

    @property
    def criteria(self) -> int:
        return sum(line.criteria for line in self.lines)

    @property
    def is_passed(self) -> bool:
        decided = self.decision is not None and self.decision.state == DecisionState.DECIDED
        return decided and self.decision is not None and self.decision.outcome in PASSES

    @property
    def is_open_for_votes(self) -> bool:
        return self.decision is not None and self.decision.state == DecisionState.VOTING


def shown_states(member: Member) -> frozenset[DecisionState]:
    """The states of decisions that the member may see."""
    return frozenset(DecisionState) if member.sees_all else PUBLIC


def phase_url(plan: Plan, key: str) -> str:
    return reverse("phase", kwargs={"slug": plan.slug, "phase_key": key})


def newest_decisions(plan: Plan, states: Iterable[str] = PUBLIC) -> dict[str, Decision]:
    """The newest decision of each phase in one of these states, by the phase's key: one query. The results that they
    rest on, which may be large, are left in the database."""
    found = Decision.objects.for_plan(plan).exclude(phase="").filter(state__in=list(states)).defer("rests_on")
    return {decision.phase: decision for decision in found.order_by("id")}


def gate(plan: Plan, phase: Phase, lines: Sequence[StepLine], decisions: Mapping[str, Decision]) -> Gate:
    own = tuple(line for line in lines if line.phase == phase.key)
    return Gate(phase, phase_url(plan, phase.key), decisions.get(phase.key), own)


def next_gate(plan: Plan, lines: Sequence[StepLine]) -> Gate | None:
    """The first gate that is not passed; None behind the last. One query."""
    decisions = newest_decisions(plan)
    gates = (gate(plan, phase, lines, decisions) for phase in PHASES)
    return next((one for one in gates if not one.is_passed), None)
