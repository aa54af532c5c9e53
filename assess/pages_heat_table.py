"""The table of the heat map: services by criteria, sorted, searched and filtered by group and area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.calc.heat_map import EASE, OPPORTUNITY
from assess.heat_texts import BY_KEY, GROUPS, THIN, direction, figure_text, score_text, shade, weight_text
from assess.models import Criterion
from assess.pages_heat_lines import Line, by_total, robust_text
from assess.policy import JUDGES
from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Plan
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing

TABLE, SHOWN = "services", 25


def table(
    member: Member, lines: Sequence[Line], criteria: Sequence[Criterion], asked: QueryDict, url: str
) -> dict[str, Any]:
    """Its rows, heads and filters."""
    known = {pk for line in lines[:1] for pk in line.scores}
    shown = [one for one in criteria if one.pk in known]  # one that was added just now has no scores yet
    shown.sort(key=lambda one: one.axis != OPPORTUNITY)
    listing = _listing(_filtered(lines, asked), shown, asked)
    cells = _Cells(member, shown)
    return {
        "listing": listing,
        "heads": list(zip(listing.heads[4:], [_head(one, member.plan) for one in shown], strict=True)),
        "axis_spans": [
            (label, count)
            for axis, label in ((OPPORTUNITY, "Opportunity"), (EASE, "Ease"))
            if (count := sum(one.axis == axis for one in shown))
        ],
        "rows": [_row(line, cells, member.plan) for line in listing.page],
        "group_filter": _group_filter(lines, asked, url),
        "area_filter": _area_filter(lines, asked, url),
    }


def _filtered(lines: Sequence[Line], asked: QueryDict) -> list[Line]:
    group, area = asked.get("group", ""), asked.get("area", "")
    return [
        line
        for line in lines
        if (group not in BY_KEY or line.group.key == group) and area in ("", str(line.service.area.code))
    ]


def _listing(lines: Sequence[Line], criteria: Sequence[Criterion], asked: QueryDict) -> Listing[Line]:
    columns: list[Column[Line]] = [
        Column("name", "Service", lambda line: line.service.name.casefold()),
        Column("group", "Group", lambda line: line.group.one),
        Column("opportunity", "Opportunity", lambda line: line.opportunity, figure=True),
        Column("ease", "Ease", lambda line: line.ease, figure=True),
        *(_criterion_column(one) for one in criteria),
    ]
    ordered = [*by_total(lines), *(line for line in lines if not line.group.key)]
    return Listing(TABLE, ordered, columns, asked, _text, size=SHOWN)


def _criterion_column(criterion: Criterion) -> Column[Line]:
    return Column(f"c{criterion.pk}", criterion.name, lambda line: line.scores.get(criterion.pk), figure=True)


def _text(line: Line) -> str:
    return f"{line.service.code} {line.service.name} {line.service.area.name} {line.group.one}"


def _head(criterion: Criterion, plan: Plan) -> str:
    return f"{weight_text(criterion, plan)}, {direction(criterion)}"


class _Cells:
    """Where the cells of one member's table lead."""

    def __init__(self, member: Member, criteria: Sequence[Criterion]) -> None:
        self.member, self.plan, self.criteria = member, member.plan, criteria
        self.sees_grid = member.has(*policy()["service_grid"].read)
        self.judges = member.has(*JUDGES)

    def of(self, line: Line) -> Iterator[dict[str, str]]:
        for criterion in self.criteria:
            score = line.scores.get(criterion.pk)
            yield {
                "score": score_text(score, self.plan),
                "shade": shade(score),
                "figure": figure_text(criterion.measure, line.figures.get(criterion.pk), self.plan),
                "url": self._url(line.service.pk, criterion),
                "label": f"{criterion.name} of {line.service.name}",
            }

    def _url(self, service: int, criterion: Criterion) -> str:
        if criterion.is_judged:
            names = {"slug": self.plan.slug, "service_id": service, "criterion_id": criterion.pk}
            return reverse("judgement", kwargs=names) if self.judges else ""
        names = {"slug": self.plan.slug, "service_id": service}
        return reverse("service_grid", kwargs=names) if self.sees_grid else ""


def _row(line: Line, cells: _Cells, plan: Plan) -> dict[str, Any]:
    return {
        "name": line.service.name,
        "area": line.service.area.name,
        "group": line.group,
        "opportunity": score_text(line.opportunity, plan),
        "opportunity_shade": shade(line.opportunity),
        "ease": score_text(line.ease, plan),
        "ease_shade": shade(line.ease),
        "cells": list(cells.of(line)),
        "confidence": f"{formats.number(round(100 * line.confidence), plan)} %",
        "thin": line.confidence < THIN and bool(line.group.key),
        "steady": robust_text(line.robust, plan),
    }


def _group_filter(lines: Sequence[Line], asked: QueryDict, url: str) -> list[dict[str, Any]]:
    chosen = asked.get("group", "") if asked.get("group", "") in BY_KEY else ""
    held = [group for group in GROUPS if any(line.group is group for line in lines)]
    options = [("", "All services", len(lines))]
    options += [(group.key, group.many, sum(line.group is group for line in lines)) for group in held]
    return [_option("group", key, label, count, chosen, asked, url) for key, label, count in options]


def _area_filter(lines: Sequence[Line], asked: QueryDict, url: str) -> list[dict[str, Any]]:
    areas = {line.service.area.code: line.service.area.name for line in lines}
    chosen = asked.get("area", "") if asked.get("area", "") in areas else ""
    options = [("", "All areas", len(lines))]
    options += [
        (code, name, sum(line.service.area.code == code for line in lines)) for code, name in sorted(areas.items())
    ]
    return [_option("area", key, label, count, chosen, asked, url) for key, label, count in options]


def _option(name: str, key: str, label: str, count: int, chosen: str, asked: QueryDict, url: str) -> dict[str, Any]:
    address = asked.copy()
    address.pop(f"{TABLE}-page", None)
    address.pop(name, None)
    if key:
        address[name] = key
    query = f"?{address.urlencode()}" if address else ""
    return {"label": label, "url": f"{url}{query}#{TABLE}", "count": count, "current": key == chosen}
