"""The gate for files that are kept as they are and handed out again, such as evidence of a step.

A file gets in if its name and its content agree on one of the kinds below, it is small enough packed and unpacked, and
nothing in it runs, is embedded or comes from outside, as far as `office`, `pdf` and `pictures` look. No library parses
it; the XML inside Office files is walked through by the standard library's own parser, with limits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from ssoplanner.uploads.limits import MIB
from ssoplanner.uploads.names import check_name, ending_of
from ssoplanner.uploads.office import DOCUMENT, MACROS, PRESENTATION, WORKBOOK, OfficeKind, check_office, refusal
from ssoplanner.uploads.pdf import PDF_START, check_pdf
from ssoplanner.uploads.pictures import JPEG_START, PNG_START, check_picture
from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.uploads.signatures import COMPOUND_FILE_START, ZIP_START, compound_kind
from ssoplanner.uploads.text import PAGE_TAGS, decoded, head_of

MAX_ATTACHMENT_BYTES = 10 * MIB
ALLOWED = "PDF, PNG, JPEG, .docx, .xlsx, .pptx, .txt or .csv"
CHOOSE_ANOTHER = f"Choose a file of one of these kinds: {ALLOWED}."
OR_PDF = "A PDF of it will do as well."
AS_TEXT = "Save it as plain text in UTF-8 and upload that file."
TAGS = (*PAGE_TAGS, "<svg", "<?xml", "<body", "<iframe", "<img", "<!--")


@dataclass(frozen=True)
class AttachmentKind:
    """`label` is what people read, `content_type` what a browser is told, `starts` how the content begins."""

    key: str
    label: str
    content_type: str
    endings: tuple[str, ...]
    check: Callable[[bytes], None]
    starts: bytes = b""


@dataclass(frozen=True)
class Attachment:
    """A file that passed the gate; `sha256` in hexadecimal is the digest of `content`."""

    name: str
    kind: str
    content: bytes
    sha256: str


def _office(kind: OfficeKind) -> Callable[[bytes], None]:
    def check(content: bytes) -> None:
        try:
            check_office(content, kind)
        except UploadRefused as refused:
            raise UploadRefused(refused.reason, f"{refused.remedy} {OR_PDF}") from refused

    return check


def _check_text(content: bytes) -> None:
    _, text = decoded(content, AS_TEXT)
    if not text.strip():
        raise UploadRefused("The file holds no text.", "Choose another one.")
    head = head_of(content)
    if head.startswith("mime-version:") or (head.startswith("<") and any(tag in head for tag in TAGS)):
        raise UploadRefused(
            "The file is a web page or drawing (HTML, SVG or XML), even if its name says otherwise.",
            "Print it to a PDF and upload that one.",
        )


def _picture(kind: str) -> Callable[[bytes], None]:
    return lambda content: check_picture(content, kind)


def _office_kind(key: str, label: str, content_type: str, kind: OfficeKind) -> AttachmentKind:
    whole = f"application/vnd.openxmlformats-officedocument.{content_type}"
    return AttachmentKind(key, label, whole, (key,), _office(kind), ZIP_START)


KINDS = {
    kind.key: kind
    for kind in (
        AttachmentKind("pdf", "PDF", "application/pdf", ("pdf",), check_pdf, PDF_START),
        AttachmentKind("png", "PNG picture", "image/png", ("png",), _picture("png"), PNG_START),
        AttachmentKind("jpeg", "JPEG picture", "image/jpeg", ("jpg", "jpeg"), _picture("jpeg"), JPEG_START),
        _office_kind("docx", "Word document", "wordprocessingml.document", DOCUMENT),
        _office_kind("xlsx", "Excel workbook", "spreadsheetml.sheet", WORKBOOK),
        _office_kind("pptx", "PowerPoint presentation", "presentationml.presentation", PRESENTATION),
        AttachmentKind("txt", "text file", "text/plain", ("txt",), _check_text),
        AttachmentKind("csv", "CSV table", "text/csv", ("csv",), _check_text),
    )
}
ENDINGS = {ending: kind for kind in KINDS.values() for ending in kind.endings}
WITH_MACROS = {"docm": DOCUMENT, "dotm": DOCUMENT, "xlsm": WORKBOOK, "xltm": WORKBOOK, "xlam": WORKBOOK}
WITH_MACROS |= {"pptm": PRESENTATION, "potm": PRESENTATION, "ppsm": PRESENTATION, "ppam": PRESENTATION}


def check_attachment(file: BinaryIO, name: str) -> Attachment:
    """Reads `file` from its beginning and says what it is. Raises UploadRefused with the reason and the remedy."""
    check_name(name, ".pdf or .docx, for example,")
    file.seek(0)
    content = file.read(MAX_ATTACHMENT_BYTES + 1)
    if not content:
        raise UploadRefused("The file is empty.", CHOOSE_ANOTHER)
    if len(content) > MAX_ATTACHMENT_BYTES:
        raise UploadRefused(
            f"The file is larger than {MAX_ATTACHMENT_BYTES // MIB} MB.",
            "Make its pictures smaller or split it, or keep it where it is and give its link.",
        )
    kind = _kind_of(content, name)
    kind.check(content)
    return Attachment(name, kind.key, content, hashlib.sha256(content).hexdigest())


def _kind_of(content: bytes, name: str) -> AttachmentKind:
    """What the name and the content agree on."""
    ending = ending_of(name)
    if ending in WITH_MACROS:
        raise refusal(MACROS, WITH_MACROS[ending])
    kind = ENDINGS.get(ending)
    if kind is None:
        raise UploadRefused("Files of this kind are not taken as evidence.", CHOOSE_ANOTHER)
    if content.startswith(COMPOUND_FILE_START):
        raise _compound_file(content)
    if kind.starts and not content.startswith(kind.starts):
        raise UploadRefused(
            f"The name of the file ends in .{ending}, but the file does not begin as a {kind.label} does.",
            "Save it again in the program that it was made with, or give it the ending of what it is.",
        )
    if not kind.starts and (other := _begins_as(content)):
        raise UploadRefused(
            f"The name of the file ends in .{ending}, but the file is a {other}.",
            "Give it the ending of what it is and upload it again.",
        )
    return kind


def _begins_as(content: bytes) -> str:
    """What a file that calls itself text really is, where its beginning says so."""
    if content.startswith(ZIP_START):
        return "zip archive or Office file"
    return next((kind.label for kind in KINDS.values() if kind.starts and content.startswith(kind.starts)), "")


def _compound_file(content: bytes) -> UploadRefused:
    if compound_kind(content) == "encrypted":
        return UploadRefused("The file is protected by a password.", "Save it without one and upload it again.")
    return UploadRefused(
        "The file is in an old Office format (.doc, .xls or .ppt).",
        f"Save it as .docx, .xlsx or .pptx and upload that one. {OR_PDF}",
    )
