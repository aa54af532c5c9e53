"""`manage.py run_local`: the application on this machine, with its worker, its database and a fictional state."""

import os
import sys
import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from ssoplanner.demo.people import SIGN_INS
from ssoplanner.demo.supervisor import (
    AlreadyRunning,
    Child,
    Supervisor,
    answers,
    claim,
    listen,
    remove_unreadable,
    say,
    write_address,
)

MESSAGES = settings.QUEUE_DIR / "messages"
CONTROL = settings.QUEUE_DIR / "control"
LOGS = settings.VAR_DIR / "log"


class Command(BaseCommand):
    help = "Starts ssoplanner on this machine: database, fictional state, web server and worker. Ctrl-C stops it."
    requires_system_checks = ()  # `make test` checks; every start would pay for it

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("run_local is for one machine; docs/deployment.md says how to start a server.")
        os.chdir(settings.BASE_DIR)  # where the children look for their modules
        started = float(os.environ.get("SSOPLANNER_STARTED", time.time()))
        for folder in (MESSAGES, CONTROL, LOGS):
            folder.mkdir(parents=True, exist_ok=True)
        try:
            sys.exit(start(started))
        except AlreadyRunning as running:
            self.stderr.write(f"ssoplanner is already running in this clone, at {running}")
            sys.exit(1)
        except KeyboardInterrupt:
            sys.exit(130)


def start(started: float) -> int:
    """Prepare the data, then run until a signal. The exit code: 0 after a stop that was asked for."""
    with claim(settings.VAR_DIR / "run_local.lock") as lock:
        wanted = wanted_port()
        prepare_data()
        listener = listen(wanted)
        port = listener.getsockname()[1]
        if port != wanted:
            say(f"Port {wanted} is taken, so this is port {port}.")
        address = f"http://localhost:{port}"
        write_address(lock, address)
        supervisor = Supervisor([web_server(listener.fileno(), address), worker(address)], lock)
        return supervisor.run(lambda: answers(port, "/healthz"), lambda: welcome(address, time.time() - started))


def prepare_data() -> None:
    # `migrate` takes half a second even if nothing is to do, because of what it does afterwards.
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    call_command("load_demo")
    sys.stdout.flush()  # what follows is written straight to the terminal, see say()
    connections.close_all()


def wanted_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65_000:
        raise CommandError(f"PORT is {text!r}, which is not a port: choose a number from 1024 to 64999.")
    return int(text)


def web_server(descriptor: int, address: str) -> Child:
    """One process is enough for one machine's visitors; threads let a slow request wait without blocking others."""
    options = ["--bind", f"fd://{descriptor}", "--worker-class", "gthread", "--workers", "1", "--threads", "8"]
    options += ["--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"]
    return Child(
        name="web server",
        command=[sys.executable, "-m", "gunicorn", *options, "ssoplanner.wsgi:application"],
        pass_fds=(descriptor,),
        environment={"BASE_URL": address},
    )


def worker(address: str) -> Child:
    options = ["--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"]
    options += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Child(
        name="worker",
        command=[sys.executable, "-m", "celery", "-A", "ssoplanner", "worker", *options],
        log=LOGS / "worker.log",
        before_start=lambda: remove_unreadable(MESSAGES, CONTROL),
        environment={"BASE_URL": address},
    )


def welcome(address: str, seconds: float) -> None:
    say(f"\nssoplanner is at {address} (ready in {seconds:.1f} s). Sign in as one of these:\n")
    heading = ("Role", "Name", "E-mail", "Password")
    for line in table([heading, *((who.role, who.name, who.email, who.password) for who in SIGN_INS)]):
        say(f"  {line}")
    say("\nCtrl-C stops it.")


def table(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """The rows as lines, each column as wide as its widest cell."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
