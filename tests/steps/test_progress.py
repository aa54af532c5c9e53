"""How far a step is: dates that follow the status, ticks that do not fight, and what the writer refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ssoplanner.core.models import AuditEvent
from ssoplanner.core.writing import writing
from ssoplanner.recompute.writer import Conflict, delete, update
from ssoplanner.steps import progress
from ssoplanner.steps.models import StepProgress
from ssoplanner.steps.progress import begin, latest_need, progress_of, save_progress, tick, today
from tests.web.browsing import now
from tests.world import COMMAND, PlanRows, World, make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

KEY = "assess.heat_map"
CLOCK = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)  # in New York it is still the day before
TODAY = date(2026, 11, 2)


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> PlanRows:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: CLOCK)
    return world.here


def save(rows: PlanRows, key: str = KEY, version: int | None = None, **values: Any) -> StepProgress:
    read = progress_of(rows.plan, key).version if version is None else version
    return save_progress(rows.plan, key, actor=COMMAND, version=read, values=values)


# --- Dates that follow the status -----------------------------------------------------------------------------------


def test_the_day_is_that_of_the_plans_zone(here: PlanRows) -> None:
    assert today(here.plan) == TODAY


@pytest.mark.parametrize(
    ("path", "started", "completed"),
    [
        (["on_track"], TODAY, None),
        (["complete"], None, TODAY),  # when it began nobody has said
        (["on_track", "complete"], TODAY, TODAY),
        (["late"], None, None),  # it may be late because it never began
        (["on_track", "critical"], TODAY, None),
        (["on_track", "complete", "on_track"], TODAY, None),
        (["on_track", "complete", "late"], TODAY, None),
        (["on_track", "complete", "upcoming"], None, None),
    ],
)
def test_actual_dates_follow_the_status(
    here: PlanRows, path: list[str], started: date | None, completed: date | None
) -> None:
    for status in path:
        row = save(here, status=status)
    assert (row.started, row.completed) == (started, completed)
    assert now(row).started == started and now(row).completed == completed


def test_a_date_that_is_there_stands_while_the_status_does(here: PlanRows) -> None:
    save(here, status="complete", started=date(2026, 3, 1), completed=date(2026, 6, 1))
    row = save(here, due=date(2026, 5, 1))
    assert (row.started, row.completed) == (date(2026, 3, 1), date(2026, 6, 1))


def test_the_audit_has_the_dates_that_followed(here: PlanRows) -> None:
    row = save(here, status="on_track")
    events = AuditEvent.objects.for_plan(here.plan).filter(model="stepprogress", row_id=row.pk).order_by("version")
    assert [event.after for event in events] == [{"step": KEY}, {"status": "on_track"}, {"started": "2026-11-02"}]
    assert row.version == len(events)


# --- Two people at once ---------------------------------------------------------------------------------------------


def test_two_who_begin_a_step_at_once_meet_field_by_field(here: PlanRows) -> None:
    save(here, version=0, status="on_track", due=date(2026, 12, 1))
    with pytest.raises(Conflict) as refused:
        save(here, version=0, due=date(2026, 12, 24))
    assert [field.field for field in refused.value.fields] == ["due"]
    assert save(here, version=0, status="upcoming", planned_start=date(2026, 1, 1)).status == "on_track"


def test_a_date_that_followed_is_no_conflict_for_who_changes_something_else(here: PlanRows) -> None:
    opened = save(here, status="on_track")
    save(here, status="complete")
    stale = {"status": "on_track", "started": opened.started, "completed": None, "due": date(2026, 12, 1)}
    row = save(here, version=opened.version, **stale)
    assert (row.status, row.completed, row.due) == ("complete", TODAY, date(2026, 12, 1))


def test_ticks_of_two_people_both_stand(here: PlanRows) -> None:
    tick(here.plan, KEY, actor=COMMAND, add=["reasons"], remove=[])
    tick(here.plan, KEY, actor=COMMAND, add=["figures"], remove=["quick_wins"])
    row = tick(here.plan, KEY, actor=COMMAND, add=["quick_wins"], remove=["reasons"])
    assert now(row).met == ["figures", "quick_wins"]


def test_ticking_what_is_ticked_writes_nothing(here: PlanRows) -> None:
    row = tick(here.plan, KEY, actor=COMMAND, add=["figures"], remove=[])
    assert tick(here.plan, KEY, actor=COMMAND, add=["figures"], remove=[]).version == row.version


def test_who_loses_the_race_to_begin_takes_the_row_that_won(here: PlanRows, monkeypatch: pytest.MonkeyPatch) -> None:
    won = begin(here.plan, KEY, actor=COMMAND)
    looks = iter([StepProgress(plan=here.plan, step=KEY), won])
    monkeypatch.setattr(progress, "progress_of", lambda plan, key: next(looks))
    assert begin(here.plan, KEY, actor=COMMAND) == won


# --- What is refused ------------------------------------------------------------------------------------------------


def test_a_criterion_of_another_step_is_refused(here: PlanRows) -> None:
    with pytest.raises(ValidationError, match="no criterion of this step"):
        tick(here.plan, KEY, actor=COMMAND, add=["answers"], remove=[])
    assert progress_of(here.plan, KEY).pk is None  # nor is a blank row left behind


@pytest.mark.parametrize("met", ["figures", {"figures": 1}, [1], ["figures", "figures"], [["figures"]]])
def test_what_is_no_list_of_criteria_is_refused(here: PlanRows, met: Any) -> None:
    with pytest.raises(ValidationError):
        make(StepProgress, here.plan, step=KEY, met=met)


def test_an_unknown_step_is_refused(here: PlanRows) -> None:
    with pytest.raises(ValidationError, match="is not a step of the method"):
        make(StepProgress, here.plan, step="assess.none")


@pytest.mark.parametrize(("earlier", "later"), [("planned_start", "due"), ("started", "completed")])
def test_an_end_before_its_beginning_is_refused_by_the_writer_and_by_the_database(
    here: PlanRows, earlier: str, later: str
) -> None:
    days = {earlier: date(2026, 5, 2), later: date(2026, 5, 1)}
    with pytest.raises(ValidationError) as refused:
        make(StepProgress, here.plan, step=KEY, status="complete", **days)
    assert list(refused.value.message_dict) == [later]
    with pytest.raises(IntegrityError), transaction.atomic(), writing():
        StepProgress(plan=here.plan, step=KEY, status="complete", **days).save()


def test_an_owner_is_a_member_of_the_plan(here: PlanRows, world: World) -> None:
    with pytest.raises(ValidationError, match="not in the plan any more"):
        save(here, owner=world.stranger)
    assert save(here, owner=here.people["viewer"]).owner == here.people["viewer"]


def test_an_owner_who_left_is_replaced_before_anything_is_saved(here: PlanRows) -> None:
    save(here, owner=here.people["board"])
    delete(here.memberships["board"], actor=COMMAND, version=1)
    with pytest.raises(ValidationError, match="board of here is not in the plan any more"):
        save(here, status="on_track")
    assert save(here, status="on_track", owner=here.people["office"]).status == "on_track"


def test_of_what_a_step_waits_for_the_latest_counts(here: PlanRows, world: World) -> None:
    assert latest_need(here.plan, "design.scope") is None
    for key, month in (("assess.readiness", 3), ("assess.heat_map", 7), ("assess.capabilities", 5)):
        save(here, key, due=date(2026, month, 1))
    save(world.there, "assess.capabilities", due=date(2027, 1, 1))
    found = latest_need(here.plan, "design.scope")
    assert found is not None and (found.step, found.due) == ("assess.heat_map", date(2026, 7, 1))
    assert latest_need(here.plan, "assess.readiness") is None


def test_evidence_is_titled_and_its_link_leads_to_the_web(here: PlanRows) -> None:
    for link in ("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "ftp://example.org/a", "/etc"):
        with pytest.raises(ValidationError, match="begins with http:// or https://"):
            update(here.evidence, actor=COMMAND, version=1, values={"link": link})  # type: ignore[type-var]
    with pytest.raises(ValidationError):
        update(here.evidence, actor=COMMAND, version=1, values={"title": ""})  # type: ignore[type-var]
