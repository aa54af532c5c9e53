"""The heat map of the demo plan: everything that it can show is there to be seen."""

from __future__ import annotations

import pytest

from assess.demo_heat import REASONS, SCORES
from assess.models import Criterion, Judgement
from assess.pages_heat import heat_lines
from assess.starter_criteria import STARTER
from ssoplanner.access.gate import plan_for
from ssoplanner.core.models import Service, User
from ssoplanner.demo.services import SERVICES
from ssoplanner.recompute.building import build_plan
from tests.replaying import load_demo

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


def test_all_four_groups_are_seen_and_one_service_is_still_to_judge(transactional_db: None) -> None:
    plan, _ = load_demo()
    build_plan(plan.pk)
    board = plan_for(User.objects.get(email="board@example.gov"), plan.slug)
    lines = heat_lines(board)[1]

    assert {line.group.key for line in lines} == {"quick_win", "bet", "fill_in", "hold"}
    assert Criterion.objects.for_plan(plan).count() == len(STARTER)
    judged = Judgement.objects.for_plan(plan).values("service").distinct().count()
    assert (judged, Service.objects.for_plan(plan).count()) == (len(SCORES), len(SERVICES))


def test_each_score_has_its_reason_and_each_service_is_one_of_the_demo() -> None:
    assert SCORES.keys() < {service.standard for service in SERVICES}
    assert all(len(scores) == len(REASONS) for scores in SCORES.values())
    assert all(1 <= score <= 5 for scores in SCORES.values() for score in scores)
    assert all(len(set(reasons)) == 5 for reasons in REASONS.values())
