"""The body of a grid as HTML. A template loop takes a hundred times as long for a table of this size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ssoplanner.web.grid.tables import NOT_THERE, Column, Grid, Line, texts


def body(grid: Grid) -> SafeString:
    """The rows of the grid; everything that people wrote is escaped."""
    return mark_safe("".join(_row(grid, line) for line in grid.lines))


def _row(grid: Grid, line: Line) -> str:
    version = line.instance.version if line.instance else NOT_THERE
    shown = texts(line.instance, grid.columns)
    cells = "".join(_cells(grid.columns, shown, line.fixed))
    attributes = f'data-row="{escape(line.key)}" data-version="{version}"'
    if not line.editable:
        attributes += " data-fixed"
    return f"<tr {attributes}>{_head(line)}{cells}</tr>"


def _head(line: Line) -> str:
    head: str = escape(line.head)
    if line.name:
        head += f'<span class="visually-hidden"> {escape(line.name)}</span>'
    if line.url:
        head = f'<a href="{escape(line.url)}" tabindex="-1">{head}</a>'
    note = f'<span class="note">{escape(line.note)}</span>' if line.note else ""
    return f'<th scope="row">{head}{note}</th>'


def _cells(columns: Iterable[Column], shown: dict[str, str], fixed: Mapping[str, str]) -> Iterable[str]:
    for column in columns:
        numeric = ' class="num"' if column.cell.kind == "figure" else ""
        why = f' data-fixed aria-readonly="true" title="{escape(fixed[column.name])}"' if column.name in fixed else ""
        yield f'<td{numeric}{why} tabindex="-1">{escape(shown[column.name])}</td>'
