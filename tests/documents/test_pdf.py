"""A document as PDF."""

from __future__ import annotations

import ctypes
import io
import re
import zlib
from typing import Any

import pytest

from ssoplanner.documents import pdf
from ssoplanner.documents.content import Document
from ssoplanner.documents.fetching import OnlyFonts
from ssoplanner.documents.pdf import NO_PANGO, html, missing, rendered, write_pdf
from ssoplanner.recompute.jobs import CannotMake
from tests.documents.sample import HOSTILE, sample


def written(document: Document) -> bytes:
    file = io.BytesIO()
    write_pdf(document, file)
    return file.getvalue()


def unpacked(file: bytes) -> bytes:
    """All of its streams that are packed."""
    return b"".join(zlib.decompress(each) for each in re.findall(rb"stream\n(x\xda.*?)\nendstream", file, re.DOTALL))


def texts(box: Any) -> str:
    """All text of a page that was laid out."""
    return getattr(box, "text", "") + "".join(texts(child) for child in getattr(box, "children", ()))


def text_of(document: Document, page: int) -> str:
    return texts(rendered(document).pages[page]._page_box)


def test_a_document_becomes_a_tagged_pdf_in_our_own_font() -> None:
    file = written(sample())

    content = unpacked(file)
    assert file.startswith(b"%PDF-")
    assert b"/MarkInfo" in content and b"/Lang" in content  # what a screen reader goes by
    assert b"Public-Sans" in content and b"DejaVu" not in content


def test_a_section_begins_on_a_page_of_its_own_if_it_says_so() -> None:
    document = sample()

    assert len(rendered(document).pages) == 2
    assert "Overview" in text_of(document, 0) and "Timeline" not in text_of(document, 0)
    assert "Step 4" in text_of(document, 1) and "Page 2 of 2" in text_of(document, 1)


def test_the_heads_of_a_table_stand_on_each_of_its_pages() -> None:
    document = sample(rows=120)

    assert "Phase" in text_of(document, 0) and "Phase" in text_of(document, 1)


def test_text_stays_text() -> None:
    assert HOSTILE not in html(sample(HOSTILE))
    assert HOSTILE in text_of(sample(HOSTILE), 0)


def test_each_state_has_its_mark_and_each_span_its_bar() -> None:
    page = html(sample(rows=5))

    for tone in ("upcoming", "on_track", "late", "critical", "complete"):
        assert f'class="mark mark-{tone}"' in page
    assert page.count("bar bar-both") + page.count("bar bar-actual") > 10


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/x", "file:///etc/passwd", "font:../../settings.py", "font:none"]
)
def test_a_document_takes_in_our_fonts_and_nothing_else(address: str) -> None:
    with pytest.raises(ValueError, match="our fonts only"):
        OnlyFonts().fetch(address)


def test_without_the_system_s_library_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_there(name: str) -> None:
        raise OSError(name)

    missing.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", not_there)
    try:
        with pytest.raises(CannotMake, match="Take the Word file"):
            write_pdf(sample(), io.BytesIO())
        assert missing() == NO_PANGO
    finally:
        pdf.missing.cache_clear()
