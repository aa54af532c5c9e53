"""What tests of the engine and its jobs share: what is declared, a clock to step, rows to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, settings

from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import Plan, Role
from ssoplanner.recompute import building, clock, jobs, touch
from ssoplanner.recompute import calculations as registry
from ssoplanner.recompute.calculations import Calculation
from ssoplanner.recompute.jobs import Run, ask, job_kind
from ssoplanner.recompute.models import Job
from ssoplanner.recompute.plans import new_plan
from tests.recompute.figures import Figures, small_plan
from tests.recompute.queue import DeclareKind
from tests.world import COMMAND

Declare = Callable[..., None]
# Where a test is only to fail, as in test_mutants, it need not look for the smallest example: that takes minutes.
settings.register_profile("without-shrinking", phases=(Phase.explicit, Phase.generate))


def forget() -> None:
    registry.calculations.cache_clear()
    touch.state_fields.cache_clear()


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Declare]:
    """`declare(calculation, ...)`: these are the only calculations there are."""

    def these(*calculations: Calculation) -> None:
        monkeypatch.setattr(registry, "declared", lambda: list(calculations))
        forget()

    yield these
    monkeypatch.undo()
    forget()


class Clock:
    """A clock that stands still until it is stepped, forward or back. `elapsed` seconds never go back."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
        self.elapsed = 0.0

    def __call__(self) -> datetime:
        return self.time

    def step(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.elapsed += max(seconds, 0.0)


@pytest.fixture
def stepped(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The engine's clock, in the test's hand; a builder that sleeps moves it on, and no other thread does."""
    mine = Clock()
    monkeypatch.setattr(clock, "now", mine)
    monkeypatch.setattr(building, "time", SimpleNamespace(sleep=mine.step, monotonic=lambda: mine.elapsed))
    return mine


@pytest.fixture
def figures(declare: Declare) -> Figures:
    """The tests' own calculations are the only ones."""
    mine = Figures()
    declare(*mine.all())
    return mine


@pytest.fixture
def plan(db: None, figures: Figures, stepped: Clock) -> Plan:
    """Two agencies, one service, nothing computed yet, under a clock that stands still."""
    return small_plan()


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> DeclareKind:
    """`kind(work, key="list", **facts)`: there is this kind of job, and its files go to a folder of the test's own."""
    monkeypatch.setattr(jobs, "_kinds", {})
    settings.VAR_DIR = tmp_path

    def declare(work: Run, key: str = "list", **facts: Any) -> None:
        words = {"title": "List", "text": "A list.", "suffix": ".txt", "content_type": "text/plain"}
        job_kind(key, roles={Role.OFFICE}, **{**words, **facts})(work)

    return declare


@pytest.fixture
def asker(db: None) -> dict[str, Any]:
    """The plan and the user that `ask` takes."""
    plan = new_plan(name="Plan", actor=COMMAND, slug="here", time_zone="Asia/Tokyo")
    return {"plan": plan, "user": new_account(email="olga@example.gov", name="Olga", password=None)}


@pytest.fixture
def asked(asker: dict[str, Any], stepped: Clock) -> Callable[..., Job]:
    """`asked()`: a job that waits; the clock stands still."""
    return lambda kind="list": ask(**asker, kind=kind)
