"""What one agency brings: counted by hand, and what holds however it is rated."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.architecture import NEEDED, PILLARS, AgencyInput, Architecture, RatingInput, architecture
from tests.assess.calc.strategies import maybe, some

ASPECTS = ("networks", "hosting", "identity")
COLUMNS = ("ownership", "importance", *PILLARS, "maturity", "target", "gap", "systems")
LEVELS = st.integers(1, 5)


def rating(capability: int, **said: object) -> RatingInput:
    return replace(RatingInput(capability), **said)  # type: ignore[arg-type]


def test_an_agency_counted_by_hand() -> None:
    ratings = (
        rating(7, ownership="own", importance=4, pillars=(2, 3, None, 1), target=4, systems=(31, 30)),
        rating(5, ownership="none"),
        rating(6, ownership="shared", importance=2, pillars=(5, 5, 5, 5), target=3),
    )
    levels = {"networks": 2, "hosting": 3, "identity": None}
    found = architecture(AgencyInput(ASPECTS, levels, (5, 6, 7, 8), ratings))
    assert found.profile == levels
    assert (found.profile_rated, found.profile_gaps) == (2, ["networks"])  # 3 is enough
    assert found.capabilities == [5, 6, 7]
    assert found.ownership == ["none", "shared", "own"]
    assert found.importance == [None, 2, 4]
    assert (found.people, found.process, found.technology, found.governance) == (
        [None, 5, 2],
        [None, 5, 3],
        [None, 5, None],
        [None, 5, 1],
    )
    assert found.maturity == [None, 5, 2]
    assert found.target == [None, 3, 4]
    assert found.gap == [None, 0, 2]  # a target that is passed leaves no gap
    assert found.systems == [[], [], [30, 31]]
    assert (found.expected, found.rated) == (4, 3)
    assert json.loads(json.dumps(asdict(found))) == asdict(found)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({"ownership": "none"}, True),
        ({"ownership": "own", "importance": 3, "pillars": (None, None, 1, None)}, True),
        ({"ownership": "own", "importance": 3}, False),
        ({"ownership": "own", "pillars": (3, 3, 3, 3)}, False),
        ({"importance": 3, "pillars": (3, 3, 3, 3), "target": 4}, False),
        ({"ownership": "own", "target": 4, "systems": (1,)}, False),
    ],
)
def test_a_capability_is_rated_once_ownership_importance_and_a_maturity_are_known(
    said: dict[str, object], counts: bool
) -> None:
    found = architecture(AgencyInput(ASPECTS, {}, (1,), (rating(1, **said),)))
    assert found.capabilities == [1]
    assert found.rated == int(counts)


def test_a_row_in_which_nothing_is_said_and_one_of_a_higher_capability_are_left_out() -> None:
    ratings = (rating(1), rating(2, ownership="own"), rating(3, ownership="own"))
    assert architecture(AgencyInput(ASPECTS, {}, (1, 3), ratings)).capabilities == [3]


def test_without_a_target_or_a_maturity_there_is_no_gap() -> None:
    ratings = (rating(1, ownership="own", pillars=(2, 2, 2, 2)), rating(2, ownership="own", target=4))
    assert architecture(AgencyInput(ASPECTS, {}, (1, 2), ratings)).gap == [None, None]


@st.composite
def ratings(draw: st.DrawFn, capability: int) -> RatingInput:
    return RatingInput(
        capability,
        ownership=draw(st.sampled_from(("", "own", "shared", "outsourced", "none"))),
        importance=draw(maybe(LEVELS)),
        pillars=tuple(draw(maybe(LEVELS)) for _ in PILLARS),
        target=draw(maybe(LEVELS)),
        systems=tuple(draw(st.lists(st.integers(1, 9), unique=True, max_size=3))),
    )


@st.composite
def agencies(draw: st.DrawFn) -> AgencyInput:
    rated = draw(st.lists(st.integers(1, 12), unique=True, max_size=6))
    return AgencyInput(
        aspects=ASPECTS,
        levels=draw(st.dictionaries(st.sampled_from(ASPECTS), maybe(LEVELS))),
        leaves=tuple(draw(st.lists(st.integers(1, 12), unique=True))),
        ratings=tuple(draw(ratings(capability)) for capability in rated),
    )


@some
@given(agencies())
def test_columns_stand_side_by_side_and_count_no_more_than_is_asked(agency: AgencyInput) -> None:
    found = architecture(agency)
    assert {len(getattr(found, name)) for name in COLUMNS} == {len(found.capabilities)}
    assert found.capabilities == sorted(set(found.capabilities) & set(agency.leaves))
    assert 0 <= found.rated <= len(found.capabilities) <= found.expected == len(set(agency.leaves))
    assert set(found.profile) == set(ASPECTS)
    assert len(found.profile_gaps) <= found.profile_rated <= len(ASPECTS)
    assert json.loads(json.dumps(asdict(found))) == asdict(found)


@some
@given(agencies())
def test_maturity_lies_between_the_pillars_and_a_gap_between_none_and_four(agency: AgencyInput) -> None:
    found = architecture(agency)
    for place, maturity in enumerate(found.maturity):
        known = [value for pillar in PILLARS if (value := getattr(found, pillar)[place]) is not None]
        assert (maturity is None) == (not known)
        assert maturity is None or min(known) <= maturity <= max(known)
    assert all(gap is None or 0 <= gap <= 4 for gap in found.gap)


@some
@given(agencies(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(agency: AgencyInput, chance: Random) -> None:
    shuffled = list(agency.ratings)
    chance.shuffle(shuffled)
    assert architecture(replace(agency, ratings=shuffled)) == architecture(agency)


@some
@given(agencies(), st.sampled_from(ASPECTS))
def test_raising_a_level_never_adds_a_gap(agency: AgencyInput, aspect: str) -> None:
    before: Architecture = architecture(agency)
    after = architecture(replace(agency, levels={**agency.levels, aspect: NEEDED}))
    assert set(after.profile_gaps) <= set(before.profile_gaps) - {aspect}
