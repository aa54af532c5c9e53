"""The upload gate: what every file passes before anything parses it. Limits are in `limits.py`.

An upload is an .xlsx workbook or a .csv file by its name *and* by its content, it is small enough packed and unpacked,
it has one meaning for every reader, and it holds nothing that runs, that is embedded or that comes from outside.
"""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO, Literal

from ssoplanner.uploads.limits import MIB
from ssoplanner.uploads.names import check_name, ending_of
from ssoplanner.uploads.office import ADD_IN, BINARY, MACROS, WORKBOOK, check_office, refusal
from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.uploads.signatures import ZIP_START
from ssoplanner.workbook.csv_content import check_csv
from ssoplanner.workbook.limits import MAX_FILE_BYTES
from ssoplanner.workbook.signatures import SAVE_AS_XLSX, UPLOAD_A_TABLE, refuse_other_kinds

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
    check_name(name, ".xlsx or .csv")
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
        check_office(content, WORKBOOK)
    return CheckedUpload(name, kind, len(content), hashlib.sha256(content).hexdigest(), encoding)


def _kind_of(content: bytes, name: str) -> Kind:
    """What the name and the content agree on."""
    ending = ending_of(name)
    packed = content.startswith(ZIP_START)
    if ending in OTHER_ENDINGS:
        raise refusal(OTHER_ENDINGS[ending], WORKBOOK)
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
