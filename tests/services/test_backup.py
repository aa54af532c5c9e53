"""The drill of docs/backup.md on PostgreSQL: manage.py backup and manage.py restore on databases of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.services.servers import create_database, drop_database

ROOT = Path(__file__).resolve().parents[2]
SEED = """
import django; django.setup()
from ssoplanner.core.models import Agency, Source
from ssoplanner.recompute import plans, writer
actor = writer.Actor(None, Source.COMMAND)
plan = plans.new_plan(name="State A", slug="state-a", actor=actor)
writer.create(Agency, plan=plan, actor=actor, values={"code": "DOT", "name": "Transport; \\\\. it's Čapek's"})
from ssoplanner.steps.evidence import add_evidence
from ssoplanner.uploads.attachments import Attachment
file = Attachment("minutes.pdf", "pdf", bytes(range(256)), "0" * 64)
add_evidence(plan, "assess.readiness", actor=actor, values={"title": "Minutes"}, attachment=file)
"""


@dataclass(frozen=True)
class Installation:
    """A database and a var folder, and the command line on them."""

    url: str
    var: Path

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.python("manage.py", *arguments, **environment)

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        ours = {
            "DJANGO_SETTINGS_MODULE": "ssoplanner.settings",
            "DATABASE_URL": self.url,
            "SSOPLANNER_VAR": str(self.var),
        }
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=os.environ | ours | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def back_up(self) -> Path:
        done = self.manage("backup", "--to", str(self.var / "elsewhere"))
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.split("Saved in ")[1].split(" (")[0])

    def restore(self, path: Path) -> str:
        done = self.manage("restore", str(path), "--yes")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refusal(self, path: Path) -> str:
        """The sentence that refuses `path`; fails unless every row is still there."""
        before = self.contents()
        done = self.manage("restore", str(path), "--yes")
        assert done.returncode == 1
        assert self.contents() == before
        return done.stderr

    def run(self, statement: LiteralString) -> None:
        with self.connection() as connection:
            connection.execute(statement)

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.url) as connection:
            yield connection

    def contents(self) -> dict[str, list[Any]]:
        """Every row of every table and sequence, and the definition of every trigger."""
        with self.connection() as connection:
            rows = {}
            # log_cnt counts what is fetched ahead, and starts anew with every start of the server.
            for kind, columns in (("r", sql.SQL("*")), ("S", sql.SQL("last_value, is_called"))):
                names = "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                for (name,) in connection.execute(f"{names} AND relkind = %s", [kind]).fetchall():
                    select = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(name))
                    rows[name] = sorted(connection.execute(select), key=repr)
            triggers = connection.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
            return rows | {"triggers": sorted(triggers)}


@pytest.fixture(scope="module")
def filled(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database with a plan and an agency, to be copied."""
    url = create_database(postgres_url)
    installation = Installation(url, tmp_path_factory.mktemp("filled"))
    for done in (installation.manage("migrate", "--verbosity=0"), installation.python("-c", SEED)):
        assert done.returncode == 0, done.stderr
    yield url
    drop_database(postgres_url, url)


@pytest.fixture
def installation(postgres_url: str, filled: str, tmp_path: Path) -> Iterator[Installation]:
    url = create_database(postgres_url, template=urlsplit(filled).path[1:])
    yield Installation(url, tmp_path)
    drop_database(postgres_url, url)


def test_what_was_backed_up_comes_back_row_by_row(installation: Installation) -> None:
    before = installation.contents()
    path = installation.back_up()

    installation.run(
        "UPDATE core_plan SET name = 'Renamed'; DELETE FROM core_agency; SELECT nextval('core_plan_id_seq')"
    )
    changed = installation.contents()
    assert changed != before
    told = installation.restore(path)
    assert installation.contents() == before

    saved = Path(told.split("The state before is saved in ")[1].split(".dump")[0] + ".dump")
    installation.restore(saved)
    assert installation.contents() == changed


def test_a_backup_is_whole_while_another_connection_writes(installation: Installation) -> None:
    before = installation.contents()
    with installation.connection() as other:
        other.execute("UPDATE core_plan SET name = 'Half-way'")
        path = installation.back_up()

    installation.restore(path)
    assert installation.contents() == before


