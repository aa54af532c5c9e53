"""The engine under attack: any order of writes, builds, crashes, clock jumps, releases and lost or doubled messages."""

from __future__ import annotations

import logging

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from ssoplanner.recompute.models import Derived
from tests.recompute.conftest import Clock, Declare
from tests.recompute.engine_machine import EngineMachine
from tests.recompute.figures import ENGINE

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
BASE = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True)


def attack(stepped: Clock, declare: Declare, chosen: settings, caplog: pytest.LogCaptureFixture) -> None:
    """Run the machine; it asserts after each step, and at the end of each example that everything became right."""
    caplog.set_level(logging.CRITICAL + 1, logger="ssoplanner.recompute.building")
    run_state_machine_as_test(lambda: EngineMachine(stepped, declare), settings=chosen)
    assert not Derived.objects.exists()  # each example cleared away its plan


def test_whatever_happens_nothing_that_says_it_is_current_is_wrong(
    stepped: Clock, declare: Declare, caplog: pytest.LogCaptureFixture
) -> None:
    attack(stepped, declare, settings(BASE, max_examples=15, stateful_step_count=30, derandomize=True), caplog)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_whatever_happens_at_length_nothing_that_says_it_is_current_is_wrong(
    stepped: Clock, declare: Declare, caplog: pytest.LogCaptureFixture
) -> None:
    attack(stepped, declare, settings(BASE, max_examples=300, stateful_step_count=60), caplog)
