"""Results that look at the date hold until midnight in the plan's zone, whatever the clock does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ssoplanner.core.models import Plan
from ssoplanner.recompute.sweep import sweep
from tests.recompute.conftest import Clock
from tests.recompute.figures import (
    DATES,
    ENGINE,
    TODAY,
    agency,
    change,
    dirty,
    lies,
    payload,
    said_current,
    settle,
)

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
NOON = date(2026, 11, 25)


def test_a_daily_result_and_what_stands_on_it_hold_until_midnight_in_the_plans_zone(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    stepped.step(17 * 3600 - stepped.elapsed - 1)  # a second before midnight in New York
    both = {key for key in said_current(plan) if key[0] in (TODAY, DATES)}
    assert len(both) == 3
    stepped.step(1)
    assert not both & said_current(plan).keys()
    assert sweep() == 3
    settle(plan, stepped)
    assert payload(plan, TODAY, agency(plan).pk)["day"] == "2026-11-26"
    assert (lies(plan, NOON + timedelta(days=1)), dirty(plan)) == ([], [])


def test_a_daily_result_of_tomorrow_does_not_hold_when_the_clock_is_put_back(plan: Plan, stepped: Clock) -> None:
    stepped.step(24 * 3600)
    settle(plan, stepped)
    stepped.step(-24 * 3600)
    assert lies(plan, NOON) == []
    sweep()
    settle(plan, stepped)
    assert payload(plan, TODAY, agency(plan).pk)["day"] == "2026-11-25"


def test_another_time_zone_makes_daily_results_stale_at_once(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(plan, time_zone="Pacific/Auckland")
    assert not [key for key in said_current(plan) if key[0] in (TODAY, DATES)]
    settle(plan, stepped)
    assert payload(plan, TODAY, agency(plan).pk)["day"] == "2026-11-26"


@pytest.mark.parametrize(
    "hour_of", ["2026-03-08", "2026-11-01"]
)  # clocks go forward, and back, and it begins at midnight or before
def test_a_daily_result_holds_all_of_a_day_of_23_or_25_hours(plan: Plan, stepped: Clock, hour_of: str) -> None:
    stepped.time = stepped.time.fromisoformat(f"{hour_of}T04:00:00+00:00")
    for _ in range(26):
        sweep()
        settle(plan, stepped)
        assert len([key for key in said_current(plan) if key[0] == TODAY]) == 2
        stepped.step(3600)
