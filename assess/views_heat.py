"""The heat map: its page, agencies by services, the criteria and what people judge."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assess import pages_heat
from assess.forms_heat import CriteriaWeights, CriterionForm, JudgementForm
from assess.models import Criterion, Judgement, Measure
from assess.pages_criteria import criteria_page, judgements_page
from assess.pages_heat_agencies import agencies_map
from assess.policy import JUDGES
from assess.starter_criteria import take_preset, take_starter_criteria
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Service, Source
from ssoplanner.recompute.writer import Actor
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, delete_page, form_page, plan_crumb, plan_url


def heat_map(request: PlanRequest, slug: str) -> HttpResponse:
    """Which services are worth sharing, and how hard each would be."""
    member = request.member
    context = {
        "panel": pages_heat.heat_map(member, request.GET),
        "can_edit": member.runs_plan,
        "judges": member.has(*JUDGES),
        "criteria_url": plan_url(member, "criteria"),
        "judgements_url": plan_url(member, "judgements") if member.sees_all else "",
        "agencies_url": plan_url(member, "heat_map_agencies") if member.sees_all or member.agency_ids else "",
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "assess/_heat_map.html" if asks_for_part(request) else "assess/heat_map_page.html", context)


def heat_map_agencies(request: PlanRequest, slug: str) -> HttpResponse:
    """Agencies by services, coloured by one figure."""
    context = agencies_map(request.member, request.GET) | {"crumbs": _crumbs(request.member)}
    return render(request, "assess/heat_agencies.html", context)


def _crumbs(member: Member, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return plan_crumb(member.plan, ("Heat map", plan_url(member, "heat_map")), *more)


def criteria(request: PlanRequest, slug: str) -> HttpResponse:
    """What services are judged by. The program office weighs them, takes the starter set or a preset."""
    member = request.member
    if request.method == "POST" and (done := _pressed(request)):
        return done
    rows = list(Criterion.objects.for_plan(member.plan))
    form = CriteriaWeights(request.POST or None, member=member, rows=rows) if member.runs_plan else None
    if request.method == "POST" and form is not None and form.is_valid() and form.save():
        messages.success(request, "The weights are saved. The heat map is computed anew.")
        return redirect(plan_url(member, "criteria"))
    context = criteria_page(member, rows, form) | {"crumbs": _crumbs(member)}
    return render(request, "assess/criteria.html", context, status=422 if request.method == "POST" else 200)


def _pressed(request: PlanRequest) -> HttpResponse | None:
    """The answer to one of the buttons beside the form, if it was one."""
    member, actor = request.member, Actor(user=request.user, source=Source.BROWSER)
    if "starter" in request.POST:
        count = take_starter_criteria(member.plan, actor)
        messages.success(request, f"{count} criteria are added." if count else "All of the starter set are there.")
    elif "preset" in request.POST:
        preset = take_preset(member.plan, actor, request.POST["preset"])
        if preset is None:
            messages.error(request, "There is no such preset. Choose one of those below.")
        else:
            messages.success(request, f"The weights are those of “{preset.name}”. The heat map is computed anew.")
    else:
        return None
    return redirect(plan_url(member, "criteria"))


def criterion_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a criterion."""
    member, page = request.member, plan_url(request.member, "criteria")
    return form_page(
        request,
        CriterionForm(request.POST or None, member=member),
        done=page,
        title="Add a criterion",
        intro="Something that speaks for or against sharing a service.",
        crumbs=_crumbs(member, ("Criteria", page)),
    )


def criterion_edit(request: PlanRequest, slug: str, criterion_id: int) -> HttpResponse:
    """Change a criterion."""
    member, page = request.member, plan_url(request.member, "criteria")
    row = get_object_or_404(Criterion.objects.for_plan(member.plan), pk=criterion_id)
    return form_page(
        request,
        CriterionForm(request.POST or None, instance=row, member=member),
        done=page,
        title=f"Change {row}",
        intro="",
        delete_url=plan_url(member, "criterion_delete", criterion_id=row.pk),
        crumbs=_crumbs(member, ("Criteria", page)),
    )


def criterion_delete(request: PlanRequest, slug: str, criterion_id: int) -> HttpResponse:
    """Remove a criterion by which nothing is judged."""
    member = request.member
    row = get_object_or_404(Criterion.objects.for_plan(member.plan), pk=criterion_id)
    back = plan_url(member, "criterion_edit", criterion_id=row.pk)
    return delete_page(request, row, done=plan_url(member, "criteria"), back=back)


def judgements(request: PlanRequest, slug: str) -> HttpResponse:
    """What is judged of each service, and what is still to judge."""
    member = request.member
    context = judgements_page(member, request.GET) | {"crumbs": _crumbs(member)}
    return render(request, "assess/judgements.html", context)


def judgement(request: PlanRequest, slug: str, service_id: int, criterion_id: int) -> HttpResponse:
    """Judge one service by one criterion, with a reason."""
    member, page = request.member, plan_url(request.member, "judgements")
    service = get_object_or_404(Service.objects.for_plan(member.plan), pk=service_id)
    criterion = get_object_or_404(Criterion.objects.for_plan(member.plan), pk=criterion_id)
    if criterion.measure != Measure.JUDGED:
        raise Http404("This criterion is computed from figures; nobody judges it.")
    row = Judgement.objects.for_plan(member.plan).filter(service=service, criterion=criterion).first()
    row = row or Judgement(plan=member.plan, service=service, criterion=criterion)
    return form_page(
        request,
        JudgementForm(request.POST or None, instance=row, member=member),
        done=page,
        title=f"{criterion}: {service}",
        intro=criterion.meaning,
        crumbs=_crumbs(member, ("Judgements", page)),
    )
