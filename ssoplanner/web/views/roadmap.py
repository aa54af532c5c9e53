"""The roadmap of a plan, and the ten working sessions that lead along it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from ssoplanner.steps.models import StepStatus
from ssoplanner.web.roadmap.content import roadmap as content
from ssoplanner.web.roadmap.document import KEY
from ssoplanner.web.roadmap.pillars import asked_pillar, pillar_choices
from ssoplanner.web.roadmap.sessions import session_lines, sessions_url
from ssoplanner.web.views.jobs import document_offers
from ssoplanner.web.views.rows import PlanRequest, plan_crumb, plan_url


def roadmap(request: PlanRequest, slug: str) -> HttpResponse:
    """Five phases by four pillars, planned against actual, and what waits for what; with `pillar` only its steps."""
    member = request.member
    plan, page = member.plan, plan_url(member, "roadmap")
    found = content(plan, asked_pillar(request.GET))
    context = {
        "roadmap": found,
        "pillar_filter": pillar_choices(page, found.pillar, [line.pillars for line in found.every], "All steps"),
        "statuses": [status for status in StepStatus.choices if status[0] != StepStatus.UPCOMING],
        "documents": document_offers(member, KEY, {"pillar": found.pillar or ""}),
        "sessions_url": sessions_url(plan),
        "crumbs": plan_crumb(plan),
    }
    return render(request, "web/roadmap.html", context)


def sessions(request: PlanRequest, slug: str) -> HttpResponse:
    """The agendas of the ten sessions, each beside the state of its steps."""
    member = request.member
    crumbs = plan_crumb(member.plan, ("Roadmap", plan_url(member, "roadmap")))
    return render(request, "web/sessions.html", {"sessions": session_lines(member.plan), "crumbs": crumbs})
