"""Where the bars of a timeline stand: planned days as outlines, actual ones inside of them, row by row in groups.

Across, everything is a per cent of the drawing's width, so that it takes what room there is; down, it is pixels. The
axis covers whole calendar years, from the first day that is drawn to the last, today among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

AXIS, HEAD, ROW = 56, 26, 28  # heights: the axis on top, the head of a group, a row
PLANNED, ACTUAL = 18, 10  # heights of the two bars of a row
NARROWEST = 0.5  # per cent; a single day is still seen
MOST_YEARS_WITH_QUARTERS = 8
MOST_LABELS = 12


@dataclass(frozen=True)
class Span:
    """Days from `start` to `end`, both of them included. ValueError if it ends before it starts."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"A span cannot end on {self.end}, before it starts on {self.start}.")


@dataclass(frozen=True)
class Row:
    """What was planned and what became of it; None where there is nothing to draw."""

    key: str
    planned: Span | None
    actual: Span | None


@dataclass(frozen=True)
class Group:
    key: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Bar:
    """`x` and `width` are per cent, `y` and `height` pixels."""

    x: float
    width: float
    y: int
    height: int

    @property
    def end(self) -> float:
        return self.x + self.width


@dataclass(frozen=True)
class PlacedRow:
    key: str
    top: int
    planned: Bar | None
    actual: Bar | None

    @property
    def height(self) -> int:
        return ROW

    @property
    def middle(self) -> int:
        return self.top + ROW // 2


@dataclass(frozen=True)
class PlacedGroup:
    """A group from its head at `top`, over `height` pixels."""

    key: str
    top: int
    height: int
    rows: tuple[PlacedRow, ...]

    @property
    def head(self) -> int:
        return HEAD

    @property
    def middle(self) -> int:
        """Of its head."""
        return self.top + HEAD // 2


@dataclass(frozen=True)
class Tick:
    """The beginning of a year or quarter."""

    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    height: int
    years: tuple[Tick, ...]
    quarters: tuple[Tick, ...]
    today: float
    groups: tuple[PlacedGroup, ...]


@dataclass(frozen=True)
class Scale:
    """Days to per cent. `last` is the day after the last one, as an ordinal, since there is no year 10000."""

    first: int
    last: int

    def at(self, ordinal: float) -> float:
        return round(100 * (ordinal - self.first) / (self.last - self.first), 3)


def timeline(groups: Sequence[Group], today: date) -> Timeline:
    """The drawing of these groups, in their order, with a line in the middle of `today`."""
    years = _years([today, *_days(groups)])
    scale = Scale(_new_year(years[0]), _new_year(years[-1] + 1))
    placed, top = [], AXIS
    for group in groups:
        placed.append(_placed(group, top, scale))
        top += placed[-1].height
    return Timeline(
        height=top,
        years=_year_ticks(years, scale),
        quarters=_quarter_ticks(years, scale),
        today=scale.at(today.toordinal() + 0.5),
        groups=tuple(placed),
    )


def _days(groups: Iterable[Group]) -> Iterable[date]:
    spans = (span for group in groups for row in group.rows for span in (row.planned, row.actual) if span)
    return [day for span in spans for day in (span.start, span.end)]


def _years(days: Iterable[date]) -> range:
    found = [day.year for day in days]
    return range(min(found), max(found) + 1)


def _new_year(year: int) -> int:
    """The ordinal of its first day, for the year after the last that a date can have too."""
    return date(year - 1, 12, 31).toordinal() + 1 if year > 1 else 1


def _year_ticks(years: range, scale: Scale) -> tuple[Tick, ...]:
    """One for each year; where there are many, one for every so many of them."""
    step = -(-len(years) // MOST_LABELS)
    return tuple(Tick(scale.at(_new_year(year)), str(year)) for year in years[::step])


def _quarter_ticks(years: range, scale: Scale) -> tuple[Tick, ...]:
    """The four quarters of each year, while there is room for them."""
    if len(years) > MOST_YEARS_WITH_QUARTERS:
        return ()
    return tuple(
        Tick(scale.at(date(year, 3 * quarter - 2, 1).toordinal()), f"Q{quarter}")
        for year in years
        for quarter in range(1, 5)
    )


def _placed(group: Group, top: int, scale: Scale) -> PlacedGroup:
    rows = tuple(_row(row, top + HEAD + ROW * place, scale) for place, row in enumerate(group.rows))
    return PlacedGroup(group.key, top, HEAD + ROW * len(rows), rows)


def _row(row: Row, top: int, scale: Scale) -> PlacedRow:
    return PlacedRow(row.key, top, _bar(row.planned, top, PLANNED, scale), _bar(row.actual, top, ACTUAL, scale))


def _bar(span: Span | None, top: int, height: int, scale: Scale) -> Bar | None:
    """Never narrower than can be seen, and never over the edge for that."""
    if span is None:
        return None
    x = scale.at(span.start.toordinal())
    width = max(scale.at(span.end.toordinal() + 1) - x, NARROWEST)
    return Bar(round(min(x, 100 - width), 3), round(width, 3), top + (ROW - height) // 2, height)
