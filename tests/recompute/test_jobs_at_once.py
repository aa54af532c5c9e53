"""Several workers, and several requests of one person, at the same moment; on connections of their own."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import pytest
from django.db import connections

from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import Plan, Role, User
from ssoplanner.recompute import job_runner, jobs
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.job_runner import claim, run_jobs
from ssoplanner.recompute.jobs import CannotAsk, Report, ask, job_kind, jobs_folder
from ssoplanner.recompute.models import Job, JobState
from ssoplanner.recompute.plans import new_plan
from tests.world import COMMAND

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "snapshot"]), pytest.mark.both_databases]


def at_once(count: int, act: Callable[[], Any]) -> list[Any]:
    """What `act` returns or raises in each of so many threads, which begin together."""
    start, found = threading.Barrier(count), list[Any]()

    def one() -> None:
        try:
            start.wait(10)
            found.append(act())
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Counter[int]:
    """There is a kind of job, `list`; how often each job was run, by its id."""
    monkeypatch.setattr(jobs, "_kinds", {})
    settings.VAR_DIR = tmp_path
    counted: Counter[int] = Counter()

    def work(job: Job, file: IO[bytes], report: Report) -> None:
        counted[job.pk] += 1
        report(50, "")
        file.write(str(job.pk).encode())

    job_kind("list", roles={Role.OFFICE}, title="List", text="A list.", suffix=".txt", content_type="text/plain")(work)
    return counted


@pytest.fixture
def person(db: None) -> dict[str, Any]:
    """The plan and the user that `ask` takes."""
    user = new_account(email="olga@example.gov", name="Olga", password=None)
    return {"plan": new_plan(name="Plan", actor=COMMAND), "user": user, "kind": "list"}


def test_one_of_two_workers_who_reach_for_the_same_job_gets_it(
    person: dict[str, Any], runs: Counter[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    job, both_have_seen_it = ask(**person), threading.Barrier(2)

    def token(size: int) -> str:
        both_have_seen_it.wait(10)
        return f"{threading.get_ident():032x}"[-32:]

    monkeypatch.setattr(job_runner, "secrets", SimpleNamespace(token_hex=token))
    claimed = at_once(2, lambda: claim(Lane.FAST))
    assert sorted(str(one and one.pk) for one in claimed) == sorted([str(job.pk), "None"])
    assert Job.objects.get().attempts == 1


def test_four_workers_run_each_of_many_jobs_once(
    person: dict[str, Any], runs: Counter[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_WAITING", 40)
    wanted = {ask(**person).pk for _ in range(24)}
    counts = at_once(4, run_jobs)
    assert sum(counts) == 24
    assert runs == dict.fromkeys(wanted, 1)
    done = {job.pk: job.file for job in Job.objects.filter(state=JobState.DONE, attempts=1)}
    assert done.keys() == wanted
    assert {path.name for path in jobs_folder().iterdir()} == set(done.values())
    assert all((jobs_folder() / file).read_bytes() == str(pk).encode() for pk, file in done.items())


def test_a_person_who_asks_five_times_at_once_has_three_jobs(
    person: dict[str, Any], runs: Counter[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    count = jobs._check_waiting

    def count_slowly(plan: Plan, user: User) -> None:
        count(plan, user)
        time.sleep(0.05)  # long enough for the others to count before this one is stored, if nothing held them

    monkeypatch.setattr(jobs, "_check_waiting", count_slowly)
    answers = at_once(5, lambda: ask(**person))
    assert Counter(type(answer) for answer in answers) == {Job: 3, CannotAsk: 2}
    assert Job.objects.count() == 3
