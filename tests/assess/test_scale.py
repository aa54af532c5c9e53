"""At the largest plan that everything is built for (500 agencies, 200 services) each result can be stored and sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assess.calc import agency_state, current_state, service_state, staffing
from assess.calc.agency_state import MEASURES
from assess.steps import CALCULATIONS
from ssoplanner.recompute.compute import LARGEST_PAYLOAD, encoded

AGENCIES, SERVICES, SYSTEMS, AREAS = 500, 200, 600, 12
LARGE = 98_765_432_101_234  # every figure as wide as it may be


def one_agency() -> agency_state.AgencyInput:
    rows = [
        agency_state.ProvisionInput(
            service=10**9 + number,
            area="IT",
            volume_unit="ticket",
            cost_cents=LARGE - number,
            fte_hundredths=10**9 + number,
            volume=LARGE // 7 + number,
            sla_met=99,
            sla_total=100,
            resolution_hundredths=12_345_678,
            has_sop=True,
            automated_tenthousandths=9_999,
            has_dashboard=True,
        )
        for number in range(SERVICES)
    ]
    return agency_state.AgencyInput(2026, 10**7, SYSTEMS, tuple(rows))


def one_service() -> service_state.ServiceInput:
    row = service_state.ProviderInput(LARGE, 10**9, LARGE // 7, 10**7, 99, 100)
    return service_state.ServiceInput(2026, SYSTEMS, (row,) * AGENCIES)


def whole_plan() -> current_state.PlanInput:
    measures = dict.fromkeys(MEASURES, (LARGE, 10**7))
    agencies = [current_state.AgencyInput(number, True, LARGE, 10**9, SERVICES, measures) for number in range(AGENCIES)]
    everybody = frozenset(range(AGENCIES))
    systems = [current_state.SystemInput(f"Function {number}", everybody) for number in range(SYSTEMS)]
    return current_state.PlanInput(2026, tuple(agencies), tuple(systems))


def all_staff() -> staffing.PlanInput:
    """Each service with a benchmark of its own, and each area."""
    areas = tuple(staffing.AreaInput(10**9 + number, f"area{number}") for number in range(AREAS))
    services = tuple(
        staffing.ServiceInput(10**9 + number, f"service{number}", areas[number % AREAS].id)
        for number in range(SERVICES)
    )
    staff = tuple(
        staffing.StaffInput(agency, service.id, 10**7, 10**9) for agency in range(AGENCIES) for service in services
    )
    figures = dict.fromkeys(staffing.QUARTILES, 10**13)
    benchmarks = [
        *(
            staffing.BenchmarkInput(n, staffing.EMPLOYEES, area.key, 2025, False, figures)
            for n, area in enumerate(areas)
        ),
        *(staffing.BenchmarkInput(n, staffing.VOLUME, one.key, 2025, False, figures) for n, one in enumerate(services)),
    ]
    return staffing.PlanInput(areas, services, dict.fromkeys(range(AGENCIES), 10**7), staff, tuple(benchmarks))


AT_SCALE: dict[str, Callable[[], Any]] = {
    "assess.agency_state": one_agency,
    "assess.service_state": one_service,
    "assess.current_state": whole_plan,
    "assess.staffing": all_staff,
}


def test_every_calculation_is_tried_at_scale() -> None:
    assert set(AT_SCALE) == {calculation.key for calculation in CALCULATIONS}


@pytest.mark.parametrize("calculation", CALCULATIONS, ids=lambda calculation: calculation.key)
def test_a_result_of_the_largest_plan_stays_under_the_limit(calculation: Any) -> None:
    payload = encoded(calculation.calculate(AT_SCALE[calculation.key]()))
    assert 100 < len(payload.encode()) < LARGEST_PAYLOAD
