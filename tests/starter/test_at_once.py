"""Two people who press the same button at the same moment: what both ask for comes once, and neither sees an error."""

from __future__ import annotations

import pytest

from ssoplanner.core.models import Benchmark, Service, ServiceArea
from ssoplanner.recompute.plans import new_plan
from ssoplanner.starter.benchmarks import LIBRARY, add_library
from ssoplanner.starter.choosing import choose_services
from ssoplanner.starter.services import AREAS, starter_services
from tests.recompute.test_jobs_at_once import at_once
from tests.world import COMMAND

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "snapshot"]), pytest.mark.both_databases]


def test_services_and_benchmarks_come_once() -> None:
    plan = new_plan(name="A plan", actor=COMMAND)

    def both() -> int:
        added = len(choose_services(plan, COMMAND, starter_services()).added)
        return added + len(add_library(plan, COMMAND))

    assert sum(at_once(3, both)) == len(starter_services()) + len(LIBRARY)
    found = [model.objects.for_plan(plan).count() for model in (ServiceArea, Service, Benchmark)]
    assert found == [len(AREAS), len(starter_services()), len(LIBRARY)]
