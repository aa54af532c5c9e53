"""Files to attach, made here: good ones of every kind, and parts to make bad ones of."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import docx
import xlsxwriter

from tests.workbook.corpus import DECLARATION, PACKAGE, relationships

Parts = dict[str, bytes]
TYPES = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("word/document.xml", f"{TYPES}.wordprocessingml.document.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{TYPES}.presentationml.presentation.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{TYPES}.spreadsheetml.sheet.main+xml"),
}


def office_parts(ending: str, main_type: str = "") -> Parts:
    """The smallest file of its kind."""
    main, plain_type = MAIN[ending]
    folder, name = main.split("/")
    types = (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/{main}" ContentType="{main_type or plain_type}"/></Types>'
    )
    return {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relationships(("officeDocument", main)),
        main: f"{DECLARATION}<body/>".encode(),
        f"{folder}/_rels/{name}.rels": relationships(),
    }


def office(ending: str, changed: Mapping[str, bytes] | None = None, main_type: str = "") -> bytes:
    """A file of the kind, with some parts put in or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in {**office_parts(ending, main_type), **(changed or {})}.items():
            target.writestr(name, content)
    return stream.getvalue()


def linked(ending: str, kind: str, target: str, mode: str = "External") -> bytes:
    """A file whose main part has one link."""
    folder, name = MAIN[ending][0].split("/")
    return office(ending, {f"{folder}/_rels/{name}.rels": relationships((kind, target, mode))})


def word_document() -> bytes:
    """As a library writes it, with styles, a table, a header and properties."""
    document, stream = docx.Document(), io.BytesIO()
    document.add_heading("Minutes")
    document.add_table(rows=2, cols=2)
    document.add_picture(io.BytesIO(png()))
    document.save(stream)
    return stream.getvalue()


def excel_workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Figures")
        sheet.write_row(0, 0, ["Agency", "Cost", 1200])
        sheet.insert_image(2, 0, "a.png", {"image_data": io.BytesIO(png())})
        sheet.insert_chart(5, 0, _chart(book))
    return stream.getvalue()


def _chart(book: xlsxwriter.Workbook) -> object:
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Figures!$A$1:$C$1"})
    return chart


def png(width: int = 3, height: int = 2) -> bytes:
    rows = b"".join(b"\x00" + b"\xff\x80\x00" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, content) for kind, content in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def jpeg(width: int = 40, height: int = 30) -> bytes:
    """The segments of a JPEG up to its data, as a camera writes them: a comment and tables before the frame."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    segments = ((0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), (0xFE, b"\xff\xc0 is no marker here"))
    segments += ((0xDB, bytes(65)), (0xC0, frame), (0xDA, b"\x01\x01\x00\x00\x3f\x00"))
    body = b"".join(struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in segments)
    return b"\xff\xd8" + body + b"\x12\x34\xff\xd9"


def pdf(more: bytes = b"", *, stream: bytes = b"BT /F1 12 Tf (Minutes) Tj ET") -> bytes:
    """One page; `more` stands in the catalogue."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + more + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
    ]
    body, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(body)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return body + head + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


GOOD = {
    "minutes.pdf": pdf(),
    "plan.png": png(),
    "photo.JPG": jpeg(),
    "photo.jpeg": jpeg(),
    "minutes.docx": word_document(),
    "small.docx": office("docx"),
    "figures.xlsx": excel_workbook(),
    "slides.pptx": office("pptx"),
    "note.txt": "Zusage der Behörde\r\n".encode("cp1252"),
    "Übersicht der Kosten.csv": "Amt;Kosten\nBürgeramt;1\n".encode("utf-8-sig"),
}
