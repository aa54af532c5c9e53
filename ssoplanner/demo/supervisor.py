"""Keeps the processes of a local start alive, and leaves none behind.

`Supervisor` starts its children, starts one again that dies (after 1, 2, 4 ... 30 seconds) and stops all on a signal.
Run as a script, this file is the *guard*: a process that only waits for the supervisor's end of a pipe to close and
then stops what is left, so that nothing outlives even a supervisor that was killed. Standard library only.
"""

import contextlib
import fcntl
import http.client
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

LOOPBACK = "127.0.0.1"
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0  # a child that ran this long begins again with the shortest pause
PATIENCE = 8.0  # seconds between the polite and the final signal
LOG_BOUND = 5_000_000


def say(line: str) -> None:
    """Print a line. Closed or lost output must not stop the supervision, nor hold back what is said at the end."""
    with contextlib.suppress(OSError):
        os.write(1, f"{line}\n".encode())


# --- One start at a time --------------------------------------------------------------------------------------------


class AlreadyRunning(Exception):
    """Another start in this clone holds the lock; the text is its address, or that it is still starting."""


def claim(path: Path, patience: float = 10.0) -> IO[str]:
    """The locked file, open: whoever has it open holds the lock. Raises AlreadyRunning.

    If a supervisor was killed, its guard empties the file at once and holds the lock for the moment that it takes to
    end the children, so an empty file is waited for.
    """
    file = path.open("a+", encoding="utf-8")
    started = time.monotonic()
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            address = path.read_text(encoding="utf-8").strip()
            if time.monotonic() - started > (0.5 if address else patience):
                file.close()
                raise AlreadyRunning(address or "an address that is being given up") from None
            time.sleep(0.05)
        else:
            write_address(file, "an address that is being prepared")
            return file


def write_address(lock: IO[str], address: str) -> None:
    lock.truncate(0)
    lock.write(address)
    lock.flush()


# --- The port -------------------------------------------------------------------------------------------------------


