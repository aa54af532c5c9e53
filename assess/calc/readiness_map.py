"""How ready the agencies in the program are: one row an agency, one column a dimension.

- Mean of a dimension, and overall: over the agencies that have a score, each counting the same.
- Distribution: how many agencies stand at level 1, 2, 3, 4 and 5, by their score to one decimal, as it is shown,
  rounded to the nearest level, a half upwards.
- Barrier: a question that at least half of the agencies that answered it rate at level 2 or lower on average; those
  that most agencies share come first, then those with the lower mean. Given from three agencies on, so that none can
  be told from it.

Scores are levels from 1 to 5 of submitted questionnaires, from the agencies' own results. Agencies that left the
program do not count. Refused: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from statistics import fmean

LEVELS = 5
LOW = 2
FEWEST_TO_COMPARE = 3
BARRIERS = 10


@dataclass(frozen=True)
class AgencyInput:
    """The scores of one agency; `questions` is the code of a question -> (its id, the agency's mean)."""

    id: int
    respondents: int
    submitted: int
    overall: float | None
    dimensions: Mapping[str, float | None]
    independent: float | None = None
    questions: Mapping[str, tuple[int, float]] | None = None


@dataclass(frozen=True)
class PlanInput:
    dimensions: tuple[str, ...]
    agencies: tuple[AgencyInput, ...]


@dataclass(frozen=True)
class AgencyColumns:
    """One place an agency; `scores` is dimension -> the agencies' scores."""

    agency: list[int]
    overall: list[float | None]
    independent: list[float | None]
    scores: Mapping[str, list[float | None]]


@dataclass(frozen=True)
class BarrierColumns:
    """The barriers, the most shared first: `low` of `agencies` rate the question at level 2 or lower."""

    question: list[int]
    code: list[str]
    mean: list[float]
    low: list[int]
    agencies: list[int]


@dataclass(frozen=True)
class ReadinessMap:
    agencies: AgencyColumns
    asked: int
    submitted: int
    overall: float | None
    means: Mapping[str, float | None]
    distribution: Mapping[str, list[int]]
    barriers: BarrierColumns


def readiness_map(plan: PlanInput) -> ReadinessMap:
    """The plan as a table of scores, with what the agencies share."""
    rows = plan.agencies
    scores = {key: [row.dimensions.get(key) for row in rows] for key in plan.dimensions}
    return ReadinessMap(
        agencies=AgencyColumns(
            agency=[row.id for row in rows],
            overall=[row.overall for row in rows],
            independent=[row.independent for row in rows],
            scores=scores,
        ),
        asked=sum(row.respondents > 0 for row in rows),
        submitted=sum(row.submitted > 0 for row in rows),
        overall=_mean(row.overall for row in rows),
        means={key: _mean(column) for key, column in scores.items()},
        distribution={key: _distribution(column) for key, column in scores.items()},
        barriers=_barriers(rows),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _distribution(scores: Iterable[float | None]) -> list[int]:
    levels = [floor(round(score, 1) + 0.5) for score in scores if score is not None]
    return [levels.count(level) for level in range(1, LEVELS + 1)]


def _barriers(rows: Sequence[AgencyInput]) -> BarrierColumns:
    found: dict[str, list[float]] = {}
    newest: dict[str, int] = {}
    for row in rows:
        for code, (question, mean) in (row.questions or {}).items():
            found.setdefault(code, []).append(mean)
            newest[code] = max(question, newest.get(code, 0))
    shared = {code: (sum(mean <= LOW for mean in means), means) for code, means in found.items()}
    kept = [
        (code, low, means)
        for code, (low, means) in shared.items()
        if len(means) >= FEWEST_TO_COMPARE and 2 * low >= len(means)
    ]
    kept = sorted(kept, key=lambda one: (-one[1], fmean(one[2]), one[0]))[:BARRIERS]
    return BarrierColumns(
        question=[newest[code] for code, _, _ in kept],
        code=[code for code, _, _ in kept],
        mean=[fmean(means) for _, _, means in kept],
        low=[low for _, low, _ in kept],
        agencies=[len(means) for _, _, means in kept],
    )
