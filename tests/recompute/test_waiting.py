"""A roll-up waits for its parts, but not for long and not for those that fail; then it computes them itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ssoplanner.core.models import Agency, Plan
from ssoplanner.recompute.building import ROLL_UP_WAITS, build_plan, claim, dirty_rows
from ssoplanner.recompute.calculations import PER_PLAN, Audience, Calculation, Lane, level
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.touch import WINDOWS
from ssoplanner.recompute.writer import bulk_load
from tests.recompute.conftest import Clock, Declare
from tests.recompute.figures import (
    ENGINE,
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
    payload,
    settle,
)
from tests.world import COMMAND

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
WINDOW, PATIENCE, NOON = 0.3, ROLL_UP_WAITS.total_seconds(), date(2026, 11, 25)


@pytest.fixture(autouse=True)
def settled(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)
    figures.computed.clear()


def held_by_another(plan: Plan, key: str) -> None:
    """As if a builder elsewhere had taken the due rows of a calculation."""
    assert claim([row for row in dirty_rows(plan.pk, Lane.FAST) if row.calculation == key])


def test_levels_count_from_the_inputs(figures: Figures) -> None:
    assert [level(key) for key in (SIZE, SHARE, TOTAL, "t.draws")] == [0, 1, 1, 2]


def test_a_roll_up_waits_while_another_builder_is_at_its_parts(plan: Plan, stepped: Clock) -> None:
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    held_by_another(plan, SIZE)
    assert due(plan) == []


def test_a_roll_up_waits_five_seconds_then_computes_the_parts_itself(
    plan: Plan, stepped: Clock, figures: Figures
) -> None:
    change(agency(plan), headcount=7)
    stepped.step(PATIENCE - 0.01)
    held_by_another(plan, SIZE)
    assert build_due(plan) == 0
    stepped.step(0.01)
    assert due(plan) == [(SHARE, str(agency(plan).pk)), (TOTAL, "")]
    build_due(plan)
    assert (payload(plan, TOTAL), lies(plan, NOON)) == ({"total": 27}, [])
    assert figures.computed[SIZE, str(agency(plan).pk)] == 1


def test_a_roll_up_is_not_held_up_by_a_part_that_is_never_current(plan: Plan, stepped: Clock, figures: Figures) -> None:
    edits, built = iter(range(10_000)), {counter(plan, TOTAL).built}

    def again(partition: str) -> None:
        change(agency(plan), headcount=next(edits))

    figures.during[SIZE] = again
    again("")
    for _ in range(160):
        stepped.step(0.1)
        build_due(plan, levels=3)
        built.add(counter(plan, TOTAL).built)
    assert len(built) - 1 in {2, 3}
    assert next(edits) > 20


def test_a_part_that_is_not_due_yet_is_computed_for_the_roll_up_and_not_published(plan: Plan, stepped: Clock) -> None:
    change(agency(plan), headcount=7)
    stepped.step(PATIENCE)
    Derived.objects.filter(plan=plan, calculation__in=(SIZE, SHARE)).update(
        not_before=stepped.time + WINDOWS[Lane.FAST]
    )
    assert due(plan) == [(TOTAL, "")]
    build_due(plan)
    assert payload(plan, TOTAL) == {"total": 27}
    assert (SIZE, str(agency(plan).pk)) in dirty(plan)


def test_a_roll_up_does_not_wait_for_parts_of_others(plan: Plan, stepped: Clock) -> None:
    change(agency(plan), status="left")  # the total alone reads it
    row = counter(plan, "t.today", agency(plan).pk)
    Derived.objects.filter(pk=row.pk).update(wanted=row.wanted + 1, not_before=stepped.time + WINDOWS[Lane.FAST])
    stepped.step(WINDOW)
    held_by_another(plan, "t.today")
    assert due(plan) == [(TOTAL, "")]


def test_a_row_waits_for_its_own_part_and_not_for_that_of_another_agency(plan: Plan, stepped: Clock) -> None:
    for number in (1, 2):
        change(agency(plan, number), headcount=7)
    stepped.step(WINDOW)
    own, other = (str(agency(plan, number).pk) for number in (1, 2))
    Derived.objects.filter(plan=plan, calculation=SIZE, partition=own).update(built=2)
    assert claim([row for row in dirty_rows(plan.pk, Lane.FAST) if (row.calculation, row.partition) == (SIZE, other)])
    assert due(plan) == [(SHARE, own)]


def test_a_roll_up_does_not_wait_for_a_part_that_fails(plan: Plan, stepped: Clock, figures: Figures) -> None:
    def fail(partition: str) -> None:
        raise ZeroDivisionError

    figures.during[SIZE] = fail
    change(agency(plan), headcount=7)
    stepped.step(WINDOW)
    build_due(plan, levels=1)
    assert (SHARE, str(agency(plan).pk)) in due(plan)
    assert (TOTAL, "") in due(plan)
    build_due(plan)
    assert (counter(plan, TOTAL).attempts, payload(plan, TOTAL)) == (1, {"total": 30})


def test_waiting_does_not_depend_on_a_clock_that_was_put_back(plan: Plan, stepped: Clock) -> None:
    change(agency(plan), headcount=7)
    stepped.step(-3600)
    held_by_another(plan, SIZE)
    assert (TOTAL, "") in due(plan)


# --- Many parts under many roll-ups ---------------------------------------------------------------------------------


def roll_up(number: int, figures: Figures) -> Calculation:
    key = f"t.roll{number}"

    def load(db: str, plan_id: int, partition: str, upstream: Any, as_of: date) -> int:
        figures.computed[key, ""] += 1
        return number * sum(part["size"] for part in upstream[SIZE].values())

    return Calculation(
        key=key,
        title=key,
        per=PER_PLAN,
        reads={},
        needs=(SIZE,),
        audience=Audience.RELEASED,
        load=load,
        calculate=dict_of,
    )


def dict_of(value: int) -> dict[str, int]:
    return {"value": value}


@pytest.mark.parametrize("parts_are", ["built first", "computed by a roll-up"])
def test_500_parts_under_five_roll_ups_are_computed_once_each(
    plan: Plan, stepped: Clock, figures: Figures, declare: Declare, parts_are: str
) -> None:
    declare(*figures.some("size"), *(roll_up(number, figures) for number in range(5)))
    rows = [{"code": f"B{n}", "name": f"Bulk {n}", "headcount": n} for n in range(500)]
    bulk_load(Agency, plan=plan, actor=COMMAND, rows=rows, label="agencies")
    stepped.step(WINDOW)
    if parts_are == "computed by a roll-up":
        stepped.step(PATIENCE - WINDOW)
        for _ in range(11):  # a builder elsewhere took the parts and died
            claim([row for row in dirty_rows(plan.pk, Lane.FAST) if row.calculation == SIZE])
        build_due(plan)
    build_plan(plan.pk)
    assert {key for key, times in figures.computed.items() if times != 1} == set()
    assert len(figures.computed) == 505
    assert payload(plan, "t.roll4") == {"value": 4 * (30 + 500 * 499 // 2)}
    assert dirty(plan) == []
