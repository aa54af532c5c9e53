"""One cell of a file as the value of a field. Whatever cannot be read for certain is refused with a sentence.

An empty cell, and what people write instead (a dash, n/a), is None: unknown, which is not zero. `inf` and the like,
with which statistics hide small figures, is `Suppressed`. Figures are rounded half up to the decimals of their field.
Shares are given in per cent, or as fractions where no figure of the column is above 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.db import models

from ssoplanner.core.fields import ShareField
from ssoplanner.web.audit_csv import FORMULA_STARTS

Read = Callable[[Any], Any]


class Numbers(StrEnum):
    """How the file writes figures; the value is also the label."""

    POINT = "1,234.5"
    COMMA = "1.234,5"


class CannotRead(Exception):
    """The cell does not hold what belongs there; `str()` is the sentence about it."""


class Suppressed(CannotRead):
    """The cell holds what stands for a figure that is not told."""


EMPTY = {"", "-", "–", "—", "n/a", "na", "n.a.", "not known", "not given", "unknown", "?"}
HIDDEN = {"inf", "+inf", "-inf", "infinity", "nan", "*", "**", "(d)", "(s)"}
FAILED = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
LOST = "\ufffd"
YES, NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0"}
PATTERNS = {
    Numbers.POINT: re.compile(r"([+-]?)(\d{1,40}|\d{1,3}(?:[, ]\d{3}){1,12})(?:\.(\d{1,40}))?", re.ASCII),
    Numbers.COMMA: re.compile(r"([+-]?)(\d{1,40}|\d{1,3}(?:[. ]\d{3}){1,12})(?:,(\d{1,40}))?", re.ASCII),
}
ODD_SIGNS = str.maketrans({"−": "-", "’": " ", "'": " ", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
CURRENCY = re.compile(r"\A(?:[$€£¥]|[A-Z]{3}(?=[ \d]))\s*|\s*(?:[$€£¥]|(?<=[ \d])[A-Z]{3})\Z")
MOST_INTEGER = {"PositiveIntegerField": 2**31 - 1, "PositiveBigIntegerField": 2**63 - 1}
QUOTED_CHARS = 40


def quoted(cell: Any) -> str:
    """The cell as a sentence names it."""
    text = written(cell)
    return f"“{text[: QUOTED_CHARS - 1]}…”" if len(text) > QUOTED_CHARS else f"“{text}”"


def written(cell: Any) -> str:
    """The cell as text: whole numbers of a workbook, which are floats, without their `.0`."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def reader(field: models.Field[Any, Any], numbers: Numbers, column: Iterable[Any] = ()) -> Read:
    """A function from a cell to the field's value. `column` are all cells of it, by which shares are told."""
    if field.choices:
        return _choice_reader(field)
    if isinstance(field, models.BooleanField):
        return read_flag
    if isinstance(field, ShareField):
        return _share_reader(numbers, column)
    if isinstance(field, models.DecimalField):
        return _amount_reader(field, numbers)
    if isinstance(field, models.IntegerField):
        return _whole_reader(MOST_INTEGER[field.get_internal_type()], numbers)
    return _text_reader(field)


