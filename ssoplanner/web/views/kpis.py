"""The key performance indicators: what each promises, and what it still lacks."""

from __future__ import annotations

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Kpi, PerformanceArea
from ssoplanner.web.forms.registers import KpiForm
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb

PILLARS = ("people", "process", "technology", "governance")


def kpis(request: PlanRequest, slug: str) -> HttpResponse:
    """All KPIs by performance area; those without owner, baseline or target say so."""
    member = request.member
    lines = [_line(kpi, member) for kpi in Kpi.objects.for_plan(member.plan).select_related("owner")]
    by_area = [
        SimpleNamespace(label=area.label, kpis=[line for line in lines if line.area == area])
        for area in PerformanceArea
    ]
    context = {
        "areas": [area for area in by_area if area.kpis],
        "can_add": member.runs_plan,
        "add_url": _url(member, "kpi_new"),
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/kpis.html", context)


def _line(kpi: Kpi, member: Member) -> SimpleNamespace:
    shown = ("code", "name", "unit", "direction", "area", "baseline", "target", "target_date", "band_low", "band_high")
    return SimpleNamespace(
        direction_label=kpi.get_direction_display(),
        owner=str(kpi.owner) if kpi.owner else "",
        missing=kpi.missing(),
        pillars=[pillar for pillar in PILLARS if getattr(kpi, f"in_{pillar}")],
        url=_url(member, "kpi_edit", kpi_id=kpi.pk) if member.runs_plan else "",
        **{name: getattr(kpi, name) for name in shown},
    )


def _url(member: Member, name: str, **kwargs: int) -> str:
    return reverse(name, kwargs={"slug": member.plan.slug, **kwargs})


def kpi_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a KPI."""
    member = request.member
    return form_page(
        request,
        KpiForm(request.POST or None, member=member),
        done=_url(member, "kpis"),
        title="Add a KPI",
        intro="It counts once it has an owner, a baseline and a target.",
        crumbs=plan_crumb(member.plan, ("KPIs", _url(member, "kpis"))),
    )


def kpi_edit(request: PlanRequest, slug: str, kpi_id: int) -> HttpResponse:
    """Change a KPI."""
    member = request.member
    kpi = get_object_or_404(Kpi.objects.for_plan(member.plan), pk=kpi_id)
    return form_page(
        request,
        KpiForm(request.POST or None, instance=kpi, member=member),
        done=_url(member, "kpis"),
        title=f"Change {kpi}",
        intro="",
        delete_url=_url(member, "kpi_delete", kpi_id=kpi.pk),
        crumbs=plan_crumb(member.plan, ("KPIs", _url(member, "kpis"))),
    )


def kpi_delete(request: PlanRequest, slug: str, kpi_id: int) -> HttpResponse:
    """Remove a KPI that was never measured."""
    member = request.member
    kpi = get_object_or_404(Kpi.objects.for_plan(member.plan), pk=kpi_id)
    return delete_page(request, kpi, done=_url(member, "kpis"), back=_url(member, "kpi_edit", kpi_id=kpi.pk))
