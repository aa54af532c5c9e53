"""Tasks are kept by the writer; who may ask whom, and who may change, finish and remove what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ssoplanner.access.gate import Member, NotYourRole, plan_for
from ssoplanner.core.models import Agency, AuditEvent, Membership, Role
from ssoplanner.recompute.writer import Conflict, delete
from ssoplanner.steps.models import StepProgress, Task
from ssoplanner.steps.tasks import (
    add_task,
    adds_tasks,
    asks_others,
    change_task,
    check_asks,
    check_changes_task,
    check_removes_task,
    finish_task,
    owned_steps,
    reopen_task,
)
from tests.web.browsing import now
from tests.world import ACTORS, COMMAND, World, make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = date(2026, 11, 30)
IN_PLAN = [actor for actor in ACTORS if actor not in ("anonymous", "stranger")]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """It is a Monday, five in the morning in New York; the test may put the clock."""

    def put(moment: str) -> None:
        monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime.fromisoformat(moment))

    put("2026-11-30T10:00:00+00:00")
    return put


def asked(world: World, **values: Any) -> Task:
    people = world.here.people
    known = {"title": "Send the list", "owner": people["analyst"], "asked_by": people["office"], "actor": COMMAND}
    return add_task(world.here.plan, **{**known, **values})


def refused(world: World, **values: Any) -> dict[str, list[str]]:
    before = Task.objects.for_plan(world.here.plan).count()
    with pytest.raises(ValidationError) as error:
        asked(world, **values)
    assert Task.objects.for_plan(world.here.plan).count() == before
    return error.value.message_dict


def member(world: World, actor: str) -> Member:
    return plan_for(world.here.people[actor], world.here.plan.slug)


# --- Adding ---------------------------------------------------------------------------------------------------------


def test_a_task_is_in_the_audit_with_all_that_it_says(world: World) -> None:
    here = world.here
    task = asked(world, due=TODAY, step="design.scope", agency=here.own, detail="All of it.", origin="design.scope")
    event = AuditEvent.objects.for_plan(here.plan).get(model="task", row_id=task.pk)
    assert event.after == {
        "title": "Send the list",
        "detail": "All of it.",
        "owner": here.people["analyst"].pk,
        "asked_by": here.people["office"].pk,
        "due": "2026-11-30",
        "step": "design.scope",
        "agency": here.own.pk,
        "origin": "design.scope",
    }
    assert (task.version, task.done_on) == (1, None)


@pytest.mark.parametrize("who", ["stranger", "there", "left"])
def test_who_is_not_in_the_plan_is_asked_nothing(world: World, who: str) -> None:
    if who == "left":
        delete(world.here.memberships["analyst"], actor=COMMAND, version=1)
    owner = {"stranger": world.stranger, "there": world.there.people["lead"], "left": world.here.people["analyst"]}[who]
    assert refused(world, owner=owner) == {"owner": [f"{owner} is not in the plan. Choose one of its members."]}


def test_a_viewer_is_asked_nothing_unless_they_have_another_role_too(world: World) -> None:
    viewer = world.here.people["viewer"]
    said = refused(world, owner=viewer)
    assert said == {"owner": ["viewer of here is a viewer, who only reads. Choose somebody who works on it."]}
    make(Membership, world.here.plan, user=viewer, role=Role.ANALYST)
    assert asked(world, owner=viewer).owner == viewer


def test_who_may_not_see_an_agency_gets_no_task_about_it(world: World) -> None:
    here = world.here
    said = refused(world, owner=here.people["lead"], agency=here.other)
    assert said == {
        "agency": ["lead of here does not see the figures of Agency other here. Choose another agency, or none."]
    }
    assert asked(world, owner=here.people["lead"], agency=here.own).agency == here.own
    assert asked(world, owner=here.people["board"], agency=here.other).agency == here.other


def test_an_agency_or_a_step_of_elsewhere_and_no_words_are_refused(world: World) -> None:
    assert refused(world, agency=world.there.own).keys() == {"agency"}
    assert refused(world, step="design.none").keys() == {"step"}
    assert refused(world, title="").keys() == {"title"}


def test_a_day_that_is_past_in_the_plans_zone_is_refused(world: World, today: Callable[[str], None]) -> None:
    sentence = {"due": ["This day is past. Choose today or a later day, or leave it empty."]}
    assert refused(world, due=date(2026, 11, 29)) == sentence
    assert asked(world, due=TODAY).due == TODAY
    today("2026-12-01T03:00:00+00:00")  # still the thirtieth in New York
    assert asked(world, due=TODAY).due == TODAY
    today("2026-12-01T05:00:00+00:00")
    assert refused(world, due=TODAY) == sentence


# --- Changing -------------------------------------------------------------------------------------------------------


def test_a_day_that_has_passed_since_stands_while_other_things_are_changed(
    world: World, today: Callable[[str], None]
) -> None:
    task = asked(world, due=date(2026, 12, 2))
    today("2026-12-10T12:00:00+00:00")
    changed = change_task(task, actor=COMMAND, version=1, values={"title": "Send it", "due": date(2026, 12, 2)})
    assert (changed.title, changed.due) == ("Send it", date(2026, 12, 2))
    with pytest.raises(ValidationError, match="This day is past"):
        change_task(changed, actor=COMMAND, version=2, values={"due": date(2026, 12, 3)})
    assert change_task(changed, actor=COMMAND, version=2, values={"due": None}).due is None


def test_a_new_owner_is_checked_as_the_first_was(world: World) -> None:
    task = asked(world, agency=world.here.other)
    for owner, field in ((world.stranger, "owner"), (world.here.people["lead"], "agency")):
        with pytest.raises(ValidationError) as error:
            change_task(task, actor=COMMAND, version=1, values={"owner": owner})
        assert error.value.message_dict.keys() == {field}
    assert now(task).owner == world.here.people["analyst"]


def test_two_people_who_change_one_field_do_not_both_succeed(world: World) -> None:
    task = asked(world)
    change_task(task, actor=COMMAND, version=1, values={"title": "Mine"})
    with pytest.raises(Conflict):
        change_task(task, actor=COMMAND, version=1, values={"title": "Theirs"})
    assert change_task(task, actor=COMMAND, version=1, values={"detail": "More"}).title == "Mine"


def test_it_is_done_on_the_day_on_which_it_was_first_said_to_be(world: World, today: Callable[[str], None]) -> None:
    task = asked(world)
    assert finish_task(task, actor=COMMAND).done_on == TODAY
    today("2026-12-03T12:00:00+00:00")
    assert finish_task(task, actor=COMMAND).done_on == TODAY  # from a page that was drawn before
    assert now(task).version == 2
    assert reopen_task(task, actor=COMMAND).done_on is None
    assert reopen_task(task, actor=COMMAND).version == 3
    assert finish_task(task, actor=COMMAND).done_on == date(2026, 12, 3)


def test_an_agency_with_tasks_is_not_removed(world: World) -> None:
    spare = make(Agency, world.here.plan, code="SPARE", name="Spare")
    asked(world, agency=spare)
    with pytest.raises(Exception, match=r"used by 1 task \(Send the list\)"):
        delete(spare, actor=COMMAND, version=1)


# --- Who may --------------------------------------------------------------------------------------------------------


def test_who_adds_tasks_and_who_asks_others(world: World) -> None:
    """The lead owns the readiness step; a viewer is made the owner of another."""
    make(StepProgress, world.here.plan, step="design.scope", owner=world.here.people["viewer"])
    found = {}
    for actor in IN_PLAN:
        one = member(world, actor)
        own = owned_steps(one)
        steps = ("assess.readiness", "design.scope", "")
        found[actor] = [(adds_tasks(one, own, step), asks_others(one, own, step)) for step in steps]
    everywhere, for_oneself = [(True, True)] * 3, [(True, False)] * 3
    assert found == {
        "office": everywhere,
        "lead": [(True, True), (True, False), (True, False)],
        "other_lead": for_oneself,
        "board": for_oneself,
        "analyst": for_oneself,
        "viewer": [(False, False), (True, True), (True, False)],
    }


@pytest.mark.parametrize(
    ("actor", "owner", "step", "may"),
    [
        ("office", "board", "", True),
        ("lead", "board", "assess.readiness", True),
        ("lead", "board", "design.scope", False),
        ("lead", "board", "", False),
        ("lead", "lead", "", True),
        ("board", "lead", "assess.readiness", False),
        ("analyst", "analyst", "design.scope", True),
        ("viewer", "viewer", "", False),
    ],
)
def test_whom_one_may_ask(world: World, actor: str, owner: str, step: str, may: bool) -> None:
    one = member(world, actor)
    try:
        check_asks(one, owned_steps(one), owner=world.here.people[owner], step=step)
    except ValidationError as error:
        assert error.message_dict == {
            "owner": ["Only the program office and the owner of the step give others a task for it."]
        }
        assert not may
    else:
        assert may


def test_who_changes_and_who_removes(world: World) -> None:
    task = asked(world, owner=world.here.people["analyst"], asked_by=world.here.people["lead"])

    def may(check: Callable[[Member, Task], None], actor: str) -> bool:
        try:
            check(member(world, actor), task)
        except NotYourRole:
            return False
        return True

    assert {actor for actor in IN_PLAN if may(check_changes_task, actor)} == {"office", "lead", "analyst"}
    assert {actor for actor in IN_PLAN if may(check_removes_task, actor)} == {"office", "lead"}
