"""From the current state of services, readiness, criteria and judgements to what the heat map takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any

from assess.calc import heat_map, heat_robustness
from assess.models import Better, Criterion, Judgement, Measure
from ssoplanner.core.models import Agency, AgencyStatus, Plan
from ssoplanner.recompute.calculations import Incomplete, Missing, Payload, Upstream

SEED = 20_260_101
NO_CRITERIA = "The heat map has no criteria yet. Take the starter set, or add your own."
NO_SERVICES = "The plan has no services yet. Choose them from the catalogue, or add your own."
NO_FIGURES = "No agency has given figures for fiscal year {year} yet."
NO_WEIGHT = "The weights of the criteria for {axis} add up to zero. Give at least one of them a weight."


@dataclass(frozen=True)
class Around:
    """What the figures of a service are measured against: how many agencies, and how ready each is."""

    agencies: int
    readiness: Mapping[int, float]


def load_heat_map(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> heat_map.PlanInput | Incomplete:
    """Each service by each criterion."""
    year = Plan.objects.using(db).values_list("base_year", flat=True).get(pk=plan_id)
    criteria = list(Criterion.objects.using(db).filter(plan_id=plan_id).order_by("pk"))
    states = {int(service): state for service, state in upstream["assess.service_state"].items()}
    if missing := _missing(criteria, states, year):
        return Incomplete(missing)
    around = Around(
        agencies=Agency.objects.using(db).filter(plan_id=plan_id).exclude(status=AgencyStatus.LEFT).count(),
        readiness=_readiness(upstream["assess.readiness"]),
    )
    judged = _judged(db, plan_id)
    return heat_map.PlanInput(
        fiscal_year=year,
        criteria=tuple(_criterion(criterion) for criterion in criteria),
        services=tuple(_service(pk, states[pk], criteria, around, judged) for pk in sorted(states)),
    )


def _missing(criteria: Sequence[Criterion], states: Mapping[int, Payload], year: int) -> tuple[Missing, ...]:
    if not criteria:
        return (Missing(NO_CRITERIA, "criteria"),)
    if not states:
        return (Missing(NO_SERVICES, "services"),)
    if not any(state["agencies"] for state in states.values()):
        return (Missing(NO_FIGURES.format(year=year), "agencies"),)
    axes = {axis: sum(one.weight for one in criteria if one.axis == axis) for axis in (heat_map.OPPORTUNITY, "ease")}
    return tuple(Missing(NO_WEIGHT.format(axis=axis), "criteria") for axis, weight in axes.items() if not weight)


def _readiness(states: Mapping[str, Payload]) -> dict[int, float]:
    return {int(agency): state["overall"] for agency, state in states.items() if state.get("overall") is not None}


def _judged(db: str, plan_id: int) -> dict[tuple[int, int], int]:
    rows = Judgement.objects.using(db).filter(plan_id=plan_id).order_by("pk")
    return {(service, criterion): score for service, criterion, score in rows.values_list(*JUDGED)}


JUDGED = ("service_id", "criterion_id", "score")


def _criterion(row: Criterion) -> heat_map.CriterionInput:
    return heat_map.CriterionInput(
        id=row.pk,
        axis=row.axis,
        judged=row.is_judged,
        high_is_good=row.better == Better.HIGH,
        weight=float(row.weight),
        scale=row.scale,
        limits=tuple(row.limits) if row.scale == "limits" and not row.is_judged else (),
        when_missing=row.when_missing,
    )


def _service(
    pk: int, state: Payload, criteria: Sequence[Criterion], around: Around, judged: Mapping[tuple[int, int], int]
) -> heat_map.ServiceInput:
    figures = [
        judged.get((pk, one.pk)) if one.is_judged else MEASURES[Measure(one.measure)](state, around) for one in criteria
    ]
    return heat_map.ServiceInput(
        id=pk,
        provided=bool(state["agencies"]),
        given=(state["given"][0], state["given"][1]),
        figures=tuple(None if figure is None else float(figure) for figure in figures),
    )


# --- The figure of a computed criterion, in the unit that people read ------------------------------------------------


def _percent(pair: Sequence[int], scale: int = 1) -> float | None:
    top, bottom = pair
    return 100 * top / (bottom * scale) if bottom else None


def _spread(state: Payload, around: Around) -> float | None:
    found = state["unit_cost_spread_cents"]
    return found[2] / found[0] if found and found[0] else None


def _providers_readiness(state: Payload, around: Around) -> float | None:
    known = [around.readiness[agency] for agency in state["providers"] if agency in around.readiness]
    return fmean(known) if known else None


def _cost(state: Payload, around: Around) -> float | None:
    cents = state["cost_cents"]
    return None if cents is None else cents / 100


MEASURES: dict[Measure, Callable[[Payload, Around], Any]] = {
    Measure.COMMONALITY: lambda state, around: _percent((state["agencies"], around.agencies)),
    Measure.SYSTEMS: lambda state, around: state["systems"],
    Measure.VOLUME: lambda state, around: state["volume"],
    Measure.COST: _cost,
    Measure.SPREAD: _spread,
    Measure.STANDARD: lambda state, around: _percent(state["sop"]),
    Measure.AUTOMATION: lambda state, around: _percent(state["automated"], 10_000),
    Measure.SLA: lambda state, around: _percent(state["sla"]),
    Measure.READINESS: _providers_readiness,
}


def load_heat_robustness(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> heat_robustness.HeatInput | Incomplete:
    """The scores and weights of the heat map as stored; incomplete where that is."""
    heat = upstream["assess.heat_map"][""]
    if lacking := heat.get("incomplete"):
        return Incomplete(tuple(Missing(**one) for one in lacking))
    return heat_robustness.HeatInput(
        seed=SEED,
        services=tuple(heat["services"]),
        axes=tuple(heat["axes"]),
        weights=tuple(heat["weights"]),
        scores=tuple(tuple(column) for column in heat["scores"]),
    )
