"""What a file says of capabilities: a federal standard as published in JSON (FIBF), or a table in CSV or .xlsx.

Of a federal standard the standard itself, its functions and their activities become the three levels. The statements
below them would be a fourth one: they say how far an activity goes, and are counted, not taken. A function whose name
stands nowhere in the file gets its code as its name, which never replaces the name that a plan has for it.

Raises UploadRefused with the reason and the remedy where nothing of the file can be used; a row that cannot is a
problem with its place in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from assess.models import Capability
from ssoplanner.uploads.limits import MIB
from ssoplanner.uploads.names import check_name, ending_of
from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.uploads.text import decoded
from ssoplanner.workbook.agencies.cells import written
from ssoplanner.workbook.reader import Table, read_upload

MAX_JSON_BYTES = 2 * MIB
MAX_ROWS = 2_000
SAVE_JSON = "Download the file anew from where it was published, and upload it unchanged."
NO_STANDARD = (
    "Upload a FIBF standard as it was published, with the lists “Business_Lifecycle” and “Business_Capabilities”, or a "
    "table as CSV or .xlsx."
)
LIMITS = f"At most {MAX_ROWS:,} capabilities at once; a JSON file of at most {MAX_JSON_BYTES // MIB} MB."
IDENTIFIERS = ("Identifier", "ID", "Capability ID")
STANDARD = re.compile(r"[A-Z]{2,}(?:\.[A-Z]+\d+(?=-))?")
# A column is known by any of these, in any case and with any signs between the words.
COLUMNS = {
    "code": ("code", "id", "identifier", "capabilityid", "activityid"),
    "name": ("name", "capability", "activity", "title"),
    "description": ("description", "whatitis", "meaning"),
    "parent": ("parent", "parentcode", "above", "functioncode"),
}
FIELDS: dict[str, Any] = {name: Capability._meta.get_field(name) for name in ("code", "name", "description")}
LONGEST: dict[str, int] = {name: one.max_length for name, one in FIELDS.items()}


@dataclass(frozen=True)
class FileRow:
    """One capability as the file has it; `where` says in which place. Not `named`: the name is only its code."""

    where: str
    code: str
    name: str
    description: str
    parent: str
    source: str
    named: bool = True


@dataclass(frozen=True)
class Problem:
    """A row that is left out, and why."""

    where: str
    text: str


@dataclass
class Content:
    """All that was read. `notes` are sentences on the whole file."""

    title: str
    rows: list[FileRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_capabilities(file: BinaryIO, name: str) -> Content:
    """The capabilities of the file. Raises UploadRefused."""
    check_name(name, ".json, .csv or .xlsx")
    content = _standard(file, name) if ending_of(name) == "json" else _table(read_upload(file, name), name)
    if len(content.rows) > MAX_ROWS:
        raise UploadRefused(
            f"The file holds {len(content.rows):,} capabilities; at most {MAX_ROWS:,} are read at once.",
            "Split it into several files, those of the higher levels first.",
        )
    return content


# --- Federal standards ----------------------------------------------------------------------------------------------


def _standard(file: BinaryIO, name: str) -> Content:
    raw = file.read(MAX_JSON_BYTES + 1)
    if len(raw) > MAX_JSON_BYTES:
        raise UploadRefused(
            f"The file is larger than {MAX_JSON_BYTES // MIB} MB.", "A FIBF standard has a tenth of that. " + SAVE_JSON
        )
    if not raw.strip():
        raise UploadRefused("The file is empty.", SAVE_JSON)
    return _lifecycle(_parsed(decoded(raw, SAVE_JSON)[1]), name)


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno:,}, column {error.colno:,}"
        raise UploadRefused(f"The file is damaged at {place}: {error.msg.lower()}.", SAVE_JSON) from error
    except RecursionError as error:
        raise UploadRefused("The lists of the file stand too deep in one another.", SAVE_JSON) from error
    if not isinstance(found, dict) or not isinstance(found.get("Business_Lifecycle"), list):
        raise UploadRefused("This JSON file is no FIBF standard: it has no list “Business_Lifecycle”.", NO_STANDARD)
    return found


def _lifecycle(found: Mapping[str, Any], name: str) -> Content:
    title = _text(found.get("Business-Standards")) or name
    content, functions = Content(title), _function_names(found.get("Business_Capabilities"))
    known: set[str] = set()
    for number, group in enumerate(found["Business_Lifecycle"], start=1):
        entries = group.get("data") if isinstance(group, dict) else None
        if not isinstance(entries, list):
            content.problems.append(Problem(f"Group {number}", "It has no list “data” with its activities."))
            continue
        for place, entry in enumerate(entries, start=1):
            _activity(content, entry, f"Group {number}, entry {place}", title, functions, known)
    if not content.rows:
        raise UploadRefused("The standard holds no activity with an identifier such as ACQ.010.010.", NO_STANDARD)
    _say(content, found.get("Business_Capabilities"))
    return content


def _activity(
    content: Content, entry: Any, where: str, title: str, functions: Mapping[str, str], known: set[str]
) -> None:
    """The activity, and before it those above it that were not met yet."""
    facts = entry if isinstance(entry, dict) else {}
    code = _identifier(facts)
    activity, described = _text(facts.get("Activity")), _text(facts.get("Description"))
    standard = STANDARD.match(code)
    function = code.rpartition(".")[0]
    if standard is None or not function or function == standard[0]:
        content.problems.append(Problem(where, "It has no identifier such as ACQ.010.010. Give it one."))
        return
    if len(code) > LONGEST["code"]:
        content.problems.append(
            Problem(where, f"Its identifier has more than {LONGEST['code']} characters. Shorten it.")
        )
        return
    if not activity:
        content.problems.append(Problem(where, f"{code} has no name under “Activity”. Give it one."))
        return
    source = f"FIBF, {title}"[:200]
    if standard[0] not in known:
        content.rows.append(FileRow(where, standard[0], title[: LONGEST["name"]], "", "", source))
    if function not in known:
        named = functions.get(function, "")
        content.rows.append(FileRow(where, function, named or function, "", standard[0], source, bool(named)))
    known |= {standard[0], function}
    content.rows.append(
        FileRow(where, code, _short(activity, "name"), _short(described, "description"), function, source)
    )


def _identifier(facts: Mapping[str, Any]) -> str:
    return next((_text(facts[name]) for name in IDENTIFIERS if name in facts), "")


def _function_names(statements: Any) -> dict[str, str]:
    """Code of a function -> its name, which only the statements have: with the code before it, or without."""
    found: dict[str, str] = {}
    for one in statements if isinstance(statements, list) else ():
        facts = one if isinstance(one, dict) else {}
        code = _identifier(facts).rpartition(".")[0].rpartition(".")[0]
        named = _text(facts.get("Function") or facts.get("Function Name")).removeprefix(code).strip()
        if code and named:
            found.setdefault(code, _short(named, "name"))
    return found


def _say(content: Content, statements: Any) -> None:
    if isinstance(statements, list) and statements:
        content.notes.append(
            f"The file has {len(statements):,} capability statements below its activities. They would be a fourth "
            "level and are not taken."
        )
    if unnamed := [row.code for row in content.rows if not row.named]:
        content.notes.append(
            f"The file does not name {len(unnamed)} of its functions, such as {unnamed[0]}: they get their codes as "
            "names. Rename them afterwards; importing the file again leaves your names."
            if len(unnamed) > 1
            else f"The file does not name the function {unnamed[0]}, which gets its code as its name."
        )
    if cut := sum(row.description.endswith("…") for row in content.rows):
        content.notes.append(f"{cut} descriptions are cut after {LONGEST['description']:,} characters.")


def _text(value: Any) -> str:
    return " ".join(str(value).replace("\0", "").split()) if isinstance(value, str | int | float) else ""


def _short(text: str, name: str) -> str:
    most = LONGEST[name]
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


# --- Tables ---------------------------------------------------------------------------------------------------------


def _table(tables: Sequence[Table], name: str) -> Content:
    for table in tables:
        for number, row in enumerate(table.rows, start=1):
            columns = _columns(row)
            if {"code", "name"} <= columns.keys():
                return _rows(table, number, columns, name)
    raise UploadRefused(
        "No row of the file names the columns “code” and “name”.",
        "Let the first row say code, name, description and parent (the code of the one above), and upload it again.",
    )


def _columns(cells: Sequence[Any]) -> dict[str, int]:
    """What is known of the header -> the number of its column."""
    heads = [re.sub(r"[^a-z]", "", written(cell).lower()) if cell is not None else "" for cell in cells]
    found: dict[str, int] = {}
    for key, words in COLUMNS.items():
        for word in words:
            if word in heads and key not in found:
                found[key] = heads.index(word)
    return found


def _rows(table: Table, header: int, columns: Mapping[str, int], name: str) -> Content:
    content = Content(name)
    for number, cells in enumerate(table.rows[header:], start=header + 1):
        facts = {key: _cell(cells, place) for key, place in columns.items()}
        if not any(facts.values()):
            continue
        wrong = list(_wrong(facts))
        content.problems += [Problem(f"Row {number}", text) for text in wrong]
        if not wrong:
            parent, described = facts.get("parent", ""), facts.get("description", "")
            row = FileRow(f"Row {number}", facts["code"], facts["name"], described, parent, f"File {name}"[:200])
            content.rows.append(row)
    if not content.rows and not content.problems:
        raise UploadRefused("There is no row below the header.", "Give each capability a row, and upload it again.")
    return content


def _cell(cells: Sequence[Any], place: int) -> str:
    value = cells[place] if place < len(cells) else None
    return "" if value is None else written(value).replace("\r\n", "\n").strip()


def _wrong(facts: Mapping[str, str]) -> Iterator[str]:
    if not facts["code"]:
        yield "It has no code. Give it one that no other capability has."
    if not facts["name"]:
        yield f"{facts['code'] or 'It'} has no name. Give it one."
    for key, most in LONGEST.items():
        if len(facts.get(key, "")) > most:
            yield f"Its {key} has {len(facts[key]):,} characters; at most {most:,} fit. Shorten it."
