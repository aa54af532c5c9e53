"""The map of capabilities: a plan counted by hand, and what holds of any plan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.capability_map import OWNERSHIPS, SCORES, AgencyInput, PlanInput, capability_map

TREE = {1: None, 2: 1, 3: 2, 4: 2, 5: 1}  # 3, 4 and 5 are the lowest
Rated = tuple[int, str, float | None, float | None, float | None, Sequence[int]]


def agency(pk: int, *rows: Rated, expected: int = 3) -> AgencyInput:
    """`rows`: capability, ownership, importance, maturity, gap, systems."""
    scores: dict[str, list[float | None]] = {score: [None] * len(rows) for score in SCORES}
    scores |= {name: [row[at] for row in rows] for name, at in (("importance", 2), ("maturity", 3), ("gap", 4))}  # type: ignore[misc]
    return AgencyInput(
        pk, [row[0] for row in rows], [row[1] for row in rows], scores, [row[5] for row in rows], len(rows), expected
    )


def by_hand() -> PlanInput:
    first = agency(10, (3, "own", 4, 2, 2, (7,)), (4, "none", None, None, None, ()), (5, "shared", 2, 1, 3, (7, 8)))
    second = agency(11, (3, "outsourced", 3, 3, 0, (8,)))
    return PlanInput(TREE, (first, second, agency(12)), {7: 10_00, 8: None, 9: 99_00})


def column(found: Any, name: str, pk: int) -> Any:
    nodes = found.nodes
    values = getattr(nodes, name) if hasattr(nodes, name) else nodes.scores[name]
    return values[nodes.id.index(pk)]


def test_a_plan_counted_by_hand() -> None:
    found = capability_map(by_hand())
    assert found.nodes.id == [1, 2, 3, 4, 5]
    assert found.nodes.leaf == [False, False, True, True, True]
    assert [column(found, "importance", pk) for pk in (3, 4, 5)] == [3.5, None, 2]
    assert [column(found, "gap", pk) for pk in (3, 4, 5)] == [1, None, 3]
    assert [column(found, "agencies", pk) for pk in (1, 2, 3, 4, 5)] == [2, 2, 2, 0, 1]
    assert [column(found, "systems", pk) for pk in (3, 4, 5)] == [2, 0, 2]
    assert [column(found, "cost_cents", pk) for pk in (3, 4, 5)] == [10_00, None, 10_00]
    assert {key: found.nodes.ownership[key][2] for key in OWNERSHIPS} == {
        "own": 1,
        "shared": 0,
        "outsourced": 1,
        "none": 0,
    }


def test_a_higher_capability_is_the_mean_over_all_ratings_below_it_and_counts_each_system_once() -> None:
    found = capability_map(by_hand())
    assert column(found, "importance", 2) == 3.5
    assert column(found, "importance", 1) == pytest.approx((4 + 3 + 2) / 3)  # not the mean of 3.5 and 2
    assert (column(found, "systems", 1), column(found, "cost_cents", 1)) == (2, 10_00)
    assert column(found, "ratings", 1) == 4


def test_a_gap_is_open_from_one_level_on_where_it_matters() -> None:
    totals = capability_map(by_hand()).totals
    assert totals.open_gaps == 1  # 3: gap 1, importance 3.5. The gap of 5 is larger, but nobody needs it.
    assert (totals.capabilities, totals.agencies, totals.agencies_rated) == (3, 3, 2)
    assert totals.share_rated == pytest.approx(4 / 9)


def test_a_rating_of_what_is_no_lowest_capability_is_left_out() -> None:
    plan = PlanInput(TREE, (agency(10, (2, "own", 5, 1, 4, ()), (99, "own", 5, 1, 4, ())),), {})
    found = capability_map(plan)
    assert found.nodes.ratings == [0] * 5
    assert found.totals.open_gaps == 0


def test_a_plan_of_which_nothing_is_asked_has_no_share() -> None:
    assert capability_map(PlanInput({}, (), {})).totals.share_rated is None


LEVELS = st.none() | st.integers(1, 5)
ROWS = st.tuples(
    st.sampled_from([3, 4, 5]),
    st.sampled_from(["", *OWNERSHIPS]),
    LEVELS,
    LEVELS,
    st.none() | st.integers(0, 4),
    st.lists(st.integers(1, 4), max_size=3, unique=True),
)
AGENCIES = st.lists(st.lists(ROWS, max_size=3, unique_by=lambda row: row[0]), max_size=6)


@given(AGENCIES)
def test_what_holds_of_any_plan(rated: list[list[Rated]]) -> None:
    rows = [agency(pk, *some) for pk, some in enumerate(rated, start=100)]
    costs: dict[int, int | None] = {1: 5, 2: 7, 3: None}
    found, turned = (capability_map(PlanInput(TREE, some, costs)) for some in (rows, rows[::-1]))
    assert found == turned  # in whichever order agencies come
    assert json.loads(json.dumps(asdict(found))) == asdict(found)
    assert column(found, "ratings", 1) == sum(column(found, "ratings", pk) for pk in (3, 4, 5))
    for pk, parent in ((3, 2), (4, 2), (2, 1), (5, 1)):
        assert column(found, "agencies", pk) <= column(found, "agencies", parent) <= len(rows)
        assert column(found, "systems", pk) <= column(found, "systems", parent)
        assert (column(found, "cost_cents", pk) or 0) <= (column(found, "cost_cents", parent) or 0)
    lowest = [column(found, "maturity", pk) for pk in (3, 4, 5) if column(found, "maturity", pk) is not None]
    if lowest:
        assert min(lowest) - 1e-9 <= column(found, "maturity", 1) <= max(lowest) + 1e-9
    assert found.totals.open_gaps <= found.totals.capabilities


def test_500_agencies_and_424_capabilities_take_seconds() -> None:
    parents: dict[int, int | None] = {1: None} | {pk: 1 for pk in range(2, 12)}
    leaves = list(range(100, 524))
    parents |= {pk: 2 + pk % 10 for pk in leaves}
    values = {score: [1 + (pk * 7) % 5 for pk in leaves] for score in SCORES}
    agencies = [
        AgencyInput(pk, leaves, ["own"] * len(leaves), values, [[pk % 600, leaf % 600] for leaf in leaves], 424, 424)
        for pk in range(500)
    ]
    begun = perf_counter()
    found = capability_map(PlanInput(parents, agencies, dict.fromkeys(range(600), 10**9)))
    assert perf_counter() - begun < 10
    assert found.totals.rated == 500 * 424
