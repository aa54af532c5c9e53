"""Assess: is there a case, and are we ready?"""

from assess import inputs
from assess.calc.agency_state import agency_state
from assess.calc.current_state import current_state
from assess.calc.service_state import service_state
from assess.calc.staffing import staffing
from ssoplanner.core.models import Agency, Benchmark, Plan, Provision, Service, ServiceArea, System
from ssoplanner.recompute.calculations import (
    PER_AGENCY,
    PER_PLAN,
    PER_SERVICE,
    Audience,
    Calculation,
    by_agencies,
    by_agency,
    by_service,
    by_services,
    every,
    itself,
    whole_plan,
)
from ssoplanner.steps.registry import Pillar, Step

STEPS = (
    Step(
        code="1.1",
        key="assess.readiness",
        title="Assess shared services readiness",
        pillars=(
            Pillar.PEOPLE,
            Pillar.GOVERNANCE,
        ),
        purpose=(
            "Shows how ready each agency is to share services, where people disagree about it, and what to "
            "work on first."
        ),
        done_when=(
            "Every agency has submitted its answers, the program office has rated beside them, and the "
            "weakest dimensions have an action with an owner."
        ),
    ),
    Step(
        code="1.2",
        key="assess.heat_map",
        title="Complete shared services heat map assessment",
        pillars=(
            Pillar.PROCESS,
            Pillar.TECHNOLOGY,
        ),
        purpose=(
            "Shows which services are worth sharing and how hard each would be, so that the first ones are "
            "chosen on figures."
        ),
        done_when=(
            "Every service in question has figures from the agencies that provide it, judged criteria carry "
            "a reason, and the quick wins hold under other weightings."
        ),
    ),
    Step(
        code="1.3",
        key="assess.capabilities",
        title="Complete business reference architecture diagnostic",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.PROCESS,
        ),
        purpose=(
            "Shows which capabilities and systems the agencies have twice, and where maturity is short of "
            "what sharing needs."
        ),
        done_when=(
            "Each agency has rated the capabilities it performs, duplicate systems are confirmed, and the "
            "candidates for sharing are listed."
        ),
    ),
)

CALCULATIONS = (
    Calculation(
        key="assess.agency_state",
        title="Current state of an agency",
        per=PER_AGENCY,
        reads={
            Agency: itself.only("end_users"),
            Provision: by_agency,
            Service: every.through_links("area", "volume_unit"),
            ServiceArea: every.through_links("code"),
            System: by_agencies.only("agencies"),
            Plan: every.only("base_year"),
        },
        audience=Audience.OWN_AGENCY,
        load=inputs.load_agency_state,
        calculate=agency_state,
    ),
    Calculation(
        key="assess.service_state",
        title="Current state of a service",
        per=PER_SERVICE,
        reads={
            Provision: by_service,
            Agency: every.through_links("status"),
            System: by_services.only("services"),
            Plan: every.only("base_year"),
        },
        audience=Audience.RELEASED,
        load=inputs.load_service_state,
        calculate=service_state,
    ),
    Calculation(
        key="assess.current_state",
        title="Current state of the plan",
        per=PER_PLAN,
        needs=("assess.agency_state",),
        reads={
            Agency: whole_plan.only("status"),
            System: whole_plan.only("function", "agencies"),
            Plan: whole_plan.only("base_year"),
        },
        audience=Audience.RELEASED,
        load=inputs.load_current_state,
        calculate=current_state,
    ),
    Calculation(
        key="assess.staffing",
        title="Staffing against benchmarks",
        per=PER_PLAN,
        needs=("assess.agency_state",),
        reads={
            Agency: whole_plan.only("status", "headcount"),
            Service: whole_plan.through_links("area", "code", "standard", "volume_unit"),
            ServiceArea: whole_plan.through_links("code"),
            Benchmark: whole_plan.only("measure", "subject", "year", "library", "figure", "p25", "p50", "p75"),
        },
        audience=Audience.RELEASED,
        load=inputs.load_staffing,
        calculate=staffing,
    ),
)