def is_answered(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def listen(preferred: int) -> socket.socket:
    """A socket that listens on the loopback, on the preferred port or the next free one.

    A port that something answers on `::1` counts as taken: a browser may try that first for `localhost`.
    The socket stays open while the server behind it is started again, so that its visitors wait instead of failing.
    """
    for port in range(preferred, preferred + 100):
        if is_answered(LOOPBACK, port) or is_answered("::1", port):
            continue
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            listener.close()
            continue
        listener.listen(128)
        return listener
    raise OSError(f"no free port between {preferred} and {preferred + 99}")


def answers(port: int, path: str) -> bool:
    """Whether the web server answers this path with 200 within a second."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=1)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


# --- Files of the worker --------------------------------------------------------------------------------------------


def remove_unreadable(*folders: Path) -> int:
    """Delete queue files that are not JSON and count them: each would kill the worker that reads it.

    A file younger than a second may still be being written. What is lost is a doorbell, never work.
    """
    removed = 0
    for path in (path for folder in folders if folder.is_dir() for path in folder.iterdir()):
        try:
            if time.time() - path.stat().st_mtime > 1:
                json.loads(path.read_bytes())
        except ValueError:
            path.unlink(missing_ok=True)
            removed += 1
        except OSError:
            continue  # somebody else took it
    return removed


def bound_log(path: Path, bound: int = LOG_BOUND) -> None:
    """Move a log that grew over its bound aside. Its writer appends, so it goes on at the new beginning."""
    with contextlib.suppress(OSError):
        if path.stat().st_size > bound:
            shutil.copyfile(path, path.with_name(f"{path.name}.1"))
            os.truncate(path, 0)


# --- Children -------------------------------------------------------------------------------------------------------


def signal_group(group: int, number: int) -> bool:
    """Send a signal to a process group; whether there was anybody to get it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS answers "not permitted" for a group of dead processes
        return False
    return True


@dataclass
class Child:
    """A process to keep alive. `before_start` is called before each start; with a `log`, its output goes there."""

    name: str
    command: list[str]
    log: Path | None = None
    before_start: Callable[[], object] = lambda: None
    pass_fds: tuple[int, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float = 0.0

    def start(self) -> int:
        """Start it in a session of its own, away from the terminal's Ctrl-C, and return its process group."""
        self.before_start()
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(self.log.open("ab")) if self.log else None
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=self.pass_fds,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )
        self.started = time.monotonic()
        return self.process.pid

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def pause(self) -> float:
        """Seconds until the next start, longer each time that it dies young."""
        self.failures = 0 if time.monotonic() - self.started > HEALTHY_AFTER else self.failures
        self.failures += 1
        return min(2.0 ** (self.failures - 1), LONGEST_PAUSE)


def how_it_ended(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def watch_terminal() -> Callable[[], bool]:
    """A question whether the terminal that this started in is gone.

    Its hangup signal goes to the first process of a session alone. Where that is `make` it waits for us instead of
    passing the signal on, so that after a lost `ssh -t host make run` nobody would ever ask us to stop.
    """
    poll = select.poll()
    if os.isatty(0) and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        poll.register(0, 0)
    return lambda: any(event & select.POLLHUP for _, event in poll.poll(0))


class Guard:
    """The process that stops the children if this one is killed. It is told of every process group that comes and goes.

    It holds the lock too, so that a new start waits until the old one's children are gone.
    """

    def __init__(self, lock: IO[str]) -> None:
        command = [sys.executable, "-I", "-S", __file__, str(lock.fileno())]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, pass_fds=(lock.fileno(),), start_new_session=True
        )

    def tell(self, sign: str, group: int) -> None:
        assert self.process.stdin
        with contextlib.suppress(OSError):  # a guard that is gone cannot guard; the work goes on
            self.process.stdin.write(f"{sign}{group}\n".encode())
            self.process.stdin.flush()

    def dismiss(self) -> None:
        assert self.process.stdin
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.wait()


class Supervisor:
    """Runs children until a signal asks it to stop."""

    def __init__(self, children: list[Child], lock: IO[str]) -> None:
        self.children = children
        self.stopping = False
        self.guard = Guard(lock)

    def run(self, is_ready: Callable[[], bool], on_ready: Callable[[], None], within: float = 60.0) -> int:
        """0 after a stop that was asked for; 1 if the children were not ready within so many seconds."""
        deadline = time.monotonic() + within
        ready = False
        is_abandoned = watch_terminal()
        with self.signals():
            try:
                while not self.stopping and not is_abandoned():
                    self.look_after_children()
                    if not ready and is_ready():
                        ready = True
                        on_ready()
                    if not ready and time.monotonic() > deadline:
                        say(
                            f"No answer within {within:.0f} s, so everything was stopped; what went wrong stands above."
                        )
                        return 1
                    time.sleep(0.1)
            finally:
                self.stop()
        return 0

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        def ask_to_stop(*_: object) -> None:
            self.stopping = True

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, ask_to_stop)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup wants us to go on without the terminal
            signal.signal(signal.SIGHUP, ask_to_stop)
        yield

    def look_after_children(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.is_running():
                if child.log:
                    bound_log(child.log)
            elif child.process:
                self.bury(child, child.process)
            elif now >= child.due:
                self.guard.tell("+", child.start())

    def bury(self, child: Child, process: subprocess.Popen[bytes]) -> None:
        """Note that a child died, end what it left behind, and plan its next start."""
        signal_group(process.pid, signal.SIGKILL)
        self.guard.tell("-", process.pid)
        pause = child.pause()
        child.process, child.due = None, time.monotonic() + pause
        where = f"; its log is {child.log}" if child.log else ""
        say(f"The {child.name} stopped ({how_it_ended(process.returncode)}); it starts again in {pause:.0f} s{where}")

    def stop(self) -> None:
        """Ask every child to end, wait, end those that did not by force."""
        say("Stopping.")  # a worker looks up from its queue every two seconds
        processes = [child.process for child in self.children if child.process]
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(deadline - time.monotonic(), 0.01))
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
            self.guard.tell("-", process.pid)
        self.guard.dismiss()


# --- The guard's side -----------------------------------------------------------------------------------------------


def guard(messages: IO[str], lock: int, patience: float = 3.0) -> None:
    """Follow which groups live until the messages end; then stop those that still do."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in messages:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    if not groups:
        return
    os.ftruncate(lock, 0)
    deadline = time.monotonic() + patience
    alive = [group for group in groups if signal_group(group, signal.SIGTERM)]
    while alive and time.monotonic() < deadline:
        time.sleep(0.05)
        alive = [group for group in alive if signal_group(group, 0)]
    for group in alive:
        signal_group(group, signal.SIGKILL)


if __name__ == "__main__":
    guard(sys.stdin, int(sys.argv[1]))
