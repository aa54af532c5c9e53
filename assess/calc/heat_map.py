"""The heat map: each service against each criterion, and by it opportunity and ease of sharing.

- Figure: of a computed criterion in the unit that people read. Commonality: agencies that provide the service /
  agencies in the program, per cent. Systems: how many support it. Volume: units a year. Cost: money a year. Spread:
  unit cost of the dearest agency / of the cheapest, times. Standard: agencies with a standard procedure / that say
  whether, per cent. Automation: mean share of workflows automated, per cent. SLA: targets met / targets, per cent.
  Readiness: mean rating (1-5) of the agencies that provide it. Judged: the score that people gave with a reason, 1-5.
- Score 1-5, where 5 speaks for sharing. By limits: 1, and one more for each of four limits that the figure reaches. By
  rank: 1 for the lowest figure among the services to 5 for the highest, evenly between; equal figures share the middle
  of their ranks, and a single one gets 3. Where a low figure speaks for sharing: 6 less that. A judged score stands as
  it is.
- A missing figure: the criterion is left out for that service, or counts as 3, or as 1, as the criterion says.
- Opportunity and ease: the mean of the scores of that axis by their weights. Group: both at least 3 quick win,
  opportunity alone strategic bet, ease alone fill-in, neither hold. Confidence: the lesser of the weight of criteria
  with a figure / all weight, and of the figures that the providing agencies gave / those asked.

A service that nobody provides, or with no score on an axis, has no group. Refused: no service, no criterion, no figures
at all, an axis whose weights add up to zero; each is said as what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ssoplanner.calc.weighted_mean import weighted_mean

GOOD = 3.0  # from here on an axis speaks for sharing
LOWEST, MIDDLE, HIGHEST = 1.0, 3.0, 5.0
OPPORTUNITY, EASE = "opportunity", "ease"
GROUPS = {(True, True): "quick_win", (True, False): "bet", (False, True): "fill_in", (False, False): "hold"}
INSTEAD = {"middle": MIDDLE, "worst": LOWEST}
DECIMALS = 6


@dataclass(frozen=True)
class CriterionInput:
    """`limits` rise, in the unit of the figure; they count where `scale` is limits."""

    id: int
    axis: str
    judged: bool
    high_is_good: bool
    weight: float
    scale: str
    limits: tuple[float, ...]
    when_missing: str


@dataclass(frozen=True)
class ServiceInput:
    """`figures` by criterion, in their order; `given` of the figures that its agencies were asked for."""

    id: int
    provided: bool
    given: tuple[int, int]
    figures: tuple[float | None, ...]


@dataclass(frozen=True)
class PlanInput:
    fiscal_year: int
    criteria: tuple[CriterionInput, ...]
    services: tuple[ServiceInput, ...]


@dataclass(frozen=True)
class HeatMap:
    """Columns: of `criteria`, `axes`, `weights` one entry a criterion; of the rest one a service.

    `figures` and `scores` are one column a criterion.
    """

    fiscal_year: int
    criteria: list[int]
    axes: list[str]
    weights: list[float]
    services: list[int]
    figures: list[list[float | None]]
    scores: list[list[float | None]]
    opportunity: list[float | None]
    ease: list[float | None]
    group: list[str | None]
    confidence: list[float]


def heat_map(plan: PlanInput) -> HeatMap:
    """Scores, axes and groups of every service."""
    columns = [_figures(plan.services, place) for place in range(len(plan.criteria))]
    scores = [
        _scores(criterion, figures, plan.services) for criterion, figures in zip(plan.criteria, columns, strict=True)
    ]
    opportunity, ease = (_means(plan, scores, axis) for axis in (OPPORTUNITY, EASE))
    return HeatMap(
        fiscal_year=plan.fiscal_year,
        criteria=[criterion.id for criterion in plan.criteria],
        axes=[criterion.axis for criterion in plan.criteria],
        weights=[criterion.weight for criterion in plan.criteria],
        services=[service.id for service in plan.services],
        figures=columns,
        scores=scores,
        opportunity=opportunity,
        ease=ease,
        group=[_group(*pair) for pair in zip(opportunity, ease, strict=True)],
        confidence=[_confidence(plan, columns, place) for place in range(len(plan.services))],
    )


def _figures(services: Sequence[ServiceInput], place: int) -> list[float | None]:
    return [_rounded(service.figures[place]) if service.provided else None for service in services]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _scores(
    criterion: CriterionInput, figures: Sequence[float | None], services: Sequence[ServiceInput]
) -> list[float | None]:
    known = _known_scores(criterion, figures)
    instead = INSTEAD.get(criterion.when_missing)
    return [
        _rounded(instead if score is None and service.provided else score)
        for score, service in zip(known, services, strict=True)
    ]


def _known_scores(criterion: CriterionInput, figures: Sequence[float | None]) -> list[float | None]:
    if criterion.judged:
        return list(figures)
    rising = _by_limits(criterion.limits, figures) if criterion.scale == "limits" else _by_rank(figures)
    if criterion.high_is_good:
        return rising
    return [None if score is None else LOWEST + HIGHEST - score for score in rising]


def _by_limits(limits: Sequence[float], figures: Sequence[float | None]) -> list[float | None]:
    return [None if figure is None else LOWEST + sum(figure >= limit for limit in limits) for figure in figures]


def _by_rank(figures: Sequence[float | None]) -> list[float | None]:
    known = sorted(figure for figure in figures if figure is not None)
    places: dict[float, list[int]] = {}
    for place, figure in enumerate(known):
        places.setdefault(figure, []).append(place)
    if len(known) < 2:
        return [None if figure is None else MIDDLE for figure in figures]
    step = (HIGHEST - LOWEST) / (len(known) - 1)
    score = {figure: LOWEST + step * sum(held) / len(held) for figure, held in places.items()}
    return [None if figure is None else score[figure] for figure in figures]


def _means(plan: PlanInput, scores: Sequence[Sequence[float | None]], axis: str) -> list[float | None]:
    held = [
        (column, criterion.weight)
        for column, criterion in zip(scores, plan.criteria, strict=True)
        if criterion.axis == axis
    ]
    return [
        _rounded(weighted_mean((column[place], weight) for column, weight in held))
        for place in range(len(plan.services))
    ]


def _group(opportunity: float | None, ease: float | None) -> str | None:
    if opportunity is None or ease is None:
        return None
    return GROUPS[opportunity >= GOOD, ease >= GOOD]


def _confidence(plan: PlanInput, columns: Sequence[Sequence[float | None]], place: int) -> float:
    service = plan.services[place]
    total = sum(criterion.weight for criterion in plan.criteria)
    held = sum(
        criterion.weight for criterion, column in zip(plan.criteria, columns, strict=True) if column[place] is not None
    )
    given, asked = service.given
    return round(min(held / total if total else 0.0, given / asked if asked else 0.0), DECIMALS)
