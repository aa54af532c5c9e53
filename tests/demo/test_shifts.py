"""The demo plan's shifts: most are judged, two have moved, some are open, and no rule is broken."""

from __future__ import annotations

import pytest

from ssoplanner.access.gate import plan_for
from ssoplanner.core.models import Membership, Role
from ssoplanner.web.shifts import shift_lines, summary
from tests.replaying import load_demo

pytestmark = pytest.mark.django_db


def test_most_are_judged_two_have_moved_and_some_are_open() -> None:
    plan, _ = load_demo()
    office = Membership.objects.for_plan(plan).filter(role=Role.OFFICE).first()
    lines = shift_lines(plan_for(office.user, plan.slug))
    judged = [line for line in lines if line.level]
    assert 7 <= len(judged) < len(lines)
    assert [line.moves.count(" since ") for line in lines if line.moves] == [2, 2]
    assert all("Illustrative" in line.row.evidence and line.said_by for line in judged)
    assert "lags behind" in summary(lines)
    for line in judged:
        line.row.full_clean(exclude=["plan"])
