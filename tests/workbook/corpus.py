"""Workbooks made by hand, part by part and byte by byte, so that each can be wrong in exactly one way (`bad_files.py`),
and good ones as spreadsheet programs and libraries write them."""

import datetime
import io
import os
import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Parts = dict[str, bytes]


def content_types(workbook: str = f"{SHEET_TYPE}.sheet.main+xml", more: str = "") -> bytes:
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{workbook}"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>{more}</Types>'
    ).encode()


def relationships(*links: tuple[str, str] | tuple[str, str, str]) -> bytes:
    """Each link is kind (the last word of its type), target and, if it is not internal, its mode."""
    rows = (
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{link[0]}" Target="{link[1]}"'
        + (f' TargetMode="{link[2]}"/>' if len(link) == 3 else "/>")
        for number, link in enumerate(links, start=1)
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'.encode()


def sheet(rows: str = '<row r="1"><c r="A1"><v>42</v></c></row>', before: str = "", after: str = "") -> bytes:
    body = f"{before}<sheetData>{rows}</sheetData>{after}"
    return f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{body}</worksheet>'.encode()


def workbook(sheets: Iterable[str] = ("Figures",), more: str = "") -> bytes:
    entries = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(sheets, start=1)
    )
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{entries}</sheets>{more}</workbook>'.encode()
    )


def plain_parts() -> Parts:
    """The smallest workbook that a spreadsheet program opens: one sheet, 42 in A1."""
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook(),
        "xl/_rels/workbook.xml.rels": relationships(("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet(),
    }


@dataclass(frozen=True)
class Packed:
    """One member of an archive, written as told, true or not. `data` is what lies in the archive, packed."""

    name: bytes
    data: bytes
    size: int
    crc: int
    method: int = 8
    flags: int = 0
    extra: bytes = b""
    local_name: bytes | None = None
    local_size: int | None = None
    behind: bytes = b""

    def local(self) -> bytes:
        name = self.name if self.local_name is None else self.local_name
        size = self.size if self.local_size is None else self.local_size
        fields = (20, self.flags, self.method, 0, 0x21, self.crc, len(self.data), size, len(name), 0)
        return struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + name + self.data + self.behind

    def central(self, offset: int) -> bytes:
        about = (20, 20, self.flags, self.method, 0, 0x21, self.crc, len(self.data), self.size)
        fields = (*about, len(self.name), len(self.extra), 0, 0, 0, 0, offset)
        return struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *fields) + self.name + self.extra


def packed(name: str, content: bytes) -> Packed:
    return Packed(name.encode(), deflate(content), len(content), zlib.crc32(content))


def stored(name: str, content: bytes) -> Packed:
    return Packed(name.encode(), content, len(content), zlib.crc32(content), method=0)


def deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def archive(members: Iterable[Packed], *, prefix: bytes = b"", suffix: bytes = b"", comment: bytes = b"") -> bytes:
    """The archive knows of the prefix in front of it: every offset is right."""
    body, directory, count = bytearray(prefix), b"", 0
    for member in members:
        directory += member.central(len(body))
        body += member.local()
        count += 1
    start = len(body)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, len(comment))
    return bytes(body) + directory + end + comment + suffix


def pack(parts: Parts) -> bytes:
    return archive(packed(name, content) for name, content in parts.items())


def members(parts: Parts | None = None) -> list[Packed]:
    return [packed(name, content) for name, content in (parts or plain_parts()).items()]


def book(changed: Parts | None = None, *, without: str = "") -> bytes:
    """The plain workbook with some parts added or replaced, or one left out."""
    parts = plain_parts() | (changed or {})
    parts.pop(without, None)
    return pack(parts)


def tampered(name: str, **fields: object) -> bytes:
    """The plain workbook with one member's headers changed."""
    return archive(
        replace(member, **fields) if member.name == name.encode() else member  # type: ignore[arg-type]
        for member in members()
    )


