"""The reading process: a file that passed the gate comes in on standard input, its cells go out as JSON.

It is started by path (see `reader.py`) and imports nothing of this project, so that it starts fast, holds no secret
and has nothing to reach for. It limits itself before it reads a byte. The answer is one JSON object, either
`{"tables": [{"name": ..., "rows": [[cell, ...], ...]}]}` or `{"refused": [reason, remedy]}`. A cell is null, a string,
a number or a boolean, or one of `{"date": ...}`, `{"datetime": ...}` in ISO 8601 and `{"error": "#DIV/0!"}`.
"""

import csv
import datetime
import io
import json
import math
import posixpath
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import IO, Any
from xml.parsers import expat

MIB = 1024 * 1024
MAX_MEMORY_BYTES = 1024 * MIB  # address space of this process
MAX_CPU_SECONDS = 20
MAX_OPEN_FILES = 32
MAX_ANSWER_BYTES = 64 * MIB  # bytes of the JSON answer

MAX_SHEETS = 50
MAX_SHEET_CELLS = 200_000  # cells of one sheet that hold something
MAX_FILE_CELLS = 1_000_000  # cells of one file that hold something, in a CSV file also the empty ones
MAX_SHEET_AREA = 2_000_000  # cells from A1 to the last one, filled or not: the reading library lays them all out
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # what the file format itself allows
MAX_CELL_CHARS = 32_767  # characters of one cell, the format's own limit
MAX_ERROR_CHARS = 20  # characters kept of an error such as #DIV/0!
MAX_NAME_CHARS = 100  # characters of a sheet's name; spreadsheet programs allow 31
MAX_CSV_ROWS, MAX_CSV_COLUMNS = 100_000, 500

CHUNK_BYTES = 64 * 1024  # bytes parsed at once
# Errors that the reading library knows; of a workbook that holds another one it would read nothing.
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
DELIMITERS = ",;\t|"
ROWS_TO_JUDGE_BY = 20  # first rows of a CSV file from which its delimiter is guessed
SPLIT_IT = "Split it into several files and upload them one by one."
DELETE_EMPTY = "Delete the empty rows below your figures and the empty columns beside them, and upload it again."
CORRECT_FORMULA = "Correct the formula or replace it by a value, save the workbook and upload it again."
SAVE_ANEW = "Open it in your spreadsheet program, save it as a new .xlsx workbook and upload that one."

Cell = str | float | bool | datetime.date | dict[str, str] | None


class Refused(Exception):
    """The file is not read; the two arguments are the reason and the remedy, plain text for its owner."""


def limit_resources(memory: int = MAX_MEMORY_BYTES, cpu_seconds: int = MAX_CPU_SECONDS) -> None:
    """Takes from this process, for good, what reading does not need: memory, time, open files, writing, forking."""
    try:
        import resource
    except ImportError:
        return  # on Windows only the parent's timeout and the bounds below protect
    limits = {
        "RLIMIT_AS": (memory, memory),
        "RLIMIT_CPU": (cpu_seconds, cpu_seconds + 1),
        "RLIMIT_NOFILE": (MAX_OPEN_FILES, MAX_OPEN_FILES),
        "RLIMIT_FSIZE": (0, 0),
        "RLIMIT_NPROC": (0, 0),
        "RLIMIT_CORE": (0, 0),
    }
    for name, limit in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), limit)
        except (AttributeError, ValueError, OSError):
            # macOS knows no limit on address space; one that cannot be set must not keep the others from being set
            continue


def read_xlsx(content: bytes) -> list[dict[str, Any]]:
    """The worksheets in the workbook's order, each row as wide as the sheet; hidden ones too, chart sheets not."""
    bounds = measure_sheets(content)
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = workbook.sheets_metadata
    if len(sheets) > MAX_SHEETS:
        raise Refused(f"The workbook holds {len(sheets)} sheets; at most {MAX_SHEETS} are read.", SPLIT_IT)
    tables = []
    for index, sheet in enumerate(sheets):
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        if len(sheet.name) > MAX_NAME_CHARS:
            raise Refused(f"The name of a sheet is longer than {MAX_NAME_CHARS} characters.", "Rename the sheet.")
        rows = workbook.get_sheet_by_index(index).to_python(skip_empty_area=False)
        errors = bounds[index].errors if index < len(bounds) else {}
        tables.append(
            {"name": sheet.name, "rows": [_xlsx_row(row, at, errors, sheet.name) for at, row in enumerate(rows)]}
        )
    if not tables:
        raise Refused(
            "The workbook holds no sheet with cells.", "Upload a workbook with at least one sheet of figures."
        )
    return tables


