"""How ready one agency is: counted by hand, and what holds whatever is answered."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.readiness import AgencyInput, Answers, CampaignInput, QuestionInput, Scores, readiness

DIMENSIONS, PILLARS = ("culture", "digital"), ("people", "process")
ALL = frozenset(DIMENSIONS)
QUESTIONS = (
    QuestionInput(1, "CU-01", "culture", ("people",), 2),
    QuestionInput(2, "CU-02", "culture", ("people", "process"), 1),
    QuestionInput(3, "DI-01", "digital", ("process",), 1),
)


def campaign(*own: Answers, independent: tuple[Answers, ...] = (), pk: int = 7) -> CampaignInput:
    return CampaignInput(pk, {"culture": 4.0}, QUESTIONS, own, independent)


def agency(*own: Answers, **more: object) -> AgencyInput:
    return AgencyInput(DIMENSIONS, PILLARS, campaign=campaign(*own), asked=3, **more)  # type: ignore[arg-type]


FIRST = Answers(ALL, {1: 2, 2: 5}, unknown=frozenset({3}), with_evidence=frozenset({2}))
SECOND = Answers(ALL, {1: 4, 3: 3}, not_applicable=frozenset({2}))


def test_two_respondents_counted_by_hand() -> None:
    found = readiness(agency(FIRST, SECOND))
    culture, digital = found.dimensions["culture"], found.dimensions["digital"]
    assert culture.score == pytest.approx((3 * 2 + 5 * 1) / 3)  # means 3 and 5, weights 2 and 1
    assert digital.score == 3
    assert found.overall == pytest.approx((culture.score + 3) / 2)
    assert (culture.target, culture.gap, digital.gap) == (4, pytest.approx(4 - 11 / 3), None)
    assert culture.spread == pytest.approx(4 - (2 * 2 + 5) / 3)
    assert digital.spread is None  # only one of them gave a level
    assert (culture.answered, culture.unknown, culture.not_applicable, culture.of) == (3, 0, 1, 4)
    assert (digital.answered, digital.unknown, digital.of, culture.with_evidence) == (1, 1, 2, 1)
    assert found.pillars == {"people": culture.score, "process": (5 + 3) / 2}
    assert (found.submitted, found.respondents, found.campaign) == (2, 3, 7)


def test_the_questions_tell_how_far_the_respondents_are_apart() -> None:
    columns = readiness(agency(FIRST, SECOND)).questions
    assert columns.code == ["CU-01", "CU-02", "DI-01"]
    assert (columns.mean, columns.lowest, columns.highest) == ([3, 5, 3], [2, 5, 3], [4, 5, 3])
    assert columns.count == [2, 1, 1]


def test_who_was_asked_about_one_dimension_is_not_counted_in_the_other() -> None:
    part = Answers(frozenset({"digital"}), {3: 5})
    found = readiness(agency(FIRST, part))
    assert (found.dimensions["culture"].of, found.dimensions["digital"].of) == (2, 2)
    assert found.dimensions["culture"].spread is None


def test_the_rating_of_the_office_and_the_campaign_before_stand_apart() -> None:
    now = campaign(FIRST, independent=(Answers(ALL, {1: 1, 3: 2}),))
    found = readiness(AgencyInput(DIMENSIONS, PILLARS, now, 1, before=campaign(SECOND, pk=3)))
    assert found.independent == Scores(7, 1.5, {"culture": 1, "digital": 2})
    assert found.before == Scores(3, 3.5, {"culture": 4, "digital": 3})
    assert found.dimensions["culture"].score == 3  # of its own people alone


def test_nobody_asked_nothing_submitted_and_one_respondent_alone() -> None:
    nothing = readiness(AgencyInput(DIMENSIONS, PILLARS))
    assert (nothing.campaign, nothing.overall, nothing.submitted, nothing.before) == (None, None, 0, None)
    assert readiness(agency()).dimensions["culture"].of == 0
    assert readiness(agency(FIRST)).agreement is None


def test_full_agreement_and_none() -> None:
    same = Answers(ALL, {1: 1, 2: 5, 3: 3})
    turned = Answers(ALL, {1: 5, 2: 1, 3: 3})
    assert readiness(agency(same, same)).agreement == pytest.approx(1)
    assert readiness(agency(same, turned)).agreement < 0  # type: ignore[operator]


ANSWERS = st.dictionaries(st.sampled_from([1, 2, 3]), st.integers(1, 5)).map(lambda levels: Answers(ALL, levels))


@given(st.lists(ANSWERS, max_size=4))
def test_scores_lie_between_the_levels_given_and_survive_json(own: list[Answers]) -> None:
    found = readiness(agency(*own))
    given_levels = [level for one in own for level in one.levels.values()]
    assert (found.overall is None) == (not given_levels)
    if given_levels:
        assert min(given_levels) - 1e-9 <= found.overall <= max(given_levels) + 1e-9  # type: ignore[operator]
    assert json.loads(json.dumps(asdict(found))) == asdict(found)


@given(st.lists(ANSWERS, max_size=4))
def test_the_order_of_the_respondents_is_irrelevant(own: list[Answers]) -> None:
    one, other = readiness(agency(*own)), readiness(agency(*reversed(own)))
    assert one.overall == pytest.approx(other.overall) if one.overall is not None else other.overall is None
    assert replace(one, overall=None, agreement=None).questions == other.questions
