"""What a page shows of a result, and whether its polling notices that something else is to be shown."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Agency, Plan
from ssoplanner.recompute.building import LEASES, claim, dirty_rows, ready
from ssoplanner.recompute.calculations import PER_AGENCY, Audience, Calculation, Incomplete, Lane, Missing, itself
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.reading import NO_WORKER_AFTER, STALE, Shown, State, shown, shown_all, stamp_now
from ssoplanner.recompute.sweep import sweep
from ssoplanner.recompute.writer import delete
from tests.recompute.conftest import Clock, Declare
from tests.recompute.figures import (
    ENGINE,
    SIZE,
    TODAY,
    TOTAL,
    Figures,
    agency,
    build_due,
    change,
    counter,
    settle,
    small_plan,
)
from tests.world import COMMAND

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
WINDOW = 0.3


def look(plan: Plan, key: str = TOTAL, partition: object = "") -> Shown:
    return shown(plan.pk, [(key, str(partition))])[key, str(partition)]


def look_again(plan: Plan) -> str:
    """What a page that shows the total and an agency's day sends along when it polls."""
    return stamp_now(plan.pk, [(TOTAL, ""), (TODAY, str(agency(plan).pk))])


def test_a_current_result_has_its_figures_and_its_day(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    seen = look(plan)
    assert (seen.state, seen.is_current, seen.figures) == (State.CURRENT, True, {"total": 30})
    assert (seen.as_of, seen.built_at) == (date(2026, 11, 25), counter(plan, TOTAL).result.built_at)
    assert (seen.since, seen.missing, seen.unanswered) == (None, (), False)


def test_what_was_never_built_waits_and_shows_nothing(plan: Plan, stepped: Clock) -> None:
    seen = look(plan)
    assert (seen.state, seen.figures, seen.since, seen.is_current) == (State.WAITING, None, stepped.time, False)
    assert look(plan, "t.unheard_of") == Shown(State.WAITING)


def test_a_stale_result_keeps_its_last_figures_and_says_since_when(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    stepped.step(60)
    changed_at = stepped.time
    change(agency(plan), headcount=7)
    stepped.step(0.1)
    change(agency(plan), headcount=8)
    seen = look(plan)
    assert (seen.state, seen.figures, seen.since) == (State.WAITING, {"total": 30}, changed_at)


def test_after_half_a_minute_it_says_that_no_worker_answers(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(NO_WORKER_AFTER.total_seconds())
    assert not look(plan).unanswered
    stepped.step(0.1)
    assert look(plan).unanswered


def test_a_row_that_a_builder_holds_is_being_computed(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    claim(ready(dirty_rows(plan.pk, Lane.FAST), stepped.time))
    held = agency(plan).pk
    assert look(plan, SIZE, held).state is State.COMPUTING
    stepped.step(LEASES[Lane.FAST].total_seconds())
    assert look(plan, SIZE, held).state is State.WAITING
    stepped.step(-3600)
    assert look(plan, SIZE, held).state is State.WAITING


def test_a_failed_result_shows_the_last_good_figures(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)

    def fail(partition: str) -> None:
        raise ValueError

    figures.during[TOTAL] = fail
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    build_due(plan)
    stepped.step(3600)
    seen = look(plan)
    assert (seen.state, seen.figures, seen.is_current, seen.unanswered) == (State.FAILED, {"total": 30}, False, False)


def test_an_incomplete_result_says_what_is_missing(plan: Plan, stepped: Clock, declare: Declare) -> None:
    missing = Missing("Give the headcount.", "agency", {"pk": 1})
    declare(
        Calculation(
            key=SIZE,
            title="Size",
            per=PER_AGENCY,
            reads={Agency: itself.only("headcount")},
            audience=Audience.RELEASED,
            load=lambda *_: Incomplete((missing,)),
            calculate=dict,
        )
    )
    stepped.step(WINDOW)
    build_due(plan)
    seen = look(plan, SIZE, agency(plan).pk)
    assert (seen.state, seen.missing, seen.figures, seen.is_current) == (State.INCOMPLETE, (missing,), None, True)
    change(agency(plan), headcount=7)
    seen = look(plan, SIZE, agency(plan).pk)
    assert (seen.state, seen.missing, seen.is_current) == (State.WAITING, (missing,), False)


def test_a_result_of_an_older_formula_or_another_day_is_not_current(
    plan: Plan, stepped: Clock, figures: Figures, declare: Declare
) -> None:
    settle(plan, stepped)
    declare(*figures.all(total=2))
    assert look(plan).state is State.WAITING
    declare(*figures.all())
    assert look(plan).state is State.CURRENT
    stepped.step(24 * 3600)
    assert look(plan, TODAY, agency(plan).pk).state is State.WAITING


def test_results_are_read_by_one_query_whatever_their_number(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    pks = [str(pk) for pk in plan.agencys.values_list("pk", flat=True)]
    with CaptureQueriesContext(connection) as queries:
        seen = shown(plan.pk, [(TOTAL, ""), *((SIZE, pk) for pk in pks)])
        every = shown_all(plan.pk, SIZE)
    assert len(queries) == 2
    assert [one.figures for one in seen.values()] == [{"total": 30}, {"size": 10}, {"size": 20}]
    assert {pk: one.figures for pk, one in every.items()} == {pks[0]: {"size": 10}, pks[1]: {"size": 20}}


def test_results_of_other_plans_and_of_removed_agencies_are_not_among_them(plan: Plan, stepped: Clock) -> None:
    other, gone = small_plan(slug="other"), agency(plan)
    for one in (plan, other):
        settle(one, stepped)
    delete(gone, actor=COMMAND, version=1)
    assert list(shown_all(plan.pk, SIZE)) == [str(agency(plan, 2).pk)]
    theirs = str(agency(other).pk)
    assert shown(plan.pk, [(SIZE, theirs)]) == {(SIZE, theirs): Shown(State.WAITING)}


def test_the_stamp_stays_while_nothing_changes_and_costs_one_query(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    before = look_again(plan)
    change(plan.services.get(), volume_unit="call")  # concerns neither
    settle(plan, stepped)
    pks = [(TOTAL, ""), (TODAY, str(agency(plan).pk))]
    with CaptureQueriesContext(connection) as queries:
        assert stamp_now(plan.pk, pks) == before
    assert len(queries) == 1


def test_the_stamp_differs_with_each_thing_that_a_page_shows_of_it(
    plan: Plan, stepped: Clock, figures: Figures
) -> None:
    stamps = [look_again(plan)]

    def noted() -> None:
        stamps.append(look_again(plan))

    settle(plan, stepped)
    noted()
    change(agency(plan), status="left")  # waiting
    noted()
    stepped.step(WINDOW)
    claim(ready(dirty_rows(plan.pk, Lane.FAST), stepped.time))  # computing: reads the same
    assert look_again(plan) == stamps[-1]
    stepped.step(31)  # no worker answers
    noted()
    Derived.objects.filter(plan=plan, calculation=TOTAL).update(attempts=1)  # failed
    noted()
    settle(plan, stepped)  # current, with other figures
    noted()
    stepped.step(24 * 3600)  # its day has passed, and no worker has noticed
    noted()
    assert len(set(stamps)) == len(stamps) == 7


def test_a_change_adds_to_the_stamp_that_it_is_stale_and_a_new_result_makes_another(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    before = look_again(plan)

    change(agency(plan), status="left")

    assert look_again(plan) == before + STALE
    settle(plan, stepped)
    assert not look_again(plan).startswith(before)
    assert not look_again(plan).endswith(STALE)


def test_the_stamp_differs_when_a_result_goes_stale_and_comes_back(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    before = look_again(plan)
    stepped.step(24 * 3600)
    sweep()
    settle(plan, stepped)
    assert look_again(plan) != before
