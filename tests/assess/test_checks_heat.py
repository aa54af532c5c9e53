"""What the X-ray finds of services that nobody judged."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assess.models import Criterion, Judgement
from ssoplanner.core.models import AgencyStatus
from tests.recompute.figures import change
from tests.web.sound_plan import SoundPlan, found, make_sound_plan
from tests.world import make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
NOT_JUDGED = "assess.not_judged"


@pytest.fixture
def sound(transactional_db: None) -> SoundPlan:
    """A plan with one service that an agency provides, and a criterion that people judge it by."""
    sound = make_sound_plan()
    make(Criterion, sound.plan, code="value", name="Strategic value", axis="opportunity")
    make(Criterion, sound.plan, code="cost", name="Cost", axis="opportunity", measure="cost")
    return sound


def not_judged(sound: SoundPlan) -> list[str]:
    return found(sound.plan, sound.office).get(NOT_JUDGED, [])


def test_a_service_without_a_judgement_is_found_until_it_has_one(sound: SoundPlan) -> None:
    assert not_judged(sound) == ["Desk: Strategic value"]
    criterion = Criterion.objects.for_plan(sound.plan).get(code="value")
    make(Judgement, sound.plan, service=sound.service, criterion=criterion, score=3, reason="A reason.")
    assert not_judged(sound) == []


def test_what_nobody_provides_or_weighs_needs_no_judgement(sound: SoundPlan) -> None:
    change(sound.agency, status=AgencyStatus.LEFT)
    assert not_judged(sound) == []
    change(sound.agency, status=AgencyStatus.ENGAGED)
    assert len(not_judged(sound)) == 1
    change(Criterion.objects.for_plan(sound.plan).get(code="value"), weight=Decimal(0))
    assert not_judged(sound) == []


def test_it_is_nothing_that_a_lead_could_mend(sound: SoundPlan) -> None:
    assert NOT_JUDGED not in found(sound.plan, sound.lead)
