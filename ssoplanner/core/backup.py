"""Backups of the whole database, and bringing one back.

A backup is one file, `ssoplanner-20260131T120000Z.sqlite3` or `.dump`, complete and checked before it gets that name.
SQLite is copied page by page by SQLite itself while people go on working, never as a file, which would miss the
write-ahead log. PostgreSQL is dumped by pg_dump. Restoring replaces everything or, if anything goes wrong, nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

BACKUP_NAME = re.compile(r"ssoplanner-\d{8}T\d{6}Z\.(sqlite3|dump)")
RUN_LOCK = "run_local.lock"  # in the var folder; manage.py run_local holds it as long as it runs
BUSY_SECONDS = 10
Migrations = set[tuple[str, str]]  # (app, name), as django_migrations records them

# Also what the backup does not know: a table of a newer version would stand in the way of its parents' replacement.
DROP_ALL_TABLES = f"""
SET LOCAL lock_timeout = '{BUSY_SECONDS}s';
DO $$ DECLARE name text; BEGIN
FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = current_schema() LOOP
EXECUTE 'DROP TABLE IF EXISTS ' || name || ' CASCADE'; END LOOP; END $$
"""


class CannotBackUp(Exception):
    """No backup was made, or it was not kept; the text says why."""


class NothingToBackUp(CannotBackUp):
    """The database has no tables of ours yet."""


class CannotRestore(Exception):
    """The text says why, and whether the data is still as it was."""


class Damaged(Exception):
    """A backup, or a database that was to be backed up, cannot be read whole; the text is the database's own."""


@dataclass(frozen=True)
class Kind:
    """How one kind of database is saved, looked through and replaced."""

    name: str
    suffix: str
    magic: bytes
    save: Callable[[Path], None]
    inspect: Callable[[Path], Migrations]
    replace: Callable[[Path], None]


# --- Back up --------------------------------------------------------------------------------------------------------


def default_folder() -> Path:
    return Path(settings.VAR_DIR) / "backups"


