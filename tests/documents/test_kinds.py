"""A document that is declared once can be asked for in two kinds of file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ssoplanner.core.models import Role
from ssoplanner.documents.content import Document
from ssoplanner.documents.kinds import documents
from ssoplanner.documents.pdf import NO_PANGO
from ssoplanner.recompute import jobs
from ssoplanner.recompute.job_runner import run_jobs
from ssoplanner.recompute.jobs import CannotMake, ask, jobs_folder
from ssoplanner.recompute.models import Job, JobState
from tests.documents.sample import sample
from tests.web.browsing import Page
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(jobs, "_kinds", {})

    @documents("sample", title="Sample", text="One of everything.", roles={Role.OFFICE})
    def made(job: Job) -> Document:
        return sample(str(job.plan))


def asked(world: World, kind: str) -> Job:
    Job.objects.all().delete()
    job = ask(plan=world.here.plan, user=world.here.people["office"], kind=kind)
    run_jobs()
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(
    ("kind", "suffix", "start"), [("sample-pdf", ".pdf", b"%PDF-"), ("sample-word", ".docx", b"PK")]
)
def test_a_worker_writes_the_file(world: World, kind: str, suffix: str, start: bytes) -> None:
    job = asked(world, kind)

    assert (job.state, job.error) == (JobState.DONE, "")
    assert job.file_name.startswith("here-sample-20") and job.file_name.endswith(suffix)
    assert (jobs_folder() / job.file).read_bytes().startswith(start)


def test_a_worker_that_cannot_make_pdfs_says_so_and_does_not_try_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_given: object) -> None:
        raise CannotMake(NO_PANGO)

    kind = jobs.job_kinds()["sample-pdf"]
    monkeypatch.setitem(jobs._kinds, "sample-pdf", replace(kind, run=cannot))

    job = asked(world, "sample-pdf")

    assert (job.state, job.error, job.attempts) == (JobState.FAILED, NO_PANGO, 1)


def test_a_server_that_cannot_make_pdfs_says_so_and_offers_word(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = jobs.job_kinds()["sample-pdf"]
    monkeypatch.setitem(jobs._kinds, "sample-pdf", replace(kind, lacking=lambda: NO_PANGO))
    office = world.client("office")

    page = Page(office.get("/plans/here/exports/"))
    refused = office.post("/plans/here/exports/new/sample-pdf/", follow=True)

    assert NO_PANGO in page.text and "Export: Sample as Word file" in page.html
    assert "Export: Sample as PDF" not in page.html
    assert NO_PANGO in refused.content.decode()
    assert not Job.objects.filter(kind="sample-pdf").exists()
