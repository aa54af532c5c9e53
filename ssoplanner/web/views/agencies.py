"""The register of agencies, and how each provides its services today."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from ssoplanner.access.gate import (
    Member,
    check_edits_agency,
    check_sees_agency,
    edits_agency,
    sees_agency,
)
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Agency, AgencyStatus, Membership, Plan, Provision, Role, Service
from ssoplanner.web import formats
from ssoplanner.web.figures import filled_counts, share_given
from ssoplanner.web.forms.registers import AgencyForm, ProvisionForm
from ssoplanner.web.history import row_history
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb, plan_url

SIZES = {"headcount": "Headcount", "end_users": "End users", "operating_budget": "Operating budget a year"}


def agencies(request: PlanRequest, slug: str) -> HttpResponse:
    """All agencies that the member may know of; figures only where they may see them."""
    member, plan = request.member, request.member.plan
    known = list(known_agencies(member))
    status = request.GET.get("status", "")
    listing = _listing(member, [agency for agency in known if not status or agency.status == status], request.GET)
    seen, found = (_seen(member, some) for some in (known, listing.found))
    context = {
        "listing": listing,
        "agencies": _agency_lines(member, list(listing.page)),
        "totals": _totals(seen, plan) if len(seen) > 1 else [],
        "found_sums": _sums(found) if 1 < len(found) < len(seen) else None,
        "statuses": _statuses(known, status, reverse("agencies", kwargs={"slug": slug})),
        "can_add": member.runs_plan,
        "can_import": member.has(*policy()["agency_import"].write),
        "add_url": reverse("agency_new", kwargs={"slug": slug}),
        "crumbs": plan_crumb(plan),
    }
    return render(request, "web/agencies.html", context)


def _listing(member: Member, agencies: list[Agency], asked: QueryDict) -> Listing[Agency]:
    """By name, until somebody chooses otherwise. What a member may not see does not sort either: it would show."""

    def seen(name: str) -> Callable[[Agency], Any]:
        return lambda agency: getattr(agency, name) if sees_agency(member, agency) else None

    places = {status: place for place, status in enumerate(AgencyStatus.values)}
    columns: list[Column[Agency]] = [
        Column("name", "Agency", lambda agency: agency.name.casefold()),
        Column("status", "Status", lambda agency: places[agency.status]),
        Column("lead", "Lead"),
        *(Column(name, label, seen(name), figure=True) for name, label in SIZES.items()),
        Column("complete", "Figures given", _completeness(member, agencies)),
    ]
    return Listing(
        "agencies", agencies, columns, asked, text=lambda agency: f"{agency.code} {agency.name}", first="name"
    )


def _completeness(member: Member, agencies: list[Agency]) -> Callable[[Agency], float | None]:
    """The share of figures that an agency gave, none at all first; they are counted once, if somebody asks."""

    @cache
    def shares() -> dict[int, float]:
        seen = _seen(member, agencies)
        counts = _counts(member.plan, seen)
        return {agency.pk: share_given(counts.get(agency.pk)) or 0 for agency in seen}

    return lambda agency: shares().get(agency.pk)


def _seen(member: Member, agencies: list[Agency]) -> list[Agency]:
    return [agency for agency in agencies if sees_agency(member, agency)]


def _counts(plan: Plan, agencies: Iterable[Agency]) -> dict[int, tuple[int, int]]:
    return filled_counts(Provision.objects.for_plan(plan).filter(agency__in=[one.pk for one in agencies]), "agency")


def known_agencies(member: Member) -> QuerySet[Agency]:
    """The agencies whose name the member may know, by name."""
    found = Agency.objects.for_plan(member.plan)
    if member.sees_all or member.plan.leads_see_agencies:
        return found
    return found.filter(pk__in=member.agency_ids)


def _leads(member: Member, agencies: Iterable[Agency]) -> dict[int, list[str]]:
    """By agency: the names of its leads."""
    pairs = Membership.objects.for_plan(member.plan).filter(role=Role.LEAD, agencies__in=[one.pk for one in agencies])
    leads: dict[int, list[str]] = {}
    for agency, name, email in pairs.order_by("user__name").values_list("agencies", "user__name", "user__email"):
        leads.setdefault(agency, []).append(name or email)
    return leads


def _agency_lines(member: Member, agencies: list[Agency]) -> list[SimpleNamespace]:
    counts, leads = _counts(member.plan, _seen(member, agencies)), _leads(member, agencies)
    return [_agency_line(member, agency, counts.get(agency.pk), leads.get(agency.pk, [])) for agency in agencies]


def _agency_line(member: Member, agency: Agency, count: tuple[int, int] | None, leads: list[str]) -> SimpleNamespace:
    visible = sees_agency(member, agency)
    return SimpleNamespace(
        code=agency.code,
        name=agency.name,
        tier_label=agency.get_tier_display(),
        status=agency.status,
        status_label=agency.get_status_display(),
        figures_visible=visible,
        complete=share_given(count),
        provisions=count[0] if count else 0,
        url=plan_url(member, "agency", agency_id=agency.pk) if visible else "",
        grid_url=plan_url(member, "agency_grid", agency_id=agency.pk) if visible else "",
        leads=", ".join(leads),
        **{name: getattr(agency, name) if visible else None for name in SIZES},
    )


def _sums(agencies: list[Agency]) -> dict[str, Any]:
    return {name: sum(getattr(agency, name) or 0 for agency in agencies) for name in SIZES} | {"count": len(agencies)}


def _totals(agencies: list[Agency], plan: Plan) -> list[tuple[str, str, str]]:
    """What stands above the table whatever is searched: (label, value, note)."""
    sums = _sums(agencies)
    budget = Decimal(sums["operating_budget"])
    return [
        ("Agencies", formats.number(sums["count"], plan), "whose figures you see"),
        ("Headcount", formats.number(sums["headcount"], plan), ""),
        ("End users", formats.number(sums["end_users"], plan), ""),
        ("Operating budget a year", formats.money_short(budget, plan), formats.money(budget, plan)),
    ]


def _statuses(agencies: list[Agency], current: str, url: str) -> list[SimpleNamespace]:
    every = [("", "All"), *AgencyStatus.choices]
    return [
        SimpleNamespace(
            value=value,
            label=label,
            count=sum(1 for agency in agencies if not value or agency.status == value),
            current=value == current,
            url=f"{url}?status={value}" if value else url,
        )
        for value, label in every
    ]


def agency(request: PlanRequest, slug: str, agency_id: int) -> HttpResponse:
    """One agency: its facts, its provisions, what is missing, who changed what."""
    member, plan = request.member, request.member.plan
    found = _agency(request, agency_id)
    check_sees_agency(member, found)
    provisions = list(Provision.objects.for_plan(plan).filter(agency=found).select_related("service__area", "agency"))
    can_edit = edits_agency(member, found)
    context = {
        "agency": found,
        "facts": _facts(found, member),
        "provisions": [_provision_line(provision, member, can_edit) for provision in provisions],
        "missing_services": _missing_services(found, member, provisions),
        "systems": found.systems.order_by("function", "name"),
        "can_edit": can_edit,
        "edit_url": plan_url(member, "agency_edit", agency_id=found.pk),
        "add_url": plan_url(member, "provision_new", agency_id=found.pk),
        "events": row_history(found, member),
        "crumbs": plan_crumb(plan, ("Agencies", plan_url(member, "agencies"))),
    }
    return render(request, "web/agency.html", context)


def _agency(request: PlanRequest, agency_id: int) -> Agency:
    return get_object_or_404(Agency.objects.for_plan(request.member.plan), pk=agency_id)


def _facts(agency: Agency, member: Member) -> list[tuple[str, str]]:
    plan = member.plan
    facts = [
        ("Code", agency.code),
        ("Jurisdiction tier", agency.get_tier_display()),
        ("Status in the program", agency.get_status_display()),
        ("Headcount", formats.number(agency.headcount, plan)),
        ("End users", formats.number(agency.end_users, plan)),
        ("Operating budget a year", formats.money(agency.operating_budget, plan)),
        ("Agency leads", ", ".join(_leads(member, [agency]).get(agency.pk, [])) or formats.NOT_GIVEN),
    ]
    bound = ("statutory_mandate", "collective_agreement", "budget_cycle")
    return facts + [
        (str(Agency._meta.get_field(name).verbose_name).capitalize(), getattr(agency, name))  # type: ignore[union-attr]
        for name in bound
        if getattr(agency, name)
    ]


def _provision_line(provision: Provision, member: Member, can_edit: bool) -> SimpleNamespace:
    service = provision.service
    sla = "" if provision.sla_total is None else f"{provision.sla_met} of {provision.sla_total}"
    plain = ("annual_cost", "fte", "volume", "users_served", "resolution_hours", "has_sop", "automated_share")
    also = ("has_dashboard", "source", "changed_at")
    return SimpleNamespace(
        service=service.name,
        area=service.area.name,
        year=provision.fiscal_year,
        volume_unit=service.volume_unit,
        sla_text=sla,
        edit_url=plan_url(member, "provision_edit", provision_id=provision.pk) if can_edit else "",
        **{name: getattr(provision, name) for name in (*plain, *also)},
    )


def _missing_services(agency: Agency, member: Member, provisions: list[Provision]) -> list[SimpleNamespace]:
    given = {provision.service_id for provision in provisions}
    url = plan_url(member, "provision_new", agency_id=agency.pk)
    return [
        SimpleNamespace(name=service.name, url=f"{url}?service={service.pk}")
        for service in Service.objects.for_plan(member.plan).exclude(pk__in=given)
    ]


def agency_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add an agency."""
    form = AgencyForm(request.POST or None, member=request.member)
    return form_page(
        request,
        form,
        done=plan_url(request.member, "agencies"),
        title="Add an agency",
        intro="Code and name are enough to begin with; the agency's lead can fill in the rest.",
        crumbs=plan_crumb(request.member.plan, ("Agencies", plan_url(request.member, "agencies"))),
    )


