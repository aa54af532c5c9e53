"""A database of an older release, with rows and triggers in it, becomes one of this release."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from ssoplanner.core.models import AuditEvent
from ssoplanner.core.triggers import install_triggers, plan_links, remove_triggers
from tests.world import World


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


def manage(folder: Path, *words: str) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env={**environment, "SSOPLANNER_VAR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_release_migrates_to_this_one_and_keeps_its_triggers(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "core", "0001", "--verbosity", "0")

    manage(tmp_path, "migrate", "--verbosity", "0")

    script = "from tests.core.test_migrating import triggers; print(len(triggers()))"
    assert int(manage(tmp_path, "shell", "--no-imports", "--command", script).strip()) == expected()


def expected() -> int:
    """How many triggers a new database has: two for the audit, two for each link."""
    return 2 + 2 * len(list(plan_links()))


@pytest.mark.both_databases
def test_triggers_go_and_come_back(world: World) -> None:
    remove_triggers()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {AuditEvent._meta.db_table} SET row_label = row_label")

    install_triggers()

    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {AuditEvent._meta.db_table} SET row_label = row_label")
    with pytest.raises(IntegrityError, match="a link to another plan"), connection.cursor() as cursor:
        ids = [world.there.area.pk, world.here.service.pk]
        cursor.execute("UPDATE core_service SET area_id = %s WHERE id = %s", ids)
