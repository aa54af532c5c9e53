"""From rows to what the calculations of Assess take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from assess.calc import agency_state, current_state, service_state, staffing
from ssoplanner.core.models import Agency, AgencyStatus, Benchmark, Plan, Provision, Service, ServiceArea, System
from ssoplanner.recompute.calculations import Incomplete, Missing, Upstream
from ssoplanner.starter.services import starter_services

FIGURES = (
    "service_id",
    "service__area__code",
    "service__volume_unit",
    "annual_cost",
    "fte",
    "volume",
    "sla_met",
    "sla_total",
    "resolution_hours",
    "has_sop",
    "automated_share",
    "has_dashboard",
)


def load_agency_state(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> agency_state.AgencyInput:
    """The provisions of one agency in the base year."""
    year = _base_year(db, plan_id)
    agency = Agency.objects.using(db).filter(plan_id=plan_id).get(pk=partition)
    rows = Provision.objects.using(db).filter(plan_id=plan_id, agency_id=agency.pk, fiscal_year=year).order_by("pk")
    return agency_state.AgencyInput(
        fiscal_year=year,
        end_users=agency.end_users,
        systems=System.objects.using(db).filter(plan_id=plan_id, agencies=agency.pk).count(),
        provisions=tuple(_provision(values) for values in rows.values_list(*FIGURES)),
    )


def _provision(values: Iterable[Any]) -> agency_state.ProvisionInput:
    service, area, unit, cost, fte, volume, met, total, hours, sop, automated, dashboard = values
    return agency_state.ProvisionInput(
        service=service,
        area=area,
        volume_unit=unit,
        cost_cents=_scaled(cost, 100),
        fte_hundredths=_scaled(fte, 100),
        volume=volume,
        sla_met=met,
        sla_total=total,
        resolution_hundredths=_scaled(hours, 100),
        has_sop=sop,
        automated_tenthousandths=_scaled(automated, 10_000),
        has_dashboard=dashboard,
    )


def load_service_state(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> service_state.ServiceInput:
    """The provisions of one service in the base year, of the agencies in the program."""
    year = _base_year(db, plan_id)
    rows = (
        Provision.objects.using(db)
        .filter(plan_id=plan_id, service_id=partition, fiscal_year=year)
        .exclude(agency__status=AgencyStatus.LEFT)
        .order_by("pk")  # the model's own order would read the service's code
    )
    measured = ("annual_cost", "fte", "volume", "users_served", "sla_met", "sla_total")
    figures = rows.values_list("agency_id", *measured, "has_sop", "automated_share")
    return service_state.ServiceInput(
        fiscal_year=year,
        systems=System.objects.using(db).filter(plan_id=plan_id, services=int(partition)).count(),
        providers=tuple(
            service_state.ProviderInput(
                agency, _scaled(cost, 100), _scaled(fte, 100), volume, users, met, total, sop, _scaled(auto, 10_000)
            )
            for agency, cost, fte, volume, users, met, total, sop, auto in figures
        ),
    )


def load_current_state(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> current_state.PlanInput | Incomplete:
    """The states of the agencies in the program, and the systems that they use."""
    year = _base_year(db, plan_id)
    states = upstream["assess.agency_state"]
    agencies = Agency.objects.using(db).filter(plan_id=plan_id).exclude(status=AgencyStatus.LEFT)
    members = tuple(
        _agency(pk, status, states[str(pk)]) for pk, status in agencies.order_by("pk").values_list("pk", "status")
    )
    if missing := _missing(year, members):
        return Incomplete((missing,))
    return current_state.PlanInput(fiscal_year=year, agencies=members, systems=_systems(db, plan_id))


def _agency(pk: int, status: str, state: Any) -> current_state.AgencyInput:
    return current_state.AgencyInput(
        id=pk,
        onboarded=status == AgencyStatus.ONBOARDED,
        cost_cents=state["cost_cents"],
        fte_hundredths=state["fte_hundredths"],
        provisions=state["provisions"],
        measures={key: (top, bottom) for key, (top, bottom) in state["measures"].items()},
    )


def _missing(year: int, members: tuple[current_state.AgencyInput, ...]) -> Missing | None:
    if not members:
        return Missing("No agency takes part yet. Add the agencies first.", "agencies")
    if not any(agency.provisions for agency in members):
        return Missing(f"No agency has given figures for fiscal year {year} yet.", "agencies")
    return None


def _systems(db: str, plan_id: int) -> tuple[current_state.SystemInput, ...]:
    rows = System.objects.using(db).filter(plan_id=plan_id, agencies__isnull=False)
    users: dict[int, set[int]] = {}
    functions: dict[int, str] = {}
    for pk, function, agency in rows.order_by("pk").values_list("pk", "function", "agencies"):
        users.setdefault(pk, set()).add(agency)
        functions[pk] = function
    return tuple(current_state.SystemInput(functions[pk], frozenset(users[pk])) for pk in users)


def load_staffing(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> staffing.PlanInput | Incomplete:
    """What the agencies in the program staff, by service, and the benchmarks that compare staff."""
    agencies = Agency.objects.using(db).filter(plan_id=plan_id).exclude(status=AgencyStatus.LEFT)
    heads = dict(agencies.order_by("pk").values_list("pk", "headcount"))
    states = upstream["assess.agency_state"]
    staff = tuple(row for pk in heads for row in _staff(pk, states[str(pk)]["services"]))
    if not any(row.fte_hundredths for row in staff):
        return Incomplete((Missing("No agency has given FTE for the base year yet.", "agencies"),))
    areas = ServiceArea.objects.using(db).filter(plan_id=plan_id).order_by("code")
    return staffing.PlanInput(
        areas=tuple(staffing.AreaInput(pk, code.casefold()) for pk, code in areas.values_list("pk", "code")),
        services=tuple(_services(db, plan_id)),
        headcounts={pk: count for pk, count in heads.items() if count is not None},
        staff=staff,
        benchmarks=tuple(_benchmarks(db, plan_id)),
    )


def _staff(agency: int, columns: Mapping[str, list[Any]]) -> Iterator[staffing.StaffInput]:
    for service, fte, volume in zip(columns["service"], columns["fte_hundredths"], columns["volume"], strict=True):
        yield staffing.StaffInput(agency, service, fte, volume)


def _services(db: str, plan_id: int) -> Iterator[staffing.ServiceInput]:
    rows = Service.objects.using(db).filter(plan_id=plan_id).order_by("area__code", "code")
    for pk, area, code, standard, unit in rows.values_list("pk", "area_id", "code", "standard", "volume_unit"):
        starter = starter_services().get(standard)
        same_unit = starter is None or starter[1].unit == unit.strip().lower()
        yield staffing.ServiceInput(pk, (standard or code).casefold(), area, same_unit)


def _benchmarks(db: str, plan_id: int) -> Iterator[staffing.BenchmarkInput]:
    figures = ("figure", "p25", "p50", "p75")
    rows = Benchmark.objects.using(db).filter(plan_id=plan_id, measure__in=(staffing.VOLUME, staffing.EMPLOYEES))
    facts = rows.order_by("pk").values_list("pk", "measure", "subject", "year", "library", *figures)
    for pk, measure, subject, year, library, *values in facts:
        given = {name: int(value * 10_000) for name, value in zip(figures, values, strict=True) if value is not None}
        yield staffing.BenchmarkInput(pk, measure, subject.casefold(), year, bool(library), given)


def _base_year(db: str, plan_id: int) -> int:
    return Plan.objects.using(db).values_list("base_year", flat=True).get(pk=plan_id)


def _scaled(value: Decimal | None, scale: int) -> int | None:
    return None if value is None else int(value * scale)
