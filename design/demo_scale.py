"""What a plan as large as the product is built for says in Design: made up, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from design.models import CostPool
from ssoplanner.core.models import Agency, Plan, Service, User
from ssoplanner.recompute.writer import Actor, bulk_load

SOURCE = "Made up."


def load_scale(
    plan: Plan, actor: Actor, *, agencies: Sequence[Agency], services: Sequence[Service], person: User, chance: Random
) -> Iterator[str]:
    """A platform, and for each service what is fixed and what grows with volume. Says how many costs are there."""
    rows = [row for service in services for row in _pools(plan, service, chance)]
    rows.append(_pool(plan, None, "Platform", "fixed", chance.randint(10**6, 10**7)))
    loaded = bulk_load(CostPool, plan=plan, actor=actor, rows=rows, label="costs of the shared organization")
    yield f"{len(loaded)} costs of the shared organization"


def _pools(plan: Plan, service: Service, chance: Random) -> Iterator[dict[str, Any]]:
    yield _pool(plan, service, "System", "fixed", chance.randint(10**5, 10**6))
    yield _pool(plan, service, "People", "step", chance.randint(10**4, 10**5), step_volume=chance.randint(10**3, 10**4))
    yield _pool(plan, service, "Each unit", "variable", chance.randint(1, 20))


def _pool(plan: Plan, service: Service | None, name: str, kind: str, amount: int, **more: Any) -> dict[str, Any]:
    known = {"name": name, "service": service, "kind": kind, "amount": Decimal(amount), "source": SOURCE}
    return {**known, "first_year": plan.base_year + 1, "inflation": Decimal("0.02"), **more}
