"""The timeline of the roadmap: the steps' bars as drawn, and what they show in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ssoplanner.charts.timeline import Group, PlacedGroup, PlacedRow, Row, Span, Tick, timeline
from ssoplanner.core.models import Plan
from ssoplanner.phases import PHASES, Phase
from ssoplanner.steps.models import StepStatus
from ssoplanner.web import formats
from ssoplanner.web.roadmap.lines import StepLine
from ssoplanner.web.roadmap.summary import days


@dataclass(frozen=True)
class DrawnRow:
    line: StepLine
    at: PlacedRow
    hint: str


@dataclass(frozen=True)
class DrawnPhase:
    phase: Phase
    at: PlacedGroup
    rows: tuple[DrawnRow, ...]


@dataclass(frozen=True)
class DrawnTimeline:
    """Per cent across and pixels down, as `ssoplanner.charts` has it."""

    height: int
    years: tuple[Tick, ...]
    quarters: tuple[Tick, ...]
    today: float
    phases: tuple[DrawnPhase, ...]


def drawn_timeline(lines: Sequence[StepLine], plan: Plan) -> DrawnTimeline | None:
    """The bars of these steps by phase; None where none of them has a day."""
    if not any(planned(line) or actual(line) for line in lines):
        return None
    held = [(phase, [line for line in lines if line.phase == phase.key]) for phase in PHASES]
    held = [(phase, own) for phase, own in held if own]
    groups = [Group(phase.key, tuple(Row(one.key, planned(one), actual(one)) for one in own)) for phase, own in held]
    drawn = timeline(groups, lines[0].now)
    phases = tuple(_phase(phase, own, at, plan) for (phase, own), at in zip(held, drawn.groups, strict=True))
    return DrawnTimeline(drawn.height, drawn.years, drawn.quarters, drawn.today, phases)


def _phase(phase: Phase, lines: Sequence[StepLine], at: PlacedGroup, plan: Plan) -> DrawnPhase:
    rows = tuple(DrawnRow(line, row, _hint(line, plan)) for line, row in zip(lines, at.rows, strict=True))
    return DrawnPhase(phase, at, rows)


def planned(line: StepLine) -> Span | None:
    """From its planned start until it is due; a single day where only one of them is given."""
    return _span(line.planned_start or line.due, line.due or line.planned_start)


def actual(line: StepLine) -> Span | None:
    """From its start until it was complete, or until today while it is under way."""
    if line.is_complete:
        return _span(line.started or line.completed, line.completed)
    return _span(line.started, max(line.started, line.now)) if line.started and line.is_under_way else None


def _span(start: date | None, end: date | None) -> Span | None:
    return Span(start, end) if start and end else None


def _hint(line: StepLine, plan: Plan) -> str:
    """What a pointer that rests on the row reads."""
    wanted = f"planned {_between(line.planned_start, line.due, plan)}"
    been = f"{line.status_label.lower()}"
    if line.started or line.completed:
        been += f", {_between(line.started, line.completed, plan, 'today')}"
    return f"{line.code} {line.title}: {wanted}; {been}"


def _between(start: date | None, end: date | None, plan: Plan, still: str = formats.NOT_GIVEN) -> str:
    return f"{formats.day(start, plan)} to {formats.day(end, plan) if end else still}"


def sentence(lines: Sequence[StepLine], plan: Plan) -> str:
    """What the drawing shows: over which years, how what is complete kept its dates, and what has no bar."""
    spans = [span for line in lines for span in (planned(line), actual(line)) if span]
    if not spans:
        return "No step has a date yet, so there is nothing to draw."
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    parts = [f"From {formats.day(first, plan)} to {formats.day(last, plan)}.", _kept(lines, plan), _bare(lines)]
    return " ".join(part for part in parts if part)


def _kept(lines: Sequence[StepLine], plan: Plan) -> str:
    done = [line for line in lines if line.status == StepStatus.COMPLETE]
    slipped = [line for line in done if line.days_over]
    past = [line for line in lines if line.is_overdue]
    said = []
    if slipped:
        said.append("; ".join(f"{one.code} was complete {days(one.days_over, plan)} past its date" for one in slipped))
    elif done:
        said.append(f"{'All that is' if len(done) > 1 else done[0].code + ' was'} complete kept its date")
    if past:
        said.append(
            "; ".join(f"{one.code} is {days(one.days_over, plan)} past its date and not complete" for one in past)
        )
    return f"{'; '.join(said)}." if said else ""


def _bare(lines: Sequence[StepLine]) -> str:
    bare = [line for line in lines if not planned(line)]
    if not bare:
        return ""
    return f"{len(bare)} of {len(lines)} steps {'has' if len(bare) == 1 else 'have'} no date yet."
