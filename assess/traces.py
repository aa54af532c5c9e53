"""What stands behind the results of Assess: what each agency, service or provision adds to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst

from assess import (
    traces_architecture,
    traces_capabilities,
    traces_gate,
    traces_heat,
    traces_readiness,
    traces_scorecard,
)
from assess.calc.agency_state import MEASURES
from assess.calc.current_state import SCALES
from assess.figure_texts import NO_VALUE, cents, fte, percent
from assess.metrics import METRICS, MetricText, counted, value_text
from assess.pages_staffing import Domain, domains
from ssoplanner.access.gate import Member
from ssoplanner.access.results import all_results
from ssoplanner.core.models import Agency, AgencyStatus, Plan, Provision, Service, System
from ssoplanner.starter.kpis import starter_kpis
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.inputs import last_given
from ssoplanner.web.tracing.page import trace_url
from ssoplanner.web.tracing.parts import Figure, PartLine, Parts

AGENCY_STATE = "assess.agency_state"
SHOWN = 25
Cells = Callable[[Any], tuple[str, ...]]


# --- The figures of a result, one by one ----------------------------------------------------------------------------


def plan_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    return [_figure(text, figures["metrics"][text.key], plan) for text in METRICS]


def _figure(text: MetricText, metric: Mapping[str, Any], plan: Plan) -> Figure:
    return Figure(
        key=text.key,
        label=text.starter.name,
        value=value_text(text, metric["value"], plan),
        formula=text.starter.formula,
        numerator=f"{counted(text, metric['numerator'], plan)} {text.numerator}",
        denominator=f"{formats.number(metric['denominator'], plan)} {text.denominator}",
    )


def agency_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    texts = [text for text in METRICS if text.key in MEASURES]
    return [_figure(text, _metric(text.key, figures["measures"][text.key]), plan) for text in texts]


def staffing_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    starter, metric = starter_kpis()["staffing"], figures["metrics"]["staffing"]
    value = NO_VALUE if metric["value"] is None else percent(metric["value"], plan)
    sourced, all_of_them = (formats.number(metric[name], plan) for name in ("numerator", "denominator"))
    parts = (f"{sourced} areas and services with a benchmark", f"{all_of_them} with FTE")
    return [Figure("staffing", starter.name, value, starter.formula, *parts)]


def _metric(key: str, pair: Sequence[int]) -> dict[str, Any]:
    top, bottom = pair
    return {"value": top * SCALES[key] / bottom if bottom else None, "numerator": top, "denominator": bottom}


# --- What each agency adds to the figures of the plan ---------------------------------------------------------------


def plan_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each agency's part, of those that the member may see; the functions, where the figure counts systems."""
    text = next((text for text in METRICS if text.key == asked.get("figure")), None)
    if text is not None and text.key == "duplicates":
        return _functions(member, asked) if member.sees_all else None
    agencies = Agency.objects.for_plan(member.plan).exclude(status=AgencyStatus.LEFT)
    states = {pk: one.figures for pk, one in all_results(member, AGENCY_STATE).items() if one.figures}
    rows = [(agency, states[str(agency.pk)]) for agency in agencies if str(agency.pk) in states]
    if not rows:
        return None
    heads, cells = _agency_columns(text, member.plan)
    listing = _listing("agencies", rows, ("Agency", *heads), asked, lambda row: f"{row[0].code} {row[0].name}")
    lines = [
        PartLine(
            agency.name,
            trace_url(member.plan, AGENCY_STATE, str(agency.pk), _same_figure(text)),
            cells((agency, state)),
        )
        for agency, state in listing.page
    ]
    whole = "Every agency in the program." if member.sees_all else "Your own agencies; the others’ parts are theirs."
    return Parts("What each agency adds", f"{whole} Its name leads to what its own figures rest on.", listing, lines)


def _same_figure(text: MetricText | None) -> str:
    return text.key if text is not None and text.key in MEASURES else ""


def _agency_columns(text: MetricText | None, plan: Plan) -> tuple[tuple[str, ...], Cells]:
    if text is None:
        return ("Cost a year", "FTE", "Services with figures"), lambda row: _totals(row[1], plan)
    if text.key == "migrated":
        return ("Onboarded",), lambda row: ("1" if row[0].status == AgencyStatus.ONBOARDED else "0",)
    return (capfirst(text.numerator), capfirst(text.denominator), "Its own value"), lambda row: _pair(
        text, row[1], plan
    )


def _totals(state: Mapping[str, Any], plan: Plan) -> tuple[str, ...]:
    cost, people = cents(state["cost_cents"], plan), fte(state["fte_hundredths"], plan)
    return cost, people, formats.number(state["provisions"], plan)


def _pair(text: MetricText, state: Mapping[str, Any], plan: Plan) -> tuple[str, ...]:
    top, bottom = pair = state["measures"][text.key]
    if not bottom:
        return NO_VALUE, NO_VALUE, NO_VALUE
    value = value_text(text, _metric(text.key, pair)["value"], plan)
    return counted(text, top, plan), formats.number(bottom, plan), value


def _functions(member: Member, asked: QueryDict) -> Parts:
    """How many systems in use each function has."""
    used: dict[str, set[int]] = {}
    names: dict[str, str] = {}
    agencies = Agency.objects.for_plan(member.plan).exclude(status=AgencyStatus.LEFT)
    rows = System.objects.for_plan(member.plan).filter(agencies__in=agencies)
    for pk, function in rows.values_list("pk", "function").distinct():
        key = " ".join(function.split()).casefold()
        names.setdefault(key, function)
        used.setdefault(key, set()).add(pk)
    found = [
        (names[key] or "no function given", len(used[key]))
        for key in sorted(used, key=lambda key: (-len(used[key]), key))
    ]
    listing = _listing("functions", found, ("Function", "Systems in use"), asked, lambda row: row[0])
    url = reverse("systems", kwargs={"slug": member.plan.slug})
    lines = [PartLine(name, url, (formats.number(count, member.plan),)) for name, count in listing.page]
    return Parts("Systems in use by function", "Those that an agency in the program uses.", listing, lines)


