"""Build: platform, people and workflows that can start"""

from build import tiers
from ssoplanner.steps.registry import Case, Criterion, Pillar, Step

STEPS = (
    Step(
        code="3.1",
        key="build.platforms",
        title="Select and procure shared services platforms",
        short="Platforms",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.GOVERNANCE,
        ),
        purpose=(
            "Decides which platforms carry the shared services, by criteria that were weighted before the "
            "offers were read."
        ),
        by_tier=tiers.PLATFORMS,
        done_when=(
            Criterion("chosen", "Each platform in scope is chosen by decision."),
            Criterion("scoring", "The scoring of the offers is on record."),
            Criterion("contract", "The contract and its exit terms are on record."),
        ),
        inputs=(
            "the adopted scope",
            "the register of systems with their contract ends",
            "weighted criteria and the offers' scores",
        ),
        needs=(
            "design.scope",
            "design.governance",
            "design.funding",
        ),
        wrong=Case(
            (
                "Five British centres made the platform fit each customer, and paid GBP 1.4bn instead of 0.9bn. "
                "Say which wishes the platform will not meet, before the offers are read."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
        good=Case(
            (
                "Needs are stated before offers are read, and each gap between need and platform is closed or "
                "accepted before migration begins. What fits is shown by use, not by a brochure."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
    ),
    Step(
        code="3.2",
        key="build.team",
        title="Define and assemble shared services team",
        short="Team",
        pillars=(Pillar.PEOPLE,),
        purpose=("Decides how many people with which skills are needed, and where they come from."),
        by_tier=tiers.TEAM,
        done_when=(
            Criterion("positions", "Every position is filled, acting or has a date."),
            Criterion("launch", "No vacancy blocks the launch."),
        ),
        inputs=(
            "the FTE of each service today",
            "the adopted scope and its volumes",
            "positions, skills and commitments",
        ),
        needs=(
            "design.scope",
            "design.funding",
        ),
        good=Case(
            (
                "Large federal agencies serve between 14.5 and 33.2 employees with each IT specialist, and 20.8 "
                "in the middle. A team planned far outside of that has a reason for it."
            ),
            source="OPM figures of September, computed",
            year=2024,
        ),
        wrong=Case(
            (
                "Where work was handed to a supplier, running it cost up to 41 % more than first estimated. Count "
                "those who steer the supplier too."
            ),
            source="Mott MacDonald",
            year=2002,
        ),
    ),
    Step(
        code="3.3",
        key="build.tools",
        title="Configure and launch enabling tools",
        short="Enabling tools",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.PROCESS,
        ),
        purpose=("Decides when service desk, catalogue, identity and integration are ready for the first users."),
        done_when=(
            Criterion("configured", "Every tool on the checklist is configured."),
            Criterion("tested", "Every tool on the checklist is tested with real cases."),
            Criterion("accepted", "Every tool on the checklist is accepted by its owner."),
        ),
        inputs=(
            "the chosen platforms",
            "the register of systems",
            "the checklist of tools with their owners",
        ),
        needs=("build.platforms",),
        good=Case(
            (
                "Technology is one of four areas whose criteria are met before operations begin, beside program "
                "management, organization and business operations. A tool that runs while its users are not ready "
                "does not pass."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
        wrong=Case(
            (
                "Projects with equipment and development, information technology among them, took up to 54 % "
                "longer than first said. Launch when the checklist is met, not when the calendar says so."
            ),
            source="Mott MacDonald",
            year=2002,
        ),
    ),
    Step(
        code="3.4",
        key="build.workflows",
        title="Establish service management workflows",
        short="Service workflows",
        pillars=(
            Pillar.PROCESS,
            Pillar.PEOPLE,
        ),
        purpose=("Decides how a request moves from asking to done, and who acts at each turn."),
        done_when=(
            Criterion("procedures", "Every service in scope has a standard procedure."),
            Criterion("hand_overs", "The hand-overs of each procedure are tried."),
            Criterion("deviations", "Each deviation has a legal reason."),
        ),
        inputs=(
            "the agreements by service",
            "the figures on procedures and automation by agency",
            "constraints of the agencies",
        ),
        needs=(
            "design.agreements",
            "build.team",
        ),
        good=Case(
            (
                "A quarter of organizations handle 20,964 invoices or more with one person in accounts payable, "
                "another quarter 6,488 or fewer. Ask which of the two your procedure would give."
            ),
            source="APQC, reported in October",
            year=2023,
        ),
        wrong=Case(
            (
                "Five British centres gave way to one special wish after another. The bill came to GBP 1.4bn "
                "where 0.9bn was planned."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
    ),
    Step(
        code="3.5",
        key="build.baselines",
        title="Set operational baselines and success metrics",
        short="Baselines and metrics",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides against which figures success will be proved, before anything changes."),
        done_when=(
            Criterion("complete", "Every KPI has owner, source, baseline and target."),
            Criterion("frozen", "The baseline is frozen."),
        ),
        inputs=(
            "the KPIs",
            "the current state of the plan",
            "the library of benchmarks",
        ),
        needs=(
            "assess.heat_map",
            "design.agreements",
        ),
        wrong=Case(
            (
                "Of five British centres only two still tracked the saving of GBP 159m that was promised. They "
                "showed a net cost of 255m, against a baseline that nobody had drawn in time."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
        good=Case(
            (
                "Each KPI has a profile: owner, description, source, baseline, target, method and how often it is "
                "measured. A measure without an owner goes stale."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
    ),
)
