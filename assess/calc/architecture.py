"""What one agency brings to a shared service: its technology and data in eight aspects, and its capabilities.

- Profile: the level 1-5 that the agency gave for each aspect; no level where it gave none or does not know.
- Gap of the profile: an aspect with a level below 3, which is what sharing a service needs at least.
- Maturity of a capability: the mean of the pillars (people, process, technology, governance) that have a figure, each
  counting the same; no figure, no maturity.
- Gap of a capability: target - maturity, and 0 where the target is reached; none where either is unknown.
- Rated: a capability that the agency says it does not perform, or one with ownership, importance and a maturity.
- Expected: the capabilities of the lowest level of each branch, which are those that an agency is asked about.

Levels, importance and target run from 1 to 5. A rating of a capability that has others below it counts no more: it is
left out until the tree has it at the lowest level again. Refused: nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from assess.calc.rated import is_rated

NEEDED = 3  # the level of an aspect that sharing a service needs at least
PILLARS = ("people", "process", "technology", "governance")


@dataclass(frozen=True)
class RatingInput:
    """What the agency says of one capability; `pillars` in the order of PILLARS, `ownership` empty where not said."""

    capability: int
    ownership: str = ""
    importance: int | None = None
    pillars: tuple[int | None, ...] = (None,) * len(PILLARS)
    target: int | None = None
    systems: tuple[int, ...] = ()

    @property
    def is_blank(self) -> bool:
        figures = (self.importance, *self.pillars, self.target)
        return not self.ownership and not self.systems and all(one is None for one in figures)


@dataclass(frozen=True)
class AgencyInput:
    """`aspects` in their order, `levels` of those that were rated; `leaves` are the lowest capabilities of the plan."""

    aspects: tuple[str, ...]
    levels: Mapping[str, int | None]
    leaves: Collection[int]
    ratings: Sequence[RatingInput]


@dataclass(frozen=True)
class Architecture:
    """The lists from `capabilities` to `systems` have one place a capability that something is said of."""

    profile: Mapping[str, int | None]
    profile_rated: int
    profile_gaps: list[str]
    capabilities: list[int]
    ownership: list[str]
    importance: list[int | None]
    people: list[int | None]
    process: list[int | None]
    technology: list[int | None]
    governance: list[int | None]
    maturity: list[float | None]
    target: list[int | None]
    gap: list[float | None]
    systems: list[list[int]]
    expected: int
    rated: int


def architecture(agency: AgencyInput) -> Architecture:
    """The agency's profile and capabilities as columns, with what is short of what is needed."""
    profile = {aspect: agency.levels.get(aspect) for aspect in agency.aspects}
    leaves = frozenset(agency.leaves)
    said = [one for one in agency.ratings if one.capability in leaves and not one.is_blank]
    rows = sorted(said, key=lambda one: one.capability)
    maturity = [_maturity(row) for row in rows]
    return Architecture(
        profile=profile,
        profile_rated=sum(level is not None for level in profile.values()),
        profile_gaps=[aspect for aspect, level in profile.items() if level is not None and level < NEEDED],
        capabilities=[row.capability for row in rows],
        ownership=[row.ownership for row in rows],
        importance=[row.importance for row in rows],
        **{pillar: [row.pillars[place] for row in rows] for place, pillar in enumerate(PILLARS)},
        maturity=maturity,
        target=[row.target for row in rows],
        gap=[_gap(row.target, known) for row, known in zip(rows, maturity, strict=True)],
        systems=[sorted(row.systems) for row in rows],
        expected=len(leaves),
        rated=sum(is_rated(row.ownership, row.importance, row.pillars) for row in rows),
    )


def _maturity(row: RatingInput) -> float | None:
    known = [level for level in row.pillars if level is not None]
    return fmean(known) if known else None


def _gap(target: int | None, maturity: float | None) -> float | None:
    return None if target is None or maturity is None else max(0.0, target - maturity)
