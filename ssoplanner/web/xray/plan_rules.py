"""Rules about the plan itself, who takes part, and who speaks for them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, AgencyStatus, Membership, Plan, Provision, Role
from ssoplanner.web.xray.rules import OFFICE_AND_LEADS, Finding, Link, Rule, Scope, Severity, Source

LEADS = Membership.agencies.through


def _plan(scope: Scope) -> Any:
    figures = Provision.objects.filter(plan=OuterRef("pk"), fiscal_year=OuterRef("base_year"))
    return Plan.objects.using(scope.db).filter(pk=scope.plan.pk).annotate(has_figures=Exists(figures))


def _agencies(scope: Scope) -> Any:
    """Those in the program."""
    led = LEADS.objects.filter(agency=OuterRef("pk"), membership__role=Role.LEAD)
    given = Provision.objects.filter(agency=OuterRef("pk"), fiscal_year=scope.plan.base_year)
    rows = Agency.objects.using(scope.db).filter(plan=scope.plan).exclude(status=AgencyStatus.LEFT)
    shown = rows.only("plan_id", "name", "status", "headcount", "end_users")
    return shown.annotate(is_led=Exists(led), has_figures=Exists(given))


def _leads(scope: Scope) -> Any:
    held = LEADS.objects.filter(membership=OuterRef("pk"))
    left = Q(Exists(held.filter(agency__status=AgencyStatus.LEFT)))
    rows = Membership.objects.using(scope.db).filter(plan=scope.plan, role=Role.LEAD).select_related("user")
    return rows.annotate(leads_any=Exists(held), leads_left=left)


def _is_own_agency(agency: Agency, member: Member) -> bool:
    return agency.pk in member.agency_ids


PLAN = Source(_plan)
AGENCIES = Source(_agencies, _is_own_agency)
LEAD_MEMBERSHIPS = Source(_leads)


def _settings(text: str) -> Any:
    return lambda plan, scope: Finding(text, (Link("plan_settings"),))


def _no_figures(plan: Plan, scope: Scope) -> Finding:
    return Finding(f"No agency has figures for fiscal year {plan.base_year}.", (Link("agencies"),))


def _agency(agency: Agency, scope: Scope) -> Finding:
    ids = {"agency_id": agency.pk}
    return Finding(agency.name, (Link("agency_edit", ids), Link("agency", ids)))


def _grid(agency: Agency, scope: Scope) -> Finding:
    return Finding(agency.name, (Link("agency_grid", {"agency_id": agency.pk}),))


def _unled(agency: Agency, scope: Scope) -> Finding:
    return Finding(agency.name, (Link("people", roles=(Role.OFFICE,)), Link("agency", {"agency_id": agency.pk})))


def _membership(row: Membership, scope: Scope) -> Finding:
    return Finding(str(row.user), (Link("membership_edit", {"membership_id": row.pk}), Link("people")))


def _is_committed(agency: Agency) -> bool:
    return agency.status in {AgencyStatus.COMMITTED, AgencyStatus.ONBOARDED}


RULES = (
    Rule(
        key="plan.no_figures",
        title="The base year has no figures",
        why="Without what the services cost today nobody can say what sharing them saves.",
        severity=Severity.STOPS,
        about="plan",
        source=PLAN,
        is_wrong=lambda plan, scope: not plan.has_figures,
        finding=_no_figures,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="plan.no_discount_rate",
        title="The discount rate is missing",
        why="Costs and savings of later years cannot be compared without a rate, its date and its source.",
        severity=Severity.STOPS,
        about="plan",
        source=PLAN,
        is_wrong=lambda plan, scope: plan.discount_rate is None,
        finding=_settings("No discount rate with its date and source."),
    ),
    Rule(
        key="plan.no_problem",
        title="The problem is not written down",
        why="The board decides whether the plan answers its problem, so it has to read what that is.",
        severity=Severity.SHOULD,
        about="plan",
        source=PLAN,
        is_wrong=lambda plan, scope: not plan.problem.strip(),
        finding=_settings("Nothing says which problem the plan answers."),
    ),
    Rule(
        key="agency.committed_without_figures",
        title="Committed agencies without figures",
        why="An agency that committed itself counts in every decision, and so far it counts as nothing.",
        severity=Severity.STOPS,
        about="agencies",
        source=AGENCIES,
        is_wrong=lambda agency, scope: _is_committed(agency) and not agency.has_figures,
        finding=_grid,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="agency.no_figures",
        title="Candidate and engaged agencies without figures",
        why="Totals leave them out, so sharing looks smaller than it is.",
        severity=Severity.SHOULD,
        about="agencies",
        source=AGENCIES,
        is_wrong=lambda agency, scope: not _is_committed(agency) and not agency.has_figures,
        finding=_grid,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="agency.no_lead",
        title="Agencies without a lead",
        why="Nobody there gives figures or speaks for the agency.",
        severity=Severity.SHOULD,
        about="agencies",
        source=AGENCIES,
        is_wrong=lambda agency, scope: not agency.is_led,
        finding=_unled,
    ),
    Rule(
        key="agency.no_headcount",
        title="Agencies without a headcount",
        why="Staffing is compared by the people it serves.",
        severity=Severity.SHOULD,
        about="agencies",
        source=AGENCIES,
        is_wrong=lambda agency, scope: agency.headcount is None,
        finding=_agency,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="agency.no_end_users",
        title="Agencies without end users",
        why="The cost of IT per user leaves these agencies out.",
        severity=Severity.SHOULD,
        about="agencies",
        source=AGENCIES,
        is_wrong=lambda agency, scope: agency.end_users is None,
        finding=_agency,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="people.lead_without_agency",
        title="Leads without an agency",
        why="They were invited to give figures and can open none.",
        severity=Severity.SHOULD,
        about="people",
        source=LEAD_MEMBERSHIPS,
        is_wrong=lambda row, scope: not row.leads_any,
        finding=_membership,
    ),
    Rule(
        key="people.lead_of_left_agency",
        title="Leads of agencies that left",
        why="Whoever speaks for an agency outside the program may no longer need to see into it.",
        severity=Severity.LOOK,
        about="people",
        source=LEAD_MEMBERSHIPS,
        is_wrong=lambda row, scope: row.leads_left,
        finding=_membership,
    ),
)
