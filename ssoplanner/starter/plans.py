"""Begin a real plan: empty but for what every plan starts with."""

from __future__ import annotations

from typing import Any

from ssoplanner.core.models import Plan
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor
from ssoplanner.starter.benchmarks import add_library
from ssoplanner.starter.kpis import add_starter_kpis


def start_plan(*, name: str, actor: Actor, slug: str | None = None, **settings: Any) -> Plan:
    """A new plan with the starter KPIs and the library of benchmarks; for the rest see `new_plan`."""
    with saving():
        plan = new_plan(name=name, actor=actor, slug=slug, **settings)
        add_starter_kpis(plan, actor)
        add_library(plan, actor)
    return plan
