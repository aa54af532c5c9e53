"""The tables of the current state: a line for each agency and each service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.figure_texts import NO_VALUE, cents, decimals, fte, ratio, share
from ssoplanner.core.models import Agency, Plan, Service
from ssoplanner.recompute.reading import Shown
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.page import trace_url

SHOWN = 15  # agencies or services at once
Row = tuple[Any, Shown]  # an agency or a service, and its result


def agencies_listing(agencies: Iterable[Agency], states: Mapping[str, Shown], asked: QueryDict) -> Listing[Row]:
    """Those agencies that `states` has a result of, the dearest first."""
    rows = [(agency, states[str(agency.pk)]) for agency in agencies if str(agency.pk) in states]
    columns = [
        Column("name", "Agency", _name),
        _figure("cost", "Cost a year", lambda figures: figures["cost_cents"]),
        _figure("fte", "FTE", lambda figures: figures["fte_hundredths"]),
        _figure("user", "Cost per user", lambda figures: figures["cost_per_user_cents"]),
        _figure("systems", "Systems", lambda figures: figures["systems"]),
        _figure("sla", "SLA compliance", lambda figures: ratio(figures["measures"]["sla"])),
        Column("how", "How computed"),
    ]
    return Listing("agencies", rows, columns, asked, lambda row: f"{row[0].code} {row[0].name}", "cost", size=SHOWN)


def services_listing(services: Iterable[Service], states: Mapping[str, Shown], asked: QueryDict) -> Listing[Row]:
    """Those services that `states` has a result of, the dearest first. Tickets and payslips do not sort together."""
    rows = [(service, states[str(service.pk)]) for service in services if str(service.pk) in states]
    columns = [
        Column("name", "Service", _name),
        _figure("agencies", "Agencies", lambda figures: figures["agencies"]),
        _figure("cost", "Cost a year", lambda figures: figures["cost_cents"]),
        _figure("fte", "FTE", lambda figures: figures["fte_hundredths"]),
        Column("volume", "Volume a year", figure=True),
        Column("unit", "Unit cost", figure=True),
        _figure("spread", "Cheapest to dearest", lambda figures: _times(figures["unit_cost_spread_cents"])),
        _figure("systems", "Systems", lambda figures: figures["systems"]),
        _figure("sla", "SLA compliance", lambda figures: ratio(figures["sla"])),
        Column("how", "How computed"),
    ]
    return Listing("services", rows, columns, asked, _service_text, "cost", size=SHOWN)


def _name(row: Row) -> str:
    return str(row[0].name).casefold()


def _service_text(row: Row) -> str:
    return f"{row[0].code} {row[0].name} {row[0].area.name}"


def _figure(name: str, label: str, figure: Callable[[Mapping[str, Any]], Any]) -> Column[Row]:
    return Column(name, label, lambda row: figure(row[1].figures) if row[1].figures else None, figure=True)


def _times(spread: Sequence[float] | None) -> float | None:
    """How many times as dear as the cheapest agency the dearest is."""
    return ratio((spread[2], spread[0])) if spread else None


def agency_line(agency: Agency, result: Shown | None, plan: Plan) -> dict[str, Any]:
    """An agency as the table shows it."""
    figures = result.figures if result else None
    line = {"name": agency.name, "url": reverse("agency", kwargs={"slug": plan.slug, "agency_id": agency.pk})}
    line["trace_url"] = trace_url(plan, "assess.agency_state", str(agency.pk)) if result else ""
    if result is None or figures is None:
        return {**line, "cost": NO_VALUE, "fte": NO_VALUE, "per_user": NO_VALUE, "systems": NO_VALUE, "sla": NO_VALUE}
    return {
        **line,
        "provisions": figures["provisions"],
        "cost": cents(figures["cost_cents"], plan),
        "fte": fte(figures["fte_hundredths"], plan),
        "per_user": cents(figures["cost_per_user_cents"], plan),
        "systems": formats.number(figures["systems"], plan),
        "sla": share(figures["measures"]["sla"], plan),
        "current": result.is_current,
    }


def service_line(service: Service, result: Shown, plan: Plan) -> dict[str, Any]:
    """A service as the table shows it."""
    figures = result.figures
    trace = trace_url(plan, "assess.service_state", str(service.pk))
    line = {"name": service.name, "area": service.area.name, "unit": service.volume_unit, "trace_url": trace}
    if figures is None:
        return line
    spread = figures["unit_cost_spread_cents"]
    times = _times(spread)
    return {
        **line,
        "agencies": figures["agencies"],
        "cost": cents(figures["cost_cents"], plan),
        "fte": fte(figures["fte_hundredths"], plan),
        "volume": NO_VALUE if figures["volume"] is None else formats.number(figures["volume"], plan),
        "unit_cost": cents(figures["unit_cost_cents"], plan),
        "spread": " – ".join(cents(value, plan) for value in (spread[0], spread[2])) if spread else NO_VALUE,
        "times": "" if times is None else decimals(1)(times, plan),
        "systems": figures["systems"],
        "sla": share(figures["sla"], plan),
    }
