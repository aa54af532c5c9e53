"""The processes of a trial, each in a group of its own: builders, a Redis, and the roles of chaos_roles.

None outlives its `Processes` block, nor a test run that is killed: a guard stops what is left then.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from ssoplanner.demo.supervisor import Guard, remove_unreadable, signal_group
from tests.services.servers import READY_SECONDS, CannotStart, program, spare_port

ROOT = Path(__file__).resolve().parents[2]
CALL_ROLE = """
import django, sys
django.setup()
from tests.services.chaos_roles import ROLES
ROLES[sys.argv[1]](*sys.argv[2:])
"""
Process = subprocess.Popen[str]


class RoleFailed(RuntimeError):
    """A role ended otherwise than it should; the text is what it said last."""


class Processes:
    """Starts processes and ends them; `folder` gets the log of each."""

    def __init__(self, folder: Path, guard: Guard) -> None:
        self.folder, self.guard = folder, guard
        self.running: list[Process] = []

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], *, talks: bool = False
    ) -> Process:
        """A process whose output goes to its log; one that `talks` is spoken with instead."""
        pipe = subprocess.PIPE if talks else None
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(environment),
                stdin=pipe or subprocess.DEVNULL,
                stdout=pipe or log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.guard.tell("+", process.pid)
        self.running.append(process)
        return process

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def kill(self, process: Process) -> None:
        """End the whole group at once."""
        signal_group(process.pid, signal.SIGKILL)
        process.wait()
        self.guard.tell("-", process.pid)
        self.running.remove(process)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


@contextmanager
def processes(folder: Path) -> Iterator[Processes]:
    with (folder / "lock").open("a+", encoding="utf-8") as lock:
        started = Processes(folder, Guard(lock))
        try:
            yield started
        finally:
            for process in list(started.running):
                started.kill(process)
            started.guard.dismiss()


# --- Builders ---------------------------------------------------------------------------------------------------------


@dataclass
class Builder:
    """A Celery worker that is started again when it ends, as docker and the local supervisor do."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    owner: Processes
    before_start: Callable[[], object] = lambda: None
    process: Process | None = None
    started: float = 0.0
    log_begins: int = 0

    def start(self) -> None:
        self.before_start()
        log = self.owner.log(self.name)
        self.log_begins = log.stat().st_size if log.exists() else 0
        self.process = self.owner.start(self.name, self.command, self.environment)
        self.started = time.monotonic()

    def kill(self) -> None:
        assert self.process
        self.owner.kill(self.process)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_ready(self) -> bool:
        """Whether it said since its start that it takes messages."""
        with self.owner.log(self.name).open("rb") as log:
            log.seek(self.log_begins)
            return b" ready." in log.read()


def server_command(number: int) -> list[str]:
    """The worker of docker-compose.yml, a little more talkative; each container has a host name of its own."""
    from tests.services.test_compose import command

    words = [word.replace("WARNING", "INFO") for word in command("worker")]
    return [sys.executable, "-m", *words, "--hostname", f"builder{number}@%h"]


def local_command(number: int) -> list[str]:
    """The worker of `make run`."""
    from ssoplanner.demo.management.commands.run_local import worker

    return [*worker("http://localhost:8000").command, "--hostname", f"builder{number}@%h"]


def tidy_queue(var: Path) -> None:
    """What the local supervisor does before it starts a worker."""
    folders = [var / "queue" / name for name in ("messages", "control")]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    remove_unreadable(*folders)


# --- Redis ------------------------------------------------------------------------------------------------------------


class Redis:
    """A Redis that keeps nothing on disk, and can be killed, stopped and emptied. It always comes back on its port."""

    def __init__(self, owner: Processes) -> None:
        self.owner, self.port = owner, spare_port()
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        listen = ["--bind", "127.0.0.1", "--port", str(self.port)]
        keep_nothing = ["--save", "", "--appendonly", "no", "--dir", str(self.owner.folder)]
        self.process = self.owner.start("redis", [program("redis-server"), *listen, *keep_nothing], os.environ)
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if time.monotonic() > deadline:
                raise CannotStart(f"Redis did not come up:\n{self.owner.log('redis').read_text()[-2000:]}")
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except redis.RedisError:
            return False

    def ask(self, word: str) -> Any:
        with redis.Redis.from_url(self.url, socket_timeout=5) as client:
            return client.execute_command(word)

    def kill(self) -> None:
        assert self.process
        self.owner.kill(self.process)

    def signal(self, number: int) -> None:
        assert self.process
        signal_group(self.process.pid, number)

    def stop(self) -> None:
        self.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.signal(signal.SIGCONT)

    def flush(self) -> None:
        self.ask("FLUSHALL")


# --- Roles ------------------------------------------------------------------------------------------------------------


class Role:
    """A process of chaos_roles, and its words as they come."""

    def __init__(self, owner: Processes, environment: Mapping[str, str], name: str, *arguments: object) -> None:
        self.owner, self.name = owner, name
        command = [sys.executable, "-c", CALL_ROLE, name, *map(str, arguments)]
        self.process = owner.start(name, command, environment, talks=True)

    def hear(self) -> dict[str, Any]:
        """Its next words. Raises `RoleFailed` if it ended instead."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RoleFailed(f"{self.name} ended:\n{self.owner.log(self.name).read_text()[-2000:]}")
        words: dict[str, Any] = json.loads(line)
        return words

    def tell_to_stop(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    def end(self) -> None:
        self.owner.kill(self.process)


def ask(owner: Processes, environment: Mapping[str, str], name: str, *arguments: object) -> dict[str, Any]:
    """Run a role that says one thing."""
    role = Role(owner, environment, name, *arguments)
    try:
        return role.hear()
    finally:
        role.end()
