"""Files of text: in which encoding they are to be read, and whether they are text at all."""

import codecs
import re

from ssoplanner.uploads.refusal import UploadRefused

UTF8_WITH_MARK, UTF8, UTF16, WINDOWS = "utf-8-sig", "utf-8", "utf-16", "cp1252"
HEAD_BYTES = 1024  # how far into a file a page's first tag is looked for
PAGE_TAGS = ("<!doctype html", "<html", "<table", "<head", "<script", "<meta")

# Tab, line feed, form feed and carriage return are text; the other control characters come from binary data.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def decoded(content: bytes, remedy: str) -> tuple[str, str]:
    """(encoding, text). Raises UploadRefused with `remedy` if it is no text."""
    encoding = _encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UploadRefused("The file is not readable text.", remedy) from error
    if _BINARY.search(text):
        raise UploadRefused("The file holds binary data, not text.", remedy)
    return encoding, text


def head_of(content: bytes) -> str:
    """The beginning of the file as text, in small letters, without what a browser skips before a tag."""
    head = content[:HEAD_BYTES]
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "latin-1"
    return head.removeprefix(codecs.BOM_UTF8).decode(encoding, errors="replace").lstrip().lower()


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
