"""An export as a person sees it: the list changes by itself, keeps the focus, and ends with a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from ssoplanner.recompute.job_runner import run_jobs
from ssoplanner.recompute.models import Job, JobState
from tests.browser.conftest import NewPage, SignIn
from tests.browser.reading import NARROW, WIDE, Axe, faults_of
from tests.world import World


@pytest.fixture(autouse=True)
def folder_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def test_an_export_is_asked_for_watched_and_fetched_without_a_reload(
    plan_world: World, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page = new_page()
    sign_in(page, plan_world.here.people["board"])
    page.goto("/plans/here/history/")
    page.get_by_role("button", name="Export as CSV").click()
    row = page.locator("#jobs tbody tr")
    expect(row).to_contain_text("Waiting")
    page.evaluate("window.same = true")
    row.get_by_role("button", name="Cancel").focus()

    mine = Job.objects.filter(user=plan_world.here.people["board"])
    mine.update(state=JobState.RUNNING, progress=40, progress_text="2 of 5 changes")
    expect(row).to_contain_text("In progress, 40 %")
    expect(row.get_by_role("button", name="Cancel")).to_be_focused()
    faults = faults_of(page, axe, WIDE, NARROW)
    mine.update(state=JobState.QUEUED)
    run_jobs()

    download = row.get_by_role("link", name="Download")
    expect(download).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="History as CSV: Ready.")).to_have_count(1)
    expect(page.locator("#jobs[hx-get]")).to_have_count(0)
    with page.expect_download() as fetched:
        download.click()
    assert fetched.value.suggested_filename == mine.get().file_name
    assert Path(fetched.value.path()).read_bytes().startswith(b"\xef\xbb\xbfWhen,Who")
    assert page.evaluate("window.same") is True
    assert faults + faults_of(page, axe, WIDE, NARROW) == []
