"""The twelve risks as two sides rate them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.plan_risk import PlanRisk, PlanRiskInput, plan_risk
from assess.risk_texts import HALVED, LARGE, RISKS, SMALL, project_size, weights

KEYS = [risk.key for risk in RISKS]
RATINGS = st.dictionaries(st.sampled_from(KEYS), st.none() | st.integers(1, 5))


def rated(own: Any, independent: Any, size: str = SMALL) -> PlanRisk:
    return plan_risk(PlanRiskInput(size, 3, weights(size), own, independent))


def test_each_side_has_its_mean_its_band_and_what_it_left_open() -> None:
    result = rated({"data": 5, "money": 3, "technology": None}, {"data": 3})

    assert (result.own.score, result.own.band, result.own.rated) == (4.0, "high", 2)
    assert (result.own.not_applicable, result.own.not_rated) == (1, 9)
    assert result.own.parts == {"data": 5, "money": 3}
    assert (result.independent.score, result.independent.band, result.independent.not_rated) == (3.0, "medium", 11)


def test_a_large_project_counts_procurement_half_in_the_first_phase() -> None:
    own = {"procurement": 5, "data": 1}

    assert (rated(own, {}, SMALL).own.score, rated(own, {}, SMALL).own.band) == (3.0, "medium")
    large = rated(own, {}, LARGE).own
    assert (large.score, large.band, large.parts) == (1.75, "low", {"procurement": 2.5, "data": 1})


def test_they_differ_where_both_rated_and_not_alike() -> None:
    own = {"money": 3, "data": 3, "change": None, "schedule": 1}
    independent = {"money": 4, "data": 3, "change": 3, "security": 5}

    assert rated(own, independent).differing == ("money", "change")


def test_without_any_rating_a_side_has_no_mean() -> None:
    assert (rated({}, {"data": 1}).own.score, rated({}, {"data": 1}).own.band) == (None, None)


@pytest.mark.parametrize(
    ("own", "said"), [({"weather": 3}, "weather is a risk without a weight"), ({"data": 6}, "between 1 and 5")]
)
def test_what_cannot_be_is_refused(own: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rated(own, {})


@given(RATINGS, RATINGS, st.sampled_from((SMALL, LARGE)))
def test_the_parts_add_up_to_the_mean_and_each_risk_is_counted_once(own: Any, independent: Any, size: str) -> None:
    result = rated(own, independent, size)
    for side in (result.own, result.independent):
        assert side.rated + side.not_applicable + side.not_rated == result.risks == 12
        assert side.score is None or side.score == pytest.approx(sum(side.parts.values()) / side.rated)
    assert json.loads(json.dumps(asdict(result)))["own"]["parts"] == result.own.parts
    swapped = rated(independent, own, size)
    assert (swapped.own, swapped.differing) == (result.independent, result.differing)


# --- The texts and weights ------------------------------------------------------------------------------------------


def test_there_are_twelve_risks_each_with_three_criteria_of_its_own() -> None:
    assert len(set(KEYS)) == 12
    texts = [text for risk in RISKS for text in (risk.low, risk.medium, risk.high)]
    assert len(set(texts)) == 36 and all(text.endswith(".") and len(text) < 130 for text in texts)


def test_each_risk_is_halved_in_at_most_one_phase_and_in_large_projects_only() -> None:
    """As in the tool: nine weights of a half, three of the risks have none."""
    halved = [key for keys in HALVED.values() for key in keys]
    assert len(halved) == len(set(halved)) == 9 and set(halved) < set(KEYS)
    assert all(set(weights(SMALL, phase).values()) == {1.0} for phase in HALVED)
    assert [key for key, weight in weights(LARGE, 3).items() if weight == 0.5] == ["schedule", "support"]


def test_a_dozen_agencies_make_a_large_project() -> None:
    assert [project_size(count) for count in (0, 11, 12, 500)] == [SMALL, SMALL, LARGE, LARGE]