# --- What provisions add to the figures of an agency and of a service -----------------------------------------------


def agency_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    rows = _provisions(member.plan, figures).filter(agency=partition).select_related("service")
    return _provision_parts(member, rows, "Service", lambda row: row.service.name, "agency_grid", "agency_id", asked)


def service_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """For those who see every agency: the result itself names none."""
    if not member.sees_all:
        return None
    rows = _provisions(member.plan, figures).filter(service=partition).exclude(agency__status=AgencyStatus.LEFT)
    rows = rows.select_related("agency")
    return _provision_parts(member, rows, "Agency", lambda row: row.agency.name, "service_grid", "service_id", asked)


def _provisions(plan: Plan, figures: Mapping[str, Any]) -> Any:
    return Provision.objects.for_plan(plan).filter(fiscal_year=figures["fiscal_year"])


def _provision_parts(
    member: Member,
    rows: Iterable[Provision],
    head: str,
    name: Callable[[Any], str],
    grid: str,
    key: str,
    asked: QueryDict,
) -> Parts | None:
    plan, found = member.plan, sorted(rows, key=lambda row: name(row).casefold())
    if not found:
        return None
    heads = (head, "Cost a year", "FTE", "Volume", "Targets met", "Hours to resolve")
    listing = _listing("provisions", found, heads, asked, name)
    given = last_given(plan, listing.page.object_list)
    lines = [
        PartLine(name(row), _grid(plan, grid, key, row), _given_figures(row, plan), f"{given[row.pk]}{_source(row)}")
        for row in listing.page
    ]
    return Parts(
        "The figures that were given",
        "Below each name: who changed it last, when, and from where it comes.",
        listing,
        lines,
    )


def _grid(plan: Plan, grid: str, key: str, row: Provision) -> str:
    return reverse(grid, kwargs={"slug": plan.slug, key: getattr(row, key)})


def _source(row: Provision) -> str:
    return f"; {row.source}" if row.source else ""


def _given_figures(row: Provision, plan: Plan) -> tuple[str, ...]:
    met = NO_VALUE
    if row.sla_met is not None and row.sla_total is not None:
        met = f"{formats.number(row.sla_met, plan)} of {formats.number(row.sla_total, plan)}"
    cost = NO_VALUE if row.annual_cost is None else formats.money(row.annual_cost, plan)
    figures = (_number(value, plan) for value in (row.fte, row.volume))
    return cost, *figures, met, _number(row.resolution_hours, plan)


def _number(value: Decimal | int | None, plan: Plan) -> str:
    return NO_VALUE if value is None else formats.number(value, plan)


# --- Staffing -------------------------------------------------------------------------------------------------------


def staffing_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each area and service: what was handled, by how many FTE."""
    services = list(Service.objects.for_plan(member.plan).select_related("area"))
    rows = list(domains(figures["domains"], services))
    heads = ("Area or service", "Handled a year", "FTE", "Per FTE")
    listing = _listing("staffing", rows, heads, asked, Domain.text)
    lines = [PartLine(row.row.name, "", _staff_cells(row.figures, member.plan), row.note) for row in listing.page]
    return Parts("What each area and service adds", "Handled by those agencies that gave both figures.", listing, lines)


def _staff_cells(one: Mapping[str, Any], plan: Plan) -> tuple[str, ...]:
    per = NO_VALUE if one["per_fte"] is None else formats.decimals(one["per_fte"], 1, plan)
    return formats.number(one["numerator"], plan), fte(one["paired_fte_hundredths"], plan), per


def _listing(
    name: str, rows: Sequence[Any], heads: Sequence[str], asked: QueryDict, text: Callable[[Any], str]
) -> Listing[Any]:
    columns: list[Column[Any]] = [Column(f"c{place}", head, figure=place > 0) for place, head in enumerate(heads)]
    return Listing(name, rows, columns, asked, text, size=SHOWN)


PARTS = {
    "assess.current_state": plan_parts,
    AGENCY_STATE: agency_parts,
    "assess.service_state": service_parts,
    "assess.staffing": staffing_parts,
    **traces_gate.PARTS,
    **traces_heat.PARTS,
    **traces_readiness.PARTS,
    **traces_architecture.PARTS,
    **traces_capabilities.PARTS,
    **traces_scorecard.PARTS,
}
FIGURES = {
    "assess.current_state": plan_figures,
    AGENCY_STATE: agency_figures,
    "assess.staffing": staffing_figures,
    **traces_gate.FIGURES,
    **traces_heat.FIGURES,
    **traces_readiness.FIGURES,
    **traces_architecture.FIGURES,
    **traces_capabilities.FIGURES,
    **traces_scorecard.FIGURES,
}
REGISTERS = {
    "answer": "readiness_campaigns",
    "auditoranswer": "auditor_questions",
    "campaign": "readiness_campaigns",
    "capability": "capabilities",
    "capabilityrating": "architecture",
    "criterion": "criteria",
    "duplicatefinding": "duplicates",
    "judgement": "judgements",
    "question": "readiness_questions",
    "questionnaire": "readiness_campaigns",
    "riskscore": "risks",
    "sponsor": "reasons",
    "technologyrating": "technology_map",
}
