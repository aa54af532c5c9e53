"""The library of sourced benchmarks: figures of others, each with its population, year and source.

What bears no date of its own is not in it, however well it is known: nobody could say how old it is.
Figures stay in the unit and currency of their source. `subject` is the key of a starter service or the code of an area;
only what divides staff as we do is compared by itself (see `assess.calc.staffing`), the rest is there to be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from ssoplanner.core.models import Benchmark, BenchmarkMeasure, Plan, Service, ServiceArea
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, bulk_load
from ssoplanner.starter.once import one_at_a_time
from ssoplanner.starter.services import starter_services

LABEL = "benchmarks from the library"
MEASURE = BenchmarkMeasure
OPM = "Computed from OPM FedScope employment data, September 2024"
N = "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"  # how many there are, on one line


@dataclass(frozen=True)
class LibraryBenchmark:
    """`library` is its key: plans keep it in `Benchmark.library`."""

    library: str
    metric: str
    unit: str
    population: str
    year: int
    source: str
    measure: BenchmarkMeasure = MEASURE.OTHER
    subject: str = ""
    figure: Decimal | None = None
    p25: Decimal | None = None
    p50: Decimal | None = None
    p75: Decimal | None = None


def missing_benchmarks(plan: Plan) -> list[LibraryBenchmark]:
    """Those of the library that the plan does not have."""
    held = set(Benchmark.objects.for_plan(plan).values_list("library", flat=True))
    return [one for one in LIBRARY if one.library not in held]


def add_library(plan: Plan, actor: Actor) -> list[Benchmark]:
    """Add the benchmarks of the library that the plan does not have; what it has stays as it is."""
    with saving():
        one_at_a_time(plan)
        rows = [asdict(one) for one in missing_benchmarks(plan)]
        return bulk_load(Benchmark, plan=plan, actor=actor, rows=rows, label=LABEL) if rows else []


@dataclass(frozen=True)
class Subjects:
    """What a benchmark of the plan can be about: key -> name."""

    areas: Mapping[str, str]
    services: Mapping[str, str]

    def name(self, key: str) -> str:
        """The name of a subject, be it in the plan or only in the starter catalogue."""
        held = {**self.services, **self.areas}
        starter = starter_services().get(key)
        return held.get(key) or (starter[1].name if starter else key)

    def __contains__(self, key: str) -> bool:
        return key in self.areas or key in self.services


def subjects(plan: Plan) -> Subjects:
    """The plan's areas by code and its services by their standard key, or by code where they have none."""
    services = Service.objects.for_plan(plan).values_list("standard", "code", "name")
    return Subjects(
        areas=dict(ServiceArea.objects.for_plan(plan).values_list("code", "name")),
        services={standard or code: name for standard, code, name in services},
    )


def _quartiles(p25: str, p50: str | None, p75: str) -> dict[str, Decimal | None]:
    return {"p25": Decimal(p25), "p50": None if p50 is None else Decimal(p50), "p75": Decimal(p75)}


def _federal(key: str, area: str, what: str, agencies: int, *quartiles: str) -> LibraryBenchmark:
    """Employees per specialist in US federal agencies."""
    return LibraryBenchmark(
        library=f"opm-2024-{key}",
        metric=f"Employees per {what} specialist",
        unit="employees per FTE",
        population=f"US federal agencies of 1,000 staff or more ({N}{agencies})",
        year=2024,
        source=OPM,
        measure=MEASURE.EMPLOYEES_PER_FTE,
        subject=area,
        **_quartiles(*quartiles),
    )


LIBRARY = (
    LibraryBenchmark(
        library="apqc-invoices-per-fte",
        metric="Invoices processed per accounts payable FTE and year",
        unit="invoices per FTE",
        population="Organizations that report to APQC; how many is not given",
        year=2023,
        source="APQC, Open Standards Benchmarking, reported October 2023",
        measure=MEASURE.VOLUME_PER_FTE,
        subject="accounts-payable",
        **_quartiles("6488", None, "20964"),
    ),
    # Staff per employees, the other way round than we count, so it is there to be read.
    LibraryBenchmark(
        library="survey-2017-hr-staff",
        metric="HR staff per 100 employees",
        unit="HR staff per 100 employees",
        population="Employers of all sizes; how many is not given",
        year=2017,
        source="Survey of 2017, quoted at second hand",
        p50=Decimal("1.4"),
    ),
    LibraryBenchmark(
        library="survey-2017-hr-staff-small",
        metric="HR staff per 100 employees, small employers",
        unit="HR staff per 100 employees",
        population="Employers of at most 250 staff; how many is not given",
        year=2017,
        source="Survey of 2017, quoted at second hand",
        figure=Decimal("3.4"),
    ),
    LibraryBenchmark(
        library="mercer-2003-it",
        metric="Employees per IT FTE",
        unit="employees per FTE",
        population="Employers in the Mercer/ITAA survey; how many is not given",
        year=2003,
        source="Mercer/ITAA, 2003",
        measure=MEASURE.EMPLOYEES_PER_FTE,
        subject="IT",
        **_quartiles("11", "27", "52"),
    ),
    LibraryBenchmark(
        library="acc-2003-payroll",
        metric="Payroll cost per employee and year",
        unit="USD per employee",
        population=f"US federal payroll providers ({N}22)",
        year=2003,
        source="American City & County, 2003",
        measure=MEASURE.COST_PER_EMPLOYEE,
        subject="payroll",
        figure=Decimal(77),
    ),
    LibraryBenchmark(
        library="uk-2011-hr-lowest",
        metric="HR cost per FTE and year, lowest",
        unit="GBP per FTE",
        population="UK civil service: the lowest cost, in an organization of 73,000 FTE",
        year=2011,
        source="Civil Service World, 2011",
        measure=MEASURE.COST_PER_EMPLOYEE,
        subject="HR",
        figure=Decimal(920),
    ),
    LibraryBenchmark(
        library="uk-2011-hr-highest",
        metric="HR cost per FTE and year, highest",
        unit="GBP per FTE",
        population="UK civil service: the highest cost, in an organization of 10,000 FTE",
        year=2011,
        source="Civil Service World, 2011",
        measure=MEASURE.COST_PER_EMPLOYEE,
        subject="HR",
        figure=Decimal(5137),
    ),
    _federal("hr", "HR", "HR", 36, "48.6", "67.6", "82.0"),
    _federal("it", "IT", "IT", 40, "14.5", "20.8", "33.2"),
    _federal("finance", "FIN", "finance", 33, "24.1", "33.5", "52.6"),
)
