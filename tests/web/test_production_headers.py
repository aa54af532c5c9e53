"""What the browser is told by a department's own server: https only, and cookies that no neighbour can set."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.tiers import PRODUCTION
from tests.web.test_headers import ALWAYS, POLICY

BASE_URL = PRODUCTION["BASE_URL"]
CHILD = "import django; django.setup(); from tests.web.production_child import main; main()"


@pytest.fixture(scope="module")
def told(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The answers and cookies that tests/web/production_child.py got."""
    if connection.vendor != "sqlite":
        pytest.skip("the child works on a copy of the SQLite file")
    var = tmp_path_factory.mktemp("production")
    copy_database(Path(connection.settings_dict["NAME"]), var / "copy.sqlite3")
    own = {"DATABASE_URL": f"sqlite:///{var}/copy.sqlite3", "SSOPLANNER_VAR": str(var)}
    settings_file = {"DJANGO_SETTINGS_MODULE": "ssoplanner.settings"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=settings.BASE_DIR,
        env={**os.environ, **PRODUCTION, **own, **settings_file},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def copy_database(source: Path, target: Path) -> None:
    here, there = sqlite3.connect(source), sqlite3.connect(target)
    here.backup(there)
    here.close()
    there.close()


def test_the_whole_way_in_works(told: dict[str, Any]) -> None:
    answers = told["answers"]
    assert {name: answer["status"] for name, answer in answers.items()} == {
        "over http": 301,
        "health over http": 200,
        "sign-in": 200,
        "security.txt": 200,
        "signed in": 302,
        "renamed": 302,
    }
    assert answers["renamed"]["headers"]["Location"] == "/account/"


def test_http_leads_to_https(told: dict[str, Any]) -> None:
    assert told["answers"]["over http"]["headers"]["Location"] == f"{BASE_URL}/account/?a=b"


def test_browsers_are_told_to_use_https_only(told: dict[str, Any]) -> None:
    headers = told["answers"]["sign-in"]["headers"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    # Over http anybody on the way could have put it there, so there it counts for nothing.
    assert "Strict-Transport-Security" not in told["answers"]["health over http"]["headers"]


def test_every_cookie_is_tied_to_this_host_and_to_https(told: dict[str, Any]) -> None:
    marked = {"httponly": True, "samesite": "Lax", "path": "/", "secure": True}
    found = {
        name: {k: v for k, v in cookie.items() if k in {*marked, "domain"}} for name, cookie in told["cookies"].items()
    }
    assert found == {name: marked for name in ("__Host-session", "__Host-csrf", "__Host-messages")}


def test_the_other_headers_are_as_on_one_machine(told: dict[str, Any]) -> None:
    headers = told["answers"]["sign-in"]["headers"]
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == POLICY


def test_security_txt_names_the_department_and_its_address(told: dict[str, Any]) -> None:
    lines = told["answers"]["security.txt"]["text"].splitlines()
    assert f"Contact: {PRODUCTION['SECURITY_CONTACT']}" in lines
    assert f"Canonical: {BASE_URL}/.well-known/security.txt" in lines