def test_a_restored_audit_still_refuses_to_be_changed(installation: Installation) -> None:
    installation.restore(installation.back_up())

    for statement in ("UPDATE core_auditevent SET row_label = ''", "DELETE FROM core_auditevent"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
            installation.run(statement)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
        installation.run("TRUNCATE core_auditevent")


def test_a_backup_from_an_older_version_is_brought_up_to_date(installation: Installation) -> None:
    assert installation.manage("migrate", "sessions", "zero").returncode == 0
    path = installation.back_up()
    assert installation.manage("migrate", "sessions").returncode == 0

    installation.restore(path)
    assert installation.contents()["django_session"] == []


def test_the_tables_of_a_newer_version_do_not_stand_in_the_way(installation: Installation) -> None:
    before = installation.contents()
    path = installation.back_up()

    installation.run("CREATE TABLE core_later (id int, plan_id bigint REFERENCES core_plan)")
    installation.restore(path)
    assert installation.contents() == before


def test_everybody_signs_in_again_after_a_restore(installation: Installation) -> None:
    installation.run("INSERT INTO django_session VALUES ('key', 'data', '2999-01-01')")

    installation.restore(installation.back_up())
    assert installation.contents()["django_session"] == []


def test_nothing_is_restored_while_another_program_is_connected(installation: Installation) -> None:
    path = installation.back_up()

    with installation.connection():
        assert "the database has 1 other connection. Stop the web server" in installation.refusal(path)


def test_a_restore_that_fails_half_way_changes_nothing(installation: Installation) -> None:
    path = installation.back_up()
    installation.run("ALTER TABLE core_kpi RENAME TO kept; CREATE VIEW core_kpi AS SELECT 1")

    assert "Nothing was restored: psql failed" in installation.refusal(path)


@pytest.mark.parametrize("how", ["cut off", "overwritten"])
def test_a_damaged_backup_is_refused(installation: Installation, how: str) -> None:
    # One large table, in the midst of which the damage falls; the list of migrations stands before it.
    large = "string_agg(md5(random()::text), '')"
    installation.run(f"INSERT INTO django_session SELECT 'key', {large}, now() FROM generate_series(1, 40000)")
    path = installation.back_up()
    whole, middle = path.read_bytes(), path.stat().st_size * 2 // 3
    path.write_bytes(whole[:middle] + (b"" if how == "cut off" else b"\xff" * 512 + whole[middle + 512 :]))

    assert "is damaged" in installation.refusal(path)


def test_a_backup_of_another_database_is_refused(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "other.dump"
    subprocess.run(["pg_dump", "--format=custom", "--table=core_plan", f"--file={path}", installation.url], check=True)
    assert "is not a backup of ssoplanner" in installation.refusal(path)

    path.write_bytes(b"SQLite format 3\0")
    assert "a backup of a SQLite database" in installation.refusal(path)


def test_a_backup_from_a_newer_version_is_refused(installation: Installation) -> None:
    installation.run("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', now())")
    path = installation.back_up()
    installation.run("DELETE FROM django_migrations WHERE name = '9999_later'")

    assert "made by a newer version of ssoplanner (core.9999_later is unknown here)" in installation.refusal(path)


def test_an_empty_database_takes_a_backup(installation: Installation, postgres_url: str, tmp_path: Path) -> None:
    path = installation.back_up()
    anew = Installation(create_database(postgres_url), tmp_path / "anew")

    assert "nothing to back up" in anew.manage("backup").stderr
    assert "there was nothing to save first" in anew.restore(path)
    assert anew.contents() == installation.contents()
    drop_database(postgres_url, anew.url)


def test_the_password_is_in_no_command_line(installation: Installation, tmp_path: Path) -> None:
    path, seen, bin_folder = installation.back_up(), tmp_path / "seen", tmp_path / "bin"
    bin_folder.mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        spy = bin_folder / name
        spy.write_text(f'#!/bin/sh\necho "{name} $*" >> {seen}\nexec {shutil.which(name)} "$@"\n')
        spy.chmod(0o755)

    done = installation.manage("restore", str(path), "--yes", PATH=f"{bin_folder}:{os.environ['PATH']}")
    assert done.returncode == 0
    password = urlsplit(installation.url).password
    assert password
    assert all(f"{name} " in seen.read_text() for name in ("pg_dump", "pg_restore", "psql"))
    assert password not in seen.read_text()
    assert password not in done.stdout + done.stderr


def test_missing_client_programs_are_named(installation: Installation, tmp_path: Path) -> None:
    done = installation.manage("backup", PATH=str(tmp_path))

    assert done.returncode == 1
    assert "pg_dump is not installed: install PostgreSQL's client programs (postgresql-client)." in done.stderr
    assert list((tmp_path / "backups").iterdir()) == []
