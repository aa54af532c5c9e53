"""The architecture of the demo plan tells a story: gaps, duplicates judged and open, candidates with verdicts."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from assess.demo_capabilities import FINDINGS, SERVICES, VERDICTS
from assess.models import Candidate, Capability, DuplicateFinding
from assess.pages_capabilities_lists import candidates, duplicates, overlap
from assess.pages_capabilities_map import architecture
from assess.starter_capabilities import starter_capabilities
from ssoplanner.access.gate import plan_for
from ssoplanner.core.models import User
from ssoplanner.demo.services import SERVICES as DEMO_SERVICES
from ssoplanner.demo.systems import SYSTEMS
from ssoplanner.recompute.building import build_plan
from tests.replaying import load_demo

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])


def test_every_page_has_something_to_show_and_something_left_to_do(transactional_db: None) -> None:
    plan, _ = load_demo()
    build_plan(plan.pk)
    board = plan_for(User.objects.get(email="board@example.gov"), plan.slug)

    assert Capability.objects.for_plan(plan).count() == len(starter_capabilities())
    assert Candidate.objects.for_plan(plan).count() == len(VERDICTS)
    assert DuplicateFinding.objects.for_plan(plan).count() == len(FINDINGS)
    whole = architecture(board, QueryDict())
    assert whole["gaps"] and "fall short" in whole["sentence"]
    assert {"Proposed for sharing", "Open gaps"} <= {label for label, _, _ in whole["stats"]}
    assert duplicates(board, QueryDict("show=open"))["lines"]
    assert candidates(board, QueryDict("show=share"))["lines"]
    assert overlap(board, QueryDict())["groups"]


def test_what_is_named_in_it_exists() -> None:
    names = {one.name for one in starter_capabilities() if one.level == 3}
    assert {*SERVICES, *VERDICTS} <= names
    assert {one for some in SERVICES.values() for one in some} <= {service.standard for service in DEMO_SERVICES}
    assert FINDINGS.keys() < {system.function for system in SYSTEMS}
