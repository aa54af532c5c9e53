"""Files of other kinds, recognised by their first bytes, each with the sentence that helps its owner."""

import codecs

from ssoplanner.workbook.refusal import UploadRefused

UPLOAD_A_TABLE = "Upload an .xlsx workbook or a .csv file."
SAVE_AS_XLSX = "Save it in your spreadsheet program as an .xlsx workbook and upload that one."

ZIP_START = b"PK\x03\x04"
COMPOUND_FILE_START = bytes.fromhex("D0CF11E0A1B11AE1")  # the container of old Office files and of encrypted new ones
HEAD_BYTES = 1024  # how far into a file a page's first tag is looked for

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
PAGE_TAGS = ("<!doctype html", "<html", "<table", "<head", "<script", "<meta")


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
    _refuse_pages(head)


def _refuse_compound_file(content: bytes) -> UploadRefused:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return UploadRefused(
            "The workbook is protected by a password.", "Remove the password, save it as .xlsx and upload it again."
        )
    if holds("Workbook") or holds("Book"):
        return UploadRefused("The file is a workbook in the old .xls format.", SAVE_AS_XLSX)
    return UploadRefused("The file is an old Office document, not an .xlsx workbook.", UPLOAD_A_TABLE)


def _refuse_pages(head: bytes) -> None:
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "latin-1"
    text = head.removeprefix(codecs.BOM_UTF8).decode(encoding, errors="replace").lstrip().lower()
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
