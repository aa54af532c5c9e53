"""The architecture of the plan: its map, duplicate systems, agencies that are alike, and candidates for sharing."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from assess import pages_capabilities_lists as lists
from assess.forms_capabilities import CandidateForm, FindingForm
from assess.models import Candidate, Capability, DuplicateFinding
from assess.pages_capabilities_map import architecture as architecture_page
from assess.pages_capabilities_map import drawing, progress
from assess.views_capabilities import crumbs
from ssoplanner.core.models import System
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, form_page, plan_url


def architecture(request: PlanRequest, slug: str) -> HttpResponse:
    """What falls short, what is run twice, and who has not rated yet."""
    member, part = request.member, asks_for_part(request)
    context = architecture_page(member, request.GET)
    if not part:
        context |= {"progress": progress(member), "crumbs": crumbs(member)[:1]}
    return render(request, "assess/_architecture.html" if part else "assess/architecture.html", context)


def architecture_drawing(request: PlanRequest, slug: str) -> HttpResponse:
    """The map as a picture by itself, for reports."""
    found = drawing(request.member, request.GET)
    if found is None:
        raise Http404("There is no map of capabilities yet, or it is not released.")
    response = render(
        request,
        "assess/capability_map.svg",
        {"picture": found, "plan": request.member.plan},
        content_type="image/svg+xml",
    )
    response["Content-Disposition"] = 'attachment; filename="capabilities.svg"'
    return response


def duplicates(request: PlanRequest, slug: str) -> HttpResponse:
    """Functions for which agencies use more than one system."""
    return _list(request, "duplicates", lists.duplicates(request.member, request.GET))


def overlap(request: PlanRequest, slug: str) -> HttpResponse:
    """Which agencies are alike in capabilities and systems."""
    return _list(request, "overlap", lists.overlap(request.member, request.GET))


def candidates(request: PlanRequest, slug: str) -> HttpResponse:
    """Capabilities by what speaks for sharing them."""
    return _list(request, "candidates", lists.candidates(request.member, request.GET))


def _list(request: PlanRequest, name: str, page: dict[str, object]) -> HttpResponse:
    template = f"assess/_capability_{name}.html" if asks_for_part(request) else f"assess/{name}.html"
    return render(request, template, page | {"crumbs": crumbs(request.member)})


def duplicate_finding(request: PlanRequest, slug: str, function: str) -> HttpResponse:
    """Say whether the systems of one function are duplicates, with the reason."""
    member, page = request.member, plan_url(request.member, "duplicates")
    wanted = lists.plain(function)
    systems = [row for row in System.objects.for_plan(member.plan) if lists.plain(row.function) == wanted]
    if not systems:
        raise Http404("No system has this function.")
    rows = DuplicateFinding.objects.for_plan(member.plan)
    row = next((one for one in rows if lists.plain(one.function) == wanted), None)
    row = row or DuplicateFinding(plan=member.plan, function=" ".join(systems[0].function.split()))
    return form_page(
        request,
        FindingForm(request.POST or None, instance=row, member=member),
        done=page,
        title=f"Systems for {row.function}",
        intro=f"In the register: {', '.join(one.name for one in systems)}.",
        crumbs=crumbs(member, ("Duplicates", page)),
    )


def candidate_verdict(request: PlanRequest, slug: str, capability_id: int) -> HttpResponse:
    """Say what becomes of one capability, with the reason."""
    member, page = request.member, plan_url(request.member, "candidates")
    capability = get_object_or_404(Capability.objects.for_plan(member.plan), pk=capability_id)
    row = Candidate.objects.for_plan(member.plan).filter(capability=capability).first()
    row = row or Candidate(plan=member.plan, capability=capability)
    return form_page(
        request,
        CandidateForm(request.POST or None, instance=row, member=member),
        done=page,
        title=f"Share {capability}?",
        intro=capability.description,
        crumbs=crumbs(member, ("Candidates", page)),
    )
