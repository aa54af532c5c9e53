"""Reads the cells of an upload that passed the gate, in a process of its own that can be lost without harm.

The process gets the file and nothing else: no environment, no open files, no module of this project. It limits its own
memory, processor time and files (`read_child.py`); its time on the clock is limited here. Whatever becomes of it, the
caller gets tables or UploadRefused.
"""

import datetime
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any, BinaryIO

from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.workbook.gate import CheckedUpload, check_upload
from ssoplanner.workbook.limits import MAX_FILE_BYTES
from ssoplanner.workbook.read_child import MAX_ANSWER_BYTES, SAVE_ANEW, SPLIT_IT

__all__ = ("Cell", "CellError", "Table", "read_tables", "read_upload")

MAX_SECONDS = 30.0  # on the clock, for one file; the process may compute for 20 of them
CHILD = Path(__file__).with_name("read_child.py")


@dataclass(frozen=True)
class CellError:
    """What a formula that failed shows instead of a value: `#DIV/0!`, `#N/A`, `#REF!` and so on."""

    code: str


Cell = str | float | int | bool | datetime.date | datetime.datetime | CellError | None


@dataclass(frozen=True)
class Table:
    """One sheet, or a whole CSV file under the stem of its name.

    Rows begin at A1 and are as wide as the sheet; in a CSV file they are as long as in the file and hold only text and
    None. An empty cell or text is None. Numbers of a workbook are floats, percentages are fractions (25 % is 0.25),
    dates without a time of day are `date`, a time of day alone is text (`08:30:00`), a duration is a float in days. A
    formula gives the value that was saved with it, None if none was.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def read_upload(file: BinaryIO, name: str) -> list[Table]:
    """Passes `file` through the gate, then reads it. Raises UploadRefused."""
    upload = check_upload(file, name)
    return read_tables(file.read(MAX_FILE_BYTES), upload)


def read_tables(source: bytes | Path, upload: CheckedUpload) -> list[Table]:
    """The tables of the file that `check_upload` let in as `upload`. Raises UploadRefused.

    Raises ValueError if `source` is not the content that was checked: nothing is read that has not passed the gate.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise ValueError("This is not the content that passed the gate.")
    command = [sys.executable, "-I", "-B", str(CHILD), upload.kind, upload.encoding or "-"]
    return _decode(ask_child(command, content, MAX_SECONDS), upload)


def ask_child(command: Sequence[str], content: bytes, seconds: float) -> bytes:
    """What the command writes when given `content`. Raises UploadRefused if it fails, takes or writes too much."""
    with tempfile.TemporaryFile() as file:  # a file, not a pipe: nobody has to write while somebody reads
        file.write(content)
        file.seek(0)
        with subprocess.Popen(
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            close_fds=True,
            start_new_session=True,
        ) as child:
            return _collect(child, seconds)


def _environment() -> dict[str, str]:
    """Nothing, so that no secret reaches the process; Windows starts no program without its own folder."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


def _collect(child: subprocess.Popen[bytes], seconds: float) -> bytes:
    assert child.stdout is not None
    timed_out = threading.Event()

    def stop() -> None:
        timed_out.set()
        child.kill()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        answer = _read_all(child.stdout)
        if len(answer) > MAX_ANSWER_BYTES:
            raise UploadRefused("The file holds more text than can be read at once.", SPLIT_IT)
        code = child.wait()
    finally:
        timer.cancel()
        child.kill()
    if timed_out.is_set() or code == -getattr(signal, "SIGXCPU", 0):
        raise UploadRefused("Reading the file takes too long.", SPLIT_IT)
    if code != 0:  # what is allowed ran out where no language can say so, or a library crashed
        raise UploadRefused("Reading the file needs more memory than is allowed, or the file is damaged.", SPLIT_IT)
    return answer


def _read_all(stream: IO[bytes]) -> bytes:
    return stream.read(MAX_ANSWER_BYTES + 1)


def _decode(answer: bytes, upload: CheckedUpload) -> list[Table]:
    """The answer is checked like any other input: the process that wrote it has read a stranger's file."""
    try:
        parsed = json.loads(answer)
        if "refused" in parsed:
            reason, remedy = map(str, parsed["refused"])
            raise UploadRefused(reason, remedy)
        stem = PurePath(upload.name).stem
        return [
            Table(str(table["name"]) or stem, tuple(tuple(map(_cell, row)) for row in table["rows"]))
            for table in parsed["tables"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UploadRefused("The file is damaged and cannot be read.", SAVE_ANEW) from error


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float):
        return value
    [(kind, text)] = value.items()
    if kind == "date":
        return datetime.date.fromisoformat(text)
    if kind == "datetime":
        return datetime.datetime.fromisoformat(text)
    if kind == "error":
        return CellError(str(text))
    raise ValueError(kind)
