"""A document as a Word file (.docx), by python-docx: real headings, header rows that repeat, page numbers.

People edit it further, so it has no font that only we have, and no text in pictures.
"""

from __future__ import annotations

import re
from typing import IO, Any

from ssoplanner.documents.content import Block, Calendar, Cell, Document, Facts, Legend, Line, Paragraph, Table

FONT = "Arial"
# The mark of a state is a character that every Word has; the word for it stands beside it.
MARKS = {"upcoming": "○", "on_track": "●", "late": "▲", "critical": "◆", "complete": "■"}
COLOURS = {"upcoming": "4B5963", "on_track": "2D7038", "late": "946000", "critical": "B3261E", "complete": "1F5FA8"}
QUIET, ACCENT, RULE = "4B5963", "0B5563", "C9C4B6"
LABEL_CM, WORDS_CM = 5.4, 8.6
SMALL = 7  # points, in tables
# XML holds no control characters but these three.
NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_word(document: Document, file: IO[bytes]) -> None:
    """Write the document."""
    import docx

    word = docx.Document()
    _set_up(word, document)
    _head(word, document)
    for section in document.sections:
        heading = word.add_heading(_clean(section.title), 1)
        heading.paragraph_format.page_break_before = section.new_page
        for block in section.blocks:
            _add(word, block)
    word.save(file)


def _clean(text: str) -> str:
    return NOT_IN_XML.sub("", text)


# --- The file as a whole --------------------------------------------------------------------------------------------


