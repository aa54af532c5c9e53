"""The second heat map: agencies x services of one area, coloured by one metric. At the largest plan it is one page of
agencies and one area of services, read by one query and written as one text: a template loop takes far longer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assess.figure_texts import NO_VALUE
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, AgencyStatus, Plan, Provision, Service, ServiceArea
from ssoplanner.web import formats

AGENCIES = 40  # at once
STEPS = 5
Values = Mapping[tuple[int, int], Any]


@dataclass(frozen=True)
class Metric:
    """A figure of a provision as it was given; two fields make a share."""

    key: str
    label: str
    fields: tuple[str, ...]
    text: Callable[[Any, Plan], str]


def _money(value: Decimal, plan: Plan) -> str:
    return formats.money_short(value, plan)


def _number(value: Any, plan: Plan) -> str:
    return formats.number(value, plan)


def _percent(value: Any, plan: Plan) -> str:
    return f"{formats.number(round(100 * value), plan)} %"


METRICS = (
    Metric("cost", "Cost a year", ("annual_cost",), _money),
    Metric("fte", "FTE", ("fte",), _number),
    Metric("volume", "Volume a year", ("volume",), _number),
    Metric("sla", "Service targets met", ("sla_met", "sla_total"), _percent),
    Metric("automation", "Workflows automated", ("automated_share",), _percent),
    Metric("hours", "Hours to resolve", ("resolution_hours",), _number),
)


def agencies_map(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The page. Leads see their own agencies only."""
    plan, metric = member.plan, _metric(asked)
    areas = list(ServiceArea.objects.for_plan(plan).annotate(count=Count("services")).filter(count__gt=0))
    largest = max(areas, key=lambda one: one.count, default=None)
    area = next((one for one in areas if one.code == asked.get("area")), largest)
    services = list(Service.objects.for_plan(plan).filter(area=area)) if area else []
    agencies = Agency.objects.for_plan(plan).exclude(status=AgencyStatus.LEFT)
    if not member.sees_all:
        agencies = agencies.filter(pk__in=member.agency_ids)
    page = Paginator(agencies, AGENCIES).get_page(asked.get("page"))
    shown = list(page.object_list)
    values = _values(plan, metric, services, agencies)
    url = reverse("heat_map_agencies", kwargs={"slug": plan.slug})
    return {
        "metric": metric,
        "area": area,
        "services": services,
        "page": page,
        "body": _body(shown, services, values, metric, plan),
        "empty": not services or not shown,
        "metrics": [_option("metric", one.key, one.label, one is metric, asked, url) for one in METRICS],
        "areas": [_option("area", one.code, one.name, one == area, asked, url) for one in areas],
        "own_only": not member.sees_all,
        **_page_urls(page, asked, url),
        "map_url": reverse("heat_map", kwargs={"slug": plan.slug}),
    }


def _metric(asked: QueryDict) -> Metric:
    return next((one for one in METRICS if one.key == asked.get("metric")), METRICS[0])


def _values(plan: Plan, metric: Metric, services: Sequence[Service], agencies: QuerySet[Agency]) -> dict[Any, Any]:
    """(agency, service) -> the figure, where given. Of all agencies, so that a shade means the same on each page."""
    rows = Provision.objects.for_plan(plan).filter(
        fiscal_year=plan.base_year, service__in=[one.pk for one in services], agency__in=agencies.order_by()
    )
    found = {}
    for agency, service, *parts in rows.order_by().values_list("agency_id", "service_id", *metric.fields):
        value = parts[0] if len(parts) == 1 else _share(*parts)
        if value is not None:
            found[agency, service] = value
    return found


def _share(top: int | None, bottom: int | None) -> float | None:
    return top / bottom if top is not None and bottom else None


def _body(
    agencies: Sequence[Agency], services: Sequence[Service], values: Values, metric: Metric, plan: Plan
) -> SafeString:
    """The rows of the table; everything that people wrote is escaped."""
    by_service: dict[int, list[Any]] = {service.pk: [] for service in services}
    for (_, service), value in values.items():
        by_service[service].append(value)
    limits = {service: _limits(known) for service, known in by_service.items()}
    rows = (_row(agency, services, values, limits, metric, plan) for agency in agencies)
    return mark_safe("".join(rows))


def _limits(values: Sequence[Any]) -> list[Any]:
    """Four figures that cut the column into fifths."""
    known = sorted(values)
    return [known[len(known) * step // STEPS] for step in range(1, STEPS)] if known else []


def _row(
    agency: Agency,
    services: Sequence[Service],
    values: Values,
    limits: Mapping[int, Sequence[Any]],
    metric: Metric,
    plan: Plan,
) -> str:
    url = reverse("agency_grid", kwargs={"slug": plan.slug, "agency_id": agency.pk})
    head = f'<th scope="row"><a href="{escape(url)}">{escape(agency.name)}</a></th>'
    return f"<tr>{head}{''.join(_cells(agency, services, values, limits, metric, plan))}</tr>"


def _cells(
    agency: Agency,
    services: Sequence[Service],
    values: Values,
    limits: Mapping[int, Sequence[Any]],
    metric: Metric,
    plan: Plan,
) -> Iterator[str]:
    for service in services:
        value = values.get((agency.pk, service.pk))
        if value is None:
            yield f'<td class="heat-none">{NO_VALUE}</td>'
            continue
        step = 1 + bisect_right(limits[service.pk], value)
        yield f'<td class="heat-{step}">{escape(metric.text(value, plan))}</td>'


def _option(name: str, key: str, label: str, current: bool, asked: QueryDict, url: str) -> dict[str, Any]:
    address = asked.copy()
    address[name] = key
    return {"label": label, "url": f"{url}?{address.urlencode()}", "count": None, "current": current}


def _page_urls(page: Page[Agency], asked: QueryDict, url: str) -> dict[str, str]:
    def at(number: int) -> str:
        address = asked.copy()
        address["page"] = str(number)
        return f"{url}?{address.urlencode()}"

    return {
        "previous_url": at(page.previous_page_number()) if page.has_previous() else "",
        "next_url": at(page.next_page_number()) if page.has_next() else "",
    }
