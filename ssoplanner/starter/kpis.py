"""The ten starter metrics as KPIs. Their goals are illustrative: every plan sets its own during Assess.

A KPI's `metric` is the key of its current value in the results. Shares are computed as 0-1 and kept in KPIs as per
cent; money is in the plan's currency.

Source: the starter set of baseline metrics of the method.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from ssoplanner.core.models import Cadence, Direction, Kpi, PerformanceArea, Plan
from ssoplanner.recompute.writer import Actor, bulk_load, update
from ssoplanner.starter.choosing import free_code

LOWER, HIGHER = Direction.LOWER, Direction.HIGHER
COST, SERVICE, CROSS = PerformanceArea.COST, PerformanceArea.SERVICE, PerformanceArea.CROSS
SCALE, DIGITAL = PerformanceArea.SCALE, PerformanceArea.DIGITAL
CURRENT_STATE, STAFFING = "assess.current_state", "assess.staffing"
PERCENT = "%"
FIGURES = ("baseline", "target", "band_low", "band_high", "amber", "red")  # of a KPI, in its unit
GOAL_CURRENCY = "USD"  # of the illustrative goal in money
SOURCE = "Computed from the plan’s provisions and registers. The goal is an illustrative starter goal."


@dataclass(frozen=True)
class StarterKpi:
    """`result` is the calculation whose metric `metric` is the current value; people read it with `places` decimals."""

    metric: str
    code: str
    name: str
    unit: str
    area: PerformanceArea
    direction: Direction
    pillars: tuple[str, ...]
    goal: Decimal
    goal_text: str
    formula: str
    result: str = CURRENT_STATE
    places: int = 1
    is_money: bool = False

    def in_unit(self, value: float) -> Decimal:
        """A computed value in the KPI's unit, as exact as people read it."""
        figure = Decimal(str(value)) * (100 if self.unit == PERCENT else 1)
        places = 0 if self.is_money and figure >= 100 else self.places
        return round(figure, places)


@cache
def starter_kpis() -> Mapping[str, StarterKpi]:
    """By metric, in the order in which they are shown."""
    return {kpi.metric: kpi for kpi in KPIS}


def add_starter_kpis(plan: Plan, actor: Actor) -> list[Kpi]:
    """Add the starter KPIs that the plan does not have yet; owner, baseline and due date are left to people."""
    held = dict(Kpi.objects.for_plan(plan).values_list("code", "metric"))
    rows = [_row(plan, kpi, set(held)) for kpi in KPIS if kpi.metric not in held.values()]
    return bulk_load(Kpi, plan=plan, actor=actor, rows=rows, label="starter KPIs") if rows else []


def has_starter_goal(kpi: Kpi) -> bool:
    """Whether the goal is still the one that every plan starts with: nobody has said by when."""
    starter = starter_kpis().get(kpi.metric)
    return starter is not None and kpi.target == starter.goal and kpi.target_date is None


def has_own_money(plan: Plan) -> bool:
    """Whether people gave a KPI in money a figure; the goal that it started with is none of theirs."""
    return any(
        getattr(kpi, name) is not None and not (name == "target" and has_starter_goal(kpi))
        for kpi in _in_money(plan)
        for name in FIGURES
    )


def empty_starter_goals_in_money(plan: Plan, actor: Actor) -> list[Kpi]:
    """Where the plan's currency changes: 900 dollars are not 900 euros. Returns the KPIs that need a goal now."""
    return [
        update(kpi, actor=actor, version=kpi.version, values={"target": None})
        for kpi in _in_money(plan)
        if has_starter_goal(kpi)
    ]


def _in_money(plan: Plan) -> Iterable[Kpi]:
    return Kpi.objects.for_plan(plan).filter(metric__in=[kpi.metric for kpi in KPIS if kpi.is_money])


