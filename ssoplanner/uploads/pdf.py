"""What a PDF may hold, by its bytes: nothing is unpacked and no document is built up.

Promised: it begins and ends as a PDF does, and none of the names by which a PDF runs scripts, starts programs, carries
other files or is encrypted stands readable in it, also not with letters spelled as #4A. Not promised: what stands in
compressed object streams, or in the scripts of a dynamic form (XFA), is not seen. So a PDF is only handed out as a
download, never shown by our pages.

Source: ISO 32000-1, 7.3.5 (names), 7.6 (encryption), 7.11.4 (embedded files), 12.6.4 (actions).
"""

import re
from collections.abc import Iterator

from ssoplanner.uploads.refusal import UploadRefused

PDF_START = b"%PDF-"
END_WITHIN = 2048  # bytes before the end in which the end mark stands
PRINT_IT = "Print it to a new PDF and upload that one."

_SPELLED = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME_ENDS = rb"(?![A-Za-z0-9_.:+-])"
_REFERENCE = rb"\s*\d{1,10}\s+\d{1,5}\s+R\b"
_STREAM, _STREAM_END = re.compile(rb">>\s*stream\r?\n"), b"endstream"
FORBIDDEN = (
    (
        re.compile(rb"/Encrypt(?:%s|\s*<<)" % _REFERENCE),
        ("The PDF is encrypted.", "Remove its password and its limits on printing and copying, and upload it again."),
    ),
    (re.compile(rb"/JavaScript" + _NAME_ENDS), ("The PDF holds scripts (JavaScript).", PRINT_IT)),
    (re.compile(rb"/JS" + _REFERENCE), ("The PDF holds scripts (JavaScript).", PRINT_IT)),
    (re.compile(rb"/Launch" + _NAME_ENDS), ("The PDF starts other programs (a launch action).", PRINT_IT)),
    (
        re.compile(rb"/EmbeddedFiles?" + _NAME_ENDS),
        ("The PDF carries other files inside.", "Print it to a new PDF and upload the other files by themselves."),
    ),
    (re.compile(rb"/RichMedia" + _NAME_ENDS), ("The PDF holds films, sounds or 3D objects.", PRINT_IT)),
)
# So short that it would turn up by chance in compressed data, so it is looked for around it only.
SHORT = re.compile(rb"/JS\s*[(<]")


def check_pdf(content: bytes) -> None:
    """Raises UploadRefused if it is no whole PDF, or one of the names above stands in it."""
    if not content.startswith(PDF_START):
        raise UploadRefused("The file does not begin as a PDF does.", PRINT_IT)
    if b"%%EOF" not in content[-END_WITHIN:]:
        raise UploadRefused("The PDF breaks off before its end.", "Save or download it again and upload that one.")
    plain = _SPELLED.sub(lambda code: bytes([int(code[1], 16)]), content)
    for pattern, reason in FORBIDDEN:
        if pattern.search(plain):
            raise UploadRefused(*reason)
    if any(SHORT.search(part) for part in _around_streams(plain)):
        raise UploadRefused("The PDF holds scripts (JavaScript).", PRINT_IT)


def _around_streams(content: bytes) -> Iterator[bytes]:
    at = 0
    while begin := _STREAM.search(content, at):
        end = content.find(_STREAM_END, begin.end())
        if end < 0:  # once, not for each of them: the rest is looked through as a whole
            break
        yield content[at : begin.end()]
        at = end
    yield content[at:]
