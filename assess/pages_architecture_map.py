"""Technology and data over all agencies: who stands where, and what most of them lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.text import get_text_list

from assess.architecture_texts import ASPECTS, aspects_by_key, scale
from assess.calc.architecture import NEEDED
from assess.pages_architecture import ARCHITECTURE, level_cell
from assess.pages_readiness import HeatCell
from ssoplanner.access.gate import Member, sees_agency
from ssoplanner.access.results import results
from ssoplanner.core.models import Agency, Plan
from ssoplanner.recompute.calculations import Key
from ssoplanner.recompute.reading import Shown
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.live import live
from ssoplanner.web.tracing.page import trace_url
from ssoplanner.web.views.rows import plan_url

MAP = ("assess.technology_map", "")
NAMED = 3
Row = tuple[Agency, Sequence[int | None], int]  # levels in the order of ASPECTS, how many are short


def technology_map(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The page. Agencies stand there by name for who sees their figures; the others count in the sums."""
    plan, own = member.plan, [(ARCHITECTURE, str(pk)) for pk in sorted(member.agency_ids)]
    found = results(member, [MAP, *own])
    whole = found.get(MAP)
    figures = whole.figures if whole else None
    url = plan_url(member, "technology_map")
    return {
        "whole": whole,
        "state": state_line(whole, plan) if whole else None,
        "trace_url": trace_url(plan, *MAP) if figures else "",
        "live": live(plan, found, "technology-map"),
        "refresh_url": f"{url}?{asked.urlencode()}" if asked else url,
        "scale": scale(),
        "needed": NEEDED,
        "labels": [text.label for text in ASPECTS],
        **(_map(member, figures, asked) if figures else _own(member, found, asked)),
    }


def _map(member: Member, figures: Mapping[str, Any], asked: QueryDict) -> dict[str, Any]:
    columns, plan = figures["agencies"], member.plan
    names = Agency.objects.for_plan(plan).in_bulk(columns["agency"])
    levels = zip(*(columns["levels"][text.key] for text in ASPECTS), strict=True)
    every = zip(columns["agency"], levels, columns["gaps"], strict=True)
    rows = [(names[pk], own, gaps) for pk, own, gaps in every if pk in names and sees_agency(member, names[pk])]
    return {
        **_table(member, rows, asked),
        "sentence": map_sentence(figures, plan),
        "hidden": _hidden(len(columns["agency"]) - len(rows), bool(rows), plan),
        "agencies_count": len(columns["agency"]),
        "figures": figures,
        "aspects": [_aspect(text.key, figures["aspects"][text.key], plan) for text in ASPECTS],
        "ready": [_share(figures["aspects"][text.key]["share_ready"], plan) for text in ASPECTS],
    }


def _hidden(count: int, beside_others: bool, plan: Plan) -> str:
    """How many agencies the member does not see; empty where there are none."""
    if not count:
        return ""
    more = "more " if beside_others else ""
    counts = formats.counted(count, f"{more}agency counts", f"{more}agencies count", plan)
    return f"{counts} in the figures; their own ratings are not shown to you."


def _own(member: Member, found: Mapping[Key, Shown], asked: QueryDict) -> dict[str, Any]:
    """What a lead sees before the plan's result is released: their own agencies."""
    names = Agency.objects.for_plan(member.plan).in_bulk(member.agency_ids)
    rows = []
    for pk in sorted(names):
        shown = found.get((ARCHITECTURE, str(pk)))
        figures: Any = (shown.figures if shown else None) or {"profile": {}, "profile_gaps": []}
        levels = [figures["profile"].get(text.key) for text in ASPECTS]
        rows.append((names[pk], levels, len(figures["profile_gaps"])))
    return _table(member, rows, asked)


def _table(member: Member, rows: Sequence[Row], asked: QueryDict) -> dict[str, Any]:
    """The agencies with most gaps first, those that rated nothing last."""
    order = sorted(rows, key=lambda row: (not any(row[1]), -row[2], row[0].name.casefold()))
    heads: list[Column[Row]] = [
        Column("agency", "Agency", key=lambda row: row[0].name.casefold()),
        Column("gaps", "Short of 3", key=lambda row: row[2] if any(row[1]) else None, figure=True),
        *(_column(place, text.key) for place, text in enumerate(ASPECTS)),
    ]
    listing = Listing("technology", order, heads, asked, lambda row: f"{row[0].code} {row[0].name}")
    return {"listing": listing, "lines": [_line(member, row) for row in listing.page]}


def _column(place: int, key: str) -> Column[Row]:
    return Column(key, aspects_by_key()[key].label, key=lambda row: row[1][place], figure=True)


def _line(member: Member, row: Row) -> dict[str, Any]:
    agency, levels, gaps = row
    cells: list[HeatCell] = [level_cell(level) for level in levels]
    url = plan_url(member, "architecture_agency", agency_id=agency.pk)
    return {"name": agency.name, "url": url, "cells": cells, "gaps": str(gaps) if any(levels) else "–"}


def map_sentence(figures: Mapping[str, Any], plan: Plan) -> str:
    """What most agencies lack, in words."""
    begun, every = figures["begun"], len(figures["agencies"]["agency"])
    known = f"{formats.number(begun, plan)} of {formats.counted(every, 'agency', 'agencies', plan)}"
    lacking = figures["lacking"]
    if not lacking:
        return f"None of the {known} that rated their technology is short of what sharing a service needs."
    named = [
        f"{aspects_by_key()[key].label.lower()} ({figures['aspects'][key]['gaps']} of "
        f"{figures['aspects'][key]['rated']})"
        for key in lacking[:NAMED]
    ]
    have = "has" if figures["with_gaps"] == 1 else "have"
    return (
        f"{formats.number(figures['with_gaps'], plan)} of the {begun} that rated their technology {have} a gap. "
        f"Most often short: {get_text_list(named, 'and')}."
    )


def _aspect(key: str, state: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    return {
        "label": aspects_by_key()[key].label,
        "counts": list(enumerate(state["distribution"], start=1)),
        "gaps": f"{state['gaps']} of {state['rated']}",
        "ready": _share(state["share_ready"], plan),
    }


def _share(share: float | None, plan: Plan) -> str:
    return "–" if share is None else formats.percent(round(share, 2), plan)
