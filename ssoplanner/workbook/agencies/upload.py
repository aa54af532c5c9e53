"""A file comes in: through the gate, read in a process of its own, looked through, and kept in the database.

Its first row with more than one filled cell names the columns; what stands above it is a title. Refused: a table with
one column (it was cut at the wrong character), without rows, or larger than the limits below.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import transaction

from ssoplanner.access.gate import Member
from ssoplanner.recompute import clock
from ssoplanner.uploads.limits import MIB
from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.workbook.agencies.cells import written
from ssoplanner.workbook.gate import CheckedUpload, check_upload
from ssoplanner.workbook.limits import MAX_FILE_BYTES
from ssoplanner.workbook.models import AgencyImport, ImportSheet
from ssoplanner.workbook.read_child import SPLIT_IT
from ssoplanner.workbook.reader import Cell, CellError, Table, read_tables

MAX_ROWS = 5_000  # rows below the header
MAX_COLUMNS = 60
MAX_KEPT_CHARS = 10_000_000  # of a whole file as it is kept
KEPT_DAYS = 7
MOST_KEPT = 20  # files of one person in one plan
LIMITS = (
    f"At most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns are read at once, from a file of at most "
    f"{MAX_FILE_BYTES // MIB} MB."
)
DELIMITERS = ",;\t|"
ONE_COLUMN = (
    "The whole table stands in one column.",
    "Columns are told apart by a comma, a semicolon, a tab or a vertical bar: save the file so and upload it again.",
)
OTHER_HEADER = (
    "The header is separated by another character than the rows below it.",
    "Use the same one in every row and upload the file again.",
)
NO_ROWS = ("There is no row below the header.", "Fill in a row for each agency and upload the file again.")
TOO_MUCH_TEXT = ("The file holds more text than is kept.", "Remove columns that are not needed and upload it again.")
TOO_MANY_KEPT = (
    f"You have {MOST_KEPT} files here already.",
    "Discard one that you do not need any more, then upload this one.",
)

Kept = str | int | float | bool | None


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is kept: `rows` are (number in the file, cells), `problem` a reason and a remedy."""

    name: str
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[Kept]]] = field(default_factory=list)
    problem: tuple[str, str] | None = None


def receive(*, member: Member, file: BinaryIO, name: str, then: str = "") -> AgencyImport:
    """Read the file and keep what it holds. Raises UploadRefused if nothing in it can be imported."""
    if imports_of(member).filter(user=member.user).count() >= MOST_KEPT:
        raise UploadRefused(*TOO_MANY_KEPT)
    upload, tables = _read(file, name)
    sheets = [_sheet(table, is_text=upload.kind == "csv") for table in tables]
    usable = [at for at, sheet in enumerate(sheets) if sheet.problem is None]
    if not usable:
        raise UploadRefused(*_first_problem(sheets))
    if sum(len(json.dumps(sheet.rows)) for sheet in sheets) > MAX_KEPT_CHARS:
        raise UploadRefused(*TOO_MUCH_TEXT)
    return _keep(member, upload, sheets, usable[0], then)


def imports_of(member: Member) -> Any:
    """The imports that the member may see: their own, the program office everybody's in the plan; newest first."""
    found = AgencyImport.objects.filter(plan=member.plan, expires_at__gt=clock.now()).order_by("-created_at", "-pk")
    return found if member.runs_plan else found.filter(user=member.user)


def remove_expired() -> int:
    """Forget what was kept too long; called by workers."""
    return AgencyImport.objects.filter(expires_at__lte=clock.now()).delete()[0]


def _read(file: BinaryIO, name: str) -> tuple[CheckedUpload, list[Table]]:
    try:
        upload = check_upload(file, name)
        return upload, read_tables(file.read(MAX_FILE_BYTES), upload)
    except UploadRefused as refusal:
        if refusal.remedy.startswith(SPLIT_IT.partition(" and ")[0]) and name.casefold().endswith(".csv"):
            _check_lines(file)
        raise


