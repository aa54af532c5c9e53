"""Function-based staffing: what each FTE of an area or service handles, held against a benchmark of others.

A domain is an area or a service with FTE in the base year. Over the agencies in the program:

- Volume per FTE of a service: volume a year / FTE, both summed over the agencies that give both.
- Employees per FTE of an area, or of a service whose benchmark asks for it: headcount / FTE, likewise. An FTE of zero
  is known, not unknown: somebody else does that agency's work. An area has the FTE of its services in the plan: while
  some of its work is in none of them, it looks leaner than it is.
- The benchmark of a domain is the newest one for it (of the same year an own one before the library's, then the one
  that was added first). For a service, one for volume comes before one for employees. A library's figure for volume
  holds only while the service is counted in the library's unit.
- Position: between which two figures of the benchmark (P25, median and P75, or else its single figure) the domain lies;
  what equals a figure lies above it. Fewer per FTE than P25 means more staff than three quarters of the others.
- Metric `staffing`: domains that have a benchmark / domains, 0-1.

FTE are in hundredths, benchmarks in ten-thousandths of their unit: every comparison is exact. Refused: nothing; a
domain without a benchmark, or whose volume or headcount is unknown, has no position.

Source: the tenth starter metric of the method, function-based staffing alignment (FTE/volume).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assess.calc.current_state import Metric

VOLUME, EMPLOYEES = "volume_per_fte", "employees_per_fte"
QUARTILES = ("p25", "p50", "p75")
Pair = tuple[int, int]


@dataclass(frozen=True)
class AreaInput:
    """`key` is what a benchmark's subject calls it."""

    id: int
    key: str


@dataclass(frozen=True)
class ServiceInput:
    """`in_library_unit`: its volume is counted as the library's figures count it."""

    id: int
    key: str
    area: int
    in_library_unit: bool = True


@dataclass(frozen=True)
class StaffInput:
    """One service as one agency of the program staffs it. None is unknown."""

    agency: int
    service: int
    fte_hundredths: int | None
    volume: int | None


@dataclass(frozen=True)
class BenchmarkInput:
    """Figures in ten-thousandths, by `p25`, `p50`, `p75` or `figure`, as far as they are given."""

    id: int
    measure: str
    subject: str
    year: int
    in_library: bool
    figures: Mapping[str, int]


@dataclass(frozen=True)
class PlanInput:
    """`headcounts` is by agency, for those that give theirs."""

    areas: tuple[AreaInput, ...]
    services: tuple[ServiceInput, ...]
    headcounts: Mapping[int, int]
    staff: tuple[StaffInput, ...]
    benchmarks: tuple[BenchmarkInput, ...]


@dataclass(frozen=True)
class Domain:
    """`per_fte` is `numerator` (volume or employees) / FTE of those who give both, over `agencies` of them.

    `position` names the figures below and above it, None where there is none on that side; it is None if not compared.
    """

    kind: str
    id: int
    fte_hundredths: int
    measure: str
    per_fte: float | None
    numerator: int
    paired_fte_hundredths: int
    agencies: int
    benchmark: int | None
    figures: dict[str, int]
    position: tuple[str | None, str | None] | None


@dataclass(frozen=True)
class Staffing:
    domains: tuple[Domain, ...]
    compared: int
    metrics: dict[str, Metric]


def staffing(plan: PlanInput) -> Staffing:
    """Every area and service with FTE, areas first, and how many of them have a benchmark."""
    domains = tuple(domain for domain in (*_areas(plan), *_services(plan)) if domain.fte_hundredths > 0)
    sourced = sum(1 for domain in domains if domain.benchmark is not None)
    staffed = {row.agency for row in plan.staff if row.fte_hundredths}
    share = sourced / len(domains) if domains else None
    return Staffing(
        domains=domains,
        compared=sum(1 for domain in domains if domain.position is not None),
        metrics={"staffing": Metric(share, sourced, len(domains), len(staffed))},
    )


