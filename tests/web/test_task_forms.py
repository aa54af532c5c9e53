"""Adding, changing, finishing and removing a task in a browser: every path saves or says what would be right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse

from ssoplanner.core.models import Action, AuditEvent
from ssoplanner.recompute.writer import delete, update
from ssoplanner.steps.models import Comment, Task
from ssoplanner.web.steps import step_url
from tests.access.urls import address
from tests.web.browsing import Page, now, save, sent
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db
NEW, MINE = "/plans/here/tasks/new/", "/plans/here/tasks/"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def put(moment: str) -> None:
        monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime.fromisoformat(moment))

    put("2026-11-30T15:00:00+00:00")
    return put


def newest(world: World) -> Task:
    found: Task = Task.objects.for_plan(world.here.plan).latest("id")
    return found


def path(name: str, task: Task) -> str:
    return reverse(name, kwargs={"slug": "here", "task_id": task.pk})


def asked(world: World, owner: str, asked_by: str, **values: Any) -> Task:
    people = world.here.people
    made: Task = make(Task, world.here.plan, title="T", owner=people[owner], asked_by=people[asked_by], **values)
    return made


# --- Adding ---------------------------------------------------------------------------------------------------------


def test_the_short_form_adds_a_task_for_oneself(world: World) -> None:
    for actor in ("office", "lead", "board", "analyst"):
        answer = world.client(actor).post(NEW, {"title": f"By {actor}", "due": "2026-12-03"})
        assert (answer.status_code, answer["Location"]) == (302, MINE)
        task, person = newest(world), world.here.people[actor]
        assert (task.title, task.owner, task.asked_by, task.due) == (f"By {actor}", person, person, date(2026, 12, 3))
        assert AuditEvent.objects.for_plan(world.here.plan).latest("id").user == person


def test_what_the_short_form_gets_wrong_comes_back_on_the_long_one_with_what_was_typed(world: World) -> None:
    page = Page(world.client("board").post(NEW, {"title": "", "due": "2026-11-29"}))
    assert page.text.count("This field is required.") == 2 and page.values["due"] == ["2026-11-29"]
    late = Page(world.client("board").post(NEW, {"title": "Kept", "due": "2026-11-29"}))
    assert "This day is past. Choose today or a later day, or leave it empty." in late.text
    assert (late.values["title"], late.values["due"]) == (["Kept"], ["2026-11-29"])
    assert Task.objects.for_plan(world.here.plan).count() == 2


def test_the_office_gives_a_task_to_anybody_who_works_in_the_plan(world: World) -> None:
    office, here = world.client("office"), world.here
    offered = office.get(NEW).context["form"].fields["owner"].queryset
    assert {str(person) for person in offered} == {
        f"{actor} of here" for actor in ("office", "lead", "other_lead", "board", "analyst")
    }
    words = {"title": "Check", "detail": "All.", "due": "2026-12-24", "step": "design.scope", "agency": here.own.pk}
    save(office, NEW, owner=here.people["lead"].pk, **words)
    task = newest(world)
    assert (task.owner, task.asked_by, task.step, task.agency) == (
        here.people["lead"],
        here.people["office"],
        "design.scope",
        here.own,
    )
    refused = sent(office, NEW, owner=here.people["lead"].pk, title="Check", agency=here.other.pk)
    assert "lead of here does not see the figures of Agency other here." in refused.text
    assert "Select a valid choice" in sent(office, NEW, owner=here.people["viewer"].pk, title="x").text


def test_a_steps_owner_gives_tasks_for_that_step_alone(world: World) -> None:
    lead, board = world.client("lead"), world.here.people["board"].pk
    form = f"{NEW}?step=assess.readiness"
    assert Page(lead.get(form)).values["step"] == ["assess.readiness"]
    answer = lead.post(form, {"title": "For the board", "owner": board, "step": "assess.readiness"})
    assert answer["Location"] == f"{step_url(world.here.plan, 'assess.readiness')}#tasks"
    assert newest(world).owner == world.here.people["board"]
    for step in ("design.scope", ""):
        page = sent(lead, form, title="Kept", owner=board, step=step)
        assert page.text.count("Only the program office and the owner of the step give others a task for it.") == 2
        assert page.values["title"] == ["Kept"]


def test_who_may_ask_nobody_is_offered_nobody_and_cannot(world: World) -> None:
    client = world.client("board")
    assert "owner" not in client.get(NEW).context["form"].fields
    client.post(NEW, {"title": "Sly", "owner": world.here.people["lead"].pk})
    assert newest(world).owner == world.here.people["board"]


def test_a_viewer_adds_none_unless_a_step_is_theirs(world: World) -> None:
    viewer = world.client("viewer")
    refusal = viewer.post(NEW, {"title": "x"})
    assert refusal.status_code == 403 and "you neither get tasks nor give any" in Page(refusal).text
    update(world.here.progress, actor=COMMAND, version=1, values={"owner": world.here.people["viewer"]})  # type: ignore[type-var]
    form = f"{NEW}?step=assess.readiness"
    save(viewer, form, title="For the lead", owner=world.here.people["lead"].pk)
    assert newest(world).asked_by == world.here.people["viewer"]
    oneself = sent(viewer, form, title="For me")
    assert "viewer of here is a viewer, who only reads." in oneself.text


@pytest.mark.parametrize("odd", ["none", "²", "design.scope'", "%"])
def test_an_odd_step_in_the_address_is_none(world: World, odd: str) -> None:
    assert Page(world.client("office").get(NEW, {"step": odd})).values["step"] == [""]
    refused = world.client("office").post(NEW, {"title": "x", "step": odd})
    assert refused.status_code == 422 and "Select a valid choice" in Page(refused).text


# --- Changing -------------------------------------------------------------------------------------------------------


def test_owner_asker_and_office_change_it(world: World) -> None:
    task = asked(world, "analyst", "lead", step="assess.readiness")
    for number, actor in enumerate(("analyst", "lead", "office")):
        save(world.client(actor), path("task_edit", task), title=f"No{number}")
    assert now(task).title == "No2"
    for actor, status in (("board", 403), ("other_lead", 403), ("viewer", 404)):
        assert world.client(actor).post(path("task_edit", task), {"title": "x"}).status_code == status


def test_an_owner_hands_their_task_to_nobody_else(world: World) -> None:
    task = asked(world, "analyst", "office")
    form = path("task_edit", task)
    assert "owner" not in world.client("analyst").get(form).context["form"].fields
    save(world.client("office"), form, owner=world.here.people["board"].pk)
    assert now(task).owner == world.here.people["board"]
    page = sent(world.client("office"), form, owner="")
    assert "This field is required." in page.text


def test_a_past_day_stays_until_it_is_changed(world: World) -> None:
    task = asked(world, "analyst", "office", due=date(2026, 11, 2))
    save(world.client("analyst"), path("task_edit", task), detail="Soon.")
    assert now(task).detail == "Soon."
    assert "This day is past." in sent(world.client("analyst"), path("task_edit", task), due="2026-11-03").text


def test_two_who_change_one_field_see_each_others_words(world: World) -> None:
    task = asked(world, "analyst", "office")
    form = path("task_edit", task)
    drawn = Page(world.client("analyst").get(form)).values
    save(world.client("office"), form, title="Theirs")
    page = sent(world.client("analyst"), form, drawn, title="Mine")
    assert "Somebody else changed this meanwhile." in page.text and "Theirs" in page.text
    assert now(task).title == "Theirs"


def test_who_asked_removes_it_and_its_owner_does_not(world: World) -> None:
    task = asked(world, "analyst", "office")
    assert "Remove this task" not in Page(world.client("analyst").get(path("task_edit", task))).text
    assert world.client("analyst").post(path("task_delete", task)).status_code == 403
    office = world.client("office")
    assert "Remove this task" in Page(office.get(path("task_edit", task))).text
    assert office.post(path("task_delete", task), {"version": "1"})["Location"] == MINE
    assert not Task.objects.for_plan(world.here.plan).filter(pk=task.pk).exists()
    assert AuditEvent.objects.for_plan(world.here.plan).latest("id").action == Action.DELETE


def test_a_task_about_a_foreign_agency_is_not_there_for_a_lead(world: World) -> None:
    task = asked(world, "board", "office", agency=world.here.other)
    for name in ("task_edit", "task_delete", "task_done", "task_reopen"):
        assert world.client("lead").post(path(name, task)).status_code == 404
        assert world.client("other_lead").post(path(name, task)).status_code == 403


# --- Done -----------------------------------------------------------------------------------------------------------


def test_done_and_not_done_yet_by_their_buttons(world: World) -> None:
    task = asked(world, "analyst", "office", step="design.scope")
    analyst = world.client("analyst")
    assert path("task_done", task) in [where for _, where in Page(analyst.get(MINE)).addresses]
    answer = analyst.post(path("task_done", task), follow=True)
    assert answer.redirect_chain == [(MINE, 302)] and "Done: T." in Page(answer).text
    assert now(task).done_on == date(2026, 11, 30)
    assert path("task_reopen", task) in [where for _, where in Page(analyst.get(MINE)).addresses]
    back = analyst.post(path("task_reopen", task), {"then": "step"})
    assert back["Location"] == f"{step_url(world.here.plan, 'design.scope')}#tasks"
    assert now(task).done_on is None
    assert analyst.post(path("task_done", task), {"then": "https://example.org"})["Location"] == MINE


def test_looking_at_a_button_does_nothing(world: World) -> None:
    task = asked(world, "analyst", "office")
    for name in ("task_done", "task_reopen"):
        assert world.client("analyst").get(path(name, task)).status_code == 403
    assert now(task).done_on is None


def test_done_with_it_puts_a_mention_behind_one(world: World) -> None:
    lead, where = world.client("lead"), address("mention_done", world.here)
    assert "Answer board of here" in Page(lead.get(MINE)).text
    answer = lead.post(where, follow=True)
    assert "The mention is behind you." in Page(answer).text and "Answer board of here" not in Page(answer).text
    assert lead.post(where).status_code == 302  # from a page that was drawn before
    [comment] = Comment.objects.for_plan(world.here.plan)
    assert list(comment.settled.all()) == [world.here.people["lead"]]
    event = AuditEvent.objects.for_plan(world.here.plan).filter(model="comment").latest("id")
    assert (event.user, event.after) == (world.here.people["lead"], {"settled": [world.here.people["lead"].pk]})


def test_a_removed_task_is_not_found(world: World) -> None:
    task = asked(world, "analyst", "office")
    delete(task, actor=COMMAND, version=1)
    assert world.client("analyst").post(path("task_done", task)).status_code == 404