def back_up(folder: Path) -> Path:
    """Save the database in `folder`, readable by its owner only. Returns the file, checked and safe on the disk.

    Raises `CannotBackUp`, and then leaves no file behind.
    """
    kind = _kind_here()
    draft = folder / f".ssoplanner-{secrets.token_hex(8)}.partial"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.touch(mode=0o600, exist_ok=False)
        kind.save(draft)
        if not _is_ours(kind.inspect(draft)):
            raise NothingToBackUp("There is nothing to back up: the database is empty.")
        _sync(draft)
        path = _free_name(folder, kind)
        draft.rename(path)
        with contextlib.suppress(OSError):  # some network file systems cannot do this for a folder
            _sync(folder)
        return path
    except Damaged as error:
        raise CannotBackUp(f"The database cannot be read whole ({error}). Restore the newest good backup.") from error
    except OSError as error:
        raise CannotBackUp(f"The backup cannot be written to {folder}: {error}.") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` (at least 1) backups in `folder` and return what was removed.

    Files that do not have a backup's name are never touched.
    """
    ours = sorted((path for path in folder.iterdir() if BACKUP_NAME.fullmatch(path.name)), reverse=True)
    for path in ours[max(keep, 1) :]:
        path.unlink()
    return ours[max(keep, 1) :]


def _free_name(folder: Path, kind: Kind) -> Path:
    """A name that no backup has: of two in one second the later waits, so that none is ever overwritten."""
    while (path := folder / f"ssoplanner-{timezone.now():%Y%m%dT%H%M%SZ}{kind.suffix}").exists():
        time.sleep(0.1)
    return path


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- Restore --------------------------------------------------------------------------------------------------------


def restore(path: Path, tell: Callable[[str], None]) -> None:
    """Replace everything in the database by the backup `path`, bring it to this version's schema, sign everybody out.

    The present state is saved first, and `tell` hears where. Raises `CannotRestore`; unless its text says otherwise
    the data is then as it was.
    """
    check_backup(path)
    with _nobody_running():
        connections.close_all()
        saved = _save_present_state()
        tell(saved)
        _kind_here().replace(path)
        try:
            call_command("migrate", interactive=False, verbosity=0)
            # Sessions that ended since the backup would be open again.
            Session.objects.all().delete()
        except (DatabaseError, CommandError) as error:
            raise CannotRestore(
                f"The data of {path.name} is in place, but this version cannot work with it yet: {error}. {saved}"
            ) from error


def check_backup(path: Path) -> None:
    """Raise `CannotRestore` unless `path` is a whole backup that this installation can take."""
    kind = _kind_of(path)
    if kind is not _kind_here():
        raise CannotRestore(
            f"{path} is a backup of a {kind.name} database, and this installation keeps its data in "
            f"{_kind_here().name}."
        )
    try:
        migrations = kind.inspect(path)
    except Damaged as error:
        raise CannotRestore(f"{path} is damaged ({error}). Take another backup.") from error
    if not _is_ours(migrations):
        raise CannotRestore(f"{path} is not a backup of ssoplanner.")
    if newer := sorted(migrations - _known_migrations()):
        raise CannotRestore(
            f"{path} was made by a newer version of ssoplanner ({'.'.join(newer[-1])} is unknown here). "
            "Install that version, then restore."
        )


def _kind_of(path: Path) -> Kind:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise CannotRestore(f"{path} cannot be read: {error.strerror}.") from error
    for kind in (SQLITE, POSTGRESQL):
        if head.startswith(kind.magic):
            return kind
    raise CannotRestore(f"{path} is not a backup of ssoplanner.")


def _kind_here() -> Kind:
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


def _is_ours(migrations: Migrations) -> bool:
    return any(app == "core" for app, _ in migrations)


def _known_migrations() -> Migrations:
    """What this version's code can apply, and what it once replaced by a squashed migration."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = loader.disk_migrations
    return set(known) | {replaced for migration in known.values() for replaced in migration.replaces}


@contextmanager
def _nobody_running() -> Iterator[None]:
    """Hold the lock of `make run`, so that it cannot start meanwhile. Raises `CannotRestore` if it runs already."""
    with (Path(settings.VAR_DIR) / RUN_LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRestore("ssoplanner is running. Stop it first (Ctrl-C where it was started).") from None
        yield


def _save_present_state() -> str:
    """Back up what is there now and say where; a SQLite file that cannot be read is kept beside the new one."""
    try:
        return f"The state before is saved in {back_up(default_folder())}."
    except NothingToBackUp:
        return "The database was empty, so there was nothing to save first."
    except CannotBackUp as error:
        if isinstance(error.__cause__, Damaged) and _kind_here() is SQLITE:
            return f"The damaged database is kept as {_set_aside()}."
        raise CannotRestore(
            f"Nothing was changed, because the present state cannot be saved first. {error} If it is beyond saving, "
            "make the database anew, empty, and restore into that."
        ) from error


# --- SQLite ---------------------------------------------------------------------------------------------------------


def _database_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _save_sqlite(draft: Path) -> None:
    if not _database_file().exists():
        raise NothingToBackUp("There is nothing to back up: there is no database yet.")
    try:
        with closing(sqlite3.connect(_database_file())) as live, closing(sqlite3.connect(draft)) as copy:
            # All pages in one step: one read snapshot, which in WAL mode neither waits for writers nor stops them.
            live.backup(copy, progress=_give_up(CannotBackUp))
            # Or the copy would still ask for a write-ahead log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        # Not every failure is damage, a full disk for instance; only damage may set a database aside.
        if error.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise Damaged(str(error)) from error
        raise CannotBackUp(f"The database cannot be copied: {error}.") from error


def _inspect_sqlite(path: Path) -> Migrations:
    try:
        # Immutable: looking at a backup must not leave files beside it, nor need the right to.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            (verdict,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise Damaged(verdict)
            if not copy.execute("SELECT 1 FROM sqlite_schema WHERE name = 'django_migrations'").fetchone():
                return set()
            return set(copy.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error


def _replace_sqlite(path: Path) -> None:
    """Write the backup into the live file as one transaction.

    Exchanging the files would be wrong: the old write-ahead log would be applied to the new file. This way SQLite
    itself undoes a restore that breaks off half-way, and other connections see the old data or the new.
    """
    try:
        with (
            closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as backup,
            closing(sqlite3.connect(_database_file(), timeout=1)) as live,
        ):
            backup.backup(live, progress=_give_up(CannotRestore))
    except sqlite3.DatabaseError as error:
        raise CannotRestore(f"Nothing was restored: {path} cannot be written into the database ({error}).") from error


def _give_up(refusal: type[Exception]) -> Callable[[int, int, int], None]:
    """For `Connection.backup`, which would wait for a lock for ever: raises `refusal` after some seconds."""
    deadline = time.monotonic() + BUSY_SECONDS

    def progress(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise refusal("Another program is writing to the database. Stop it and try again.")

    return progress


def _set_aside() -> Path:
    """Move the live file away together with its write-ahead log, which may still help to rescue it."""
    kept = _database_file().with_name(f"{_database_file().name}.damaged-{timezone.now():%Y%m%dT%H%M%SZ}")
    for suffix in ("-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{_database_file()}{suffix}").rename(f"{kept}{suffix}")
    return kept


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


def _save_postgresql(draft: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}", connect=True)


def _inspect_postgresql(path: Path) -> Migrations:
    try:
        # Reads and unpacks every byte: the table of contents alone would pass in a file that was cut off.
        _run("pg_restore", f"--file={os.devnull}", str(path))
        script = _run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(path))
    except CannotBackUp as error:
        raise Damaged(str(error)) from error
    rows = re.search(r"^COPY \S+ \(id, app, name, applied\) FROM stdin;\n(.*?)^\\\.$", script, re.DOTALL | re.MULTILINE)
    columns = (line.split("\t") for line in rows[1].splitlines()) if rows else ()
    return {(app, name) for _, app, name, _ in columns}


def _replace_postgresql(path: Path) -> None:
    """Empty the schema and run the backup as one transaction.

    Not by `pg_restore --dbname`: it drops only what the backup knows, and so fails over the tables of a newer version.
    """
    _refuse_company()
    connections.close_all()
    script = default_folder() / f".ssoplanner-{secrets.token_hex(8)}.partial"
    try:
        script.touch(mode=0o600, exist_ok=False)
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", f"--file={script}", str(path))
        whole = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run("psql", *whole, f"--command={DROP_ALL_TABLES}", f"--file={script}", connect=True)
    except (CannotBackUp, OSError) as error:
        raise CannotRestore(f"Nothing was restored: {error}") from error
    finally:
        script.unlink(missing_ok=True)


def _refuse_company() -> None:
    """Raise `CannotRestore` while the web server or a worker is connected: it would write into what is replaced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
        (others,) = cursor.fetchone()
    if others:
        raise CannotRestore(
            f"Nothing was restored: the database has {others} other connection{'s' if others > 1 else ''}. "
            "Stop the web server and the workers, then restore."
        )


def _run(program: str, *options: str, connect: bool = False) -> str:
    """The output of a PostgreSQL program, given the database's address if it is to `connect`. Raises `CannotBackUp`."""
    arguments, environment = list(options), dict(os.environ)
    if connect:
        # Django knows how its own settings are said to psql, and the others take them alike: no password in sight.
        command, private = connection.client.settings_to_cmd_args_env(connection.settings_dict, arguments)
        arguments, environment = list(command[1:]), environment | (private or {})
    if not (path := shutil.which(program)):
        raise CannotBackUp(f"{program} is not installed: install PostgreSQL's client programs (postgresql-client).")
    done = subprocess.run(
        [path, *arguments], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise CannotBackUp(f"{program} failed: {done.stderr.strip()}")
    return done.stdout


SQLITE = Kind("SQLite", ".sqlite3", b"SQLite format 3\0", _save_sqlite, _inspect_sqlite, _replace_sqlite)
POSTGRESQL = Kind("PostgreSQL", ".dump", b"PGDMP", _save_postgresql, _inspect_postgresql, _replace_postgresql)
