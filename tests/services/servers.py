"""A PostgreSQL and a Redis of the tests' own, started for one run and gone after it.

Plain Python without Django, so that whatever drives the tests may start them before Django is configured. Set
TEST_DATABASE_URL or TEST_REDIS_URL to use servers that run already; then nothing is started and nothing is stopped.
"""

from __future__ import annotations

import os
import pwd
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.tiers import PROGRAMS, program_path

READY_SECONDS = 30
STOP_SECONDS = 45  # the web server itself gives its workers 30
USER = DATABASE = "ssoplanner"
# Stands between us and a server, and stops it once our end of the pipe closes: also when we are killed outright.
# SIGINT is PostgreSQL's fast shutdown, and Redis stops at it too.
KEEPER = """
import signal, subprocess, sys
account = {"user": int(sys.argv[1]), "group": int(sys.argv[2]), "extra_groups": []} if sys.argv[1] else {}
server = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL, **account)
sys.stdin.read()
server.send_signal(signal.SIGINT)
server.wait()
"""


class CannotStart(RuntimeError):
    """A server of the tests is missing or did not come up; the text says what to do."""


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """The URL of an empty database `ssoplanner` on a PostgreSQL server whose account may create more databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    with nullcontext(given) if given else started_postgres(folder) as url:
        yield url


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """The URL of a Redis server that keeps nothing on disk."""
    given = os.environ.get("TEST_REDIS_URL")
    with nullcontext(given) if given else started_redis(folder) as url:
        yield url


@contextmanager
def started_postgres(folder: Path) -> Iterator[str]:
    """A server of our own, whatever TEST_DATABASE_URL says; its log goes into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    account = _account_for_postgres()
    password, port, log = secrets.token_hex(16), spare_port(), folder / "postgres.log"
    url = f"postgresql://{USER}:{password}@127.0.0.1:{port}"
    with _data_folder(folder, account) as data:
        _initdb(data, password, account)
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "max_connections": 60}
        # What is lost when the machine stops is a test's database.
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with kept_running([program("postgres"), "-D", str(data), *options], log, account) as keeper:
            wait_until(lambda: _postgres_answers(url), keeper, log)
            with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {DATABASE}")
            yield f"{url}/{DATABASE}"


@contextmanager
def started_redis(folder: Path) -> Iterator[str]:
    """A server of our own, whatever TEST_REDIS_URL says; its log goes into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    port, log = spare_port(), folder / "redis.log"
    listen = ["--bind", "127.0.0.1", "--port", str(port)]
    keep_nothing = ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    with kept_running([program("redis-server"), *listen, *keep_nothing], log) as keeper:
        wait_until(lambda: _redis_answers(port), keeper, log)
        yield f"redis://127.0.0.1:{port}/0"


def create_database(server: str, template: str = "template1") -> str:
    """The URL of a new database of its own on the server of the URL `server`: empty, or a copy of `template`."""
    name = f"test_{secrets.token_hex(6)}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def drop_database(server: str, url: str) -> None:
    name = sql.Identifier(urlsplit(url).path[1:])
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def program(name: str) -> str:
    """The path of a server program, outside PATH too. Raises `CannotStart` with what to install."""
    owner = next(owner for owner in PROGRAMS.values() if (name,) in owner.commands)
    if path := program_path(name, owner.folders):
        return path
    raise CannotStart(
        f"{name} is not installed: install {owner.title} (on Debian and Ubuntu: apt install {owner.package}), "
        "or name a server that runs already in TEST_DATABASE_URL or TEST_REDIS_URL."
    )


def spare_port() -> int:
    """A TCP port of the loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def kept_running(
    command: Sequence[str],
    log: Path,
    account: pwd.struct_passwd | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server for the length of the block, as `account` if one is given, with its output in `log`."""
    ids = [str(account.pw_uid), str(account.pw_gid)] if account else ["", ""]
    with log.open("ab") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-c", KEEPER, *ids, *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,  # Ctrl-C is ours: the tests that it interrupts may still need the server
        )
    try:
        yield keeper
    finally:
        assert keeper.stdin
        keeper.stdin.close()
        keeper.wait(STOP_SECONDS)


def wait_until(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once `answers()` is true. Raises `CannotStart` with the log's end if the process ends or is too slow."""
    deadline = time.monotonic() + READY_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"A server of the tests did not come up:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def _account_for_postgres() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; anybody else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


@contextmanager
def _data_folder(folder: Path, account: pwd.struct_passwd | None) -> Iterator[Path]:
    if account is None:
        yield folder / "postgres"
        return
    # The folders that pytest makes for root are closed to the other account.
    with tempfile.TemporaryDirectory(prefix="ssoplanner-postgres-") as outside:
        os.chown(outside, account.pw_uid, account.pw_gid)
        yield Path(outside) / "data"


def _initdb(data: Path, password: str, account: pwd.struct_passwd | None) -> None:
    secret = data.with_name("password")
    secret.write_text(password)
    who = [f"--username={USER}", f"--pwfile={secret}", "--auth=scram-sha-256"]
    how = ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", f"--pgdata={data}"]
    done = subprocess.run(
        [program("initdb"), *who, *how],
        capture_output=True,
        text=True,
        check=False,
        cwd=data.parent,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
    secret.unlink()
    if done.returncode:
        raise CannotStart(f"PostgreSQL's initdb failed: {done.stderr.strip()}")


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(f"{url}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
