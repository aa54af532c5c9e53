"""Building one row at a time: windows, publishing, lanes, batches. Leases, waiting and failing have their own tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

import pytest

from ssoplanner.core.models import Agency, Plan
from ssoplanner.recompute import building
from ssoplanner.recompute.building import build_plan, publish
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.compute import encoded, hash_of
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.touch import WINDOWS
from ssoplanner.recompute.writer import bulk_load, delete
from tests.recompute.conftest import Clock, Declare
from tests.recompute.figures import (
    DRAWS,
    ENGINE,
    LABEL,
    SHARE,
    SIZE,
    TOTAL,
    Figures,
    agency,
    build_due,
    change,
    counter,
    dirty,
    due,
    lies,
    made_now,
    payload,
    said_current,
    settle,
    small_plan,
    two_agencies,
)
from tests.world import COMMAND

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
WINDOW = WINDOWS[Lane.FAST].total_seconds()
NOON = date(2026, 11, 25)


# --- The window -----------------------------------------------------------------------------------------------------


def test_a_changed_row_is_due_when_its_window_is_over_and_not_before(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(WINDOW - 0.01)
    assert due(plan) == []
    stepped.step(0.01)
    assert due(plan) == [(SIZE, str(agency(plan).pk))]


def test_changes_within_a_window_are_one_result(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    figures.computed.clear()
    for headcount in (5, 6, 7):
        change(agency(plan), headcount=headcount)
        stepped.step(0.1)
    build_due(plan)
    assert figures.computed[SIZE, str(agency(plan).pk)] == 1
    assert (lies(plan, NOON), dirty(plan)) == ([], [(DRAWS, "")])


def test_a_row_that_changes_all_the_time_is_built_once_a_window(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    built = []
    for tenth in range(30):
        change(agency(plan), headcount=tenth)
        build_due(plan)
        built.append(counter(plan, SIZE, agency(plan).pk).built)
        stepped.step(0.1)
    assert 6 <= len(set(built)) - 1 <= 1 + ceil(3 / WINDOW)


def test_a_burst_is_published_once_a_window_and_computation_at_most(
    plan: Plan, stepped: Clock, figures: Figures
) -> None:
    settle(plan, stepped)
    figures.computed.clear()
    row, compute, edits = agency(plan), 0.5, iter(range(1000))

    def burst(seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            change(row, headcount=next(edits))
            stepped.step(0.1)

    figures.during[SIZE] = lambda partition: burst(compute)
    started = stepped.elapsed
    while stepped.elapsed - started < 6:
        burst(0.1)
        build_due(plan, levels=5)
    span = stepped.elapsed - started
    assert 5 <= figures.computed[SIZE, str(row.pk)] <= 1 + ceil(span / (WINDOW + compute))
    assert next(edits) > 50


def test_a_time_to_wait_for_from_before_the_clock_was_put_back_is_ignored(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(-3600)
    build_due(plan)
    assert payload(plan, SIZE, agency(plan).pk) == {"size": 7}


def test_a_builder_waits_for_what_is_due_within_a_second_and_for_nothing_later(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    started = stepped.elapsed
    assert build_plan(plan.pk) == 3
    assert stepped.elapsed - started == pytest.approx(WINDOW, abs=0.05)
    change(agency(plan), headcount=8)
    Derived.objects.filter(plan=plan, calculation__in=(SIZE, TOTAL, "t.share")).update(
        attempts=5, not_before=stepped.time + timedelta(seconds=1.5)
    )
    assert build_plan(plan.pk) == 0
    assert stepped.elapsed - started == pytest.approx(WINDOW, abs=0.05)


# --- Publishing -----------------------------------------------------------------------------------------------------


def test_a_row_that_changes_while_it_is_computed_stays_dirty(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    row, before = agency(plan), counter(plan, SIZE, agency(plan).pk).wanted
    change(row, headcount=7)
    figures.during[SIZE] = lambda partition: change(row, headcount=8) and figures.during.clear()
    stepped.step(WINDOW)
    build_due(plan, levels=1)
    after = counter(plan, SIZE, row.pk)
    assert (after.wanted, after.built, payload(plan, SIZE, row.pk)) == (before + 2, before + 1, {"size": 7})
    assert (SIZE, str(row.pk)) not in said_current(plan)
    assert after.not_before == after.dirty_since + WINDOWS[Lane.FAST] == stepped.time + WINDOWS[Lane.FAST]
    settle(plan, stepped)
    assert payload(plan, SIZE, row.pk) == {"size": 8}


def test_a_result_is_never_replaced_by_one_that_includes_less(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    older = made_now(plan, SIZE, agency(plan).pk)
    change(agency(plan), headcount=8)
    settle(plan, stepped)
    assert not publish(older)
    assert payload(plan, SIZE, agency(plan).pk) == {"size": 8}
    assert lies(plan, NOON) == []


def test_an_older_result_that_arrives_first_is_shown_until_the_newer_one(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    older = made_now(plan, SIZE, agency(plan).pk)
    change(agency(plan), headcount=8)
    newer = made_now(plan, SIZE, agency(plan).pk)
    assert publish(older)
    assert (payload(plan, SIZE, agency(plan).pk), lies(plan, NOON)) == ({"size": 7}, [])
    assert publish(newer)
    assert not publish(newer)
    assert (payload(plan, SIZE, agency(plan).pk), lies(plan, NOON)) == ({"size": 8}, [])


def test_a_batch_reads_everything_from_one_view(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    first, second = two_agencies(plan)
    for row in (first, second):
        change(row, headcount=7)

    def meanwhile(partition: str) -> None:
        figures.during.clear()
        change(second, headcount=8)

    figures.during[SIZE] = meanwhile
    stepped.step(WINDOW)
    build_due(plan, levels=1)
    assert [payload(plan, SIZE, row.pk) for row in (first, second)] == [{"size": 7}, {"size": 7}]
    settle(plan, stepped)
    assert payload(plan, SIZE, second.pk) == {"size": 8}


def test_a_roll_up_takes_its_parts_from_the_view_of_its_batch(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    first, second = two_agencies(plan)
    for row in (first, second):
        change(row, headcount=7)
    stepped.step(WINDOW)
    build_due(plan, levels=1)
    size = made_now(plan, SIZE, second.pk)

    def meanwhile(partition: str) -> None:
        figures.during.clear()
        change(second, headcount=8)
        counted, newer = counter(plan, SIZE, second.pk).wanted, encoded({"size": 8})
        assert publish(replace(size, wanted=counted, payload=newer, payload_hash=hash_of(newer)))

    figures.during[SHARE] = meanwhile  # of the first agency; that of the second and the total follow
    build_due(plan, levels=1)
    assert (payload(plan, SHARE, second.pk), payload(plan, TOTAL)) == ({"share": 14}, {"total": 14})
    assert not {(SHARE, str(second.pk)), (TOTAL, "")} & said_current(plan).keys()
    settle(plan, stepped)
    assert (payload(plan, SHARE, second.pk), payload(plan, TOTAL)) == ({"share": 16}, {"total": 15})


def test_publishing_stores_when_and_for_which_day_it_was_computed(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(12 * 3600)  # midnight in UTC, still yesterday in New York
    build_due(plan)
    result = counter(plan, SIZE, agency(plan).pk).result
    assert (result.as_of, result.built_at) == (NOON, stepped.time)


def test_a_removed_agency_is_never_built_again(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    gone = agency(plan)
    gone = change(gone, headcount=7)
    delete(gone, actor=COMMAND, version=gone.version)
    figures.computed.clear()
    settle(plan, stepped)
    assert not [key for key in figures.computed if key[1] == str(gone.pk)]
    assert payload(plan, TOTAL) == {"total": 20}
    row = counter(plan, SIZE, gone.pk)
    assert (row.attempts, row.built < row.wanted) == (0, True)


def test_an_agency_that_is_removed_while_it_is_computed_harms_nobody(
    plan: Plan, stepped: Clock, figures: Figures
) -> None:
    settle(plan, stepped)
    gone = change(agency(plan), headcount=7)
    change(agency(plan, 2), headcount=8)
    figures.during[SIZE] = lambda partition: delete(gone, actor=COMMAND, version=2) or figures.during.clear()
    settle(plan, stepped)
    assert (payload(plan, TOTAL), lies(plan, NOON), dirty(plan)) == ({"total": 8}, [], [])


# --- Lanes ---------------------------------------------------------------------------------------------------------


def test_slow_calculations_wait_longer_and_hold_up_no_quick_ones(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    build_due(plan)
    assert dirty(plan) == [(DRAWS, "")]
    assert build_due(plan, Lane.SLOW) == 0
    stepped.step(5 - WINDOW)
    assert build_due(plan, Lane.SLOW) == 1
    assert payload(plan, DRAWS) == {"draws": 270}


# --- Batches --------------------------------------------------------------------------------------------------------


def test_rows_are_built_in_batches_of_fifty_and_lower_levels_first(
    plan: Plan, stepped: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"code": f"B{n}", "name": f"Bulk {n}", "headcount": n} for n in range(60)]
    bulk_load(Agency, plan=plan, actor=COMMAND, rows=rows, label="agencies")
    batches: list[list[tuple[str, str]]] = []
    plain = building.build_rows

    def noted(plan_id: int, some: list[building.Row]) -> int:
        batches.append([(row.calculation, row.partition) for row in some])
        return plain(plan_id, some)

    monkeypatch.setattr(building, "build_rows", noted)
    build_plan(plan.pk)
    levels = [{building.level(key) for key, _ in batch} for batch in batches]
    assert max(map(len, batches)) == 50
    assert all(len(each) == 1 for each in levels)
    assert all(max(lower) <= min(upper) for lower, upper in pairwise(levels))
    built = [key for batch in batches for key in batch]
    assert len(built) == len(set(built)) == 62 * 3 + 1 + 2
    assert lies(plan, NOON) == []


def test_one_call_does_not_go_on_for_ever(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    edits = iter(range(10_000))

    def again(partition: str) -> None:
        change(agency(plan), headcount=next(edits))
        stepped.step(1)

    figures.during[SIZE] = again
    change(agency(plan), headcount=5)
    started = stepped.elapsed
    build_plan(plan.pk)
    assert building.AT_MOST <= stepped.elapsed - started < building.AT_MOST + 10


def test_a_plan_that_cannot_be_built_holds_up_no_other(plan: Plan, stepped: Clock) -> None:
    other = small_plan(slug="other")
    Plan.objects.filter(pk=plan.pk).update(time_zone="Nowhere/At_all")
    building.build_everything()
    assert payload(other, TOTAL) == {"total": 30}
    assert (TOTAL, "") in dirty(plan)


def test_a_plan_of_another_is_not_built_with_it(plan: Plan, stepped: Clock) -> None:
    other = small_plan(slug="other")
    settle(plan, stepped)
    assert dirty(plan) == []
    assert len(dirty(other)) == 10


def test_a_calculation_that_is_declared_no_more_is_left_alone(plan: Plan, figures: Figures, declare: Declare) -> None:
    declare(*figures.some("label"))
    build_plan(plan.pk)
    assert [key for key, _ in said_current(plan)] == [LABEL]
    assert len(dirty(plan)) == 9
