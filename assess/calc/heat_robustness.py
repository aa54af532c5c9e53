"""How far the heat map's verdicts depend on the weights: the same scores under 10,000 random weightings.

Half of the weightings are drawn around the chosen ones (Dirichlet, each parameter 30 x the criterion's share of its
axis' weight), half are any at all (Dirichlet with every parameter 1); each axis by itself, over the criteria that have
weight. From them, for each service: the share of weightings in which it is a quick win (both axes at least 3), and the
5th and 95th percentile of its rank by opportunity + ease among the services that have both; equal ones share the best
of their ranks. The draws follow from the seed in the input, so that the same input gives the same result.

Refused: nothing; services without a score on an axis are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assess.calc.heat_map import EASE, GOOD, OPPORTUNITY

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, np.dtype[np.float64]]
    Ranks = np.ndarray[Any, np.dtype[np.int16]]

DRAWS = 10_000
CONCENTRATION = 30.0
AT_ONCE = 250  # weightings, whose services are compared with each other
LOW, HIGH = 0.05, 0.95
SAME = 9  # decimals to which two values are the same


@dataclass(frozen=True)
class HeatInput:
    """The heat map's own columns, and the seed; `scores` are one column a criterion."""

    seed: int
    services: tuple[int, ...]
    axes: tuple[str, ...]
    weights: tuple[float, ...]
    scores: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class HeatRobustness:
    """Columns, one entry a service; `ranked` is how many the ranks go up to."""

    draws: int
    ranked: int
    services: list[int]
    quick_win: list[float]
    rank_low: list[int]
    rank_high: list[int]


def heat_robustness(heat: HeatInput) -> HeatRobustness:
    """Shares and rank intervals of the services that have both axes."""
    import numpy as np  # the pages' own process does without it

    held = [place for place in range(len(heat.services)) if _has_both(heat, place)]
    if not held:
        return HeatRobustness(DRAWS, 0, [], [], [], [])
    chance = np.random.Generator(np.random.PCG64(heat.seed))
    opportunity, ease = (_values(chance, heat, axis, held) for axis in (OPPORTUNITY, EASE))
    quick = ((opportunity >= GOOD) & (ease >= GOOD)).mean(axis=0)
    ranks = np.sort(_ranks(np.round(opportunity + ease, SAME)), axis=0)
    low, high = (ranks[min(int(share * DRAWS), DRAWS - 1)] for share in (LOW, HIGH))
    return HeatRobustness(
        draws=DRAWS,
        ranked=len(held),
        services=[heat.services[place] for place in held],
        quick_win=[round(float(share), 4) for share in quick],
        rank_low=[int(rank) for rank in low],
        rank_high=[int(rank) for rank in high],
    )


def _counting(heat: HeatInput, axis: str) -> list[int]:
    """The criteria of an axis that have weight."""
    return [place for place, own in enumerate(heat.axes) if own == axis and heat.weights[place] > 0]


def _has_both(heat: HeatInput, service: int) -> bool:
    return all(
        any(heat.scores[place][service] is not None for place in _counting(heat, axis)) for axis in (OPPORTUNITY, EASE)
    )


def _values(chance: np.random.Generator, heat: HeatInput, axis: str, held: Sequence[int]) -> Matrix:
    """Draws x services: the weighted mean of the axis in each weighting."""
    import numpy as np

    places = _counting(heat, axis)
    known = np.array([[heat.scores[place][service] is not None for service in held] for place in places], dtype=float)
    scores = np.array([[heat.scores[place][service] or 0.0 for service in held] for place in places])
    weights = _weightings(chance, [heat.weights[place] for place in places])
    total = weights @ known
    # Weights may come out as good as zero for all that a service has; then its criteria count alike.
    alike = np.broadcast_to(scores.sum(axis=0) / known.sum(axis=0), total.shape)
    means = np.divide(weights @ scores, total, out=alike.copy(), where=total > 1e-12)
    return np.round(means, SAME)


def _weightings(chance: np.random.Generator, weights: Sequence[float]) -> Matrix:
    import numpy as np

    chosen = np.array(weights) / sum(weights)
    around = chance.dirichlet(CONCENTRATION * chosen, DRAWS // 2)
    anywhere = chance.dirichlet(np.ones(len(weights)), DRAWS - DRAWS // 2)
    return np.concatenate([around, anywhere])


def _ranks(values: Matrix) -> Ranks:
    """Of each row: 1 and how many are larger."""
    import numpy as np

    ranks = np.empty(values.shape, dtype=np.int16)
    for begin in range(0, len(values), AT_ONCE):
        some = values[begin : begin + AT_ONCE]
        ranks[begin : begin + AT_ONCE] = 1 + (some[:, None, :] > some[:, :, None]).sum(axis=2, dtype=np.int16)
    return ranks
