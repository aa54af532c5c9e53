"""What stands behind the alignment of the executives and behind the rating of the twelve risks.

The parts name people and what they said in confidence, so they are for those who read the pages themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.figure_texts import NO_VALUE
from assess.models import Position, Rater, Sponsor
from assess.pages_reasons import NOT_ASKED
from assess.risk_texts import RISKS, RiskText
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.inputs import last_given
from ssoplanner.web.tracing.parts import Figure, PartLine, Parts

SHOWN = 25
FORMULA = "score × weight, averaged over the rated risks"


def alignment_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each executive with their position."""
    if not member.sees_all:
        return None
    rows = list(Sponsor.objects.for_plan(member.plan).filter(is_executive=True).order_by("name", "pk"))
    columns = [Column[Sponsor]("name", "Executive"), Column[Sponsor]("position", "Position")]
    listing = Listing("executives", rows, columns, asked, str, size=SHOWN)
    given, url = last_given(member.plan, listing.page), reverse("reasons", kwargs={"slug": member.plan.slug})
    lines = [
        PartLine(str(row), f"{url}#sponsor-{row.pk}", (_position(row),), given.get(row.pk, "")) for row in listing.page
    ]
    return Parts("Where each executive stands", "Sponsors who do not decide are left out.", listing, lines)


def _position(row: Sponsor) -> str:
    return str(Position(row.position).label) if row.position else NOT_ASKED


def alignment_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    share = figures["share"]
    return [
        Figure(
            key="aligned",
            label="Executives behind the plan",
            value=NO_VALUE if share is None else formats.percent(share, plan),
            formula="executives who are supportive or committed / executives who were asked",
            numerator=f"{formats.number(figures['aligned'], plan)} supportive or committed",
            denominator=f"{formats.number(figures['asked'], plan)} asked",
        )
    ]


def risk_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """What each risk adds to the mean of either side."""
    if not member.sees_all:
        return None
    heads = ("Risk", *(str(rater.label) for rater in Rater))
    columns = [Column[RiskText](f"c{place}", head, figure=place > 0) for place, head in enumerate(heads)]
    listing = Listing("risk-parts", RISKS, columns, asked, lambda risk: risk.name, size=SHOWN)
    url = reverse("risks", kwargs={"slug": member.plan.slug})
    lines = [
        PartLine(risk.name, f"{url}#{risk.key}", tuple(_part(figures, rater, risk, member.plan) for rater in Rater))
        for risk in listing.page
    ]
    sentence = "Score × weight. A dash stands for a risk that is not rated, or not applicable."
    return Parts("What each risk adds", sentence, listing, lines)


def _part(figures: Mapping[str, Any], rater: Rater, risk: RiskText, plan: Plan) -> str:
    part = figures[rater.value]["parts"].get(risk.key)
    return NO_VALUE if part is None else formats.decimals(part, 1, plan)


def risk_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    return [_side(rater, figures[rater.value], plan) for rater in Rater]


def _side(rater: Rater, side: Mapping[str, Any], plan: Plan) -> Figure:
    score, total = side["score"], sum(side["parts"].values())
    return Figure(
        key=rater.value,
        label=str(rater.label),
        value=NO_VALUE if score is None else f"{formats.decimals(score, 2, plan)}, {side['band']}",
        formula=FORMULA,
        numerator=f"{formats.decimals(total, 1, plan)} score × weight in all",
        denominator=formats.counted(side["rated"], "risk rated", "risks rated", plan),
    )


PARTS = {"assess.alignment": alignment_parts, "assess.plan_risk": risk_parts}
FIGURES = {"assess.alignment": alignment_figures, "assess.plan_risk": risk_figures}
