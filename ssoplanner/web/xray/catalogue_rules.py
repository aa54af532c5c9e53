"""Rules about services, systems, KPIs and benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from ssoplanner.access.gate import Member
from ssoplanner.core.models import (
    AgencyStatus,
    Benchmark,
    Kpi,
    Membership,
    Provision,
    Role,
    Service,
    ServiceArea,
    System,
)
from ssoplanner.web import formats
from ssoplanner.web.xray.rules import OFFICE_AND_LEADS, Finding, Link, Rule, Scope, Severity, Source

SOON = timedelta(days=365)
OLD = 10  # years, of a benchmark
USES, SUPPORTS = System.agencies.through, System.services.through


@dataclass(frozen=True)
class Registered:
    """A system, the agencies that use it, and whether it supports any service."""

    system: System
    agencies: set[int]
    supports_any: bool


@dataclass
class Functions:
    """The systems that one agency runs for one function, by name."""

    agency: int
    agency_name: str
    function: str
    systems: list[str] = field(default_factory=list)


def _services(scope: Scope) -> Any:
    given = Provision.objects.filter(service=OuterRef("pk"), fiscal_year=scope.plan.base_year)
    rows = Service.objects.using(scope.db).filter(plan=scope.plan)
    return rows.annotate(is_provided=Exists(given.exclude(agency__status=AgencyStatus.LEFT)))


def _areas(scope: Scope) -> Any:
    rows = ServiceArea.objects.using(scope.db).filter(plan=scope.plan)
    return rows.annotate(has_services=Exists(Service.objects.filter(area=OuterRef("pk"))))


def _systems(scope: Scope) -> Iterator[Registered]:
    used: dict[int, set[int]] = {}
    for system, agency in USES.objects.using(scope.db).filter(system__plan=scope.plan).values_list("system", "agency"):
        used.setdefault(system, set()).add(agency)
    supports = SUPPORTS.objects.filter(system=OuterRef("pk"))
    rows = System.objects.using(scope.db).filter(plan=scope.plan).annotate(supports_any=Exists(supports))
    return (Registered(system, used.get(system.pk, set()), system.supports_any) for system in rows)


def _functions(scope: Scope) -> Iterator[Functions]:
    """For agencies in the program, each function once, however its words are written."""
    rows = USES.objects.using(scope.db).filter(system__plan=scope.plan).exclude(agency__status=AgencyStatus.LEFT)
    columns = ("agency", "agency__name", "system__function", "system__name")
    found: dict[tuple[int, str], Functions] = {}
    for agency, name, function, system in rows.order_by("agency__name", "system__name").values_list(*columns):
        key = (agency, " ".join(function.lower().split()))
        found.setdefault(key, Functions(agency, name, function)).systems.append(system)
    return iter(found.values())


def _kpis(scope: Scope) -> Any:
    member = Membership.objects.filter(plan=scope.plan, user=OuterRef("owner"))
    rows = Kpi.objects.using(scope.db).filter(plan=scope.plan).select_related("owner")
    return rows.annotate(owner_is_member=Exists(member))


def _benchmarks(scope: Scope) -> Any:
    return Benchmark.objects.using(scope.db).filter(plan=scope.plan)


def _is_own_system(row: Registered, member: Member) -> bool:
    return not member.agency_ids.isdisjoint(row.agencies)


def _is_own_function(row: Functions, member: Member) -> bool:
    return row.agency in member.agency_ids


SERVICES, AREAS = Source(_services), Source(_areas)
SYSTEMS, FUNCTIONS = Source(_systems, _is_own_system), Source(_functions, _is_own_function)
KPIS, BENCHMARKS = Source(_kpis), Source(_benchmarks)


# --- What is found --------------------------------------------------------------------------------------------------


def _service(service: Service, scope: Scope) -> Finding:
    return Finding(service.name, (Link("service_grid", {"service_id": service.pk}), Link("services")))


def _area(area: ServiceArea, scope: Scope) -> Finding:
    return Finding(area.name, (Link("area_edit", {"area_id": area.pk}), Link("services")))


def _of_system(row: Registered, more: str = "") -> Finding:
    # A lead changes only systems that no other agency uses; the register shows which those are.
    links = (Link("system_edit", {"system_id": row.system.pk}, roles=(Role.OFFICE,)), Link("systems"))
    return Finding(f"{row.system.name}{more}", links)


def _system(row: Registered, scope: Scope) -> Finding:
    return _of_system(row)


def _ends(system: System, scope: Scope) -> list[tuple[str, date]]:
    """What has ended or ends soon, and when."""
    ends = (("contract", system.contract_end), ("support", system.end_of_support))
    return [(what, day) for what, day in ends if day is not None and day <= scope.as_of + SOON]


def _has_ended(row: Registered, scope: Scope) -> bool:
    return any(day < scope.as_of for _, day in _ends(row.system, scope))


def _ends_soon(row: Registered, scope: Scope) -> bool:
    return bool(_ends(row.system, scope)) and not _has_ended(row, scope)


def _ending(row: Registered, scope: Scope) -> Finding:
    said = (
        f"{what} {'ended' if day < scope.as_of else 'ends'} {formats.day(day, scope.plan)}"
        for what, day in _ends(row.system, scope)
    )
    return _of_system(row, f": {', '.join(said)}")


def _several(row: Functions, scope: Scope) -> Finding:
    return Finding(f"{row.agency_name}, {row.function}: {', '.join(row.systems)}", (Link("systems"),))


def _of_kpi(kpi: Kpi, text: str) -> Finding:
    return Finding(text, (Link("kpi_edit", {"kpi_id": kpi.pk}), Link("kpis")))


def _kpi(kpi: Kpi, scope: Scope) -> Finding:
    return _of_kpi(kpi, kpi.name)


def _late_kpi(kpi: Kpi, scope: Scope) -> Finding:
    return _of_kpi(kpi, f"{kpi.name}: due {formats.day(kpi.target_date, scope.plan)}")


def _lost_kpi(kpi: Kpi, scope: Scope) -> Finding:
    return _of_kpi(kpi, f"{kpi.name}: {kpi.owner}")


def _lacks(name: str) -> Callable[[Kpi, Scope], bool]:
    return lambda kpi, scope: name in kpi.missing()


def _benchmark(benchmark: Benchmark, scope: Scope) -> Finding:
    links = (Link("benchmark_edit", {"benchmark_id": benchmark.pk}), Link("benchmarks"))
    return Finding(f"{benchmark.metric}: {benchmark.year}", links)


SERVICE_RULES = (
    Rule(
        key="service.not_provided",
        title="Services that no agency provides",
        why="They stand in the catalogue without figures, so nothing can be said about sharing them.",
        severity=Severity.LOOK,
        about="services",
        source=SERVICES,
        is_wrong=lambda service, scope: not service.is_provided,
        finding=_service,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="service.empty_area",
        title="Areas without services",
        why="An area counts only through its services.",
        severity=Severity.LOOK,
        about="services",
        source=AREAS,
        is_wrong=lambda area, scope: not area.has_services,
        finding=_area,
    ),
)
SYSTEM_RULES = (
    Rule(
        key="system.ended",
        title="Systems whose contract or support has ended",
        why="They run without anybody bound to mend them, unless the register is out of date.",
        severity=Severity.SHOULD,
        about="systems",
        source=SYSTEMS,
        is_wrong=_has_ended,
        finding=_ending,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="system.no_agency",
        title="Systems that no agency uses",
        why="Their cost counts for nobody.",
        severity=Severity.SHOULD,
        about="systems",
        source=SYSTEMS,
        is_wrong=lambda row, scope: not row.agencies,
        finding=_system,
    ),
    Rule(
        key="system.ends_soon",
        title="Systems whose contract or support ends within a year",
        why="A contract that ends is the cheapest moment to move to a shared system.",
        severity=Severity.LOOK,
        about="systems",
        source=SYSTEMS,
        is_wrong=_ends_soon,
        finding=_ending,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="system.no_service",
        title="Systems without a service",
        why="Which systems a shared service replaces is known only if each says what it supports.",
        severity=Severity.LOOK,
        about="systems",
        source=SYSTEMS,
        is_wrong=lambda row, scope: not row.supports_any,
        finding=_system,
        mends=OFFICE_AND_LEADS,
    ),
    Rule(
        key="system.several_for_one_function",
        title="Several systems for one function in one agency",
        why="Each is paid for, and figures are split between them.",
        severity=Severity.LOOK,
        about="systems",
        source=FUNCTIONS,
        is_wrong=lambda row, scope: len(row.systems) > 1,
        finding=_several,
        mends=OFFICE_AND_LEADS,
    ),
)
KPI_RULES = (
    Rule(
        key="kpi.no_owner",
        title="KPIs without an owner",
        why="What is nobody’s goal is missed without anybody noticing.",
        severity=Severity.SHOULD,
        about="kpis",
        source=KPIS,
        is_wrong=_lacks("owner"),
        finding=_kpi,
    ),
    Rule(
        key="kpi.lost_owner",
        title="KPIs whose owner is no longer in the plan",
        why="The person does not see the plan any more, so the goal is nobody’s.",
        severity=Severity.SHOULD,
        about="kpis",
        source=KPIS,
        is_wrong=lambda kpi, scope: kpi.owner_id is not None and not kpi.owner_is_member,
        finding=_lost_kpi,
    ),
    Rule(
        key="kpi.no_baseline",
        title="KPIs without a baseline",
        why="Improvement is measured from somewhere.",
        severity=Severity.SHOULD,
        about="kpis",
        source=KPIS,
        is_wrong=_lacks("baseline"),
        finding=_kpi,
    ),
    Rule(
        key="kpi.no_target",
        title="KPIs without a target",
        why="Nobody can say whether the value is good enough.",
        severity=Severity.SHOULD,
        about="kpis",
        source=KPIS,
        is_wrong=_lacks("target"),
        finding=_kpi,
    ),
    Rule(
        key="kpi.late",
        title="KPIs whose due date has passed",
        why="Either the target was reached and the next one is due, or it was missed and somebody should say so.",
        severity=Severity.SHOULD,
        about="kpis",
        source=KPIS,
        is_wrong=lambda kpi, scope: kpi.target_date is not None and kpi.target_date < scope.as_of,
        finding=_late_kpi,
    ),
    Rule(
        key="kpi.no_date",
        title="KPIs with a target and no date",
        why="A target without a date cannot be missed.",
        severity=Severity.LOOK,
        about="kpis",
        source=KPIS,
        is_wrong=lambda kpi, scope: "target" not in kpi.missing() and kpi.target_date is None,
        finding=_kpi,
    ),
)
BENCHMARK_RULES = (
    Rule(
        key="benchmark.old",
        title="Benchmarks more than ten years old",
        why="Work, prices and technology have changed since.",
        severity=Severity.LOOK,
        about="benchmarks",
        source=BENCHMARKS,
        is_wrong=lambda benchmark, scope: benchmark.year < scope.as_of.year - OLD,
        finding=_benchmark,
    ),
)
RULES = (*KPI_RULES, *SERVICE_RULES, *SYSTEM_RULES, *BENCHMARK_RULES)
