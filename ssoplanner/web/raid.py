"""The log of risks as people read it: the largest exposure first, and what of it is open, unowned or late.

Exposure is probability times impact: a probability from 1 to 5 stands for 10, 30, 50, 70 and 90 %, an impact is 1 to 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan
from ssoplanner.steps.models import Risk, RiskStatus
from ssoplanner.steps.progress import today
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.steps import talks
from ssoplanner.web.tasks.lines import StepRef, step_ref
from ssoplanner.web.tasks.own import OPEN_RISKS

PERCENT = {1: 10, 2: 30, 3: 50, 4: 70, 5: 90}
SCALE = tuple(PERCENT)
# From these exposures on a cell of the grid is marked: half, and a quarter, of the largest that there can be.
MUCH, SOME = Fraction(9, 4), Fraction(9, 8)
OPEN, ALL = "open", "all"
TONES = {
    RiskStatus.NEW: "upcoming",
    RiskStatus.IN_PROGRESS: "on_track",
    RiskStatus.PENDING: "late",
    RiskStatus.ESCALATED: "critical",
    RiskStatus.CLOSED: "complete",
    RiskStatus.CANCELLED: "neutral",
    RiskStatus.DEFERRED: "neutral",
}


@dataclass(frozen=True)
class RiskLine:
    row: Risk
    exposure: Fraction
    exposure_text: str
    working: str
    status: str
    tone: str
    response: str
    owner: str
    due: str
    is_late: bool
    step: StepRef | None
    url: str


@dataclass(frozen=True)
class Filter:
    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True)
class GridCell:
    """How many open risks have this probability and impact; `mark` says how large their exposure is."""

    count: int
    mark: str


def exposure(probability: int, impact: int) -> Fraction:
    """Probability times impact, 0.1 to 4.5."""
    return Fraction(PERCENT[probability] * impact, 100)


def visible_risks(member: Member) -> QuerySet[Risk]:
    """All of the log for those who work in the plan; for viewers those that they own."""
    found = Risk.objects.for_plan(member.plan).select_related("owner")
    return found if talks(member) else found.filter(owner=member.user)


def edits_risk(member: Member, risk: Risk) -> bool:
    """The program office changes every risk, an owner their own."""
    return member.runs_plan or risk.owner_id == member.user.pk


def raid(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The page, with the same number of queries however long the log is."""
    plan, now = member.plan, today(member.plan)
    every = [_line(member, row, now) for row in visible_risks(member)]
    every.sort(key=lambda line: -line.exposure)
    chosen = _chosen(asked)
    shown = [line for line in every if _is_in(line.row.status, chosen)]
    still = [line for line in every if line.row.status in OPEN_RISKS]
    listing = _listing(shown, asked)
    return {
        "listing": listing,
        "lines": listing.page,
        "any": bool(every),
        "filters": list(_filters(plan, every, chosen)),
        "sentences": list(_summary(still, plan)),
        "grid": _grid(still) if still else [],
        "impacts": SCALE,
    }


def _line(member: Member, row: Risk, now: date) -> RiskLine:
    plan, value = member.plan, exposure(row.probability, row.impact)
    keys = {"slug": plan.slug, "risk_id": row.pk}
    return RiskLine(
        row=row,
        exposure=value,
        exposure_text=formats.decimals(float(value), 1, plan),
        working=f"{PERCENT[row.probability]} % × {row.impact}",
        status=str(row.get_status_display()),
        tone=TONES[RiskStatus(row.status)],
        response=str(row.get_response_display()),
        owner=str(row.owner) if row.owner else "",
        due=formats.day(row.due, plan) if row.due else "",
        is_late=row.due is not None and row.due < now and row.status in OPEN_RISKS,
        step=step_ref(plan, row.step),
        url=reverse("risk_edit", kwargs=keys) if edits_risk(member, row) else "",
    )


def _listing(lines: Sequence[RiskLine], asked: QueryDict) -> Listing[RiskLine]:
    columns = (
        Column[RiskLine]("risk", "Risk", lambda line: line.row.title.casefold()),
        Column[RiskLine]("exposure", "Exposure", lambda line: line.exposure, figure=True),
        Column[RiskLine]("status", "Status", lambda line: line.status),
        Column[RiskLine]("response", "Response", lambda line: line.response),
        Column[RiskLine]("owner", "Owner", lambda line: line.owner.casefold() or None),
        Column[RiskLine]("due", "Due", lambda line: line.row.due),
    )
    return Listing("raid", lines, columns, asked, _text, first="exposure")


def _text(line: RiskLine) -> str:
    return f"{line.row.title} {line.row.detail} {line.owner}"


# --- Which are shown ------------------------------------------------------------------------------------------------


def _chosen(asked: QueryDict) -> str:
    """A status, all, or the open ones where the address says nothing that we know."""
    status = asked.get("status", "")
    return status if status in {ALL, *RiskStatus.values} else OPEN


def _is_in(status: str, chosen: str) -> bool:
    return chosen in (ALL, status) or (chosen == OPEN and status in OPEN_RISKS)


def _filters(plan: Plan, lines: Iterable[RiskLine], chosen: str) -> Iterator[Filter]:
    """Open ones, all, and each status that a risk has."""
    counts = Counter(line.row.status for line in lines)
    page = reverse("raid", kwargs={"slug": plan.slug})
    yield Filter("Open", page, sum(counts[status] for status in OPEN_RISKS), chosen == OPEN)
    yield Filter("All", f"{page}?status={ALL}", counts.total(), chosen == ALL)
    for status in RiskStatus:
        if counts[status] or chosen == status:
            yield Filter(str(status.label), f"{page}?status={status.value}", counts[status], chosen == status)


# --- At a glance ----------------------------------------------------------------------------------------------------


def _summary(still: Sequence[RiskLine], plan: Plan) -> Iterator[str]:
    """How many are open, which weighs most, and what nobody sees to; `still` has the largest exposure first."""
    if not still:
        yield "No risk is open."
        return
    first = still[0]
    whose = f"owned by {first.owner}" if first.owner else "owned by nobody"
    count = formats.counted(len(still), "risk is", "risks are", plan)
    yield f"{count} open. The largest: {first.row.title}, exposure {first.exposure_text}, {whose}."
    if unowned := sum(not line.owner for line in still):
        yield f"{formats.counted(unowned, 'open risk has', 'open risks have', plan)} no owner."
    if late := sum(line.is_late for line in still):
        yield f"{formats.counted(late, 'open risk is', 'open risks are', plan)} past its day."


def _grid(still: Iterable[RiskLine]) -> list[tuple[int, list[GridCell]]]:
    """(probability in %, a cell for each impact) from the likeliest down."""
    counts = Counter((line.row.probability, line.row.impact) for line in still)
    return [
        (PERCENT[probability], [GridCell(counts[probability, impact], _mark(probability, impact)) for impact in SCALE])
        for probability in reversed(SCALE)
    ]


def _mark(probability: int, impact: int) -> str:
    value = exposure(probability, impact)
    if value >= MUCH:
        return "much"
    return "some" if value >= SOME else "little"
