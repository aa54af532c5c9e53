"""The formula of staffing against benchmarks: what is summed, which benchmark is taken, and the position."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.staffing import (
    AreaInput,
    BenchmarkInput,
    Domain,
    PlanInput,
    ServiceInput,
    StaffInput,
    staffing,
)

IT, HR = AreaInput(1, "it"), AreaInput(2, "hr")
DESK, HIRING = ServiceInput(10, "help-desk", 1), ServiceInput(20, "hiring", 2)
HOSTING = ServiceInput(11, "hosting", 1)
PLAN = PlanInput((IT, HR), (DESK, HOSTING, HIRING), {}, (), ())


def benchmark(
    key: int = 1, subject: str = "help-desk", measure: str = "volume_per_fte", **values: Any
) -> BenchmarkInput:
    figures = {name: int(values.pop(name) * 10_000) for name in ("figure", "p25", "p50", "p75") if name in values}
    return replace(BenchmarkInput(key, measure, subject, 2024, True, figures), **values)


def staffed(*rows: tuple[int, ServiceInput, int | None, int | None], **values: Any) -> PlanInput:
    """A plan in which agencies staff services: (agency, service, whole FTE, volume)."""
    staff = tuple(
        StaffInput(agency, service.id, None if fte is None else fte * 100, volume)
        for agency, service, fte, volume in rows
    )
    return replace(PLAN, staff=staff, **values)


def domain(plan: PlanInput, key: int) -> Domain:
    [found] = [one for one in staffing(plan).domains if one.id == key]
    return found


# --- What is summed -------------------------------------------------------------------------------------------------


def test_volume_per_fte_is_over_the_agencies_that_give_both() -> None:
    plan = staffed((1, DESK, 2, 6000), (2, DESK, 3, None), (3, DESK, None, 500), (4, DESK, 1, 1500))
    desk = domain(plan, 10)
    assert (desk.numerator, desk.paired_fte_hundredths, desk.agencies, desk.per_fte) == (7500, 300, 2, 2500)
    assert desk.fte_hundredths == 600


def test_employees_per_fte_of_an_area_counts_each_agency_once() -> None:
    plan = staffed((1, DESK, 2, 1), (1, HOSTING, 3, 1), (2, DESK, 5, 1), (3, HIRING, 9, 1), headcounts={1: 100, 3: 70})
    it = domain(plan, 1)
    assert (it.kind, it.measure) == ("area", "employees_per_fte")
    assert (it.numerator, it.paired_fte_hundredths, it.agencies, it.per_fte) == (100, 500, 1, 20)
    assert it.fte_hundredths == 1000


def test_an_fte_of_zero_is_known_for_somebody_else_does_the_work() -> None:
    plan = staffed((1, DESK, 4, 1000), (2, DESK, 0, 600), headcounts={1: 50, 2: 30})
    assert domain(plan, 1).per_fte == 20
    assert domain(plan, 10).per_fte == 400


def test_what_has_no_fte_is_no_domain() -> None:
    found = staffing(staffed((1, DESK, 0, 9), (1, HIRING, None, 9), headcounts={1: 5}))
    assert found.domains == ()
    assert found.metrics["staffing"].value is None


def test_staff_of_a_service_that_is_gone_counts_in_no_area() -> None:
    gone = StaffInput(agency=1, service=10**6, fte_hundredths=900, volume=5)
    plan = staffed((1, DESK, 2, 6000))

    assert staffing(replace(plan, staff=(*plan.staff, gone))).domains == staffing(plan).domains


def test_areas_come_first_in_the_order_in_which_they_were_given() -> None:
    plan = staffed((1, HIRING, 1, 1), (1, HOSTING, 1, 1), (1, DESK, 1, 1))
    assert [(one.kind, one.id) for one in staffing(plan).domains] == [
        *(("area", 1), ("area", 2)),
        *(("service", 10), ("service", 11), ("service", 20)),
    ]


# --- Which benchmark ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (benchmark(2, year=2024), benchmark(1, year=2003)),
        (benchmark(2, in_library=False), benchmark(1)),
        (benchmark(1), benchmark(2)),
        (benchmark(2, year=2003), benchmark(1, measure="employees_per_fte", year=2024)),
    ],
    ids=["the newer", "one's own", "the first", "for volume"],
)
def test_of_two_benchmarks_the_better_is_taken(better: BenchmarkInput, worse: BenchmarkInput) -> None:
    for both in ((better, worse), (worse, better)):
        plan = staffed((1, DESK, 1, 1), benchmarks=tuple(replace(one, figures={"p50": 1}) for one in both))
        assert domain(plan, 10).benchmark == better.id


def test_a_benchmark_of_something_else_is_not_taken() -> None:
    others = (
        benchmark(1, "hiring", p50=1),
        benchmark(2, measure="cost_per_unit", p50=1),
        benchmark(3, "it", p50=1),
    )
    plan = staffed((1, DESK, 1, 1), benchmarks=others)
    assert {one.benchmark for one in staffing(plan).domains} == {None}


def test_the_librarys_volume_holds_only_in_its_unit() -> None:
    renamed = replace(DESK, in_library_unit=False)
    library, own = benchmark(1, p50=1), benchmark(2, in_library=False, year=2001, p50=1)
    employees = benchmark(3, measure="employees_per_fte", p50=1)
    plan = replace(staffed((1, DESK, 1, 1)), services=(renamed,))
    assert domain(replace(plan, benchmarks=(library,)), 10).benchmark is None
    assert domain(replace(plan, benchmarks=(library, own)), 10).benchmark == 2
    assert domain(replace(plan, benchmarks=(library, employees)), 10).benchmark == 3


def test_a_service_may_be_compared_by_the_employees_it_serves() -> None:
    benchmarks = (benchmark(measure="employees_per_fte", p25=40, p75=60),)
    desk = domain(staffed((1, DESK, 2, 9), headcounts={1: 100}, benchmarks=benchmarks), 10)
    assert (desk.measure, desk.per_fte, desk.position) == ("employees_per_fte", 50, ("p25", "p75"))


# --- The position ---------------------------------------------------------------------------------------------------

QUARTILES = {"p25": 10, "p50": 20, "p75": 30}


@pytest.mark.parametrize(
    ("volume", "figures", "position"),
    [
        (9, QUARTILES, (None, "p25")),
        (10, QUARTILES, ("p25", "p50")),
        (19, QUARTILES, ("p25", "p50")),
        (20, QUARTILES, ("p50", "p75")),
        (30, QUARTILES, ("p75", None)),
        (20, {"p25": 10, "p75": 30}, ("p25", "p75")),
        (9, {"p50": 10}, (None, "p50")),
        (11, {"figure": 10}, ("figure", None)),
        (11, {"figure": 5, "p75": 12}, (None, "p75")),
        (11, {"p25": 12, "p75": 10}, ("p75", "p25")),
    ],
)
def test_the_position_is_between_the_figures_that_are_given(
    volume: int, figures: dict[str, int], position: tuple[str | None, str | None]
) -> None:
    found = domain(staffed((1, DESK, 1, volume), benchmarks=(benchmark(**figures),)), 10)
    assert found.position == position


def test_without_a_volume_there_is_a_benchmark_and_no_position() -> None:
    plan = staffed((1, DESK, 1, None), benchmarks=(benchmark(p50=1),))
    found = staffing(plan)
    desk = domain(plan, 10)
    assert (desk.benchmark, desk.position, desk.per_fte) == (1, None, None)
    assert (found.compared, found.metrics["staffing"].numerator) == (0, 1)


def test_the_share_counts_domains_that_have_a_benchmark() -> None:
    plan = staffed((1, DESK, 1, 5), (2, HIRING, 1, 5), headcounts={1: 9}, benchmarks=(benchmark(p50=1),))
    metric = staffing(plan).metrics["staffing"]
    assert (metric.numerator, metric.denominator, metric.value, metric.agencies) == (1, 4, 0.25, 2)


# --- Properties -----------------------------------------------------------------------------------------------------

known = st.none() | st.integers(0, 10**6)
rows = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([DESK, HOSTING, HIRING]), known, known), max_size=12)
heads = st.dictionaries(st.integers(1, 3), st.integers(0, 10**6))
figures = st.dictionaries(st.sampled_from(["figure", "p25", "p50", "p75"]), st.integers(-9, 10**6), min_size=1)


@given(rows, heads, figures)
def test_order_does_not_matter_and_the_result_survives_json(rows: Any, heads: Any, figures: Any) -> None:
    once = {(agency, service.id): (agency, service, fte, volume) for agency, service, fte, volume in rows}
    plan = staffed(*once.values(), headcounts=heads, benchmarks=(benchmark(**figures), benchmark(2, "it", **figures)))
    found = staffing(plan)
    assert staffing(replace(plan, staff=plan.staff[::-1], benchmarks=plan.benchmarks[::-1])) == found
    stored = json.loads(json.dumps(asdict(found), allow_nan=False))
    assert stored["metrics"]["staffing"]["denominator"] == len(stored["domains"])
    whole = {one.id: one.fte_hundredths for one in found.domains if one.kind == "area"}
    parts = [one for one in found.domains if one.kind == "service"]
    for area, services in ((1, {10, 11}), (2, {20})):
        assert whole.get(area, 0) == sum(one.fte_hundredths for one in parts if one.id in services)


@given(st.integers(0, 10**12), st.integers(1, 10**9), st.integers(-(10**12), 10**12))
def test_the_position_is_exact(volume: int, fte: int, tenthousandths: int) -> None:
    one = replace(benchmark(), figures={"p50": tenthousandths})
    plan = replace(PLAN, staff=(StaffInput(1, 10, fte, volume),), benchmarks=(one,))
    above = Fraction(volume * 100, fte) >= Fraction(tenthousandths, 10_000)
    assert domain(plan, 10).position == (("p50", None) if above else (None, "p50"))
