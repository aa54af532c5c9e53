"""From the results on capabilities to the page of the architecture: conclusion, map, table, gaps and who is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import get_text_list

from assess.calc.capability_map import IMPORTANT, OPEN_GAP
from assess.capability_metrics import BY_KEY, IN_TABLE, METRICS, Metric, may_read, scale
from assess.capability_tree import Node, tree, walk
from assess.models import Candidate, Capability, Verdict
from assess.models.architecture import DEPTH
from assess.pages_capabilities import MAP
from assess.policy import JUDGES
from ssoplanner.access.gate import Member, sees_agency, sees_agency_name
from ssoplanner.access.results import all_results, results
from ssoplanner.charts.tiles import Box, Placed, Tiles, tiles
from ssoplanner.core.models import Agency, AgencyStatus, Plan
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.live import live
from ssoplanner.web.tracing.page import trace_url

DUPLICATES, CANDIDATES = ("assess.duplicates", ""), ("assess.candidates", "")
AGENCY = "assess.architecture"
NAMED, GAPS, LATE = 3, 10, 60
TOO_FEW = "few"
# By shade, from 0 for no figure: those of heat.css and capabilities.css on a white page.
FILLS = {
    "heat": ("#ffffff", "#e2a56b", "#f3d5b3", "#f3f0e4", "#c0e2dd", "#7cc2ba"),
    "amount": ("#ffffff", "#edf5f4", "#d3e9e6", "#b2dad5", "#8ac7c0", "#62b3aa"),
}


@dataclass(frozen=True)
class Choice:
    """By what the map is coloured, how deep it goes, and of which branch it is: all as the address says."""

    metric: Metric
    depth: int
    within: int | None

    @classmethod
    def of(cls, asked: QueryDict) -> Choice:
        depth, within = asked.get("depth", ""), asked.get("within", "")
        return cls(
            BY_KEY.get(asked.get("metric", ""), METRICS[0]),
            int(depth) if depth in {"1", "2", "3"} else 2,
            int(within) if within.isascii() and within.isdigit() and len(within) < 10 else None,
        )

    def query(self, **other: Any) -> str:
        parts = {"metric": self.metric.key, "depth": self.depth, "within": self.within, **other}
        return "&".join(f"{name}={value}" for name, value in parts.items() if value is not None)


@dataclass(frozen=True)
class Tile:
    """A panel or tile as it is drawn, with its figure, its shade and where it leads."""

    at: Placed
    name: str
    figure: str
    shade: int
    url: str
    told: str
    palette: str

    @property
    def fill(self) -> str:
        """Its colour where no style sheet gives one: in the picture by itself."""
        if not self.at.is_tile:
            return "#f4f6f7" if self.at.level == 1 else "#ffffff"
        return FILLS[self.palette][self.shade]


@dataclass(frozen=True)
class Picture:
    """The map, with what its colours mean."""

    drawn: Tiles
    tiles: list[Tile]
    choice: Choice
    scale: list[tuple[int, str]]
    branch: Node | None

    @property
    def heading(self) -> str:
        where = f" in {self.branch.row.name}" if self.branch else ""
        return f"{self.choice.metric.label}{where}, by capability"

    @property
    def view_width(self) -> float:
        """With room for the outermost lines."""
        return self.drawn.width + 2

    @property
    def view_height(self) -> float:
        return self.drawn.height + 2

    @property
    def full_width(self) -> float:
        """Of the picture by itself, with its margins and its head."""
        return self.drawn.width + 32

    @property
    def full_height(self) -> float:
        return self.drawn.height + 76


# --- The page -------------------------------------------------------------------------------------------------------


def architecture(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The page, as far as the member may see the results it stands on."""
    plan = member.plan
    found = results(member, [MAP, DUPLICATES, CANDIDATES])
    whole, url = found.get(MAP), reverse("architecture", kwargs={"slug": plan.slug})
    figures = whole.figures if whole else None
    nodes = tree(Capability.objects.for_plan(plan))
    duplicates = found[DUPLICATES].figures if DUPLICATES in found else None
    return {
        "whole": whole,
        "state": state_line(whole, plan) if whole else None,
        "live": live(plan, found, "architecture"),
        "refresh_url": f"{url}?{asked.urlencode()}" if asked else url,
        "url": url,
        "trace_url": trace_url(plan, *MAP) if figures else "",
        "duplicates_note": _duplicates_note(duplicates, plan),
        "has_tree": bool(nodes),
        "can_edit": member.has(*JUDGES),
        **(_map(member, figures, nodes, asked, url, duplicates) if figures else {}),
    }


