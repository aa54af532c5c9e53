"""The register of systems, by function: where agencies run several for one purpose, it shows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from types import SimpleNamespace

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ssoplanner.access.gate import Member, NotYourRole
from ssoplanner.core.models import Role, System
from ssoplanner.web.forms.registers import SystemForm
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb, plan_url

SOON = timedelta(days=365)


def systems(request: PlanRequest, slug: str) -> HttpResponse:
    """All systems, or for a lead those that their agencies use."""
    member, today = request.member, timezone.localdate()
    found = visible_systems(member).prefetch_related("agencies")
    lines = [_line(system, member, today) for system in found]
    context = {
        "groups": [
            SimpleNamespace(function=function, systems=list(group))
            for function, group in groupby(lines, key=lambda line: line.function)
        ],
        "can_add": member.has(Role.OFFICE, Role.LEAD),
        "add_url": plan_url(member, "system_new"),
        "sees_all": member.sees_all,
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/systems.html", context)


def visible_systems(member: Member) -> QuerySet[System]:
    """The systems whose figures the member may see: everybody's, or those of their own agencies."""
    found = System.objects.for_plan(member.plan)
    return found if member.sees_all else found.filter(agencies__in=member.agency_ids).distinct()


def edits_system(member: Member, system: System) -> bool:
    """The program office edits every system; a lead those that only their own agencies use."""
    return member.runs_plan or {agency.pk for agency in system.agencies.all()} <= member.agency_ids


def _line(system: System, member: Member, today: date) -> SimpleNamespace:
    ends = [day for day in (system.contract_end, system.end_of_support) if day is not None]
    names = [agency.name for agency in system.agencies.all() if member.sees_all or agency.pk in member.agency_ids]
    others = len(system.agencies.all()) - len(names)
    shown = ("name", "vendor", "function", "users", "annual_cost", "contract_end", "end_of_support")
    return SimpleNamespace(
        agencies=", ".join(names) + (f" and {others} more" if others else ""),
        soon=any(day <= today + SOON for day in ends),
        url=plan_url(member, "system_edit", system_id=system.pk) if edits_system(member, system) else "",
        **{name: getattr(system, name) for name in shown},
    )


def system_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a system."""
    member = request.member
    return form_page(
        request,
        SystemForm(request.POST or None, member=member),
        done=plan_url(member, "systems"),
        title="Add a system",
        intro="One line for each system, however many agencies use it.",
        crumbs=plan_crumb(member.plan, ("Systems", plan_url(member, "systems"))),
    )


def system_edit(request: PlanRequest, slug: str, system_id: int) -> HttpResponse:
    """Change a system."""
    member, system = request.member, _system(request, system_id)
    return form_page(
        request,
        SystemForm(request.POST or None, instance=system, member=member),
        done=plan_url(member, "systems"),
        title=f"Change {system}",
        intro="",
        delete_url=plan_url(member, "system_delete", system_id=system.pk),
        crumbs=plan_crumb(member.plan, ("Systems", plan_url(member, "systems"))),
    )


def system_delete(request: PlanRequest, slug: str, system_id: int) -> HttpResponse:
    """Remove a system from the register."""
    member, system = request.member, _system(request, system_id)
    back = plan_url(member, "system_edit", system_id=system.pk)
    return delete_page(request, system, done=plan_url(member, "systems"), back=back)


def _system(request: PlanRequest, system_id: int) -> System:
    """A system that the member may change."""
    system: System = get_object_or_404(visible_systems(request.member), pk=system_id)
    if not edits_system(request.member, system):
        raise NotYourRole(f"Other agencies use {system} too, so only the program office changes it.")
    return system
