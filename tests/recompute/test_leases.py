"""Leases: builders share the work, and none waits for one that died. That a figure is right never depends on them."""

from __future__ import annotations

import pytest

from ssoplanner.core.models import Plan
from ssoplanner.recompute.building import LEASES, build_rows, claim, dirty_rows, ready
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.clock import CLOCKS_DIFFER
from ssoplanner.recompute.reading import State, state_of
from ssoplanner.recompute.touch import WINDOWS
from tests.recompute.conftest import Clock
from tests.recompute.figures import (
    ENGINE,
    SIZE,
    TOTAL,
    Figures,
    agency,
    build_due,
    change,
    counter,
    due,
    payload,
    settle,
)

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
WINDOW = WINDOWS[Lane.FAST].total_seconds()
LEASE = LEASES[Lane.FAST].total_seconds()


def test_two_builders_never_hold_the_same_row(plan: Plan, stepped: Clock) -> None:
    stepped.step(WINDOW)
    rows = ready(dirty_rows(plan.pk, Lane.FAST), stepped.time)
    assert len(claim(rows[:2])) == 2
    assert claim(rows) == rows[2:]
    assert ready(dirty_rows(plan.pk, Lane.FAST), stepped.time) == []


def test_a_row_that_was_built_meanwhile_is_not_claimed(plan: Plan, stepped: Clock) -> None:
    stepped.step(WINDOW)
    rows = ready(dirty_rows(plan.pk, Lane.FAST), stepped.time)
    settle(plan, stepped)
    assert claim(rows) == []


def test_the_rows_of_a_killed_builder_are_taken_over_when_its_lease_is_over(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    claim(dirty_rows(plan.pk, Lane.FAST))
    stepped.step(LEASE - 0.01)
    assert build_due(plan) == 0
    stepped.step(0.01)
    assert build_due(plan) > 0
    assert payload(plan, TOTAL) == {"total": 27}


def test_a_lease_from_before_the_clock_was_put_back_is_ignored(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    claim(dirty_rows(plan.pk, Lane.FAST))
    stepped.step(-3600)
    build_due(plan)
    assert payload(plan, TOTAL) == {"total": 27}


def test_a_worker_whose_clock_is_a_little_slow_takes_nothing_from_others_and_nothing_too_early(
    plan: Plan, stepped: Clock
) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    held = claim(ready(dirty_rows(plan.pk, Lane.FAST), stepped.time))
    change(agency(plan, 2), headcount=7)
    for slow_by in (0.001, CLOCKS_DIFFER.total_seconds() - 0.001):
        stepped.step(-slow_by)
        assert claim(held) == []
        assert due(plan) == []
        assert state_of(counter(plan, SIZE, agency(plan).pk), stepped.time) is State.COMPUTING


def test_a_published_row_is_free_at_once(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    build_due(plan)
    assert counter(plan, SIZE, agency(plan).pk).lease_until is None


def test_a_long_batch_keeps_its_rows(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    for number in (1, 2):
        change(agency(plan, number), headcount=7)
    stepped.step(WINDOW)
    free: list[int] = []

    def slow(partition: str) -> None:
        stepped.step(LEASE * 0.6)
        free.append(len(claim(dirty_rows(plan.pk, Lane.FAST))))

    figures.during[SIZE] = slow
    build_rows(plan.pk, claim(ready(dirty_rows(plan.pk, Lane.FAST), stepped.time)))
    # share and total of the two were free for the other builder to take once, the sizes never.
    assert free == [3, 0]
