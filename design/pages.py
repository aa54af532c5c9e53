"""From the cost plan and its pools to what the page of costs shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from design.models import CostKind, CostPool
from design.policy import PLANS_COSTS
from ssoplanner.access.gate import Member
from ssoplanner.access.results import results
from ssoplanner.core.models import Plan
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.live import live
from ssoplanner.web.tracing.page import trace_url

COST_PLAN = ("design.cost_plan", "")
SHOWN = 30
ALL_SERVICES = "All services"
SUMS = ("total", "paid", "allowable", "billed")
COLUMN, BAR, TALL, HEAD, FOOT = 80, 56, 130, 20, 22  # of the drawing, in its own units


@dataclass(frozen=True)
class PoolLine:
    """A cost pool as a line of the register."""

    row: CostPool
    service: str
    kind: str
    amount: str
    years: str
    charged: str
    notes: tuple[str, ...]
    url: str


def costs_page(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The figures, and for those who see all of the plan the pools behind them."""
    part = costs_part(member)
    return {
        **part,
        **(_register(member, part["figures"], asked) if member.sees_all else {}),
        "sees_pools": member.sees_all,
        "can_edit": member.has(*PLANS_COSTS),
        "add_url": reverse("cost_pool_new", kwargs={"slug": member.plan.slug}),
        "shares_url": reverse("shares", kwargs={"slug": member.plan.slug}),
    }


def costs_part(member: Member) -> dict[str, Any]:
    """What it costs by year, as far as the member may see it."""
    plan, found = member.plan, results(member, [COST_PLAN])
    result = found.get(COST_PLAN)
    figures = result.figures if result else None
    return {
        "result": result,
        "state": state_line(result, plan) if result else None,
        "live": live(plan, found, "cost-plan"),
        "refresh_url": reverse("costs", kwargs={"slug": plan.slug}),
        "trace_url": trace_url(plan, *COST_PLAN),
        "figures": figures,
        **(_figures(figures, plan) if figures else {}),
    }


# --- Ten seconds -----------------------------------------------------------------------------------------------------


