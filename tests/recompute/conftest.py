"""What tests of the engine share: declared calculations of their own, a clock to step, rows to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ssoplanner.recompute import calculations as registry
from ssoplanner.recompute import clock, touch
from ssoplanner.recompute.calculations import Calculation

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
    """A clock that stands still until it is stepped, forward or back."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def step(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def stepped(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The engine's clock, in the test's hand; whoever sleeps moves it on."""
    mine = Clock()
    monkeypatch.setattr(clock, "now", mine)
    monkeypatch.setattr("ssoplanner.recompute.building.time.sleep", mine.step)
    return mine
