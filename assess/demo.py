"""What the demo plan says in Assess; ssoplanner.demo finds `load` by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assess.demo_architecture import load_architecture
from assess.demo_capabilities import load_capabilities
from assess.demo_decision import load_decision
from assess.demo_gate import load_gate
from assess.demo_heat import load_heat
from assess.demo_readiness import load_readiness
from ssoplanner.core.models import Plan, User
from ssoplanner.recompute.writer import Actor


def load(plan: Plan, actor: Actor, people: Mapping[str, User]) -> None:
    """`people` are those of the demo by their address; `actor` is the command that loads it."""
    load_readiness(plan, actor, people)
    load_gate(plan, actor, people)
    load_heat(plan, replace(actor, user=people["office@example.gov"]))
    load_capabilities(plan, replace(actor, user=people["office@example.gov"]))
    load_architecture(plan, replace(actor, user=people["office@example.gov"]))
    load_decision(plan, replace(actor, user=people["office@example.gov"]))
