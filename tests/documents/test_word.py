"""A document as a Word file: what python-docx and an office program find in it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from ssoplanner.documents.content import Document
from ssoplanner.documents.word import MARKS, write_word
from tests.documents.sample import HOSTILE, sample


def opened(document: Document) -> Any:
    file = io.BytesIO()
    write_word(document, file)
    return docx.Document(file)


def test_headings_are_headings_and_the_page_lies_on_its_side() -> None:
    word = opened(sample())

    styles = {paragraph.text: paragraph.style.name for paragraph in word.paragraphs}
    assert (styles["Roadmap"], styles["Overview"], styles["Timeline"]) == ("Title", "Heading 1", "Heading 1")
    assert word.sections[0].orientation == WD_ORIENT.LANDSCAPE
    assert [p.text for p in word.paragraphs if p.paragraph_format.page_break_before] == ["Timeline"]
    assert word.core_properties.title == "Roadmap"


def test_a_table_holds_every_text_and_repeats_its_heads() -> None:
    table = opened(sample(rows=5)).tables[0]

    assert [cell.text for cell in table.rows[0].cells] == ["Phase", "People"]
    assert [row.cells[1].text for row in list(table.rows)[1:]] == [f"{mark} Plain text" for mark in MARKS.values()]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "What there is"


def test_a_calendar_is_filled_where_something_happened_and_striped_where_it_was_planned() -> None:
    calendar = opened(sample()).tables[1]

    rows = list(calendar.rows)
    assert rows[1].cells[0].text == "First phase"
    assert (rows[2].cells[0].text, rows[2].cells[1].text) == ("○ Step 0", "words 0")
    shades = [cell._tc.tcPr.find(qn("w:shd")) for cell in list(rows[3].cells)[2:]]  # planned 1 to 5, happened 2 to 3
    kinds = ["" if shade is None else shade.get(qn("w:val")) for shade in shades]
    assert kinds == ["", "diagStripe", "clear", "clear", "diagStripe", "diagStripe", "", ""]


def test_the_foot_counts_the_pages() -> None:
    foot = opened(sample()).sections[0].footer.paragraphs[0]

    fields = [field.get(qn("w:instr")) for field in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "Made on 29 November 2026" in foot.text


def test_text_stays_text_and_a_character_that_no_file_holds_is_left_out() -> None:
    word = opened(sample(f"{HOSTILE}\x0b\x00\ufffe"))

    assert word.tables[0].rows[1].cells[1].text == f"○ {HOSTILE}"


def test_nothing_in_the_file_points_outside() -> None:
    file = io.BytesIO()
    write_word(sample(HOSTILE), file)

    with zipfile.ZipFile(file) as parts:
        links = [parts.read(name) for name in parts.namelist() if name.endswith(".rels")]
    assert links and not any(b'TargetMode="External"' in link for link in links)
