"""How far the executives of a plan stand behind it."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.alignment import NOT_ASKED, POSITIONS, Alignment, AlignmentInput, alignment

SOME = st.lists(st.sampled_from((NOT_ASKED, *POSITIONS)))


def found(*positions: str) -> Alignment:
    return alignment(AlignmentInput(positions))


def test_supportive_and_committed_ones_are_aligned_and_the_share_is_of_those_who_were_asked() -> None:
    result = found("committed", "supportive", "neutral", "opposed", "", "supportive")

    assert (result.executives, result.asked, result.not_asked) == (6, 5, 1)
    assert (result.aligned, result.opposed, result.share) == (3, 1, 0.6)
    assert result.by_position == {"opposed": 1, "neutral": 1, "supportive": 2, "committed": 1}


def test_without_anybody_asked_there_is_no_share() -> None:
    assert (found("", "").share, found("", "").not_asked, found().share) == (None, 2, None)


def test_an_unknown_position_is_refused() -> None:
    with pytest.raises(ValueError, match="hostile is none of the positions opposed, neutral, supportive, committed"):
        found("neutral", "hostile")


@given(SOME)
def test_everybody_counts_once_and_the_order_is_irrelevant(positions: list[str]) -> None:
    result = found(*positions)
    assert sum(result.by_position.values()) == result.asked == result.executives - result.not_asked
    assert result.share is None or 0 <= result.share <= 1
    assert found(*reversed(positions)) == result
    assert Alignment(**json.loads(json.dumps(asdict(result)))) == result
