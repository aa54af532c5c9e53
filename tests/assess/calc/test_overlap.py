"""How alike agencies are: counted by hand, and what holds of any plan."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.overlap import MOST, AgencyInput, PlanInput, overlap


def agency(pk: int, capabilities: Iterable[int] = (), systems: Iterable[int] = ()) -> AgencyInput:
    return AgencyInput(pk, frozenset(capabilities), frozenset(systems))


def test_a_plan_counted_by_hand() -> None:
    rows = (agency(1, [1, 2, 3], [9]), agency(2, [2, 3, 4], [9]), agency(3, [7]), agency(4))
    found = overlap(PlanInput(rows))
    assert (found.agencies, found.compared) == (4, 3)
    assert (found.pairs.first[0], found.pairs.second[0]) == (1, 2)
    assert found.pairs.capabilities[0] == 2 / 4  # two of the four that either performs
    assert found.pairs.systems[0] == 1
    assert found.pairs.alike[0] == pytest.approx(0.75)
    assert (found.pairs.shared_capabilities[0], found.pairs.shared_systems[0]) == (2, 1)
    assert found.groups == [[1, 2]]
    assert dict(zip(found.closest.agency, found.closest.other, strict=True)) == {1: 2, 2: 1, 3: 1}
    assert found.mean == pytest.approx((0.75 + 0 + 0) / 3)


def test_where_neither_uses_a_system_only_capabilities_count() -> None:
    found = overlap(PlanInput((agency(1, [1, 2]), agency(2, [1, 2]))))
    assert (found.pairs.systems, found.pairs.alike) == ([None], [1])


def test_a_group_is_linked_from_one_to_the_next() -> None:
    rows = (agency(1, [1, 2, 3]), agency(2, [1, 2, 3, 4, 5]), agency(3, [3, 4, 5]))
    found = overlap(PlanInput(rows))  # 1 and 3 have one of five in common, each has three of five with 2
    assert found.groups == [[1, 2, 3]]


SETS = st.frozensets(st.integers(1, 8))


@given(st.lists(st.tuples(SETS, SETS), max_size=8))
def test_what_holds_of_any_plan(sets: list[tuple[frozenset[int], frozenset[int]]]) -> None:
    rows = [AgencyInput(pk, *some) for pk, some in enumerate(sets, start=1)]
    found = overlap(PlanInput(rows))
    assert found == overlap(PlanInput(rows[::-1]))
    assert json.loads(json.dumps(asdict(found))) == asdict(found)
    assert found.pairs.alike == sorted(found.pairs.alike, reverse=True)
    assert len(found.pairs.first) == min(MOST, found.compared * (found.compared - 1) // 2)
    by_id = {row.id: row for row in rows}
    for first, second, alike, shared in zip(
        found.pairs.first, found.pairs.second, found.pairs.alike, found.pairs.shared_capabilities, strict=True
    ):
        one, other = by_id[first], by_id[second]
        assert shared == len(one.capabilities & other.capabilities)
        assert 0 <= alike <= 1
        assert (alike == 1) == (one.capabilities == other.capabilities and one.systems == other.systems)
    grouped = [pk for group in found.groups for pk in group]
    assert len(grouped) == len(set(grouped))


def test_500_agencies_and_424_capabilities_take_seconds() -> None:
    rows = [agency(pk, (one for one in range(424) if (one * pk) % 7 < 4), {pk % 90, pk % 13}) for pk in range(1, 501)]
    begun = perf_counter()
    found = overlap(PlanInput(rows))
    assert perf_counter() - begun < 5
    assert len(found.pairs.first) == MOST
