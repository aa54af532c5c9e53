"""What is read from good files, what the reading process refuses, and that its limits bite."""

import ast
import io
import os
import random
import struct
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssoplanner.uploads import refusal
from ssoplanner.workbook import gate, reader
from ssoplanner.workbook.gate import UploadRefused, check_upload
from ssoplanner.workbook.reader import CHILD, CellError, Table, ask_child, read_tables, read_upload

from .bad_files import REFUSED_AT_THE_GATE, REFUSED_BY_THE_READER, BadFile, many_cells, many_sheets
from .corpus import GOOD_FILES, GoodFile, book, by_openpyxl_with_kinds, by_xlsxwriter_with_everything, pack, sheet

SHEET = "xl/worksheets/sheet1.xml"
LIMITED = f"import sys; sys.path.insert(0, {str(CHILD.parent)!r}); import read_child; read_child.limit_resources"


@pytest.mark.parametrize("good", GOOD_FILES, ids=lambda good: good.label)
def test_a_good_file_gives_its_values(good: GoodFile, tmp_path: Path) -> None:
    tables = read_upload(io.BytesIO(good.make(tmp_path)), good.name)

    assert {table.name: _shown(table) for table in tables} == good.tables
    assert [table.name for table in tables] == list(good.tables)


def _shown(table: Table) -> tuple[tuple[object, ...], ...]:
    return tuple(tuple(cell.code if isinstance(cell, CellError) else cell for cell in row) for row in table.rows)


@pytest.mark.parametrize("bad", REFUSED_BY_THE_READER, ids=str)
def test_a_bad_file_that_passes_the_gate_is_refused_for_its_own_reason(bad: BadFile) -> None:
    content = bad.make()
    upload = check_upload(io.BytesIO(content), bad.name)

    with pytest.raises(UploadRefused) as refusal:
        read_tables(content, upload)

    assert bad.phrase in str(refusal.value)
    assert refusal.value.reason.endswith(".")
    assert refusal.value.remedy.endswith(".")


def test_kinds_of_cells_are_told_apart(tmp_path: Path) -> None:
    kinds, hidden = read_upload(io.BytesIO(by_openpyxl_with_kinds(tmp_path)), "kinds.xlsx")

    assert [type(cell).__name__ for cell in kinds.rows[0]] == ["date", "datetime", "str", "float", "bool"]
    assert kinds.rows[2][2] == CellError("#DIV/0!")
    assert hidden.rows == ((False,),)


def test_a_number_that_is_none_is_an_error() -> None:
    row = '<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>1e999</v></c><c r="C1"><v>7</v></c></row>'

    [table] = read_upload(io.BytesIO(book({SHEET: sheet(row)})), "a.xlsx")

    assert table.rows == ((CellError("#NUM!"), CellError("#NUM!"), 7.0),)


def test_formatted_empty_cells_far_out_are_no_content() -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row><row r="1048576"><c r="A1048576" s="0"/></row>'

    [table] = read_upload(io.BytesIO(book({SHEET: sheet(row)})), "a.xlsx")

    assert table.rows == ((1.0,),)


def test_the_largest_allowed_sheet_is_read() -> None:
    [table] = read_upload(io.BytesIO(many_cells(1_000, 200)), "a.xlsx")

    assert (len(table.rows), len(table.rows[0])) == (1_000, 200)


def test_fifty_sheets_are_read_in_their_order() -> None:
    tables = read_upload(io.BytesIO(many_sheets(50)), "a.xlsx")

    assert [table.name for table in tables] == [f"Sheet {number}" for number in range(50)]


def test_a_stored_file_is_read_by_its_path(tmp_path: Path) -> None:
    stored = tmp_path / "stored"
    stored.write_bytes(book())
    with stored.open("rb") as file:
        upload = check_upload(file, "a.xlsx")

    [table] = read_tables(stored, upload)

    assert table.rows == ((42.0,),)


# --- nothing is read that has not passed the gate ---


@pytest.mark.parametrize("bad", REFUSED_AT_THE_GATE, ids=str)
def test_no_process_is_started_for_a_file_that_the_gate_refuses(bad: BadFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object) -> bytes:
        raise AssertionError("a file was given to the parser before it had passed the gate")

    monkeypatch.setattr(reader, "ask_child", started)

    with pytest.raises(UploadRefused):
        read_upload(io.BytesIO(bad.make()), bad.name)


