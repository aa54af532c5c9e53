"""What becomes of each row of a file, given what its columns mean and what the plan holds now. Nothing is written.

A row is taken whole or left out whole, with a sentence for each cell that is wrong. An empty cell leaves what the plan
has. Annual cost = FTE x average salary x loading factor, in the plan's currency, rounded half up to the cent; a column
that holds the annual cost itself stands. A service without any figure in the row gets none.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from ssoplanner.workbook.agencies.cells import CannotRead, Read, Suppressed, quoted, read_money, reader
from ssoplanner.workbook.agencies.mapping import Column
from ssoplanner.workbook.agencies.mapping import Mapping as Meaning
from ssoplanner.workbook.agencies.targets import AGENCY, CODE, COST, FTE, NAME, SALARY

Values = dict[str, Any]
Versions = frozenset[tuple[int, int]]  # key and version of each row
Diff = dict[str, tuple[Any, Any]]  # field -> (before, after)
CENT = Decimal("0.01")
MOST_MONEY = Decimal(10) ** 13 - 1


class Fate(StrEnum):
    """The value is what filters of the page are called."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Stored:
    """A row of the plan: its key, its version and those of its values that may be compared."""

    pk: int
    version: int
    values: Values


@dataclass(frozen=True)
class Known:
    """What the plan holds: agencies by code, and provisions of the year by the keys of agency and service."""

    agencies: Mapping[str, Stored]
    provisions: Mapping[tuple[int, int], Stored]

    def agency(self, code: str) -> Stored | None:
        """The agency with the code, in any case: DOH and doh are one."""
        return self.agencies.get(code) or self.agencies.get(code.casefold())

    @property
    def versions(self) -> tuple[Versions, Versions]:
        """Of agencies and of provisions."""
        agencies, provisions = (
            frozenset((one.pk, one.version) for one in rows)
            for rows in (self.agencies.values(), self.provisions.values())
        )
        return agencies, provisions


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell; `column` is None where it is the whole row."""

    column: int | None
    sentence: str


@dataclass
class Row:
    """A row of the file and what becomes of it. `provisions`, and those `stored` already, are by the service's key."""

    number: int
    code: str = ""
    name: str = ""
    fate: Fate = Fate.LEFT_OUT
    known: Stored | None = None
    agency: Diff = field(default_factory=dict)
    provisions: dict[int, Diff] = field(default_factory=dict)
    stored: dict[int, Stored] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)  # columns whose cell hides a figure

    def digest(self) -> str:
        """Eight letters that differ if anything else becomes of the row."""
        parts = (self.fate, self.agency, sorted(self.provisions.items()), [p.sentence for p in self.problems])
        return base64.urlsafe_b64encode(hashlib.sha256(repr(parts).encode()).digest()[:6]).decode()


@dataclass(frozen=True)
class Source:
    """What provisions get as the place that their figures come from: with and without computed costs."""

    plain: str
    computed: str


def fates(
    rows: Sequence[tuple[int, list[Any]]], width: int, meaning: Meaning, known: Known, source: Source
) -> list[Row]:
    """What becomes of each row; `width` is the number of columns that have a name."""
    reading = _Reading(rows, width, meaning)
    doubles = _doubles(reading, rows)
    found = []
    for number, cells in rows:
        row, values = reading.row(number, cells)
        row.problems += doubles.get(row.code.casefold(), [])
        _decide(row, values, meaning, known, source)
        found.append(row)
    return found


class _Reading:
    """Reads the cells of rows by the meaning of their columns."""

    def __init__(self, rows: Sequence[tuple[int, list[Any]]], width: int, meaning: Meaning) -> None:
        self.width, self.meaning = width, meaning
        self.readers = [(column, self._reader(column, rows)) for column in meaning.columns]

    def _reader(self, column: Column, rows: Sequence[tuple[int, list[Any]]]) -> Read:
        if column.target.field is None:
            return lambda cell: read_money(cell, self.meaning.numbers)
        return reader(column.target.field, self.meaning.numbers, (_cell(cells, column.index) for _, cells in rows))

    def row(self, number: int, cells: list[Any]) -> tuple[Row, dict[tuple[str, int | None], Any]]:
        """The row with its problems, and its values by target and service; what is unknown is not among them."""
        row, values = Row(number), dict[tuple[str, int | None], Any]()
        if len(cells) > self.width:
            row.problems.append(Problem(None, TOO_WIDE))
        for column, read in self.readers:
            try:
                value = self._value(column, read, _cell(cells, column.index), row)
            except CannotRead as refusal:
                row.problems.append(Problem(column.index, str(refusal)))
            else:
                if value is not None:
                    values[column.key, column.service] = value
        row.code, row.name = str(values.get((CODE, None), "")), str(values.get((NAME, None), ""))
        return row, values

    def _value(self, column: Column, read: Read, cell: Any, row: Row) -> Any:
        if column.key != FTE or not self.meaning.suppressed:
            return read(cell)
        try:
            value = read(cell)
        except Suppressed:
            value = Decimal(0)
        if value != 0 or value is None:
            return value
        row.unknown.append(column.index)
        return None


