"""Scale: prove it, mend it, then grow"""

from ssoplanner.steps.registry import Pillar, Step

STEPS = (
    Step(
        code="4.1",
        key="scale.pilot",
        title="Launch pilot for shared services",
        pillars=(
            Pillar.PROCESS,
            Pillar.PEOPLE,
        ),
        purpose=("Decides with which agencies and services to begin, and what must be true to go on."),
        done_when=("The pilot runs in production, and its go/no-go criteria are approved and measured."),
    ),
    Step(
        code="4.2",
        key="scale.monitoring",
        title="Monitor service performance and user feedback",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.PEOPLE,
        ),
        purpose=("Shows whether the service keeps its promises and what its users say of it."),
        done_when=("Measures arrive on time for every agreement, and each breach and complaint has an answer."),
    ),
    Step(
        code="4.3",
        key="scale.refinement",
        title="Refine operating model and service workflows",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides what to change in model and workflows, from what the pilot showed."),
        done_when=("Each finding of the pilot has a change, a decision not to change, or an owner and a date."),
    ),
    Step(
        code="4.4",
        key="scale.expansion",
        title="Expand to additional services and agencies",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.PROCESS,
            Pillar.PEOPLE,
        ),
        purpose=("Decides which wave comes next, with capacity, dependencies and readiness in view."),
        done_when=("Each wave has passed its own go/no-go, and what it migrated is confirmed by the agencies."),
    ),
    Step(
        code="4.5",
        key="scale.reviews",
        title="Institutionalize reporting, reviews, and benchmark comparisons",
        pillars=(Pillar.GOVERNANCE,),
        purpose=("Decides who reviews which figures how often, and against whom they are compared."),
        done_when=("Reviews happen as planned, and every headline figure stands beside a sourced benchmark."),
    ),
)
