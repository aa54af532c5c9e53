"""At the largest plan that everything is built for (500 agencies, 200 services) each result can be stored and sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assess.calc import (
    agency_state,
    alignment,
    architecture,
    completeness,
    current_state,
    gate,
    heat_map,
    heat_robustness,
    plan_risk,
    readiness,
    readiness_map,
    service_state,
    staffing,
    technology_map,
)
from assess.calc.agency_state import MEASURES
from assess.models import Aspect, Dimension
from assess.risk_texts import LARGE as LARGE_PROJECT
from assess.risk_texts import weights
from assess.steps import CALCULATIONS
from ssoplanner.recompute.compute import LARGEST_PAYLOAD, encoded
from ssoplanner.steps.registry import Pillar
from tests.assess import scale_capabilities

AGENCIES, SERVICES, SYSTEMS, AREAS = 500, 200, 600, 12
QUESTIONS, RESPONDENTS = 60, 20
CAPABILITIES = 400
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
    row = service_state.ProviderInput(10**9, LARGE, 10**9, LARGE // 7, 10**7, 99, 100, True, 9_999)
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


CRITERIA = 12


def whole_heat_map() -> heat_map.PlanInput:
    criteria = tuple(
        heat_map.CriterionInput(
            10**9 + number, "opportunity" if number % 2 else "ease", False, True, 99.25, "rank", (), "leave_out"
        )
        for number in range(CRITERIA)
    )
    figures = [
        tuple((number * 37 + place) % 211 * 1_234_567.891234 for place in range(CRITERIA)) for number in range(SERVICES)
    ]
    services = tuple(heat_map.ServiceInput(10**9 + pk, True, (7, 11), own) for pk, own in enumerate(figures))
    return heat_map.PlanInput(2026, criteria, services)


def all_weightings() -> heat_robustness.HeatInput:
    heat = heat_map.heat_map(whole_heat_map())
    scores = tuple(tuple(column) for column in heat.scores)
    return heat_robustness.HeatInput(1, tuple(heat.services), tuple(heat.axes), tuple(heat.weights), scores)


def all_executives() -> alignment.AlignmentInput:
    return alignment.AlignmentInput(("committed",) * AGENCIES)


def all_risks() -> plan_risk.PlanRiskInput:
    """Everything is rated by both sides, and differently."""
    weighed = weights(LARGE_PROJECT)
    return plan_risk.PlanRiskInput(
        LARGE_PROJECT, AGENCIES, weighed, dict.fromkeys(weighed, 5), dict.fromkeys(weighed, 4)
    )


def every_figure() -> completeness.PlanInput:
    everybody = frozenset(range(AGENCIES))
    services = (completeness.ServiceInput(10**9 + number, 10**6, 10**6, everybody) for number in range(SERVICES))
    return completeness.PlanInput(everybody, tuple(services))


def whole_gate() -> gate.GateInput:
    known = gate.Known(10 / 3, AGENCIES, AGENCIES)
    return gate.GateInput(
        thresholds=gate.Thresholds(3.25, 0.6, 0.8, 3, 10),
        readiness=known,
        alignment=known,
        quick_wins=known,
        capability_gaps=known,
        completeness=known,
        data_quality=known,
        questions=(True,) * 5,
        asked_questions=5,
        scores=(10 / 3, 10 / 3),
        procurement=(3, 3),
        log=10**6,
        major=10**6,
        unhandled=10**6,
        dated=5,
        next_steps=5,
    )


def one_agency_s_answers() -> readiness.AgencyInput:
    """Twenty respondents answered every question of two campaigns, each of them differently."""
    dimensions = tuple(Dimension.values)
    questions = tuple(
        readiness.QuestionInput(10**9 + number, f"CODE-{number:07}", dimensions[number % 4], tuple(Pillar), 99.25)
        for number in range(QUESTIONS)
    )
    own = tuple(
        readiness.Answers(
            frozenset(), {one.id: 1 + (one.id * 7 + person) % 5 for one in questions}, with_evidence=frozenset({10**9})
        )
        for person in range(RESPONDENTS)
    )
    campaign = readiness.CampaignInput(10**9, dict.fromkeys(dimensions, 3.5), questions, own, own[:1])
    return readiness.AgencyInput(dimensions, tuple(Pillar), campaign, RESPONDENTS, campaign)


def every_agency_s_readiness() -> readiness_map.PlanInput:
    dimensions = tuple(Dimension.values)
    scores = dict.fromkeys(dimensions, 10 / 3)
    means = {f"CODE-{number:07}": (10**9 + number, 1 + number % 5 / 3) for number in range(QUESTIONS)}
    agencies = tuple(
        readiness_map.AgencyInput(10**9 + pk, RESPONDENTS, RESPONDENTS, 10 / 3, scores, 10 / 3, means)
        for pk in range(AGENCIES)
    )
    return readiness_map.PlanInput(dimensions, agencies)


def one_agency_s_architecture() -> architecture.AgencyInput:
    """Everything rated, with three systems for each capability."""
    ids = tuple(10**9 + number for number in range(CAPABILITIES))
    used = tuple(10**9 + number for number in range(3))
    ratings = tuple(architecture.RatingInput(pk, "outsourced", 3, (1, 2, 4, None), 5, used) for pk in ids)
    return architecture.AgencyInput(tuple(Aspect.values), dict.fromkeys(Aspect.values, 2), ids, ratings)


def every_agency_s_technology() -> technology_map.PlanInput:
    rows = tuple(
        technology_map.AgencyInput(10**9 + pk, dict.fromkeys(Aspect.values, 1 + pk % 5)) for pk in range(AGENCIES)
    )
    return technology_map.PlanInput(tuple(Aspect.values), rows)


AT_SCALE: dict[str, Callable[[], Any]] = {
    "assess.alignment": all_executives,
    "assess.plan_risk": all_risks,
    "assess.agency_state": one_agency,
    "assess.service_state": one_service,
    "assess.current_state": whole_plan,
    "assess.staffing": all_staff,
    "assess.heat_map": whole_heat_map,
    "assess.heat_robustness": all_weightings,
    "assess.readiness": one_agency_s_answers,
    "assess.readiness_map": every_agency_s_readiness,
    "assess.architecture": one_agency_s_architecture,
    "assess.technology_map": every_agency_s_technology,
    "assess.capability_map": scale_capabilities.every_capability,
    "assess.duplicates": scale_capabilities.every_function,
    "assess.overlap": scale_capabilities.every_pair,
    "assess.candidates": scale_capabilities.every_candidate,
    "assess.completeness": every_figure,
    "assess.gate": whole_gate,
}


def test_every_calculation_is_tried_at_scale() -> None:
    assert set(AT_SCALE) == {calculation.key for calculation in CALCULATIONS}


@pytest.mark.parametrize("calculation", CALCULATIONS, ids=lambda calculation: calculation.key)
def test_a_result_of_the_largest_plan_stays_under_the_limit(calculation: Any) -> None:
    payload = encoded(calculation.calculate(AT_SCALE[calculation.key]()))
    assert 100 < len(payload.encode()) < LARGEST_PAYLOAD
