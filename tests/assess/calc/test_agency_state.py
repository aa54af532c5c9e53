"""What one agency spends and achieves: an example counted by hand, and what holds for every agency."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from assess.calc.agency_state import MEASURES, AgencyInput, AgencyState, ProvisionInput, agency_state
from tests.assess.calc.strategies import agencies, some

DESK = ProvisionInput(
    service=1,
    area="IT",
    volume_unit="ticket",
    cost_cents=120_000_00,
    fte_hundredths=2_50,
    volume=8_000,
    sla_met=9,
    sla_total=10,
    resolution_hundredths=4_00,
    has_sop=True,
    automated_tenthousandths=2_500,
    has_dashboard=False,
)
SECOND_DESK = ProvisionInput(
    service=2,
    area="it",
    volume_unit=" Tickets",
    cost_cents=30_000_00,
    fte_hundredths=50,
    volume=2_000,
    resolution_hundredths=9_00,
    has_sop=False,
)
PAYROLL = ProvisionInput(
    service=3,
    area="HR",
    volume_unit="payslip",
    cost_cents=50_000_00,
    sla_met=3,
    sla_total=5,
    automated_tenthousandths=7_500,
    has_dashboard=True,
)
AGENCY = AgencyInput(fiscal_year=2026, end_users=400, systems=3, provisions=(PAYROLL, DESK, SECOND_DESK))


def test_an_agency_counted_by_hand() -> None:
    assert agency_state(AGENCY) == AgencyState(
        fiscal_year=2026,
        end_users=400,
        provisions=3,
        systems=3,
        cost_cents=200_000_00,
        fte_hundredths=3_00,
        cost_per_user_cents=500_00,
        measures={
            "it_cost": (150_000_00, 400),
            "help_desk_fte": (3_00, 400),
            "sla": (12, 15),
            "resolution": (4_00 * 8_000 + 9_00 * 2_000, 10_000),
            "sop": (1, 2),
            "automated": (10_000, 2),
            "dashboard": (1, 2),
        },
        services={
            "service": [1, 2, 3],
            "cost_cents": [120_000_00, 30_000_00, 50_000_00],
            "fte_hundredths": [2_50, 50, None],
            "volume": [8_000, 2_000, None],
            "unit_cost_cents": [15_00, 15_00, None],
        },
    )


def test_an_agency_that_gave_no_figures_has_none() -> None:
    state = agency_state(AgencyInput(2026, None, 0, ()))
    assert (state.provisions, state.cost_cents, state.fte_hundredths, state.cost_per_user_cents) == (
        0,
        None,
        None,
        None,
    )
    assert state.measures == dict.fromkeys(MEASURES, (0, 0))


def test_a_figure_of_zero_is_known() -> None:
    free = ProvisionInput(1, "IT", "ticket", cost_cents=0, fte_hundredths=0, volume=0, sla_met=0, sla_total=4)
    state = agency_state(AgencyInput(2026, 10, 0, (free,)))
    assert (state.cost_cents, state.fte_hundredths, state.cost_per_user_cents) == (0, 0, 0)
    assert state.measures["it_cost"] == (0, 10)
    assert state.measures["help_desk_fte"] == (0, 10)
    assert state.measures["sla"] == (0, 4)
    assert state.services["unit_cost_cents"] == [None]


def test_without_end_users_nothing_is_divided_by_them() -> None:
    for end_users in (None, 0):
        state = agency_state(replace(AGENCY, end_users=end_users))
        assert state.cost_per_user_cents is None
        assert state.measures["it_cost"] == state.measures["help_desk_fte"] == (0, 0)


def test_only_it_services_counted_in_tickets_are_the_help_desk() -> None:
    others = (replace(DESK, area="HR"), replace(DESK, volume_unit="server"))
    for other in others:
        measures = agency_state(replace(AGENCY, provisions=(other,))).measures
        assert measures["help_desk_fte"] == measures["resolution"] == (0, 0)


@some
@given(agencies(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(agency: AgencyInput, random: Random) -> None:
    rows = list(agency.provisions)
    random.shuffle(rows)
    assert agency_state(replace(agency, provisions=tuple(rows))) == agency_state(agency)


@some
@given(agencies())
def test_totals_are_the_sums_of_the_columns(agency: AgencyInput) -> None:
    state = agency_state(agency)
    for total, column in ((state.cost_cents, "cost_cents"), (state.fte_hundredths, "fte_hundredths")):
        known = [value for value in state.services[column] if value is not None]
        assert total == (sum(known) if known else None)


@some
@given(agencies())
def test_a_service_without_figures_changes_nothing_but_the_count(agency: AgencyInput) -> None:
    empty = ProvisionInput(service=99, area="IT", volume_unit="ticket")
    before = agency_state(agency)
    after = agency_state(replace(agency, provisions=(*agency.provisions, empty)))
    assert after.measures == before.measures
    assert (after.cost_cents, after.fte_hundredths, after.provisions) == (
        before.cost_cents,
        before.fte_hundredths,
        before.provisions + 1,
    )


@some
@given(agencies())
def test_shares_lie_between_nothing_and_all(agency: AgencyInput) -> None:
    measures = agency_state(agency).measures
    assert set(measures) == set(MEASURES)
    for key, most in (("sla", 1), ("sop", 1), ("dashboard", 1), ("automated", 10_000)):
        top, bottom = measures[key]
        assert 0 <= top <= most * bottom


@some
@given(agencies())
def test_a_result_survives_json(agency: AgencyInput) -> None:
    state = asdict(agency_state(agency))
    back = json.loads(json.dumps(state, allow_nan=False))
    assert {**back, "measures": {key: tuple(pair) for key, pair in back["measures"].items()}} == state
