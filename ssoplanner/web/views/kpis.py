"""The key performance indicators: what each promises, where it stands, and what it still lacks."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Kpi, PerformanceArea, Plan
from ssoplanner.starter.kpis import has_starter_goal, starter_kpis
from ssoplanner.steps.registry import Pillar
from ssoplanner.web.figure_state import state_of_all
from ssoplanner.web.forms.registers import KpiForm
from ssoplanner.web.kpi_figures import (
    CannotTake,
    CurrentValue,
    current_value,
    figure_text,
    is_money,
    seen_results,
    take_as_baseline,
)
from ssoplanner.web.live import live
from ssoplanner.web.roadmap.pillars import asked_pillar, pillar_choices, pillar_url
from ssoplanner.web.tracing.page import trace_url
from ssoplanner.web.views.rows import (
    PlanRequest,
    asks_for_part,
    delete_page,
    form_page,
    plan_crumb,
    plan_url,
    sent_version,
)

FIGURES = ("baseline", "target", "band_low", "band_high")


def kpis(request: PlanRequest, slug: str) -> HttpResponse:
    """The KPIs by performance area, with where they stand; those without owner, baseline or target say so.

    With `pillar` in the address those of one pillar.
    """
    context = _context(request.member, asked_pillar(request.GET))
    return render(request, "web/_kpis.html" if asks_for_part(request) else "web/kpis.html", context)


def _context(member: Member, pillar: Pillar | None) -> dict[str, Any]:
    plan, found, page = member.plan, seen_results(member), plan_url(member, "kpis")
    every = list(Kpi.objects.for_plan(plan).select_related("owner"))
    rows = [kpi for kpi in every if pillar is None or pillar in _pillars(kpi)]
    lines = [_line(kpi, current_value(kpi, found, plan), member) for kpi in rows]
    by_area = [
        SimpleNamespace(label=area.label, kpis=[line for line in lines if line.area == area])
        for area in PerformanceArea
    ]
    computed = any(kpi.metric for kpi in rows)
    return {
        "areas": [area for area in by_area if area.kpis],
        "pillar": pillar,
        "pillar_filter": pillar_choices(page, pillar, map(_pillars, every), "All KPIs") if every else [],
        "state": state_of_all(found.values(), plan) if computed else None,
        "unreleased": computed and not found,
        "live": live(plan, found, "kpi-list"),
        "can_add": member.runs_plan,
        "add_url": plan_url(member, "kpi_new"),
        "grid_url": plan_url(member, "kpis_grid"),
        "benchmarks_url": plan_url(member, "benchmarks"),
        "refresh_url": pillar_url(page, pillar),
        "crumbs": plan_crumb(plan),
    }


def _line(kpi: Kpi, current: CurrentValue | None, member: Member) -> SimpleNamespace:
    texts = {name: _text(getattr(kpi, name), kpi, member.plan) for name in FIGURES}
    takes = member.runs_plan and current is not None and current.in_unit and current.is_current
    return SimpleNamespace(
        direction_label=kpi.get_direction_display(),
        owner=str(kpi.owner) if kpi.owner else "",
        missing=kpi.missing(),
        pillars=_pillars(kpi),
        url=plan_url(member, "kpi_edit", kpi_id=kpi.pk) if member.runs_plan else "",
        current=current,
        trace_url=trace_url(member.plan, starter_kpis()[kpi.metric].result, figure=kpi.metric) if current else "",
        is_computed=bool(kpi.metric),
        is_illustrative=has_starter_goal(kpi),
        take_url=plan_url(member, "kpi_baseline", kpi_id=kpi.pk)
        if takes and current is not None and current.value != kpi.baseline
        else "",
        **{name: getattr(kpi, name) for name in ("code", "name", "unit", "direction", "area", "version")},
        **{name: getattr(kpi, name) for name in ("baseline", "target", "target_date", "band_low", "band_high")},
        texts=texts,
    )


def _pillars(kpi: Kpi) -> list[Pillar]:
    return [pillar for pillar in Pillar if getattr(kpi, f"in_{pillar}")]


def _text(value: Decimal | None, kpi: Kpi, plan: Plan) -> str:
    return figure_text(value, kpi.unit, plan, money=is_money(kpi))


def kpi_baseline(request: PlanRequest, slug: str, kpi_id: int) -> HttpResponse:
    """Make the current value the baseline."""
    member = request.member
    kpi = get_object_or_404(Kpi.objects.for_plan(member.plan), pk=kpi_id)
    try:
        kpi = take_as_baseline(member, kpi, version=sent_version(request, kpi), shown=request.POST.get("shown", ""))
    except CannotTake as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The baseline of {kpi} is {_text(kpi.baseline, kpi, member.plan)}.")
    return redirect(plan_url(member, "kpis"))


def kpi_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a KPI."""
    member = request.member
    return form_page(
        request,
        KpiForm(request.POST or None, member=member),
        done=plan_url(member, "kpis"),
        title="Add a KPI",
        intro="It counts once it has an owner, a baseline and a target.",
        crumbs=plan_crumb(member.plan, ("KPIs", plan_url(member, "kpis"))),
    )


def kpi_edit(request: PlanRequest, slug: str, kpi_id: int) -> HttpResponse:
    """Change a KPI."""
    member = request.member
    kpi = get_object_or_404(Kpi.objects.for_plan(member.plan), pk=kpi_id)
    return form_page(
        request,
        KpiForm(request.POST or None, instance=kpi, member=member),
        done=plan_url(member, "kpis"),
        title=f"Change {kpi}",
        intro="",
        delete_url=plan_url(member, "kpi_delete", kpi_id=kpi.pk),
        crumbs=plan_crumb(member.plan, ("KPIs", plan_url(member, "kpis"))),
    )


def kpi_delete(request: PlanRequest, slug: str, kpi_id: int) -> HttpResponse:
    """Remove a KPI that was never measured."""
    member = request.member
    kpi = get_object_or_404(Kpi.objects.for_plan(member.plan), pk=kpi_id)
    return delete_page(request, kpi, done=plan_url(member, "kpis"), back=plan_url(member, "kpi_edit", kpi_id=kpi.pk))
