"""From rows to what the calculations of Design take."""

from __future__ import annotations

from datetime import date

from design.calc import cost_plan
from design.models import CostPool
from ssoplanner.core.models import Plan
from ssoplanner.recompute.calculations import Incomplete, Missing, Upstream

NO_POOLS = "No cost of the shared organization is named yet. Add what it will pay for."


def load_cost_plan(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> cost_plan.CostPlanInput | Incomplete:
    """Every cost pool, with the volume and today's cost of the services."""
    pools = [_pool(row) for row in CostPool.objects.using(db).filter(plan_id=plan_id).order_by("pk")]
    if not pools:
        return Incomplete((Missing(NO_POOLS, "costs"),))
    base_year, horizon = Plan.objects.using(db).values_list("base_year", "horizon").get(pk=plan_id)
    states = {int(service): state for service, state in upstream["assess.service_state"].items()}
    return cost_plan.CostPlanInput(
        base_year=base_year,
        horizon=horizon,
        pools=tuple(pools),
        volumes={service: state["volume"] for service, state in states.items()},
        today_cents={service: state["cost_cents"] for service, state in states.items()},
    )


def _pool(row: CostPool) -> cost_plan.PoolInput:
    return cost_plan.PoolInput(
        id=row.pk,
        service=row.service_id,
        kind=row.kind,
        amount_cents=int(row.amount * 100),
        first_year=row.first_year,
        last_year=row.last_year,
        spread_years=row.spread_years,
        step_volume=row.step_volume or 1,
        inflation=row.inflation,
        allowable=row.is_allowable,
        billed=row.is_billed,
    )
