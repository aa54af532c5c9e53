"""A long table, searched, sorted and shown page by page as its address says.

Several may stand on one page: `name` tells their parts of the address apart, and is the anchor that links lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from ssoplanner.web.search import fold

Row = TypeVar("Row")
LONGEST_SEARCH = 100
ASCENDING, DESCENDING = "ascending", "descending"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column that may be sorted by where it has a `key`; rows whose key is None come last. Figures: largest first."""

    name: str
    label: str
    key: Callable[[Row], Any] | None = None
    figure: bool = False


@dataclass(frozen=True)
class Head:
    """The head of a column as the table shows it; `order` is how the rows are sorted by it now."""

    label: str
    figure: bool
    url: str
    order: str


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """`rows` are all there are, in the order that rows keep which a column does not tell apart.

    `text` is what a search looks through, `first` the column that they are sorted by unless the address says otherwise:
    none, where their own order is the one to begin with.
    """

    name: str
    rows: Sequence[Row]
    columns: Sequence[Column[Row]]
    asked: QueryDict
    text: Callable[[Row], str]
    first: str = ""
    size: int = 50

    @property
    def search_name(self) -> str:
        return f"{self.name}-search"

    @property
    def search(self) -> str:
        return self.asked.get(self.search_name, "").strip()[:LONGEST_SEARCH]

    @cached_property
    def found(self) -> list[Row]:
        """The rows that the search finds, sorted."""
        words = fold(self.search).split()
        found = [row for row in self.rows if all(word in fold(self.text(row)) for word in words)]
        column, order = self.sorted_by
        key = column.key if column else None
        if key is None:
            return found
        known = [row for row in found if key(row) is not None]
        known.sort(key=key, reverse=order == DESCENDING)
        return known + [row for row in found if key(row) is None]

    @cached_property
    def page(self) -> Page[Row]:
        return Paginator(self.found, self.size).get_page(self.asked.get(f"{self.name}-page"))

    @cached_property
    def sorted_by(self) -> tuple[Column[Row] | None, str]:
        """The column if there is one, and which way."""
        chosen = self.asked.get(f"{self.name}-sort", "")
        by_name = {column.name: column for column in self.columns if column.key}
        column = by_name.get(chosen.removeprefix("-")) or by_name.get(self.first)
        if column is None:
            return None, ""
        turned = chosen == f"-{column.name}"
        return column, DESCENDING if column.figure is not turned else ASCENDING

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column[Row]) -> Head:
        if column.key is None:
            return Head(column.label, column.figure, "", "")
        by, order = self.sorted_by
        current = by is column
        natural = DESCENDING if column.figure else ASCENDING
        other = f"-{column.name}" if current and order == natural else column.name
        return Head(column.label, column.figure, self._url(sort=other, page=None), order if current else "")

    @property
    def is_long(self) -> bool:
        """Whether it needs a search: it has more rows than a page, whatever is found."""
        return len(self.rows) > self.size

    @property
    def is_asked(self) -> bool:
        """Whether the address says anything of it."""
        return any(f"{self.name}-{part}" in self.asked for part in ("search", "sort", "page"))

    @property
    def previous_url(self) -> str:
        return self._url(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self._url(page=self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def all_url(self) -> str:
        """Without the search."""
        return self._url(search=None, page=None)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What else stands in the address, which a search keeps."""
        left_out = {self.search_name, f"{self.name}-page"}
        return [(name, value) for name, values in self.asked.lists() if name not in left_out for value in values]

    def _url(self, **parts: Any) -> str:
        address = self.asked.copy()
        for part, value in parts.items():
            address.pop(f"{self.name}-{part}", None)
            if value is not None:
                address[f"{self.name}-{part}"] = str(value)
        return f"?{address.urlencode()}#{self.name}"
