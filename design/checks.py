"""What the X-ray finds in the costs of the shared organization."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from design.models import CostKind, CostPool
from design.policy import PLANS_COSTS
from ssoplanner.core.models import AgencyStatus, Provision
from ssoplanner.web.xray.rules import Finding, Link, Rule, Scope, Severity, Source


def _pools(scope: Scope) -> Iterator[CostPool]:
    """Each cost, with whether an agency gives a volume of its service (`has_volume`)."""
    given = Provision.objects.using(scope.db).filter(plan=scope.plan, fiscal_year=scope.plan.base_year, volume__gt=0)
    own = given.filter(service=OuterRef("service")).exclude(agency__status=AgencyStatus.LEFT)
    rows = CostPool.objects.using(scope.db).filter(plan=scope.plan).annotate(has_volume=Exists(own))
    yield from rows.select_related("service")


POOLS = Source(_pools)
BY_VOLUME = {CostKind.STEP, CostKind.VARIABLE}


def _finding(row: CostPool, scope: Scope) -> Finding:
    return Finding(f"{row}, {row.service or 'all services'}", (Link("cost_pool_edit", {"cost_pool_id": row.pk}),))


def _volume_finding(row: CostPool, scope: Scope) -> Finding:
    return Finding(f"{row}: {row.service}", (Link("service_grid", {"service_id": row.service_id}),))


RULES = (
    Rule(
        key="design.cost_without_source",
        title="Costs without a source",
        why="An agency that is to pay a share asks first where the figure comes from.",
        severity=Severity.SHOULD,
        about="design",
        source=POOLS,
        is_wrong=lambda row, scope: not row.source,
        finding=_finding,
        mends=PLANS_COSTS,
    ),
    Rule(
        key="design.cost_without_volume",
        title="Costs by volume of services without a volume",
        why="They are not counted, so the shared organization looks cheaper than it is.",
        severity=Severity.STOPS,
        about="design",
        source=POOLS,
        is_wrong=lambda row, scope: row.kind in BY_VOLUME and not row.has_volume,
        finding=_volume_finding,
        mends=PLANS_COSTS,
    ),
)
