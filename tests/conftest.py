"""What all tests share: the database's maintenance flag at flush, and two plans with a person in every role."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connections
from hypothesis import settings as examples
from whitenoise.middleware import WhiteNoiseMiddleware

from ssoplanner.core.triggers import maintenance
from tests.world import World, make_world

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's own thread

# The same examples in every run, so that what fails is what was changed; make test-full draws new ones.
examples.register_profile("same", derandomize=True)
examples.register_profile("new", derandomize=False, print_blob=True)
examples.load_profile("same")


@pytest.fixture(autouse=True, scope="session")
def flush_clears_the_audit() -> Iterator[None]:
    """Tests that commit are cleaned up by `flush`, which the audit's triggers would refuse."""
    plain = flush.Command.handle

    def flagged(self: flush.Command, **options: Any) -> None:
        options["inhibit_post_migrate"] = True  # what it would make anew, such as the triggers, is still there
        connection = connections[options["database"]]
        with maintenance("test flush", using=connection.alias):
            if connection.vendor == "sqlite":
                # Its flush goes table by table in no fixed order, and may reach the maintenance flag first.
                with connection.cursor() as cursor:
                    cursor.execute("DELETE FROM core_auditevent")
            plain(self, **options)

    flush.Command.handle = flagged  # type: ignore[method-assign]
    yield
    flush.Command.handle = plain  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def static_files_are_listed_once() -> Iterator[None]:
    """A test's every browser is a whole application to Django, whose static files would be listed anew for each."""
    plain, listed = WhiteNoiseMiddleware.add_files_from_finders, {}

    def kept(self: WhiteNoiseMiddleware) -> None:
        if self.static_prefix not in listed:
            plain(self)
            listed[self.static_prefix] = dict(self.files)
        self.files.update(listed[self.static_prefix])

    WhiteNoiseMiddleware.add_files_from_finders = kept
    yield
    WhiteNoiseMiddleware.add_files_from_finders = plain


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def bell_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test leaves messages in the queue of a running installation; tests of the bell ring it themselves."""
    monkeypatch.setattr("ssoplanner.recompute.bell.ring", lambda task, plan_id=None: None)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real public data. It is not part of the project: SSOPLANNER_DATA names it."""
    folder = Path(os.environ.get("SSOPLANNER_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real data is not at {folder}; set SSOPLANNER_DATA to run this test")
    return folder