def agency_edit(request: PlanRequest, slug: str, agency_id: int) -> HttpResponse:
    """Change an agency's facts: its lead and the program office."""
    found = _agency(request, agency_id)
    check_edits_agency(request.member, found)
    form = AgencyForm(request.POST or None, instance=found, member=request.member)
    remove = plan_url(request.member, "agency_delete", agency_id=found.pk) if request.member.runs_plan else None
    return form_page(
        request,
        form,
        done=plan_url(request.member, "agency", agency_id=found.pk),
        title=f"Change {found}",
        intro="",
        delete_url=remove,
        crumbs=plan_crumb(request.member.plan, ("Agencies", plan_url(request.member, "agencies"))),
    )


def agency_delete(request: PlanRequest, slug: str, agency_id: int) -> HttpResponse:
    """Remove an agency that nothing depends on."""
    found = _agency(request, agency_id)
    back = plan_url(request.member, "agency_edit", agency_id=found.pk)
    return delete_page(request, found, done=plan_url(request.member, "agencies"), back=back)


def provision_new(request: PlanRequest, slug: str, agency_id: int) -> HttpResponse:
    """Add how an agency provides a service in a year."""
    member, found = request.member, _agency(request, agency_id)
    check_edits_agency(member, found)
    blank = Provision(plan=member.plan, agency=found)
    initial = {"fiscal_year": member.plan.base_year, "service": request.GET.get("service")}
    form = ProvisionForm(request.POST or None, instance=blank, initial=initial, member=member, agency=found)
    return form_page(
        request,
        form,
        done=plan_url(member, "agency", agency_id=found.pk),
        title="Add how a service is provided",
        intro=f"{found}, one service, one fiscal year. Leave empty what is not known yet.",
        crumbs=_agency_crumbs(member, found),
    )


