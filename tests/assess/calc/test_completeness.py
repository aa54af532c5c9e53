"""Completeness: the worked example of the module, its edges, and what holds of any plan."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.completeness import PlanInput, ServiceInput, completeness


def plan(agencies: int, *services: tuple[int, int, set[int]]) -> PlanInput:
    rows = tuple(ServiceInput(place, *row[:2], frozenset(row[2])) for place, row in enumerate(services, 1))
    return PlanInput(frozenset(range(1, agencies + 1)), rows)


def test_an_agency_without_figures_is_asked_for_as_many_as_a_reporting_one() -> None:
    """The example of the docstring: 40 of 60 figures of three agencies, a fourth is silent."""
    found = completeness(plan(4, (25, 30, {1, 2, 3}), (15, 30, {1, 2, 3})))
    assert (found.given, found.asked, found.reporting, found.agencies) == (40, 60, 3, 4)
    assert found.share == 0.5


def test_everything_given_is_all_and_nobody_reporting_is_none() -> None:
    assert completeness(plan(2, (10, 10, {1, 2}))).share == 1
    assert completeness(plan(2)).share == 0
    assert completeness(plan(2, (0, 10, {1, 2}))).share == 0


def test_who_left_the_program_reports_nothing() -> None:
    assert completeness(plan(2, (5, 5, {1, 9}))).reporting == 1


def test_a_plan_without_agencies_is_refused() -> None:
    with pytest.raises(ValueError, match="without agencies"):
        completeness(plan(0))


SERVICES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.sets(st.integers(1, 6))).map(
        lambda row: (min(row[0], row[1]), row[1], row[2])
    ),
    max_size=6,
)


@given(st.integers(1, 6), SERVICES)
def test_the_share_lies_between_nothing_and_all_and_survives_json(agencies: int, services: list) -> None:
    found = completeness(plan(agencies, *services))
    assert 0 <= found.share <= 1
    assert sum(found.services.given) == found.given and sum(found.services.asked) == found.asked
    assert json.loads(json.dumps(asdict(found))) == asdict(found)
    again = completeness(PlanInput(frozenset(range(1, agencies + 1)), plan(agencies, *services).services[::-1]))
    assert again == found


@given(st.integers(1, 6), SERVICES)
def test_one_figure_more_never_lowers_it(agencies: int, services: list) -> None:
    for place, (given_, asked, providers) in enumerate(services):
        if given_ < asked:
            more = [*services[:place], (given_ + 1, asked, providers), *services[place + 1 :]]
            assert completeness(plan(agencies, *more)).share >= completeness(plan(agencies, *services)).share
