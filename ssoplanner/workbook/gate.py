"""The upload gate: what every file passes before anything parses it. Limits are in `limits.py`.

An upload is an .xlsx workbook or a .csv file by its name *and* by its content, it is small enough packed and unpacked,
it has one meaning for every reader, and it holds nothing that runs, that is embedded or that comes from outside.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

from ssoplanner.workbook.csv_content import check_csv
from ssoplanner.workbook.limits import MAX_FILE_BYTES, MAX_NAME_CHARS, MIB
from ssoplanner.workbook.refusal import UploadRefused
from ssoplanner.workbook.signatures import SAVE_AS_XLSX, UPLOAD_A_TABLE, ZIP_START, refuse_other_kinds
from ssoplanner.workbook.xlsx_content import ADD_IN, BINARY, MACROS, check_xlsx

__all__ = ("CheckedUpload", "Kind", "UploadRefused", "check_upload")

Kind = Literal["xlsx", "csv"]

OTHER_ENDINGS = {
    "xlsm": MACROS,
    "xltm": MACROS,
    "xlsb": BINARY,
    "xltx": ADD_IN,
    "xlam": ADD_IN,
    "xls": ("The file is a workbook in the old .xls format.", SAVE_AS_XLSX),
    "ods": ("The file is an OpenDocument file (.ods).", SAVE_AS_XLSX),
}
# Control characters, separators of folders, and marks that turn the direction of writing, which can hide an ending.
_NEVER_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class CheckedUpload:
    """A file that passed the gate. `size` in bytes; `sha256` in hexadecimal ties it to the content that was checked;
    `encoding` is the one to read a CSV file in (utf-8, utf-8-sig, utf-16 or cp1252), None for a workbook."""

    name: str
    kind: Kind
    size: int
    sha256: str
    encoding: str | None = None


def check_upload(file: BinaryIO, name: str) -> CheckedUpload:
    """Reads `file` from its beginning, leaves it there, and says what it is.

    Raises UploadRefused with the reason and the remedy.
    """
    _check_name(name)
    file.seek(0)
    content = file.read(MAX_FILE_BYTES + 1)
    file.seek(0)
    if not content:
        raise UploadRefused("The file is empty.", UPLOAD_A_TABLE)
    if len(content) > MAX_FILE_BYTES:
        raise UploadRefused(
            f"The file is larger than {MAX_FILE_BYTES // MIB} MB.",
            "Remove pictures and sheets that are not needed, or split it into several files.",
        )
    refuse_other_kinds(content)
    kind = _kind_of(content, name)
    encoding = check_csv(content) if kind == "csv" else None
    if kind == "xlsx":
        check_xlsx(content)
    return CheckedUpload(name, kind, len(content), hashlib.sha256(content).hexdigest(), encoding)


def _check_name(name: str) -> None:
    if not name.strip():
        raise UploadRefused("The file has no name.", "Give it a name that ends in .xlsx or .csv and upload it again.")
    if len(name) > MAX_NAME_CHARS or _NEVER_IN_A_NAME.search(name):
        raise UploadRefused(
            "The name of the file is too long or holds characters that names do not have.",
            "Rename it with letters, digits and spaces and upload it again.",
        )


def _kind_of(content: bytes, name: str) -> Kind:
    """What the name and the content agree on."""
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    packed = content.startswith(ZIP_START)
    if ending in OTHER_ENDINGS:
        raise UploadRefused(*OTHER_ENDINGS[ending])
    if ending == "csv" and packed:
        raise UploadRefused(
            "The name of the file ends in .csv, but the file is a workbook or archive.",
            "If it is a workbook, rename it to end in .xlsx and upload it again.",
        )
    if ending == "xlsx" and not packed:
        raise UploadRefused(
            "The name of the file ends in .xlsx, but the file does not begin as a workbook does.", SAVE_AS_XLSX
        )
    if ending == "csv":
        return "csv"
    if ending == "xlsx":
        return "xlsx"
    raise UploadRefused("The name of the file ends in neither .xlsx nor .csv.", UPLOAD_A_TABLE)