def _xlsx_row(row: list[Any], at: int, errors: dict[tuple[int, int], str], sheet: str) -> list[Cell]:
    return [
        {"error": errors[at, column]} if (at, column) in errors else _xlsx_cell(value, sheet)
        for column, value in enumerate(row)
    ]


def _xlsx_cell(value: Any, sheet: str) -> Cell:
    if isinstance(value, str):
        if len(value) > MAX_CELL_CHARS:
            raise Refused(
                f"A cell of the sheet “{sheet}” holds more than {MAX_CELL_CHARS:,} characters.", "Shorten it."
            )
        return value or None
    if isinstance(value, float) and not math.isfinite(value):
        return {"error": "#NUM!"}
    return value if value is None or isinstance(value, bool | int | float) else _moment(value)


def _moment(value: Any) -> Cell:
    if isinstance(value, datetime.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return value / datetime.timedelta(days=1)
    return value.isoformat() if isinstance(value, datetime.time) else str(value)


class SheetBounds:
    """What the sheet data of one XML part really covers, and its error cells, which the reading library gives as empty.

    Rows and columns are zero-based. Nothing is counted in a part that holds no sheet data.
    """

    def __init__(self) -> None:
        self.cells = 0
        self.errors: dict[tuple[int, int], str] = {}
        self._row = self._column = self._last_row = self._last_column = -1
        self._position = (0, 0)
        self._is_error = self._is_filled = False
        self._error = ""
        self._on: dict[str, Callable[[dict[str, str]], None]] = {
            "sheetData": self._start_data,
            "dimension": self._check_dimension,
        }
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start

    def measure(self, stream: IO[bytes]) -> "SheetBounds":
        while chunk := stream.read(CHUNK_BYTES):
            self._parser.Parse(chunk, False)
        self._parser.Parse(b"", True)
        del self._parser  # it and this object hold each other
        return self

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handle = self._on.get(name) or self._on.get(name.rpartition(":")[2])
        if handle:
            handle(attributes)

    def _start_data(self, _: dict[str, str]) -> None:
        self._on |= {"row": self._start_row, "c": self._start_cell, "v": self._start_value, "is": self._start_value}

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self._row = self._row + 1 if number is None else _row_index(number)
        self._column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            self._position = self._row, self._column
        else:
            self._position = parse_reference(reference)
            self._column = self._position[1]
        if self._column >= MAX_COLUMNS:
            raise Refused(f"A sheet is wider than {MAX_COLUMNS:,} columns.", SAVE_ANEW)
        self._is_error = attributes.get("t") == "e"
        self._is_filled = False

    def _start_value(self, _: dict[str, str]) -> None:
        if self._is_error:
            self._error = ""
            self._parser.CharacterDataHandler = self._read_error
            self._parser.EndElementHandler = self._end_error
        if self._is_filled:
            return
        self._is_filled = True
        self.cells += 1
        if self.cells > MAX_SHEET_CELLS:
            raise Refused(f"A sheet holds more than {MAX_SHEET_CELLS:,} filled cells.", SPLIT_IT)
        self._last_row = max(self._last_row, self._position[0])
        self._last_column = max(self._last_column, self._position[1])
        _check_area(self._last_row + 1, self._last_column + 1)

    def _read_error(self, text: str) -> None:
        self._error = (self._error + text)[:MAX_ERROR_CHARS]

    def _end_error(self, _: str) -> None:
        self.errors[self._position] = self._error.strip() or "#VALUE!"
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None

    def _check_dimension(self, attributes: dict[str, str]) -> None:
        """Refuses a sheet that says it is huge, even if it is not: other programs believe it."""
        corner = attributes.get("ref", "").rpartition(":")[2]
        if corner:
            row, column = parse_reference(corner)
            _check_area(row + 1, column + 1)


def _check_area(rows: int, columns: int) -> None:
    if rows * columns > MAX_SHEET_AREA:
        raise Refused(
            f"A sheet reaches over {rows:,} rows and {columns:,} columns, far beyond its figures.", DELETE_EMPTY
        )


def measure_sheets(content: bytes) -> list[SheetBounds]:
    """The bounds of the workbook's sheets, in their order.

    Walks every XML part before the reading library may, and refuses what the library would lay out too large.
    """
    measured: dict[str, SheetBounds] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            if part.casefold().endswith(".xml"):
                # by what is inside, not by name: the workbook decides which part is a sheet
                with archive.open(part) as stream:
                    measured[part] = SheetBounds().measure(stream)
        order = _sheet_parts(archive)
    if sum(bounds.cells for bounds in measured.values()) > MAX_FILE_CELLS:
        raise Refused(f"The workbook holds more than {MAX_FILE_CELLS:,} filled cells.", SPLIT_IT)
    unknown = sorted({code for bounds in measured.values() for code in bounds.errors.values()} - ERRORS)
    if unknown:
        raise Refused(f"A formula shows the error “{unknown[0]}”, which cannot be read.", CORRECT_FORMULA)
    return [measured.get(part) or SheetBounds() for part in order]


def parse_reference(reference: str) -> tuple[int, int]:
    """Zero-based row and column of a reference like `B3`."""
    letters = reference.rstrip("0123456789")
    column = _column_index(letters)
    return _row_index(reference[len(letters) :]), column


@cache
def _column_index(letters: str) -> int:
    if not re.fullmatch("[A-Za-z]{1,3}", letters):
        raise Refused("The workbook is damaged: a cell does not say where it stands.", SAVE_ANEW)
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


@lru_cache(maxsize=1)
def _row_index(digits: str) -> int:
    if not re.fullmatch("[0-9]{1,7}", digits) or not 1 <= int(digits) <= MAX_ROWS:
        raise Refused("The workbook is damaged: a row has no valid number.", SAVE_ANEW)
    return int(digits) - 1


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """The part of each sheet, in the order of the workbook."""
    targets: dict[str, str] = {}
    order: list[str] = []

    def on_link(name: str, found: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            targets[found.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", found.get("Target", "")))[1:]

    def on_sheet(name: str, found: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            keys = [value for key, value in found.items() if key.rpartition(":")[2] == "id" and ":" in key]
            order.append(targets.get(keys[0], "") if keys else "")

    _walk(archive, "xl/_rels/workbook.xml.rels", on_link)
    _walk(archive, "xl/workbook.xml", on_sheet)
    return order


def _walk(archive: zipfile.ZipFile, part: str, on_start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = on_start
    with archive.open(part) as stream:
        parser.ParseFile(stream)


def read_csv(content: bytes, encoding: str) -> list[dict[str, Any]]:
    """One table without a name. Values stay text, an empty one is null; rows are as long as they are in the file."""
    text = content.decode(encoding)
    csv.field_size_limit(MAX_CELL_CHARS)
    delimiter, text = _delimiter_of(text)
    rows: list[list[Cell]] = []
    cells = 0
    # strict: a quotation mark out of place would else swallow rows into one cell, silently
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        cells += len(row)
        if len(row) > MAX_CSV_COLUMNS:
            raise Refused(
                f"A row of the file holds {len(row):,} columns; at most {MAX_CSV_COLUMNS} are read.", SPLIT_IT
            )
        if len(rows) >= MAX_CSV_ROWS or cells > MAX_FILE_CELLS:
            raise Refused(f"The file holds more than {MAX_CSV_ROWS:,} rows or {MAX_FILE_CELLS:,} cells.", SPLIT_IT)
        rows.append([value or None for value in row])
    return [{"name": "", "rows": rows}]


def _delimiter_of(text: str) -> tuple[str, str]:
    """The delimiter that cuts most of the first rows into the same number of cells, and the text to read with it."""
    declared = re.match(r"sep=([,;\t|])\r?\n", text)  # a first line that some programs write for each other
    if declared:
        return declared.group(1), text[declared.end() :]
    return max(DELIMITERS, key=lambda delimiter: _agreement(text, delimiter)), text


def _agreement(text: str, delimiter: str) -> tuple[int, int]:
    widths: Counter[int] = Counter()
    for row in _first_rows(text, delimiter):
        widths[len(row)] += 1
    return max(((rows, width) for width, rows in widths.items() if width > 1), default=(0, 0))


def _first_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for _, row in zip(range(ROWS_TO_JUDGE_BY), reader, strict=False):
        if row:
            yield row


def answer_for(content: bytes, kind: str, encoding: str) -> dict[str, Any]:
    """The tables, or why there are none. Whatever goes wrong in a library becomes a refusal."""
    try:
        return {"tables": read_xlsx(content) if kind == "xlsx" else read_csv(content, encoding)}
    except Refused as refusal:
        return {"refused": list(refusal.args)}
    except csv.Error:
        reason = (
            f"A quotation mark in the file is out of place, or a cell holds more than {MAX_CELL_CHARS:,} characters."
        )
        return {"refused": [reason, "Check that every cell that begins with a quotation mark ends with one."]}
    except MemoryError:
        return {"refused": ["Reading the file needs more memory than is allowed.", SPLIT_IT]}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic in the reading library is no Exception
        return {"refused": ["The file is damaged and cannot be read.", SAVE_ANEW]}


def main() -> None:
    """`read_child.py KIND ENCODING < file > answer`."""
    limit_resources()
    content = sys.stdin.buffer.read()
    answer = json.dumps(answer_for(content, sys.argv[1], sys.argv[2]), allow_nan=False).encode()
    if len(answer) > MAX_ANSWER_BYTES:
        answer = json.dumps({"refused": ["The file holds more text than can be read at once.", SPLIT_IT]}).encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
