"""The made-up plan of any size: the same for the same seed, and enough in it for every result of phase 1."""

from __future__ import annotations

import json

import pytest

from assess.models import Answer, Judgement, Questionnaire
from ssoplanner.core.models import Agency, Plan, Provision, Service
from ssoplanner.demo.scale import Size, make_scale_plan
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.compute import INCOMPLETE
from ssoplanner.recompute.models import Result

SMALL = Size(agencies=6, services=9, systems=4, kpis=3)


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_plan() -> None:
    one, same, other = (make_scale_plan(SMALL, seed=seed) for seed in (1, 1, 2))
    assert facts(one) == facts(same) != facts(other)
    assert len(facts(one)) == 6 * 40


def facts(plan: Plan) -> list[tuple[str, str, int]]:
    rows = Answer.objects.for_plan(plan).order_by("pk")
    return list(rows.values_list("agency__code", "question__code", "level"))


@pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
def test_every_result_of_the_plan_has_what_it_needs() -> None:
    said: list[str] = []
    plan = make_scale_plan(SMALL, say=said.append)
    assert Agency.objects.for_plan(plan).count() == 6 and Service.objects.for_plan(plan).count() == 9
    assert Provision.objects.for_plan(plan).exists() and Judgement.objects.for_plan(plan).count() == 3 * 9
    assert Questionnaire.objects.for_plan(plan).filter(submitted_at__isnull=False).exists()
    assert any("answers on 40 questions" in line for line in said)
    build_plan(plan.pk)
    whole = Result.objects.filter(derived__plan=plan, derived__partition="")
    lacking = {
        one.derived.calculation for one in whole.select_related("derived") if INCOMPLETE in json.loads(one.payload)
    }
    assert whole.count() > 5 and lacking == set()