def test_content_that_is_not_the_checked_content_is_not_read() -> None:
    upload = check_upload(io.BytesIO(book()), "a.xlsx")

    with pytest.raises(ValueError, match="passed the gate"):
        read_tables(book({SHEET: sheet("")}), upload)


def test_gate_and_reader_import_neither_django_nor_a_parser_of_workbooks() -> None:
    """Only the reading process may import one, and only inside the function that reads."""
    folder = Path(gate.__file__).parent
    own = [folder / f"{name}.py" for name in ("csv_content", "gate", "limits", "read_child", "reader", "signatures")]
    shared = sorted(Path(refusal.__file__).parent.glob("*.py"))
    allowed = sys.stdlib_module_names | {"ssoplanner"}
    plain = {path.stem for path in (*own, *shared)}

    for path in (*own, *shared):
        for name in _imported(ast.parse(path.read_text(encoding="utf-8")).body):
            assert name.split(".")[0] in allowed, f"{path.stem} imports {name}"
            assert not name.startswith("ssoplanner") or name.rpartition(".")[2] in plain
    child = ast.parse((folder / "read_child.py").read_text(encoding="utf-8"))
    assert not any(name.startswith("ssoplanner") for name in _imported(ast.walk(child)))


def _imported(nodes) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


# --- the limits bite ---

needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits for a process")


def _child(program: str) -> list[str]:
    return [sys.executable, "-I", "-c", program]


@needs_limits
def test_a_process_that_asks_for_too_much_memory_gets_none() -> None:
    started = time.monotonic()

    with pytest.raises(UploadRefused, match="more memory"):
        ask_child(_child(f"{LIMITED}(); print(len(bytes(3 * 2**30)))"), b"", seconds=20)

    assert time.monotonic() - started < 10


@needs_limits
def test_the_same_process_ends_well_without_limits() -> None:
    assert ask_child(_child("print(len(bytes(2 * 2**30)))"), b"", seconds=20).strip() == b"2147483648"


@needs_limits
def test_a_process_that_computes_too_long_is_ended_by_its_own_limit() -> None:
    with pytest.raises(UploadRefused, match="takes too long"):
        ask_child(_child(f"{LIMITED}(cpu_seconds=1)\nwhile True: pass"), b"", seconds=20)


def test_a_process_that_waits_too_long_is_ended_by_the_clock() -> None:
    started = time.monotonic()

    with pytest.raises(UploadRefused, match="takes too long"):
        ask_child(_child("import time; time.sleep(60)"), b"", seconds=0.5)

    assert time.monotonic() - started < 10


def test_a_process_that_writes_too_much_is_ended() -> None:
    endless = "import sys\nwhile True: sys.stdout.write('x' * 2**20)"

    with pytest.raises(UploadRefused, match="more text than can be read"):
        ask_child(_child(endless), b"", seconds=20)


