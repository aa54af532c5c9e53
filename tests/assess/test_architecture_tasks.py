"""Leads are asked to rate while the step runs, for what is still open, and nobody else is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assess.models import Aspect, Capability, CapabilityRating, TechnologyRating
from assess.tasks import architecture
from ssoplanner.access.gate import members_of, plan_for
from ssoplanner.core.models import Agency, Membership, Role
from ssoplanner.steps.models import StepProgress
from ssoplanner.web.tasks.lines import scope_of
from tests.recompute.figures import change
from tests.world import World, make

pytestmark = pytest.mark.django_db


def begin(world: World, **values: Any) -> StepProgress:
    begun = {"step": "assess.capabilities", "status": "on_track", "due": date(2026, 9, 30), **values}
    row: StepProgress = make(StepProgress, world.here.plan, **begun)
    return row


def lines(world: World, actor: str = "lead") -> list[Any]:
    return list(architecture(scope_of(plan_for(world.here.people[actor], "here"))))


def test_a_lead_is_asked_for_what_is_open_until_it_is_rated(world: World) -> None:
    begin(world)
    (line,) = lines(world)  # the one capability is rated
    assert (line.title, line.notes, line.due) == (
        "Rate technology of Agency own here",
        ("1 of 8 rated.",),
        date(2026, 9, 30),
    )
    make(Capability, world.here.plan, code="C2", name="Second")
    assert [one.title for one in lines(world)] == [
        "Rate technology of Agency own here",
        "Rate capabilities of Agency own here",
    ]
    for aspect in Aspect.values[1:]:
        make(TechnologyRating, world.here.plan, agency=world.here.own, aspect=aspect, level=3, evidence="Seen")
    assert [one.title for one in lines(world)] == ["Rate capabilities of Agency own here"]
    rated = {"agency": world.here.own, "capability": Capability.objects.for_plan(world.here.plan).get(code="C2")}
    row = make(CapabilityRating, world.here.plan, ownership="own", importance=3, **rated)
    assert lines(world)[0].notes == ("1 of 2 rated.",)  # no maturity is known
    change(row, governance=2)
    assert lines(world) == []


@pytest.mark.parametrize("values", [{"status": "complete"}, {"status": "upcoming"}])
def test_nobody_is_asked_before_the_step_begins_or_after_it_is_complete(world: World, values: dict[str, Any]) -> None:
    assert lines(world) == []
    begin(world, **values)
    assert lines(world) == []


def test_a_step_whose_day_has_come_asks_too(world: World) -> None:
    begin(world, status="upcoming", planned_start=date(2020, 1, 1))
    assert len(lines(world)) == 1


def test_others_and_an_agency_that_left_are_not_asked(world: World) -> None:
    begin(world)
    for actor in ("office", "board", "analyst", "viewer"):
        assert lines(world, actor) == []
    assert [line.title for line in lines(world, "other_lead")] == ["Rate technology of Agency other here"]
    change(world.here.own, status="left")
    assert lines(world) == []


def test_it_asks_the_database_as_often_for_many_as_for_one(world: World) -> None:
    begin(world)
    few = scope_of(plan_for(world.here.people["lead"], "here"))
    agencies = [make(Agency, world.here.plan, code=f"N{number}", name=f"New {number}") for number in range(5)]
    make(Membership, world.here.plan, user=world.here.people["analyst"], role=Role.LEAD, agencies=agencies)
    counts = []
    for scope in (few, scope_of(*members_of(world.here.plan))):
        with CaptureQueriesContext(connection) as queries:
            found = list(architecture(scope))
        counts.append((len(queries), len(found)))
    assert counts[0][0] == counts[1][0] and counts[1][1] > counts[0][1]
