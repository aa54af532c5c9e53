"""Made-up steps, decisions and a timeline for the page of components: every state that a plan can be in."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from ssoplanner.core.models import Plan
from ssoplanner.steps.models import DecisionState, StepStatus
from ssoplanner.steps.registry import steps
from ssoplanner.web.roadmap.lines import StepLine, StepRef
from ssoplanner.web.roadmap.phase import TONES, DecisionLine, OpenCondition
from ssoplanner.web.roadmap.timeline import DrawnTimeline, drawn_timeline, sentence

NOW = date(2026, 3, 4)
PAGE = "#steps"


def step_lines() -> tuple[StepLine, ...]:
    """A step in each status; one of them overdue, one that waits for another, one whose owner left, one without any."""
    return (
        _line(0, StepStatus.COMPLETE, date(2026, 1, 5), date(2026, 2, 20), completed=date(2026, 2, 27)),
        _line(1, StepStatus.ON_TRACK, date(2026, 2, 2), date(2026, 6, 30)),
        _line(2, StepStatus.CRITICAL, date(2026, 1, 5), date(2026, 2, 13), owner_left=True),
        _line(3, StepStatus.LATE, date(2026, 2, 9), date(2026, 5, 29), waits_for=(_ref(2, StepStatus.CRITICAL),)),
        _line(4, StepStatus.UPCOMING, None, None, owner=""),
    )


def _ref(place: int, status: StepStatus) -> StepRef:
    step = steps()[place]
    return StepRef(step.key, step.code, step.short, PAGE, status)


def _line(
    place: int,
    status: StepStatus,
    planned_start: date | None,
    due: date | None,
    *,
    owner: str = "Lena Lead",
    owner_left: bool = False,
    completed: date | None = None,
    waits_for: tuple[StepRef, ...] = (),
) -> StepLine:
    step = steps()[place]
    return StepLine(
        ref=_ref(place, status),
        title=step.title,
        phase=step.key.partition(".")[0],
        pillars=step.pillars,
        owner=owner,
        owner_left=owner_left,
        planned_start=planned_start,
        due=due,
        started=None if status == StepStatus.UPCOMING else planned_start,
        completed=completed,
        met=place % 3,
        criteria=3,
        waits_for=waits_for,
        holds_up=(),
        now=NOW,
    )


def timeline(plan: Plan) -> SimpleNamespace:
    """The chart of these steps, with the sentence that says what it shows."""
    lines = step_lines()
    drawn: DrawnTimeline | None = drawn_timeline(lines, plan)
    return SimpleNamespace(drawn=drawn, says=sentence(lines, plan), lines=lines)


def decisions() -> list[DecisionLine]:
    """A gate decision in each state; of the decided ones, one with conditions that are open and one without."""
    late = OpenCondition("A lead for each agency", "Lena Lead", date(2026, 2, 1), True)
    ahead = OpenCondition("A baseline for payroll", "Ben Board", date(2026, 6, 1), False)
    return [
        _decision(DecisionState.DRAFT, ""),
        _decision(DecisionState.VOTING, "since Mar 2, 2026"),
        _decision(DecisionState.DECIDED, "Feb 27, 2026", "Go, with conditions", (late, ahead), 3),
        _decision(DecisionState.DECIDED, "Feb 27, 2026", "Go", (), 2),
        _decision(DecisionState.WITHDRAWN, ""),
    ]


def _decision(
    state: DecisionState, when: str, outcome: str = "", still: tuple[OpenCondition, ...] = (), conditions: int = 0
) -> DecisionLine:
    return DecisionLine(
        question="Shall the plan go on to Design?",
        body="Governance board",
        state=str(state.label),
        tone=TONES[state],
        when=when,
        outcome=outcome,
        open_conditions=still,
        conditions=conditions,
    )
