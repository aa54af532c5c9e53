"""What stands behind the results of Design: what each cost pool adds to them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from design.models import CostPool
from design.pages import ALL_SERVICES, amount_text
from design.policy import PLANS_COSTS
from design.traces_shares import method_parts, service_parts
from ssoplanner.access.gate import Member
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.parts import PartLine, Parts

SHOWN = 25


def cost_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each cost pool by year. The single pools are for those who see all of the plan."""
    if not member.sees_all:
        return None
    plan = member.plan
    charged = dict(zip(figures["pools"], figures["charged"], strict=True))
    rows = [row for row in CostPool.objects.for_plan(plan).select_related("service") if row.pk in charged]
    columns = [
        Column[Any]("name", "Cost"),
        Column[Any]("amount", "Amount", figure=True),
        *(Column[Any](f"y{year}", str(year), figure=True) for year in figures["years"]),
    ]
    listing = Listing("pools", rows, columns, asked, lambda row: row.name, size=SHOWN)
    lines = []
    for row in listing.page:
        names = {"slug": plan.slug, "cost_pool_id": row.pk}
        url = reverse("cost_pool_edit", kwargs=names) if member.has(*PLANS_COSTS) else ""
        years = (formats.money(Decimal(cents) / 100, plan) for cents in charged[row.pk])
        service = row.service.name if row.service else ALL_SERVICES
        lines.append(PartLine(row.name, url, (amount_text(row, plan), *years), service))
    return Parts("What each cost adds", "What is charged for it in each fiscal year.", listing, lines)


PARTS = {
    "design.cost_plan": cost_parts,
    "design.service_shares": service_parts,
    "design.fair_shares": method_parts,
}
FIGURES: dict[str, Any] = {}
REGISTERS = {"costpool": "costs"}
