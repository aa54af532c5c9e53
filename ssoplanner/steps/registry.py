"""The steps of the method, declared as data by the phases and gathered here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ssoplanner.core.models import Tier
from ssoplanner.phases import PHASES, Phase, phase_modules


class Pillar(StrEnum):
    PEOPLE = "people"
    PROCESS = "process"
    TECHNOLOGY = "technology"
    GOVERNANCE = "governance"


@dataclass(frozen=True)
class Criterion:
    """One sentence that holds once the step is done, and that can be ticked. `key` is what is stored; it stays."""

    key: str
    text: str


@dataclass(frozen=True)
class Case:
    """What others found or advise, in at most two sentences, and where it was published. A figure needs its year."""

    text: str
    source: str
    year: int | None = None

    @property
    def origin(self) -> str:
        return f"{self.source}, {self.year}" if self.year else self.source


@dataclass(frozen=True)
class Step:
    """One of the 23 steps. `code` is what people say (1.2), `key` what the code derives names from.

    `short` is the title where there is little room, as on the roadmap.
    `needs` are the keys of the steps it waits for, `inputs` says in words which registers and results its tool reads,
    and `tool` is the URL name of that tool once there is one. `by_tier` says what differs between jurisdictions where
    law or labour makes it so: every tier has its sentence, or none has.
    """

    code: str
    key: str
    title: str
    pillars: tuple[Pillar, ...]
    purpose: str
    done_when: tuple[Criterion, ...]
    inputs: tuple[str, ...]
    needs: tuple[str, ...] = ()
    good: Case | None = None
    wrong: Case | None = None
    tool: str = ""
    short: str = ""
    by_tier: tuple[tuple[Tier, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def text_for(self, tier: str) -> str:
        """What a jurisdiction of this tier must know besides; nothing where all are alike."""
        return dict(self.by_tier).get(Tier(tier), "")


class WrongDeclaration(Exception):
    """A step is declared in a way that cannot hold; `str()` says which and why."""


def check_steps(declared: Sequence[Step]) -> None:
    """Raise WrongDeclaration unless keys are used once and each step waits for earlier ones only, so for no circle."""
    earlier: set[str] = set()
    for step in declared:
        if step.key in earlier:
            raise WrongDeclaration(f"There are two steps {step.key}.")
        for need in step.needs:
            if need not in earlier:
                raise WrongDeclaration(f"{step.key} waits for {need}, which is no earlier step.")
        if step.by_tier and [tier for tier, _ in step.by_tier] != list(Tier):
            raise WrongDeclaration(f"{step.key} has a text for some tiers only.")
        if len({criterion.key for criterion in step.done_when}) != len(step.done_when):
            raise WrongDeclaration(f"{step.key} has two criteria with one key.")
        earlier.add(step.key)


@cache
def steps() -> tuple[Step, ...]:
    """All steps of all phases, in order."""
    found = tuple(step for module in phase_modules("steps") for step in module.STEPS)
    check_steps(found)
    return found


@cache
def steps_by_phase() -> tuple[tuple[Phase, tuple[Step, ...]], ...]:
    """Each phase with its steps, in order."""
    return tuple((phase, tuple(step for step in steps() if step.key.startswith(f"{phase.key}."))) for phase in PHASES)


@cache
def steps_by_key() -> dict[str, Step]:
    return {step.key: step for step in steps()}


def step(key: str) -> Step:
    """The step with this key; KeyError if there is none."""
    return steps_by_key()[key]
