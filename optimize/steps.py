"""Optimize: keep the value coming"""

from optimize import tiers
from ssoplanner.steps.registry import Case, Criterion, Pillar, Step

STEPS = (
    Step(
        code="5.1",
        key="optimize.dashboards",
        title="Operationalize KPI reporting and strategic dashboards",
        short="KPI dashboards",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.GOVERNANCE,
        ),
        purpose=("Shows the board the few figures that matter, with trend, target and owner."),
        done_when=(
            Criterion("automatic", "Each KPI reports by itself."),
            Criterion("used", "The board decides from the dashboard."),
        ),
        inputs=(
            "the KPIs with their measurements",
            "the current state of the plan",
            "benchmarks",
        ),
        needs=(
            "build.baselines",
            "scale.reviews",
        ),
        good=Case(
            (
                "A dashboard shows measures that have an owner, a source and a method, each as often as its "
                "profile says. What nobody owns is taken off it."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
        wrong=Case(
            (
                "For three of five British centres no figure told what had become of the planned saving. The two "
                "that had one showed a net cost of GBP 255m."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
    ),
    Step(
        code="5.2",
        key="optimize.improvement",
        title="Embed continuous improvement into governance",
        short="Continuous improvement",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides which improvements are worth doing, and checks whether they worked."),
        done_when=(
            Criterion("measured", "Every improvement has a measured before and after."),
            Criterion("decided", "The backlog is decided by a body."),
        ),
        inputs=(
            "measurements of the KPIs",
            "breaches and complaints",
            "bodies and their decisions",
        ),
        needs=("scale.reviews",),
        good=Case(
            (
                "A change is done once it is reinforced: the last of the five parts of readiness, after "
                "awareness, desire, knowledge and ability. So each improvement is looked at again when nobody "
                "talks of it any more."
            ),
            source="GSA, Modernization and Migration Management playbook",
        ),
        wrong=Case(
            (
                "Britain's independent centres had two of 26 customers on their single platform after two and a "
                "half years. What improves one platform reaches those only who are on it."
            ),
            source="National Audit Office, UK",
            year=2016,
        ),
    ),
    Step(
        code="5.3",
        key="optimize.workforce",
        title="Institutionalize strategic workforce planning",
        short="Workforce planning",
        pillars=(Pillar.PEOPLE,),
        purpose=("Decides which skills and numbers will be needed, years ahead."),
        by_tier=tiers.WORKFORCE,
        done_when=(
            Criterion("forecast", "Demand and supply are forecast for each role family."),
            Criterion("measures", "Each gap has a measure."),
        ),
        inputs=(
            "the FTE and volumes of each service",
            "positions, skills and vacancies",
            "staffing against benchmarks",
        ),
        needs=(
            "build.team",
            "scale.expansion",
        ),
        good=Case(
            (
                "Say how many people the work takes, and check it against others. One finance specialist serves "
                "33.5 employees in the middle of forty large federal agencies, 24.1 and 52.6 at the quarters."
            ),
            source="OPM figures of September, computed",
            year=2024,
        ),
        wrong=Case(
            (
                "The operating cost of outsourced services came to up to 41 % more than first estimated. People "
                "who are let go before the work is gone are bought back dearly."
            ),
            source="Mott MacDonald",
            year=2002,
        ),
    ),
    Step(
        code="5.4",
        key="optimize.alignment",
        title="Align shared services to digital transformation goals",
        short="Digital alignment",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.GOVERNANCE,
        ),
        purpose=("Shows how shared services carry the government's digital goals, and where they do not."),
        done_when=(
            Criterion("traced", "Each goal is traced to the services and platforms that carry it."),
            Criterion("gaps", "Each gap is decided."),
        ),
        inputs=(
            "the goals of the plan",
            "services and platforms in use",
            "the KPIs of digital maturity",
        ),
        needs=("scale.expansion",),
        good=Case(
            (
                "Goals are the first of the five questions of whoever consolidates. Each service and platform "
                "says which goal it serves, and what serves none is questioned."
            ),
            source="GAO-12-542",
            year=2012,
        ),
        wrong=Case(
            (
                "GBP 94m went into Britain's independent centres in two and a half years, to save 90m. Two of 26 "
                "customers were on the single platform that all of it was for."
            ),
            source="National Audit Office, UK",
            year=2016,
        ),
    ),
    Step(
        code="5.5",
        key="optimize.value",
        title="Sustain value realization and innovation pipeline",
        short="Value and innovation",
        pillars=(
            Pillar.PEOPLE,
            Pillar.TECHNOLOGY,
            Pillar.GOVERNANCE,
        ),
        purpose=("Shows what was promised, what was delivered, and what comes next."),
        done_when=(
            Criterion("benefits", "Every benefit has an owner, a baseline and a measured value."),
            Criterion("ideas", "Ideas pass stated stages."),
        ),
        inputs=(
            "the frozen baselines",
            "measurements of the KPIs",
            "costs of services by agency and year",
        ),
        needs=(
            "build.baselines",
            "optimize.dashboards",
        ),
        wrong=Case(
            (
                "Two of five British centres still tracked what they had promised, a saving of GBP 159m. What "
                "they counted was a net cost of 255m, and the other three counted no more."
            ),
            source="National Audit Office, UK",
            year=2012,
        ),
        good=Case(
            (
                "Costs and benefits are asked about before the start, and asked about in the same way each year "
                "after. The same list that justified the plan measures it."
            ),
            source="GAO-12-542",
            year=2012,
        ),
    ),
)
