"""A declaration that the engine could not keep true is refused when the process starts, not when a figure is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ssoplanner.core.models import Agency, Plan
from ssoplanner.recompute.calculations import (
    PER_SERVICE,
    WHOLE_PLAN,
    Calculation,
    Lane,
    Undeclarable,
    by_agencies,
    by_agency,
    calculations,
    every,
    is_daily,
    itself,
    lane_keys,
    ordered,
)
from ssoplanner.recompute.touch import Change
from tests.recompute.figures import DATES, DRAWS, SIZE, TODAY, TOTAL, Figures


def one(name: str) -> Calculation:
    [found] = Figures().some(name)
    return found


def test_calculations_are_ordered_with_those_that_they_need_first() -> None:
    keys = list(ordered(reversed(Figures().all())))
    assert keys.index(SIZE) < keys.index(TOTAL) < keys.index(DRAWS)
    assert keys.index(TODAY) < keys.index(DATES)


REFUSED = {
    "a need that is not there": ([one("total")], "need each other, or something unknown: t.total"),
    "needs in a circle": (
        [replace(one("size"), needs=(TOTAL,)), one("total")],
        "need each other, or something unknown: t.size, t.total",
    ),
    "parts of another kind": ([one("size"), replace(one("label"), needs=(SIZE,))], "is per service, t.size per agency"),
    "a quick one on a slow one": (
        [one("size"), replace(one("total"), lane=Lane.SLOW), replace(one("draws"), lane=Lane.FAST)],
        "t.draws is fast and needs t.total, which is slow",
    ),
    "a daily one that does not read the time zone": (
        [replace(one("today"), reads={})],
        "t.today is daily and does not read the plan's time zone",
    ),
    "a daily one that reads other settings": (
        [replace(one("today"), reads={Plan: every.only("base_year")})],
        "does not read the plan's time zone",
    ),
    "one key twice": ([one("size"), one("size")], "t.size is declared twice"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_could_not_be_kept_true_is_refused(what: str) -> None:
    some, why = REFUSED[what]
    with pytest.raises(Undeclarable, match=why):
        ordered(some)


def test_an_agency_may_stand_on_the_whole_plan_and_the_plan_on_services() -> None:
    some = [one("size"), one("total"), replace(one("share"), needs=(TOTAL,)), one("label")]
    some.append(replace(one("label"), key="t.labels", per=PER_SERVICE, needs=("t.label",)))
    assert set(ordered(some)) == {"t.size", "t.total", "t.share", "t.label", "t.labels"}


def test_what_stands_on_a_daily_result_is_daily(figures: Figures) -> None:
    assert {key for key in calculations() if is_daily(key)} == {TODAY, DATES}


def test_each_calculation_is_in_one_lane(figures: Figures) -> None:
    assert lane_keys(Lane.SLOW) == [DRAWS]
    assert sorted(lane_keys(Lane.SLOW) + lane_keys(Lane.FAST)) == sorted(calculations())


def test_a_row_belongs_to_the_partitions_that_any_of_its_states_names() -> None:
    assert by_agency.partitions_of([{"agency": 1}, {"agency": 2}]) == {"1", "2"}
    assert by_agency.partitions_of([{"agency": None}, {"agency": 2}]) == {"2"}
    assert by_agencies.partitions_of([{"agencies": [1, 2]}, {"agencies": []}]) == {"1", "2"}
    assert itself.partitions_of([{"id": 7}]) == {"7"}
    assert every.partitions_of([{"id": 7}]) is None


def test_a_change_concerns_those_who_read_a_field_that_differs() -> None:
    before = {"id": 1, "status": "left", "headcount": 1}
    changed = Change(1, Agency, before, {**before, "headcount": 2})
    assert changed.concerns(itself)
    assert changed.concerns(itself.only("headcount", "status"))
    assert not changed.concerns(itself.only("status"))
    for added_or_removed in (Change(1, Agency, None, before), Change(1, Agency, before, None)):
        assert added_or_removed.concerns(itself.only("status"))
        assert not added_or_removed.concerns(itself.through_links("status"))


def test_the_whole_plan_is_one_partition(figures: Figures) -> None:
    assert calculations()[TOTAL].per.partition_of({"id": 7}) == WHOLE_PLAN
    assert calculations()[SIZE].per.partition_of({"id": 7}) == "7"
