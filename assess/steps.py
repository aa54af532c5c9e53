"""Assess: is there a case, and are we ready?"""

from assess import (
    inputs,
    inputs_architecture,
    inputs_capabilities,
    inputs_gate,
    inputs_heat,
    inputs_readiness,
    inputs_scorecard,
    tiers,
)
from assess.calc.agency_state import agency_state
from assess.calc.alignment import alignment
from assess.calc.architecture import architecture
from assess.calc.candidates import candidates
from assess.calc.capability_map import capability_map
from assess.calc.completeness import completeness
from assess.calc.current_state import current_state
from assess.calc.duplicates import duplicates
from assess.calc.gate import gate
from assess.calc.heat_map import heat_map
from assess.calc.heat_robustness import heat_robustness
from assess.calc.overlap import overlap
from assess.calc.plan_risk import plan_risk
from assess.calc.readiness import readiness
from assess.calc.readiness_map import readiness_map
from assess.calc.service_state import service_state
from assess.calc.staffing import staffing
from assess.calc.technology_map import technology_map
from assess.models import (
    Answer,
    AuditorAnswer,
    Campaign,
    Capability,
    CapabilityRating,
    DuplicateFinding,
    Judgement,
    Question,
    Questionnaire,
    RiskScore,
    Sponsor,
    TechnologyRating,
)
from assess.models import Criterion as HeatCriterion
from ssoplanner.core.models import Agency, Benchmark, Plan, Provision, Service, ServiceArea, System
from ssoplanner.recompute.calculations import (
    PER_AGENCY,
    PER_PLAN,
    PER_SERVICE,
    Audience,
    Calculation,
    Lane,
    by_agencies,
    by_agency,
    by_service,
    by_services,
    every,
    itself,
    whole_plan,
)
from ssoplanner.steps.models import Risk, StepProgress
from ssoplanner.steps.registry import Case, Criterion, Pillar, Step

