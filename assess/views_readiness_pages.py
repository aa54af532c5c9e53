"""The pages of readiness beside the questionnaire: results, campaigns, whom to ask, and the tasks that follow."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assess.forms_readiness import AskForm, CampaignForm
from assess.models import Campaign, Question, Questionnaire
from assess.pages_readiness import agency_page, brief
from assess.pages_readiness import readiness as readiness_context
from assess.pages_readiness_campaigns import campaign_page, campaigns_page
from assess.readiness_sheets import agencies_of, begin_rating, check_asks_for, visible_campaigns
from ssoplanner.access.gate import Member, NotYourRole, check_sees_agency
from ssoplanner.core.models import Agency, Source
from ssoplanner.recompute.writer import Actor
from ssoplanner.steps.tasks import add_task
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, form_page, plan_crumb, plan_url

STEP = "assess.readiness"


def readiness(request: PlanRequest, slug: str) -> HttpResponse:
    """What is mine to answer, and how ready the agencies are; with `brief`, the part on the page of the step."""
    if asks_for_part(request) and "brief" in request.GET:
        return render(request, "assess/_readiness_brief.html", {"panel": brief(request.member)})
    panel = readiness_context(request.member, request.GET)
    context = {"panel": panel, "crumbs": plan_crumb(request.member.plan)}
    return render(request, "assess/_readiness.html" if asks_for_part(request) else "assess/readiness_map.html", context)


def readiness_agency(request: PlanRequest, slug: str, agency_id: int) -> HttpResponse:
    """One agency in detail, for its own lead, the board, the analysts and the program office."""
    member = request.member
    agency = get_object_or_404(Agency.objects.for_plan(member.plan), pk=agency_id)
    check_sees_agency(member, agency)
    context = {"panel": agency_page(member, agency), "crumbs": _crumbs(member)}
    template = "assess/_readiness_agency.html" if asks_for_part(request) else "assess/readiness_agency.html"
    return render(request, template, context)


def readiness_campaigns(request: PlanRequest, slug: str) -> HttpResponse:
    """All campaigns; for a lead those that ask an agency of theirs."""
    return render(request, "assess/readiness_campaigns.html", campaigns_page(request.member))


def readiness_campaign(request: PlanRequest, slug: str, campaign_id: int) -> HttpResponse:
    """Who has submitted, and whom to chase."""
    campaign = _campaign(request.member, campaign_id)
    return render(request, "assess/readiness_campaign.html", campaign_page(request.member, campaign, request.GET))


def readiness_campaign_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Begin a campaign; the first one brings the starter questions into the plan."""
    member = request.member
    form = CampaignForm(request.POST or None, instance=Campaign(plan=member.plan), member=member)
    intro = "Everybody who is asked gets the same questions, ten for each of four dimensions."
    done = plan_url(member, "readiness_campaigns")
    page = {"title": "Begin a campaign", "submit_label": "Begin the campaign", "intro": intro}
    return form_page(request, form, done=done, crumbs=_crumbs(member, campaigns=True), **page)


def readiness_campaign_edit(request: PlanRequest, slug: str, campaign_id: int) -> HttpResponse:
    """Change days, targets and who is asked. A campaign closes by its last day."""
    member, campaign = request.member, _campaign(request.member, campaign_id)
    form = CampaignForm(request.POST or None, instance=campaign, member=member)
    done = plan_url(member, "readiness_campaign", campaign_id=campaign.pk)
    intro = "It closes at the end of its last day. Agencies that are added are asked at once."
    title = f"Change {campaign}"
    return form_page(request, form, done=done, title=title, intro=intro, crumbs=_crumbs(member, campaigns=True))


def readiness_ask(request: PlanRequest, slug: str, campaign_id: int) -> HttpResponse:
    """Ask one more person, about all dimensions or some: the program office, and leads for their own agencies."""
    member, campaign = request.member, _campaign(request.member, campaign_id)
    agency = _asked_agency(member, campaign, request.GET.get("for", ""))
    form = AskForm(request.POST or None, instance=Questionnaire(plan=member.plan, campaign=campaign), member=member)
    form.initial["agency"] = agency
    done = plan_url(member, "readiness_campaign", campaign_id=campaign.pk)
    intro = "Several people of one agency see it from different sides; where they differ is worth a talk."
    page = {"title": "Ask somebody to answer", "submit_label": "Ask", "intro": intro}
    return form_page(request, form, done=done, crumbs=_crumbs(member, campaigns=True), **page)


def _asked_agency(member: Member, campaign: Campaign, key: str) -> int | None:
    """The agency that the address names, if the member may ask for it; else the only one that they lead."""
    own = agencies_of(campaign)
    known = [pk for pk in own.values_list("pk", flat=True) if member.runs_plan or pk in member.agency_ids]
    if not known:
        raise NotYourRole("Only leads of the agencies in this campaign and the program office ask people to answer.")
    found = next((pk for pk in known if str(pk) == key), None)
    return found or (known[0] if len(known) == 1 else None)


def readiness_rate(request: PlanRequest, slug: str, campaign_id: int, agency_id: int) -> HttpResponse:
    """Begin the program office's own rating of an agency, or go on with it."""
    member, campaign = request.member, _campaign(request.member, campaign_id)
    agency = get_object_or_404(agencies_of(campaign), pk=agency_id)
    check_asks_for(member, agency)
    sheet = begin_rating(campaign, actor=_actor(member), agency=agency, rater=member.user)
    return redirect(plan_url(member, "readiness_answer", sheet_id=sheet.pk))


def readiness_task(request: PlanRequest, slug: str, question_id: int) -> HttpResponse:
    """Make the suggested action of a question a task of one's own, which can then be given to its owner."""
    member = request.member
    question = get_object_or_404(Question.objects.for_plan(member.plan), pk=question_id)
    asked: dict[str, Any] = {"step": STEP, "origin": "readiness", "detail": f"Readiness, {question}"[:500]}
    try:
        task = add_task(
            member.plan,
            title=(question.action or question.text)[:200],
            owner=member.user,
            asked_by=member.user,
            actor=_actor(member),
            **asked,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(plan_url(member, "readiness"))
    messages.success(request, "It is a task now. Choose who does it, and by when.")
    return redirect(plan_url(member, "task_edit", task_id=task.pk))


def _campaign(member: Member, campaign_id: int) -> Campaign:
    found: Campaign = get_object_or_404(visible_campaigns(member).select_related("plan"), pk=campaign_id)
    return found


def _crumbs(member: Member, *, campaigns: bool = False) -> list[tuple[str, str]]:
    more = (("Campaigns", plan_url(member, "readiness_campaigns")),) if campaigns else ()
    return plan_crumb(member.plan, ("Readiness", plan_url(member, "readiness")), *more)


def _actor(member: Member) -> Actor:
    return Actor(user=member.user, source=Source.BROWSER)
