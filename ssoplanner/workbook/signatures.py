"""Files of other kinds, recognised by their first bytes, each with the sentence that helps its owner."""

from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.uploads.signatures import COMPOUND_FILE_START, compound_kind
from ssoplanner.uploads.text import HEAD_BYTES, PAGE_TAGS, head_of

UPLOAD_A_TABLE = "Upload an .xlsx workbook or a .csv file."
SAVE_AS_XLSX = "Save it in your spreadsheet program as an .xlsx workbook and upload that one."

STARTS = (
    (b"{\\rtf", "The file is a text document (.rtf).", UPLOAD_A_TABLE),
    (b"\x89PNG", "The file is a picture.", UPLOAD_A_TABLE),
    (b"\xff\xd8\xff", "The file is a picture.", UPLOAD_A_TABLE),
    (b"GIF8", "The file is a picture.", UPLOAD_A_TABLE),
    (b"\x1f\x8b", "The file is a compressed archive.", "Unpack it and upload the .xlsx workbook or .csv file itself."),
    (
        b"7z\xbc\xaf",
        "The file is a compressed archive.",
        "Unpack it and upload the .xlsx workbook or .csv file itself.",
    ),
    (b"Rar!", "The file is a compressed archive.", "Unpack it and upload the .xlsx workbook or .csv file itself."),
    (b"MZ", "The file is a program.", UPLOAD_A_TABLE),
    (b"\x7fELF", "The file is a program.", UPLOAD_A_TABLE),
    (b"PK\x05\x06", "The file is an empty zip archive.", UPLOAD_A_TABLE),
    (b"PK\x07\x08", "The file is one piece of a split zip archive.", UPLOAD_A_TABLE),
)


def refuse_other_kinds(content: bytes) -> None:
    """Raises UploadRefused if `content` is recognisably something else than a zip container or text."""
    head = content[:HEAD_BYTES]
    if content.startswith(COMPOUND_FILE_START):
        raise _refuse_compound_file(content)
    if b"%PDF-" in head:
        raise UploadRefused("The file is a PDF document.", UPLOAD_A_TABLE)
    for start, reason, remedy in STARTS:
        if head.startswith(start) and not (
            start == b"MZ" and b"\x00" not in head
        ):  # a table may begin with the word MZ
            raise UploadRefused(reason, remedy)
    _refuse_pages(head_of(content))


def _refuse_compound_file(content: bytes) -> UploadRefused:
    kind = compound_kind(content)
    if kind == "encrypted":
        return UploadRefused(
            "The workbook is protected by a password.", "Remove the password, save it as .xlsx and upload it again."
        )
    if kind == "workbook":
        return UploadRefused("The file is a workbook in the old .xls format.", SAVE_AS_XLSX)
    return UploadRefused("The file is an old Office document, not an .xlsx workbook.", UPLOAD_A_TABLE)


def _refuse_pages(text: str) -> None:
    if text.startswith("mime-version:"):
        raise UploadRefused("The file is a saved web page.", SAVE_AS_XLSX)
    if not text.startswith("<"):
        return
    if "office:spreadsheet" in text:
        raise UploadRefused("The file is a workbook in the old XML format.", SAVE_AS_XLSX)
    if any(tag in text for tag in PAGE_TAGS):
        raise UploadRefused("The file is a web page (HTML), even if its name says otherwise.", SAVE_AS_XLSX)
    if text.startswith("<?xml"):
        raise UploadRefused("The file is an XML file.", UPLOAD_A_TABLE)
