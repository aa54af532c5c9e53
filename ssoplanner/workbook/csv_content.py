"""What a CSV file may consist of: readable text in lines of bounded length. Its cells are read later, elsewhere."""

import io

from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.uploads.text import decoded
from ssoplanner.workbook.limits import MAX_CSV_LINE_CHARS, MAX_CSV_LINES

SAVE_AS_CSV = "Save it in your spreadsheet program as “CSV UTF-8” and upload that file."


def check_csv(content: bytes) -> str:
    """The encoding in which `content` is to be read. Raises UploadRefused if it is no text or passes a limit."""
    encoding, text = decoded(content, SAVE_AS_CSV)
    if not text.strip():
        raise UploadRefused("The file holds no text.", "Upload a .csv file with a header row and the rows below it.")
    _check_lines(text)
    return encoding


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
