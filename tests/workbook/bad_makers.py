"""The makers of bad workbooks: each gives bytes, or a function that gives them."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from .corpus import (
    DECLARATION,
    MAIN,
    SHEET_TYPE,
    Parts,
    archive,
    book,
    content_types,
    members,
    pack,
    packed,
    plain_parts,
    relationships,
    sheet,
    stored,
    workbook,
)

MIB = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True)
class BadFile:
    label: str
    phrase: str
    make: Callable[[], bytes]
    name: str = "upload.xlsx"

    def __str__(self) -> str:
        return self.label


def extra_part(name: str, content: bytes = b"<a/>") -> Callable[[], bytes]:
    return lambda: book({name: content})


def changed_sheet(content: bytes) -> Callable[[], bytes]:
    return lambda: book({SHEET: content})


def linked_sheet(*link: str) -> Callable[[], bytes]:
    """The plain workbook whose sheet has one link: kind, target, mode."""
    return lambda: book({"xl/worksheets/_rels/sheet1.xml.rels": relationships(link)})  # type: ignore[arg-type]


def workbook_type(kind: str) -> Callable[[], bytes]:
    return lambda: book({"[Content_Types].xml": content_types(kind)})


def typed_part(name: str, kind: str) -> Callable[[], bytes]:
    more = f'<Override PartName="/{name}" ContentType="{kind}"/>'
    return lambda: book({"[Content_Types].xml": content_types(more=more), name: b"<a/>"})


def repeated_blocks() -> bytes:
    """Twelve parts of 20 MiB, each within the ratio; only their sum is too much."""
    content = b"".join(bytes([number % 256]) * 60 + number.to_bytes(4) for number in range(20 * MIB // 64))
    one = packed("xl/media/image0.png", content)
    return archive(members() + [replace(one, name=b"xl/media/image%d.png" % number) for number in range(12)])


def noise_text() -> bytes:
    """Three MiB that do not pack well, so that the ratio is not what is refused."""
    return random.Random(1).randbytes(3 * MIB // 2).hex().encode()


def overlapping() -> bytes:
    """The data of the first member holds the second one, as in archives that unpack to themselves for ever."""
    inner = stored("xl/inner.xml", b"<a/>")
    outer = stored("xl/outer.xml", b"<!--" + inner.local() + b"-->")
    whole = archive([*members(), outer])
    start = whole.rindex(inner.local())
    return _with_central(whole, inner.central(start))


def _with_central(whole: bytes, entry: bytes) -> bytes:
    end = whole.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HII", whole, end + 10)
    record = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count + 1, count + 1, size + len(entry), offset, 0)
    return whole[:end] + entry + record


def with_unlisted_first_member() -> bytes:
    return archive(members(), prefix=packed("xl/hidden.xml", b"<a/>").local())


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><x>&l9;</x>'.encode()


def utf16_doctype() -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]><x>&e;</x>'.encode(
            "utf-16"
        )
    )


def opendocument() -> bytes:
    kind = stored("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
    return archive([kind, packed("content.xml", b"<a/>"), packed("META-INF/manifest.xml", b"<a/>")])


def compound(stream: str) -> bytes:
    return OLE + bytes(504) + stream.encode("utf-16-le") + bytes(1024)


def plain_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("costs.csv", "a,b\n1,2\n")
    return stream.getvalue()


def many_sheets(count: int) -> bytes:
    parts: Parts = plain_parts()
    parts["xl/workbook.xml"] = workbook(f"Sheet {number}" for number in range(count))
    links = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(count)]
    parts["xl/_rels/workbook.xml.rels"] = relationships(*links)
    return pack(parts | {f"xl/worksheets/sheet{number}.xml": sheet() for number in range(count)})


def many_cells(rows: int, columns: int) -> bytes:
    return book({SHEET: sheet(grid(rows, columns, '<c r="{}"><v>1</v></c>'))})


def grid(rows: int, columns: int, cell: str) -> str:
    letters = [get_column_letter(column) for column in range(1, columns + 1)]
    return "".join(
        f'<row r="{row}">{"".join(cell.format(f"{letter}{row}") for letter in letters)}</row>'
        for row in range(1, rows + 1)
    )


def multiplied_text() -> bytes:
    """One long text that 200,000 cells share: 400 KB that the reading library would turn into 6 GB."""
    kind = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHEET_TYPE}.sharedStrings+xml"/>'
    links = relationships(("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"))
    return book(
        {
            "[Content_Types].xml": content_types(more=kind),
            "xl/_rels/workbook.xml.rels": links,
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_767}</t></si></sst>'.encode(),
            SHEET: sheet(grid(1_000, 200, '<c r="{}" t="s"><v>0</v></c>')),
        }
    )


def one_cell(reference: str, content: str = "<v>1</v>", kind: str = "n") -> Callable[[], bytes]:
    row = "".join(filter(str.isdigit, reference))
    return changed_sheet(sheet(f'<row r="{row}"><c r="{reference}" t="{kind}">{content}</c></row>'))


def text(content: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: content.encode(encoding)


def as_is(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def many_prefixed_cells() -> bytes:
    rows = grid(1_000, 300, '<y:c r="{}"><y:v>1</y:v></y:c>').replace("row", "y:row")
    return f'{DECLARATION}<y:worksheet xmlns:y="{MAIN}"><y:sheetData>{rows}</y:sheetData></y:worksheet>'.encode()
