"""Why the plan exists: the page, and the forms of its challenges and of those who carry it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from assess.forms_reasons import ChallengeForm, SponsorForm
from assess.models import Challenge, Sponsor
from assess.pages_reasons import alignment_part, reasons
from ssoplanner.access.gate import Member
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, delete_page, form_page, plan_crumb, plan_url

TITLE = "Why this plan"


def why(request: PlanRequest, slug: str) -> HttpResponse:
    """Problem, goals, challenges and positions; to a script the alignment alone."""
    member = request.member
    if asks_for_part(request):
        return render(request, "assess/_reasons_alignment.html", alignment_part(member))
    return render(request, "assess/reasons.html", {**reasons(member, request.GET), "crumbs": plan_crumb(member.plan)})


def challenge_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Name a challenge."""
    member = request.member
    form = ChallengeForm(request.POST or None, member=member)
    intro = "What is to be solved. Scope, benefits and decisions trace back to it."
    return form_page(
        request, form, done=_home(member, "challenges"), title="Add a challenge", intro=intro, crumbs=_crumbs(member)
    )


def challenge_edit(request: PlanRequest, slug: str, challenge_id: int) -> HttpResponse:
    """Change a challenge."""
    member, row = request.member, _challenge(request.member, challenge_id)
    return form_page(
        request,
        ChallengeForm(request.POST or None, instance=row, member=member),
        done=_home(member, "challenges"),
        title="Change a challenge",
        intro="",
        delete_url=plan_url(member, "challenge_delete", challenge_id=row.pk),
        crumbs=_crumbs(member),
    )


def challenge_delete(request: PlanRequest, slug: str, challenge_id: int) -> HttpResponse:
    """Remove a challenge."""
    member, row = request.member, _challenge(request.member, challenge_id)
    back = plan_url(member, "challenge_edit", challenge_id=row.pk)
    return delete_page(request, row, done=_home(member, "challenges"), back=back)


def sponsor_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add an executive or a sponsor."""
    member = request.member
    form = SponsorForm(request.POST or None, member=member)
    intro = "Name and office are enough to begin with; the position can wait until somebody has asked."
    title = "Add an executive or sponsor"
    return form_page(request, form, done=_home(member, "sponsors"), title=title, intro=intro, crumbs=_crumbs(member))


def sponsor_edit(request: PlanRequest, slug: str, sponsor_id: int) -> HttpResponse:
    """Say where an executive or sponsor stands."""
    member, row = request.member, _sponsor(request.member, sponsor_id)
    return form_page(
        request,
        SponsorForm(request.POST or None, instance=row, member=member),
        done=_home(member, "sponsors"),
        title=f"Change {row}",
        intro="",
        delete_url=plan_url(member, "sponsor_delete", sponsor_id=row.pk),
        crumbs=_crumbs(member),
    )


def sponsor_delete(request: PlanRequest, slug: str, sponsor_id: int) -> HttpResponse:
    """Remove an executive or sponsor."""
    member, row = request.member, _sponsor(request.member, sponsor_id)
    back = plan_url(member, "sponsor_edit", sponsor_id=row.pk)
    return delete_page(request, row, done=_home(member, "sponsors"), back=back)


def _challenge(member: Member, challenge_id: int) -> Challenge:
    found: Challenge = get_object_or_404(Challenge.objects.for_plan(member.plan), pk=challenge_id)
    return found


def _sponsor(member: Member, sponsor_id: int) -> Sponsor:
    found: Sponsor = get_object_or_404(Sponsor.objects.for_plan(member.plan), pk=sponsor_id)
    return found


def _home(member: Member, anchor: str) -> str:
    return f"{plan_url(member, 'reasons')}#{anchor}"


def _crumbs(member: Member) -> list[tuple[str, str]]:
    return plan_crumb(member.plan, (TITLE, plan_url(member, "reasons")))
