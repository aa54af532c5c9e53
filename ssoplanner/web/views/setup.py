"""Begin a plan: a few answers, then its agencies, services and people."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from ssoplanner.access.gate import Member, NotYourRole
from ssoplanner.access.models import Invitation
from ssoplanner.core.models import Agency, Kpi, Membership, Plan, Role, Service, Source, User
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, create
from ssoplanner.starter.plans import start_plan
from ssoplanner.web.forms.setup import AgencyLinesForm, NewPlanForm
from ssoplanner.web.views.rows import PlanRequest, plan_crumb, plan_url


def may_start_plan(user: User) -> bool:
    """Whoever runs a plan may begin another; the first of an installation is made by its administrator."""
    held = Membership.objects.unscoped("a person's own plans").filter(user=user, role=Role.OFFICE)
    return held.exists()


def plan_new(request: HttpRequest) -> HttpResponse:
    """The first step: what the plan is called, where it applies, in which currency and years."""
    user: User = request.user  # type: ignore[assignment]
    if not may_start_plan(user):
        raise NotYourRole("A new plan is begun by somebody who runs one already. Ask the program office of your plan.")
    form = NewPlanForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            plan = _start(form.cleaned_data, user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{plan} is begun.")
            return redirect("set_up", slug=plan.slug)
    context = {
        "form": form,
        "title": "Begin a plan",
        "intro": "These few answers are enough. Agencies, services and people come next.",
        "submit_label": "Begin the plan",
        "cancel_url": reverse("plans"),
    }
    return render(request, "web/form.html", context, status=422 if form.is_bound else 200)


def _start(values: dict[str, object], user: User) -> Plan:
    actor = Actor(user=user, source=Source.BROWSER)
    with saving():
        plan = start_plan(actor=actor, **values)  # type: ignore[arg-type]
        office = {"user": user, "role": Role.OFFICE, "agencies": []}
        create(Membership, plan=plan, actor=actor, values=office)
    return plan


def set_up(request: PlanRequest, slug: str) -> HttpResponse:
    """What a new plan still needs, in order; agencies are typed or pasted right here."""
    member = request.member
    form = AgencyLinesForm(request.POST or None, plan=member.plan)
    if request.method == "POST" and form.is_valid():
        added = form.add(Actor(user=request.user, source=Source.BROWSER))
        if added:
            said = f"{len(added)} agencies are" if len(added) > 1 else f"{added[0]} is"
            messages.success(request, f"{said} added.")
        if not form.left:
            return redirect("set_up", slug=slug)
    context = {
        "form": form,
        "steps": _steps(member),
        # An import that was begun here leads back to here.
        "import_url": f"{plan_url(member, 'agency_import')}?{urlencode({'then': plan_url(member, 'set_up')})}",
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/set_up.html", context, status=422 if form.is_bound else 200)


def _steps(member: Member) -> dict[str, SimpleNamespace]:
    """Each step with how far it is."""
    plan = member.plan
    agencies = Agency.objects.for_plan(plan).count()
    services = Service.objects.for_plan(plan).count()
    leads = Membership.objects.for_plan(plan).filter(role=Role.LEAD).count()
    leads += Invitation.objects.for_plan(plan).filter(role=Role.LEAD, accepted_at__isnull=True).count()
    owned = Kpi.objects.for_plan(plan).filter(owner__isnull=False).count()
    kpis = Kpi.objects.for_plan(plan).count()
    return {
        "plan": SimpleNamespace(done=bool(plan.problem), said=f"{plan.get_tier_display()}, {plan.currency}"),
        "agencies": SimpleNamespace(done=bool(agencies), said=_so_many(agencies, "agency", "agencies")),
        "services": SimpleNamespace(done=bool(services), said=_so_many(services, "service", "services")),
        "people": SimpleNamespace(done=bool(leads), said=_so_many(leads, "agency lead", "agency leads")),
        "kpis": SimpleNamespace(done=bool(kpis and owned == kpis), said=f"{owned} of {kpis} KPIs have an owner"),
    }


def _so_many(count: int, one: str, many: str) -> str:
    if not count:
        return f"no {many} yet"
    return f"1 {one}" if count == 1 else f"{count} {many}"
