"""The cumulative risk rating and its bands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.risk_rating import risk_rating

RISKS = [f"risk {number}" for number in range(12)]
SCORES = st.dictionaries(st.sampled_from(RISKS), st.none() | st.integers(1, 5), min_size=1)
ONES = dict.fromkeys(RISKS, 1.0)


@pytest.mark.parametrize(
    ("scores", "score", "band"),
    [
        ([1, 3], 2.0, "low"),  # still low
        ([1, 3, 3], pytest.approx(7 / 3), "medium"),
        ([3, 4], 3.5, "medium"),  # still medium
        ([3, 4, 4], pytest.approx(11 / 3), "high"),
        ([5], 5.0, "high"),
    ],
)
def test_the_mean_has_its_band(scores: list[int], score: float, band: str) -> None:
    found = risk_rating(dict(zip(RISKS, scores, strict=False)), ONES)

    assert found == (score, band, len(scores))


def test_what_is_not_applicable_is_dropped_from_sum_and_count() -> None:
    assert risk_rating({"risk 0": 5, "risk 1": None, "risk 2": 3}, ONES) == (4.0, "high", 2)
    assert risk_rating({"risk 0": None}, ONES) == (None, None, 0)
    assert risk_rating({}, {}) == (None, None, 0)


def test_a_weight_counts_in_the_sum_and_not_in_the_divisor() -> None:
    assert risk_rating({"risk 0": 5, "risk 1": 3}, {"risk 0": 0.5, "risk 1": 1}) == (2.75, "medium", 2)


@given(SCORES)
def test_it_lies_between_the_lowest_and_the_highest_score_where_weights_are_one(scores: dict[str, int | None]) -> None:
    given_scores = [score for score in scores.values() if score is not None]
    found = risk_rating(scores, ONES)

    assert found.rated == len(given_scores)
    if found.score is not None:
        assert min(given_scores) <= found.score <= max(given_scores)


@given(SCORES, st.integers(0, 4))
def test_a_higher_score_never_lowers_the_rating(scores: dict[str, int | None], more: int) -> None:
    raised = {risk: None if score is None else min(score + more, 5) for risk, score in scores.items()}
    before, after = risk_rating(scores, ONES).score, risk_rating(raised, ONES).score

    assert (before is None and after is None) or (before is not None and after is not None and after >= before)


@pytest.mark.parametrize(
    ("ratings", "weights"),
    [({"risk 0": 0}, ONES), ({"risk 0": 5.5}, ONES), ({"risk 0": 3}, {}), ({"risk 0": 3}, {"risk 0": -1})],
)
def test_what_is_no_rating_is_refused(ratings: dict[str, float], weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="risk 0: "):
        risk_rating(ratings, weights)
