"""From rows to what the calculations of Design take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from design.calc import cost_plan, fair_shares, pool_costs, service_shares
from design.calc.group_costs import Part
from design.models import CostPool
from ssoplanner.core.models import Agency, AgencyStatus, Plan, Provision
from ssoplanner.recompute.calculations import Incomplete, Missing, Upstream

NO_POOLS = "No cost of the shared organization is named yet. Add what it will pay for."
NO_USERS = "No agency gives a volume of a service that has a cost. Enter volumes where an agency uses it."


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


def _pool(row: CostPool) -> pool_costs.PoolInput:
    return pool_costs.PoolInput(
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


def load_service_shares(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> service_shares.ServiceInput:
    """The cost pools of one service, and who uses how much of it in the base year."""
    base_year, horizon = Plan.objects.using(db).values_list("base_year", "horizon").get(pk=plan_id)
    pools = list(CostPool.objects.using(db).filter(plan_id=plan_id, service_id=partition).order_by("pk"))
    used = (
        Provision.objects.using(db)
        .filter(plan_id=plan_id, service_id=partition, fiscal_year=base_year, volume__gt=0)
        .exclude(agency__status=AgencyStatus.LEFT)
        .order_by("agency_id")
        .values_list("agency_id", "volume", "annual_cost")
    )
    return service_shares.ServiceInput(
        base_year=base_year,
        horizon=horizon,
        pools=tuple(map(_pool, pools)),
        exponents=tuple(pool.scale_exponent for pool in pools),
        users=tuple((agency, volume, None if cost is None else int(cost * 100)) for agency, volume, cost in used),
    )


def load_fair_shares(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> fair_shares.SharesInput | Incomplete:
    """Every service's shares, the costs of no service, and what shares may be divided by."""
    base_year, horizon = Plan.objects.using(db).values_list("base_year", "horizon").get(pk=plan_id)
    common = [
        _pool(row) for row in CostPool.objects.using(db).filter(plan_id=plan_id, service__isnull=True).order_by("pk")
    ]
    services = [_service_cost(payload) for payload in upstream["design.service_shares"].values()]
    if not common and not any(service.cost_cents or service.unused_cents for service in services):
        return Incomplete((Missing(NO_POOLS, "costs"),))
    services = [service for service in services if service.cost_cents or service.unused_cents]
    if not any(service.agencies for service in services):
        return Incomplete((Missing(NO_USERS, "services"),))
    agencies = Agency.objects.using(db).filter(plan_id=plan_id).order_by("pk")
    figures = list(agencies.values_list("pk", "headcount", "end_users", "operating_budget"))
    year = base_year + horizon
    return fair_shares.SharesInput(
        year=year,
        common_cents=sum(pool_costs.charged(pool, 0, base_year, (year,))[0] for pool in common),
        services=tuple(services),
        drivers={
            fair_shares.HEADCOUNT: {pk: headcount for pk, headcount, _, _ in figures},
            fair_shares.USERS: {pk: users for pk, _, users, _ in figures},
            fair_shares.BUDGET: {pk: None if money is None else int(money * 100) for pk, _, _, money in figures},
        },
    )


def _service_cost(payload: Mapping[str, Any]) -> fair_shares.ServiceCost:
    known = {one.name: payload[one.name] for one in fields(fair_shares.ServiceCost)}
    return fair_shares.ServiceCost(**{**known, "parts": tuple(Part(**part) for part in payload["parts"])})
