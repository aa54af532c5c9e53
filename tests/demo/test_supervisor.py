"""The supervisor of a local start, with small stand-ins for the web server and the worker. Needs no database."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ssoplanner.demo import supervisor
from ssoplanner.demo.supervisor import AlreadyRunning, Child, bound_log, claim, listen, remove_unreadable

ROOT = Path(__file__).resolve().parent.parent.parent

# Each child writes its process id (and its own child's) to a file, then does what its name says.
CHILDREN = {
    "calm": "sleep(60)",
    "stubborn": "signal.signal(signal.SIGTERM, signal.SIG_IGN); note('deaf'); sleep(60)",
    "flaky": "sys.exit(3)",
    "parent": "note('grandchild', subprocess.Popen(['sleep', '60']).pid); sleep(60)",
}
CHILD = """
import os, signal, subprocess, sys
from pathlib import Path
from time import sleep, time
def note(name, pid=os.getpid()):
    with (Path(sys.argv[1]) / name).open("a") as file:
        file.write(f"{pid} {time()}\\n")
note(sys.argv[2])
"""
# Whoever runs these tests by nohup has signal 1 ignored, which a supervisor would respect.
SUPERVISOR = """
import signal, sys
from pathlib import Path
from ssoplanner.demo import supervisor
signal.signal(signal.SIGHUP, signal.SIG_DFL)
folder, ready, source, *children = sys.argv[1:]
supervisor.PATIENCE = 0.5
bodies = [source + body for body in children[::2]]
with supervisor.claim(Path(folder) / "lock") as lock:
    supervisor.write_address(lock, "http://localhost:1")
    children = [
        supervisor.Child(name, [sys.executable, "-c", body, folder, name])
        for body, name in zip(bodies, children[1::2], strict=True)
    ]
    run = supervisor.Supervisor(children, lock).run
    sys.exit(run(lambda: ready == "ready", lambda: supervisor.say("ready"), within=0.5))
