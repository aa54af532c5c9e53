"""What the X-ray finds of challenges, executives and agencies that did not answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assess.models import Campaign, Challenge, Questionnaire, QuestionSet, Sponsor
from ssoplanner.core.models import AgencyStatus
from ssoplanner.steps.progress import today
from tests.recompute.figures import change
from tests.web.sound_plan import SoundPlan, found, make_sound_plan
from tests.world import make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


@pytest.fixture
def sound(transactional_db: None) -> SoundPlan:
    return make_sound_plan()


def findings(sound: SoundPlan, rule: str) -> list[str]:
    return found(sound.plan, sound.office).get(f"assess.{rule}", [])


def test_a_challenge_needs_an_owner_who_is_in_the_plan(sound: SoundPlan) -> None:
    row = make(Challenge, sound.plan, title="Two payrolls")
    assert findings(sound, "challenge_no_owner") == ["Two payrolls"]
    change(row, owner=sound.office)
    assert findings(sound, "challenge_no_owner") == []


def test_an_executive_is_asked_and_asked_again(sound: SoundPlan) -> None:
    row = make(Sponsor, sound.plan, name="Ada Pole", office="Director")
    assert findings(sound, "executive_not_asked") == ["Ada Pole, Director"]
    day = today(sound.plan)
    change(row, position="committed", since=day - timedelta(days=180), evidence="A letter")
    assert findings(sound, "executive_not_asked") == findings(sound, "executive_stale") == []
    change(row, since=day - timedelta(days=181))
    assert len(findings(sound, "executive_stale")) == 1
    change(row, is_executive=False)
    assert findings(sound, "executive_stale") == []


def test_an_agency_that_did_not_answer_is_found_once_the_campaign_is_over(sound: SoundPlan) -> None:
    asked = make(QuestionSet, sound.plan, number=1, published_on=date(2026, 1, 5))
    when = {"opens": date(2026, 1, 5), "closes": today(sound.plan)}
    campaign = make(Campaign, sound.plan, title="Spring", question_set=asked, agencies=[sound.agency], **when)
    assert findings(sound, "readiness_silent") == []
    change(campaign, closes=today(sound.plan) - timedelta(days=1))
    [finding] = findings(sound, "readiness_silent")
    assert finding.startswith(f"{sound.agency}: Spring closed on ")
    assert found(sound.plan, sound.lead)["assess.readiness_silent"] == [finding]
    about = {"campaign": campaign, "agency": sound.agency, "submitted_at": timezone.now()}
    rating = make(Questionnaire, sound.plan, **about, respondent=sound.office, independent=True)
    assert len(findings(sound, "readiness_silent")) == 1
    change(rating, independent=False)
    assert findings(sound, "readiness_silent") == []
    change(rating, submitted_at=None)
    change(sound.agency, status=AgencyStatus.LEFT)
    assert findings(sound, "readiness_silent") == []
