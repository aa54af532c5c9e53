"""The costs of the shared organization: what they come to, and the pools that they are made of."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from design.forms import CostPoolForm
from design.models import CostPool
from design.pages import costs_page, costs_part
from design.pages_shares import shares_page
from ssoplanner.access.gate import Member
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, delete_page, form_page, plan_crumb, plan_url


def costs(request: PlanRequest, slug: str) -> HttpResponse:
    """What it costs by year, and every pool; to a script the figures alone."""
    member = request.member
    if asks_for_part(request):
        return render(request, "design/_costs.html", costs_part(member))
    return render(request, "design/costs.html", {**costs_page(member, request.GET), "crumbs": plan_crumb(member.plan)})


def shares(request: PlanRequest, slug: str) -> HttpResponse:
    """Who pays what, by every method; to a script what changes with the figures."""
    member = request.member
    page = shares_page(member, request.GET)
    if asks_for_part(request):
        return render(request, "design/_shares.html", page)
    return render(request, "design/shares.html", {**page, "crumbs": _crumbs(member)})


def cost_pool_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add something that the shared organization pays for."""
    return form_page(
        request,
        CostPoolForm(request.POST or None, member=request.member),
        done=plan_url(request.member, "costs"),
        title="Add a cost",
        intro="Something that the shared organization will pay for, in prices of the plan’s base year.",
        crumbs=_crumbs(request.member),
    )


def cost_pool_edit(request: PlanRequest, slug: str, cost_pool_id: int) -> HttpResponse:
    """Change a cost."""
    member, row = request.member, _pool(request.member, cost_pool_id)
    return form_page(
        request,
        CostPoolForm(request.POST or None, instance=row, member=member),
        done=plan_url(member, "costs"),
        title=f"Change {row}",
        intro="",
        delete_url=plan_url(member, "cost_pool_delete", cost_pool_id=row.pk),
        crumbs=_crumbs(member),
    )


def cost_pool_delete(request: PlanRequest, slug: str, cost_pool_id: int) -> HttpResponse:
    """Remove a cost."""
    member, row = request.member, _pool(request.member, cost_pool_id)
    back = plan_url(member, "cost_pool_edit", cost_pool_id=row.pk)
    return delete_page(request, row, done=plan_url(member, "costs"), back=back)


def _pool(member: Member, cost_pool_id: int) -> CostPool:
    found: CostPool = get_object_or_404(CostPool.objects.for_plan(member.plan), pk=cost_pool_id)
    return found


def _crumbs(member: Member) -> list[tuple[str, str]]:
    return plan_crumb(member.plan, ("What it costs", plan_url(member, "costs")))
