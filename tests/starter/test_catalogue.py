"""What the starter content says: the catalogue, the ten metrics and the library, without a database."""

from __future__ import annotations

import csv
import re
from dataclasses import asdict
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest

from assess.calc.agency_state import IT_AREA, TICKETS
from assess.calc.current_state import SCALES
from assess.calc.staffing import PlanInput, staffing
from ssoplanner.core.models import Benchmark, BenchmarkMeasure, Kpi, PerformanceArea, Service, ServiceArea
from ssoplanner.recompute.calculations import calculations
from ssoplanner.starter.benchmarks import LIBRARY
from ssoplanner.starter.kpis import CURRENT_STATE, KPIS, STAFFING
from ssoplanner.starter.services import AREAS, starter_services

SERVICES = [service for area in AREAS for service in area.services]
ODD_PLURAL = re.compile(r"(s|x|z|ch|sh|[^aeiou]y)\Z")


def longest(model: Any, name: str) -> int:
    found: int = model._meta.get_field(name).max_length
    return found


def test_the_catalogue_has_sixty_services_in_eight_areas() -> None:
    assert len(SERVICES) >= 60
    assert len(AREAS) == 8
    assert min(len(area.services) for area in AREAS) >= 6


def test_codes_keys_and_names_are_each_given_once() -> None:
    for values in (
        [area.code for area in AREAS],
        [service.code for service in SERVICES],
        [service.standard for service in SERVICES],
        [service.name for service in SERVICES],
    ):
        assert len(values) == len(set(values))
    assert len(starter_services()) == len(SERVICES)
    assert all(service.code.startswith(f"{area.code}-") for area in AREAS for service in area.services)


def test_everything_fits_into_its_fields() -> None:
    fields = (("code", "code"), ("name", "name"), ("unit", "volume_unit"), ("covers", "description"))
    given = [(getattr(one, name), longest(Service, field)) for one in SERVICES for name, field in fields]
    given += [(one.standard, longest(Service, "standard")) for one in SERVICES]
    given += [(area.code, longest(ServiceArea, "code")) for area in AREAS]
    given += [
        (text, longest(Kpi, name)) for kpi in KPIS for name, text in asdict(kpi).items() if is_text(Kpi, name, text)
    ]
    given += [
        (text, longest(Benchmark, name))
        for one in LIBRARY
        for name, text in asdict(one).items()
        if is_text(Benchmark, name, text)
    ]
    assert len(given) > 500
    assert [text for text, most in given if not 0 < len(text) <= most] == []


def is_text(model: Any, name: str, value: object) -> bool:
    return isinstance(value, str) and value != "" and name in {field.name for field in model._meta.get_fields()}


def test_the_help_desk_alone_is_what_calculations_take_for_the_help_desk() -> None:
    area, desk = starter_services()["help-desk"]
    assert area.code == IT_AREA
    in_tickets = [service.name for area in AREAS for service in area.services if service.unit in TICKETS]
    assert in_tickets == [desk.name]


def test_each_unit_is_in_the_singular_and_takes_an_s() -> None:
    assert [service.unit for service in SERVICES if ODD_PLURAL.search(service.unit)] == []


def test_each_service_says_in_one_sentence_what_it_covers() -> None:
    assert [one.covers for one in SERVICES if not re.fullmatch(r"[A-Z][^.]{8,88}\.", one.covers)] == []


def test_no_sentence_is_taken_from_the_data_that_names_come_from(real_data: Path) -> None:
    files = sorted(real_data.glob("*.csv"))
    published = " ".join(" ".join(path.read_text(encoding="utf-8").casefold().split()) for path in files)
    said = [one.covers for one in SERVICES] + [kpi.formula for kpi in KPIS]
    assert len(published) > 500_000
    assert [text for text in said if text.casefold().rstrip(".") in published] == []


# --- The ten metrics ------------------------------------------------------------------------------------------------


def test_the_ten_metrics_are_those_that_are_computed() -> None:
    by_result = {result: [kpi.metric for kpi in KPIS if kpi.result == result] for result in (CURRENT_STATE, STAFFING)}
    assert by_result == {CURRENT_STATE: list(SCALES), STAFFING: list(staffing(PlanInput((), (), {}, (), ())).metrics)}
    assert by_result.keys() <= calculations().keys()
    assert len({kpi.code for kpi in KPIS}) == len(KPIS) == 10


def test_the_metrics_cover_every_performance_area_and_every_pillar() -> None:
    assert {kpi.area for kpi in KPIS} == set(PerformanceArea)
    assert {pillar for kpi in KPIS for pillar in kpi.pillars} == {"people", "process", "technology", "governance"}


def test_a_share_becomes_per_cent_and_money_keeps_cents_only_where_they_matter() -> None:
    by_metric = {kpi.metric: kpi for kpi in KPIS}
    assert str(by_metric["sla"].in_unit(2 / 3)) == "66.7"
    assert str(by_metric["staffing"].in_unit(1.0)) == "100.0"
    assert str(by_metric["resolution"].in_unit(47.96)) == "48.0"
    assert str(by_metric["help_desk_fte"].in_unit(1.799)) == "1.80"
    assert str(by_metric["it_cost"].in_unit(1199.6)) == "1200"
    assert str(by_metric["it_cost"].in_unit(9.456)) == "9.46"


# --- The library ----------------------------------------------------------------------------------------------------


def test_every_benchmark_has_its_figures_population_year_and_source() -> None:
    for one in LIBRARY:
        assert one.population and one.source and 1980 <= one.year <= 2026, one.library
        quartiles = [figure for figure in (one.p25, one.p50, one.p75) if figure is not None]
        assert quartiles == sorted(quartiles)
        assert bool(quartiles) != (one.figure is not None), one.library
    assert len({one.library for one in LIBRARY}) == len(LIBRARY) >= 10


def test_what_a_benchmark_is_about_is_in_the_catalogue() -> None:
    areas = {area.code for area in AREAS}
    for one in LIBRARY:
        about_service = one.measure in {BenchmarkMeasure.VOLUME_PER_FTE, BenchmarkMeasure.COST_PER_UNIT}
        known = starter_services().keys() if about_service else {*areas, *starter_services()}
        assert one.subject in known if one.measure != BenchmarkMeasure.OTHER else one.subject == "", one.library
    compared = {one.subject for one in LIBRARY if one.measure.value.endswith("_per_fte")}
    assert compared == {"accounts-payable", "HR", "IT", "FIN"}


@pytest.mark.parametrize(
    ("key", "column"),
    [("hr", "employees_per_HR"), ("it", "employees_per_IT"), ("finance", "employees_per_Fin")],
)
def test_federal_staffing_is_what_the_published_data_gives(real_data: Path, key: str, column: str) -> None:
    with (real_data / "opm_agency_backoffice_2024-09.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if int(row["headcount"]) >= 1000 and row[column] != "inf"]
    [one] = [one for one in LIBRARY if one.library == f"opm-2024-{key}"]

    found = quantiles([float(row[column]) for row in rows], n=4, method="inclusive")

    assert [round(figure, 1) for figure in found] == [float(figure or 0) for figure in (one.p25, one.p50, one.p75)]
    assert one.population.endswith(f"{len(rows)})")
