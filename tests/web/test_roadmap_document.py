"""The roadmap on two pages, as PDF and as a Word file: what its page says, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.charts.timeline import Span
from ssoplanner.documents.content import Calendar, Document, Table
from ssoplanner.documents.pdf import html, rendered
from ssoplanner.recompute import jobs
from ssoplanner.recompute.job_runner import run_jobs
from ssoplanner.recompute.models import Job, JobState
from ssoplanner.recompute.writer import update
from ssoplanner.steps.models import StepProgress
from ssoplanner.steps.registry import Pillar, steps
from ssoplanner.web.roadmap.content import roadmap
from ssoplanner.web.roadmap.document import MOST_COLUMNS, Scale, document
from tests.web.browsing import Page
from tests.web.test_pages import empty_plan
from tests.world import COMMAND, World, make

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def planned_everything(world: World) -> None:
    """Every step has an owner, dates and a state."""
    people = list(world.here.people.values())
    for place, step in enumerate(steps()):
        if step.key == "assess.readiness":
            continue  # the world's own
        days = {"planned_start": date(2026 + place // 5, 1, 5), "due": date(2026 + place // 5, 11, 20)}
        make(StepProgress, world.here.plan, step=step.key, owner=people[place % 6], **days)


def made(world: World, pillar: Pillar | None = None) -> Document:
    return document(world.here.plan, roadmap(world.here.plan, pillar), "Ana")


def table_of(found: Document) -> Table:
    return next(block for block in found.sections[0].blocks if isinstance(block, Table))


@pytest.mark.django_db
def test_it_has_two_pages_with_every_step_on_both(world: World) -> None:
    planned_everything(world)

    pages = rendered(made(world)).pages

    assert len(pages) == 2
    for step in steps():
        for page in pages:
            assert f"{step.code} {step.short}".replace(" ", "") in "".join(words(page._page_box)).replace(" ", "")


def words(box: Any) -> list[str]:
    return [getattr(box, "text", "")] + [text for child in getattr(box, "children", ()) for text in words(child)]


@pytest.mark.django_db
def test_a_cell_holds_the_steps_of_its_phase_and_pillar_with_owner_and_date(world: World) -> None:
    update(world.here.progress, actor=COMMAND, version=1, values={"status": "late", "due": date(2026, 5, 29)})

    row = table_of(made(world)).rows[0]

    people, process = row[1], row[2]
    assert [(line.text, line.tone) for line in people.lines][:2] == [
        ("1.1 Readiness", "late"),
        ("lead of here, May 29, 2026, overdue", ""),
    ]
    assert [line.text for line in process.lines if line.tone] == ["1.2 Heat map", "1.3 Architecture diagnostic"]


@pytest.mark.django_db
def test_of_one_pillar_it_has_that_column_and_those_steps_only(world: World) -> None:
    planned_everything(world)

    found = made(world, Pillar.TECHNOLOGY)

    calendar = next(block for block in found.sections[1].blocks if isinstance(block, Calendar))
    assert found.title == "Roadmap: technology" and table_of(found).heads == ("Phase", "Technology")
    of_pillar = {step.code for step in steps() if Pillar.TECHNOLOGY in step.pillars}
    assert {row.label.split()[0] for group in calendar.groups for row in group.rows} == of_pillar


@pytest.mark.django_db
def test_a_plan_without_dates_says_so_and_draws_nothing() -> None:
    plan, _ = empty_plan()

    found = document(plan, roadmap(plan), "Olga")

    assert "No step has a date yet" in html(found) and "calendar" not in html(found)
    assert "0 of 23" in html(found) and "Nobody yet, no date" in html(found)


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["viewer", "lead", "board"])
def test_it_is_asked_for_on_the_roadmap_and_fetched_from_the_exports(
    world: World, actor: str, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    client = world.client(actor)
    page = Page(client.get("/plans/here/roadmap/?pillar=people"))
    path = "/plans/here/exports/new/roadmap-word/"
    assert ("action", path) in page.addresses and ("action", path.replace("word", "pdf")) in page.addresses

    client.post(path, {"pillar": "people"})
    run_jobs()

    job = Job.objects.get(user=world.here.people[actor])
    assert (job.state, job.error) == (JobState.DONE, "")
    assert job.file_name.startswith("here-roadmap-people-20") and job.file_name.endswith(".docx")
    word = docx.Document(str(jobs.jobs_folder() / job.file))
    assert [cell.text for cell in word.tables[0].rows[0].cells] == ["Phase", "People"]
    assert "Roadmap as Word file: people" in Page(client.get("/plans/here/exports/")).text


@pytest.mark.django_db
@pytest.mark.parametrize("odd", ["", "none", "People", "people'--"])
def test_an_odd_pillar_is_no_pillar(world: World, odd: str) -> None:
    world.client("board").post("/plans/here/exports/new/roadmap-pdf/", {"pillar": odd})

    assert Job.objects.get(user=world.here.people["board"]).parameters == {}


# --- Days as columns ------------------------------------------------------------------------------------------------


@given(st.lists(DAYS, min_size=1, max_size=8))
def test_every_day_has_a_column_in_its_order_and_a_page_has_room_for_all(days: list[date]) -> None:
    scale = Scale.over(days)

    columns = [scale.column(day) for day in sorted(days)]
    assert columns == sorted(columns)
    assert columns[0] >= 0 and columns[-1] < sum(size for _, size in scale.ticks) <= MOST_COLUMNS


@given(DAYS, DAYS)
def test_a_span_covers_the_columns_of_its_first_and_last_day(one: date, other: date) -> None:
    start, end = sorted((one, other))
    scale = Scale.over([start, end])

    assert scale.columns(Span(start, end)) == (scale.column(start), scale.column(end))


def test_a_few_years_are_shown_by_quarters() -> None:
    scale = Scale.over([date(2026, 2, 1), date(2030, 12, 31)])

    assert scale.ticks == tuple((str(year), 4) for year in range(2026, 2031))
    assert (scale.column(date(2026, 3, 31)), scale.column(date(2026, 4, 1)), scale.column(date(2030, 12, 31))) == (
        0,
        1,
        19,
    )
