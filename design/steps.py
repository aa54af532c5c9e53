"""Design: what do we build, with whom, and who pays?"""

from ssoplanner.steps.registry import Pillar, Step

STEPS = (
    Step(
        code="2.1",
        key="design.scope",
        title="Define shared services functional scope",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides which services are shared now, later or not at all, and who delivers each."),
        done_when=("One scope option is adopted by decision, with the reason for every service that is in or out."),
    ),
    Step(
        code="2.2",
        key="design.agencies",
        title="Identify and engage participating agencies",
        pillars=(
            Pillar.PEOPLE,
            Pillar.GOVERNANCE,
        ),
        purpose=(
            "Decides which agencies take part in which service, from when, and what each of them needs to commit."
        ),
        done_when=(
            "Every agency in scope has a named lead, a stated position, and a signed memorandum or a date for it."
        ),
    ),
    Step(
        code="2.3",
        key="design.governance",
        title="Establish shared services governance structure",
        pillars=(
            Pillar.GOVERNANCE,
            Pillar.PEOPLE,
        ),
        purpose=("Decides who decides: bodies, seats, decision rights and the way a dispute goes up."),
        done_when=(
            "Each decision has exactly one accountable body, every paying agency has a seat, and the charter "
            "is adopted."
        ),
    ),
    Step(
        code="2.4",
        key="design.funding",
        title="Develop funding and cost allocation model",
        pillars=(
            Pillar.GOVERNANCE,
            Pillar.PROCESS,
        ),
        purpose=("Decides who pays what, and shows each agency its share beside what it pays today."),
        done_when=(
            "A method is adopted by decision, shares add up to the pools to the cent, and no group of "
            "agencies would do better alone."
        ),
    ),
    Step(
        code="2.5",
        key="design.agreements",
        title="Draft SLAs and service performance agreements",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides what each service promises, how that is measured and what follows when it is missed."),
        done_when=(
            "Every service in scope has measures with target, clock, owner and consequence, agreed by both sides."
        ),
    ),
)
