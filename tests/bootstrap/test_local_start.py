"""`make run` as a whole, from `manage.py run_local` on: real web server, real worker, a database of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from bootstrap import ROOT
from ssoplanner.demo.people import SIGN_INS
from ssoplanner.demo.supervisor import is_answered

pytestmark = pytest.mark.full


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def environment(tmp_path: Path, port: int) -> dict[str, str]:
    chosen = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "SSOPLANNER_STARTED")}
    return {**chosen, "SSOPLANNER_VAR": str(tmp_path / "var"), "PORT": str(port)}


@pytest.fixture
def started(environment: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (tmp_path / "said").open("wb") as said,
        subprocess.Popen(
            [sys.executable, "manage.py", "run_local"], cwd=ROOT, env=environment, stdout=said, stderr=said
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(20)


def wait_for(text: str, path: Path, within: float = 60) -> str:
    """What was said until then."""
    deadline = time.monotonic() + within
    while text not in (said := path.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    return said


def test_a_start_shows_the_sign_ins_survives_a_dead_worker_and_stops_cleanly(
    started: subprocess.Popen[bytes], environment: dict[str, str], tmp_path: Path, port: int
) -> None:
    said = wait_for("Ctrl-C stops it.", tmp_path / "said")
    assert f"http://localhost:{port} (ready in" in said
    assert [who.email for who in SIGN_INS if who.email not in said] == []
    opener = build_opener(ProxyHandler({}))
    with opener.open(f"http://localhost:{port}/healthz", timeout=10) as answer:
        assert answer.status == 200

    again = subprocess.run(
        [sys.executable, "manage.py", "run_local"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.strip().endswith(f"already running in this clone, at http://localhost:{port}")

    log = tmp_path / "var" / "log" / "worker.log"
    wait_for("ready.", log)
    (tmp_path / "var" / "queue" / "messages" / "1_x.celery.msg").touch()  # empty: ends the worker that reads it
    wait_for("The worker stopped (exit code 1); it starts again in 1 s", tmp_path / "said")
    deadline = time.monotonic() + 30
    while log.read_text(encoding="utf-8").count(" ready.") < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)

    started.terminate()
    assert started.wait(20) == 0
    assert not is_answered("127.0.0.1", port)
