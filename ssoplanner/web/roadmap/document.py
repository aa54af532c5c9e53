"""The roadmap on two pages: phases by pillars, then planned against actual. Made from what its page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ssoplanner.charts.timeline import Span
from ssoplanner.core.models import Plan, Role
from ssoplanner.documents.content import (
    Calendar,
    CalendarRow,
    Cell,
    Document,
    Facts,
    Group,
    Legend,
    Line,
    Paragraph,
    Section,
    Table,
    cell,
)
from ssoplanner.documents.content import Span as Columns
from ssoplanner.documents.kinds import documents
from ssoplanner.recompute import clock
from ssoplanner.recompute.models import Job
from ssoplanner.steps.models import StepStatus
from ssoplanner.steps.registry import Pillar
from ssoplanner.web import formats
from ssoplanner.web.roadmap.content import PhaseRow, Roadmap, roadmap
from ssoplanner.web.roadmap.lines import StepLine
from ssoplanner.web.roadmap.timeline import actual, planned

KEY = "roadmap"
MOST_COLUMNS = 28  # that stand side by side on a page
LEGEND = Legend(tuple((status.value, str(status.label)) for status in StepStatus))
ILLUSTRATIVE = "Illustrative: this plan and its figures are made up."


class Scale:
    """Columns of equal length over whole years, as fine as the page has room for: quarters, halves, or whole years."""

    def __init__(self, first: int, last: int) -> None:
        self.first, years = first, last - first + 1
        self.parts = next((parts for parts in (4, 2) if parts * years <= MOST_COLUMNS), 1)
        self.joined = -(-years // MOST_COLUMNS)  # more years than columns: several in one
        self.years = range(first, last + 1, self.joined)

    @classmethod
    def over(cls, days: Sequence[date]) -> Scale:
        return cls(min(days).year, max(days).year)

    @property
    def ticks(self) -> tuple[tuple[str, int], ...]:
        return tuple((str(year), self.parts) for year in self.years)

    def column(self, day: date) -> int:
        part = (day.month - 1) * self.parts // 12
        return (day.year - self.first) // self.joined * self.parts + part * (self.joined == 1)

    def columns(self, span: Span | None) -> Columns | None:
        return (self.column(span.start), self.column(span.end)) if span else None


def chosen(sent: Mapping[str, str]) -> dict[str, str]:
    """The pillar that was asked for, if it is one."""
    pillar = sent.get("pillar", "")
    return {"pillar": pillar} if pillar in set(Pillar) else {}


@documents(
    KEY,
    title="Roadmap",
    text="Two pages: phases by pillars with state, owner and date of each step, then planned against actual.",
    roles=Role,
    read=chosen,
    about=lambda parameters: parameters.get("pillar", ""),
)
def roadmap_document(job: Job) -> Document:
    """The roadmap as it stands when the file is made."""
    pillar = job.parameters.get("pillar")
    return document(job.plan, roadmap(job.plan, Pillar(pillar) if pillar else None), str(job.user))


def document(plan: Plan, shown: Roadmap, asked_by: str) -> Document:
    about = f": {shown.pillar}" if shown.pillar else ""
    return Document(
        title=f"Roadmap{about}",
        subtitle=plan.name,
        made=f"Made on {formats.moment(clock.now(), plan)} for {asked_by}",
        sections=(_first(plan, shown), _second(plan, shown)),
        notice=ILLUSTRATIVE if plan.illustrative else "",
        landscape=True,
    )


# --- Phases by pillars ----------------------------------------------------------------------------------------------


def _first(plan: Plan, shown: Roadmap) -> Section:
    said = [Paragraph(f"{shown.sentence} {shown.held_up}".strip())]
    if shown.overdue:
        said.append(Paragraph(shown.overdue))
    table = Table(
        title="Steps by phase and pillar",
        heads=("Phase", *(pillar.capitalize() for pillar in shown.pillars)),
        rows=tuple(_row(plan, row) for row in shown.rows),
        widths=_widths(len(shown.pillars)),
    )
    return Section("Phases and pillars", (_facts(shown), *said, table, LEGEND))


def _widths(pillars: int) -> tuple[int, ...]:
    return (20, *[80 // pillars] * pillars)


def _facts(shown: Roadmap) -> Facts:
    lines, whole = shown.lines, len(shown.lines)
    counts = (
        ("Complete", sum(1 for line in lines if line.is_complete)),
        ("Under way", sum(1 for line in lines if line.is_under_way)),
        ("Overdue", sum(1 for line in lines if line.is_overdue)),
        ("Without an owner", sum(1 for line in lines if not line.owner and not line.is_complete)),
    )
    return Facts(tuple((label, f"{count} of {whole}") for label, count in counts))


def _row(plan: Plan, row: PhaseRow) -> tuple[Cell, ...]:
    head = Cell((Line(f"{row.phase.number} {row.phase.title}", strong=True), Line(row.phase.outcome, quiet=True)))
    return head, *(_steps(plan, one.lines) for one in row.cells)


def _steps(plan: Plan, lines: Sequence[StepLine]) -> Cell:
    found = [part for line in lines for part in _step(plan, line)]
    return Cell(tuple(found)) if found else cell("–", quiet=True)


def _step(plan: Plan, line: StepLine) -> tuple[Line, Line]:
    due = formats.day(line.due, plan) if line.due else "no date"
    words = f"{line.owner or 'Nobody yet'}, {due}{', overdue' if line.is_overdue else ''}"
    return Line(f"{line.code} {line.short}", tone=line.status.value), Line(words, quiet=True)


# --- Planned against actual -----------------------------------------------------------------------------------------


def _second(plan: Plan, shown: Roadmap) -> Section:
    says = Paragraph(shown.timeline_says)
    drawn = _calendar(plan, shown)
    return Section("Planned and actual", (says, drawn) if drawn else (says,), new_page=True)


def _calendar(plan: Plan, shown: Roadmap) -> Calendar | None:
    spans = [span for line in shown.lines for span in (planned(line), actual(line)) if span]
    if not spans:
        return None
    now = shown.lines[0].now
    scale = Scale.over([now, *(day for span in spans for day in (span.start, span.end))])
    groups = (
        Group(f"{row.phase.number} {row.phase.title}", tuple(_bars(plan, line, scale) for line in row.lines))
        for row in shown.rows
        if row.lines
    )
    return Calendar("Planned and actual days of each step", scale.ticks, tuple(groups), scale.column(now))


def _bars(plan: Plan, line: StepLine, scale: Scale) -> CalendarRow:
    return CalendarRow(
        label=f"{line.code} {line.short}",
        words=_words(plan, line),
        tone=line.status.value,
        planned=scale.columns(planned(line)),
        actual=scale.columns(actual(line)),
    )


def _words(plan: Plan, line: StepLine) -> str:
    start, due = (formats.day(day, plan) if day else "?" for day in (line.planned_start, line.due))
    wanted = "no dates" if line.planned_start is None and line.due is None else f"{start} – {due}"
    been = line.status_label.lower()
    if line.completed:
        been += f" {formats.day(line.completed, plan)}"
    elif line.started:
        been += f" since {formats.day(line.started, plan)}"
    return f"{wanted}; {been}"