def _check_lines(file: BinaryIO) -> None:
    """A file that is far too long is refused by a limit on something else; say which one the person can count."""
    file.seek(0)
    lines = sum(1 for line in file.read(MAX_FILE_BYTES).splitlines() if line.strip(b"\0 "))
    if lines > MAX_ROWS + 1:
        raise UploadRefused(_too_long("The file", lines - 1), SPLIT_IT)


def _too_long(what: str, rows: int) -> str:
    return f"{what} has {rows:,} rows; at most {MAX_ROWS:,} are read at once."


def _first_problem(sheets: Sequence[Sheet]) -> tuple[str, str]:
    problems = [sheet.problem for sheet in sheets if sheet.problem is not None]
    # Of a workbook with empty sheets before the one that is meant, the latter's problem helps.
    return next((problem for problem in problems if problem != NO_ROWS), problems[0])


def _sheet(table: Table, *, is_text: bool) -> Sheet:
    rows = [(number, _trimmed(row)) for number, row in enumerate(table.rows, start=1)]
    rows = [(number, row) for number, row in rows if row]
    start = next((at for at, (_, row) in enumerate(rows) if _filled(row) > 1), None)
    problem = _problem(table.name, rows, start, is_text)
    if problem is not None or start is None:
        return Sheet(table.name, problem=problem or ONE_COLUMN)
    header = ["" if cell is None else written(cell)[:200] for cell in rows[start][1]]
    return Sheet(table.name, header + [""] * (_width(rows, start, is_text) - len(header)), rows[start + 1 :])


def _width(rows: list[tuple[int, list[Kept]]], start: int, is_text: bool) -> int:
    """How many columns there are. In a CSV file what reaches beyond the header was cut at the wrong place."""
    return len(rows[start][1]) if is_text else max(len(row) for _, row in rows[start:])


def _problem(name: str, rows: list[tuple[int, list[Kept]]], start: int | None, is_text: bool) -> tuple[str, str] | None:
    what = "The file" if is_text else f"The sheet “{name}”"
    if start is None:
        return ONE_COLUMN if rows else NO_ROWS
    if any(_is_header_cut_elsewhere(row, len(rows[start][1])) for _, row in rows[:start]):
        return OTHER_HEADER
    below = len(rows) - start - 1
    if below > MAX_ROWS:
        return _too_long(what, below), SPLIT_IT
    width = _width(rows, start, is_text)
    if width > MAX_COLUMNS:
        return f"{what} has {width} columns; at most {MAX_COLUMNS} are read.", "Remove columns that are not needed."
    return None if below else NO_ROWS


def _is_header_cut_elsewhere(row: Sequence[Kept], width: int) -> bool:
    [text] = [str(cell) for cell in row if cell is not None]
    # A title such as "Agencies, 2024" above two columns is none.
    return width > 2 and any(text.count(delimiter) + 1 == width for delimiter in DELIMITERS)


def _trimmed(row: Sequence[Cell]) -> list[Kept]:
    cells = [_kept(cell) for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _kept(cell: Cell) -> Kept:
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, CellError):
        return cell.code
    return cell.isoformat() if isinstance(cell, datetime.date) else cell


def _filled(row: Sequence[Kept]) -> int:
    return sum(cell is not None for cell in row)


def _keep(member: Member, upload: CheckedUpload, sheets: list[Sheet], chosen: int, then: str) -> AgencyImport:
    now = clock.now()
    with transaction.atomic():
        kept = AgencyImport.objects.create(
            plan=member.plan,
            user=member.user,
            file_name=upload.name,
            encoding=upload.encoding or "",
            sheet=chosen,
            then=then,
            created_at=now,
            expires_at=now + datetime.timedelta(days=KEPT_DAYS),
        )
        ImportSheet.objects.bulk_create(_row(kept, at, sheet) for at, sheet in enumerate(sheets))
    return kept


def _row(kept: AgencyImport, at: int, sheet: Sheet) -> ImportSheet:
    return ImportSheet(
        agency_import=kept,
        position=at,
        name=sheet.name[:120],
        header=sheet.header,
        rows=sheet.rows,
        row_count=len(sheet.rows),
        problem=" ".join(sheet.problem or ()),
    )
