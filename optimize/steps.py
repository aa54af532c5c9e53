"""Optimize: keep the value coming"""

from ssoplanner.steps.registry import Pillar, Step

STEPS = (
    Step(
        code="5.1",
        key="optimize.dashboards",
        title="Operationalize KPI reporting and strategic dashboards",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.GOVERNANCE,
        ),
        purpose=("Shows the board the few figures that matter, with trend, target and owner."),
        done_when=("Each KPI reports by itself, and the board decides from the dashboard."),
    ),
    Step(
        code="5.2",
        key="optimize.improvement",
        title="Embed continuous improvement into governance",
        pillars=(
            Pillar.PROCESS,
            Pillar.GOVERNANCE,
        ),
        purpose=("Decides which improvements are worth doing, and checks whether they worked."),
        done_when=("Every improvement has a measured before and after, and the backlog is decided by a body."),
    ),
    Step(
        code="5.3",
        key="optimize.workforce",
        title="Institutionalize strategic workforce planning",
        pillars=(Pillar.PEOPLE,),
        purpose=("Decides which skills and numbers will be needed, years ahead."),
        done_when=("Demand and supply are forecast for each role family, and each gap has a measure."),
    ),
    Step(
        code="5.4",
        key="optimize.alignment",
        title="Align shared services to digital transformation goals",
        pillars=(
            Pillar.TECHNOLOGY,
            Pillar.GOVERNANCE,
        ),
        purpose=("Shows how shared services carry the government's digital goals, and where they do not."),
        done_when=("Each goal is traced to the services and platforms that carry it, with gaps decided."),
    ),
    Step(
        code="5.5",
        key="optimize.value",
        title="Sustain value realization and innovation pipeline",
        pillars=(
            Pillar.PEOPLE,
            Pillar.TECHNOLOGY,
            Pillar.GOVERNANCE,
        ),
        purpose=("Shows what was promised, what was delivered, and what comes next."),
        done_when=("Every benefit has an owner, a baseline and a measured value, and ideas pass stated stages."),
    ),
)
