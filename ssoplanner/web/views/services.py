"""The service catalogue in two levels."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Agency, Provision, Service, ServiceArea, Source
from ssoplanner.recompute.writer import Actor
from ssoplanner.starter.choosing import CannotChoose, Chosen, Presence, choose_services, presence
from ssoplanner.starter.services import AREAS, StarterArea, starter_services
from ssoplanner.web.forms.registers import ServiceAreaForm, ServiceForm
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb, plan_url


def services(request: PlanRequest, slug: str) -> HttpResponse:
    """The catalogue by area. Who provides what and at which cost is for those who see every agency."""
    member = request.member
    totals = _totals(member) if member.sees_all else {}
    areas = ServiceArea.objects.for_plan(member.plan).prefetch_related("services")
    context = {
        "areas": [_area_line(area, member, totals) for area in areas],
        "sees_all": member.sees_all,
        "can_edit": member.runs_plan,
        "add_service_url": plan_url(member, "service_new"),
        "add_area_url": plan_url(member, "area_new"),
        "starter_url": plan_url(member, "service_starter"),
        "figures": _figure_links(member),
        "sees_figures": _sees_figures(member),
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/services.html", context)


MOST_LINKS = 3  # a lead has few agencies; for more there is their list


def _sees_figures(member: Member) -> bool:
    return member.has(*policy()["service_grid"].read)


def _figure_links(member: Member) -> list[tuple[str, str]]:
    """Where the figures of single agencies are, as (label, address): one's own, else the list of all."""
    if not _sees_figures(member):
        return []
    own = list(Agency.objects.for_plan(member.plan).filter(pk__in=member.agency_ids)[: MOST_LINKS + 1])
    if not 0 < len(own) <= MOST_LINKS:
        return [("Figures by agency", plan_url(member, "agencies"))]
    return [(f"Figures of {agency.code}", plan_url(member, "agency_grid", agency_id=agency.pk)) for agency in own]


def _totals(member: Member) -> dict[int, dict[str, Any]]:
    """For each service: agencies that provide it and their annual cost, in the base year."""
    base_year = Provision.objects.for_plan(member.plan).filter(fiscal_year=member.plan.base_year).order_by()
    rows = base_year.values("service").annotate(agencies=Count("agency"), annual_cost=Sum("annual_cost"))
    return {row["service"]: row for row in rows}


def _area_line(area: ServiceArea, member: Member, totals: dict[int, dict[str, Any]]) -> SimpleNamespace:
    return SimpleNamespace(
        name=area.name,
        code=area.code,
        edit_url=plan_url(member, "area_edit", area_id=area.pk) if member.runs_plan else "",
        services=[_service_line(service, member, totals.get(service.pk)) for service in area.services.all()],
    )


def _service_line(service: Service, member: Member, total: dict[str, Any] | None) -> SimpleNamespace:
    counted = total or {"agencies": 0, "annual_cost": None}
    return SimpleNamespace(
        code=service.code,
        name=service.name,
        volume_unit=service.volume_unit,
        description=service.description,
        agencies=counted["agencies"] if member.sees_all else None,
        annual_cost=counted["annual_cost"],
        url=plan_url(member, "service_edit", service_id=service.pk) if member.runs_plan else "",
        grid_url=plan_url(member, "service_grid", service_id=service.pk),
    )


def _crumbs(member: Member) -> list[tuple[str, str]]:
    return plan_crumb(member.plan, ("Services", plan_url(member, "services")))


