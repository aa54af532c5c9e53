"""Candidates for sharing: counted by hand, and what holds of any ranking."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.candidates import FEWEST, PARTS, CapabilityInput, PlanInput, candidates

ROW = CapabilityInput(1, ratings=4, agencies=3, own=2, importance=4, gap=1, systems=2, cost_cents=50, services=(9, 8))


def test_a_ranking_counted_by_hand() -> None:
    dearest = replace(ROW, id=2, own=4, agencies=4, importance=5, gap=3, systems=4, cost_cents=200, services=())
    found = candidates(PlanInput((ROW, dearest, replace(ROW, id=3, agencies=1))))
    assert found.ranking.capability == [2, 1]
    assert {key: found.ranking.parts[key] for key in PARTS} == {
        "own": [1, 0.5],
        "importance": [1, 0.75],
        "gap": [1, 0.5],  # two levels are a whole one; three are no more
        "systems": [0.75, 0.5],
        "cost": [1, 0.25],
    }
    assert found.ranking.score == [pytest.approx(0.95), pytest.approx(0.5)]
    assert found.ranking.services == [[], [8, 9]]
    assert found.left_out == 1


def test_what_is_not_known_is_left_out_of_the_mean() -> None:
    bare = replace(ROW, importance=None, gap=None, cost_cents=None)
    assert candidates(PlanInput((bare,))).ranking.score == [0.5]  # own and systems, a half each


def test_without_a_system_nothing_shows_that_anything_is_run_twice() -> None:
    """Else what nobody named a system for would lead the list, by the few parts that are known of it."""
    ranking = candidates(PlanInput((ROW, replace(ROW, id=2, systems=0, cost_cents=None)))).ranking
    assert ranking.capability == [1, 2]
    assert (ranking.parts["systems"][1], ranking.parts["cost"][1]) == (0, 0)


def test_no_candidates_are_a_ranking_too() -> None:
    assert candidates(PlanInput(())).ranking.capability == []


ROWS = st.builds(
    CapabilityInput,
    st.integers(1, 10**6),
    ratings=st.integers(6, 9),
    agencies=st.integers(0, 6),
    own=st.integers(0, 6),
    importance=st.none() | st.floats(1, 5),
    gap=st.none() | st.floats(0, 4),
    systems=st.integers(0, 9),
    cost_cents=st.none() | st.integers(0, 10**12),
    services=st.lists(st.integers(1, 9), unique=True),
)


@given(st.lists(ROWS, unique_by=lambda row: row.id))
def test_what_holds_of_any_ranking(rows: list[CapabilityInput]) -> None:
    found = candidates(PlanInput(rows))
    assert found == candidates(PlanInput(rows[::-1]))
    assert json.loads(json.dumps(asdict(found))) == asdict(found)
    assert found.ranking.score == sorted(found.ranking.score, reverse=True)
    assert all(0 <= score <= 1 for score in found.ranking.score)
    assert all(value is None or 0 <= value <= 1 for column in found.ranking.parts.values() for value in column)
    assert len(found.ranking.capability) + found.left_out == len(rows)
    assert set(found.ranking.capability) == {row.id for row in rows if row.agencies >= FEWEST}


@given(ROWS, st.integers(0, 4))
def test_a_larger_gap_never_speaks_less_for_sharing(row: CapabilityInput, gap: int) -> None:
    one, more = (candidates(PlanInput((replace(row, agencies=3, gap=size),))) for size in (gap, gap + 0.5))
    assert one.ranking.score[0] <= more.ranking.score[0]