def _row(plan: Plan, kpi: StarterKpi, taken: set[str]) -> dict[str, Any]:
    return {
        "metric": kpi.metric,
        "code": free_code(kpi.code, taken),
        "name": kpi.name,
        "unit": kpi.unit,
        "area": kpi.area,
        "direction": kpi.direction,
        "cadence": Cadence.QUARTER,
        "source": SOURCE,
        "method": f"{kpi.formula} Illustrative starter goal: {kpi.goal_text}.",
        "target": kpi.goal if not kpi.is_money or plan.currency == GOAL_CURRENCY else None,
        **{f"in_{pillar}": True for pillar in kpi.pillars},
    }


KPIS = (
    StarterKpi(
        metric="it_cost",
        code="C1",
        name="IT service delivery cost per user a year",
        unit="per user a year",
        area=COST,
        direction=LOWER,
        pillars=("technology",),
        goal=Decimal(900),
        goal_text="900 US dollars",
        formula="Annual cost of all services in the area IT, divided by end users.",
        places=2,
        is_money=True,
    ),
    StarterKpi(
        metric="help_desk_fte",
        code="C2",
        name="Help desk FTEs per 1,000 end users",
        unit="FTE per 1,000 users",
        area=COST,
        direction=LOWER,
        pillars=("people",),
        goal=Decimal(1),
        goal_text="1.0",
        formula="FTE of the IT services that are counted in tickets, divided by end users, times 1,000.",
        places=2,
    ),
    StarterKpi(
        metric="duplicates",
        code="C3",
        name="Systems for the same function, on average",
        unit="systems",
        area=COST,
        direction=LOWER,
        pillars=("technology",),
        goal=Decimal(3),
        goal_text="fewer than 3",
        formula="Different systems that agencies use, divided by the functions that they serve.",
    ),
    StarterKpi(
        metric="sla",
        code="S1",
        name="Average SLA compliance rate",
        unit=PERCENT,
        area=SERVICE,
        direction=HIGHER,
        pillars=("process",),
        goal=Decimal(90),
        goal_text="at least 90 %",
        formula="Service targets met, divided by service targets in all.",
    ),
    StarterKpi(
        metric="resolution",
        code="S2",
        name="Average Tier 1 ticket resolution time",
        unit="hours",
        area=SERVICE,
        direction=LOWER,
        pillars=("process",),
        goal=Decimal(24),
        goal_text="24 hours",
        formula="Hours to resolve a help desk ticket, weighted by each agency’s number of tickets.",
    ),
    StarterKpi(
        metric="sop",
        code="O1",
        name="Services using standardized SOPs",
        unit=PERCENT,
        area=SCALE,
        direction=HIGHER,
        pillars=("process",),
        goal=Decimal(85),
        goal_text="85 %",
        formula="Provisions with a standard procedure, divided by provisions where that is known.",
    ),
    StarterKpi(
        metric="migrated",
        code="O2",
        name="Agencies migrated to shared services",
        unit=PERCENT,
        area=SCALE,
        direction=HIGHER,
        pillars=("governance",),
        goal=Decimal(80),
        goal_text="80 %",
        formula="Agencies whose status is onboarded, divided by the agencies in the program.",
    ),
    StarterKpi(
        metric="automated",
        code="D1",
        name="Workflows automated",
        unit=PERCENT,
        area=DIGITAL,
        direction=HIGHER,
        pillars=("process", "technology"),
        goal=Decimal(50),
        goal_text="50 %",
        formula="Mean share of workflows automated, over the provisions where it is known.",
    ),
    StarterKpi(
        metric="dashboard",
        code="D2",
        name="Services with real-time dashboards",
        unit=PERCENT,
        area=DIGITAL,
        direction=HIGHER,
        pillars=("technology", "governance"),
        goal=Decimal(90),
        goal_text="90 %",
        formula="Provisions with a real-time dashboard, divided by provisions where that is known.",
    ),
    StarterKpi(
        metric="staffing",
        code="X1",
        name="Function-based staffing alignment (FTE per volume)",
        unit=PERCENT,
        area=CROSS,
        direction=HIGHER,
        pillars=("people", "governance"),
        goal=Decimal(100),
        goal_text="benchmarked in 100 % of domains",
        formula="Areas and services with FTE for which the plan has a benchmark, divided by those with FTE.",
        result=STAFFING,
    ),
)
