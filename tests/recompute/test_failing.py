"""What goes wrong in one calculation: it is told, tried again later and later, and harms no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from ssoplanner.core.models import Agency, Plan
from ssoplanner.recompute import compute
from ssoplanner.recompute.building import back_off, build_rows, claim, dirty_rows, publish, ready
from ssoplanner.recompute.calculations import (
    PER_AGENCY,
    Audience,
    Calculation,
    Incomplete,
    Lane,
    Missing,
    Upstream,
    itself,
)
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.sweep import seed_plan
from tests.recompute.conftest import Clock, Declare
from tests.recompute.figures import (
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
    two_agencies,
)

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
WINDOW, NOON = 0.3, date(2026, 11, 25)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="ssoplanner.recompute.building")


def failing(message: str = "no") -> Callable[[str], None]:
    def fail(partition: str) -> None:
        raise ValueError(message)

    return fail


def test_a_failure_is_counted_and_told_and_the_last_good_result_stays(
    plan: Plan, stepped: Clock, figures: Figures
) -> None:
    settle(plan, stepped)
    figures.during[LABEL] = failing("no unit")
    service = plan.services.get()
    change(service, volume_unit="call")
    stepped.step(WINDOW)
    build_due(plan)
    row = counter(plan, LABEL, service.pk)
    assert (row.attempts, row.last_error, row.lease_until) == (1, "ValueError: no unit", None)
    assert payload(plan, LABEL, service.pk) == {"label": "ticket"}
    assert (LABEL, str(service.pk)) not in said_current(plan)


def test_each_attempt_waits_twice_as_long_up_to_five_minutes(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    figures.during[LABEL] = failing()
    service = plan.services.get()
    change(service, volume_unit="call")
    stepped.step(WINDOW)
    waits = []
    for _ in range(11):
        build_due(plan)
        row = counter(plan, LABEL, service.pk)
        waits.append((row.not_before - stepped.time).total_seconds())
        stepped.time = row.not_before - timedelta(seconds=0.01)
        assert build_due(plan) == 0 and counter(plan, LABEL, service.pk).attempts == row.attempts
        stepped.time = row.not_before
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert back_off(2**31 - 1) == timedelta(seconds=300)


def test_a_change_starts_over_at_once(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    figures.during[SIZE] = failing()
    change(agency(plan), headcount=7)
    for _ in range(6):
        stepped.step(40)
        build_due(plan)
    assert counter(plan, SIZE, agency(plan).pk).attempts > 3
    figures.during.clear()
    change(agency(plan), headcount=8)
    assert counter(plan, SIZE, agency(plan).pk).attempts == 0  # no longer failed, but waiting
    stepped.step(WINDOW)
    build_due(plan)
    assert payload(plan, SIZE, agency(plan).pk) == {"size": 8}
    assert payload(plan, TOTAL) == {"total": 28}
    row = counter(plan, SIZE, agency(plan).pk)
    assert (row.attempts, row.last_error) == (0, "")


def test_a_change_that_comes_while_a_row_fails_starts_over_too(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    row = agency(plan)
    change(row, headcount=7)
    Derived.objects.filter(plan=plan, calculation=SIZE, partition=row.pk).update(attempts=8)

    def repaired_meanwhile(partition: str) -> None:
        figures.during.clear()
        change(row, headcount=8)
        raise ValueError

    figures.during[SIZE] = repaired_meanwhile
    stepped.step(WINDOW)
    build_due(plan, levels=1)
    assert counter(plan, SIZE, row.pk).attempts == 0
    stepped.step(WINDOW)
    build_due(plan)
    assert payload(plan, SIZE, row.pk) == {"size": 8}


def test_a_late_failure_does_not_spoil_what_was_built_meanwhile(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)

    def built_by_another(partition: str) -> None:
        figures.during.clear()
        Derived.objects.filter(plan=plan).update(lease_until=None)
        publish(made_by_another)
        raise ValueError

    made_by_another = made_now(plan, SIZE, agency(plan).pk)
    figures.during[SIZE] = built_by_another
    build_due(plan, levels=1)
    row = counter(plan, SIZE, agency(plan).pk)
    assert (row.built, row.attempts, row.last_error) == (row.wanted, 0, "")


def test_the_other_rows_of_a_batch_are_built(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    first, second = two_agencies(plan)
    figures.during[SIZE] = lambda partition: failing()(partition) if partition == str(first.pk) else None
    for row in (first, second):
        change(row, headcount=7)
    stepped.step(WINDOW)
    assert due(plan) == [(SIZE, str(first.pk)), (SIZE, str(second.pk))]
    build_due(plan, levels=1)
    assert payload(plan, SIZE, second.pk) == {"size": 7}


def test_the_other_rows_of_a_batch_are_built_after_an_error_of_the_database(
    plan: Plan, stepped: Clock, declare: Declare
) -> None:
    first, second = two_agencies(plan)

    def load(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date) -> dict[str, int]:
        if partition == str(first.pk):
            with connections[db].cursor() as cursor:
                cursor.execute("SELECT nothing FROM nowhere")
        return {"size": Agency.objects.using(db).filter(plan_id=plan_id).get(pk=partition).headcount or 0}

    declare(one(load, dict))
    stepped.step(WINDOW)
    build_due(plan)
    assert counter(plan, SIZE, first.pk).attempts == 1
    assert payload(plan, SIZE, second.pk) == {"size": second.headcount}


def test_a_row_that_is_gone_since_it_was_claimed_harms_no_other(plan: Plan, stepped: Clock) -> None:
    stepped.step(WINDOW)
    claimed = claim(ready(dirty_rows(plan.pk, Lane.FAST), stepped.time))
    Derived.objects.filter(pk=claimed[0].pk).delete()
    assert build_rows(plan.pk, claimed) == len(claimed) - 1
    assert not Derived.objects.filter(pk=claimed[0].pk).exists()


def test_a_roll_up_fails_with_its_part_and_recovers_with_it(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    figures.during[SIZE] = failing("no headcount")
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    build_due(plan)
    assert [counter(plan, TOTAL).attempts, counter(plan, TOTAL).last_error] == [1, "ValueError: no headcount"]
    figures.during.clear()
    settle(plan, stepped)
    assert (payload(plan, TOTAL), lies(plan, NOON), dirty(plan)) == ({"total": 27}, [], [])


# --- What is no result ----------------------------------------------------------------------------------------------


def one(load: Callable[..., Any], calculate: Callable[[Any], Any]) -> Calculation:
    reads = {Agency: itself.only("headcount")}
    return Calculation(
        key=SIZE, title="Size", per=PER_AGENCY, reads=reads, audience=Audience.RELEASED, load=load, calculate=calculate
    )


class Unprintable(Exception):
    def __str__(self) -> str:
        return "half \ud800, NUL \x00, é\nand more"


NO_RESULT = {
    "not a number": ({"value": float("nan")}, "ValueError"),
    "not finite": ({"value": [float("inf")]}, "ValueError"),
    "of no JSON type": ({"value": {1, 2}}, "TypeError"),
    "a date": ({"value": NOON}, "TypeError"),
    "too large": ({"value": "é" * (compute.LARGEST_PAYLOAD // 2)}, "TooLarge"),
    "half a character": ({"value": "\ud800"}, "UnicodeEncodeError"),
}


@pytest.mark.parametrize("what", NO_RESULT)
def test_what_cannot_be_stored_is_a_failure(plan: Plan, stepped: Clock, declare: Declare, what: str) -> None:
    result, error = NO_RESULT[what]
    declare(one(lambda *_: None, lambda _: result))
    stepped.step(WINDOW)
    assert build_due(plan) == 0
    row = counter(plan, SIZE, agency(plan).pk)
    assert (row.attempts, row.last_error.split(":")[0], row.built) == (1, error, 0)


def test_a_payload_of_just_the_largest_size_is_stored(plan: Plan, stepped: Clock, declare: Declare) -> None:
    text = "x" * (compute.LARGEST_PAYLOAD - len('{"value":""}'))
    declare(one(lambda *_: None, lambda _: {"value": text}))
    stepped.step(WINDOW)
    assert build_due(plan) == 2
    assert payload(plan, SIZE, agency(plan).pk) == {"value": text}


def test_an_error_that_no_database_can_store_as_it_is_does_not_stop_the_batch(
    plan: Plan, stepped: Clock, declare: Declare
) -> None:
    def calculate(partition: str) -> dict[str, int]:
        if partition == str(agency(plan).pk):
            raise Unprintable
        return {"size": 1}

    declare(one(lambda db, plan_id, partition, upstream, as_of: partition, calculate))
    stepped.step(WINDOW)
    build_due(plan)
    assert counter(plan, SIZE, agency(plan).pk).last_error == "Unprintable: half  , NUL  , é and more"
    assert payload(plan, SIZE, agency(plan, 2).pk) == {"size": 1}


def test_a_long_error_is_cut(plan: Plan, stepped: Clock, figures: Figures) -> None:
    figures.during[SIZE] = failing("é" * 1000)
    stepped.step(WINDOW)
    build_due(plan)
    assert len(counter(plan, SIZE, agency(plan).pk).last_error) == 400


def test_incomplete_is_a_current_result(plan: Plan, stepped: Clock, declare: Declare) -> None:
    missing = Missing("Give the headcount.", "agency", {"pk": 1})
    declare(one(lambda *_: Incomplete((missing,)), dict))
    stepped.step(WINDOW)
    build_due(plan)
    said = said_current(plan)[SIZE, str(agency(plan).pk)]
    assert said == {"incomplete": [{"text": "Give the headcount.", "page": "agency", "ids": {"pk": 1}}]}
    assert counter(plan, SIZE, agency(plan).pk).attempts == 0


def test_the_formula_may_say_that_it_is_incomplete_too(plan: Plan, stepped: Clock, declare: Declare) -> None:
    declare(one(lambda *_: None, lambda _: Incomplete((Missing("No."),))))
    stepped.step(WINDOW)
    build_due(plan)
    assert said_current(plan)[SIZE, str(agency(plan).pk)]["incomplete"][0]["text"] == "No."


def test_a_share_of_a_plan_without_counters_is_built_once_they_are_seeded(plan: Plan, stepped: Clock) -> None:
    Derived.objects.filter(plan=plan, calculation=SIZE).delete()
    stepped.step(WINDOW)
    build_due(plan)
    assert counter(plan, SHARE, agency(plan).pk).attempts == 1
    assert seed_plan(plan.pk) == 2
    stepped.step(WINDOW)
    build_due(plan)
    assert payload(plan, TOTAL) == {"total": 30}
