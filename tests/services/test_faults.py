"""Builders and Redis fail while people edit, with real processes; `make chaos` does the same for minutes.

On the settings of docker-compose.yml (PostgreSQL, Redis, forking workers) and of `make run` (SQLite, a folder of
messages, a worker with threads).
"""

from __future__ import annotations

import random
import shutil
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.chaos import FAULTS, Tally, Trial, close
from tests.services.chaos_places import Place, on_postgresql, on_sqlite
from tests.services.chaos_processes import Role


def copy_of(place: Place, var: Path) -> Place:
    """The same plan in a database file of its own."""
    shutil.copytree(place.var, var)
    return replace(place, var=var, environment=place.environment | {"SSOPLANNER_VAR": str(var)})


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with on_postgresql(tmp_path_factory.mktemp("postgresql")) as place:
        yield place


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with on_sqlite(tmp_path_factory.mktemp("sqlite")) as place:
        yield place


def test_killed_builders_and_a_failing_redis_leave_no_wrong_row_on_postgresql(postgresql: Place) -> None:
    tally = Tally(postgresql.name)

    with Trial(postgresql, tally, random.Random(3)) as trial:
        trial.round(kills=3, faults=FAULTS)
    close(postgresql, tally)

    assert tally.violations() == [], tally.line()
    assert tally.kills >= 3
    assert tally.faults == len(FAULTS)
    assert min(tally.writes, tally.checks) > 20, tally.line()
    assert tally.refused < tally.writes / 4  # edits that came second, or took another's key
    assert tally.saves_while_hung > 5  # none of which took 1.5 s, or `violations` would name it


def test_killed_builders_leave_no_wrong_row_on_sqlite(sqlite: Place) -> None:
    tally = Tally(sqlite.name)

    with Trial(sqlite, tally, random.Random(4)) as trial:
        trial.round(kills=3, faults=())
    close(sqlite, tally)

    assert tally.violations() == [], tally.line()
    assert tally.kills == 3
    assert min(tally.writes, tally.checks) > 20, tally.line()
    assert tally.refused < tally.writes / 4  # edits that came second, or took another's key


def test_workers_that_start_while_redis_is_away_build_by_their_own_clock(postgresql: Place) -> None:
    tally, redis = Tally(postgresql.name), postgresql.redis
    assert redis
    redis.kill()
    try:
        postgresql.ask("edit")
        with Trial(postgresql, tally, random.Random(5)) as trial:
            trial.await_current(time.monotonic())
    finally:
        redis.start()

    assert tally.violations() == []


def test_who_asks_for_a_file_or_invites_does_not_wait_for_a_redis_that_hangs(postgresql: Place) -> None:
    redis = postgresql.redis
    assert redis
    redis.stop()
    try:
        person = Role(postgresql.owner, postgresql.environment, "wait", postgresql.plan)
        seconds = person.hear()["seconds"]
        person.hear()
        person.end()
    finally:
        redis.go_on()

    assert len(seconds) == 2
    assert max(seconds) < 0.8  # a message that Redis does not take is given up after a second


def test_from_a_save_to_its_result_it_takes_a_second_with_the_worker_of_make_run(sqlite: Place) -> None:
    (worker, *_) = sqlite.builders()
    worker.start()
    try:
        sqlite.ask("measure", 1)  # it has started
        seconds = sqlite.ask("measure", 20)["seconds"]
    finally:
        worker.kill()

    median = statistics.median(seconds)
    print(f"from commit to result: median {median:.2f} s, slowest {max(seconds):.2f} s")  # noqa: T201
    assert len(seconds) == 20
    assert median < 1.5


def test_the_trial_notices_a_wrong_row_and_a_change_without_audit(sqlite: Place, tmp_path: Path) -> None:
    """A trial that cannot fail would prove nothing."""
    place = copy_of(sqlite, tmp_path / "var")
    tally = Tally(place.name)

    with Trial(place, tally, random.Random(6)) as trial:
        trial.await_current(time.monotonic())
        assert tally.violations() == []
        place.ask("spoil")
        checks = tally.checks
        while tally.checks < checks + 3:
            time.sleep(0.05)
    close(place, tally)

    assert tally.wrong
    assert "1 differences" in tally.trouble[0]
    assert tally.trouble[1].startswith("Service")
