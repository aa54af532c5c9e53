"""What the roadmap holds, from a plan alone, so that a page and a document are made from the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ssoplanner.core.models import Plan
from ssoplanner.phases import PHASES, Phase
from ssoplanner.steps.registry import Pillar
from ssoplanner.web.roadmap.gates import Gate, next_gate, phase_url
from ssoplanner.web.roadmap.lines import StepLine, step_lines
from ssoplanner.web.roadmap.summary import held_up, how_far, next_due, overdue
from ssoplanner.web.roadmap.timeline import DrawnTimeline, drawn_timeline, sentence


@dataclass(frozen=True)
class Cell:
    pillar: Pillar
    lines: tuple[StepLine, ...]


@dataclass(frozen=True)
class PhaseRow:
    """A phase with its steps by pillar; one that belongs to several pillars stands in each of their cells."""

    phase: Phase
    url: str
    cells: tuple[Cell, ...]
    lines: tuple[StepLine, ...]

    @property
    def complete(self) -> int:
        return sum(1 for line in self.lines if line.is_complete)


@dataclass(frozen=True)
class Roadmap:
    """`every` holds all steps, `lines` those of the pillar that was asked for. `gate` is that of the whole plan.

    `is_planned` is False while nobody has given any step an owner, a date or a status.
    """

    pillar: Pillar | None
    pillars: tuple[Pillar, ...]
    is_planned: bool
    how_far: str
    next_due: str
    overdue: str
    held_up: str
    gate: Gate | None
    rows: tuple[PhaseRow, ...]
    every: tuple[StepLine, ...]
    lines: tuple[StepLine, ...]
    timeline: DrawnTimeline | None
    timeline_says: str

    @property
    def sentence(self) -> str:
        """The state in one sentence."""
        return f"{self.how_far}; {self.next_due}."


def roadmap(plan: Plan, pillar: Pillar | None = None) -> Roadmap:
    """The roadmap of a plan, of one pillar or of all: three queries."""
    every = step_lines(plan)
    lines = tuple(line for line in every if pillar is None or pillar in line.pillars)
    shown = (pillar,) if pillar else tuple(Pillar)
    return Roadmap(
        pillar=pillar,
        pillars=shown,
        is_planned=any(line.is_planned for line in every),
        how_far=how_far(lines, pillar),
        next_due=next_due(lines, plan),
        overdue=overdue(lines, plan),
        held_up=held_up(every, lines),
        gate=next_gate(plan, every),
        rows=tuple(_row(plan, phase, lines, shown) for phase in PHASES),
        every=every,
        lines=lines,
        timeline=drawn_timeline(lines, plan),
        timeline_says=sentence(lines, plan),
    )


def _row(plan: Plan, phase: Phase, lines: Sequence[StepLine], shown: Sequence[Pillar]) -> PhaseRow:
    own = tuple(line for line in lines if line.phase == phase.key)
    cells = tuple(Cell(pillar, tuple(line for line in own if pillar in line.pillars)) for pillar in shown)
    return PhaseRow(phase, phase_url(plan, phase.key), cells, own)
