"""The twelve risks of a plan in one phase, as two sides rate them: how high each side sees them in all, and where they
differ.

For each side (see risk_rating): the mean of score x weight over the risks that it rated, and the band. What a side has
not rated yet, or calls not applicable, is left out of its mean; both are counted, since a mean over three of twelve
risks says little. Two sides differ on a risk that both rated and gave different scores, or that one of them calls not
applicable. No unit. Refused: what risk_rating refuses, and a rating of a risk that has no weight.

Source: GSA, Modernization and Migration Management playbook, risk assessment tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assess.calc.risk_rating import risk_rating

Ratings = Mapping[str, int | None]


@dataclass(frozen=True)
class PlanRiskInput:
    """`own` and `independent`: risk -> score, None for not applicable; a risk that is not there is not rated."""

    size: str
    agencies: int
    weights: Mapping[str, float]
    own: Ratings
    independent: Ratings


@dataclass(frozen=True)
class Side:
    """How high one side sees the risks; `score` and `band` are None where it rated none. `parts`: score x weight."""

    score: float | None
    band: str | None
    rated: int
    not_applicable: int
    not_rated: int
    parts: Mapping[str, float]


@dataclass(frozen=True)
class PlanRisk:
    """`differing` are the risks on which the sides differ, in the order of the weights."""

    size: str
    agencies: int
    risks: int
    own: Side
    independent: Side
    differing: tuple[str, ...]


def plan_risk(plan: PlanRiskInput) -> PlanRisk:
    """Rate both sides. Raises ValueError for what the module refuses."""
    return PlanRisk(
        size=plan.size,
        agencies=plan.agencies,
        risks=len(plan.weights),
        own=_side(plan.own, plan.weights),
        independent=_side(plan.independent, plan.weights),
        differing=tuple(risk for risk in plan.weights if _differ(risk, plan.own, plan.independent)),
    )


def _side(ratings: Ratings, weights: Mapping[str, float]) -> Side:
    if unknown := ratings.keys() - weights.keys():
        raise ValueError(f"{sorted(unknown)[0]} is a risk without a weight.")
    found = risk_rating(ratings, weights)
    return Side(
        score=found.score,
        band=found.band,
        rated=found.rated,
        not_applicable=len(ratings) - found.rated,
        not_rated=len(weights) - len(ratings),
        parts={risk: score * weights[risk] for risk, score in ratings.items() if score is not None},
    )


def _differ(risk: str, own: Ratings, independent: Ratings) -> bool:
    return risk in own and risk in independent and own[risk] != independent[risk]
