"""Where a trial takes place: a database with a plan in it, the worker that goes with it, and a Redis or none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests import tiers
from tests.services.chaos_processes import (
    ROOT,
    Builder,
    Processes,
    Redis,
    RoleFailed,
    ask,
    local_command,
    processes,
    server_command,
    tidy_queue,
)
from tests.services.servers import create_database, drop_database, running_postgres

BUILDERS = 2


@dataclass(frozen=True)
class Place:
    """A database with the plan of the trial, and how its builders are started; without a Redis a folder rings them."""

    name: str
    owner: Processes
    environment: dict[str, str]
    plan: int
    command: Callable[[int], list[str]]
    redis: Redis | None
    var: Path

    def ask(self, role: str, *arguments: object) -> dict[str, Any]:
        return ask(self.owner, self.environment, role, self.plan, *arguments)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return manage(self.environment, *arguments)

    def builders(self) -> list[Builder]:
        return [
            Builder(f"builder{n}", self.command(n), self.environment, self.owner, lambda: tidy_queue(self.var))
            for n in range(BUILDERS)
        ]

    def with_redis(self) -> Place:
        redis = Redis(self.owner)
        redis.start()
        return replace(self, redis=redis, environment=self.environment | {"REDIS_URL": redis.url})


@contextmanager
def on_postgresql(folder: Path) -> Iterator[Place]:
    """PostgreSQL and Redis, the worker and the variables of the compose file."""
    with running_postgres(folder / "postgres") as server, processes(folder) as owner:
        url, redis = create_database(server), Redis(owner)
        redis.start()
        production = {**tiers.PRODUCTION, "DATABASE_URL": url, "REDIS_URL": redis.url}
        environment = _environment(folder, production)
        yield Place("PostgreSQL", owner, environment, _plan(owner, environment), server_command, redis, folder)
        for process in list(owner.running):
            owner.kill(process)
        drop_database(server, url)


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Place]:
    """One machine: a file, the worker of `make run`, and a folder of messages."""
    with processes(folder) as owner:
        environment = _environment(folder, {})
        yield Place("SQLite", owner, environment, _plan(owner, environment), local_command, None, folder)


def _environment(folder: Path, more: dict[str, str]) -> dict[str, str]:
    unset = {"DATABASE_URL", "REDIS_URL", "SSOPLANNER_MODE", "SECRET_KEY"}
    ours = {name: value for name, value in os.environ.items() if name not in unset}
    django = {"DJANGO_SETTINGS_MODULE": "ssoplanner.settings", "SSOPLANNER_VAR": str(folder)}
    return {**ours, **django, "LOG_LEVEL": "ERROR", **more}


def _plan(owner: Processes, environment: dict[str, str]) -> int:
    migrated = manage(environment, "migrate", "--verbosity=0")
    if migrated.returncode:
        raise RoleFailed(migrated.stderr)
    return int(ask(owner, environment, "load")["plan"])


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
