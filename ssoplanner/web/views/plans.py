"""The list of one's plans, a plan's home, its settings and its history."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst

from ssoplanner.access.gate import Member
from ssoplanner.core.models import AuditEvent, Kpi, Membership, Plan, Provision, Role, Service
from ssoplanner.starter.kpis import GOAL_CURRENCY
from ssoplanner.web import formats
from ssoplanner.web.figures import filled_counts, share_given
from ssoplanner.web.forms.plans import PlanForm
from ssoplanner.web.history import audited_models, event_lines, events_about, kind_label
from ssoplanner.web.home import panels
from ssoplanner.web.tasks.page import yours
from ssoplanner.web.views.agencies import known_agencies
from ssoplanner.web.views.rows import PlanRequest, form_page, plan_crumb
from ssoplanner.web.views.systems import visible_systems

EVENTS_A_PAGE = 50


def plans(request: HttpRequest) -> HttpResponse:
    """The plans that the person is a member of."""
    held = Membership.objects.unscoped("a person's own plans").filter(user=request.user).select_related("plan")
    by_plan: dict[Plan, list[str]] = {}
    held = held.order_by("plan__name", "role")
    for membership in held:
        by_plan.setdefault(membership.plan, []).append(membership.get_role_display())
    lines = [
        SimpleNamespace(
            plan=plan,
            role_names=", ".join(roles),
            facts=plan.get_tier_display(),
            url=reverse("plan", kwargs={"slug": plan.slug}),
        )
        for plan, roles in by_plan.items()
    ]
    runs_one = any(membership.role == Role.OFFICE for membership in held)
    return render(request, "web/plans.html", {"memberships": lines, "can_begin": runs_one})


def plan(request: PlanRequest, slug: str) -> HttpResponse:
    """Where the plan stands, what is missing, what happened last."""
    member, current = request.member, request.member.plan
    latest = AuditEvent.objects.for_plan(current).select_related("user")[:8] if member.sees_all else None
    counts = _counts(member)
    context = {
        "facts": _facts(member, counts),
        "panels": list(panels(member)),
        "yours": yours(member),
        "is_empty": not counts["agencies"] and not counts["services"],
        "todo": _todo(member, counts),
        "latest": event_lines(latest, current) if latest is not None else None,
    }
    return render(request, "web/plan.html", context)


def _counts(member: Member) -> dict[str, Any]:
    """What the home page counts, over the rows that the member may see."""
    current = member.plan
    provisions = Provision.objects.for_plan(current).filter(fiscal_year=current.base_year)
    if not member.sees_all:
        provisions = provisions.filter(agency__in=member.agency_ids)
    filled = filled_counts(provisions, "plan").get(current.pk)
    kpis = list(Kpi.objects.for_plan(current))
    leads = set(Membership.objects.for_plan(current).filter(role=Role.LEAD).values_list("agencies", flat=True))
    agencies = list(known_agencies(member).values_list("pk", flat=True))
    return {
        "agencies": len(agencies),
        "unled": len(set(agencies) - leads),
        "services": Service.objects.for_plan(current).count(),
        "systems": visible_systems(member).count(),
        "kpis": len(kpis),
        "kpis_ready": sum(1 for kpi in kpis if not kpi.missing()),
        "provisions": filled[0] if filled else 0,
        "complete": share_given(filled),
    }


def _facts(member: Member, counts: dict[str, Any]) -> list[SimpleNamespace]:
    current = member.plan
    whose = "of all agencies" if member.sees_all else "of your agencies"
    provisions = formats.counted(counts["provisions"], "provision", "provisions", current)
    given = f"{provisions} {whose}, fiscal year {current.base_year}"
    facts = [
        ("Agencies", counts["agencies"], f"{counts['unled']} without a lead", "agencies"),
        ("Services", counts["services"], "in the catalogue", "services"),
        ("Systems", counts["systems"], "in the register" if member.sees_all else "of your agencies", "systems"),
        ("KPIs ready", f"{counts['kpis_ready']} of {counts['kpis']}", "with owner, baseline and target", "kpis"),
    ]
    if member.sees_all or member.agency_ids:
        facts.insert(0, ("Baseline complete", formats.percent(counts["complete"], current), given, "agencies"))
    return [
        SimpleNamespace(label=label, value=value, note=note, url=reverse(name, kwargs={"slug": current.slug}))
        for label, value, note, name in facts
    ]


def _todo(member: Member, counts: dict[str, Any]) -> list[SimpleNamespace]:
    """What is missing, for those who can mend it."""
    slug, office = member.plan.slug, member.runs_plan
    unready = counts["kpis"] - counts["kpis_ready"]
    unled = formats.counted(counts["unled"], "agency", "agencies", member.plan)
    lines = [
        (office and not member.plan.problem, "Say which problem the plan answers.", "plan_settings"),
        (office and not counts["agencies"], "Add the agencies that may take part.", "agencies"),
        (office and not counts["services"], "Choose the services that could be shared.", "services"),
        (office and counts["unled"], f"Name a lead for {unled}.", "people"),
        (
            counts["provisions"] and counts["complete"] is not None and counts["complete"] < 1 and member.agency_ids,
            "Fill the gaps in your agencies' figures.",
            "agencies",
        ),
        (
            office and unready,
            f"Complete {formats.counted(unready, 'KPI', 'KPIs', member.plan)}: owner, baseline or target is missing.",
            "kpis",
        ),
    ]
    return [SimpleNamespace(text=text, url=reverse(name, kwargs={"slug": slug})) for due, text, name in lines if due]


def plan_settings(request: PlanRequest, slug: str) -> HttpResponse:
    """The settings: the program office changes them, everybody reads them."""
    member, current = request.member, request.member.plan
    form = PlanForm(request.POST or None, instance=current, member=member)
    crumbs = plan_crumb(current)
    if not member.runs_plan:
        return render(request, "web/plan_settings.html", {"rows": _in_words(form), "can_edit": False, "crumbs": crumbs})
    answer = form_page(
        request,
        form,
        done=reverse("plan_settings", kwargs={"slug": slug}),
        title="Plan settings",
        intro="Changes hold for everybody in the plan and are kept in its history.",
        crumbs=crumbs,
    )
    for kpi in form.emptied:
        said = f"The goal of “{kpi}” was the one that every plan starts with, in {GOAL_CURRENCY}. It is empty now:"
        messages.warning(request, f"{said} give one in {form.cleaned_data['currency']}.")
    return answer


def _in_words(form: PlanForm) -> list[tuple[str, list[tuple[str, str]]]]:
    row = form.instance
    return [
        (
            section.legend,
            [(str(form[name].label), _value(form, name, getattr(row, name))) for name in section.fields],
        )
        for section in form.layout
    ]


def _value(form: PlanForm, name: str, value: Any) -> str:
    """As the form offers it where it offers choices: "United States", not "US"."""
    offered = dict(getattr(form.fields[name], "choices", ()))
    return str(offered.get(value) or form.text(name, value))


def history(request: PlanRequest, slug: str) -> HttpResponse:
    """Everything that was changed, newest first, filtered by kind of row."""
    current = request.member.plan
    asked = request.GET.get("kind", "")
    kind = asked if asked in audited_models() else ""
    events = events_about(current, kind).select_related("user")
    page = Paginator(events, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "events": event_lines(page.object_list, current),
        "page_obj": page,
        "models": _kinds(current, kind),
        "only": kind,
        "crumbs": plan_crumb(current),
    }
    return render(request, "web/history.html", context)


def _kinds(current: Plan, kind: str) -> list[SimpleNamespace]:
    url = reverse("history", kwargs={"slug": current.slug})
    held = set(AuditEvent.objects.for_plan(current).order_by().values_list("model", flat=True).distinct())
    names = {name: kind_label(name) for name in audited_models() if name in held}
    every = [("", "Everything"), *sorted((name, capfirst(label)) for name, label in names.items())]
    return [
        SimpleNamespace(value=name, label=label, current=name == kind, url=f"{url}?kind={name}" if name else url)
        for name, label in every
    ]
