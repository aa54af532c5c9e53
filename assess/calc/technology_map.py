"""What the agencies in the program bring in technology and data: one row an agency, one column an aspect.

- Distribution of an aspect: how many agencies stand at level 1, 2, 3, 4 and 5.
- Share ready: of the agencies that rated an aspect, those at level 3 or higher, which is what sharing needs at least;
  none where nobody rated it.
- Agencies with a gap: those with at least one aspect below level 3.
- Rated: an agency that gave a level for each of the aspects; begun: one that gave at least one.
- Share rated: rated agencies, of all in the program.
- Lacking: the aspects that at least one agency lacks, those that most agencies lack first, and of equals the one whose
  share ready is lower.

Levels run from 1 to 5, from the agencies' own results. Agencies that left the program do not count. Refused: nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.calc.architecture import NEEDED

LEVELS = 5


@dataclass(frozen=True)
class AgencyInput:
    """The levels of one agency by aspect; none where it gave none."""

    id: int
    levels: Mapping[str, int | None]


@dataclass(frozen=True)
class PlanInput:
    aspects: tuple[str, ...]
    agencies: tuple[AgencyInput, ...]


@dataclass(frozen=True)
class AgencyColumns:
    """One place an agency; `levels` is aspect -> the agencies' levels, `gaps` how many aspects are below level 3."""

    agency: list[int]
    levels: Mapping[str, list[int | None]]
    gaps: list[int]


@dataclass(frozen=True)
class AspectState:
    """One aspect over the agencies; `distribution` from level 1 to 5."""

    rated: int
    gaps: int
    share_ready: float | None
    distribution: list[int]


@dataclass(frozen=True)
class TechnologyMap:
    agencies: AgencyColumns
    aspects: Mapping[str, AspectState]
    rated: int
    begun: int
    share_rated: float | None
    with_gaps: int
    lacking: list[str]


def technology_map(plan: PlanInput) -> TechnologyMap:
    """The plan as a table of levels, with what the agencies lack."""
    rows = plan.agencies
    levels = {aspect: [row.levels.get(aspect) for row in rows] for aspect in plan.aspects}
    gaps = [sum(_is_gap(row.levels.get(aspect)) for aspect in plan.aspects) for row in rows]
    given = [sum(row.levels.get(aspect) is not None for aspect in plan.aspects) for row in rows]
    states = {aspect: _state(column) for aspect, column in levels.items()}
    rated = sum(count == len(plan.aspects) for count in given)
    return TechnologyMap(
        agencies=AgencyColumns([row.id for row in rows], levels, gaps),
        aspects=states,
        rated=rated,
        begun=sum(count > 0 for count in given),
        share_rated=rated / len(rows) if rows else None,
        with_gaps=sum(count > 0 for count in gaps),
        lacking=_lacking(states),
    )


def _is_gap(level: int | None) -> bool:
    return level is not None and level < NEEDED


def _state(column: Sequence[int | None]) -> AspectState:
    known = [level for level in column if level is not None]
    gaps = sum(map(_is_gap, known))
    return AspectState(
        rated=len(known),
        gaps=gaps,
        share_ready=(len(known) - gaps) / len(known) if known else None,
        distribution=[known.count(level) for level in range(1, LEVELS + 1)],
    )


def _lacking(states: Mapping[str, AspectState]) -> list[str]:
    short = [aspect for aspect, state in states.items() if state.gaps]
    return sorted(short, key=lambda aspect: (-states[aspect].gaps, states[aspect].share_ready or 0))
