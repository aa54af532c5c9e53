"""Backups of a SQLite database, and bringing them back. tests/services has the same drill on PostgreSQL."""

from __future__ import annotations

import hashlib
import inspect
import resource
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from ssoplanner.core import backup
from ssoplanner.core.backup import CannotBackUp, CannotRestore, back_up, prune, restore
from ssoplanner.core.models import Agency, AuditEvent, Plan, Source
from ssoplanner.demo.management.commands import run_local
from ssoplanner.demo.supervisor import claim
from ssoplanner.recompute import writer
from ssoplanner.recompute.plans import new_plan
from ssoplanner.steps.evidence import add_evidence
from ssoplanner.steps.models import EvidenceFile
from ssoplanner.uploads.attachments import Attachment

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="the tests run on PostgreSQL")
OFFICE = writer.Actor(None, Source.COMMAND)


@pytest.fixture(autouse=True)
def var_folder(settings: Any, tmp_path: Path) -> Path:
    """A var folder of the test's own, so that no lock and no backup of this machine is in its way."""
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    return Path(settings.VAR_DIR)


@pytest.fixture(autouse=True)
def live(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """Django's database for the test: a copy of the tests' own, empty, which may be replaced and ruined."""
    shared, live = connection.settings_dict["NAME"], tmp_path / "live.sqlite3"
    with closing(sqlite3.connect(shared)) as source, closing(sqlite3.connect(live)) as copy:
        source.backup(copy)
    connections.close_all()
    connection.settings_dict["NAME"] = str(live)
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")  # permissions, as migrating makes them
    yield live
    connections.close_all()
    connection.settings_dict["NAME"] = shared


@pytest.fixture
def plan() -> Plan:
    return new_plan(name="State A", slug="state-a", actor=OFFICE)


def add_agency(plan: Plan, code: str) -> Agency:
    return writer.create(Agency, plan=plan, actor=OFFICE, values={"code": code, "name": f"Agency {code}"})


def database_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, the tables' and triggers' definitions among them."""
    with closing(sqlite3.connect(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = {table: sorted(database.execute(f'SELECT * FROM "{table}"'), key=repr) for table in tables}
        return rows | {"sqlite_schema": sorted(database.execute("SELECT type, name, sql FROM sqlite_schema"), key=repr)}


def heard(path: Path) -> str:
    """Restore `path` and return what was told on the way."""
    told: list[str] = []
    restore(path, told.append)
    return "\n".join(told)


@contextmanager
def another_connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database_file(), isolation_level=None)) as other:
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")


# --- The drill ------------------------------------------------------------------------------------------------------


def test_what_was_backed_up_comes_back_row_by_row(plan: Plan, tmp_path: Path) -> None:
    add_agency(plan, "DOT")
    before = contents(database_file())
    path = back_up(tmp_path / "elsewhere")

    writer.update(plan, actor=OFFICE, version=plan.version, values={"name": "Renamed"})
    add_agency(plan, "DOH")
    assert contents(database_file()) != before
    told = heard(path)

    assert contents(database_file()) == before
    assert "The state before is saved in" in told
    assert [agency.code for agency in Agency.objects.for_plan(plan)] == ["DOT"]


def test_files_of_evidence_come_back_byte_for_byte(plan: Plan, tmp_path: Path) -> None:
    content = bytes(range(1, 256)) * 300
    file = Attachment("minutes.pdf", "pdf", content, hashlib.sha256(content).hexdigest())
    piece = add_evidence(plan, "assess.readiness", actor=OFFICE, values={"title": "Minutes"}, attachment=file)
    path = back_up(tmp_path / "elsewhere")
    writer.delete(piece, actor=OFFICE, version=1)
    assert not EvidenceFile.objects.exists()

    heard(path)

    assert bytes(EvidenceFile.objects.get(evidence_id=piece.pk).content) == content


def test_the_state_before_a_restore_can_be_had_back(plan: Plan, var_folder: Path, tmp_path: Path) -> None:
    path = back_up(tmp_path / "elsewhere")
    add_agency(plan, "DOT")
    later = contents(database_file())

    heard(path)
    assert not Agency.objects.for_plan(plan).exists()
    (saved,) = (var_folder / "backups").iterdir()
    heard(saved)

    assert contents(database_file()) == later


def test_a_backup_is_whole_while_another_connection_writes(plan: Plan, tmp_path: Path) -> None:
    connections.close_all()
    with another_connection() as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO core_maintenance (reason) VALUES ('half-way')")
        path = back_up(tmp_path)
        other.execute("INSERT INTO core_maintenance (reason) VALUES ('done')")
        other.execute("ROLLBACK")

    assert contents(path)["core_maintenance"] == []
    assert len(contents(path)["core_plan"]) == 1


def test_a_backup_holds_what_only_the_write_ahead_log_has(plan: Plan, tmp_path: Path) -> None:
    with another_connection() as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("UPDATE core_plan SET name = 'In the log'")
        copied, path = tmp_path / "copied.sqlite3", back_up(tmp_path)
        copied.write_bytes(database_file().read_bytes())

    def names_in(database: Path) -> list[tuple[str]]:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            return file.execute("SELECT name FROM core_plan").fetchall()

    assert names_in(path) == [("In the log",)]
    assert names_in(copied) != [("In the log",)]


def test_a_connection_that_was_open_during_the_restore_reads_the_restored_rows(plan: Plan, tmp_path: Path) -> None:
    path = back_up(tmp_path)
    writer.update(plan, actor=OFFICE, version=plan.version, values={"name": "Renamed"})

    with another_connection() as other:
        names = [other.execute("SELECT name FROM core_plan").fetchone()]
        heard(path)
        names.append(other.execute("SELECT name FROM core_plan").fetchone())

    assert names == [("Renamed",), ("State A",)]


def test_a_restored_audit_still_refuses_to_be_changed(plan: Plan, tmp_path: Path) -> None:
    path = back_up(tmp_path)
    heard(path)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditevent SET row_label = 'forged'")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditevent")
    assert AuditEvent.objects.for_plan(plan).get().row_label == "State A"


def test_a_backup_from_an_older_version_is_brought_up_to_date(plan: Plan, tmp_path: Path) -> None:
    call_command("migrate", "sessions", "zero", verbosity=0)
    path = back_up(tmp_path)
    call_command("migrate", "sessions", verbosity=0)

    heard(path)

    assert "django_session" not in contents(path)
    assert "django_session" in connection.introspection.table_names()
    assert Plan.objects.get() == plan


def test_everybody_signs_in_again_after_a_restore(plan: Plan, tmp_path: Path) -> None:
    with another_connection() as other:
        other.execute("INSERT INTO django_session VALUES ('key', 'data', '2999-01-01')")
    path = back_up(tmp_path)

    heard(path)

    assert contents(database_file())["django_session"] == []


# --- Refusals -------------------------------------------------------------------------------------------------------


def refused(path: Path) -> str:
    """The sentence that refuses `path`; fails unless every row is still there."""
    before = contents(database_file())
    with pytest.raises(CannotRestore) as refusal:
        heard(path)
    assert contents(database_file()) == before
    return str(refusal.value)


def test_a_damaged_backup_is_refused(plan: Plan, tmp_path: Path) -> None:
    path = back_up(tmp_path)
    middle = path.stat().st_size // 2
    path.write_bytes(path.read_bytes()[:middle] + b"\xff" * 8192 + path.read_bytes()[middle + 8192 :])

    assert "is damaged" in refused(path)


def test_a_backup_that_was_cut_off_is_refused(plan: Plan, tmp_path: Path) -> None:
    path = back_up(tmp_path)
    path.write_bytes(path.read_bytes()[:-4096])

    assert "is damaged" in refused(path)


@pytest.mark.parametrize("what", ["text", "empty", "other database", "folder", "missing"])
def test_what_is_not_a_backup_is_refused(plan: Plan, tmp_path: Path, what: str) -> None:
    path = tmp_path / what
    if what == "folder":
        path.mkdir()
    elif what == "other database":
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE somebody_elses (id INTEGER)")
    elif what != "missing":
        path.write_text("Dear all" if what == "text" else "")

    sentences = {"folder": "cannot be read: Is a directory", "missing": "cannot be read: No such file"}
    assert sentences.get(what, "is not a backup of ssoplanner") in refused(path)


def test_a_backup_of_the_other_kind_of_database_is_refused(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "ssoplanner-20260101T000000Z.dump"
    path.write_bytes(b"PGDMP\x01\x0e\x00")

    assert "a backup of a PostgreSQL database, and this installation keeps its data in SQLite" in refused(path)


def test_a_backup_from_a_newer_version_is_refused(plan: Plan, tmp_path: Path) -> None:
    MigrationRecorder(connection).record_applied("core", "9999_from_the_future")
    path = back_up(tmp_path)
    MigrationRecorder(connection).record_unapplied("core", "9999_from_the_future")

    assert "made by a newer version of ssoplanner (core.9999_from_the_future is unknown here)" in refused(path)


def test_nothing_is_restored_while_make_run_is_running(plan: Plan, var_folder: Path, tmp_path: Path) -> None:
    path = back_up(tmp_path)

    with claim(var_folder / backup.RUN_LOCK):
        assert "ssoplanner is running. Stop it first" in refused(path)


def test_a_restore_looks_at_the_lock_that_make_run_holds() -> None:
    assert f'claim(settings.VAR_DIR / "{backup.RUN_LOCK}")' in inspect.getsource(run_local)


def test_nothing_is_restored_while_another_program_writes(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "BUSY_SECONDS", 0.5)
    path = back_up(tmp_path)

    with another_connection() as other:
        other.execute("BEGIN IMMEDIATE")
        assert "Another program is writing to the database" in refused(path)


def test_nothing_is_restored_if_the_present_state_cannot_be_saved(plan: Plan, var_folder: Path, tmp_path: Path) -> None:
    path = back_up(tmp_path)
    (var_folder / "backups").write_text("a file where the folder should be")

    assert "Nothing was changed, because the present state cannot be saved first" in refused(path)


def test_a_restore_that_fills_the_disk_changes_nothing(plan: Plan, tmp_path: Path) -> None:
    path = back_up(tmp_path)
    with closing(sqlite3.connect(path)) as larger:
        larger.execute("CREATE TABLE padding AS SELECT randomblob(4000000)")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))  # the present state fits, the backup does not
    try:
        assert "Nothing was restored" in refused(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# --- A database that is lost ----------------------------------------------------------------------------------------


def test_a_damaged_database_is_kept_and_replaced(plan: Plan, live: Path, tmp_path: Path) -> None:
    path = back_up(tmp_path / "good")
    connections.close_all()
    live.write_bytes(b"\xff" * 100_000)

    with pytest.raises(CannotBackUp, match="cannot be read whole"):
        back_up(tmp_path / "bad")
    told = heard(path)

    assert "The damaged database is kept as" in told
    (kept,) = tmp_path.glob("live.sqlite3.damaged-*")
    assert kept.read_bytes() == b"\xff" * 100_000
    assert Plan.objects.get() == plan


def test_a_missing_database_is_made_anew(plan: Plan, live: Path, tmp_path: Path) -> None:
    path = back_up(tmp_path / "good")
    connections.close_all()
    live.unlink()

    assert "there was nothing to save first" in heard(path)
    assert Plan.objects.get() == plan


def test_an_empty_database_is_not_backed_up(live: Path, tmp_path: Path) -> None:
    connections.close_all()
    live.write_bytes(b"")

    with pytest.raises(CannotBackUp, match="nothing to back up"):
        back_up(tmp_path / "none")
    assert list((tmp_path / "none").iterdir()) == []


# --- Files ----------------------------------------------------------------------------------------------------------


def test_only_the_owner_can_read_a_backup(plan: Plan, tmp_path: Path) -> None:
    path = back_up(tmp_path / "new")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]
    assert backup.BACKUP_NAME.fullmatch(path.name)


def test_a_backup_is_one_file_by_itself(plan: Plan, tmp_path: Path) -> None:
    with closing(sqlite3.connect(back_up(tmp_path))) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_two_backups_in_one_second_are_two_files(plan: Plan, tmp_path: Path) -> None:
    assert back_up(tmp_path) != back_up(tmp_path)


def test_pruning_removes_the_oldest_backups_and_nothing_else(tmp_path: Path) -> None:
    names = ["ssoplanner-20260101T000000Z.sqlite3", "ssoplanner-20260102T000000Z.dump"]
    newest = "ssoplanner-20260103T000000Z.sqlite3"
    others = ["notes.txt", "ssoplanner.sqlite3", "ssoplanner-20250101T000000Z.sqlite3.gz", "my-ssoplanner-1.sqlite3"]
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in [*names, newest, *others]:
        (folder / name).touch()

    assert sorted(path.name for path in prune(folder, 1)) == names
    assert sorted(path.name for path in folder.iterdir()) == sorted([newest, *others])


# --- The command line -----------------------------------------------------------------------------------------------


def test_the_commands_say_what_they_did(plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("backup", "--to", str(tmp_path / "elsewhere"), "--keep", "2")
    (path,) = (tmp_path / "elsewhere").iterdir()
    call_command("restore", str(path), "--yes")

    said = capsys.readouterr().out
    assert f"Saved in {path}" in said
    assert f"Restored {path}. Everybody signs in again." in said


def test_a_restore_asks_first(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = back_up(tmp_path)
    add_agency(plan, "DOT")

    with pytest.raises(CommandError, match="say --yes"):
        call_command("restore", str(path))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _question: "no")
    with pytest.raises(CommandError, match=r"Nothing was changed\."):
        call_command("restore", str(path))
    assert Agency.objects.for_plan(plan).exists()


@pytest.mark.parametrize("keep", ["0", "-1", "some"])
def test_at_least_one_backup_is_kept(keep: str) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("backup", "--keep", keep)
