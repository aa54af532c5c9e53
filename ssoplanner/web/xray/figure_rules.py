"""Rules about what agencies gave for their services in the base year. The database counts them, a row an agency.

Service targets met beyond those that there are need no rule: the model refuses them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, AgencyStatus, Provision
from ssoplanner.web import formats
from ssoplanner.web.xray.rules import OFFICE_AND_LEADS, Finding, Link, Rule, Scope, Severity, Source

COST, FTE = Q(annual_cost__isnull=False), Q(fte__isnull=False)
# How many of an agency's services are so.
COUNTED = {
    "cost_without_fte": COST & ~FTE,
    "fte_without_cost": FTE & ~COST,
    "neither": ~COST & ~FTE,
    "cost_without_volume": COST & Q(volume__isnull=True),
    "too_many_users": Q(users_served__gt=F("agency__end_users")),
    "unsourced": Q(source=""),
}


@dataclass(frozen=True)
class Given:
    """What an agency in the program gave for the base year."""

    agency: Agency
    services: int
    fte: Decimal | None
    counts: Mapping[str, int]


def _by_agency(scope: Scope) -> Iterator[Given]:
    """Apart from the agencies' names: the database is twice as quick if it groups by their ids alone."""
    given = Provision.objects.using(scope.db).filter(plan=scope.plan, fiscal_year=scope.plan.base_year)
    counts = {name: Count("pk", filter=condition) for name, condition in COUNTED.items()}
    rows = given.order_by().values("agency").annotate(services=Count("pk"), all_fte=Sum("fte"), **counts)
    found = {row.pop("agency"): row for row in rows}
    agencies = Agency.objects.using(scope.db).filter(plan=scope.plan).exclude(status=AgencyStatus.LEFT)
    for agency in agencies.only("plan_id", "name", "headcount", "end_users"):
        if row := found.get(agency.pk):
            yield Given(agency, row.pop("services"), row.pop("all_fte"), row)


def _is_own(row: Given, member: Member) -> bool:
    return row.agency.pk in member.agency_ids


FIGURES = Source(_by_agency, _is_own)


def _finding(row: Given, said: str) -> Finding:
    return Finding(f"{row.agency}: {said}", (Link("agency_grid", {"agency_id": row.agency.pk}),))


def _has(name: str) -> Callable[[Given, Scope], bool]:
    return lambda row, scope: row.counts[name] > 0


def _counted(name: str, more: str = "") -> Callable[[Given, Scope], Finding]:
    """So many of the agency's services."""

    def finding(row: Given, scope: Scope) -> Finding:
        services = formats.counted(row.services, "service", "services", scope.plan)
        return _finding(row, f"{formats.number(row.counts[name], scope.plan)} of {services}{more}")

    return finding


def _too_many_users(row: Given, scope: Scope) -> Finding:
    known = formats.number(row.agency.end_users, scope.plan)
    return _counted("too_many_users", f" above its {known} end users")(row, scope)


def _is_overstaffed(row: Given, scope: Scope) -> bool:
    people = row.agency.headcount
    return row.fte is not None and people is not None and row.fte > people


def _overstaffed(row: Given, scope: Scope) -> Finding:
    fte, people = (formats.number(value, scope.plan) for value in (row.fte, row.agency.headcount))
    return _finding(row, f"{fte} FTE in its services, {people} people")


RULES = (
    Rule(
        key="figures.fte_above_headcount",
        title="More FTE than people",
        why="An agency cannot staff its services with more than it employs, so one of the two figures is wrong.",
        severity=Severity.STOPS,
        about="figures",
        source=FIGURES,
        is_wrong=_is_overstaffed,
        finding=_overstaffed,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="figures.users_above_end_users",
        title="More users served than the agency has",
        why="Cost per user comes out too low; one of the two figures is wrong.",
        severity=Severity.SHOULD,
        about="figures",
        source=FIGURES,
        is_wrong=_has("too_many_users"),
        finding=_too_many_users,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="figures.cost_without_fte",
        title="Cost without FTE",
        why="Somebody does the work: without FTE the service looks as if it had no staff to move.",
        severity=Severity.SHOULD,
        about="figures",
        source=FIGURES,
        is_wrong=_has("cost_without_fte"),
        finding=_counted("cost_without_fte"),
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="figures.fte_without_cost",
        title="FTE without cost",
        why="Staff costs money: without it the agency’s services look cheaper than they are.",
        severity=Severity.SHOULD,
        about="figures",
        source=FIGURES,
        is_wrong=_has("fte_without_cost"),
        finding=_counted("fte_without_cost"),
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="figures.neither",
        title="Services with neither cost nor FTE",
        why="The agency provides the service, and nobody knows what it takes.",
        severity=Severity.SHOULD,
        about="figures",
        source=FIGURES,
        is_wrong=_has("neither"),
        finding=_counted("neither"),
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="figures.cost_without_volume",
        title="Cost without volume",
        why="Agencies are compared by what one piece costs, which takes both.",
        severity=Severity.LOOK,
        about="figures",
        source=FIGURES,
        is_wrong=_has("cost_without_volume"),
        finding=_counted("cost_without_volume"),
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="figures.unsourced",
        title="Figures that do not say where they come from",
        why="A figure that nobody can trace is the first to be doubted in the board.",
        severity=Severity.LOOK,
        about="figures",
        source=FIGURES,
        is_wrong=_has("unsourced"),
        finding=_counted("unsourced"),
        mends=OFFICE_AND_LEADS,
    ),
)
