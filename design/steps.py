"""Design: what do we build, with whom, and who pays?"""

from design import inputs, tiers
from design.calc.cost_plan import cost_plan
from design.calc.fair_shares import fair_shares
from design.calc.service_shares import service_shares
from design.models import CostPool
from ssoplanner.core.models import Agency, Plan, Provision
from ssoplanner.recompute.calculations import (
    PER_PLAN,
    PER_SERVICE,
    Audience,
    Calculation,
    by_service,
    every,
    whole_plan,
)
from ssoplanner.steps.registry import Case, Criterion, Pillar, Step

STEPS = (
    Step(
        code="2.1",
        key="design.scope",
        title="Define shared services functional scope",
        short="Functional scope",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides which services are shared now, later or not at all, and who delivers each."),
        by_tier=tiers.SCOPE,
        done_when=(
            Criterion("adopted", "One scope option is adopted by decision."),
            Criterion("reasons", "Every service that is in or out has its reason."),
        ),
        inputs=(
            "the heat map",
            "the readiness of the agencies",
            "the catalogue of services",
        ),
        needs=(
            "assess.readiness",
            "assess.heat_map",
            "assess.capabilities",
        ),
        wrong=Case(
            (
                "Projects of this kind run far over what is first thought: up to 54 % in time and up to 200 % in "
                "capital cost. A scope that only holds without such an overrun does not hold."
            ),
            source="Mott MacDonald",
            year=2002,
        ),
        good=Case(
            (
                "Beside the scope stand a first master schedule and an estimate of cost over the whole life, "
                "before a provider is chosen. So everybody knows what is asked for and what it may take."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
    ),
    Step(
        code="2.2",
        key="design.agencies",
        title="Identify and engage participating agencies",
        short="Participating agencies",
        pillars=(
            Pillar.PEOPLE,
            Pillar.GOVERNANCE,
        ),
        purpose=(
            "Decides which agencies take part in which service, from when, and what each of them needs to commit."
        ),
        by_tier=tiers.AGENCIES,
        done_when=(
            Criterion("leads", "Every agency in scope has a named lead."),
            Criterion("positions", "Every agency in scope has stated its position."),
            Criterion("memoranda", "Every agency in scope has signed a memorandum or has a date for it."),
        ),
        inputs=(
            "the adopted scope",
            "the register of agencies",
            "the readiness of each agency",
        ),
        needs=("design.scope",),
        wrong=Case(
            (
                "Of the 26 customers of Britain's independent centres, two had moved to the single platform. GBP "
                "94m was spent by then, to save 90m in two and a half years."
            ),
            source="National Audit Office, UK",
            year=2016,
        ),
        good=Case(
            (
                "Each group is written down with what it perceives, expects and fears, with one message and the "
                "channel that reaches it. How ready people are is asked in five parts, from awareness to "
                "reinforcement, and the lowest is worked on first."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
    ),
    Step(
        code="2.3",
        key="design.governance",
        title="Establish shared services governance structure",
        short="Governance structure",
        pillars=(
            Pillar.GOVERNANCE,
            Pillar.PEOPLE,
        ),
        purpose=("Decides who decides: bodies, seats, decision rights and the way a dispute goes up."),
        by_tier=tiers.GOVERNANCE,
        done_when=(
            Criterion("accountable", "Each decision has exactly one accountable body."),
            Criterion("seats", "Every paying agency has a seat."),
            Criterion("charter", "The charter is adopted."),
        ),
        inputs=(
            "the adopted scope",
            "the agencies that take part",
            "bodies, seats and decision rights",
        ),
        needs=("design.scope",),
        wrong=Case(
            (
                "Five British centres had customers too weak to hold them to anything. Needs of single customers "
                "were built in one by one, and cost grew from GBP 0.9bn planned to 1.4bn."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
        good=Case(
            (
                "Whether the organization is mandated, lives from a market or is run as an enterprise is settled "
                "before a provider is chosen. Program office and bodies are named by then, with what each "
                "decides."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
    ),
    Step(
        code="2.4",
        key="design.funding",
        title="Develop funding and cost allocation model",
        short="Funding and cost shares",
        pillars=(
            Pillar.GOVERNANCE,
            Pillar.PROCESS,
        ),
        purpose=("Decides who pays what, and shows each agency its share beside what it pays today."),
        by_tier=tiers.FUNDING,
        done_when=(
            Criterion("adopted", "A method is adopted by decision."),
            Criterion("cents", "Shares add up to the pools to the cent."),
            Criterion("stable", "No group of agencies would do better alone."),
        ),
        inputs=(
            "the cost of each service by agency",
            "volumes, users and headcounts",
            "the adopted scope and its agencies",
        ),
        needs=(
            "design.scope",
            "design.agencies",
            "design.governance",
        ),
        wrong=Case(
            (
                "Up to 200 % more capital and up to 54 % more time than first estimated: so far off were projects "
                "with equipment and development. A share that an agency agreed to before that looks unfair after "
                "it."
            ),
            source="Mott MacDonald",
            year=2002,
        ),
        good=Case(
            (
                "Where the money up front comes from is one of the five questions to settle before consolidating. "
                "Costs and benefits, the second of them, are stated for each who pays."
            ),
            source="GAO-12-542",
            year=2012,
        ),
    ),
    Step(
        code="2.5",
        key="design.agreements",
        title="Draft SLAs and service performance agreements",
        short="Service agreements",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides what each service promises, how that is measured and what follows when it is missed."),
        by_tier=tiers.AGREEMENTS,
        done_when=(
            Criterion("measures", "Every service in scope has measures with target, clock, owner and consequence."),
            Criterion("agreed", "Both sides have agreed to them."),
        ),
        inputs=(
            "the adopted scope",
            "the service levels met today",
            "the library of benchmarks",
        ),
        needs=(
            "design.scope",
            "design.governance",
        ),
        wrong=Case(
            (
                "The customers of five British centres were too weak to insist on what they needed. A planned "
                "saving of GBP 159m turned into a net cost of 255m at the two centres that still kept count."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
        good=Case(
            (
                "Service levels are defined and the criteria of go or no-go approved before anything migrates. A "
                "provider that nobody can hold to figures is not ready to be engaged."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
    ),
)

# What says how much of a cost pool is charged in a year, and how it is shared.
CHARGED = (
    "kind",
    "amount",
    "step_volume",
    "first_year",
    "last_year",
    "spread_years",
    "inflation",
    "is_billed",
)

CALCULATIONS = (
    Calculation(
        key="design.cost_plan",
        title="What the shared organization costs",
        per=PER_PLAN,
        needs=("assess.service_state",),
        reads={
            CostPool: whole_plan.only("service", *CHARGED, "is_allowable"),
            Plan: whole_plan.only("base_year", "horizon"),
        },
        audience=Audience.RELEASED,
        load=inputs.load_cost_plan,
        calculate=cost_plan,
    ),
    Calculation(
        key="design.service_shares",
        title="What a service costs whom",
        per=PER_SERVICE,
        reads={
            CostPool: by_service.only("service", *CHARGED, "scale_exponent"),
            Provision: by_service.only("agency", "service", "fiscal_year", "volume", "annual_cost"),
            Agency: every.through_links("status"),
            Plan: every.only("base_year", "horizon"),
        },
        audience=Audience.RELEASED,
        load=inputs.load_service_shares,
        calculate=service_shares,
    ),
    Calculation(
        key="design.fair_shares",
        title="Who pays what, by every method",
        per=PER_PLAN,
        needs=("design.service_shares",),
        reads={
            CostPool: whole_plan.only("service", *CHARGED),
            Agency: whole_plan.through_links("headcount", "end_users", "operating_budget"),
            Plan: whole_plan.only("base_year", "horizon"),
        },
        audience=Audience.RELEASED,
        load=inputs.load_fair_shares,
        calculate=fair_shares,
    ),
)
