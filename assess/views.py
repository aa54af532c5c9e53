"""The pages of Assess."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from assess import pages
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, plan_crumb


def current_state(request: PlanRequest, slug: str) -> HttpResponse:
    """What the services cost and achieve today: the plan, each agency, each service."""
    context = {"panel": pages.current_state(request.member, request.GET), "crumbs": plan_crumb(request.member.plan)}
    return render(
        request, "assess/_current_state.html" if asks_for_part(request) else "assess/current_state.html", context
    )


def current_state_summary(request: PlanRequest, slug: str) -> HttpResponse:
    """The part of it that stands on the home page."""
    return render(request, "assess/_current_state_summary.html", {"panel": pages.summary(request.member)})