STEPS = (
    Step(
        code="1.1",
        key="assess.readiness",
        title="Assess shared services readiness",
        short="Readiness",
        pillars=(
            Pillar.PEOPLE,
            Pillar.GOVERNANCE,
        ),
        tool="readiness",
        purpose=(
            "Shows how ready each agency is to share services, where people disagree about it, and what to "
            "work on first."
        ),
        by_tier=tiers.READINESS,
        done_when=(
            Criterion("answers", "Every agency has submitted its answers."),
            Criterion("ratings", "The program office has rated each agency beside its own answers."),
            Criterion("actions", "The weakest dimensions have an action with an owner."),
        ),
        inputs=(
            "the register of agencies",
            "the answers of each agency",
            "the program office's own rating",
        ),
        good=Case(
            (
                "Five things are settled before anybody consolidates: goals, costs and benefits, money up front, "
                "stakeholders, and how the change is managed. An agency that cannot answer one of them is not "
                "ready yet."
            ),
            source="GAO-12-542",
            year=2012,
        ),
        wrong=Case(
            (
                "Five British centres began with customers too weak to insist on anything, one of the causes that "
                "their auditors name. They cost GBP 1.4bn where 0.9bn was planned."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
    ),
    Step(
        code="1.2",
        key="assess.heat_map",
        title="Complete shared services heat map assessment",
        short="Heat map",
        tool="heat_map",
        pillars=(
            Pillar.PROCESS,
            Pillar.TECHNOLOGY,
        ),
        purpose=(
            "Shows which services are worth sharing and how hard each would be, so that the first ones are "
            "chosen on figures."
        ),
        done_when=(
            Criterion("figures", "Every service in question has figures from the agencies that provide it."),
            Criterion("reasons", "Each judged criterion carries a reason."),
            Criterion("quick_wins", "The quick wins hold under other weightings."),
        ),
        inputs=(
            "the figures of services by agency",
            "the current state of each service",
            "judged criteria with their reasons",
        ),
        good=Case(
            (
                "Size matters for some services and must be looked up, not assumed. HR cost a British department "
                "of 73,000 GBP 920 a person a year, and one of 10,000 GBP 5,137."
            ),
            source="Civil Service World",
            year=2011,
        ),
        wrong=Case(
            (
                "Five British centres cost GBP 1.4bn where 0.9bn was planned. There was no baseline that a saving "
                "could be proved against."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
    ),
    Step(
        code="1.3",
        key="assess.capabilities",
        title="Complete business reference architecture diagnostic",
        short="Architecture diagnostic",
        tool="architecture",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.PROCESS,
        ),
        purpose=(
            "Shows which capabilities and systems the agencies have twice, and where maturity is short of "
            "what sharing needs."
        ),
        done_when=(
            Criterion("rated", "Each agency has rated the capabilities it performs."),
            Criterion("duplicates", "Duplicate systems are confirmed."),
            Criterion("candidates", "The candidates for sharing are listed."),
        ),
        inputs=(
            "the register of systems",
            "the register of agencies",
            "the capabilities that each agency rates",
        ),
        good=Case(
            (
                "How good the data is has been assessed before anybody selects a provider. What is wrong with it "
                "is on a list, with who cleans it by when."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
        wrong=Case(
            (
                "Five British centres adapted their systems to what each customer was used to. Over-customising "
                "is a cause that their auditors name for GBP 1.4bn in place of 0.9bn."
            ),
            source="National Audit Office, UK",
            year=2012,
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
        revision=2,
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
    Calculation(
        key="assess.alignment",
        title="Executives behind the plan",
        per=PER_PLAN,
        reads={Sponsor: whole_plan.only("is_executive", "position")},
        audience=Audience.RELEASED,
        load=inputs_gate.load_alignment,
        calculate=alignment,
    ),
    Calculation(
        key="assess.plan_risk",
        title="The twelve risks",
        per=PER_PLAN,
        reads={
            RiskScore: whole_plan.only("phase", "risk", "rater", "score"),
            Agency: whole_plan.only("status"),
        },
        audience=Audience.RELEASED,
        load=inputs_gate.load_plan_risk,
        calculate=plan_risk,
    ),
    Calculation(
        key="assess.readiness",
        title="Readiness of an agency",
        per=PER_AGENCY,
        reads={
            Agency: itself.only("tier"),
            Answer: by_agency.only("questionnaire", "question", "kind", "level", "evidence").counting_where(
                "questionnaire", submitted_at__isnull=False
            ),
            Questionnaire: by_agency.only("agency", "campaign", "submitted_at", "independent", "dimensions"),
            Campaign: by_agencies.only("agencies", "opens", "question_set", "targets"),
            Question: every.only(
                "question_set", "code", "dimension", "pillars", "weight", "tiers", "is_retired"
            ).counting_where("question_set", published_on__isnull=False),
        },
        audience=Audience.OWN_AGENCY,
        load=inputs_readiness.load_readiness,
        calculate=readiness,
    ),
    Calculation(
        key="assess.readiness_map",
        title="Readiness of the plan",
        per=PER_PLAN,
        needs=("assess.readiness",),
        reads={Agency: whole_plan.only("status")},
        audience=Audience.RELEASED,
        load=inputs_readiness.load_readiness_map,
        calculate=readiness_map,
    ),
    Calculation(
        key="assess.architecture",
        title="Architecture of an agency",
        per=PER_AGENCY,
        reads={
            TechnologyRating: by_agency.only("agency", "aspect", "level"),
            CapabilityRating: by_agency.only(
                "agency",
                "capability",
                "ownership",
                "importance",
                "people",
                "process",
                "technology",
                "governance",
                "target",
                "systems",
            ),
            Capability: every.only("parent"),
        },
        audience=Audience.OWN_AGENCY,
        load=inputs_architecture.load_architecture,
        calculate=architecture,
    ),
    Calculation(
        key="assess.technology_map",
        title="Technology and data of the agencies",
        per=PER_PLAN,
        needs=("assess.architecture",),
        reads={Agency: whole_plan.only("status")},
        audience=Audience.RELEASED,
        load=inputs_architecture.load_technology_map,
        calculate=technology_map,
    ),
    Calculation(
        key="assess.capability_map",
        title="Capabilities of the plan",
        per=PER_PLAN,
        needs=("assess.architecture",),
        reads={
            Agency: whole_plan.only("status"),
            Capability: whole_plan.only("parent"),
            System: whole_plan.through_links("annual_cost"),
        },
        audience=Audience.RELEASED,
        load=inputs_capabilities.load_capability_map,
        calculate=capability_map,
    ),
    Calculation(
        key="assess.duplicates",
        title="Systems that do the same",
        per=PER_PLAN,
        reads={
            Agency: whole_plan.only("status"),
            System: whole_plan.only("function", "users", "annual_cost", "contract_end", "agencies"),
            DuplicateFinding: whole_plan.only("function", "is_duplicate"),
        },
        audience=Audience.RELEASED,
        load=inputs_capabilities.load_duplicates,
        calculate=duplicates,
    ),
    Calculation(
        key="assess.overlap",
        title="How alike agencies are",
        per=PER_PLAN,
        needs=("assess.architecture",),
        reads={Agency: whole_plan.only("status"), System: whole_plan.only("agencies")},
        audience=Audience.RELEASED,
        load=inputs_capabilities.load_overlap,
        calculate=overlap,
    ),
    Calculation(
        key="assess.candidates",
        title="Capabilities to share first",
        per=PER_PLAN,
        needs=("assess.capability_map",),
        reads={Capability: whole_plan.only("services")},
        audience=Audience.RELEASED,
        load=inputs_capabilities.load_candidates,
        calculate=candidates,
    ),
    Calculation(
        key="assess.heat_map",
        title="Heat map of services",
        per=PER_PLAN,
        needs=("assess.service_state", "assess.readiness"),
        reads={
            Agency: whole_plan.only("status"),
            Plan: whole_plan.only("base_year"),
            HeatCriterion: whole_plan.only("axis", "measure", "better", "weight", "scale", "limits", "when_missing"),
            Judgement: whole_plan.only("service", "criterion", "score"),
        },
        audience=Audience.RELEASED,
        load=inputs_heat.load_heat_map,
        calculate=heat_map,
    ),
    Calculation(
        key="assess.heat_robustness",
        title="Heat map under other weightings",
        per=PER_PLAN,
        needs=("assess.heat_map",),
        reads={},
        audience=Audience.RELEASED,
        load=inputs_heat.load_heat_robustness,
        calculate=heat_robustness,
        lane=Lane.SLOW,
    ),
    Calculation(
        key="assess.completeness",
        title="Completeness of the figures",
        per=PER_PLAN,
        needs=("assess.service_state",),
        reads={Agency: whole_plan.only("status")},
        audience=Audience.RELEASED,
        load=inputs_scorecard.load_completeness,
        calculate=completeness,
    ),
    Calculation(
        key="assess.gate",
        title="Scorecard of gate 1",
        per=PER_PLAN,
        needs=(
            "assess.readiness_map",
            "assess.alignment",
            "assess.heat_map",
            "assess.capability_map",
            "assess.technology_map",
            "assess.plan_risk",
            "assess.completeness",
        ),
        reads={
            Plan: whole_plan.only(
                "readiness_threshold",
                "alignment_threshold",
                "completeness_threshold",
                "quick_wins_threshold",
                "capability_gaps_threshold",
            ),
            AuditorAnswer: whole_plan.only("how_far"),
            RiskScore: whole_plan.only("phase", "risk", "score"),
            Risk: whole_plan.only("status", "probability", "impact", "owner", "due"),
            StepProgress: whole_plan.only("step", "due"),
        },
        audience=Audience.RELEASED,
        load=inputs_scorecard.load_gate,
        calculate=gate,
    ),
)
