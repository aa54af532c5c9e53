"""What the agencies of a plan bring in technology: counted by hand, conserved in sums, and small enough to store."""

from __future__ import annotations

import json
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from assess.calc import architecture as one_agency
from assess.calc.technology_map import AgencyInput, PlanInput, technology_map
from assess.models import Aspect
from tests.assess.calc.strategies import maybe, some

ASPECTS = ("networks", "hosting")
LARGEST = 256 * 1024


def agency(pk: int, networks: int | None, hosting: int | None) -> AgencyInput:
    return AgencyInput(pk, {"networks": networks, "hosting": hosting})


def test_a_plan_counted_by_hand() -> None:
    rows = (agency(1, 2, 3), agency(2, 5, 1), agency(3, 1, None), AgencyInput(4, {}))
    found = technology_map(PlanInput(ASPECTS, rows))
    assert found.agencies.agency == [1, 2, 3, 4]
    assert found.agencies.levels == {"networks": [2, 5, 1, None], "hosting": [3, 1, None, None]}
    assert found.agencies.gaps == [1, 1, 1, 0]
    networks, hosting = found.aspects["networks"], found.aspects["hosting"]
    assert (networks.rated, networks.gaps, networks.share_ready) == (3, 2, 1 / 3)
    assert networks.distribution == [1, 1, 0, 0, 1]
    assert (hosting.rated, hosting.gaps, hosting.share_ready) == (2, 1, 1 / 2)
    assert (found.rated, found.begun, found.share_rated, found.with_gaps) == (2, 3, 2 / 4, 3)
    assert found.lacking == ["networks", "hosting"]
    assert json.loads(json.dumps(asdict(found))) == asdict(found)


def test_an_aspect_that_nobody_rated_has_no_share_and_one_that_nobody_lacks_is_not_listed() -> None:
    found = technology_map(PlanInput(ASPECTS, (agency(1, 3, None), agency(2, 4, None))))
    assert found.aspects["hosting"].share_ready is None
    assert found.lacking == []
    assert found.rated == 0 and found.begun == 2


def test_of_two_that_as_many_lack_the_one_that_fewer_have_comes_first() -> None:
    rows = (agency(1, 1, 1), agency(2, 4, None), agency(3, 5, 5))
    assert technology_map(PlanInput(ASPECTS, rows)).lacking == ["hosting", "networks"]


def test_without_agencies_there_are_no_shares() -> None:
    found = technology_map(PlanInput(ASPECTS, ()))
    assert (found.share_rated, found.rated, found.with_gaps) == (None, 0, 0)


@some
@given(st.lists(st.tuples(*(maybe(st.integers(1, 5)) for _ in ASPECTS))))
def test_each_level_is_counted_once(levels: list[tuple[int | None, ...]]) -> None:
    rows = tuple(AgencyInput(pk, dict(zip(ASPECTS, own, strict=True))) for pk, own in enumerate(levels))
    found = technology_map(PlanInput(ASPECTS, rows))
    for place, aspect in enumerate(ASPECTS):
        state = found.aspects[aspect]
        assert sum(state.distribution) == state.rated == sum(own[place] is not None for own in levels)
        assert sum(state.distribution[:2]) == state.gaps
        assert state.share_ready is None or 0 <= state.share_ready <= 1
    assert found.with_gaps <= found.begun <= len(rows) and found.rated <= found.begun
    assert sum(found.agencies.gaps) == sum(state.gaps for state in found.aspects.values())


def test_at_the_largest_plan_the_results_stay_small() -> None:
    """500 agencies with all aspects; one agency with 400 capabilities and three systems for each."""
    rows = tuple(AgencyInput(1_000_000 + pk, {key: 1 + pk % 5 for key in Aspect.values}) for pk in range(500))
    whole = technology_map(PlanInput(tuple(Aspect.values), rows))
    assert len(json.dumps(asdict(whole))) < LARGEST
    ids = range(1_000_000, 1_000_400)
    ratings = tuple(
        one_agency.RatingInput(pk, "outsourced", 3, (1, 2, 3, None), 5, (2_000_001, 2_000_002, 2_000_003)) for pk in ids
    )
    large = one_agency.architecture(one_agency.AgencyInput(tuple(Aspect.values), rows[0].levels, tuple(ids), ratings))
    assert len(large.capabilities) == 400
    assert len(json.dumps(asdict(large))) < LARGEST / 4