def read_figure(cell: Any, numbers: Numbers) -> Decimal | None:
    """The figure, below zero or not. Raises CannotRead, and `Suppressed` for `inf` and the like."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        raise CannotRead(f"{quoted(cell)} is no number.")
    if isinstance(cell, (int, float)):
        return Decimal(repr(cell))
    text = str(cell)
    if text.isascii() and text.isdigit() and len(text) <= 40:
        return Decimal(text)
    return _figure(text, numbers)


def _figure(text: str, numbers: Numbers) -> Decimal | None:
    typed = CURRENCY.sub("", text.translate(ODD_SIGNS).strip()).strip()
    if typed.casefold() in EMPTY:
        return None
    if typed.casefold() in HIDDEN:
        raise Suppressed(f"{quoted(text)} is no number. Leave the cell empty where the figure is unknown.")
    if text in FAILED:
        raise CannotRead(f"The formula of this cell failed: {text}.")
    found = PATTERNS[numbers].fullmatch(typed)
    if found is None:
        raise CannotRead(f"{quoted(text)} is no number such as {numbers}.")
    sign, whole, fraction = found.groups()
    return Decimal(f"{sign}{re.sub('[,. ]', '', whole)}.{fraction or 0}")


def read_money(cell: Any, numbers: Numbers) -> Decimal | None:
    """An amount that is not below zero, unrounded."""
    return _not_below_zero(read_figure(cell, numbers), cell)


def _not_below_zero(figure: Decimal | None, cell: Any) -> Decimal | None:
    if figure is not None and figure < 0:
        raise CannotRead(f"{quoted(cell)} is below zero.")
    return figure


def _amount_reader(field: models.DecimalField[Any, Any], numbers: Numbers) -> Read:
    unit = Decimal(1).scaleb(-field.decimal_places)
    too_large = Decimal(10) ** (field.max_digits - field.decimal_places)
    digits = field.max_digits - field.decimal_places

    def read(cell: Any) -> Decimal | None:
        figure = _not_below_zero(read_figure(cell, numbers), cell)
        if figure is None:
            return None
        rounded = figure.quantize(unit, ROUND_HALF_UP) if figure < too_large else figure
        if rounded >= too_large:
            raise CannotRead(f"{quoted(cell)} is too large: at most {digits} digits before the decimal point.")
        return rounded

    return read


def _whole_reader(most: int, numbers: Numbers) -> Read:
    def read(cell: Any) -> int | None:
        figure = _not_below_zero(read_figure(cell, numbers), cell)
        if figure is None:
            return None
        if figure > most:
            raise CannotRead(f"{quoted(cell)} is too large: at most {most:,}.")
        if figure != int(figure):
            raise CannotRead(f"{quoted(cell)} is no whole number.")
        return int(figure)

    return read


def _share_reader(numbers: Numbers, column: Iterable[Any]) -> Read:
    fractions = _are_fractions(column, numbers)

    def read(cell: Any) -> Decimal | None:
        percent = isinstance(cell, str) and cell.endswith("%")
        figure = _not_below_zero(read_figure(cell.removesuffix("%").strip() if percent else cell, numbers), cell)
        if figure is None:
            return None
        share = figure if fractions and not percent else figure / 100
        if share > 1:
            raise CannotRead(f"{quoted(cell)} is above 100 %.")
        return share.quantize(Decimal("0.0001"), ROUND_HALF_UP)

    return read


def _are_fractions(column: Iterable[Any], numbers: Numbers) -> bool:
    figures = []
    for cell in column:
        try:
            figures.append(read_figure(cell, numbers) or Decimal(0))
        except CannotRead:
            continue
    return max(figures, default=Decimal(2)) <= 1


def read_flag(cell: Any) -> bool | None:
    """Yes or no in the words that people use for it."""
    word = written(cell).strip().casefold()
    if word in EMPTY:
        return None
    if word not in YES | NO:
        raise CannotRead(f"{quoted(cell)} is neither yes nor no.")
    return word in YES


def _choice_reader(field: models.Field[Any, Any]) -> Read:
    labels = {str(label): key for key, label in field.flatchoices}
    known = {word.casefold(): key for label, key in labels.items() for word in (label, key)}

    def read(cell: Any) -> str | None:
        word = written(cell).strip().casefold()
        if word in EMPTY:
            return None
        if word not in known:
            raise CannotRead(f"{quoted(cell)} is not one of: {', '.join(labels)}.")
        return str(known[word])

    return read


def _text_reader(field: models.Field[Any, Any]) -> Read:
    most = field.max_length

    def read(cell: Any) -> str | None:
        text = written(cell).strip()
        if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS):
            text = text[1:]  # so our own files keep a spreadsheet from computing it
        if text in FAILED:
            raise CannotRead(f"The formula of this cell failed: {text}.")
        if LOST in text:
            raise CannotRead(f"{quoted(text)} holds letters that were lost ({LOST}). Type them anew.")
        if most is not None and len(text) > most:
            raise CannotRead(f"{quoted(text)} has {len(text):,} characters; at most {most:,} fit.")
        return text or None

    return read
