"""What one agency brings to sharing: its page, the rating of its technology, and technology over all agencies."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assess.architecture_texts import aspects_by_key
from assess.forms_architecture import NeedsEvidence, TypedAspect, save_aspect, typed_aspect
from assess.pages_architecture import agency_page
from assess.pages_architecture_map import technology_map as map_context
from assess.pages_architecture_technology import (
    AspectLine,
    agency_crumbs,
    aspect_line,
    aspect_lines,
    aspect_progress,
    conflict_said,
    refused,
    stored_aspects,
    technology_page,
)
from assess.pages_readiness_answer import Said
from ssoplanner.access.gate import Member, check_edits_agency, check_sees_agency
from ssoplanner.core.models import Agency, Source
from ssoplanner.recompute.writer import Actor, Conflict
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, plan_url

Sent = dict[str, TypedAspect]


def architecture_agency(request: PlanRequest, slug: str, agency_id: int) -> HttpResponse:
    """One agency in detail, for its own lead, the board, the analysts and the program office."""
    member = request.member
    agency = find_agency(member, agency_id)
    check_sees_agency(member, agency)
    context = {"panel": agency_page(member, agency), "crumbs": agency_crumbs(member)}
    template = "assess/_architecture_agency.html" if asks_for_part(request) else "assess/architecture_agency.html"
    return render(request, template, context)


def technology_map(request: PlanRequest, slug: str) -> HttpResponse:
    """The agencies by aspect once that is released to the member; a lead's own agencies at any time."""
    panel = map_context(request.member, request.GET)
    context = {"panel": panel, "crumbs": agency_crumbs(request.member)}
    part = "assess/_architecture_technology_map.html"
    return render(request, part if asks_for_part(request) else "assess/architecture_technology_map.html", context)


def architecture_technology(request: PlanRequest, slug: str, agency_id: int) -> HttpResponse:
    """The eight aspects. A POST saves all that was typed, which is how it works without a script."""
    member = request.member
    agency = find_agency(member, agency_id)
    check_edits_agency(member, agency)
    if request.method != "POST":
        lines = aspect_lines(member, agency, stored_aspects(agency))
        return render(request, "assess/architecture_agency_technology.html", technology_page(member, agency, lines))
    sent = {key: typed_aspect(request.POST, key) for key in aspects_by_key()}
    if said := _save_all(member, agency, sent):
        return _again(request, agency, sent, said)
    messages.success(request, f"The technology of {agency} is saved.")
    return redirect(plan_url(member, "architecture_agency", agency_id=agency.pk))


def technology_save(request: PlanRequest, slug: str, agency_id: int, aspect: str) -> HttpResponse:
    """Save one aspect as soon as it is rated. The answer is the line below it, and how far one is."""
    member = request.member
    agency = find_agency(member, agency_id)
    check_edits_agency(member, agency)
    text = aspects_by_key().get(aspect)
    if text is None:
        raise Http404("There is no such aspect. Load the page again.")
    line = aspect_line(member, agency, text, typed_aspect(request.POST, aspect))
    said = _save(member, agency, line)
    now = stored_aspects(agency)
    if said.tone == "saved":
        line = aspect_line(member, agency, text, now.get(aspect, line.typed))
    progress = aspect_progress(aspect_lines(member, agency, now))
    # 200 whatever it says: htmx shows no other answer, and what is wrong has to be read.
    context = {"line": line, "said": said, "agency": agency, "progress": progress}
    return render(request, "assess/_architecture_aspect_saved.html", context)


def _save_all(member: Member, agency: Agency, sent: Sent) -> dict[str, Said]:
    """Save each aspect that differs from what is stored, and say of those that could not be saved why."""
    known, said = stored_aspects(agency), {}
    for line in aspect_lines(member, agency, sent):
        if _same(line.typed, known.get(line.text.key, TypedAspect())):
            continue
        found = _save(member, agency, line)
        if found.tone != "saved":
            said[line.text.key] = found
    return said


def _same(one: TypedAspect, other: TypedAspect) -> bool:
    return (one.choice, one.evidence) == (other.choice, other.evidence)


def _save(member: Member, agency: Agency, line: AspectLine) -> Said:
    try:
        save_aspect(agency, line.text.key, line.typed, actor=Actor(user=member.user, source=Source.BROWSER))
    except NeedsEvidence as error:
        return refused(error, "waiting")
    except ValidationError as error:
        return refused(error, "error")
    except Conflict as conflict:
        return conflict_said(conflict, line, member)
    return Said("saved", "Saved.")


def _again(request: PlanRequest, agency: Agency, sent: Sent, said: dict[str, Said]) -> HttpResponse:
    """The page with what was typed, and what is wrong with it. Versions are those of now where it was saved."""
    now = stored_aspects(agency)
    kept = {
        key: now[key] if key in now and key not in said and _same(one, now[key]) else one for key, one in sent.items()
    }
    lines = aspect_lines(request.member, agency, kept, said)
    problems = [line for line in lines if line.said.text]
    context = technology_page(request.member, agency, lines, problems=problems)
    return render(request, "assess/architecture_agency_technology.html", context, status=422)


def find_agency(member: Member, agency_id: int) -> Agency:
    """An agency of the plan, whoever may see it."""
    found: Agency = get_object_or_404(Agency.objects.for_plan(member.plan).select_related("plan"), pk=agency_id)
    return found
