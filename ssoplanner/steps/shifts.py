"""The twelve shifts that the pillars ask for, three each: what an organization leaves behind, what it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ssoplanner.steps.registry import Pillar


@dataclass(frozen=True)
class Shift:
    """`key` is what is stored; it stays."""

    key: str
    pillar: Pillar
    origin: str
    aim: str

    @property
    def anchor(self) -> str:
        """Where it stands on the page of all shifts."""
        return self.key.replace(".", "-")

    def __str__(self) -> str:
        return f"{self.origin} to {self.aim[0].lower()}{self.aim[1:]}"


@dataclass(frozen=True)
class Level:
    """One of the five places on the way; `meaning` is what holds there."""

    number: int
    name: str
    meaning: str


LEVELS = (
    Level(1, "as it was", "Work goes on as it did before the plan."),
    Level(2, "first steps", "Something is tried in one place, and people learn from it."),
    Level(3, "half-way", "The new way holds in some agencies, the old one in the others."),
    Level(4, "mostly there", "The new way is the rule. The exceptions are known by name."),
    Level(5, "the way we work", "Nobody has to ask for it any more, and new people learn it so."),
)
FOCUS = {
    Pillar.PEOPLE: "Whether agencies work as one and people stand behind it.",
    Pillar.PROCESS: "Whether work is done in one way, so that it can be shared.",
    Pillar.TECHNOLOGY: "Whether systems and data can serve more than one agency.",
    Pillar.GOVERNANCE: "Whether those who decide steer by what they get for it.",
}
SHIFTS = (
    Shift("people.vision", Pillar.PEOPLE, "Competing priorities", "Shared vision"),
    Shift("people.skills", Pillar.PEOPLE, "Fragmented skills", "Shared talent pools"),
    Shift("people.trust", Pillar.PEOPLE, "Control culture", "Trust in delivery"),
    Shift("process.design", Pillar.PROCESS, "Custom workflows", "Modular service design"),
    Shift("process.procedures", Pillar.PROCESS, "Inconsistency", "Standard procedures with flexibility"),
    Shift("process.automation", Pillar.PROCESS, "Manual work", "Digital, automated work"),
    Shift("technology.platforms", Pillar.TECHNOLOGY, "Redundant systems", "Shared platforms"),
    Shift("technology.data", Pillar.TECHNOLOGY, "Fragmented data", "Unified architecture"),
    Shift("technology.cloud", Pillar.TECHNOLOGY, "Legacy lock-in", "Cloud-first interoperability"),
    Shift("governance.transparency", Pillar.GOVERNANCE, "Agency fear", "Shared governance and transparency"),
    Shift("governance.ownership", Pillar.GOVERNANCE, "No ownership", "Joint funding and oversight"),
    Shift("governance.outcomes", Pillar.GOVERNANCE, "Budget metrics", "Outcome KPIs"),
)


@cache
def shifts_by_key() -> dict[str, Shift]:
    return {shift.key: shift for shift in SHIFTS}


def level_text(number: int) -> str:
    """As in "3 of 5: half-way"."""
    return f"{number} of {len(LEVELS)}: {LEVELS[number - 1].name}"
