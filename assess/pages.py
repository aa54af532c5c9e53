"""From the results of Assess to what its pages show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.figure_texts import NO_VALUE, decimals, fte, hours, money, percent
from assess.pages_staffing import STAFFING, staffing
from assess.pages_tables import agencies_listing, agency_line, service_line, services_listing
from ssoplanner.access.gate import Member
from ssoplanner.access.results import all_results, results
from ssoplanner.core.models import Agency, Plan, Service
from ssoplanner.recompute.calculations import Key
from ssoplanner.recompute.reading import Shown
from ssoplanner.starter.kpis import StarterKpi, starter_kpis
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.live import live

PLAN_STATE = ("assess.current_state", "")
AGENCY_STATE, SERVICE_STATE = "assess.agency_state", "assess.service_state"


@dataclass(frozen=True)
class MetricText:
    """How a starter metric is shown, and what its numerator and denominator count."""

    key: str
    shown: Callable[[float, Plan], str]
    numerator: str
    denominator: str
    numerator_scale: int = 1

    @property
    def starter(self) -> StarterKpi:
        return starter_kpis()[self.key]


METRICS = (
    MetricText("it_cost", money, "annual cost of IT services", "end users", 100),
    MetricText("help_desk_fte", decimals(2), "FTE of the help desk", "end users", 100),
    MetricText("duplicates", decimals(1), "systems in use", "functions"),
    MetricText("sla", percent, "targets met", "targets in all"),
    MetricText("resolution", hours, "hours, over all tickets", "tickets a year", 100),
    MetricText("sop", percent, "with a standard procedure", "where it is known"),
    MetricText("migrated", percent, "agencies onboarded", "agencies in the program"),
    MetricText("automated", percent, "sum of shares", "provisions where it is known", 10_000),
    MetricText("dashboard", percent, "with a dashboard", "where it is known"),
)


@dataclass(frozen=True)
class MetricLine:
    label: str
    value: str
    coverage: str
    formula: str
    numerator: str
    denominator: str


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


def _groups(figures: Mapping[str, Any], plan: Plan) -> list[tuple[str, list[MetricLine]]]:
    lines = [(text.starter.area, _metric_line(text, figures["metrics"][text.key], plan)) for text in METRICS]
    areas = dict.fromkeys(area for area, _ in lines)
    return [(str(area.label), [line for own, line in lines if own is area]) for area in areas]


def _metric_line(text: MetricText, metric: Mapping[str, Any], plan: Plan) -> MetricLine:
    value, agencies = metric["value"], metric["agencies"]
    return MetricLine(
        label=text.starter.name,
        value=NO_VALUE if value is None else text.shown(value, plan),
        coverage=f"from {formats.counted(agencies, 'agency', 'agencies', plan)}" if agencies else "no figures yet",
        formula=text.starter.formula,
        numerator=f"{_plain(metric['numerator'] / text.numerator_scale, plan)} {text.numerator}",
        denominator=f"{formats.number(metric['denominator'], plan)} {text.denominator}",
    )


def _plain(value: float, plan: Plan) -> str:
    return formats.number(Decimal(str(round(value, 2))), plan)


def current_state(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The page: the plan, each agency and each service, as far as the member may see them."""
    plan, found = member.plan, results(member, [*_keys(member), STAFFING])
    services = list(Service.objects.for_plan(plan).select_related("area"))
    by_agency = agencies_listing(Agency.objects.for_plan(plan), all_results(member, AGENCY_STATE), asked)
    by_service = services_listing(services, all_results(member, SERVICE_STATE), asked)
    url = reverse("current_state", kwargs={"slug": plan.slug})
    return {
        **_summary(member, found),
        "agencies": by_agency,
        "agency_lines": [agency_line(agency, result, plan) for agency, result in by_agency.page],
        "services": by_service,
        "service_lines": [service_line(service, result, plan) for service, result in by_service.page],
        "staffing": staffing(member, found.get(STAFFING), services, asked),
        "refresh_url": f"{url}?{asked.urlencode()}" if asked else url,
    }