def _map(
    member: Member,
    figures: Mapping[str, Any],
    nodes: Sequence[Node],
    asked: QueryDict,
    url: str,
    duplicates: Mapping[str, Any] | None,
) -> dict[str, Any]:
    plan, choice = member.plan, Choice.of(asked)
    verdicts = Candidate.objects.for_plan(plan).filter(verdict=Verdict.SHARE).count()
    open_gaps = _open(member, figures["nodes"], nodes)
    return {
        "sentence": _sentence(figures["totals"], open_gaps, duplicates, plan),
        "stats": _stats(figures["totals"], verdicts, duplicates, plan),
        "picture": picture(member, figures["nodes"], nodes, choice),
        "choice": choice,
        "metrics": METRICS,
        "depths": [1, 2, 3],
        "svg_url": f"{reverse('architecture_drawing', kwargs={'slug': plan.slug})}?{choice.query()}",
        "whole_url": f"{url}?{choice.query(within=None)}#map",
        "gaps": [_gap(node, place, figures["nodes"], plan) for node, place in open_gaps[:GAPS]],
        "more_gaps": max(0, len(open_gaps) - GAPS),
        "listing": (listing := _listing(figures["nodes"], nodes, asked)),
        "lines": [_table_line(member, figures["nodes"], node, place) for node, place in listing.page],
    }


def _sentence(
    totals: Mapping[str, Any],
    gaps: Sequence[tuple[Node, int]],
    duplicates: Mapping[str, Any] | None,
    plan: Plan,
) -> str:
    """The conclusion: what falls short, and what is run twice."""
    count, of = totals["open_gaps"], formats.counted(totals["capabilities"], "capability", "capabilities", plan)
    if count:
        names = [node.row.name for node, _ in gaps[:NAMED]]
        led = f", led by {get_text_list(names, 'and')}" if names else ""
        fall = "falls" if count == 1 else "fall"
        said = f"{formats.number(count, plan)} of {of} {fall} short of what agencies need{led}."
    else:
        said = f"None of {of} falls short of what agencies need by a level or more."
    if duplicates is None or not duplicates["totals"]["possible"]:
        return said
    twice = formats.counted(duplicates["totals"]["possible"], "function has", "functions have", plan)
    return f"{said} {twice[0].upper()}{twice[1:]} more than one system."


def _stats(
    totals: Mapping[str, Any], verdicts: int, duplicates: Mapping[str, Any] | None, plan: Plan
) -> list[tuple[str, str, str]]:
    """(label, figure, note)."""
    share = totals["share_rated"]
    rated = f"{formats.number(totals['agencies_rated'], plan)} of {formats.number(totals['agencies'], plan)}"
    found = [
        ("Agencies that rated", rated, f"{formats.percent(share, plan)} of all ratings" if share is not None else ""),
        ("Open gaps", formats.number(totals["open_gaps"], plan), "important, and a level short or more"),
        ("Maturity", BY_KEY["maturity"].text(totals["maturity"], plan), "of 5, over all ratings"),
    ]
    if duplicates is not None:
        counts = duplicates["totals"]
        judged = formats.number(counts["confirmed"] + counts["dismissed"], plan)
        found.append(("Functions with several systems", formats.number(counts["possible"], plan), f"{judged} judged"))
    found.append(("Proposed for sharing", formats.number(verdicts, plan), "by a verdict with its reason"))
    return found


def _duplicates_note(duplicates: Mapping[str, Any] | None, plan: Plan) -> str:
    if duplicates is None:
        return ""
    totals = duplicates["totals"]
    judged = f"{formats.number(totals['open'], plan)} still to judge" if totals["open"] else "all of them judged"
    return f"{formats.counted(totals['possible'], 'function', 'functions', plan)} with several systems, {judged}."


# --- The drawing ----------------------------------------------------------------------------------------------------


def drawing(member: Member, asked: QueryDict) -> Picture | None:
    """The map by itself; None where there is none for the member."""
    whole = results(member, [MAP]).get(MAP)
    if whole is None or whole.figures is None:
        return None
    nodes = tree(Capability.objects.for_plan(member.plan))
    return picture(member, whole.figures["nodes"], nodes, Choice.of(asked))


def picture(member: Member, columns: Mapping[str, Any], nodes: Sequence[Node], choice: Choice) -> Picture:
    """The map of what is chosen."""
    branch = next((node for node in walk(nodes) if node.row.pk == choice.within), None)
    shown = branch.children or (branch,) if branch else nodes
    bottom = min(DEPTH, max(choice.depth, branch.level + 1 if branch else 1))
    drawn = tiles([_box(node, bottom) for node in shown])
    by_key = {node.row.pk: node for node in walk(nodes)}
    places = {pk: place for place, pk in enumerate(columns["id"])}
    values = choice.metric.values(columns)
    at_tiles = [places[one.key] for one in drawn.placed if one.is_tile and one.key in places]
    largest = max((values[place] or 0 for place in at_tiles), default=0)
    url = reverse("architecture", kwargs={"slug": member.plan.slug})

    def tile(one: Placed) -> Tile:
        node, place = by_key[one.key], places.get(one.key)
        seen = place is not None and may_read(member, columns, place)
        value = values[place] if seen and place is not None else None
        figure = choice.metric.text(value, member.plan) if seen or place is None else TOO_FEW
        leads = reverse("capability", kwargs={"slug": member.plan.slug, "capability_id": one.key})
        if node.children:
            leads = f"{url}?{choice.query(within=one.key, depth=min(DEPTH, node.level + 1))}#map"
        told = f"{node.row.name}: {choice.metric.label.lower()} {figure}"
        shade = choice.metric.shade(value, largest) if one.is_tile else 0
        return Tile(one, node.row.name, figure, shade, leads, told, choice.metric.palette)

    return Picture(drawn, [tile(one) for one in drawn.placed], choice, scale(choice.metric), branch)


