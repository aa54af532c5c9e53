"""The cumulative rating of a plan's risks, and its band.

Score x weight, averaged over the rated risks; one that is not applicable is dropped, from the count too. Scores are 1
low, 2 medium with an accepted strategy, 3 medium, 4 high with an accepted strategy, 5 high. Bands: low to 2, medium to
3.5, high above; both limits belong to the lower band. No unit. Refused: a score outside 1-5, a weight that is missing
or below zero. Without a rated risk there is no rating.

Source: GSA, Modernization and Migration Management playbook, risk assessment tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

LOW, MEDIUM, HIGH = "low", "medium", "high"
LOW_TO, MEDIUM_TO = Fraction(2), Fraction(7, 2)
LOWEST, HIGHEST = 1, 5


class RiskRating(NamedTuple):
    """`score` and `band` are None where nothing was rated; `rated` counts the risks that were."""

    score: float | None
    band: str | None
    rated: int


def risk_rating(ratings: Mapping[str, float | None], weights: Mapping[str, float]) -> RiskRating:
    """The mean of score x weight over `ratings`, risk -> score or None for not applicable, and its band.

    Raises ValueError for what the module refuses.
    """
    rated = {risk: score for risk, score in ratings.items() if score is not None}
    if not rated:
        return RiskRating(None, None, 0)
    total = sum((_part(risk, score, weights) for risk, score in rated.items()), Fraction(0))
    mean = total / len(rated)
    return RiskRating(float(mean), _band(mean), len(rated))


def _part(risk: str, score: float, weights: Mapping[str, float]) -> Fraction:
    if not LOWEST <= score <= HIGHEST:
        raise ValueError(f"{risk}: a score lies between {LOWEST} and {HIGHEST}, not at {score}.")
    if risk not in weights or weights[risk] < 0:
        raise ValueError(f"{risk}: it needs a weight of zero or more.")
    return Fraction(score) * Fraction(weights[risk])


def _band(mean: Fraction) -> str:
    if mean <= LOW_TO:
        return LOW
    return MEDIUM if mean <= MEDIUM_TO else HIGH
