"""What stands behind the figures on architecture: each capability of an agency, each agency of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from assess.architecture_texts import ASPECTS
from assess.calc.architecture import NEEDED, PILLARS
from assess.figure_texts import NO_VALUE
from assess.models import Capability, Ownership
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, Plan
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.page import trace_url
from ssoplanner.web.tracing.parts import Figure, PartLine, Parts

AGENCY, MAP = "assess.architecture", "assess.technology_map"
SHOWN = 25
COLUMNS = ("ownership", "importance", *PILLARS, "maturity", "target", "gap")
HEADS = ("Capability", "Ownership", "Importance", "People", "Process", "Technology", "Governance")


def agency_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each capability of which the agency says anything."""
    names = dict(Capability.objects.for_plan(member.plan).order_by().values_list("pk", "name"))
    rows = list(zip(figures["capabilities"], *(figures[name] for name in COLUMNS), strict=True))
    if not rows:
        return None
    heads = (*HEADS, "Maturity", "Target", "Gap")
    listing = _listing("capabilities", rows, heads, asked, lambda row: names.get(row[0], ""))
    lines = [
        PartLine(names.get(pk, "a removed capability"), "", _capability_cells(own, member.plan))
        for pk, *own in listing.page
    ]
    sentence = "Maturity is the mean of the pillars that are known; the gap is what it is short of the target."
    return Parts("What each capability adds", sentence, listing, lines)


def _capability_cells(own: Sequence[Any], plan: Plan) -> tuple[str, ...]:
    owned, *levels = own
    places = dict.fromkeys((5, 7), 2)  # maturity and gap are means
    shown = (_level(level, places.get(place, 0), plan) for place, level in enumerate(levels))
    return (str(Ownership(owned).label) if owned else NO_VALUE, *shown)


def _level(level: float | None, places: int, plan: Plan) -> str:
    if level is None:
        return NO_VALUE
    return formats.decimals(level, places, plan) if places else formats.number(level, plan)


def map_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each agency's levels, of those that the member may see."""
    columns = figures["agencies"]
    names = Agency.objects.for_plan(member.plan).in_bulk(columns["agency"])
    every = zip(columns["agency"], *(columns["levels"][text.key] for text in ASPECTS), columns["gaps"], strict=True)
    rows = [row for row in every if row[0] in names and (member.sees_all or row[0] in member.agency_ids)]
    if not rows:
        return None
    heads = ("Agency", *(text.label for text in ASPECTS), f"Below {NEEDED}")
    listing = _listing("agencies", rows, heads, asked, lambda row: f"{names[row[0]].code} {names[row[0]].name}")
    lines = [
        PartLine(
            names[pk].name,
            trace_url(member.plan, AGENCY, str(pk)),
            tuple(_level(level, 0, member.plan) for level in levels),
        )
        for pk, *levels in listing.page
    ]
    whole = "Every agency in the program." if member.sees_all else "Your own agencies; the others’ parts are theirs."
    return Parts("What each agency adds", f"{whole} Its name leads to what its own levels rest on.", listing, lines)


def _listing(name: str, rows: Sequence[Any], heads: Sequence[str], asked: QueryDict, text: Any) -> Listing[Any]:
    columns: list[Column[Any]] = [Column(f"c{place}", head, figure=place > 0) for place, head in enumerate(heads)]
    return Listing(name, rows, columns, asked, text, size=SHOWN)


def agency_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    if not figures["expected"]:
        return []
    return [
        Figure(
            key="rated",
            label="Capabilities rated",
            value=formats.percent(figures["rated"] / figures["expected"], plan),
            formula="capabilities that count as rated / capabilities that the agency is asked about",
            numerator=f"{formats.number(figures['rated'], plan)} rated",
            denominator=formats.counted(figures["expected"], "capability", "capabilities", plan),
        )
    ]


def map_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    shares = [_ready(text.key, text.label, figures["aspects"][text.key], plan) for text in ASPECTS]
    agencies = len(figures["agencies"]["agency"])
    rated = Figure(
        key="rated",
        label="Agencies that rated every aspect",
        value=formats.percent(figures["share_rated"], plan),
        formula="agencies with a level for each aspect / agencies in the program",
        numerator=f"{formats.number(figures['rated'], plan)} rated",
        denominator=formats.counted(agencies, "agency", "agencies", plan),
    )
    return [rated, *shares]


def _ready(key: str, label: str, state: Mapping[str, Any], plan: Plan) -> Figure:
    share = state["share_ready"]
    return Figure(
        key=key,
        label=f"{label}: enough to share",
        value=NO_VALUE if share is None else formats.percent(share, plan),
        formula=f"agencies at level {NEEDED} or higher / agencies that rated the aspect",
        numerator=f"{formats.number(state['rated'] - state['gaps'], plan)} at {NEEDED} or higher",
        denominator=f"{formats.number(state['rated'], plan)} rated",
    )


PARTS = {AGENCY: agency_parts, MAP: map_parts}
FIGURES = {AGENCY: agency_figures, MAP: map_figures}