# --- good files: what each must give stands beside how it is made ---

PLAIN_ROWS = (("Agency", "Cost"), ("Parks", 10.0), ("Water", 12.5))


@dataclass(frozen=True)
class GoodFile:
    label: str
    name: str
    make: Callable[[Path], bytes]
    tables: dict[str, tuple[tuple[object, ...], ...]]


def by_openpyxl(_: Path) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Plain"
    for row in PLAIN_ROWS:
        sheet.append(row)
    return _saved(book)


def by_openpyxl_with_kinds(_: Path) -> bytes:
    """Dates, percentages, booleans, a formula without a saved value, an error, hyperlinks, a gap, a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Kinds"
    sheet.append([datetime.date(2026, 7, 1), datetime.datetime(2026, 7, 1, 8, 30), datetime.time(8, 30), 0.25, True])
    sheet["D1"].number_format = "0%"
    sheet["B3"] = "=1+1"
    sheet["C3"] = "#DIV/0!"
    sheet["D3"] = datetime.timedelta(hours=36)
    sheet["E3"] = "site"
    sheet["E3"].hyperlink = "https://example.org/agencies?a=1"
    sheet["A3"] = "write"
    sheet["A3"].hyperlink = "mailto:office@example.org"
    hidden = book.create_sheet("Hidden")
    hidden.sheet_state = "hidden"
    hidden["A1"] = False
    return _saved(book)


KINDS_ROWS = (
    (datetime.date(2026, 7, 1), datetime.datetime(2026, 7, 1, 8, 30), "08:30:00", 0.25, True),
    (None,) * 5,
    ("write", None, "#DIV/0!", 1.5, "site"),
)


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def by_xlsxwriter_with_everything(_: Path) -> bytes:
    """A table, a chart, a conditional format, a list to choose from, a comment, links, a chart sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Everything")
        columns = [{"header": "Agency"}, {"header": "Cost"}]
        sheet.add_table(0, 0, 2, 1, {"data": PLAIN_ROWS[1:], "columns": columns})
        sheet.write_formula("D1", "=SUM(B2:B3)", None, 22.5)
        sheet.write_url("D2", "https://example.org", string="link")
        sheet.write_url("D3", "internal:Everything!A1", string="up")
        sheet.conditional_format("B2:B3", {"type": "3_color_scale"})
        sheet.data_validation("A2:A3", {"validate": "list", "source": ["Parks", "Water"]})
        sheet.write_comment("A2", "Who runs this?")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Everything!$B$2:$B$3"})
        sheet.insert_chart("F2", chart)
        alone = book.add_chart({"type": "line"})
        alone.add_series({"values": "=Everything!$B$2:$B$3"})
        book.add_chartsheet("Chart").set_chart(alone)
        book.add_worksheet("After").write(0, 0, "after the chart")
    return stream.getvalue()


EVERYTHING_ROWS = (
    ("Agency", "Cost", None, 22.5),
    ("Parks", 10.0, None, "link"),
    ("Water", 12.5, None, "up"),
)


def by_xlsxwriter_in_constant_memory(_: Path) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Rows")
        for at, row in enumerate(PLAIN_ROWS):
            sheet.write_row(at, 0, row)
    return stream.getvalue()


