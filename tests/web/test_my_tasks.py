"""My tasks: what is whose and why, by which day, in how many queries; the bar, the home page, the page of a step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ssoplanner.access.gate import members_of, plan_for
from ssoplanner.access.models import Invitation
from ssoplanner.core.models import Membership, Provision, Role, User
from ssoplanner.recompute.models import Derived, Release, Result
from ssoplanner.recompute.writer import bulk_load, create, delete, update
from ssoplanner.steps.comments import add_comment, settle_mention
from ssoplanner.steps.models import Condition, Decision, Risk, StepProgress, Task, Vote
from ssoplanner.steps.progress import save_progress
from ssoplanner.web.steps import step_url
from ssoplanner.web.tasks.lines import State, TaskLine, lines, scope_of, state_of
from ssoplanner.web.tasks.page import BarTasks, Counts, due_words, my_tasks
from tests.access.urls import address
from tests.web.browsing import Page, now
from tests.world import COMMAND, World, canary, make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """It is the thirtieth in New York, for rows that are stored too; the test may put the clock."""

    def put(moment: str) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromisoformat(moment))

    put("2026-11-30T15:00:00+00:00")
    return put


@pytest.fixture
def quiet(world: World) -> World:
    """The world without what it holds for everybody: the step has no owner, nobody is mentioned, no task is open."""
    here = world.here
    update(here.progress, actor=COMMAND, version=1, values={"owner": None})  # type: ignore[type-var]
    settle_mention(here.comment, user=here.people["lead"], actor=COMMAND)  # type: ignore[arg-type]
    for task in (here.task, here.other_task):
        delete(task, actor=COMMAND, version=1)  # type: ignore[arg-type]
    return world


def found(world: World, actor: str, *kinds: str) -> list[TaskLine]:
    member = plan_for(world.here.people[actor], "here")
    return [line for line in lines(scope_of(member)) if not kinds or line.kind in kinds]


def task(world: World, owner: str = "analyst", asked_by: str = "office", **values: Any) -> Task:
    people = world.here.people
    known = {"title": "Send the list", "owner": people[owner], "asked_by": people[asked_by]}
    made: Task = make(Task, world.here.plan, **{**known, **values})
    return made


def page_of(world: World, actor: str, **asked: str) -> Page:
    return Page(world.client(actor).get(address("my_tasks", world.here), asked))


# --- By the day -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "state", "words"),
    [
        (TODAY - 400 * DAY, State.OVERDUE, "400 days overdue"),
        (TODAY - DAY, State.OVERDUE, "1 day overdue"),
        (TODAY, State.THIS_WEEK, "due today"),
        (TODAY + DAY, State.THIS_WEEK, "due tomorrow"),
        (TODAY + 7 * DAY, State.THIS_WEEK, "due in 7 days"),
        (TODAY + 8 * DAY, State.LATER, "due in 8 days"),
        (TODAY + 20 * DAY, State.LATER, "due in 2 weeks"),
        (TODAY + 90 * DAY, State.LATER, "due in 3 months"),
        (TODAY + 800 * DAY, State.LATER, "due in 2 years"),
    ],
)
def test_a_day_makes_the_state_and_its_words(world: World, due: date, state: State, words: str) -> None:
    assert state_of(due, TODAY) is state
    assert due_words(due, TODAY, world.here.plan) == words


def test_without_a_day_there_is_none() -> None:
    assert state_of(None, TODAY) is State.NO_DATE


def test_the_day_is_that_of_the_plans_zone(world: World, today: Callable[[str], None]) -> None:
    task(world, due=TODAY)
    today("2026-12-01T04:59:00+00:00")
    assert [line.state for line in found(world, "analyst", "Task")] == [State.THIS_WEEK]
    today("2026-12-01T05:00:00+00:00")
    assert [line.state for line in found(world, "analyst", "Task")] == [State.OVERDUE]


# --- Whose ----------------------------------------------------------------------------------------------------------


def test_tasks_say_who_asks_and_those_done_stay_for_two_weeks(quiet: World) -> None:
    task(quiet, title="Asked", due=TODAY, step="design.scope", detail="All of it.")
    task(quiet, title="My own", asked_by="analyst")
    task(quiet, title="Lately", done_on=TODAY - 14 * DAY)
    task(quiet, title="Long ago", done_on=TODAY - 15 * DAY)
    task(quiet, owner="board", title="Somebody else’s")
    said = [(line.title, line.why, line.state) for line in found(quiet, "analyst", "Task")]
    assert said == [
        ("Asked", "office of here asks you", State.THIS_WEEK),
        ("My own", "You set this for yourself", State.NO_DATE),
        ("Lately", "office of here asks you", State.DONE),
    ]
    [first, *_] = found(quiet, "analyst", "Task")
    assert (first.step and first.step.code, first.notes) == ("2.1", ("All of it.",))


def test_a_step_of_mine_says_what_is_not_ticked_and_what_it_waits_for(quiet: World) -> None:
    plan, lead = quiet.here.plan, quiet.here.people["lead"]
    for key, values in (
        ("design.scope", {"owner": lead, "due": TODAY - DAY, "status": "on_track"}),
        ("assess.heat_map", {"status": "complete"}),
    ):
        save_progress(plan, key, actor=COMMAND, version=0, values=values)
    [line] = found(quiet, "lead", "Step")
    assert (line.title, line.state) == ("2.1 Define shared services functional scope", State.OVERDUE)
    waits, open_ones = line.notes
    assert waits.startswith("It waits for 1.1 and 1.3") and "1.2" not in waits
    assert open_ones.startswith("2 of 2 criteria not met yet: ")
    row = StepProgress.objects.for_plan(plan).get(step="design.scope")
    ticked = {"met": [criterion.key for criterion in row.declared.done_when], "completed": TODAY - 3 * DAY}
    update(row, actor=COMMAND, version=row.version, values={**ticked, "status": "complete", "started": None})
    assert [(line.state, line.notes) for line in found(quiet, "lead", "Step")] == [(State.DONE, ())]
    assert found(quiet, "board", "Step") == []


def test_conditions_are_mine_once_the_decision_is_made(quiet: World) -> None:
    plan, viewer = quiet.here.plan, quiet.here.people["viewer"]
    draft = make(Decision, plan, question="Go on?", options=["Yes", "No"])
    decided = {"state": "decided", "decided_at": timezone.now(), "outcome": "Yes"}
    made = make(Decision, plan, question="Share payroll?", options=["Yes", "No"], **decided)
    for decision, text in ((draft, "Not in force"), (made, "Three agencies sign")):
        make(Condition, plan, decision=decision, text=text, owner=viewer, due=TODAY + DAY)
    old = datetime(2026, 11, 10, tzinfo=timezone.get_current_timezone())
    make(Condition, plan, decision=made, text="Met long ago", owner=viewer, due=TODAY, met_at=old)
    make(Condition, plan, decision=made, text="Met", owner=viewer, due=TODAY, met_at=old + 10 * DAY)
    [first, second] = found(quiet, "viewer", "Condition")
    assert (first.title, first.state) == ("Three agencies sign", State.THIS_WEEK)
    assert first.notes == ("Decided: Share payroll? Yes.",)
    assert (second.title, second.state, second.done_on) == ("Met", State.DONE, date(2026, 11, 19))


def test_risks_are_mine_while_they_are_open(quiet: World) -> None:
    plan, board = quiet.here.plan, quiet.here.people["board"]
    rated = {"probability": 3, "impact": 3, "owner": board, "step": "design.scope"}
    for status in ("new", "in_progress", "pending", "escalated", "closed", "cancelled", "deferred"):
        make(Risk, plan, title=status, status=status, **rated)
    assert {line.title for line in found(quiet, "board", "Risk")} == {"new", "in_progress", "pending", "escalated"}
    assert found(quiet, "office", "Risk") == []


@pytest.mark.both_databases
def test_a_mention_is_open_until_i_comment_on_the_step_or_put_it_behind_me(quiet: World) -> None:
    here = quiet.here
    lead, office, board = (here.people[name] for name in ("lead", "office", "board"))

    def say(key: str, author: User, text: str) -> Any:
        return add_comment(here.plan, key, author=author, actor=COMMAND, text=text)

    say("design.scope", lead, "I was here before.")
    asked = say("design.scope", office, "What do you say, @lead of here?")
    say("design.agencies", office, "And here, @lead of here and @office of here?")
    assert [line.title for line in found(quiet, "lead", "Mention")] == ["Answer office of here"] * 2
    assert found(quiet, "office", "Mention") == []  # nobody asks themselves
    say("design.scope", board, "Somebody else’s answer.")
    settle_mention(asked, user=lead, actor=COMMAND)
    [line] = found(quiet, "lead", "Mention")
    assert line.step is not None and line.step.key == "design.agencies"
    assert (line.state, line.due, line.why) == (State.THIS_WEEK, None, "office of here mentioned you today")
    say("design.agencies", lead, "This.")
    assert found(quiet, "lead", "Mention") == []


def test_who_became_a_viewer_has_no_mentions(quiet: World) -> None:
    lead = quiet.here.people["lead"]
    add_comment(
        quiet.here.plan, "design.scope", author=quiet.here.people["office"], actor=COMMAND, text="@lead of here"
    )
    make(Membership, quiet.here.plan, user=lead, role=Role.VIEWER)
    delete(quiet.here.memberships["lead"], actor=COMMAND, version=1)
    member = plan_for(lead, "here")
    assert [line for line in lines(scope_of(member)) if line.kind == "Mention"] == []
    assert BarTasks(member).counts == Counts(0, 0, 0)


def test_open_votes_are_the_boards_until_they_have_voted(quiet: World) -> None:
    plan, board = quiet.here.plan, quiet.here.people["board"]
    voting = make(Decision, plan, question="Share payroll?", options=["Yes"], state="voting", opened_at=timezone.now())
    make(Decision, plan, question="Not yet open", options=["Yes"])
    assert [line.title for line in found(quiet, "board", "Vote")] == ["Vote: Share payroll?"]
    assert found(quiet, "office", "Vote") == []
    cast = {"decision": voting, "user": board, "option": "Yes", "reason": "It pays."}
    bulk_load(Vote, plan=plan, actor=COMMAND, rows=[cast], label="votes")
    assert found(quiet, "board", "Vote") == []


# --- By role --------------------------------------------------------------------------------------------------------


def test_a_lead_has_what_is_missing_in_their_own_agencies_a_line_for_each_rule(quiet: World) -> None:
    here = quiet.here
    for provision in (here.provision, here.other_provision):
        update(provision, actor=COMMAND, version=1, values={"fte": None, "source": ""})
    titles = {line.title for line in found(quiet, "lead", "Figures")}
    assert "Cost without FTE: Agency own here: 1 of 1 service" in titles
    assert "Figures that do not say where they come from: Agency own here: 1 of 1 service" in titles
    assert [title for title in titles if "other" in title] == []
    assert found(quiet, "office", "Figures") == [] and found(quiet, "analyst", "Figures") == []
    urls = {line.title: line.url for line in found(quiet, "lead", "Figures")}
    grid = reverse("agency_grid", kwargs={"slug": "here", "agency_id": here.own.pk})
    assert urls["Cost without FTE: Agency own here: 1 of 1 service"] == grid
    everybody = lines(scope_of(*members_of(here.plan)))
    mixed = [line for line in everybody if line.kind == "Figures" and line.person == here.people["lead"].pk]
    assert {line.title for line in mixed} == titles  # the same where the office looks at all


def test_the_office_has_results_to_release_invitations_that_end_and_the_x_ray(quiet: World) -> None:
    here = quiet.here
    said = {line.title for line in found(quiet, "office", "Office")}
    assert [title for title in said if re.fullmatch(r"\d+ findings of the X-ray", title)] == list(said)
    for key, payload in (("assess.current_state", '{"cost":1}'), ("assess.staffing", '{"incomplete":[]}')):
        stored(here.plan, key, payload)
    [waiting] = [line for line in found(quiet, "office", "Office") if "released" in line.title]
    assert waiting.title == "1 result waits to be released" and "Current state" in waiting.notes[0]
    create(Release, plan=here.plan, actor=COMMAND, values={"calculation": "assess.current_state"})
    assert [line for line in found(quiet, "office", "Office") if "released" in line.title] == []
    assert found(quiet, "lead", "Office") == []


def stored(plan: Any, key: str, payload: str) -> None:
    moment = timezone.now()
    counters = {"formula_revision": 1, "dirty_since": moment, "not_before": moment, "built": 1}
    derived, _ = Derived.objects.update_or_create(plan=plan, calculation=key, partition="", defaults=counters)
    built = {"payload": payload, "payload_hash": "x", "as_of": TODAY, "built_at": moment}
    Result.objects.update_or_create(derived=derived, defaults=built)


@pytest.mark.parametrize(("days", "is_there"), [(-1, False), (1, True), (7, True), (9, False)])
def test_an_invitation_that_ends_within_the_week(quiet: World, days: int, is_there: bool) -> None:
    invitation = quiet.here.invitation
    ends = datetime.fromisoformat("2026-11-30T15:00:00+00:00") + timedelta(days=days)
    update(invitation, actor=COMMAND, version=1, values={"expires_at": ends})  # type: ignore[type-var]
    [*ending] = [line for line in found(quiet, "office", "Office") if line.due]
    assert [(line.due, line.state) for line in ending] == [(TODAY + days * DAY, State.THIS_WEEK)] * is_there
    row = now(invitation)
    update(row, actor=COMMAND, version=row.version, values={"accepted_at": timezone.now()})
    assert [line for line in found(quiet, "office", "Office") if line.due] == []


# --- Audiences ------------------------------------------------------------------------------------------------------


def test_a_leads_page_never_holds_another_agencys_rows(world: World) -> None:
    here, hidden = world.here, canary("here-other")
    update(here.plan, actor=COMMAND, version=1, values={"leads_see_agencies": False})
    for provision in (here.provision, here.other_provision):
        update(provision, actor=COMMAND, version=1, values={"fte": None})
    pages = [page_of(world, actor) for actor in ("lead", "other_lead")]
    for page, mine, theirs in zip(pages, ("own", "other"), ("other", "own"), strict=True):
        assert f"Agency {mine} here" in page.text and f"Agency {theirs} here" not in page.html
    assert hidden not in pages[0].html and hidden in pages[1].html
    step = Page(world.client("lead").get(step_url(here.plan, "assess.readiness")))
    assert canary("here-talk") in step.text and hidden not in step.html
    assert hidden in Page(world.client("board").get(step_url(here.plan, "assess.readiness"))).text


def test_an_agency_that_one_may_not_know_any_more_is_not_named(world: World) -> None:
    here = world.here
    task(world, owner="other_lead", title="About them", agency=here.own)
    update(here.plan, actor=COMMAND, version=1, values={"leads_see_agencies": False})
    [line] = [line for line in found(world, "other_lead", "Task") if line.title == "About them"]
    assert line.notes == ()
    assert "Agency own here" not in page_of(world, "other_lead").html


def test_viewers_see_no_tasks_of_a_step_and_are_told_that_they_read(world: World) -> None:
    step = Page(world.client("viewer").get(step_url(world.here.plan, "assess.readiness")))
    assert canary("here-talk") not in step.html and "No tasks for this step" not in step.text
    page = page_of(world, "viewer")
    assert "As a viewer you only read, so nobody gives you tasks." in page.text
    assert "Nothing waits for you." in page.text and "Add a task" not in page.text
    make(StepProgress, world.here.plan, step="design.scope", owner=world.here.people["viewer"], due=TODAY)
    owning = page_of(world, "viewer").text
    assert "1 due this week" in owning and "nobody gives you tasks. These are the steps" in owning


# --- The page -------------------------------------------------------------------------------------------------------


def test_in_ten_seconds_one_sees_how_much_is_urgent_and_then_what(quiet: World) -> None:
    for number, due in enumerate((TODAY - 9 * DAY, TODAY - DAY, TODAY + DAY, TODAY + 30 * DAY, None)):
        task(quiet, title=f"No{number}", due=due)
    task(quiet, title="Finished", done_on=TODAY)
    text = page_of(quiet, "analyst").text
    assert "2 overdue, 1 due this week" in text
    words = ["Overdue 2", "No0", "9 days overdue Nov 21, 2026", "No1", "This week 1", "No2", "due tomorrow", "Later 1"]
    words += ["No3", "due in 4 weeks Dec 30, 2026", "No date 1", "No4", "Done lately 1", "Finished", "Not done yet"]
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_with_nothing_to_do_it_says_so_kindly(quiet: World) -> None:
    text = page_of(quiet, "board").text
    assert "Nothing waits for you." in text and "All done" in text and "Add a task for yourself" in text


@pytest.mark.both_databases
def test_everybodys_tasks_are_the_offices_alone_and_say_who_has_nothing(quiet: World) -> None:
    task(quiet, owner="board", title="For the board", due=TODAY - DAY)
    task(quiet, title="For the analyst", due=TODAY + 60 * DAY)
    for number in range(7):
        task(quiet, owner="lead", title=f"Lead {number}", due=TODAY)
    text = page_of(quiet, "office", who="all").text
    assert text.index("board of here Board member 1 overdue") < text.index("lead of here Agency lead 7 due this week")
    assert "Lead 4" in text and "Lead 5" not in text and "Besides: 2 more urgent" in text
    assert "analyst of here Analyst Nothing is urgent. Besides: 1 later." in text
    assert "viewer of here" in text.split("Nothing to do")[1]
    for actor in ("lead", "board", "viewer"):
        other = page_of(quiet, actor, who="all")
        assert "Everybody" not in other.text and "For the analyst" not in other.text


def test_tasks_of_who_left_are_shown_to_the_office(quiet: World) -> None:
    task(quiet, title="Orphan")
    delete(quiet.here.memberships["analyst"], actor=COMMAND, version=1)
    text = page_of(quiet, "office", who="all").text
    assert "Their owner left the plan 1 Orphan analyst of here does not see it any more." in text


# --- The bar and the home page --------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_the_number_in_the_bar_is_that_of_the_page_for_everybody(world: World) -> None:
    here = world.here
    for due in (TODAY - DAY, TODAY, TODAY + 7 * DAY, TODAY + 8 * DAY, None):
        task(world, owner="lead", due=due)
    task(world, owner="lead", due=TODAY, done_on=TODAY)
    save_progress(here.plan, "assess.readiness", actor=COMMAND, version=1, values={"due": TODAY - DAY})
    for member in members_of(here.plan):
        assert BarTasks(member).counts == my_tasks(member)["counts"], member
    lead = plan_for(here.people["lead"], "here")
    assert BarTasks(lead).counts == Counts(overdue=2, due=2, mentions=1)
    html = world.client("lead").get(address("kpis", here)).content.decode()
    assert re.search(r'class="bar-count" aria-hidden="true">5<', html)
    assert 'aria-label="My tasks, 2 overdue, 2 due this week, 1 mention to answer"' in html
    assert "bar-count" not in world.client("viewer").get(address("kpis", here)).content.decode()


def test_the_number_costs_one_query(world: World) -> None:
    bar = BarTasks(plan_for(world.here.people["lead"], "here"))
    with CaptureQueriesContext(connection) as queries:
        assert bar.counts.total == 1
    assert len(queries) == 1


def test_the_home_page_shows_the_three_most_urgent(quiet: World) -> None:
    for number in range(5):
        task(quiet, title=f"No{number}", due=TODAY + number * DAY)
    text = Page(quiet.client("analyst").get(address("plan", quiet.here))).text
    yours = text.split("Yours to do")[1].split("Baseline complete")[0]
    assert "5 due this week" in yours and "No2" in yours and "due in 2 days" in yours and "No3" not in yours
    assert "Yours to do" not in Page(quiet.client("board").get(address("plan", quiet.here))).text


# --- The page of a step ---------------------------------------------------------------------------------------------


def test_a_step_shows_its_tasks_with_owner_and_day_and_who_may_add_one(world: World) -> None:
    task(world, title="For the analyst", step="design.scope", due=TODAY)
    task(world, title="Elsewhere", step="design.agencies")
    path = step_url(world.here.plan, "design.scope")
    said = {actor: Page(world.client(actor).get(path)) for actor in ("office", "lead", "analyst", "viewer")}
    for actor in ("office", "lead"):
        assert "For the analyst analyst of here due today Nov 30, 2026" in said[actor].text
        assert "Elsewhere" not in said[actor].text
    assert "For the analyst You due today" in said["analyst"].text
    buttons = {actor: 'aria-label="Done: For the analyst"' in page.html for actor, page in said.items()}
    assert buttons == {"office": True, "lead": False, "analyst": True, "viewer": False}
    assert "Add a task for yourself" in said["lead"].text and "Add a task for yourself" not in said["office"].text
    own = Page(world.client("lead").get(step_url(world.here.plan, "assess.readiness")))
    assert "Add a task" in own.text and "Add a task for yourself" not in own.text


# --- Queries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("actor", "who"), [("office", ""), ("office", "all"), ("lead", "")])
def test_the_page_asks_as_often_for_many_as_for_few(world: World, actor: str, who: str) -> None:
    few = asked_for(world, actor, who)
    grow(world)
    assert asked_for(world, actor, who) == few


def asked_for(world: World, actor: str, who: str) -> int:
    client, path = world.client(actor), address("my_tasks", world.here)
    with CaptureQueriesContext(connection) as queries:
        client.get(path, {"who": who})
    return len(queries)


def grow(world: World) -> None:
    here = world.here
    people = User.objects.bulk_create(
        User(email=f"p{number}@here.example.gov", name=f"P{number}") for number in range(20)
    )
    for number, person in enumerate([*people, *here.people.values()]):
        if number < 20:
            make(Membership, here.plan, user=person, role=Role.LEAD, agencies=[here.own])
        make(
            Task,
            here.plan,
            title=f"T{number}",
            owner=person,
            asked_by=here.people["office"],
            agency=here.own,
            due=TODAY,
        )
        make(Risk, here.plan, title=f"R{number}", owner=person, probability=1, impact=1, step="design.scope")
        add_comment(here.plan, "design.scope", author=here.people["board"], actor=COMMAND, text=f"@{person}")
    for number in range(5):
        invited = {"email": f"i{number}@example.gov", "name": "I", "role": Role.ANALYST}
        make(Invitation, here.plan, **invited, expires_at=datetime.fromisoformat("2026-12-02T15:00:00+00:00"))
        make(Decision, here.plan, question="?", options=["Yes"], state="voting")
    assert Provision.objects.for_plan(here.plan).count() == 2