TOO_WIDE = "This row has more cells than the header: is there a separator inside a text without quotation marks?"


def _cell(cells: list[Any], index: int) -> Any:
    return cells[index] if index < len(cells) else None


def _doubles(reading: _Reading, rows: Iterable[tuple[int, list[Any]]]) -> dict[str, list[Problem]]:
    """By code: the problem of all rows that have it, where there are several."""
    column = reading.meaning.find(CODE)
    read = next(read for one, read in reading.readers if one is column)
    numbers: dict[str, list[int]] = {}
    for number, cells in rows:
        try:
            code = read(_cell(cells, column.index)) if column else None
        except CannotRead:
            continue
        if code:
            numbers.setdefault(code.casefold(), []).append(number)
    index = column.index if column else None
    return {code: [Problem(index, _double(same))] for code, same in numbers.items() if len(same) > 1}


def _double(numbers: list[int]) -> str:
    shown = [str(number) for number in numbers[:9]] + (["more"] if len(numbers) > 9 else [])
    return f"Rows {', '.join(shown[:-1])} and {shown[-1]} have the same code. Keep one of them."


def _decide(
    row: Row, values: dict[tuple[str, int | None], Any], meaning: Meaning, known: Known, source: Source
) -> None:
    """Fill in what becomes of the row."""
    row.known = known.agency(row.code) if row.code else None
    row.problems += _missing(row, meaning)
    if row.problems:
        return
    if row.known is not None and not meaning.update:
        row.fate = Fate.SAME
        return
    given = {key.partition(".")[2]: value for (key, _), value in values.items() if key.startswith(AGENCY)}
    row.agency = _diff(given, row.known, ignore="code" if row.known else "")
    for service in meaning.services:
        row.provisions |= _provision(row, service, values, meaning, known, source)
    if row.problems:
        row.agency, row.provisions = {}, {}
        return
    changed = Fate.CHANGED if row.agency or row.provisions else Fate.SAME
    row.fate = changed if row.known else Fate.NEW


def _missing(row: Row, meaning: Meaning) -> list[Problem]:
    column, names = meaning.find(CODE), meaning.find(NAME)
    index = column.index if column else None
    wrong = {problem.column for problem in row.problems}
    if not row.code:
        return [] if index in wrong else [Problem(index, "The code is missing.")]
    if row.known is None and not row.name and (names is None or names.index not in wrong):
        sentence = f"The plan has no agency with the code {quoted(row.code)} yet, and a new one needs a name."
        return [Problem(names.index if names else index, sentence)]
    return []


def _diff(given: Values, stored: Stored | None, ignore: str = "") -> Diff:
    before = stored.values if stored else {}
    return {
        name: (before.get(name), value) for name, value in given.items() if name != ignore and value != before.get(name)
    }


def _provision(
    row: Row,
    service: int,
    values: dict[tuple[str, int | None], Any],
    meaning: Meaning,
    known: Known,
    source: Source,
) -> dict[int, Diff]:
    """What changes in the figures of one service; empty if nothing does."""
    given = {key.partition(".")[2]: value for (key, one), value in values.items() if one == service}
    cost = _cost(row, service, values, meaning)
    if cost is not None:
        given["annual_cost"] = cost
    stored = known.provisions.get((row.known.pk, service)) if row.known else None
    _check_targets(row, service, given, stored, meaning)
    diff = _diff(given, stored)
    if not diff:
        return {}
    if stored is not None:
        row.stored[service] = stored
    text = source.computed if cost is not None else source.plain
    return {service: diff | _diff({"source": text}, stored)}


def _cost(row: Row, service: int, values: dict[tuple[str, int | None], Any], meaning: Meaning) -> Decimal | None:
    """The cost of the staff, where it is to be computed and everything for it is known."""
    fte, salary = values.get((FTE, service)), values.get((SALARY, None))
    if meaning.loading is None or fte is None or salary is None or meaning.find(COST, service) is not None:
        return None
    cost: Decimal = (fte * salary * meaning.loading).quantize(CENT, ROUND_HALF_UP)
    if cost > MOST_MONEY:
        column = meaning.find(FTE, service)
        row.problems.append(Problem(column.index if column else None, "The cost computed from this is too large."))
        return None
    return cost


def _check_targets(row: Row, service: int, given: Values, stored: Stored | None, meaning: Meaning) -> None:
    """Service targets come in pairs, and no more are met than there are."""
    now = {**(stored.values if stored else {}), **given}
    met, total = now.get("sla_met"), now.get("sla_total")
    sentence = ""
    if (met is None) != (total is None):
        sentence = "Service targets met, and in all, are given together or not at all."
    elif met is not None and met > total:
        sentence = f"{met:,} service targets met is more than the {total:,} there are."
    if sentence and {"sla_met", "sla_total"} & given.keys():
        column = meaning.find("provision.sla_met", service) or meaning.find("provision.sla_total", service)
        row.problems.append(Problem(column.index if column else None, sentence))
