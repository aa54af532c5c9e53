"""Scale: prove it, mend it, then grow"""

from scale import tiers
from ssoplanner.steps.registry import Case, Criterion, Pillar, Step

STEPS = (
    Step(
        code="4.1",
        key="scale.pilot",
        title="Launch pilot for shared services",
        short="Pilot",
        pillars=(
            Pillar.PROCESS,
            Pillar.PEOPLE,
        ),
        purpose=("Decides with which agencies and services to begin, and what must be true to go on."),
        done_when=(
            Criterion("running", "The pilot runs in production."),
            Criterion("criteria", "Its go/no-go criteria are approved."),
            Criterion("measured", "Its go/no-go criteria are measured."),
        ),
        inputs=(
            "the frozen baselines",
            "the readiness of the agencies",
            "platforms, team, tools and workflows",
        ),
        needs=(
            "build.platforms",
            "build.team",
            "build.tools",
            "build.workflows",
            "build.baselines",
        ),
        wrong=Case(
            (
                "Of 26 customers of Britain's independent centres, two were on the single platform in the end. "
                "Begin with those who are ready, and say beforehand what would stop you."
            ),
            source="National Audit Office, UK",
            year=2016,
        ),
        good=Case(
            (
                "What must be true for a go is approved before the pilot, in four areas: program management, "
                "organization, technology and business operations. Afterwards it is only looked up."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
    ),
    Step(
        code="4.2",
        key="scale.monitoring",
        title="Monitor service performance and user feedback",
        short="Monitoring and feedback",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.PEOPLE,
        ),
        purpose=("Shows whether the service keeps its promises and what its users say of it."),
        done_when=(
            Criterion("on_time", "Measures arrive on time for every agreement."),
            Criterion("answered", "Each breach and each complaint has an answer."),
        ),
        inputs=(
            "measurements of the KPIs",
            "the agreements by service",
            "what users say",
        ),
        needs=("scale.pilot",),
        good=Case(
            (
                "What a provider says of itself stands beside the rating of somebody independent, and each mark "
                "beside its evidence. Where the two differ begins the talk."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
        wrong=Case(
            (
                "Of five British centres, two still measured what they had promised to save. Of the other three "
                "nobody could say."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
    ),
    Step(
        code="4.3",
        key="scale.refinement",
        title="Refine operating model and service workflows",
        short="Refined model",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides what to change in model and workflows, from what the pilot showed."),
        done_when=(
            Criterion(
                "findings", "Each finding of the pilot has a change, a decision not to change, or an owner and a date."
            ),
        ),
        inputs=(
            "what the pilot measured",
            "breaches, complaints and their answers",
            "workflows and agreements",
        ),
        needs=(
            "scale.pilot",
            "scale.monitoring",
        ),
        good=Case(
            (
                "Every risk and issue has a state, an owner and one of three answers: avoid, mitigate or accept. "
                "What the pilot showed goes into that list, not into a report."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
        wrong=Case(
            (
                "Five British centres met special wishes of customers one by one. Over-customising is among the causes "
                "that their auditors name for GBP 1.4bn in place of 0.9bn."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
    ),
    Step(
        code="4.4",
        key="scale.expansion",
        title="Expand to additional services and agencies",
        short="Expansion",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.PROCESS,
            Pillar.PEOPLE,
        ),
        purpose=("Decides which wave comes next, with capacity, dependencies and readiness in view."),
        by_tier=tiers.EXPANSION,
        done_when=(
            Criterion("go", "Each wave has passed its own go/no-go."),
            Criterion("confirmed", "What each wave migrated is confirmed by the agencies."),
        ),
        inputs=(
            "the readiness of the agencies",
            "capacity of team and platforms",
            "what the pilot measured",
        ),
        needs=("scale.refinement",),
        wrong=Case(
            (
                "Britain's independent centres spent GBP 94m to save 90m in two and a half years, with two of 26 "
                "customers on the single platform. A wave that brings nobody over brings no saving either."
            ),
            source="National Audit Office, UK",
            year=2016,
        ),
        good=Case(
            (
                "Each wave passes the tollgates that the first one passed: engaged only with needs stated, "
                "migrated only with service levels defined. No agency is taken along because the calendar says "
                "so."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
    ),
    Step(
        code="4.5",
        key="scale.reviews",
        title="Institutionalize reporting, reviews, and benchmark comparisons",
        short="Reporting and reviews",
        pillars=(Pillar.GOVERNANCE,),
        purpose=("Decides who reviews which figures how often, and against whom they are compared."),
        done_when=(
            Criterion("held", "Reviews happen as planned."),
            Criterion("compared", "Every headline figure stands beside a sourced benchmark."),
        ),
        inputs=(
            "measurements of the KPIs",
            "the library of benchmarks",
            "bodies and when they meet",
        ),
        needs=(
            "design.governance",
            "scale.monitoring",
        ),
        good=Case(
            (
                "Compare with those of your own kind and say how many they are. Forty federal agencies of at "
                "least 1,000 staff show 48.6 to 82.0 employees for each HR specialist, with 67.6 in the middle."
            ),
            source="OPM figures of September, computed",
            year=2024,
        ),
        wrong=Case(
            (
                "Auditors found that of five British centres two still tracked the saving of GBP 159m that had "
                "been planned. A review with nothing to compare against is a talk."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
    ),
)
