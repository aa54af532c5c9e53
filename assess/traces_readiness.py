"""What stands behind the figures on readiness: each question of an agency, each agency of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from assess.figure_texts import NO_VALUE
from assess.models import Dimension, Question
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, Plan
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.page import trace_url
from ssoplanner.web.tracing.parts import Figure, PartLine, Parts

AGENCY, MAP = "assess.readiness", "assess.readiness_map"
SHOWN = 25


def agency_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each question that somebody answered with a level, without saying who."""
    columns = figures["questions"]
    names = Question.objects.for_plan(member.plan).in_bulk(columns["question"])
    rows = list(zip(*(columns[name] for name in ("question", "mean", "lowest", "highest", "count")), strict=True))
    if not rows:
        return None
    heads = ("Question", "Weight", "Mean", "Lowest", "Highest", "Answers with a level")
    listing = _listing("questions", rows, heads, asked, lambda row: str(names.get(row[0], "")))
    lines = [PartLine(_name(names.get(row[0])), "", _question_cells(row, names, member.plan)) for row in listing.page]
    return Parts("What each question adds", "Only those that somebody answered with a level.", listing, lines)


def _name(question: Question | None) -> str:
    return str(question) if question else "a removed question"


def _question_cells(row: Sequence[Any], names: Mapping[int, Question], plan: Plan) -> tuple[str, ...]:
    question, mean, lowest, highest, count = row
    weight = formats.number(names[question].weight.normalize(), plan) if question in names else NO_VALUE
    levels = (formats.number(value, plan) for value in (lowest, highest, count))
    return weight, formats.decimals(mean, 2, plan), *levels


def map_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each agency's scores, of those that the member may see."""
    columns = figures["agencies"]
    names = Agency.objects.for_plan(member.plan).in_bulk(columns["agency"])
    every = zip(
        columns["agency"], columns["overall"], *(columns["scores"][key] for key in Dimension.values), strict=True
    )
    rows = [row for row in every if row[0] in names and (member.sees_all or row[0] in member.agency_ids)]
    if not rows:
        return None
    heads = ("Agency", "Overall", *(str(label) for label in Dimension.labels))
    listing = _listing("agencies", rows, heads, asked, lambda row: f"{names[row[0]].code} {names[row[0]].name}")
    lines = [
        PartLine(
            names[pk].name, trace_url(member.plan, AGENCY, str(pk)), tuple(_score(one, member.plan) for one in own)
        )
        for pk, *own in listing.page
    ]
    whole = "Every agency in the program." if member.sees_all else "Your own agencies; the others’ parts are theirs."
    return Parts("What each agency adds", f"{whole} Its name leads to what its own scores rest on.", listing, lines)


def _score(value: float | None, plan: Plan) -> str:
    return NO_VALUE if value is None else formats.decimals(value, 2, plan)


def _listing(name: str, rows: Sequence[Any], heads: Sequence[str], asked: QueryDict, text: Any) -> Listing[Any]:
    columns: list[Column[Any]] = [Column(f"c{place}", head, figure=place > 0) for place, head in enumerate(heads)]
    return Listing(name, rows, columns, asked, text, size=SHOWN)


def map_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    known = [score for score in figures["agencies"]["overall"] if score is not None]
    return [
        Figure(
            key="overall",
            label="Overall readiness",
            value=_score(figures["overall"], plan),
            formula="sum of the agencies’ overall scores / agencies with a score",
            numerator=f"{formats.decimals(sum(known), 2, plan)} levels in all",
            denominator=formats.counted(len(known), "agency with a score", "agencies with a score", plan),
        )
    ]


PARTS = {AGENCY: agency_parts, MAP: map_parts}
FIGURES = {MAP: map_figures}
