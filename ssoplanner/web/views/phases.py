"""The page of a phase: what the board has to sign at its end, and how far that is."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from ssoplanner.phases import PHASES, Phase
from ssoplanner.web.roadmap.phase import phase_figures, phase_page
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, plan_crumb, plan_url


def phase(request: PlanRequest, slug: str, phase_key: str) -> HttpResponse:
    """Its gate, its figures, what is missing and who is late; to a script only the figures."""
    member, found = request.member, _phase(phase_key)
    if asks_for_part(request):
        return render(request, "web/_phase_figures.html", phase_figures(member, found))
    crumbs = plan_crumb(member.plan, ("Roadmap", plan_url(member, "roadmap")))
    return render(request, "web/phase.html", {**phase_page(member, found), "crumbs": crumbs})


def _phase(key: str) -> Phase:
    found = next((phase for phase in PHASES if phase.key == key), None)
    if found is None:
        raise Http404("No such phase.")
    return found
