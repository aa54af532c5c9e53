"""From the results of Assess to what its pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.figure_texts import fte
from assess.metrics import METRICS, MetricText, counted, value_text
from assess.pages_staffing import STAFFING, staffing
from assess.pages_tables import agencies_listing, agency_line, service_line, services_listing
from ssoplanner.access.gate import Member
from ssoplanner.access.results import all_results, results
from ssoplanner.core.models import Agency, Plan, Service
from ssoplanner.recompute.calculations import Key
from ssoplanner.recompute.reading import Shown
from ssoplanner.steps.registry import Pillar
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.live import live
from ssoplanner.web.roadmap.pillars import asked_pillar, pillar_choices
from ssoplanner.web.tracing.page import trace_url

PLAN_STATE = ("assess.current_state", "")
AGENCY_STATE, SERVICE_STATE = "assess.agency_state", "assess.service_state"


@dataclass(frozen=True)
class MetricLine:
    label: str
    value: str
    coverage: str
    formula: str
    numerator: str
    denominator: str
    trace_url: str


def summary(member: Member) -> dict[str, Any]:
    """The panel on the home page: the whole plan where the member may see it, else their own agencies."""
    return _summary(member, results(member, _keys(member)))


def _keys(member: Member) -> list[Key]:
    own = [(AGENCY_STATE, str(pk)) for pk in sorted(member.agency_ids)]
    return [PLAN_STATE] if member.sees_all else [PLAN_STATE, *own]


def _summary(member: Member, found: Mapping[Key, Shown]) -> dict[str, Any]:
    plan, whole = member.plan, found.get(PLAN_STATE)
    return {
        "whole": whole,
        "state": state_line(whole, plan) if whole else None,
        "totals": _totals(whole.figures, plan) if whole and whole.figures else [],
        "groups": _groups(whole.figures, plan) if whole and whole.figures else [],
        "own": _own(member, {key: result for key, result in found.items() if key[0] == AGENCY_STATE}),
        "live": live(plan, found, "current-state"),
        "url": reverse("current_state", kwargs={"slug": plan.slug}),
        "refresh_url": reverse("current_state_summary", kwargs={"slug": plan.slug}),
        "trace_url": trace_url(plan, *PLAN_STATE),
        "year": plan.base_year,
    }


def _own(member: Member, found: Mapping[Key, Shown]) -> list[dict[str, Any]]:
    if not found:
        return []
    agencies = Agency.objects.for_plan(member.plan).filter(pk__in=member.agency_ids)
    return [agency_line(agency, found.get((AGENCY_STATE, str(agency.pk))), member.plan) for agency in agencies]


def _totals(figures: Mapping[str, Any], plan: Plan) -> list[tuple[str, str, str]]:
    cost = Decimal(figures["cost_cents"]) / 100
    reporting = f"{figures['reporting']} of {figures['agencies']}"
    return [
        ("Cost a year", formats.money_short(cost, plan), f"{formats.money(cost, plan)} for the services with figures"),
        ("FTE", fte(figures["fte_hundredths"], plan), "full-time equivalents at work on them"),
        ("Agencies with figures", reporting, formats.counted(figures["provisions"], "provision", "provisions", plan)),
        ("Systems in use", formats.number(figures["systems"], plan), "in the register"),
    ]


def _groups(figures: Mapping[str, Any], plan: Plan, pillar: Pillar | None = None) -> list[tuple[str, list[MetricLine]]]:
    texts = [text for text in METRICS if pillar is None or pillar in text.starter.pillars]
    lines = [(text.starter.area, _metric_line(text, figures["metrics"][text.key], plan)) for text in texts]
    areas = dict.fromkeys(area for area, _ in lines)
    return [(str(area.label), [line for own, line in lines if own is area]) for area in areas]


def _metric_line(text: MetricText, metric: Mapping[str, Any], plan: Plan) -> MetricLine:
    value, agencies = metric["value"], metric["agencies"]
    return MetricLine(
        label=text.starter.name,
        value=value_text(text, value, plan),
        coverage=f"from {formats.counted(agencies, 'agency', 'agencies', plan)}" if agencies else "no figures yet",
        formula=text.starter.formula,
        numerator=f"{counted(text, metric['numerator'], plan)} {text.numerator}",
        denominator=f"{formats.number(metric['denominator'], plan)} {text.denominator}",
        trace_url=trace_url(plan, *PLAN_STATE, text.key),
    )


def current_state(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The page: the plan, each agency and each service, as far as the member may see them."""
    plan, found = member.plan, results(member, [*_keys(member), STAFFING])
    services = list(Service.objects.for_plan(plan).select_related("area"))
    by_agency = agencies_listing(Agency.objects.for_plan(plan), all_results(member, AGENCY_STATE), asked)
    by_service = services_listing(services, all_results(member, SERVICE_STATE), asked)
    url = reverse("current_state", kwargs={"slug": plan.slug})
    whole, pillar = found.get(PLAN_STATE), asked_pillar(asked)
    return {
        **_summary(member, found),
        "groups": _groups(whole.figures, plan, pillar) if whole and whole.figures else [],
        "pillar_filter": pillar_choices(url, pillar, [text.pillars for text in METRICS], "All measures"),
        "agencies": by_agency,
        "agency_lines": [agency_line(agency, result, plan) for agency, result in by_agency.page],
        "services": by_service,
        "service_lines": [service_line(service, result, plan) for service, result in by_service.page],
        "staffing": staffing(member, found.get(STAFFING), services, asked),
        "refresh_url": f"{url}?{asked.urlencode()}" if asked else url,
    }
