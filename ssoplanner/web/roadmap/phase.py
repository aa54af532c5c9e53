"""What the page of a phase shows: what is to be signed, its gate, how far it is, what is missing and who is late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Plan
from ssoplanner.phases import PHASES, Phase
from ssoplanner.steps.gate import gate_tools
from ssoplanner.steps.models import Condition, Decision, DecisionState, StepStatus
from ssoplanner.steps.progress import today
from ssoplanner.steps.registry import Step, steps_by_phase
from ssoplanner.steps.sessions import sessions_of
from ssoplanner.steps.voting import is_met
from ssoplanner.web import formats
from ssoplanner.web.decisions.page import gate_part, gate_url, open_decision
from ssoplanner.web.live import live
from ssoplanner.web.roadmap.figures import figures_of, links_of, xray_subjects
from ssoplanner.web.roadmap.gates import Gate, gate, phase_url, shown_states
from ssoplanner.web.roadmap.lines import StepLine, step_lines
from ssoplanner.web.roadmap.sessions import sessions_url
from ssoplanner.web.roadmap.summary import days
from ssoplanner.web.xray.page import findings_about

MISSING = 5  # checks of the X-ray that the page lists
TONES = {
    DecisionState.DRAFT: "upcoming",
    DecisionState.VOTING: "on_track",
    DecisionState.DECIDED: "complete",
    DecisionState.WITHDRAWN: "neutral",
}


@dataclass(frozen=True)
class OpenCondition:
    text: str
    owner: str
    due: date
    is_past: bool


@dataclass(frozen=True)
class DecisionLine:
    question: str
    body: str
    state: str
    tone: str
    when: str
    outcome: str
    open_conditions: tuple[OpenCondition, ...]
    conditions: int


@dataclass(frozen=True)
class StatusCount:
    status: str
    label: str
    count: int


def phase_page(member: Member, phase: Phase) -> dict[str, Any]:
    """The page, with the same number of queries however large the plan is."""
    plan = member.plan
    lines = step_lines(plan)
    here, decisions = gate(plan, phase, lines, {}), decision_lines(member, phase)
    place = PHASES.index(phase)
    return {
        "phase": phase,
        "gate": here,
        "verdict": verdict(here, next((one for one in decisions if one.outcome), None)),
        "decisions": decisions,
        **_card(member, phase),
        "counts": _counts(here.lines),
        "late": [(line, lateness(line, plan)) for line in here.lines if line.is_late],
        "missing": _missing(member, phase, here.lines),
        "links": links_of(phase, member),
        "sessions": [(session, sessions_url(plan, session)) for session in sessions_of(phase.key)],
        "previous": _neighbour(plan, place - 1),
        "next": _neighbour(plan, place + 1),
        **phase_figures(member, phase),
    }


def _card(member: Member, phase: Phase) -> dict[str, Any]:
    """The scorecard in short, with its own live part."""
    if phase.key not in gate_tools():
        return {"gate_url": gate_url(member.plan, phase.key)}
    part = gate_part(member, phase, open_decision(member, phase))
    return {"brief": part, "gate_live": part.get("live"), "gate_url": part["gate_url"]}


def phase_figures(member: Member, phase: Phase) -> dict[str, Any]:
    """The part of the page that shows figures, and what will stand there where the phase has none yet."""
    plan, found = member.plan, figures_of(phase, member)
    return {
        "phase": phase,
        "figures": found,
        "to_come": [] if found else _steps_of(phase),
        "live": live(plan, found.found, "phase-figures") if found and found.found else None,
        "refresh_url": phase_url(plan, phase.key),
    }


def _steps_of(phase: Phase) -> tuple[Step, ...]:
    return next(own for one, own in steps_by_phase() if one is phase)


def verdict(here: Gate, decided: DecisionLine | None) -> str:
    """What was decided last, or whether the steps and their criteria are there that the gate rests on."""
    still = here.open_lines
    if decided:
        return f"Decided {decided.when}: {decided.outcome}." + (
            f" Still open: {_open(here)}{_of_them_late(here)}." if still else ""
        )
    if still:
        return f"Not ready to sign: {_open(here)} {_is(len(still))} open{_of_them_late(here)}."
    if here.met < here.criteria:
        left = here.criteria - here.met
        return f"All steps are called complete, but {left} of {here.criteria} criteria {_is(left)} not ticked."
    return "Ready to be put to the board: all steps are complete, and every criterion is ticked."


def _open(here: Gate) -> str:
    count, every = len(here.open_lines), len(here.lines)
    return f"all {count} steps" if count == every else f"{count} of {every} steps"


def _of_them_late(here: Gate) -> str:
    late = sum(1 for line in here.open_lines if line.is_late)
    return f", {late} of them late" if late else ""


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def decision_lines(member: Member, phase: Phase) -> list[DecisionLine]:
    """The decisions at this gate, the newest first; drafts and withdrawn ones for those who prepare and decide."""
    conditions = Prefetch("conditions", Condition.objects.for_plan(member.plan).select_related("owner", "task"))
    found = Decision.objects.for_plan(member.plan).filter(phase=phase.key, state__in=shown_states(member))
    rows = found.select_related("body").prefetch_related(conditions).defer("rests_on").order_by("-id")
    now = today(member.plan)
    return [_decision(row, member.plan, now) for row in rows]


def _decision(row: Decision, plan: Plan, now: date) -> DecisionLine:
    state, conditions = DecisionState(row.state), list(row.conditions.all())
    moment = row.decided_at or row.opened_at
    still = [one for one in conditions if not is_met(one)]
    return DecisionLine(
        question=row.question,
        body=str(row.body) if row.body else "",
        state=str(state.label),
        tone=TONES[state],
        when=formats.day(plan.day_of(moment), plan) if moment else "",
        outcome=row.outcome,
        open_conditions=tuple(OpenCondition(one.text, str(one.owner), one.due, one.due < now) for one in still),
        conditions=len(conditions),
    )


def _counts(lines: Sequence[StepLine]) -> list[StatusCount]:
    """Steps by state, those that there are."""
    counts = Counter(line.status for line in lines)
    return [StatusCount(one.value, str(one.label), counts[one]) for one in StepStatus if counts[one]]


def _missing(member: Member, phase: Phase, lines: Sequence[StepLine]) -> dict[str, Any] | None:
    """What the X-ray finds about the phase's steps; None for whom the X-ray is not."""
    if not member.has(*policy()["xray"].read):
        return None
    found = findings_about(member, xray_subjects(phase), {line.key for line in lines})
    return {"checks": found[:MISSING], "more": max(len(found) - MISSING, 0)}


def _neighbour(plan: Plan, place: int) -> tuple[Phase, str] | None:
    if not 0 <= place < len(PHASES):
        return None
    return PHASES[place], phase_url(plan, PHASES[place].key)


def lateness(line: StepLine, plan: Plan) -> str:
    """How late a step is in words."""
    return f"{days(line.days_over, plan)} past its date" if line.is_overdue else f"called {line.status_label.lower()}"
