"""The service catalogue in two levels."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Provision, Service, ServiceArea
from ssoplanner.web.forms.registers import ServiceAreaForm, ServiceForm
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb


def services(request: PlanRequest, slug: str) -> HttpResponse:
    """The catalogue by area. Who provides what and at which cost is for those who see every agency."""
    member = request.member
    totals = _totals(member) if member.sees_all else {}
    areas = ServiceArea.objects.for_plan(member.plan).prefetch_related("services")
    context = {
        "areas": [_area_line(area, member, totals) for area in areas],
        "sees_all": member.sees_all,
        "can_edit": member.runs_plan,
        "add_service_url": _url(member, "service_new"),
        "add_area_url": _url(member, "area_new"),
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/services.html", context)


def _totals(member: Member) -> dict[int, dict[str, Any]]:
    """For each service: agencies that provide it and their annual cost, in the base year."""
    base_year = Provision.objects.for_plan(member.plan).filter(fiscal_year=member.plan.base_year).order_by()
    rows = base_year.values("service").annotate(agencies=Count("agency"), annual_cost=Sum("annual_cost"))
    return {row["service"]: row for row in rows}


def _area_line(area: ServiceArea, member: Member, totals: dict[int, dict[str, Any]]) -> SimpleNamespace:
    return SimpleNamespace(
        name=area.name,
        code=area.code,
        edit_url=_url(member, "area_edit", area_id=area.pk) if member.runs_plan else "",
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
        url=_url(member, "service_edit", service_id=service.pk) if member.runs_plan else "",
    )


def _url(member: Member, name: str, **kwargs: int) -> str:
    return reverse(name, kwargs={"slug": member.plan.slug, **kwargs})


def _crumbs(member: Member) -> list[tuple[str, str]]:
    return plan_crumb(member.plan, ("Services", _url(member, "services")))


def service_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a service to the catalogue."""
    member = request.member
    return form_page(
        request,
        ServiceForm(request.POST or None, member=member),
        done=_url(member, "services"),
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
        done=_url(member, "services"),
        title=f"Change {service}",
        intro="",
        delete_url=_url(member, "service_delete", service_id=service.pk),
        crumbs=_crumbs(member),
    )


def service_delete(request: PlanRequest, slug: str, service_id: int) -> HttpResponse:
    """Remove a service that nobody provides."""
    member = request.member
    service = get_object_or_404(Service.objects.for_plan(member.plan), pk=service_id)
    back = _url(member, "service_edit", service_id=service.pk)
    return delete_page(request, service, done=_url(member, "services"), back=back)


def area_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a service area."""
    member = request.member
    return form_page(
        request,
        ServiceAreaForm(request.POST or None, member=member),
        done=_url(member, "services"),
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
        done=_url(member, "services"),
        title=f"Change {area}",
        intro="",
        delete_url=_url(member, "area_delete", area_id=area.pk),
        crumbs=_crumbs(member),
    )


def area_delete(request: PlanRequest, slug: str, area_id: int) -> HttpResponse:
    """Remove a service area without services."""
    member = request.member
    area = get_object_or_404(ServiceArea.objects.for_plan(member.plan), pk=area_id)
    back = _url(member, "area_edit", area_id=area.pk)
    return delete_page(request, area, done=_url(member, "services"), back=back)