def provision_edit(request: PlanRequest, slug: str, provision_id: int) -> HttpResponse:
    """Change the figures of one provision."""
    member, provision = request.member, _provision(request, provision_id)
    form = ProvisionForm(request.POST or None, instance=provision, member=member, agency=provision.agency)
    return form_page(
        request,
        form,
        done=plan_url(member, "agency", agency_id=provision.agency_id),
        title=f"{provision.service}, {provision.fiscal_year}",
        intro=f"How {provision.agency} provides this service.",
        delete_url=plan_url(member, "provision_delete", provision_id=provision.pk),
        crumbs=_agency_crumbs(member, provision.agency),
    )


def provision_delete(request: PlanRequest, slug: str, provision_id: int) -> HttpResponse:
    """Remove the figures of one service and year."""
    provision = _provision(request, provision_id)
    back = plan_url(request.member, "provision_edit", provision_id=provision.pk)
    return delete_page(
        request, provision, done=plan_url(request.member, "agency", agency_id=provision.agency_id), back=back
    )


def _provision(request: PlanRequest, provision_id: int) -> Provision:
    """A provision that the member may change."""
    found = Provision.objects.for_plan(request.member.plan).select_related("agency", "service")
    provision: Provision = get_object_or_404(found, pk=provision_id)
    check_edits_agency(request.member, provision.agency)
    return provision


def _agency_crumbs(member: Member, agency: Agency) -> list[tuple[str, str]]:
    agencies_crumb = ("Agencies", plan_url(member, "agencies"))
    return plan_crumb(member.plan, agencies_crumb, (agency.name, plan_url(member, "agency", agency_id=agency.pk)))
