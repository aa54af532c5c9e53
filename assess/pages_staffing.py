"""From the result of `assess.staffing` to the section that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Benchmark, Plan, Service
from ssoplanner.recompute.reading import Shown
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line

STAFFING = ("assess.staffing", "")
NAMES = {"p25": "P25", "p50": "median", "p75": "P75", "figure": "benchmark"}
STRIP = 120  # width of the drawing, in its own units


@dataclass(frozen=True)
class Strip:
    """Where the benchmark's figures and our own stand on a line from zero, as coordinates."""

    figures: tuple[float, ...]
    own: float

    @property
    def start(self) -> float:
        return self.figures[0]

    @property
    def width(self) -> float:
        return round(self.figures[-1] - self.figures[0], 1)


@dataclass(frozen=True)
class DomainLine:
    name: str
    note: str
    fte: str
    handled: str
    coverage: str
    per_fte: str
    figures: str
    source: str
    position: str
    strip: Strip | None


def staffing(member: Member, result: Shown | None, services: Sequence[Service]) -> dict[str, Any] | None:
    """The section, or None where the member may not see it. `services` are the plan's, with their areas."""
    if result is None:
        return None
    domains = result.figures["domains"] if result.figures else []
    keys = [one["benchmark"] for one in domains if one["benchmark"] is not None]
    sources = Benchmark.objects.for_plan(member.plan).in_bulk(keys)
    lines = list(_lines(domains, sources, services, member.plan))
    return {
        "state": state_line(result, member.plan),
        "sentence": _sentence(result.figures) if result.figures else "",
        "sourced": [line for benchmark, line in lines if benchmark is not None],
        "others": [line for benchmark, line in lines if benchmark is None],
        "benchmarks_url": reverse("benchmarks", kwargs={"slug": member.plan.slug}),
    }


def _sentence(figures: Mapping[str, Any]) -> str:
    metric, compared = figures["metrics"]["staffing"], figures["compared"]
    sourced, domains = metric["numerator"], metric["denominator"]
    said = f"{sourced} of {domains} areas and services with FTE {'has' if sourced == 1 else 'have'} a benchmark."
    if not compared:
        return said
    below = sum(1 for one in figures["domains"] if one["position"] == [None, "p25"])
    who = f"{below or 'None'} of the {compared} that could be compared {'lies' if below < 2 else 'lie'} below P25"
    return f"{said} {who}{': three quarters of the others handle more per FTE' if below else ''}."


def _lines(
    domains: Iterable[Mapping[str, Any]], sources: Mapping[int, Benchmark], services: Sequence[Service], plan: Plan
) -> Iterable[tuple[int | None, DomainLine]]:
    areas = {service.area_id: service.area for service in services}
    by_id = {service.pk: service for service in services}
    for one in domains:
        row: Any = areas.get(one["id"]) if one["kind"] == "area" else by_id.get(one["id"])
        if row is not None:  # it was removed since
            note = "service area" if one["kind"] == "area" else row.area.name
            yield one["benchmark"], _line(one, row, note, sources.get(one["benchmark"]), plan)


def _line(one: Mapping[str, Any], row: Any, note: str, source: Benchmark | None, plan: Plan) -> DomainLine:
    counted = f"{row.volume_unit}s" if one["measure"] == "volume_per_fte" else "employees"
    agencies = one["agencies"]
    known = one["per_fte"] is not None
    return DomainLine(
        name=row.name,
        note=note,
        fte=formats.decimals(one["fte_hundredths"] / 100, 1, plan),
        handled=f"{formats.number(one['numerator'], plan)} {counted}" if agencies else "",
        coverage=f"from {agencies} {'agency' if agencies == 1 else 'agencies'}" if agencies else "",
        per_fte=_figure(one["per_fte"], plan) if known else "",
        figures=" · ".join(f"{NAMES[name]} {_exact(value, plan)}" for name, value in one["figures"].items()),
        source=f"{source.source}; {source.population}; {source.year}" if source else "",
        position=_position(one, counted),
        strip=_strip(one["per_fte"], one["figures"].values()) if known and one["figures"] else None,
    )


def _figure(value: float, plan: Plan) -> str:
    return formats.decimals(value, 0 if value >= 100 else 1, plan)


def _exact(tenthousandths: int, plan: Plan) -> str:
    return formats.number((Decimal(tenthousandths) / 10_000).normalize(), plan)


def _position(one: Mapping[str, Any], counted: str) -> str:
    if one["benchmark"] is None:
        return "no benchmark"
    if one["position"] is None:
        return f"{'number of ' if counted == 'employees' else ''}{counted} not given"
    lower, upper = (NAMES.get(name) for name in one["position"])
    if lower is None or upper is None:
        return f"below {upper}" if lower is None else f"at or above {lower}"
    return f"{lower} to {upper}"


def _strip(own: float, figures: Iterable[int]) -> Strip:
    values = [figure / 10_000 for figure in figures]
    scale = STRIP / (1.1 * max(own, *values) or 1)
    return Strip(tuple(round(value * scale, 1) for value in values), round(own * scale, 1))