def _box(node: Node, depth: int) -> Box:
    below = [_box(one, depth) for one in node.children] if node.level < depth else []
    return Box(node.row.pk, node.row.name, below)


# --- Gaps and the table ---------------------------------------------------------------------------------------------


def _leaves(columns: Mapping[str, Any], nodes: Sequence[Node]) -> list[tuple[Node, int]]:
    places = {pk: place for place, pk in enumerate(columns["id"])}
    return [(node, places[node.row.pk]) for node in walk(nodes) if node.is_leaf and node.row.pk in places]


def _open(member: Member, columns: Mapping[str, Any], nodes: Sequence[Node]) -> list[tuple[Node, int]]:
    """The lowest capabilities with an open gap that the member may read, the largest gap first."""
    gap, importance = columns["scores"]["gap"], columns["scores"]["importance"]
    found = [
        (node, place)
        for node, place in _leaves(columns, nodes)
        if may_read(member, columns, place)
        and gap[place] is not None
        and importance[place] is not None
        and gap[place] >= OPEN_GAP
        and importance[place] >= IMPORTANT
    ]
    return sorted(found, key=lambda one: (-gap[one[1]], -importance[one[1]], one[0].row.name))


def _gap(node: Node, place: int, columns: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    scores = columns["scores"]
    weakest = min(
        (key for key in ("people", "process", "technology", "governance") if scores[key][place] is not None),
        key=lambda key: scores[key][place],
        default="",
    )
    return {
        "row": node.row,
        "url": reverse("capability", kwargs={"slug": plan.slug, "capability_id": node.row.pk}),
        "cells": [
            (BY_KEY[key].text(scores[key][place], plan), BY_KEY[key].shade(scores[key][place], 0))
            for key in ("gap", "maturity", "target", "importance")
        ],
        "weakest": weakest,
        "agencies": formats.number(columns["agencies"][place], plan),
    }


def _listing(columns: Mapping[str, Any], nodes: Sequence[Node], asked: QueryDict) -> Listing[tuple[Node, int]]:
    """Every capability in the order of the tree, until it is sorted otherwise."""
    places = {pk: place for place, pk in enumerate(columns["id"])}
    rows = [(node, places[node.row.pk]) for node in walk(nodes) if node.row.pk in places]
    heads: list[Column[tuple[Node, int]]] = [Column("name", "Capability", key=lambda row: row[0].row.name.casefold())]
    heads += [_column(metric, columns) for metric in IN_TABLE]
    return Listing("map-table", rows, heads, asked, lambda row: f"{row[0].row.code} {row[0].row.name}", size=60)


def _column(metric: Metric, columns: Mapping[str, Any]) -> Column[tuple[Node, int]]:
    values = metric.values(columns)
    return Column(metric.key, metric.label, key=lambda row: values[row[1]], figure=True)


def _table_line(member: Member, columns: Mapping[str, Any], node: Node, place: int) -> dict[str, Any]:
    seen = may_read(member, columns, place)
    return {
        "row": node.row,
        "level": node.level,
        "url": reverse("capability", kwargs={"slug": member.plan.slug, "capability_id": node.row.pk}),
        "cells": [one.text(one.values(columns)[place], member.plan) if seen else TOO_FEW for one in IN_TABLE],
    }


# --- Who is late ----------------------------------------------------------------------------------------------------


def progress(member: Member) -> list[dict[str, Any]]:
    """How far each agency is that the member may see the figures of, the least first."""
    states = {pk: one.figures for pk, one in all_results(member, AGENCY).items()}
    agencies = Agency.objects.for_plan(member.plan).exclude(status=AgencyStatus.LEFT)
    rows = [
        _progress(agency, states.get(str(agency.pk)) or {}, member.plan)
        for agency in agencies
        if sees_agency_name(member, agency) and sees_agency(member, agency)
    ]
    rows.sort(key=lambda row: (row["share"], row["name"].casefold()))
    return rows


def _progress(agency: Agency, state: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    rated, expected = state.get("rated", 0), state.get("expected", 0)
    share = rated / expected if expected else 0
    return {
        "name": agency.name,
        "url": reverse("architecture_agency", kwargs={"slug": plan.slug, "agency_id": agency.pk}),
        "share": share,
        "text": f"{formats.number(rated, plan)} of {formats.number(expected, plan)}",
    }
