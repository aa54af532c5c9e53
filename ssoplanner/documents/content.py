"""What a document consists of. A page's content is put into these once, and both kinds of file are written from them.

All texts are finished: figures, money and dates in the plan's own format. A `tone` is one of `TONES`; beside it always
stands a word, since paper is often black and white.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

TONES = ("upcoming", "on_track", "late", "critical", "complete")
Span = tuple[int, int]  # first and last column, counted from 0


@dataclass(frozen=True)
class Line:
    """A line of a cell; `tone` puts the mark of a state before it."""

    text: str
    tone: str = ""
    quiet: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Cell:
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Paragraph:
    kind: ClassVar = "paragraph"
    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Facts:
    """Labels with their values, for what stands at the head of a document."""

    kind: ClassVar = "facts"
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """`title` is read aloud before it; the first cell of each row names the row. `widths` are per cent of the whole."""

    kind: ClassVar = "table"
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class CalendarRow:
    """One line of a calendar: what was planned and what happened, as columns, and both in words."""

    label: str
    words: str
    tone: str
    planned: Span | None = None
    actual: Span | None = None


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[CalendarRow, ...]


@dataclass(frozen=True)
class Calendar:
    """Bars over time as a table. `ticks` are headings with the number of columns that each spans."""

    kind: ClassVar = "calendar"
    title: str
    ticks: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]
    today: int | None = None

    @property
    def columns(self) -> int:
        return sum(size for _, size in self.ticks)

    @property
    def lines(self) -> list[tuple[Group, list[tuple[CalendarRow, list[str]]]]]:
        """Each group with its rows, and what each column of a row shows."""
        return [(group, [(row, columns_of(row, self.columns)) for row in group.rows]) for group in self.groups]


@dataclass(frozen=True)
class Legend:
    """What the marks mean: (tone, word)."""

    kind: ClassVar = "legend"
    pairs: tuple[tuple[str, str], ...]


Block = Paragraph | Facts | Table | Calendar | Legend


@dataclass(frozen=True)
class Section:
    """`new_page` begins it on a page of its own."""

    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True)
class Document:
    """`made` says when it was made and by whom it was asked for; `notice` what must not be overlooked."""

    title: str
    subtitle: str
    made: str
    sections: tuple[Section, ...]
    notice: str = ""
    landscape: bool = False


def cell(text: str, **looks: bool | str) -> Cell:
    """A cell of one line."""
    return Cell((Line(text, **looks),))  # type: ignore[arg-type]


def columns_of(row: CalendarRow, columns: int) -> list[str]:
    """What each column of a calendar's row shows: "both", "actual", "planned" or nothing."""
    return [_shown(row, column) for column in range(columns)]


def _shown(row: CalendarRow, column: int) -> str:
    planned, actual = (_covers(span, column) for span in (row.planned, row.actual))
    if planned and actual:
        return "both"
    return "actual" if actual else "planned" if planned else ""


def _covers(span: Span | None, column: int) -> bool:
    return span is not None and span[0] <= column <= span[1]
