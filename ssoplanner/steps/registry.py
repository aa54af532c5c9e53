"""The steps of the method, declared as data by the phases and gathered here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ssoplanner.phases import PHASES, Phase, phase_modules


class Pillar(StrEnum):
    PEOPLE = "people"
    PROCESS = "process"
    TECHNOLOGY = "technology"
    GOVERNANCE = "governance"


@dataclass(frozen=True)
class Step:
    """One of the 23 steps. `code` is what people say (1.2), `key` what the code derives names from."""

    code: str
    key: str
    title: str
    pillars: tuple[Pillar, ...]
    purpose: str
    done_when: str


@cache
def steps() -> tuple[Step, ...]:
    """All steps of all phases, in order."""
    return tuple(step for module in phase_modules("steps") for step in module.STEPS)


@cache
def steps_by_phase() -> tuple[tuple[Phase, tuple[Step, ...]], ...]:
    """Each phase with its steps, in order."""
    return tuple((phase, tuple(step for step in steps() if step.key.startswith(f"{phase.key}."))) for phase in PHASES)


def step(key: str) -> Step:
    """The step with this key; KeyError if there is none."""
    return {step.key: step for step in steps()}[key]
