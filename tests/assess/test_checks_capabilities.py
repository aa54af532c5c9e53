"""What the X-ray finds of capabilities that nobody rated, functions that nobody judged and candidates left open."""

from __future__ import annotations

import pytest

from assess.models import Candidate, Capability, CapabilityRating, DuplicateFinding
from ssoplanner.core.models import Agency, AgencyStatus, System
from ssoplanner.recompute.building import build_plan
from tests.recompute.figures import change
from tests.web.sound_plan import SoundPlan, found, make_sound_plan
from tests.world import make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


@pytest.fixture
def sound(transactional_db: None) -> SoundPlan:
    return make_sound_plan()


def findings(sound: SoundPlan, rule: str) -> list[str]:
    return found(sound.plan, sound.office).get(f"assess.{rule}", [])


def test_a_capability_of_the_lowest_level_is_to_be_rated(sound: SoundPlan) -> None:
    top = make(Capability, sound.plan, code="A", name="Area")
    leaf = make(Capability, sound.plan, code="A.1", name="Recruitment", parent=top)
    assert findings(sound, "capability_not_rated") == ["Recruitment (A.1)"]
    make(CapabilityRating, sound.plan, agency=sound.agency, capability=leaf, ownership="none")
    assert findings(sound, "capability_not_rated") == []


def test_two_systems_in_use_for_one_function_are_to_be_judged(sound: SoundPlan) -> None:
    second = make(Agency, sound.plan, code="2ND", name="Second")
    make(System, sound.plan, name="One", function="Fleet desk", agencies=[sound.agency])
    make(System, sound.plan, name="Two", function="fleet  desk", agencies=[second])
    assert findings(sound, "duplicates_not_judged") == ["Fleet desk: 2 systems"]
    row = make(DuplicateFinding, sound.plan, function="FLEET DESK", is_duplicate=False, reason="Boats and cars")
    assert findings(sound, "duplicates_not_judged") == []
    change(row, function="Something else")
    change(second, status=AgencyStatus.LEFT)
    assert findings(sound, "duplicates_not_judged") == []


def test_those_that_lead_the_ranking_need_a_verdict(sound: SoundPlan) -> None:
    leaf = make(Capability, sound.plan, code="A", name="Recruitment")
    second = make(Agency, sound.plan, code="2ND", name="Second")
    for agency in (sound.agency, second):
        make(CapabilityRating, sound.plan, agency=agency, capability=leaf, ownership="own", importance=4, people=2)
    assert findings(sound, "candidate_no_verdict") == []  # nothing is ranked yet
    build_plan(sound.plan.pk)
    assert findings(sound, "candidate_no_verdict") == ["Recruitment"]
    make(Candidate, sound.plan, capability=leaf, verdict="later", reason="Agree on grades first")
    assert findings(sound, "candidate_no_verdict") == []