def _figures(figures: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    return {
        "sentence": _sentence(figures, plan),
        "tiles": _tiles(figures, plan),
        "drawing": _drawing(figures, plan),
        "years": [
            {"year": year, **{name: _money(figures[name][at], plan) for name in SUMS}}
            for at, year in enumerate(figures["years"])
        ],
        "sums": {name: _money(sum(figures[name]), plan) for name in SUMS},
        "lacking": _lacking(len(figures["without_volume"]), plan),
    }


def _drawing(figures: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """A bar a year, its height what is charged."""
    total, today = figures["total"], figures["today_cents"]
    highest = max(*total, today or 0, 1)
    heights = [round(TALL * cents / highest, 1) for cents in total]
    return {
        "width": COLUMN * len(total),
        "height": HEAD + TALL + FOOT,
        "today": None if today is None else round(HEAD + TALL - TALL * today / highest, 1),
        "today_text": "" if today is None else f"today {_short(today, plan)}",
        "bar": BAR,
        "bars": [
            {
                "x": COLUMN * at + (COLUMN - BAR) // 2,
                "middle": COLUMN * at + COLUMN // 2,
                "y": round(HEAD + TALL - height, 1),
                "over": round(HEAD + TALL - height - 5, 1),
                "height": height,
                "year": year,
                "text": _short(cents, plan),
            }
            for at, (year, cents, height) in enumerate(zip(figures["years"], total, heights, strict=True))
        ],
        "foot": HEAD + TALL + FOOT - 5,
    }


def _sentence(figures: Mapping[str, Any], plan: Plan) -> str:
    """What it costs in a year like any other, beside what the same services cost today."""
    year, settled = figures["years"][-1], figures["total"][-1]
    said = f"In {year} the shared organization costs {_short(settled, plan)}"
    today = figures["today_cents"]
    if today is None:
        return f"{said}. What its services cost the agencies today is not known yet."
    services = f"the {_short(today, plan)} that the same services cost the agencies today"
    if settled == today:
        return f"{said}: as much as {services.removeprefix('the ')}."
    way = "less" if settled < today else "more"
    return f"{said}: {_short(abs(today - settled), plan)} {way} than {services}."


def _tiles(figures: Mapping[str, Any], plan: Plan) -> list[dict[str, str]]:
    years, whole = figures["years"], sum(figures["total"])
    allowable = sum(figures["allowable"])
    share = formats.percent(Decimal(allowable) / whole, plan) if whole else "none"
    return [
        {"label": f"Charged in {years[0]}", "value": _short(figures["total"][0], plan), "note": "the first year"},
        {
            "label": f"Charged in {years[-1]}",
            "value": _short(figures["total"][-1], plan),
            "note": "the last year of the plan",
        },
        {
            "label": f"Charged {years[0]} to {years[-1]}",
            "value": _short(whole, plan),
            "note": f"{_short(sum(figures['paid']), plan)} of it paid in these years",
        },
        {"label": "Federal awards may pay", "value": share, "note": f"{_short(allowable, plan)} of what is charged"},
    ]


def _lacking(count: int, plan: Plan) -> str:
    if not count:
        return ""
    costs = formats.counted(count, "cost that grows with volume is", "costs that grow with volume are", plan)
    return f"{costs} not counted: no agency gives a volume for the service."


# --- The register ----------------------------------------------------------------------------------------------------


def _register(member: Member, figures: Mapping[str, Any] | None, asked: QueryDict) -> dict[str, Any]:
    rows = list(CostPool.objects.for_plan(member.plan).select_related("service"))
    charged = dict(zip(figures["pools"], figures["charged"], strict=True)) if figures else {}
    columns: list[Column[CostPool]] = [
        Column("name", "Cost", lambda row: row.name.casefold()),
        Column("service", "Service", lambda row: row.service.name.casefold() if row.service else ""),
        Column("kind", "How it behaves", lambda row: row.kind),
        Column("amount", "Amount", figure=True),
        Column("years", "Years"),
        Column("charged", "Charged over the plan", lambda row: sum(charged.get(row.pk, (0,))), figure=True),
    ]
    listing = Listing("pools", rows, columns, asked, _text, size=SHOWN)
    return {"listing": listing, "lines": [_line(row, charged.get(row.pk), member) for row in listing.page]}


def _text(row: CostPool) -> str:
    return f"{row.name} {row.service.name if row.service else ALL_SERVICES} {row.get_kind_display()} {row.source}"


def _line(row: CostPool, charged: Sequence[int] | None, member: Member) -> PoolLine:
    plan = member.plan
    can_edit = member.has(*PLANS_COSTS)
    return PoolLine(
        row=row,
        service=row.service.name if row.service else ALL_SERVICES,
        kind=row.get_kind_display(),
        amount=amount_text(row, plan),
        years=years_text(row),
        charged=_money(sum(charged), plan) if charged is not None else "not counted yet",
        notes=tuple(_notes(row)),
        url=reverse("cost_pool_edit", kwargs={"slug": plan.slug, "cost_pool_id": row.pk}) if can_edit else "",
    )


def amount_text(row: CostPool, plan: Plan) -> str:
    """The amount with what it is for: $450,000 a year. With its service at hand, it takes no query."""
    money = formats.money(row.amount, plan)
    unit = row.service.volume_unit if row.service else "unit"
    if row.kind == CostKind.STEP:
        return f"{money} a year for every {formats.number(row.step_volume, plan)} units ({unit})"
    return f"{money} for each {unit}" if row.kind == CostKind.VARIABLE else f"{money} {FOR[CostKind(row.kind)]}"


FOR = {CostKind.ONE_TIME: "once", CostKind.FIXED: "a year"}


def years_text(row: CostPool) -> str:
    """When it is paid, and over which years it is charged if that is another time."""
    if row.kind == CostKind.ONE_TIME:
        spread = f", charged over {row.spread_years} years" if row.spread_years > 1 else ""
        return f"{row.first_year}{spread}"
    if row.last_year is None:
        return f"from {row.first_year}"
    return f"{row.first_year}" if row.first_year == row.last_year else f"{row.first_year} to {row.last_year}"


def _notes(row: CostPool) -> list[str]:
    notes = []
    if not row.is_allowable:
        notes.append(f"Not for federal awards: {row.unallowable_reason}")
    if row.is_billed:
        notes.append("Billed by use")
    if not row.source:
        notes.append("No source yet")
    return notes


def _money(cents: int, plan: Plan) -> str:
    return formats.money(Decimal(cents) / 100, plan)


def _short(cents: int, plan: Plan) -> str:
    return formats.money_short(Decimal(cents) / 100, plan)
