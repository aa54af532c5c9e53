"""What one service costs and achieves over the agencies: counted by hand, and what holds for every service."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from assess.calc.service_state import ProviderInput, ServiceInput, ServiceState, service_state
from tests.assess.calc.strategies import providers, some

SERVICES = st.lists(providers(), max_size=8).map(lambda rows: ServiceInput(2026, 2, tuple(rows)))


def test_a_service_counted_by_hand() -> None:
    service = ServiceInput(
        fiscal_year=2026,
        systems=2,
        providers=(
            ProviderInput(4, 1000_00, 1_50, 100, 10, 7, 10, True, 25_00),
            ProviderInput(2, 600_00, None, 20, None, None, None, False, 75_00),
            ProviderInput(3, 400_00, 50, 80, 30, 5, 5, None, 0),
            ProviderInput(1, None, None, 999, 999, None, None),
        ),
    )
    assert service_state(service) == ServiceState(
        fiscal_year=2026,
        agencies=4,
        systems=2,
        cost_cents=2000_00,
        fte_hundredths=2_00,
        volume=1199,
        unit_cost_cents=2000_00 / 200,
        unit_cost_spread_cents=(5_00, 10_00, 30_00),
        cost_per_user_cents=1400_00 / 40,
        sla=(12, 15),
        sop=(1, 2),
        automated=(100_00, 3),
        given=(5 + 4 + 4 + 1, 20),
        providers=(1, 2, 3, 4),
    )


def test_a_service_that_nobody_provides_has_no_figures() -> None:
    assert service_state(ServiceInput(2026, 0, ())) == ServiceState(
        2026, 0, 0, None, None, None, None, None, None, (0, 0), (0, 0), (0, 0), (0, 0), ()
    )


def test_the_mean_weighs_by_volume_and_the_spread_does_not() -> None:
    large, small = ProviderInput(1, cost_cents=1000, volume=1000), ProviderInput(2, cost_cents=1000, volume=10)
    state = service_state(ServiceInput(2026, 0, (large, small, small)))
    assert state.unit_cost_cents == 3000 / 1020
    assert state.unit_cost_spread_cents == (1.0, 100.0, 100.0)


def test_two_agencies_are_too_few_to_be_compared() -> None:
    two = (ProviderInput(1, cost_cents=1, volume=1), ProviderInput(2, cost_cents=2, volume=1))
    assert service_state(ServiceInput(2026, 0, two)).unit_cost_spread_cents is None
    no_volume = ProviderInput(3, cost_cents=3, volume=0)
    assert service_state(ServiceInput(2026, 0, (*two, no_volume))).unit_cost_spread_cents is None


def test_a_figure_of_zero_is_known() -> None:
    state = service_state(ServiceInput(2026, 0, (ProviderInput(1, 0, 0, 0, 0, 0, 0, False, 0),)))
    assert (state.cost_cents, state.fte_hundredths, state.volume, state.sla) == (0, 0, 0, (0, 0))
    assert state.unit_cost_cents is state.cost_per_user_cents is None
    assert (state.sop, state.automated, state.given) == ((0, 1), (0, 1), (5, 5))


@some
@given(SERVICES, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(service: ServiceInput, random: Random) -> None:
    rows = list(service.providers)
    random.shuffle(rows)
    assert service_state(replace(service, providers=tuple(rows))) == service_state(service)


@some
@given(SERVICES)
def test_an_agency_without_figures_changes_nothing_but_the_count(service: ServiceInput) -> None:
    before, more = service_state(service), (*service.providers, ProviderInput(10**6))
    given = (before.given[0], before.given[1] + 5)
    counted = replace(before, agencies=before.agencies + 1, given=given, providers=(*before.providers, 10**6))
    assert service_state(replace(service, providers=more)) == counted


@some
@given(SERVICES)
def test_totals_are_the_sums_of_what_is_known(service: ServiceInput) -> None:
    state = service_state(service)
    assert (state.cost_cents or 0) == sum(row.cost_cents or 0 for row in service.providers)
    assert (state.fte_hundredths or 0) == sum(row.fte_hundredths or 0 for row in service.providers)
    assert (state.volume or 0) == sum(row.volume or 0 for row in service.providers)
    assert 0 <= state.sla[0] <= state.sla[1]
    assert 0 <= state.sop[0] <= state.sop[1] <= state.agencies
    assert 0 <= state.automated[0] <= 10_000 * state.automated[1]
    assert 0 <= state.given[0] <= state.given[1] == 5 * state.agencies


@some
@given(SERVICES)
def test_the_mean_lies_within_the_spread(service: ServiceInput) -> None:
    state = service_state(service)
    if state.unit_cost_spread_cents is None:
        return
    lowest, middle, highest = state.unit_cost_spread_cents
    assert lowest <= middle <= highest
    if all(
        row.volume != 0 for row in service.providers
    ):  # what was spent for no volume at all counts in the mean alone
        assert state.unit_cost_cents is not None
        assert lowest * 0.999999 <= state.unit_cost_cents <= highest * 1.000001


@some
@given(SERVICES)
def test_a_result_survives_json(service: ServiceInput) -> None:
    state = asdict(service_state(service))
    back = json.loads(json.dumps(state, allow_nan=False))
    columns = ("sla", "sop", "automated", "given", "providers", "unit_cost_spread_cents")
    assert {**back, **{name: back[name] and tuple(back[name]) for name in columns}} == {
        **state,
        "providers": state["providers"] or [],
    }
