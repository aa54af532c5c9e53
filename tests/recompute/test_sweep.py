"""Rows that are missing are added, days that have passed are noticed, and looking for either costs next to nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Plan
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.plans import delete_plan
from ssoplanner.recompute.sweep import seed, seed_plan, sweep
from ssoplanner.recompute.tasks import look
from ssoplanner.recompute.writer import delete
from tests.recompute.conftest import Clock, Declare
from tests.recompute.figures import (
    DATES,
    DRAWS,
    ENGINE,
    LABEL,
    SHARE,
    SIZE,
    TODAY,
    TOTAL,
    Figures,
    agency,
    counter,
    counts,
    dirty,
    lies,
    moved,
    payload,
    said_current,
    settle,
    small_plan,
)
from tests.world import COMMAND

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
NOON = date(2026, 11, 25)


def test_a_sweep_that_finds_nothing_costs_two_queries(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    with CaptureQueriesContext(connection) as queries:
        assert sweep() == 0
    assert len(queries) == 2


def test_a_day_that_has_passed_touches_daily_results_and_what_is_above_once(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    before = counts(plan)
    stepped.step(24 * 3600)
    assert sweep() == 3
    assert sweep() == 0
    daily = {(TODAY, str(pk)): 1 for pk in plan.agencys.values_list("pk", flat=True)}
    assert moved(before, counts(plan)) == daily | {(DATES, ""): 1}


def test_what_is_dirty_anyway_is_not_counted_up_when_its_day_passes(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    stepped.step(24 * 3600)
    sweep()
    before = counts(plan)
    stepped.step(24 * 3600)
    assert sweep() == 0
    assert counts(plan) == before


def test_two_sweeps_at_the_same_time_do_no_harm(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    stepped.step(24 * 3600)
    for row in Derived.objects.filter(plan=plan, calculation=TODAY):  # the other one counted them up just now
        Derived.objects.filter(pk=row.pk).update(wanted=row.wanted + 1)
    sweep()
    settle(plan, stepped)
    assert (lies(plan, NOON + timedelta(days=1)), dirty(plan)) == ([], [])


def test_a_plan_that_is_gone_is_not_swept(plan: Plan, stepped: Clock) -> None:
    other = small_plan(slug="other")
    settle(plan, stepped)
    settle(other, stepped)
    delete_plan(plan, reason="a test")
    stepped.step(24 * 3600)
    assert sweep() == 3
    assert seed() == 0


def test_a_worker_that_looks_sweeps_seeds_and_builds(
    plan: Plan, stepped: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssoplanner.recompute.tasks._seeded", -1e9)
    settle(plan, stepped)
    stepped.step(24 * 3600)
    Derived.objects.filter(plan=plan, calculation=LABEL).delete()
    look()
    assert dirty(plan) == []
    assert len(said_current(plan)) == 2 * 3 + 4
    assert lies(plan, NOON + timedelta(days=1)) == []


# --- New calculations and missing rows ------------------------------------------------------------------------------


def test_a_new_calculation_gets_its_rows_and_what_is_above_is_counted_up(
    plan: Plan, stepped: Clock, figures: Figures, declare: Declare
) -> None:
    declare(*figures.some("label"))
    other = small_plan(agencies=1, slug="other")
    Derived.objects.exclude(calculation=LABEL).delete()
    declare(*figures.all())
    assert seed() == (2 + 1) * 3 + 2 * 3
    assert seed() == 0
    settle(plan, stepped)
    settle(other, stepped)
    assert (lies(plan, NOON), payload(plan, TOTAL), payload(other, TOTAL)) == ([], {"total": 30}, {"total": 10})


def test_a_row_that_is_missing_is_added_and_only_what_stands_above_it_is_counted_up(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    own, other = str(agency(plan).pk), str(agency(plan, 2).pk)
    Derived.objects.filter(plan=plan, calculation=SIZE, partition=own).delete()
    before = counts(plan)
    assert seed_plan(plan.pk) == 1
    assert moved(before, counts(plan)) == {(SIZE, own): 1, (SHARE, own): 1, (TOTAL, ""): 1, (DRAWS, ""): 1}
    assert (SIZE, other) in said_current(plan)


def test_retired_rows_are_not_seeded_again(plan: Plan) -> None:
    gone = agency(plan)
    delete(gone, actor=COMMAND, version=1)
    assert seed_plan(plan.pk) == 0
    assert counter(plan, SIZE, gone.pk).retired_at is not None
