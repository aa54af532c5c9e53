"""From the results of Assess to what its pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from assess.pages_staffing import STAFFING, staffing
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
NO_VALUE = "–"


def _money(value: float, plan: Plan) -> str:
    return formats.money(Decimal(round(value)) if value >= 100 else Decimal(str(round(value, 2))), plan)


def _decimals(places: int) -> Callable[[float, Plan], str]:
    return lambda value, plan: formats.decimals(value, places, plan)


def _percent(value: float, plan: Plan) -> str:
    return f"{formats.decimals(100 * value, 1, plan)} %"


def _hours(value: float, plan: Plan) -> str:
    return f"{_decimals(1)(value, plan)} h"


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
    MetricText("it_cost", _money, "annual cost of IT services", "end users", 100),
    MetricText("help_desk_fte", _decimals(2), "FTE of the help desk", "end users", 100),
    MetricText("duplicates", _decimals(1), "systems in use", "functions"),
    MetricText("sla", _percent, "targets met", "targets in all"),
    MetricText("resolution", _hours, "hours, over all tickets", "tickets a year", 100),
    MetricText("sop", _percent, "with a standard procedure", "where it is known"),
    MetricText("migrated", _percent, "agencies onboarded", "agencies in the program"),
    MetricText("automated", _percent, "sum of shares", "provisions where it is known", 10_000),
    MetricText("dashboard", _percent, "with a dashboard", "where it is known"),
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
    return [_agency_line(agency, found.get((AGENCY_STATE, str(agency.pk))), member.plan) for agency in agencies]


def _totals(figures: Mapping[str, Any], plan: Plan) -> list[tuple[str, str, str]]:
    cost = Decimal(figures["cost_cents"]) / 100
    reporting = f"{figures['reporting']} of {figures['agencies']}"
    return [
        ("Cost a year", formats.money_short(cost, plan), f"{formats.money(cost, plan)} for the services with figures"),
        ("FTE", _fte(figures["fte_hundredths"], plan), "full-time equivalents at work on them"),
        ("Agencies with figures", reporting, f"{formats.number(figures['provisions'], plan)} provisions"),
        ("Systems in use", formats.number(figures["systems"], plan), "in the register"),
    ]


def _fte(hundredths: int | None, plan: Plan) -> str:
    return NO_VALUE if hundredths is None else _decimals(1)(hundredths / 100, plan)


def _groups(figures: Mapping[str, Any], plan: Plan) -> list[tuple[str, list[MetricLine]]]:
    lines = [(text.starter.area, _metric_line(text, figures["metrics"][text.key], plan)) for text in METRICS]
    areas = dict.fromkeys(area for area, _ in lines)
    return [(str(area.label), [line for own, line in lines if own is area]) for area in areas]


def _metric_line(text: MetricText, metric: Mapping[str, Any], plan: Plan) -> MetricLine:
    value, agencies = metric["value"], metric["agencies"]
    return MetricLine(
        label=text.starter.name,
        value=NO_VALUE if value is None else text.shown(value, plan),
        coverage=f"from {agencies} {'agency' if agencies == 1 else 'agencies'}" if agencies else "no figures yet",
        formula=text.starter.formula,
        numerator=f"{_plain(metric['numerator'] / text.numerator_scale, plan)} {text.numerator}",
        denominator=f"{formats.number(metric['denominator'], plan)} {text.denominator}",
    )


def _plain(value: float, plan: Plan) -> str:
    return formats.number(Decimal(str(round(value, 2))), plan)


def _agency_line(agency: Agency, result: Shown | None, plan: Plan) -> dict[str, Any]:
    figures = result.figures if result else None
    line = {"name": agency.name, "url": reverse("agency", kwargs={"slug": plan.slug, "agency_id": agency.pk})}
    if result is None or figures is None:
        return {**line, "cost": NO_VALUE, "fte": NO_VALUE, "per_user": NO_VALUE, "systems": NO_VALUE, "sla": NO_VALUE}
    return {
        **line,
        "provisions": figures["provisions"],
        "cost": _cents(figures["cost_cents"], plan),
        "fte": _fte(figures["fte_hundredths"], plan),
        "per_user": _cents(figures["cost_per_user_cents"], plan),
        "systems": formats.number(figures["systems"], plan),
        "sla": _share(figures["measures"]["sla"], plan),
        "current": result.is_current,
    }


def _cents(cents: float | None, plan: Plan) -> str:
    return NO_VALUE if cents is None else _money(cents / 100, plan)


def _share(pair: Iterable[int], plan: Plan) -> str:
    top, bottom = pair
    return _percent(top / bottom, plan) if bottom else NO_VALUE


def current_state(member: Member) -> dict[str, Any]:
    """The page: the plan, each agency and each service, as far as the member may see them."""
    plan, found = member.plan, results(member, [*_keys(member), STAFFING])
    agencies, states = all_results(member, AGENCY_STATE), all_results(member, SERVICE_STATE)
    services = list(Service.objects.for_plan(plan).select_related("area"))
    return {
        **_summary(member, found),
        "agencies": [
            _agency_line(agency, agencies[str(agency.pk)], plan)
            for agency in Agency.objects.for_plan(plan)
            if str(agency.pk) in agencies
        ],
        "services": [
            _service_line(service, states[str(service.pk)], plan) for service in services if str(service.pk) in states
        ],
        "staffing": staffing(member, found.get(STAFFING), services),
        "refresh_url": reverse("current_state", kwargs={"slug": plan.slug}),
    }


def _service_line(service: Service, result: Shown, plan: Plan) -> dict[str, Any]:
    figures = result.figures
    line = {"name": service.name, "area": service.area.name, "unit": service.volume_unit}
    if figures is None:
        return line
    spread = figures["unit_cost_spread_cents"]
    return {
        **line,
        "agencies": figures["agencies"],
        "cost": _cents(figures["cost_cents"], plan),
        "fte": _fte(figures["fte_hundredths"], plan),
        "volume": NO_VALUE if figures["volume"] is None else formats.number(figures["volume"], plan),
        "unit_cost": _cents(figures["unit_cost_cents"], plan),
        "spread": " – ".join(_cents(value, plan) for value in (spread[0], spread[2])) if spread else NO_VALUE,
        "times": _decimals(1)(spread[2] / spread[0], plan) if spread and spread[0] else "",
        "systems": figures["systems"],
        "sla": _share(figures["sla"], plan),
    }
