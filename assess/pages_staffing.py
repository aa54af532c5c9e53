"""From the result of `assess.staffing` to the section that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Benchmark, Plan, Service
from ssoplanner.recompute.reading import Shown
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.page import trace_url

STAFFING = ("assess.staffing", "")
NAMES = {"p25": "P25", "p50": "median", "p75": "P75", "figure": "benchmark"}
SHOWN = 15  # areas and services at once
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


@dataclass(frozen=True)
class Domain:
    """An area or a service (`row`) with its figures in the result."""

    figures: Mapping[str, Any]
    row: Any
    note: str

    @property
    def benchmark(self) -> int | None:
        key: int | None = self.figures["benchmark"]
        return key

    def text(self) -> str:
        return f"{self.row.code} {self.row.name} {self.note}"


def staffing(
    member: Member, result: Shown | None, services: Sequence[Service], asked: QueryDict
) -> dict[str, Any] | None:
    """The section, or None where the member may not see it. `services` are the plan's, with their areas."""
    if result is None:
        return None
    found = list(domains(result.figures["domains"] if result.figures else [], services))
    keys = [domain.benchmark for domain in found if domain.benchmark is not None]
    sourced, others = _listings(found, asked)
    sources = Benchmark.objects.for_plan(member.plan).in_bulk(keys)
    return {
        "state": state_line(result, member.plan),
        "sentence": _sentence(result.figures) if result.figures else "",
        "sourced": sourced,
        "sourced_lines": [_line(domain, sources, member.plan) for domain in sourced.page],
        "others": others,
        "other_lines": [_line(domain, sources, member.plan) for domain in others.page],
        "trace_url": trace_url(member.plan, *STAFFING),
        "benchmarks_url": reverse("benchmarks", kwargs={"slug": member.plan.slug}),
    }


def _listings(domains: Sequence[Domain], asked: QueryDict) -> tuple[Listing[Domain], Listing[Domain]]:
    """Those with a benchmark, and those without: areas first."""
    columns: list[Column[Domain]] = [
        Column("name", "Area or service", lambda domain: domain.row.name.casefold()),
        Column("fte", "FTE", lambda domain: domain.figures["fte_hundredths"], figure=True),
        Column("handled", "Handled a year", figure=True),
        Column("per-fte", "Per FTE", figure=True),
    ]
    compared: list[Column[Domain]] = [Column("position", "Position"), Column("benchmark", "Benchmark")]
    sourced = [domain for domain in domains if domain.benchmark is not None]
    others = [domain for domain in domains if domain.benchmark is None]
    return (
        Listing("staffing", sourced, [*columns, *compared], asked, Domain.text, size=SHOWN),
        Listing("unsourced", others, columns, asked, Domain.text, size=SHOWN),
    )


def _sentence(figures: Mapping[str, Any]) -> str:
    metric, compared = figures["metrics"]["staffing"], figures["compared"]
    sourced, domains = metric["numerator"], metric["denominator"]
    said = f"{sourced} of {domains} areas and services with FTE {'has' if sourced == 1 else 'have'} a benchmark."
    if not compared:
        return said
    below = sum(1 for one in figures["domains"] if one["position"] == [None, "p25"])
    who = f"{below or 'None'} of the {compared} that could be compared {'lies' if below < 2 else 'lie'} below P25"
    return f"{said} {who}{': three quarters of the others handle more per FTE' if below else ''}."


def domains(figures: Iterable[Mapping[str, Any]], services: Sequence[Service]) -> Iterable[Domain]:
    areas = {service.area_id: service.area for service in services}
    by_id = {service.pk: service for service in services}
    for one in figures:
        row: Any = areas.get(one["id"]) if one["kind"] == "area" else by_id.get(one["id"])
        if row is not None:  # it was removed since
            yield Domain(one, row, "service area" if one["kind"] == "area" else row.area.name)


def _line(domain: Domain, sources: Mapping[int, Benchmark], plan: Plan) -> DomainLine:
    one, row = domain.figures, domain.row
    counted = f"{row.volume_unit}s" if one["measure"] == "volume_per_fte" else "employees"
    agencies, source = one["agencies"], sources.get(one["benchmark"])
    known = one["per_fte"] is not None
    return DomainLine(
        name=row.name,
        note=domain.note,
        fte=formats.decimals(one["fte_hundredths"] / 100, 1, plan),
        handled=f"{formats.number(one['numerator'], plan)} {counted}" if agencies else "",
        coverage=f"from {formats.counted(agencies, 'agency', 'agencies', plan)}" if agencies else "",
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
