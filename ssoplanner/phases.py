"""The five phases, and the one place that finds by name what a phase declares.

A phase is a Django app of its own at the top level; ssoplanner imports none of them. What a phase has to say it puts
into modules of fixed names (`steps`, `policy`, later `sheets`, `checks`, `guide`, `demo`), and they are found here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


@dataclass(frozen=True)
class Phase:
    """A phase of the method: `key` names its app, `outcome` is what the board must be able to sign at its end."""

    number: int
    key: str
    title: str
    outcome: str


PHASES = (
    Phase(1, "assess", "Assess", "A go or no-go decision, grounded in data and with the executives aligned."),
    Phase(2, "design", "Design", "An operating-model blueprint with governance and accountability."),
    Phase(3, "build", "Build", "A minimum viable operating model with its platform, staff and workflows."),
    Phase(4, "scale", "Scale", "A model proven in a pilot and rolled out across the agencies."),
    Phase(5, "optimize", "Optimize", "A mature organization with continuous, measured public value."),
)


@cache
def phase_modules(name: str) -> tuple[ModuleType, ...]:
    """The modules called `name` of all phases that have one, in the phases' order."""
    found = (f"{phase.key}.{name}" for phase in PHASES)
    return tuple(import_module(path) for path in found if find_spec(path) is not None)