def service_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a service to the catalogue."""
    member = request.member
    return form_page(
        request,
        ServiceForm(request.POST or None, member=member),
        done=plan_url(member, "services"),
        title="Add a service",
        intro="A service is something an agency can ask for and count.",
        crumbs=_crumbs(member),
    )


def service_edit(request: PlanRequest, slug: str, service_id: int) -> HttpResponse:
    """Change a service."""
    member = request.member
    service = get_object_or_404(Service.objects.for_plan(member.plan), pk=service_id)
    return form_page(
        request,
        ServiceForm(request.POST or None, instance=service, member=member),
        done=plan_url(member, "services"),
        title=f"Change {service}",
        intro="",
        links=[("Figures by agency", plan_url(member, "service_grid", service_id=service.pk))],
        delete_url=plan_url(member, "service_delete", service_id=service.pk),
        crumbs=_crumbs(member),
    )


def service_delete(request: PlanRequest, slug: str, service_id: int) -> HttpResponse:
    """Remove a service that nobody provides."""
    member = request.member
    service = get_object_or_404(Service.objects.for_plan(member.plan), pk=service_id)
    back = plan_url(member, "service_edit", service_id=service.pk)
    return delete_page(request, service, done=plan_url(member, "services"), back=back)


def area_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a service area."""
    member = request.member
    return form_page(
        request,
        ServiceAreaForm(request.POST or None, member=member),
        done=plan_url(member, "services"),
        title="Add a service area",
        intro="Areas group the catalogue: IT, HR, finance, procurement.",
        crumbs=_crumbs(member),
    )


def area_edit(request: PlanRequest, slug: str, area_id: int) -> HttpResponse:
    """Change a service area."""
    member = request.member
    area = get_object_or_404(ServiceArea.objects.for_plan(member.plan), pk=area_id)
    return form_page(
        request,
        ServiceAreaForm(request.POST or None, instance=area, member=member),
        done=plan_url(member, "services"),
        title=f"Change {area}",
        intro="",
        delete_url=plan_url(member, "area_delete", area_id=area.pk),
        crumbs=_crumbs(member),
    )


def area_delete(request: PlanRequest, slug: str, area_id: int) -> HttpResponse:
    """Remove a service area without services."""
    member = request.member
    area = get_object_or_404(ServiceArea.objects.for_plan(member.plan), pk=area_id)
    back = plan_url(member, "area_edit", area_id=area.pk)
    return delete_page(request, area, done=plan_url(member, "services"), back=back)


def service_starter(request: PlanRequest, slug: str) -> HttpResponse:
    """Choose from the starter catalogue: single services, or whole areas of it."""
    member, chosen, reason = request.member, _chosen(request), ""
    if request.method == "POST":
        try:
            done = choose_services(member.plan, Actor(user=request.user, source=Source.BROWSER), chosen)
        except CannotChoose as refusal:
            reason = str(refusal)
        else:
            messages.success(request, _said(done))
            return redirect(plan_url(member, "services"))
    held = presence(member.plan)
    context = {
        "areas": [_starter_area(area, held, chosen) for area in AREAS],
        "total": len(starter_services()),
        "there": len(held.there),
        "reason": reason,
        "back_url": plan_url(member, "services"),
        "crumbs": _crumbs(member),
    }
    return render(request, "web/service_starter.html", context, status=422 if reason else 200)


def _chosen(request: PlanRequest) -> set[str]:
    """The keys of what was ticked; a ticked area stands for all of its services."""
    whole = {
        service.standard for area in AREAS if area.code in request.POST.getlist("area") for service in area.services
    }
    return whole | set(request.POST.getlist("standard"))


def _said(done: Chosen) -> str:
    counts = ((len(done.added), "added"), (len(done.linked), "of yours linked to the starter catalogue"))
    parts = [f"{count} {'service' if count == 1 else 'services'} {what}" for count, what in counts if count]
    return f"{' and '.join(parts)}." if parts else "Everything that you chose was in the plan already."


def _starter_area(area: StarterArea, held: Presence, chosen: set[str]) -> SimpleNamespace:
    lines = [
        SimpleNamespace(
            key=service.standard,
            name=service.name,
            unit=service.unit,
            covers=service.covers,
            code=held.there[service.standard].code if service.standard in held.there else "",
            same_name=held.same_name[service.standard].code if service.standard in held.same_name else "",
            chosen=service.standard in chosen,
        )
        for service in area.services
    ]
    return SimpleNamespace(
        code=area.code, name=area.name, services=lines, open=sum(1 for line in lines if not line.code)
    )
