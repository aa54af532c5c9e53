"""What the X-ray finds in the costs of the shared organization."""

from __future__ import annotations

import pytest

from design.models import CostPool
from tests.recompute.figures import change
from tests.web.sound_plan import SoundPlan, found, make_sound_plan
from tests.world import make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
NO_SOURCE, NO_VOLUME = "design.cost_without_source", "design.cost_without_volume"


@pytest.fixture
def sound(transactional_db: None) -> SoundPlan:
    return make_sound_plan()


def pool(sound: SoundPlan, **values: object) -> CostPool:
    known = {"name": "Agents", "kind": "fixed", "amount": 5, "first_year": 2027, "source": "An offer"}
    found: CostPool = make(CostPool, sound.plan, **{**known, **values})
    return found


def test_a_cost_without_a_source_is_found_until_it_has_one(sound: SoundPlan) -> None:
    cost = pool(sound, source="")
    assert found(sound.plan, sound.office)[NO_SOURCE] == ["Agents, all services"]
    change(cost, source="An offer")
    assert NO_SOURCE not in found(sound.plan, sound.office)


def test_a_cost_by_volume_is_found_while_no_agency_gives_a_volume(sound: SoundPlan) -> None:
    pool(sound, service=sound.service, kind="variable")
    pool(sound, service=sound.service, name="Rent")
    provisions = list(sound.service.provisions.all())
    for provision in provisions:
        change(provision, volume=None)
    assert found(sound.plan, sound.office)[NO_VOLUME] == [f"Agents: {sound.service}"]
    change(provisions[0], volume=5)
    assert NO_VOLUME not in found(sound.plan, sound.office)


def test_it_is_nothing_that_a_lead_could_mend(sound: SoundPlan) -> None:
    pool(sound, source="")
    assert NO_SOURCE not in found(sound.plan, sound.lead)
