"""The state of the whole plan: counted by hand, and that its parts add up to it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc import agency_state as parts
from assess.calc.agency_state import MEASURES, agency_state
from assess.calc.current_state import SCALES, AgencyInput, CurrentState, Metric, PlanInput, SystemInput, current_state
from tests.assess.calc.strategies import agencies, some


def member(pk: int, agency: parts.AgencyInput, *, onboarded: bool = False) -> AgencyInput:
    """An agency's own state as the whole takes it."""
    state = agency_state(agency)
    return AgencyInput(pk, onboarded, state.cost_cents, state.fte_hundredths, state.provisions, state.measures)


SYSTEMS = st.builds(
    SystemInput,
    function=st.sampled_from(["Payroll", " payroll", "Service desk", "service  desk"]),
    agencies=st.frozensets(st.integers(0, 8), min_size=1),
)


@st.composite
def plans(draw: st.DrawFn) -> PlanInput:
    members = [
        member(pk, agency, onboarded=draw(st.booleans()))
        for pk, agency in enumerate(draw(st.lists(agencies(), max_size=5)))
    ]
    return PlanInput(2026, tuple(members), tuple(draw(st.lists(SYSTEMS, max_size=6))))


def pairs(**known: tuple[int, int]) -> dict[str, tuple[int, int]]:
    return {**dict.fromkeys(MEASURES, (0, 0)), **known}


PLAN = PlanInput(
    fiscal_year=2026,
    agencies=(
        AgencyInput(
            id=1,
            onboarded=True,
            cost_cents=200_000_00,
            fte_hundredths=3_00,
            provisions=3,
            measures=pairs(
                it_cost=(150_000_00, 400),
                help_desk_fte=(3_00, 400),
                sla=(12, 15),
                resolution=(50_000_00, 10_000),
                sop=(1, 2),
                automated=(10_000, 2),
                dashboard=(1, 2),
            ),
        ),
        AgencyInput(
            id=2,
            onboarded=False,
            cost_cents=50_000_00,
            fte_hundredths=None,
            provisions=1,
            measures=pairs(it_cost=(50_000_00, 600), sla=(8, 10), sop=(1, 1)),
        ),
        AgencyInput(id=3, onboarded=False, cost_cents=None, fte_hundredths=None, provisions=0, measures=pairs()),
    ),
    systems=(
        SystemInput("Service desk", frozenset({1, 2})),
        SystemInput(" service  DESK ", frozenset({2})),
        SystemInput("Payroll", frozenset({1})),
        SystemInput("Payroll", frozenset({9})),  # of an agency that left
    ),
)


def test_a_plan_counted_by_hand() -> None:
    assert current_state(PLAN) == CurrentState(
        fiscal_year=2026,
        agencies=3,
        reporting=2,
        provisions=4,
        systems=3,
        cost_cents=250_000_00,
        fte_hundredths=3_00,
        metrics={
            "it_cost": Metric(200.0, 200_000_00, 1000, 2),
            "help_desk_fte": Metric(7.5, 3_00, 400, 1),
            "duplicates": Metric(1.5, 3, 2, 3),
            "sla": Metric(0.8, 20, 25, 2),
            "resolution": Metric(5.0, 50_000_00, 10_000, 1),
            "sop": Metric(2 / 3, 2, 3, 2),
            "migrated": Metric(1 / 3, 1, 3, 3),
            "automated": Metric(0.5, 10_000, 2, 1),
            "dashboard": Metric(0.5, 1, 2, 1),
        },
    )


def test_a_plan_without_agencies_has_no_metrics() -> None:
    state = current_state(PlanInput(2026, (), (SystemInput("Payroll", frozenset({1})),)))
    assert (state.agencies, state.systems, state.cost_cents) == (0, 0, 0)
    assert {metric.value for metric in state.metrics.values()} == {None}


def test_large_agencies_weigh_as_much_as_they_are_large() -> None:
    large = AgencyInput(1, False, 0, 0, 1, pairs(it_cost=(100_00, 1000)))
    small = AgencyInput(2, False, 0, 0, 1, pairs(it_cost=(100_00, 10)))
    metric = current_state(PlanInput(2026, (large, small), ())).metrics["it_cost"]
    assert metric.value == pytest.approx(200 / 1010)


@some
@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(plan: PlanInput, random: Random) -> None:
    members, systems = list(plan.agencies), list(plan.systems)
    random.shuffle(members)
    random.shuffle(systems)
    assert current_state(PlanInput(2026, tuple(members), tuple(systems))) == current_state(plan)


@some
@given(plans())
def test_the_agencies_add_up_to_the_plan(plan: PlanInput) -> None:
    state = current_state(plan)
    assert state.cost_cents == sum(agency.cost_cents or 0 for agency in plan.agencies)
    assert state.fte_hundredths == sum(agency.fte_hundredths or 0 for agency in plan.agencies)
    assert state.provisions == sum(agency.provisions for agency in plan.agencies)
    for key in MEASURES:
        metric = state.metrics[key]
        assert metric.denominator == sum(agency.measures[key][1] for agency in plan.agencies)
        assert metric.numerator == sum(agency.measures[key][0] for agency in plan.agencies if agency.measures[key][1])


@some
@given(plans())
def test_an_agency_without_figures_changes_no_metric_but_the_counts(plan: PlanInput) -> None:
    empty = member(99, parts.AgencyInput(2026, 1000, 0, ()))
    before, after = current_state(plan), current_state(replace(plan, agencies=(*plan.agencies, empty)))
    for key in MEASURES:
        assert after.metrics[key] == before.metrics[key]
    duplicates = before.metrics["duplicates"]
    assert after.metrics["duplicates"] == replace(duplicates, agencies=duplicates.agencies + 1)
    changed = {"agencies": after.agencies, "metrics": after.metrics}
    assert after == replace(before, **changed)
    assert after.agencies == before.agencies + 1


@some
@given(plans(), agencies())
def test_an_unknown_figure_never_changes_a_mean(plan: PlanInput, agency: parts.AgencyInput) -> None:
    unknown = parts.ProvisionInput(service=99, area="IT", volume_unit="ticket")
    with_it = replace(agency, provisions=(*agency.provisions, unknown))
    means = [
        current_state(replace(plan, agencies=(*plan.agencies, member(99, one)))).metrics for one in (agency, with_it)
    ]
    assert means[0] == means[1]


@some
@given(plans())
def test_two_halves_give_the_same_as_one_whole(plan: PlanInput) -> None:
    halves = [current_state(replace(plan, agencies=part)) for part in (plan.agencies[:2], plan.agencies[2:])]
    whole = current_state(plan)
    for key in MEASURES:
        top = sum(half.metrics[key].numerator for half in halves)
        bottom = sum(half.metrics[key].denominator for half in halves)
        assert (whole.metrics[key].numerator, whole.metrics[key].denominator) == (top, bottom)
        assert whole.metrics[key].value == (top * SCALES[key] / bottom if bottom else None)


@some
@given(plans())
def test_a_result_survives_json(plan: PlanInput) -> None:
    state = asdict(current_state(plan))
    assert json.loads(json.dumps(state, allow_nan=False)) == state
