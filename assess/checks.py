"""What the X-ray finds in the results of Assess."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assess import checks_architecture, checks_capabilities, checks_gate, checks_heat, checks_reasons
from ssoplanner.core.models import Service
from ssoplanner.recompute.reading import shown_all
from ssoplanner.web import formats
from ssoplanner.web.xray.rules import OFFICE_AND_LEADS, Finding, Link, Rule, Scope, Severity, Source

FAR_APART = 10  # times the agency in the middle


@dataclass(frozen=True)
class UnitCost:
    """What one unit of a service costs the agency in the middle and the dearest one."""

    service: Service
    middle_cents: float
    dearest_cents: float


def _unit_costs(scope: Scope) -> Iterator[UnitCost]:
    """Of services that enough agencies give, from the stored results."""
    services = Service.objects.using(scope.db).filter(plan=scope.plan)
    found = shown_all(scope.plan.pk, "assess.service_state", using=scope.db)
    for service in services:
        result = found.get(str(service.pk))
        spread = result.figures["unit_cost_spread_cents"] if result and result.figures else None
        if spread is not None:
            yield UnitCost(service, spread[1], spread[2])


UNIT_COSTS = Source(_unit_costs)


def _far_apart(row: UnitCost, scope: Scope) -> Finding:
    dearest, middle = (
        formats.money(Decimal(round(cents)) / 100, scope.plan) for cents in (row.dearest_cents, row.middle_cents)
    )
    text = f"{row.service}: {dearest} a {row.service.volume_unit} at the dearest agency, {middle} at the middle one"
    return Finding(text, (Link("service_grid", {"service_id": row.service.pk}),))


RULES = (
    Rule(
        key="assess.unit_cost_far_apart",
        title="Unit costs more than ten times the usual",
        why="So far apart are agencies rarely; mostly a volume or a cost is in another unit.",
        severity=Severity.SHOULD,
        about="assess",
        source=UNIT_COSTS,
        is_wrong=lambda row, scope: row.dearest_cents > FAR_APART * row.middle_cents,
        finding=_far_apart,
        mends=OFFICE_AND_LEADS,
    ),
    *checks_heat.RULES,
    *checks_reasons.RULES,
    *checks_gate.RULES,
    *checks_architecture.RULES,
    *checks_capabilities.RULES,
)