def _areas(plan: PlanInput) -> Iterable[Domain]:
    area_of = {service.id: service.area for service in plan.services}
    by_area = _grouped(plan.staff, lambda row: area_of.get(row.service))
    for area in plan.areas:
        benchmark = _newest(plan.benchmarks, area.key, (EMPLOYEES,))
        yield _domain("area", area.id, by_area.get(area.id, []), plan.headcounts, benchmark)


def _services(plan: PlanInput) -> Iterable[Domain]:
    by_service = _grouped(plan.staff, lambda row: row.service)
    for service in plan.services:
        fitting = [one for one in plan.benchmarks if service.in_library_unit or not _counts_units(one)]
        benchmark = _newest(fitting, service.key, (VOLUME, EMPLOYEES))
        yield _domain("service", service.id, by_service.get(service.id, []), plan.headcounts, benchmark)


def _grouped(
    staff: Iterable[StaffInput], group: Callable[[StaffInput], int | None]
) -> dict[int | None, list[StaffInput]]:
    found: dict[int | None, list[StaffInput]] = {}
    for row in staff:
        found.setdefault(group(row), []).append(row)
    return found


def _counts_units(benchmark: BenchmarkInput) -> bool:
    return benchmark.in_library and benchmark.measure == VOLUME


def _newest(benchmarks: Iterable[BenchmarkInput], subject: str, measures: Sequence[str]) -> BenchmarkInput | None:
    fitting = [one for one in benchmarks if one.subject == subject and one.measure in measures]
    order = {measure: number for number, measure in enumerate(measures)}
    return min(fitting, key=lambda one: (order[one.measure], -one.year, one.in_library, one.id), default=None)


def _domain(
    kind: str, key: int, rows: Sequence[StaffInput], headcounts: Mapping[int, int], benchmark: BenchmarkInput | None
) -> Domain:
    measure = benchmark.measure if benchmark else EMPLOYEES if kind == "area" else VOLUME
    pairs = _with_volume(rows) if measure == VOLUME else _with_headcount(rows, headcounts)
    top, bottom = sum(top for top, _ in pairs), sum(bottom for _, bottom in pairs)
    figures = _compared_with(benchmark)
    return Domain(
        kind=kind,
        id=key,
        fte_hundredths=sum(row.fte_hundredths or 0 for row in rows),
        measure=measure,
        per_fte=100 * top / bottom if bottom else None,
        numerator=top,
        paired_fte_hundredths=bottom,
        agencies=len(pairs),
        benchmark=benchmark.id if benchmark else None,
        figures=figures,
        position=_position(top, bottom, figures) if bottom and figures else None,
    )


def _with_volume(rows: Iterable[StaffInput]) -> list[Pair]:
    pairs = [(row.volume, row.fte_hundredths) for row in rows]
    return [(volume, fte) for volume, fte in pairs if volume is not None and fte is not None]


def _with_headcount(rows: Iterable[StaffInput], headcounts: Mapping[int, int]) -> list[Pair]:
    fte: dict[int, int] = {}
    for row in rows:
        if row.fte_hundredths is not None:
            fte[row.agency] = fte.get(row.agency, 0) + row.fte_hundredths
    return [(headcounts[agency], hundredths) for agency, hundredths in fte.items() if agency in headcounts]


def _compared_with(benchmark: BenchmarkInput | None) -> dict[str, int]:
    """The quartiles that are given, or else the single figure, the lowest first."""
    given = benchmark.figures if benchmark else {}
    quartiles = {name: given[name] for name in QUARTILES if name in given}
    return dict(sorted((quartiles or dict(given)).items(), key=lambda pair: pair[1]))


def _position(top: int, hundredths: int, figures: Mapping[str, int]) -> tuple[str | None, str | None]:
    """The last figure that `top` per FTE reaches, and the first that it does not."""
    reached = [name for name, figure in figures.items() if top * 100 * 10_000 >= figure * hundredths]
    beyond = [name for name in figures if name not in reached]
    return (reached[-1] if reached else None, beyond[0] if beyond else None)