"""


@contextlib.contextmanager
def supervised(
    folder: Path, *names: str, ready: str = "ready", stdin: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A supervisor in a process of its own, with these stand-ins, which all have noted their start."""
    children = [part for name in names for part in (CHILDREN[name], name)]
    command = [sys.executable, "-c", SUPERVISOR, str(folder), ready, CHILD, *children]
    with subprocess.Popen(command, cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def eventually(holds: Callable[[], bool], within: float = 10) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def pids(folder: Path, name: str) -> list[int]:
    """The process ids that a stand-in noted under this name, one for each start."""
    path = folder / name
    return [int(line.split()[0]) for line in path.read_text().splitlines()] if path.exists() else []


def is_dead(pid: int) -> bool:
    """Whether a process has ended. Who inherits it may take a while to collect it, which makes no difference."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


# --- Children -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_every_child_and_the_exit_code_is_zero(tmp_path: Path, number: signal.Signals) -> None:
    with supervised(tmp_path, "calm", "parent") as process:
        eventually(lambda: bool(pids(tmp_path, "calm") and pids(tmp_path, "grandchild")))
        process.send_signal(number)
        assert process.wait(10) == 0
    for name in ("calm", "parent", "grandchild"):
        (pid,) = pids(tmp_path, name)
        eventually(lambda pid=pid: is_dead(pid))


def test_a_child_that_ignores_the_polite_signal_is_ended_by_force(tmp_path: Path) -> None:
    with supervised(tmp_path, "stubborn") as process:
        eventually(lambda: bool(pids(tmp_path, "deaf")))
        process.terminate()
        assert process.wait(10) == 0
    eventually(lambda: is_dead(pids(tmp_path, "deaf")[0]))


def test_a_killed_supervisor_leaves_no_orphans_and_frees_its_lock(tmp_path: Path) -> None:
    with supervised(tmp_path, "calm", "parent") as process:
        eventually(lambda: bool(pids(tmp_path, "calm") and pids(tmp_path, "grandchild")))
        process.kill()
        with claim(tmp_path / "lock"):
            left = [name for name in ("calm", "parent", "grandchild") if not is_dead(pids(tmp_path, name)[0])]
        assert left == []


def test_a_child_that_dies_is_started_again_after_a_growing_pause(tmp_path: Path) -> None:
    with supervised(tmp_path, "calm", "flaky") as process:
        eventually(lambda: len(pids(tmp_path, "flaky")) == 2)
        process.terminate()
        said, _ = process.communicate(timeout=10)
    first, second = (float(line.split()[1]) for line in (tmp_path / "flaky").read_text().splitlines())
    assert 0.9 < second - first < 3
    assert "The flaky stopped (exit code 3); it starts again in 1 s" in said
    assert len(pids(tmp_path, "calm")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a terminal does not tell that it is gone")
def test_a_terminal_that_is_gone_stops_every_child(tmp_path: Path) -> None:
    outside, inside = os.openpty()
    try:
        with supervised(tmp_path, "calm", stdin=inside) as process:
            eventually(lambda: bool(pids(tmp_path, "calm")))
            os.close(outside)
            assert process.wait(10) == 0
    finally:
        os.close(inside)
    eventually(lambda: is_dead(pids(tmp_path, "calm")[0]))


def test_pauses_double_up_to_half_a_minute_and_begin_anew_after_a_healthy_minute() -> None:
    child = Child("web server", [], started=time.monotonic())
    assert [child.pause() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    child.started = time.monotonic() - 61
    assert child.pause() == 1


def test_children_that_never_get_ready_end_the_start_with_a_sentence(tmp_path: Path) -> None:
    with supervised(tmp_path, "calm", ready="never") as process:
        said, _ = process.communicate(timeout=10)
    assert process.returncode == 1
    assert "everything was stopped" in said
    eventually(lambda: is_dead(pids(tmp_path, "calm")[0]))


def test_lost_output_does_not_stop_the_supervision(tmp_path: Path) -> None:
    with supervised(tmp_path, "calm", "flaky") as process:
        assert process.stdout
        process.stdout.close()
        eventually(lambda: len(pids(tmp_path, "flaky")) == 2)
        process.terminate()
        assert process.wait(10) == 0


# --- One start at a time --------------------------------------------------------------------------------------------


def test_a_second_start_is_told_where_the_first_one_runs(tmp_path: Path) -> None:
    with claim(tmp_path / "lock") as lock:
        supervisor.write_address(lock, "http://localhost:8000")
        with pytest.raises(AlreadyRunning, match="http://localhost:8000"):
            claim(tmp_path / "lock")
    claim(tmp_path / "lock").close()


# --- The port -------------------------------------------------------------------------------------------------------


def test_the_next_free_port_is_taken_when_the_preferred_one_is_in_use() -> None:
    with listen(20_000) as first:
        taken = first.getsockname()[1]
        with listen(taken) as second:
            assert second.getsockname()[0] == "127.0.0.1"
            assert taken < second.getsockname()[1] < taken + 100


def test_a_port_in_use_on_the_other_loopback_counts_as_taken() -> None:
    try:
        other = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with other, listen(other.getsockname()[1]) as listener:
        assert listener.getsockname()[1] != other.getsockname()[1]


# --- Files of the worker --------------------------------------------------------------------------------------------


def write_old(path: Path, text: str) -> Path:
    path.write_text(text)
    os.utime(path, (time.time() - 60, time.time() - 60))
    return path


def test_messages_that_would_kill_the_worker_are_deleted_and_others_stay(tmp_path: Path) -> None:
    good = write_old(tmp_path / "1.celery.msg", json.dumps({"body": "x"}))
    fresh = tmp_path / "2.celery.msg"
    fresh.touch()  # perhaps just being written
    write_old(tmp_path / "3.celery.msg", "")
    write_old(tmp_path / "4.celery.msg", '{"body": "cut o')
    assert remove_unreadable(tmp_path, tmp_path / "absent") == 2
    assert sorted(tmp_path.iterdir()) == [good, fresh]


def test_a_log_over_its_bound_is_moved_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "worker.log"
    with path.open("a") as writer:
        writer.write("x" * 200)
        writer.flush()
        bound_log(path, bound=100)
        writer.write("after")
    assert path.read_text() == "after"
    assert (tmp_path / "worker.log.1").read_text() == "x" * 200
    bound_log(path, bound=100)
    assert path.read_text() == "after"