@needs_limits
@pytest.mark.parametrize(
    "attempt",
    [
        "import os; os.fork()",
        "open('left-behind', 'wb', buffering=0).write(b'x')",
        "files = [open(sys.executable, 'rb') for _ in range(40)]",
    ],
    ids=["start a process", "write a file", "open many files"],
)
def test_a_reading_process_cannot(attempt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if "fork" in attempt and _is_root():
        pytest.skip("The limit on processes does not hold for root.")
    program = f"{LIMITED}()\ntry:\n    {attempt}\nexcept OSError: print('refused', end='')"

    assert ask_child(_child(program), b"", seconds=20) == b"refused"


def _is_root() -> bool:
    return os.geteuid() == 0


def test_the_process_gets_no_environment_and_no_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    program = (
        "import os; print(sorted(set(os.environ) - {'LC_CTYPE', 'SYSTEMROOT'}), sorted(os.listdir('/proc/self/fd')))"
    )
    if not Path("/proc/self/fd").exists():
        program = "import os; print(sorted(set(os.environ) - {'LC_CTYPE', 'SYSTEMROOT'}), ['0', '1', '2', '3'])"

    with (tmp_path / "open").open("w"):
        answer = ask_child(_child(program), b"", seconds=20)

    # 3 is the listing itself
    assert answer.decode().strip() == "[] ['0', '1', '2', '3']"


@pytest.mark.parametrize(
    "answer",
    [b"", b"null", b"[]", b"{}", b'{"tables": [{}]}', b'{"tables": [{"name": "a", "rows": [[{"what": 1}]]}]}',
     b'{"tables": [{"name": "a", "rows": [[{"date": "never"}]]}]}', b'{"tables": [{"name": "a", "rows": [[[]]]}]}',
     b'{"refused": [1]}', b'{"tables": [{"name": "a", "rows": 1}]}', b"[" * 100_000, b"Traceback", b"\xff"],
)  # fmt: skip
def test_an_answer_that_makes_no_sense_is_a_refusal(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "ask_child", lambda *_: answer)

    with pytest.raises(UploadRefused, match="damaged"):
        read_upload(io.BytesIO(book()), "a.xlsx")


# --- random damage: a file is read or refused, and nothing else happens ---

ORIGINAL = by_xlsxwriter_with_everything(Path())
DAMAGE = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def _read_or_refused(content: bytes, name: str) -> str:
    try:
        read_upload(io.BytesIO(content), name)
    except UploadRefused as refusal:
        assert str(refusal).endswith(".")
        return "refused"
    return "read"


@DAMAGE
@given(at=st.integers(0, len(ORIGINAL) - 1), byte=st.integers(0, 255), length=st.integers(1, 8))
def test_a_workbook_with_changed_bytes_is_read_or_refused(at: int, byte: int, length: int) -> None:
    damaged = bytearray(ORIGINAL)
    damaged[at : at + length] = bytes([byte]) * length

    assert _read_or_refused(bytes(damaged), "a.xlsx") in ("read", "refused")


@DAMAGE
@given(end=st.integers(0, len(ORIGINAL) - 1))
def test_a_workbook_that_breaks_off_is_refused(end: int) -> None:
    assert _read_or_refused(ORIGINAL[:end], "a.xlsx") == "refused"


@settings(DAMAGE, max_examples=60)
@given(seed=st.integers(0, 2**32), flips=st.integers(1, 3))
def test_a_workbook_with_changed_parts_is_read_or_refused(seed: int, flips: int) -> None:
    """The container is sound, so that the damage reaches the gate's last checks and the reading process."""
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(ORIGINAL)) as source:
        parts = {name: bytearray(source.read(name)) for name in source.namelist()}
    part = parts[chance.choice([SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])]
    for _ in range(flips):
        digits = [at for at, byte in enumerate(part) if 48 <= byte <= 57]
        part[chance.choice(digits or [0])] = chance.choice(b"0123456789-eE.ABZ")

    assert _read_or_refused(pack({name: bytes(part) for name, part in parts.items()}), "a.xlsx") in ("read", "refused")


@settings(DAMAGE, max_examples=30)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_named_csv_are_read_or_refused(content: bytes) -> None:
    assert _read_or_refused(content, "a.csv") in ("read", "refused")


def test_a_date_far_outside_the_calendar_does_not_break_the_reader(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(by_openpyxl_with_kinds(tmp_path))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    serial = next(part for part in parts[SHEET].split(b"<v>") if part[:2] == b"46")[:5]
    for number in (b"1e300", b"-5e9", b"99999999999", b"-1"):
        damaged = parts | {SHEET: parts[SHEET].replace(b"<v>" + serial, b"<v>" + number, 1)}

        assert _read_or_refused(pack(damaged), "a.xlsx") in ("read", "refused")


def test_the_smallest_floats_and_large_integers_come_through_whole() -> None:
    numbers = (5e-324, 1.7976931348623157e308, 0.1, 2.0**53)
    cells = "".join(f"<c><v>{number!r}</v></c>" for number in numbers)

    [table] = read_upload(io.BytesIO(book({SHEET: sheet(f"<row>{cells}</row>")})), "a.xlsx")

    assert [struct.pack("d", cell) for cell in table.rows[0]] == [struct.pack("d", number) for number in numbers]
