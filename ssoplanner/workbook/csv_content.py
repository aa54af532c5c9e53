"""What a CSV file may consist of: readable text in lines of bounded length. Its cells are read later, elsewhere."""

import codecs
import io
import re

from ssoplanner.workbook.limits import MAX_CSV_LINE_CHARS, MAX_CSV_LINES
from ssoplanner.workbook.refusal import UploadRefused

UTF8_WITH_MARK, UTF8, UTF16, WINDOWS = "utf-8-sig", "utf-8", "utf-16", "cp1252"
SAVE_AS_CSV = "Save it in your spreadsheet program as “CSV UTF-8” and upload that file."

# Tab, line feed, form feed and carriage return are text; the other control characters come from binary data.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def check_csv(content: bytes) -> str:
    """The encoding in which `content` is to be read. Raises UploadRefused if it is no text or passes a limit."""
    encoding = _encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UploadRefused("The file is not readable text.", SAVE_AS_CSV) from error
    if _BINARY.search(text):
        raise UploadRefused("The file holds binary data, not a table of text.", SAVE_AS_CSV)
    if not text.strip():
        raise UploadRefused("The file holds no text.", "Upload a .csv file with a header row and the rows below it.")
    _check_lines(text)
    return encoding


def _encoding_of(content: bytes) -> str:
    """By its byte order mark, else UTF-8, else what Windows programs in western countries write."""
    if content.startswith(codecs.BOM_UTF8):
        return UTF8_WITH_MARK
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF16
    try:
        content.decode(UTF8)
    except UnicodeDecodeError:
        return WINDOWS
    return UTF8


def _check_lines(text: str) -> None:
    # The size is asked for in readline, so that one endless line is never held twice.
    stream = io.StringIO(text, newline=None)
    lines = 0
    while line := stream.readline(MAX_CSV_LINE_CHARS + 2):
        lines += 1
        if len(line.rstrip("\n")) > MAX_CSV_LINE_CHARS:
            raise UploadRefused(
                f"Line {lines:,} of the file is longer than {MAX_CSV_LINE_CHARS:,} characters.",
                "Check that each row stands on a line of its own and that every quotation mark is closed.",
            )
        if lines > MAX_CSV_LINES:
            raise UploadRefused(
                f"The file holds more than {MAX_CSV_LINES:,} lines.",
                "Split it into several files and upload them one by one.",
            )
