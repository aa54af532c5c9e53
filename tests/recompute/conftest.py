"""What tests of the engine share: declared calculations of their own, a clock to step, rows to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from ssoplanner.core.models import Plan
from ssoplanner.recompute import building, clock, touch
from ssoplanner.recompute import calculations as registry
from ssoplanner.recompute.calculations import Calculation
from tests.recompute.figures import Figures, small_plan

Declare = Callable[..., None]


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
    """The engine's clock, in the test's hand; whoever sleeps moves it on."""
    mine = Clock()
    monkeypatch.setattr(clock, "now", mine)
    monkeypatch.setattr("time.sleep", mine.step)
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
