"""What the X-ray finds in the results of Assess."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ssoplanner.core.models import Agency, Provision
from ssoplanner.recompute.building import build_plan
from tests.recompute.figures import change
from tests.web.sound_plan import FIGURES, SoundPlan, found, make_sound_plan
from tests.world import make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
FAR_APART = "assess.unit_cost_far_apart"


@pytest.fixture
def sound(transactional_db: None) -> SoundPlan:
    """Three agencies, each with a lead, that pay 20 a ticket."""
    sound = make_sound_plan()
    more = [_agency(sound, name) for name in ("Health", "Revenue")]
    change(sound.membership, agencies=[sound.agency, *more])
    return sound


def _agency(sound: SoundPlan, name: str) -> Agency:
    agency = make(Agency, sound.plan, code=name[:3], name=name, headcount=100, end_users=90)
    make(Provision, sound.plan, agency=agency, service=sound.service, fiscal_year=2026, **FIGURES)
    return agency


def far_apart(sound: SoundPlan) -> list[str]:
    return found(sound.plan, sound.office).get(FAR_APART, [])


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (10_000, []),  # ten times as much, and not more
        (10_050, ["Desk: $201 a ticket at the dearest agency, $20 at the middle one"]),
    ],
)
def test_a_unit_cost_beyond_ten_times_the_middle_one_is_found(sound: SoundPlan, cost: int, said: list[str]) -> None:
    change(sound.provision, annual_cost=Decimal(cost))
    build_plan(sound.plan.pk)
    assert far_apart(sound) == said


def test_it_is_read_from_the_stored_result_and_never_computed_by_the_page(sound: SoundPlan) -> None:
    build_plan(sound.plan.pk)
    change(sound.provision, annual_cost=Decimal(90_000))
    assert far_apart(sound) == []
    build_plan(sound.plan.pk)
    assert len(far_apart(sound)) == 1


def test_without_a_result_nothing_is_found(sound: SoundPlan) -> None:
    change(sound.provision, annual_cost=Decimal(90_000))
    assert far_apart(sound) == []


def test_a_lead_does_not_read_what_others_pay(sound: SoundPlan) -> None:
    change(sound.provision, annual_cost=Decimal(90_000))
    build_plan(sound.plan.pk)
    assert FAR_APART not in found(sound.plan, sound.lead)
    assert FAR_APART in found(sound.plan, sound.office)
