"""What stands behind the scorecard of the gate and behind the completeness of the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.gate_texts import TEXTS, scorecard
from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Plan, Service
from ssoplanner.steps.gate import ScoreLine
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.parts import Figure, PartLine, Parts

SHOWN = 25
Given = tuple[Service, int, int]


def gate_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each criterion with its figure, threshold and state."""
    lines = scorecard(figures, member.plan).lines
    heads = ("Criterion", "Figure", "Asked for", "State")
    columns = [Column[ScoreLine](f"c{place}", head) for place, head in enumerate(heads)]
    listing = Listing("criteria", lines, columns, asked, lambda line: line.title, size=SHOWN)
    made = [PartLine(one.title, _page(member, one), (one.value, one.threshold, one.label), one.note) for one in lines]
    sentence = "The five that must hold decide about no-go; the others about conditions."
    return Parts("The criteria", sentence, listing, made)


def _page(member: Member, line: ScoreLine) -> str:
    if not member.has(*policy()[line.page].read):
        return ""
    return reverse(line.page, kwargs={"slug": member.plan.slug})


def gate_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    """Of criteria that compare a figure with a threshold."""
    return [
        Figure(
            key=line.key,
            label=line.title,
            value=line.label,
            formula=f"{_lower(TEXTS[line.key].title)} compared with what the plan asks for",
            numerator=f"{line.value} {line.note}".strip(),
            denominator=line.threshold,
        )
        for line in scorecard(figures, plan).lines
        if line.threshold
    ]


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def completeness_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each service with what was given of what was asked, the emptiest first."""
    columns = figures["services"]
    known = Service.objects.for_plan(member.plan).in_bulk(columns["service"])
    every = zip(columns["service"], columns["given"], columns["asked"], strict=True)
    rows: list[Given] = [(known[pk], given, whole) for pk, given, whole in every if pk in known]
    rows.sort(key=lambda row: (row[1] / row[2], row[0].name.casefold()))
    heads: list[Column[Given]] = [
        Column("service", "Service", key=lambda row: row[0].name.casefold()),
        Column("given", "Figures given", key=lambda row: row[1], figure=True),
        Column("asked", "Asked for", key=lambda row: row[2], figure=True),
    ]
    listing = Listing("given", rows, heads, asked, lambda row: row[0].name, size=SHOWN)
    lines = [
        PartLine(row.name, _grid(member, row), tuple(formats.number(count, member.plan) for count in counts))
        for row, *counts in listing.page
    ]
    said = "Five figures of each agency that provides the service: cost, volume, targets, procedure, automation."
    return Parts("What was given by service", said, listing, lines)


def _grid(member: Member, row: Service) -> str:
    if not member.has(*policy()["service_grid"].read):
        return ""
    return reverse("service_grid", kwargs={"slug": member.plan.slug, "service_id": row.pk})


def completeness_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    given, asked = (formats.number(figures[name], plan) for name in ("given", "asked"))
    reporting, agencies = (formats.number(figures[name], plan) for name in ("reporting", "agencies"))
    return [
        Figure(
            key="share",
            label="Data completeness",
            value=formats.percent(figures["share"], plan),
            formula="figures given / figures asked for × agencies that report / agencies in the program",
            numerator=f"{given} of {asked} figures given",
            denominator=f"{reporting} of {agencies} agencies report",
        )
    ]


PARTS = {"assess.gate": gate_parts, "assess.completeness": completeness_parts}
FIGURES = {"assess.gate": gate_figures, "assess.completeness": completeness_figures}