def by_libreoffice(source: Callable[[Path], bytes], ending: str) -> Callable[[Path], bytes]:
    """What LibreOffice makes of the file when it opens it and saves it as xlsx."""

    def convert(folder: Path) -> bytes:
        program = shutil.which("soffice")
        if program is None:
            if os.environ.get("CI"):
                pytest.fail("LibreOffice is not installed, and in CI this test must run.")
            pytest.skip("LibreOffice is not installed.")
        given = folder / f"given.{ending}"
        given.write_bytes(source(folder))
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        options = ["--headless", "--norestore", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
        subprocess.run([program, profile, *options, str(given)], check=True, capture_output=True, timeout=120)
        return (folder / "out" / "given.xlsx").read_bytes()

    return convert


def zip64_rewritten(folder: Path) -> bytes:
    """As servers write that stream big exports: 64-bit sizes in front of and data descriptors behind each part."""
    stream = _NotSeekable()
    source = zipfile.ZipFile(io.BytesIO(by_openpyxl(folder)))
    with source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:  # type: ignore[call-overload]
        for name in source.namelist():
            with target.open(name, "w", force_zip64=True) as part:
                part.write(source.read(name))
    return bytes(stream.written)


class _NotSeekable(io.RawIOBase):
    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.written += data
        return len(data)


def csv_text(text: str, encoding: str) -> Callable[[Path], bytes]:
    return lambda _: text.encode(encoding)


CSV_ROWS = (("Agency", "Cost"), ("Bürgeramt", "1,5"), ("Parks", None))
CSV_SEMICOLONS = "Agency;Cost\r\nBürgeramt;1,5\r\nParks;\r\n"
CSV_COMMAS = 'Agency,Cost\n"Bürgeramt","1,5"\nParks,\n'

GOOD_FILES = (
    GoodFile("openpyxl", "plain.xlsx", by_openpyxl, {"Plain": PLAIN_ROWS}),
    GoodFile("all kinds of cells", "k.xlsx", by_openpyxl_with_kinds, {"Kinds": KINDS_ROWS, "Hidden": ((False,),)}),
    GoodFile(
        "XlsxWriter, everything",
        "everything.XLSX",
        by_xlsxwriter_with_everything,
        {"Everything": EVERYTHING_ROWS, "After": (("after the chart",),)},
    ),
    GoodFile("XlsxWriter, constant memory", "rows.xlsx", by_xlsxwriter_in_constant_memory, {"Rows": PLAIN_ROWS}),
    GoodFile(
        "LibreOffice from CSV",
        "a.xlsx",
        by_libreoffice(csv_text("a,b\n1,x\n", "utf-8"), "csv"),
        {"given": (("a", "b"), (1.0, "x"))},
    ),
    GoodFile("LibreOffice from openpyxl", "a.xlsx", by_libreoffice(by_openpyxl, "xlsx"), {"Plain": PLAIN_ROWS}),
    GoodFile("streamed with 64-bit sizes", "a.xlsx", zip64_rewritten, {"Plain": PLAIN_ROWS}),
    GoodFile(
        "by hand, with an archive comment",
        "a.xlsx",
        lambda _: archive(members(), comment=b"made by hand"),
        {"Figures": ((42.0,),)},
    ),
    GoodFile("CSV, UTF-8 with mark", "costs.csv", csv_text(CSV_COMMAS, "utf-8-sig"), {"costs": CSV_ROWS}),
    GoodFile("CSV, UTF-8", "costs.csv", csv_text(CSV_COMMAS, "utf-8"), {"costs": CSV_ROWS}),
    GoodFile("CSV, semicolons, cp1252", "costs.csv", csv_text(CSV_SEMICOLONS, "cp1252"), {"costs": CSV_ROWS}),
    GoodFile(
        "CSV, tabs, UTF-16", "costs.csv", csv_text(CSV_SEMICOLONS.replace(";", "\t"), "utf-16"), {"costs": CSV_ROWS}
    ),
    GoodFile("CSV, bars", "costs.csv", csv_text(CSV_SEMICOLONS.replace(";", "|"), "utf-8"), {"costs": CSV_ROWS}),
    GoodFile(
        "CSV, delimiter declared", "costs.csv", csv_text("sep=;\r\n" + CSV_SEMICOLONS, "utf-8"), {"costs": CSV_ROWS}
    ),
    GoodFile(
        "CSV, a line break in a cell", "n.csv", csv_text('a,b\n"x\ny",z\n', "utf-8"), {"n": (("a", "b"), ("x\ny", "z"))}
    ),
)
