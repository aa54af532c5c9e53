"""What the X-ray finds in what the agencies rate of their technology and capabilities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Coalesce

from assess.models import Capability, CapabilityRating, TechnologyRating
from assess.models.architecture import MATURITIES
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, AgencyStatus, System
from ssoplanner.web.xray.rules import OFFICE_AND_LEADS, Finding, Link, Rule, Scope, Severity, Source


@dataclass(frozen=True)
class Said:
    """How much an agency has said of its technology and of its capabilities."""

    agency: Agency
    says_anything: bool


@dataclass(frozen=True)
class Unused:
    """Capabilities for which an agency names a system that no longer lists it as a user."""

    agency: Agency
    system: System
    capabilities: int


@dataclass(frozen=True)
class Low:
    """Capabilities of which an agency wants less than it has, the first by name: the target is below the maturity."""

    agency: Agency
    first: Capability
    count: int


def _said(scope: Scope) -> Iterator[Said]:
    """Of the agencies in the program, once any of them has begun: before that the step has not."""
    own = {"plan": scope.plan, "agency": OuterRef("pk")}
    agencies = Agency.objects.using(scope.db).filter(plan=scope.plan).exclude(status=AgencyStatus.LEFT)
    rows = agencies.annotate(
        technology=Exists(TechnologyRating.objects.filter(**own)),
        capabilities=Exists(CapabilityRating.objects.filter(**own)),
    )
    found = [Said(row, row.technology or row.capabilities) for row in rows]
    if any(one.says_anything for one in found):
        yield from found


def _unused(scope: Scope) -> Iterator[Unused]:
    """One row an agency and system."""
    named = CapabilityRating.systems.through.objects.using(scope.db).filter(capabilityrating__plan=scope.plan)
    gone = Counter(named.order_by().values_list("capabilityrating__agency_id", "system_id"))
    links = System.agencies.through.objects.using(scope.db).filter(system__plan=scope.plan)
    for pair in links.values_list("agency_id", "system_id"):
        gone.pop(pair, None)
    agencies = Agency.objects.using(scope.db).filter(plan=scope.plan).in_bulk({agency for agency, _ in gone})
    systems = System.objects.using(scope.db).filter(plan=scope.plan).in_bulk({system for _, system in gone})
    for (agency, system), count in sorted(gone.items()):
        yield Unused(agencies[agency], systems[system], count)


def _low(scope: Scope) -> Iterator[Low]:
    """One row an agency, its capabilities in their order in the tree."""
    rated = CapabilityRating.objects.using(scope.db).filter(plan=scope.plan).annotate(known=KNOWN, levels=LEVELS)
    below = rated.filter(known__gt=0, levels__gt=F("target") * F("known")).exclude(agency__status=AgencyStatus.LEFT)
    low = defaultdict(list)
    for agency, capability in below.order_by("capability__place", "pk").values_list("agency_id", "capability_id"):
        low[agency].append(capability)
    names = Capability.objects.using(scope.db).filter(plan=scope.plan).in_bulk({keys[0] for keys in low.values()})
    for agency in Agency.objects.using(scope.db).filter(plan=scope.plan, pk__in=low):
        yield Low(agency, names[low[agency.pk][0]], len(low[agency.pk]))


# The maturity of a rating is the mean of the levels that are known: LEVELS / KNOWN.
LEVELS = sum((Coalesce(F(name), 0) for name in MATURITIES), Value(0))
KNOWN = sum((Case(When(**{f"{name}__isnull": False}, then=1), default=0) for name in MATURITIES), Value(0))


def _is_own(row: Any, member: Member) -> bool:
    return row.agency.pk in member.agency_ids


def _silent(row: Said, scope: Scope) -> Finding:
    return Finding(str(row.agency), (Link("architecture_agency", {"agency_id": row.agency.pk}),))


def _of_unused(row: Unused, scope: Scope) -> Finding:
    count = "1 capability" if row.capabilities == 1 else f"{row.capabilities} capabilities"
    text = f"{row.agency}: {row.system}, for {count}"
    return Finding(text, (Link("architecture_agency", {"agency_id": row.agency.pk}),))


def _of_low(row: Low, scope: Scope) -> Finding:
    more = f" and {row.count - 1} more" if row.count > 1 else ""
    return Finding(f"{row.agency}: {row.first}{more}", (Link("capability_grid", {"agency_id": row.agency.pk}),))


RULES = (
    Rule(
        key="assess.architecture_silent",
        title="Agencies that have rated neither technology nor capabilities",
        why="The plan-wide map and the gate leave them out.",
        severity=Severity.SHOULD,
        about="assess",
        source=Source(_said, _is_own),
        is_wrong=lambda row, scope: not row.says_anything,
        finding=_silent,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="assess.capability_system_unused",
        title="Capabilities that rest on a system which the agency no longer uses",
        why="Duplicates and costs are counted from the systems that agencies use.",
        severity=Severity.SHOULD,
        about="assess",
        source=Source(_unused, _is_own),
        is_wrong=lambda row, scope: True,
        finding=_of_unused,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="assess.capability_target_low",
        title="Capabilities whose target is below their maturity",
        why="Mostly the two were mixed up; if less is meant, it saves money and should be said aloud.",
        severity=Severity.LOOK,
        about="assess",
        source=Source(_low, _is_own),
        is_wrong=lambda row, scope: True,
        finding=_of_low,
        mends=OFFICE_AND_LEADS,
    ),
)
