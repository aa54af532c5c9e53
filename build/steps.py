"""Build: platform, people and workflows that can start"""

from ssoplanner.steps.registry import Pillar, Step

STEPS = (
    Step(
        code="3.1",
        key="build.platforms",
        title="Select and procure shared services platforms",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.GOVERNANCE,
        ),
        purpose=(
            "Decides which platforms carry the shared services, by criteria that were weighted before the "
            "offers were read."
        ),
        done_when=(
            "Each platform in scope is chosen by decision, with the scoring, the contract and the exit terms on record."
        ),
    ),
    Step(
        code="3.2",
        key="build.team",
        title="Define and assemble shared services team",
        pillars=(Pillar.PEOPLE,),
        purpose=("Decides how many people with which skills are needed, and where they come from."),
        done_when=("Every position is filled, acting or has a date, and no vacancy blocks the launch."),
    ),
    Step(
        code="3.3",
        key="build.tools",
        title="Configure and launch enabling tools",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.PROCESS,
        ),
        purpose=("Decides when service desk, catalogue, identity and integration are ready for the first users."),
        done_when=("Every tool on the checklist is configured, tested with real cases and accepted by its owner."),
    ),
    Step(
        code="3.4",
        key="build.workflows",
        title="Establish service management workflows",
        pillars=(
            Pillar.PROCESS,
            Pillar.PEOPLE,
        ),
        purpose=("Decides how a request moves from asking to done, and who acts at each turn."),
        done_when=(
            "Every service in scope has a standard procedure, its hand-overs are tried, and deviations have "
            "a legal reason."
        ),
    ),
    Step(
        code="3.5",
        key="build.baselines",
        title="Set operational baselines and success metrics",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides against which figures success will be proved, before anything changes."),
        done_when=("Every KPI has owner, source, baseline and target, and the baseline is frozen."),
    ),
)
