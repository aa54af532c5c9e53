"""The page of exports: asking, watching, fetching; and that a file reaches nobody who may not have it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ssoplanner.core.models import Membership, Role
from ssoplanner.recompute import jobs
from ssoplanner.recompute.job_runner import run_jobs, sweep_jobs
from ssoplanner.recompute.jobs import ask, cancel, job_kind, jobs_folder
from ssoplanner.recompute.models import Job, JobState
from ssoplanner.recompute.writer import delete, update
from ssoplanner.web.views.jobs import SHOWN
from tests.access.urls import address
from tests.web.browsing import Page
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PAGE = "/plans/here/exports/"


@pytest.fixture(autouse=True)
def folder_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def job(world: World) -> Job:
    """The program office's own export, which waits."""
    assert world.here.job is not None
    return world.here.job


@pytest.fixture
def ready(job: Job) -> Job:
    """The program office's own export with its file."""
    run_jobs()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    return job


@pytest.fixture
def office_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one more kind, for the program office only."""
    monkeypatch.setattr(jobs, "_kinds", dict(jobs.job_kinds()))
    words = {"title": "Payroll list", "text": "For few.", "suffix": ".txt", "content_type": "text/plain"}
    job_kind("few", roles={Role.OFFICE}, **words)(lambda job, file, report: None)


def url(name: str, job: Job, slug: str = "here") -> str:
    return reverse(name, kwargs={"slug": slug, "job_id": job.pk})


def put(job: Job, state: JobState, **values: Any) -> Job:
    """The job in a state, as a worker would leave it."""
    Job.objects.filter(pk=job.pk).update(state=state, **values)
    job.refresh_from_db()
    return job


def done(job: Job, **values: Any) -> Job:
    tomorrow = timezone.now() + timedelta(days=1)
    facts = {"file": f"file-{job.pk}", "file_name": f"x-{job.pk}.csv", "expires_at": tomorrow}
    return put(job, JobState.DONE, **{**facts, **values})


# --- From the wish to the file --------------------------------------------------------------------------------------


def test_the_history_is_asked_for_by_a_button_and_fetched_when_it_is_ready(world: World) -> None:
    board = world.client("board")
    asking = reverse("job_new", kwargs={"slug": "here", "kind": "audit"})
    assert ("action", asking) in Page(board.get(address("history", world.here))).addresses

    answer = board.post(asking)

    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    mine = Job.objects.get(user=world.here.people["board"])
    waiting = Page(board.get(PAGE))
    assert "History as CSV Waiting" in waiting.text and url("job_download", mine) not in waiting.html
    run_jobs()
    finished = Page(board.get(PAGE))
    mine.refresh_from_db()
    assert f"{mine.file_name}, " in finished.text and "Ready" in finished.text
    assert ("href", url("job_download", mine)) in finished.addresses
    file = board.get(url("job_download", mine))
    assert file.getvalue().decode("utf-8-sig").startswith("When,Who,From where,")


def test_the_export_takes_what_the_page_shows_and_says_so(world: World) -> None:
    board, history = world.client("board"), address("history", world.here)
    shown = Page(board.get(f"{history}?kind=agency"))
    assert "Export these as CSV" in shown.text

    board.post(reverse("job_new", kwargs={"slug": "here", "kind": "audit"}), shown.values)

    assert "History as CSV: agencies only" in Page(board.get(PAGE)).text
    run_jobs()
    mine = Job.objects.get(user=world.here.people["board"])
    assert mine.file_name.startswith("here-audit-agency-20")
    lines = board.get(url("job_download", mine)).getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) > 2 and all(",agency," in line for line in lines[1:])


@pytest.mark.parametrize("odd", ["", "job", "../x", "a\x00", "Agency"])
def test_an_odd_filter_is_no_filter(world: World, odd: str) -> None:
    board = world.client("board")
    board.post(reverse("job_new", kwargs={"slug": "here", "kind": "audit"}), {"only": odd})
    assert Job.objects.get(user=world.here.people["board"]).parameters == {}
    assert "History as CSV Waiting" in Page(board.get(PAGE)).text
    if "\x00" not in odd:
        page = Page(board.get(address("history", world.here), {"kind": odd, "page": "99"}))
        assert "added agency" in page.text and "Export as CSV" in page.text


def test_a_file_comes_as_an_attachment_that_nobody_keeps_or_takes_for_something_else(world: World, ready: Job) -> None:
    answer = world.client("office").get(url("job_download", ready))
    body = answer.getvalue()
    assert len(body) == ready.size > 1000 and str(ready.size) == answer["Content-Length"]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{ready.file_name}"'
    assert ready.file_name.startswith("here-audit-") and ready.file_name.endswith(".csv")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"no-store", "private"} <= {part.strip() for part in answer["Cache-Control"].split(",")}


def test_each_download_is_noted_and_only_that(world: World, ready: Job) -> None:
    office, where = world.client("office"), url("job_download", ready)
    office.get(PAGE), office.head(where).getvalue()
    ready.refresh_from_db()
    assert (ready.downloads, ready.downloaded_at) == (0, None)
    office.get(where).getvalue(), office.get(where).getvalue()
    ready.refresh_from_db()
    assert ready.downloads == 2 and ready.downloaded_at is not None
    assert ready.state == JobState.DONE and ready.user == world.user("office")


# --- Who may --------------------------------------------------------------------------------------------------------


def test_a_file_is_for_whoever_asked_for_it(world: World, ready: Job) -> None:
    answers = {
        actor: [
            world.client(actor).get(url("job_download", ready)).status_code,
            world.client(actor).post(url("job_cancel", ready)).status_code,
            world.client(actor).post(url("job_retry", ready)).status_code,
        ]
        for actor in ("anonymous", "stranger", "lead", "board", "analyst", "viewer")
    }
    assert answers == {
        "anonymous": [302, 302, 302],
        "stranger": [404, 404, 404],
        "lead": [404, 404, 404],
        "board": [404, 404, 404],
        "analyst": [404, 404, 404],
        "viewer": [404, 404, 404],
    }
    assert ready.file_name not in world.client("board").get(PAGE).content.decode()
    ready.refresh_from_db()
    assert (ready.downloads, ready.state) == (0, JobState.DONE)


def test_who_is_no_member_any_more_gets_nothing(world: World, ready: Job) -> None:
    office, where = world.client("office"), url("job_download", ready)
    delete(world.here.memberships["office"], actor=COMMAND, version=1)
    assert [office.get(where).status_code, office.get(PAGE).status_code] == [404, 404]
    make(Membership, world.here.plan, user=ready.user, role=Role.VIEWER)
    assert office.get(where).status_code == 403
    assert ("href", where) not in Page(office.get(PAGE)).addresses
    make(Membership, world.here.plan, user=ready.user, role=Role.ANALYST)
    again = office.get(where)
    assert again.status_code == 200
    assert again.getvalue()


def test_a_job_of_one_plan_is_not_found_in_another(world: World, ready: Job) -> None:
    make(Membership, world.there.plan, user=ready.user, role=Role.OFFICE)
    office = world.client("office")
    found = [office.get(url("job_download", ready, "there")).status_code]
    found += [office.post(url(name, ready, "there")).status_code for name in ("job_cancel", "job_retry")]
    assert found == [404, 404, 404]
    assert ready.file_name not in office.get("/plans/there/exports/").content.decode()


@pytest.mark.usefixtures("office_only")
def test_each_kind_has_roles_of_its_own(world: World) -> None:
    board, where = world.client("board"), reverse("job_new", kwargs={"slug": "here", "kind": "few"})
    theirs = done(ask(plan=world.here.plan, user=world.here.people["board"], kind="few"))
    Path(jobs_folder() / theirs.file).touch()

    refused = [board.post(where), board.get(url("job_download", theirs)), board.post(url("job_retry", theirs))]

    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert all("The export Payroll list is for the program office." in Page(answer).text for answer in refused)
    assert "For few." not in Page(board.get(PAGE)).text
    assert "For few." in Page(world.client("office").get(PAGE)).text
    assert world.client("office").post(where)["Location"] == PAGE
    put(theirs, JobState.FAILED, file="")
    assert url("job_retry", theirs) not in board.get(PAGE).content.decode()


def test_a_kind_that_there_is_not_is_not_found(world: World, job: Job) -> None:
    office = world.client("office")
    assert office.post(reverse("job_new", kwargs={"slug": "here", "kind": "nothing"})).status_code == 404
    Job.objects.filter(pk=job.pk).update(kind="gone")
    assert office.get(url("job_download", job)).status_code == 404
    assert office.post(url("job_retry", job)).status_code == 404
    assert "Export Waiting" in Page(office.get(PAGE)).text


def test_each_is_offered_what_is_for_their_role(world: World) -> None:
    offered = {actor: Page(world.client(actor).get(PAGE)).text for actor in world.here.people}

    assert {actor for actor, text in offered.items() if "History as CSV" in text} == {"office", "board", "analyst"}
    assert all("Roadmap as PDF" in text and "Roadmap as Word file" in text for text in offered.values())


# --- What the page says ---------------------------------------------------------------------------------------------


def test_each_state_says_what_it_is_and_offers_what_can_be_done(world: World, job: Job) -> None:
    office = world.client("office")
    past = timezone.now() - timedelta(seconds=1)
    states: list[tuple[Callable[[], object], tuple[str, ...], set[str]]] = [
        (lambda: None, ("History as CSV Waiting",), {"job_cancel"}),
        (lambda: put(job, JobState.QUEUED, attempts=1), ("Waiting", "It did not work at once"), {"job_cancel"}),
        (lambda: put(job, JobState.RUNNING, progress=4, progress_text="2 of 9"), ("4 %", "2 of 9"), {"job_cancel"}),
        (lambda: put(job, JobState.RUNNING, cancel_requested=True), ("Stopping",), set()),
        (lambda: done(job, size=2048), (f"x-{job.pk}.csv, 2.0 KB Ready",), {"job_download"}),
        (lambda: done(job, expires_at=past), ("History as CSV Expired",), {"job_retry"}),
        (lambda: put(job, JobState.EXPIRED, file=""), ("History as CSV Expired",), {"job_retry"}),
        (lambda: put(job, JobState.CANCELLED), ("Cancelled",), {"job_retry"}),
        (lambda: put(job, JobState.FAILED, error="It broke."), ("Failed", "It broke."), {"job_retry"}),
    ]
    for change, words, offered in states:
        change()
        page = Page(office.get(PAGE))
        assert [word for word in words if word not in page.text.replace("\xa0", " ")] == []
        addresses = {where for _, where in page.addresses}
        names = ("job_cancel", "job_retry", "job_download")
        assert {name for name in names if url(name, job) in addresses} == offered, words


def test_a_plan_without_exports_says_what_the_page_is_for(world: World) -> None:
    page = Page(world.client("analyst").get(PAGE))
    assert "No exports yet What you ask for is listed here" in page.text
    assert "Every change in the plan, one line for each field" in page.text
    assert "every 1s" not in page.html


def test_a_fourth_export_at_once_is_refused_with_a_sentence(world: World, job: Job) -> None:
    office, where = world.client("office"), address("job_new", world.here)
    office.post(where), office.post(where)
    refused = Page(office.post(where, follow=True))
    assert "You have 3 exports on their way in this plan. Wait until one is ready, or cancel one." in refused.text
    assert Job.objects.filter(plan=world.here.plan).count() == 3


def test_an_export_is_cancelled_and_made_again_by_buttons(world: World, job: Job) -> None:
    office = world.client("office")
    assert office.post(url("job_cancel", job))["Location"] == PAGE
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert "It had ended already." in Page(office.post(url("job_cancel", job), follow=True)).text
    assert office.post(url("job_retry", job))["Location"] == PAGE
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert "on its way already" in Page(office.post(url("job_retry", job), follow=True)).text


def test_a_file_that_is_not_there_leads_back_to_the_page_with_a_reason(world: World, job: Job) -> None:
    office, where = world.client("office"), url("job_download", job)
    early = Page(office.get(where, follow=True)).text
    assert "There is no file yet." in early and "<h1>" not in early
    run_jobs()
    Job.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    gone = "This file is not there any more. You can have it made again."
    assert gone in Page(office.get(where, follow=True)).text  # before anybody has swept
    sweep_jobs()
    assert gone in Page(office.get(where, follow=True)).text
    done(job)
    assert gone in Page(office.get(where, follow=True)).text  # as after a backup was restored
    job.refresh_from_db()
    assert job.downloads == 0


# --- While something is on its way ----------------------------------------------------------------------------------


def test_the_list_asks_for_itself_until_nothing_is_on_its_way(world: World, job: Job) -> None:
    office = world.client("office")
    page = Page(office.get(PAGE))
    [again] = [where for name, where in page.addresses if name == "hx-get"]
    assert 'hx-trigger="every 1s"' in page.html and "1 export is on the way." in page.text

    assert office.get(again, headers=HTMX).status_code == 204  # nothing new
    put(job, JobState.RUNNING, progress=40)
    part = office.get(again, headers=HTMX)

    shown = part.content.decode()
    assert part.status_code == 200 and "HX-Request" in part["Vary"]
    assert shown.startswith('<div id="jobs"') and "<html" not in shown and "<h1" not in shown
    assert 'value="40"' in shown and 'aria-label="Progress of History as CSV"' in shown
    [later] = [where for name, where in Page(part).addresses if name == "hx-get"]
    assert later != again
    run = done(job)
    last = office.get(later, headers=HTMX).content.decode()
    assert "hx-get" not in last and url("job_download", run) in last
    assert '<p id="jobs-said" hx-swap-oob="innerHTML">History as CSV: Ready.</p>' in last


def test_a_followed_link_and_a_page_brought_back_are_whole(world: World) -> None:
    office = world.client("office")
    for more in ({"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}):
        whole = office.get(PAGE, headers={**HTMX, **more})
        assert b"<html" in whole.content and whole["Vary"].count("HX-Request") == 1


def test_the_page_and_its_part_ask_as_often_for_many_exports_as_for_one(
    world: World, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = world.client("office")
    few = queries(office)
    monkeypatch.setattr(jobs, "MOST_WAITING", 100)
    for _ in range(SHOWN + 5):
        ask(plan=world.here.plan, user=world.here.people["office"], kind="audit")
    assert queries(office) == few
    assert office.get(PAGE).content.decode().count("job-row") == SHOWN


def queries(client: Any) -> list[int]:
    counts = []
    for headers in ({}, HTMX):
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE, headers=headers)
        counts.append(len(asked))
    return counts


def test_what_people_write_is_text_in_the_list_too(world: World, job: Job) -> None:
    update(world.here.plan, actor=COMMAND, version=1, values={"name": "<b>Plan</b>"})
    put(job, JobState.FAILED, error="<b>no</b>")
    page = world.client("office").get(PAGE).content.decode()
    assert "&lt;b&gt;no&lt;/b&gt;" in page and "<b>" not in page


def test_an_export_stops_when_its_person_says_so(world: World, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.web.audit_csv.EVENTS_A_BATCH", 2)
    plain, batches = job.pk, []

    def lines(events: Any, plan: Any) -> Any:
        batches.append(len(events))
        cancel(Job.objects.get(pk=plain))
        return iter(())

    monkeypatch.setattr("ssoplanner.web.audit_csv.lines", lines)
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.file, batches[0]) == (JobState.CANCELLED, "", 2)
