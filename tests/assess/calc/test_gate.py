"""The scorecard of the first gate: each criterion at its edge, what is unknown, and the rule of the recommendation."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.gate import (
    CONDITIONS,
    GO,
    MET,
    MUST,
    NO_GO,
    NOT_MET,
    SHOULD,
    UNDECIDED,
    UNKNOWN,
    Criterion,
    GateInput,
    Known,
    Thresholds,
    gate,
)

GOOD = GateInput(
    thresholds=Thresholds(readiness=3, alignment=0.6, completeness=0.8, quick_wins=3, capability_gaps=10),
    readiness=Known(3.4, 10, 12),
    alignment=Known(0.75, 8, 10),
    quick_wins=Known(5),
    capability_gaps=Known(4, 90, 100),
    completeness=Known(0.93),
    data_quality=Known(None, 12, 12),
    questions=(True,) * 5,
    asked_questions=5,
    scores=(2.0, 3.0),
    procurement=(1, 3),
    log=6,
    major=2,
    unhandled=0,
    dated=5,
    next_steps=5,
)


def criterion(plan: GateInput, key: str) -> Criterion:
    return next(one for one in gate(plan).criteria if one.key == key)


def test_where_all_holds_it_recommends_to_go() -> None:
    found = gate(GOOD)
    assert found.recommendation == GO
    assert {one.state for one in found.criteria if one.kind in {MUST, SHOULD}} == {MET}


@pytest.mark.parametrize(
    ("field", "at", "beyond"),
    [
        ("readiness", Known(3, 10, 12), Known(2.99, 10, 12)),
        ("alignment", Known(0.6, 8, 10), Known(0.59, 8, 10)),
        ("quick_wins", Known(3), Known(2)),
        ("capability_gaps", Known(10, 90, 100), Known(11, 90, 100)),
        ("completeness", Known(0.8), Known(0.799)),
    ],
)
def test_a_figure_at_its_threshold_meets_it_and_beyond_it_is_a_no_go(field: str, at: Known, beyond: Known) -> None:
    assert criterion(replace(GOOD, **{field: at}), field).state == MET
    missed = gate(replace(GOOD, **{field: beyond}))
    assert (missed.recommendation, missed.reasons) == (NO_GO, [field])


def test_a_sum_of_shares_is_not_lost_to_binary_fractions() -> None:
    assert criterion(replace(GOOD, alignment=Known(0.1 + 0.2 + 0.3, 8, 10)), "alignment").state == MET
    assert criterion(replace(GOOD, alignment=Known(0.7 - 0.1, 8, 10)), "alignment").state == MET


@pytest.mark.parametrize("field", ["readiness", "alignment", "capability_gaps"])
def test_a_figure_with_too_few_behind_it_is_unknown(field: str) -> None:
    """The lowest data completeness is 80 %: 8 of 10 are enough, 7 are not."""
    value = getattr(GOOD, field).value
    assert criterion(replace(GOOD, **{field: Known(value, 8, 10)}), field).state == MET
    few = gate(replace(GOOD, **{field: Known(value, 7, 10)}))
    assert (few.recommendation, few.reasons) == (UNDECIDED, [field])
    assert criterion(replace(GOOD, **{field: Known(None, 0, 0)}), field).state == UNKNOWN


def test_what_is_missed_weighs_more_than_what_is_unknown() -> None:
    found = gate(replace(GOOD, readiness=Known(2, 10, 12), quick_wins=Known(None)))
    assert (found.recommendation, found.reasons) == (NO_GO, ["readiness"])


@pytest.mark.parametrize(
    ("key", "changed", "state"),
    [
        ("questions", {"questions": (True, True, True, True, False)}, NOT_MET),
        ("questions", {"questions": ()}, UNKNOWN),
        ("risks", {"scores": (2.0, 3.6)}, NOT_MET),
        ("risks", {"scores": (3.5, 3.5)}, MET),
        ("risks", {"scores": (2.0, None)}, UNKNOWN),
        ("mitigations", {"unhandled": 1}, NOT_MET),
        ("mitigations", {"log": 0, "major": 0}, UNKNOWN),
        ("mitigations", {"major": 0}, MET),
        ("schedule", {"dated": 4}, NOT_MET),
        ("schedule", {"dated": 0}, UNKNOWN),
        ("procurement", {"procurement": (1, 4)}, NOT_MET),
        ("procurement", {"procurement": (3,)}, MET),
        ("procurement", {"procurement": ()}, UNKNOWN),
        ("data_quality", {"data_quality": Known(None, 11, 12)}, NOT_MET),
        ("data_quality", {"data_quality": Known(None, 0, 12)}, UNKNOWN),
    ],
)
def test_what_should_hold_makes_conditions(key: str, changed: dict[str, Any], state: str) -> None:
    plan = replace(GOOD, **changed)
    assert criterion(plan, key).state == state
    found = gate(plan)
    if state == MET:
        assert found.recommendation == GO
    else:
        assert (found.recommendation, found.reasons) == (CONDITIONS, [key])


def test_what_no_figure_says_counts_neither_way() -> None:
    assert criterion(GOOD, "program_office").state == UNKNOWN
    assert "program_office" not in gate(GOOD).reasons


known = st.builds(Known, st.none() | st.floats(0, 12), st.integers(0, 12), st.integers(0, 12))


@given(known, known, known, known, known, st.integers(0, 5), st.integers(0, 5))
def test_it_recommends_go_only_where_no_must_is_missed_or_unknown(
    readiness: Known, alignment: Known, wins: Known, gaps: Known, complete: Known, dated: int, unhandled: int
) -> None:
    plan = replace(
        GOOD,
        readiness=readiness,
        alignment=alignment,
        quick_wins=wins,
        capability_gaps=gaps,
        completeness=complete,
        dated=dated,
        unhandled=unhandled,
    )
    found = gate(plan)
    states = {one.state for one in found.criteria if one.kind == MUST}
    assert (found.recommendation in {GO, CONDITIONS}) == (states == {MET})
    assert (found.recommendation == NO_GO) == (NOT_MET in states)
    assert found.reasons
    assert json.loads(json.dumps(asdict(found))) == asdict(found)
