"""What the pages of criteria and judgements show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst

from assess.forms_weights import WeightsForm, weight_rows
from assess.heat_texts import direction
from assess.models import Axis, Criterion, Judgement, Measure, Scale, WhenMissing
from assess.policy import JUDGES
from assess.starter_criteria import PRESETS, STARTER
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan, Service
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing

SHOWN = 30


def criteria_page(member: Member, criteria: Sequence[Criterion], form: WeightsForm | None) -> dict[str, Any]:
    """Both axes with their criteria; fields for the weights where the member may change them."""
    fields = {row.pk: pair for row, *pair in weight_rows(form)} if form else {}
    lines = [_line(row, member.plan, fields.get(row.pk), criteria) for row in criteria]
    codes = {row.code for row in criteria}
    return {
        "axes": [
            {"label": axis.label, "meaning": AXES[axis], "lines": own}
            for axis in Axis
            if (own := [line for line in lines if line["row"].axis == axis])
        ],
        "form": form,
        "presets": PRESETS,
        "starter_left": sum(one.code not in codes for one in STARTER),
        "starter_count": len(STARTER),
        "can_edit": member.runs_plan,
        "add_url": reverse("criterion_new", kwargs={"slug": member.plan.slug}),
        "map_url": reverse("heat_map", kwargs={"slug": member.plan.slug}),
    }


AXES = {
    Axis.OPPORTUNITY: "What sharing would gain.",
    Axis.EASE: "How little stands in the way.",
}


def _line(row: Criterion, plan: Plan, fields: Any, criteria: Sequence[Criterion]) -> dict[str, Any]:
    total = sum(other.weight for other in criteria if other.axis == row.axis)
    return {
        "row": row,
        "weight": formats.number(row.weight.normalize() + 0, plan),
        "share": f"{formats.number(round(100 * row.weight / total), plan)} %" if total else "",
        "measure": Measure(row.measure).label,
        "scale": _scale(row, plan),
        "missing": WhenMissing(row.when_missing).label,
        "fields": fields,
        "url": reverse("criterion_edit", kwargs={"slug": plan.slug, "criterion_id": row.pk}),
    }


def _scale(row: Criterion, plan: Plan) -> str:
    if row.is_judged:
        return "Scored 1 to 5, with a reason"
    if row.scale == Scale.RANK:
        return f"{capfirst(direction(row))}, by its rank among the services"
    return f"{capfirst(direction(row))}, limits {'; '.join(formats.number(limit, plan) for limit in row.limits)}"


def judgements_page(member: Member, asked: QueryDict) -> dict[str, Any]:
    """Each service by each judged criterion: what is said, and what still needs a score with its reason."""
    plan = member.plan
    criteria = [row for row in Criterion.objects.for_plan(plan) if row.is_judged]
    services = list(Service.objects.for_plan(plan).select_related("area"))
    said = {(row.service_id, row.criterion_id): row for row in Judgement.objects.for_plan(plan)}
    rows = [(service, [said.get((service.pk, one.pk)) for one in criteria]) for service in services]
    open_only = asked.get("show") == "open"
    shown = [row for row in rows if not open_only or None in row[1]]
    columns: list[Column[Any]] = [Column("name", "Service"), *(Column(f"c{one.pk}", one.name) for one in criteria)]
    listing = Listing("judgements", shown, columns, asked, _text, size=SHOWN)
    url, left = reverse("judgements", kwargs={"slug": plan.slug}), sum(row[1].count(None) for row in rows)
    open_services = sum(None in row[1] for row in rows)
    return {
        "criteria": criteria,
        "listing": listing,
        "lines": [_judged_line(service, own, criteria, member) for service, own in listing.page],
        "left": left,
        "said": formats.counted(len(rows) * len(criteria) - left, "judgement", "judgements", plan),
        "all": formats.number(len(rows) * len(criteria), plan),
        "filters": [
            {"label": "All services", "url": url, "count": len(rows), "current": not open_only},
            {"label": "Still to judge", "url": f"{url}?show=open", "count": open_services, "current": open_only},
        ],
        "map_url": reverse("heat_map", kwargs={"slug": plan.slug}),
        "criteria_url": reverse("criteria", kwargs={"slug": plan.slug}),
    }


def _text(row: tuple[Service, Any]) -> str:
    return f"{row[0].code} {row[0].name} {row[0].area.name}"


def _judged_line(
    service: Service, own: Sequence[Judgement | None], criteria: Sequence[Criterion], member: Member
) -> dict[str, Any]:
    return {
        "name": service.name,
        "area": service.area.name,
        "cells": [
            {
                "row": row,
                "shade": f"heat-{row.score}" if row else "heat-none",
                "label": f"{criterion.name} of {service.name}",
                "url": _judgement_url(member, service, criterion),
            }
            for row, criterion in zip(own, criteria, strict=True)
        ],
    }


def _judgement_url(member: Member, service: Service, criterion: Criterion) -> str:
    if not member.has(*JUDGES):
        return ""
    names = {"slug": member.plan.slug, "service_id": service.pk, "criterion_id": criterion.pk}
    return reverse("judgement", kwargs=names)
