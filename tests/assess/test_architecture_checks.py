"""What the X-ray finds in the ratings of the agencies, and what stands next to it and is sound."""

from __future__ import annotations

import pytest

from assess.models import Capability, CapabilityRating, TechnologyRating
from ssoplanner.core.models import Agency, AgencyStatus, System
from ssoplanner.recompute.building import build_plan
from tests.recompute.figures import change
from tests.web.sound_plan import SoundPlan, found, make_sound_plan
from tests.world import make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
SILENT, UNUSED, LOW = (
    "assess.architecture_silent",
    "assess.capability_system_unused",
    "assess.capability_target_low",
)


@pytest.fixture
def sound(transactional_db: None) -> SoundPlan:
    """A plan whose agency rates a capability with a system that it uses, and aims higher than it stands."""
    sound = make_sound_plan()
    capability = make(Capability, sound.plan, code="C1", name="Service desk")
    levels = {"ownership": "own", "importance": 3, "people": 3, "target": 3}
    whose = {"agency": sound.agency, "capability": capability, "systems": [sound.system]}
    make(CapabilityRating, sound.plan, **levels, **whose)
    build_plan(sound.plan.pk)
    return sound


def findings(sound: SoundPlan, rule: str) -> list[str]:
    return found(sound.plan, sound.office).get(rule, [])


def test_a_sound_plan_and_one_in_which_nobody_has_begun_hold_nothing_to_find(sound: SoundPlan) -> None:
    assert [findings(sound, rule) for rule in (SILENT, UNUSED, LOW)] == [[], [], []]


def test_an_agency_that_rated_nothing_is_found_once_another_has_begun(sound: SoundPlan) -> None:
    other = make(Agency, sound.plan, code="B", name="Library", status="committed", headcount=5, end_users=5)
    assert findings(sound, SILENT) == ["Library"]
    assert SILENT not in found(sound.plan, sound.lead)  # it is not theirs
    make(TechnologyRating, sound.plan, agency=other, aspect="networks")  # that it does not know is something too
    assert findings(sound, SILENT) == []


def test_an_agency_that_left_is_asked_for_nothing(sound: SoundPlan) -> None:
    make(Agency, sound.plan, code="B", name="Library", status=AgencyStatus.LEFT)
    assert findings(sound, SILENT) == []


def test_a_system_that_the_agency_no_longer_uses_is_found_by_its_lead_too(sound: SoundPlan) -> None:
    other = make(Agency, sound.plan, code="B", name="Library", status=AgencyStatus.LEFT)
    change(sound.system, agencies=[other])
    assert findings(sound, UNUSED) == ["Parks: Help, for 1 capability"]
    assert found(sound.plan, sound.lead)[UNUSED] == ["Parks: Help, for 1 capability"]
    rating = CapabilityRating.objects.for_plan(sound.plan).get()
    change(rating, systems=[make(System, sound.plan, name="New", function="Tickets", agencies=[sound.agency])])
    assert findings(sound, UNUSED) == []


def test_a_target_below_the_maturity_is_found_in_the_figures_that_are_stored(sound: SoundPlan) -> None:
    change(CapabilityRating.objects.for_plan(sound.plan).get(), target=2)
    build_plan(sound.plan.pk)
    assert findings(sound, LOW) == ["Parks: Service desk"]
    change(sound.agency, status=AgencyStatus.LEFT)
    assert findings(sound, LOW) == []
