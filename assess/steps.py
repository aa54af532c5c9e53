"""Assess: is there a case, and are we ready?"""

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
