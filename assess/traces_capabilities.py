"""What stands behind the results on capabilities: each capability, function, pair of agencies and candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.calc.candidates import PARTS as CANDIDATE_PARTS
from assess.calc.capability_map import IMPORTANT, OPEN_GAP
from assess.capability_metrics import FEWEST, IN_TABLE, may_read
from assess.figure_texts import NO_VALUE
from assess.models import Capability
from assess.pages_capabilities_lists import PART_LABELS
from ssoplanner.access.gate import Member, sees_agency_name
from ssoplanner.core.models import Agency, Plan
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.parts import Figure, PartLine, Parts

SHOWN = 25


def map_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each lowest capability that the member may read: its ratings, and the means over them."""
    plan, nodes = member.plan, figures["nodes"]
    names = Capability.objects.for_plan(plan).in_bulk(nodes["id"])
    rows = [
        place
        for place, pk in enumerate(nodes["id"])
        if nodes["leaf"][place] and pk in names and nodes["ratings"][place] and may_read(member, nodes, place)
    ]
    if not rows:
        return None
    heads = ("Capability", "Ratings", *(metric.label for metric in IN_TABLE))
    listing = _listing("nodes", rows, heads, asked, lambda place: _text(names[nodes["id"][place]]))
    lines = [
        PartLine(
            names[nodes["id"][place]].name,
            _capability_url(plan, nodes["id"][place]),
            (
                formats.number(nodes["ratings"][place], plan),
                *(metric.text(metric.values(nodes)[place], plan) for metric in IN_TABLE),
            ),
        )
        for place in listing.page
    ]
    return Parts("What each capability adds", "Those that are rated; means over the agencies.", listing, lines)


def map_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    totals = figures["totals"]
    share = NO_VALUE if totals["share_rated"] is None else formats.percent(totals["share_rated"], plan)
    number = formats.number
    formula = f"capabilities with a mean gap of at least {OPEN_GAP} and a mean importance of at least {IMPORTANT}"
    return [
        Figure(
            key="open_gaps",
            label="Open gaps",
            value=number(totals["open_gaps"], plan),
            formula=formula,
            numerator=f"{number(totals['open_gaps'], plan)} with an open gap",
            denominator=f"{number(totals['capabilities'], plan)} capabilities of the lowest level",
        ),
        Figure(
            key="share_rated",
            label="Ratings given",
            value=share,
            formula="ratings given / ratings asked for",
            numerator=f"{number(totals['rated'], plan)} ratings",
            denominator=f"{number(totals['expected'], plan)} asked for",
        ),
    ]


def duplicates_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each function with more than one system; with few agencies behind it, its cost is theirs."""
    plan, columns = member.plan, figures["functions"]
    rows = list(range(len(columns["function"])))
    if not rows:
        return None
    heads = ("Function", "Systems", "Agencies", "Cost a year", "All but the dearest")
    listing = _listing("functions", rows, heads, asked, lambda place: columns["function"][place])
    url = reverse("duplicates", kwargs={"slug": plan.slug})
    lines = [PartLine(columns["function"][at], url, _function_cells(member, columns, at)) for at in listing.page]
    return Parts("What each function adds", "Systems that an agency in the program uses.", listing, lines)


def _function_cells(member: Member, columns: Mapping[str, Any], place: int) -> tuple[str, ...]:
    plan, seen = member.plan, member.sees_all or columns["agencies"][place] >= FEWEST
    counts = (formats.number(columns[name][place], plan) for name in ("systems", "agencies"))
    costs = (_money(columns[name][place], plan) if seen else "few" for name in ("cost_cents", "beyond_cents"))
    return (*counts, *costs)


def duplicates_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    totals, number = figures["totals"], formats.number
    return [
        Figure(
            key="possible",
            label="Functions with several systems",
            value=number(totals["possible"], plan),
            formula="functions with more than one system in use",
            numerator=f"{number(totals['possible'], plan)} with more than one system",
            denominator=f"{number(totals['functions'], plan)} functions",
        )
    ]


def overlap_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """The closest pairs, of agencies that the member may know."""
    plan, pairs = member.plan, figures["pairs"]
    known = {row.pk: row for row in Agency.objects.for_plan(plan) if sees_agency_name(member, row)}
    if not (member.sees_all or member.agency_ids):
        return None
    rows = [at for at in range(len(pairs["first"])) if pairs["first"][at] in known and pairs["second"][at] in known]
    if not rows:
        return None
    heads = ("Agencies", "Alike", "In capabilities", "In systems", "Capabilities of both", "Systems of both")

    def name(place: int) -> str:
        return f"{known[pairs['first'][place]]} and {known[pairs['second'][place]]}"

    listing = _listing("pairs", rows, heads, asked, name)
    url = reverse("overlap", kwargs={"slug": plan.slug})
    lines = [
        PartLine(
            name(place),
            url,
            (
                *(_decimal(pairs[key][place], plan) for key in ("alike", "capabilities", "systems")),
                *(formats.number(pairs[key][place], plan) for key in ("shared_capabilities", "shared_systems")),
            ),
        )
        for place in listing.page
    ]
    return Parts("The closest pairs", "1 is the same, 0 nothing in common.", listing, lines)


def candidates_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each capability in the ranking: its parts from 0 to 1, and the score that is their mean."""
    plan, columns = member.plan, figures["ranking"]
    names = Capability.objects.for_plan(plan).in_bulk(columns["capability"])
    rows = [
        place
        for place, pk in enumerate(columns["capability"])
        if pk in names and (member.sees_all or columns["agencies"][place] >= FEWEST)
    ]
    if not rows:
        return None
    heads = ("Capability", *(PART_LABELS[key] for key in CANDIDATE_PARTS), "Score")
    listing = _listing("candidates", rows, heads, asked, lambda place: _text(names[columns["capability"][place]]))
    lines = [
        PartLine(
            names[columns["capability"][place]].name,
            _capability_url(plan, columns["capability"][place]),
            (
                *(_decimal(columns["parts"][key][place], plan) for key in CANDIDATE_PARTS),
                _decimal(columns["score"][place], plan),
            ),
        )
        for place in listing.page
    ]
    return Parts("What speaks for each capability", "Each part from 0 to 1.", listing, lines)


def _text(row: Capability) -> str:
    return f"{row.code} {row.name}"


def _capability_url(plan: Plan, pk: int) -> str:
    return reverse("capability", kwargs={"slug": plan.slug, "capability_id": pk})


def _decimal(value: float | None, plan: Plan) -> str:
    return NO_VALUE if value is None else formats.decimals(value, 2, plan)


def _money(cents: int | None, plan: Plan) -> str:
    return NO_VALUE if cents is None else formats.money(Decimal(cents) / 100, plan)


def _listing(name: str, rows: Sequence[Any], heads: Sequence[str], asked: QueryDict, text: Any) -> Listing[Any]:
    columns: list[Column[Any]] = [Column(f"c{place}", head, figure=place > 0) for place, head in enumerate(heads)]
    return Listing(name, rows, columns, asked, text, size=SHOWN)


PARTS = {
    "assess.capability_map": map_parts,
    "assess.duplicates": duplicates_parts,
    "assess.overlap": overlap_parts,
    "assess.candidates": candidates_parts,
}
FIGURES = {"assess.capability_map": map_figures, "assess.duplicates": duplicates_figures}
