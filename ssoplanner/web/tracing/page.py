"""The page that answers how a result was computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse

from ssoplanner.access.gate import Member, NotYourRole
from ssoplanner.access.results import may_see, released
from ssoplanner.core.models import Plan, PlanRow
from ssoplanner.recompute.calculations import WHOLE_PLAN, Calculation, calculations
from ssoplanner.recompute.reading import Shown, shown
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.tracing.formula import formula
from ssoplanner.web.tracing.inputs import input_lines
from ssoplanner.web.tracing.parts import Figure, figures_of, parts_of

NOT_SHOWN = "This result is not released. Whoever runs the plan decides when everybody sees it."


@dataclass(frozen=True)
class Need:
    title: str
    url: str
    note: str


def trace_url(plan: Plan, key: str, partition: str = WHOLE_PLAN, figure: str = "") -> str:
    """Where it stands how a result was computed; `figure` names one of its figures."""
    names: dict[str, Any] = {"slug": plan.slug, "calculation": key}
    address = (
        reverse("trace_part", kwargs=names | {"partition": partition}) if partition else reverse("trace", kwargs=names)
    )
    return f"{address}?figure={figure}" if figure else address


def trace(member: Member, key: str, partition: str, asked: QueryDict) -> dict[str, Any]:
    """The page's content. Raises Http404 for what there is not, NotYourRole for what the member may not see."""
    calculation, row = _found(member, key, partition)
    result = _result(member, calculation, partition)
    figures = _figures(key, result, member.plan)
    make = parts_of(key)
    return {
        "calculation": calculation,
        "row": row,
        "result": result,
        "state": state_line(result, member.plan),
        "formula": formula(calculation),
        "inputs": input_lines(member, calculation, partition),
        "needs": [_need(member, calculation, need, partition) for need in calculation.needs],
        "figures": [(figure, trace_url(member.plan, key, partition, figure.key)) for figure in figures],
        "figure": next((figure for figure in figures if figure.key == asked.get("figure")), None),
        "parts": make(member, partition, result.figures, asked) if make and result.figures else None,
        "as_of": formats.day(result.as_of, member.plan) if result.as_of else "",
        "built_at": formats.moment(result.built_at, member.plan) if result.built_at else "",
    }


def _found(member: Member, key: str, partition: str) -> tuple[Calculation, PlanRow | None]:
    calculation = calculations().get(key)
    if calculation is None or bool(partition) is (calculation.per.model is Plan):
        raise Http404("There is no such calculation.")
    if not partition:
        return calculation, None
    manager: Any = calculation.per.model._default_manager
    row = manager.for_plan(member.plan).filter(pk=partition).first()
    if row is None:
        raise Http404("There is no such row in this plan.")
    return calculation, row


def _result(member: Member, calculation: Calculation, partition: str) -> Shown:
    one = (calculation.key, partition)
    if not may_see(member, one, frozenset() if member.sees_all else released(member.plan)):
        raise NotYourRole(NOT_SHOWN)
    return shown(member.plan.pk, [one])[one]


def _figures(key: str, result: Shown, plan: Plan) -> list[Figure]:
    make = figures_of(key)
    return list(make(result.figures, plan)) if make and result.figures else []


def _need(member: Member, calculation: Calculation, key: str, partition: str) -> Need:
    """Another calculation that this one stands on: the same part of the plan, or each of its parts."""
    need = calculations()[key]
    if need.per == calculation.per:
        return Need(need.title, trace_url(member.plan, key, partition), "")
    if need.per.model is Plan:
        return Need(need.title, trace_url(member.plan, key), "")
    return Need(need.title, "", f"one for each {need.per.key}")