def _set_up(word: Any, document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt, RGBColor

    page = word.sections[0]
    short, long = Cm(21), Cm(29.7)
    page.page_width, page.page_height = (long, short) if document.landscape else (short, long)
    page.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    page.left_margin = page.right_margin = Cm(1.5)
    page.top_margin = page.bottom_margin = Cm(1.3)
    page.footer_distance = Cm(0.6)
    for name, size in (("Normal", 8.5), ("Title", 18), ("Heading 1", 12), ("Heading 2", 10)):
        style = word.styles[name]
        _set_font(style.font, size)
        style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.space_before = Pt(0 if name in ("Normal", "Title") else 6)
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string(ACCENT)
    facts = word.core_properties
    facts.title, facts.subject, facts.language = _clean(document.title), _clean(document.subtitle), "en"
    facts.author = facts.comments = ""
    _footer(page.footer.paragraphs[0], document)


def _set_font(font: Any, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    font.name, font.size = FONT, Pt(size)
    fonts = font.element.rPr.rFonts
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)


def _footer(paragraph: Any, document: Document) -> None:
    _run(paragraph, f"{document.made}   Page ", quiet=True)
    _field(paragraph, "PAGE")
    _run(paragraph, " of ", quiet=True)
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = _run(paragraph, "1", quiet=True)
    field.append(run._r)
    paragraph._p.append(field)


def _head(word: Any, document: Document) -> None:
    word.add_paragraph(_clean(document.title), style="Title")
    _run(word.add_paragraph(), document.subtitle, quiet=True)
    if document.notice:
        _run(word.add_paragraph(), document.notice, strong=True)


def _run(
    paragraph: Any, text: str, *, quiet: bool = False, strong: bool = False, colour: str = "", size: float = 0
) -> Any:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(_clean(text))
    run.bold = strong or None
    run.font.size = Pt(size) if size else None
    if colour or quiet:
        run.font.color.rgb = RGBColor.from_string(colour or QUIET)
    return run


# --- Its parts ------------------------------------------------------------------------------------------------------


def _add(word: Any, block: Block) -> None:
    if isinstance(block, Paragraph):
        _run(word.add_paragraph(), block.text, quiet=block.quiet)
    elif isinstance(block, Facts):
        _facts(word, block)
    elif isinstance(block, Legend):
        _legend(word, block)
    elif isinstance(block, Table):
        _table(word, block)
    else:
        _calendar(word, block)


def _facts(word: Any, facts: Facts) -> None:
    paragraph = word.add_paragraph()
    for place, (label, value) in enumerate(facts.pairs):
        _run(paragraph, f"{'     ' if place else ''}{label}: ", quiet=True)
        _run(paragraph, value, strong=True)


def _legend(word: Any, legend: Legend) -> None:
    paragraph = word.add_paragraph()
    for tone, label in legend.pairs:
        _line(paragraph, Line(f"{label}     ", tone, quiet=True))


def _table(word: Any, table: Table) -> None:
    width = _text_width(word)
    widths = [width * share / 100 for share in table.widths]
    made = _new_table(word, table.title, len(table.rows) + 1, widths)
    for place, head in enumerate(table.heads):
        _run(made.rows[0].cells[place].paragraphs[0], head, quiet=True, strong=True)
    for row, cells in zip(list(made.rows)[1:], table.rows, strict=True):
        for target, cell in zip(row.cells, cells, strict=True):
            _fill(target, cell)


def _fill(target: Any, cell: Cell) -> None:
    """The lines of a cell in one paragraph, which so stay together."""
    paragraph = target.paragraphs[0]
    for place, line in enumerate(cell.lines):
        if place:
            paragraph.add_run().add_break()
        _line(paragraph, line, SMALL)


def _line(paragraph: Any, line: Line, size: float = 0) -> None:
    if line.tone:
        _run(paragraph, f"{MARKS[line.tone]} ", colour=COLOURS[line.tone], size=size)
    _run(paragraph, line.text, quiet=line.quiet, strong=line.strong, size=size)


def _calendar(word: Any, calendar: Calendar) -> None:
    left = _text_width(word) - LABEL_CM - WORDS_CM
    widths = [LABEL_CM, WORDS_CM, *[left / calendar.columns] * calendar.columns]
    lines = 1 + sum(1 + len(group.rows) for group in calendar.groups)
    made = _new_table(word, calendar.title, lines, widths)
    rows = iter(made.rows)
    _calendar_head(next(rows).cells, calendar)
    for group, group_lines in calendar.lines:
        cells = next(rows).cells
        _run(cells[0].merge(cells[-1]).paragraphs[0], group.title, strong=True)
        for line, slots in group_lines:
            cells = next(rows).cells
            _line(cells[0].paragraphs[0], Line(line.label, line.tone), SMALL)
            _run(cells[1].paragraphs[0], line.words, quiet=True, size=SMALL)
            for cell, shown in zip(cells[2:], slots, strict=True):
                _slot(cell, shown, COLOURS[line.tone])


def _calendar_head(cells: Any, calendar: Calendar) -> None:
    _run(cells[0].paragraphs[0], "Step", quiet=True, strong=True)
    _run(cells[1].paragraphs[0], "Planned; what happened", quiet=True, strong=True)
    at = 2
    for label, size in calendar.ticks:
        merged = cells[at].merge(cells[at + size - 1])
        _run(merged.paragraphs[0], label, quiet=True, strong=True)
        at += size


def _slot(cell: Any, shown: str, colour: str) -> None:
    """A column of the calendar: striped where planned, full where it happened, so that it reads in grey too."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if not shown:
        return
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "diagStripe" if shown == "planned" else "clear")
    shade.set(qn("w:color"), QUIET if shown == "planned" else "auto")
    shade.set(qn("w:fill"), "FFFFFF" if shown == "planned" else colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _new_table(word: Any, title: str, rows: int, widths: list[float]) -> Any:
    """An empty table whose first row repeats on each page; no row breaks in two."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    made = word.add_table(rows=rows, cols=len(widths), style="Table Grid")
    made.autofit = False
    made._tbl.tblPr.append(_thin_rules())
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), _clean(title))
    made._tbl.tblPr.append(caption)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    for row in made.rows:
        keep = row._tr.get_or_add_trPr()
        keep.append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return made


def _thin_rules() -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    rules = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        rule = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            rule.set(qn(f"w:{name}"), value)
        rules.append(rule)
    return rules


def _text_width(word: Any) -> float:
    """In centimetres, between the margins."""
    from docx.shared import Emu

    page = word.sections[0]
    return float(Emu(page.page_width - page.left_margin - page.right_margin).cm)
