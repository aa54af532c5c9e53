"""Bad files, each wrong in one way, with the phrase by which its refusal is recognised."""

import gzip
import struct

from .bad_makers import (
    MIB,
    OLE,
    SHEET,
    BadFile,
    as_is,
    changed_sheet,
    compound,
    extra_part,
    laughs,
    linked_sheet,
    many_cells,
    many_prefixed_cells,
    many_sheets,
    multiplied_text,
    noise_text,
    one_cell,
    opendocument,
    overlapping,
    plain_zip,
    repeated_blocks,
    text,
    typed_part,
    utf16_doctype,
    with_unlisted_first_member,
    workbook_type,
)
from .corpus import (
    MAIN,
    SHEET_TYPE,
    Packed,
    archive,
    book,
    content_types,
    deflate,
    members,
    packed,
    relationships,
    sheet,
    stored,
    tampered,
    workbook,
)

NAMES = (
    BadFile("no name", "has no name", book, ""),
    BadFile("name with NUL", "characters that names do not have", book, "a\x00.xlsx"),
    BadFile("name with a folder", "characters that names do not have", book, "../a.xlsx"),
    BadFile("name that turns its direction", "characters that names do not have", book, "a\u202exslx.xlsx"),
    BadFile("name too long", "too long", book, "a" * 300 + ".xlsx"),
    BadFile("no ending", "ends in neither", book, "workbook"),
    BadFile("other ending", "ends in neither", text("a,b\n1,2\n"), "table.txt"),
    BadFile("workbook named csv", "ends in .csv, but the file is a workbook", book, "a.csv"),
    BadFile("csv named xlsx", "does not begin as a workbook", text("a,b\n1,2\n")),
    BadFile("ending xlsm", "holds macros", book, "a.xlsm"),
    BadFile("ending xls", "old .xls format", book, "a.xls"),
    BadFile("ending xltx", "add-in or template", book, "a.xltx"),
)

OTHER_KINDS = (
    BadFile("empty", "is empty", as_is(b"")),
    BadFile("too large", "larger than 20 MB", lambda: bytes(20 * MIB + 1)),
    BadFile("password", "protected by a password", lambda: compound("EncryptedPackage")),
    BadFile("xls", "old .xls format", lambda: compound("Workbook")),
    BadFile("doc", "old Office document", lambda: compound("WordDocument")),
    BadFile("ods", "OpenDocument", opendocument),
    BadFile("pdf", "PDF document", as_is(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")),
    BadFile("html", "web page", as_is(b"\xef\xbb\xbf  <!DOCTYPE html><html><table><tr><td>1</td></tr></table>")),
    BadFile("html in UTF-16", "web page", text("<html><table></table></html>", "utf-16")),
    BadFile("html named csv", "web page", as_is(b"<table><tr><td>1</td></tr></table>"), "a.csv"),
    BadFile("web archive", "saved web page", as_is(b"MIME-Version: 1.0\nX-Document-Type: Workbook\n")),
    BadFile(
        "XML spreadsheet 2003",
        "old XML format",
        as_is(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
    ),
    BadFile("xml", "an XML file", as_is(b'<?xml version="1.0"?><a/>')),
    BadFile("rtf", "text document", as_is(b"{\\rtf1 hello}")),
    BadFile("picture", "a picture", as_is(b"\x89PNG\r\n\x1a\n" + bytes(64))),
    BadFile("gzip", "compressed archive", lambda: gzip.compress(book())),
    BadFile("program", "a program", as_is(b"MZ\x90\x00" + bytes(64))),
    BadFile("empty zip", "empty zip archive", lambda: archive([])),
    BadFile("zip of a csv", "a zip archive, not a workbook", plain_zip),
    BadFile("docx", "text document", extra_part("word/document.xml")),
    BadFile("pptx", "presentation", extra_part("ppt/presentation.xml")),
    BadFile("Numbers", "Numbers or Keynote document", extra_part("Index/Document.iwa")),
)

CONTAINER = (
    BadFile("zip bomb by ratio", "far more data", extra_part("xl/media/image1.png", bytes(30 * MIB))),
    BadFile("zip bomb by sum", "far more data", repeated_blocks),
    BadFile("size claimed beyond the limit", "far more data", lambda: tampered(SHEET, size=2**31)),
    BadFile("size claimed too small", "unpacks to more than", lambda: tampered(SHEET, size=10)),
    BadFile("size claimed too large", "but claims", lambda: tampered(SHEET, size=5_000)),
    BadFile("wrong checksum", "checksum", lambda: tampered(SHEET, crc=1)),
    BadFile("overlapping members", "overlaps", overlapping),
    BadFile("two names for a member", "two different ways", lambda: tampered(SHEET, local_name=b"xl/evil.xml")),
    BadFile("two sizes for a member", "two different ways", lambda: tampered(SHEET, local_size=7)),
    BadFile(
        "a second, unicode name",
        "two names",
        lambda: tampered(SHEET, extra=struct.pack("<HHBI", 0x7075, 9, 1, 0) + b"evil"),
    ),
    BadFile("stored with two sizes", "two different sizes", lambda: tampered(SHEET, method=0)),
    BadFile("name leads up", "leads out", extra_part("../evil.xml")),
    BadFile("name leads up inside", "leads out", extra_part("xl/../../evil.xml")),
    BadFile("name leads up, escaped", "leads out", extra_part("xl/%2e%2e/%2e%2e/evil.xml")),
    BadFile("absolute name", "leads out", extra_part("/etc/passwd.xml")),
    BadFile("name with backslash", "not one that Office programs use", extra_part("xl\\evil.xml")),
    BadFile("name with a drive", "not one that Office programs use", extra_part("C:/evil.xml")),
    BadFile("part name with NUL", "not one that Office programs use", extra_part("xl/a.xml\x00.png")),
    BadFile("part name with line feed", "not one that Office programs use", extra_part("xl/a\n.xml")),
    BadFile("part name too long", "not one that Office programs use", extra_part("xl/" + "a" * 300 + ".xml")),
    BadFile("part name not UTF-8", "not readable", lambda: archive([*members(), Packed(b"xl/\xff.xml", b"", 0, 0, 0)])),
    BadFile("same name twice", "there twice", lambda: archive([*members(), packed(SHEET, sheet())])),
    BadFile("same name in capitals", "there twice", extra_part("XL/Workbook.xml")),
    BadFile("encrypted member", "is encrypted", lambda: tampered(SHEET, flags=1)),
    BadFile("strongly encrypted member", "is encrypted", lambda: tampered(SHEET, flags=0x41)),
    BadFile("unusual compression", "packed in a way", lambda: tampered(SHEET, method=12)),
    BadFile("broken off", "broke off", lambda: book()[:-40]),
    BadFile("broken off early", "broke off", lambda: book()[:200]),
    BadFile("trailing bytes", "behind its end", lambda: book() + b"<?php"),
    BadFile("trailing archive", "behind its end", lambda: archive(members(), suffix=b"x" * 70_000)),
    BadFile("two archives, one file", "not where it should be", lambda: book() + book()),
    BadFile("script in front", "does not begin as a workbook", lambda: archive(members(), prefix=b"#!/bin/sh\n")),
    BadFile("unlisted member in front", "in front of its contents", with_unlisted_first_member),
    BadFile("data between members", "unlisted data", lambda: tampered(SHEET, behind=b"secret")),
    BadFile("data inside a member", "hides behind", lambda: tampered(SHEET, data=deflate(sheet()) + b"secret")),
    BadFile("member breaks off", "breaks off", lambda: tampered(SHEET, data=deflate(sheet())[:-6])),
    BadFile("member is noise", "cannot be unpacked", lambda: tampered(SHEET, data=b"\xff" * 50)),
    BadFile(
        "end record in the comment", "behind its end", lambda: archive(members(), comment=b"PK\x05\x06" + bytes(30))
    ),
    BadFile(
        "too many parts",
        "at most 2,000",
        lambda: archive([*members(), *(stored(f"xl/p{number}.xml", b"<a/>") for number in range(2_000))]),
    ),
)

CONTENT = (
    BadFile("no content types", "“[Content_Types].xml” is missing", lambda: book(without="[Content_Types].xml")),
    BadFile("no workbook", "“xl/workbook.xml” is missing", lambda: book(without="xl/workbook.xml")),
    BadFile("no links", "“_rels/.rels” is missing", lambda: book(without="_rels/.rels")),
    BadFile("no type", "does not say that it is an .xlsx", workbook_type("application/xml")),
    BadFile(
        "two types",
        "two different types",
        lambda: book(
            {
                "[Content_Types].xml": content_types(
                    more='<Override PartName="/xl/workbook.xml" ContentType="application/xml"/>'
                )
            }
        ),
    ),
    BadFile(
        "another workbook",
        "is not the part",
        lambda: book({"_rels/.rels": relationships(("officeDocument", "xl/b.xml"))}),
    ),
    BadFile("workbook not linked", "nothing links", lambda: book({"_rels/.rels": relationships()})),
    BadFile("xlsm", "holds macros", workbook_type("application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
    BadFile("xltm", "holds macros", workbook_type("application/vnd.ms-excel.template.macroEnabled.main+xml")),
    BadFile("xltx", "add-in or template", workbook_type(f"{SHEET_TYPE}.template.main+xml")),
    BadFile("xlsb", "binary workbook", extra_part("xl/workbook.bin")),
    BadFile("macros in an xlsx", "holds macros", extra_part("xl/vbaProject.bin", OLE)),
    BadFile(
        "macros under another name", "holds macros", typed_part("xl/a.bin", "application/vnd.ms-office.vbaProject")
    ),
    BadFile("macros by link", "holds macros", linked_sheet("vbaProject", "../theme.bin")),
    BadFile("macro sheet", "macro sheets", extra_part("xl/macrosheets/sheet1.xml")),
    BadFile("macro sheet as a sheet", "macro sheets", changed_sheet(f'<xm:macrosheet xmlns:xm="{MAIN}"/>'.encode())),
    BadFile("dialog sheet", "dialog sheets", extra_part("xl/dialogsheets/sheet1.xml")),
    BadFile("ActiveX", "ActiveX", extra_part("xl/activeX/activeX1.xml")),
    BadFile("embedded object", "embedded in it", extra_part("xl/embeddings/oleObject1.bin", OLE)),
    BadFile(
        "embedded by element", "embedded in it", changed_sheet(sheet(after="<oleObjects><oleObject/></oleObjects>"))
    ),
    BadFile("embedded package", "embedded in it", linked_sheet("package", "../a.docx")),
    BadFile("ribbon", "changes the menus", extra_part("customUI/customUI14.xml")),
    BadFile("external link", "external links", extra_part("xl/externalLinks/externalLink1.xml")),
    BadFile(
        "external reference",
        "external links",
        lambda: book(
            {
                "xl/workbook.xml": workbook(
                    more='<externalReferences><externalReference r:id="rId9"/></externalReferences>'
                )
            }
        ),
    ),
    BadFile(
        "DDE", "external links", extra_part("xl/other.xml", b'<x><ddeLink ddeService="cmd" ddeTopic="/c calc"/></x>')
    ),
    BadFile("connections", "connected to outside data", extra_part("xl/connections.xml")),
    BadFile("query table", "connected to outside data", extra_part("xl/queryTables/queryTable1.xml")),
    BadFile(
        "picture from outside", "content outside itself", linked_sheet("image", "http://example.org/a.png", "External")
    ),
    BadFile(
        "link to a share", "content outside itself", linked_sheet("hyperlink", "file://///server/share/a", "External")
    ),
    BadFile("link that runs", "content outside itself", linked_sheet("hyperlink", "javascript:alert(1)", "External")),
    BadFile(
        "template from outside",
        "content outside itself",
        linked_sheet("attachedTemplate", "https://example.org", "external"),
    ),
    BadFile("inside link with a scheme", "content outside itself", linked_sheet("image", "http://example.org/a.png")),
    BadFile("link leads up", "leads out", linked_sheet("image", "../../../etc/passwd")),
    BadFile(
        "sheet that is no XML",
        "not XML",
        lambda: book(
            {"xl/_rels/workbook.xml.rels": relationships(("worksheet", "media/a.png")), "xl/media/a.png": sheet()}
        ),
    ),
    BadFile("program inside", "does not belong", extra_part("xl/media/setup.exe", b"MZ")),
)

XML = (
    BadFile("billion laughs", "document type or entities", changed_sheet(laughs())),
    BadFile(
        "external entity",
        "document type or entities",
        changed_sheet(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]><x>&e;</x>'),
    ),
    BadFile(
        "document type only",
        "document type or entities",
        changed_sheet(b'<!DOCTYPE x SYSTEM "http://example.org/x"><x/>'),
    ),
    BadFile(
        "parameter entity", "document type or entities", changed_sheet(b'<!DOCTYPE x [<!ENTITY % p "q"> %p;]><x/>')
    ),
    BadFile("document type in UTF-16", "document type or entities", changed_sheet(utf16_doctype())),
    BadFile(
        "document type in UTF-16 beside the sheets",
        "document type or entities",
        extra_part("docProps/a.xml", utf16_doctype()),
    ),
    BadFile(
        "document type in content types", "document type or entities", lambda: book({"[Content_Types].xml": laughs()})
    ),
    BadFile("entity in a drawing", "document type or entities", extra_part("xl/drawings/vmlDrawing1.vml", laughs())),
    BadFile("entity in a picture", "document type or entities", extra_part("xl/media/image1.svg", utf16_doctype())),
    BadFile("not well-formed", "not well-formed", changed_sheet(b"<worksheet><sheetData></worksheet>")),
    BadFile("empty part", "not well-formed", changed_sheet(b"")),
    BadFile("unknown entity", "not well-formed", changed_sheet(b"<worksheet>&nbsp;</worksheet>")),
    BadFile("deep nesting", "levels deep", changed_sheet(b"<a>" * 5_000 + b"</a>" * 5_000)),
    BadFile("endless tag", "holds a tag of more than", changed_sheet(b'<a b="' + noise_text() + b'"/>')),
    BadFile("endless comment", "holds a tag of more than", changed_sheet(b"<!--" + noise_text() + b"--><a/>")),
    BadFile("no such encoding", "not written in UTF-8", changed_sheet(b'<?xml version="1.0" encoding="klingon"?><a/>')),
    BadFile(
        "other encoding", "not written in UTF-8", changed_sheet(b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>')
    ),
    BadFile("sheet in UTF-16", "not written in UTF-8", changed_sheet("<worksheet/>".encode("utf-16"))),
    BadFile(
        "encoding of many bytes",
        "not written in UTF-8",
        changed_sheet(b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-'),
    ),
)

CSV = (
    BadFile("csv with NUL", "binary data", as_is(b"a,b\n1,\x002\n"), "a.csv"),
    BadFile("csv of noise", "binary data", as_is(bytes(set(range(1, 256)) - set(b"\x81\x8d\x8f\x90\x9d"))), "a.csv"),
    BadFile("csv in no encoding", "not readable text", as_is(b"a,b\n\x81\x8d\x90,2\n"), "a.csv"),
    BadFile("csv in broken UTF-16", "not readable text", as_is(b"\xff\xfea\x00b"), "a.csv"),
    BadFile("csv of blanks", "holds no text", as_is(b" \r\n\t\r\n"), "a.csv"),
    BadFile("csv with too many lines", "more than 100,000 lines", as_is(b"a,b\n" * 100_001), "a.csv"),
    BadFile(
        "csv with too long a line", "longer than 100,000 characters", as_is(b"a,b\n" + b"x" * 100_001 + b"\n"), "a.csv"
    ),
    BadFile("csv too large", "larger than 20 MB", lambda: b"a,b\n" * (5 * MIB + 1), "a.csv"),
)

REFUSED_AT_THE_GATE = NAMES + OTHER_KINDS + CONTAINER + CONTENT + XML + CSV

# These pass the gate: only who reads the cells can see what is wrong.
REFUSED_BY_THE_READER = (
    BadFile(
        "huge declared size", "far beyond its figures", changed_sheet(sheet(before='<dimension ref="A1:XFD1048576"/>'))
    ),
    BadFile("a cell in the last corner", "far beyond its figures", one_cell("XFD1048576")),
    BadFile("a cell behind the last column", "wider than 16,384", one_cell("XFE1")),
    BadFile("a cell below the last row", "no valid number", one_cell("A1048577")),
    BadFile(
        "a cell nowhere", "does not say where it stands", changed_sheet(sheet('<row><c r="1A"><v>1</v></c></row>'))
    ),
    BadFile("an error nobody knows", "shows the error “#BUSY!”", one_cell("A1", "<v>#BUSY!</v>", "e")),
    BadFile("300,000 cells", "more than 200,000 filled cells", lambda: many_cells(1_000, 300)),
    BadFile(
        "too many cells in a sheet under another prefix",
        "more than 200,000 filled cells",
        lambda: book({SHEET: many_prefixed_cells()}),
    ),
    BadFile("100 sheets", "at most 50", lambda: many_sheets(100)),
    BadFile(
        "a cell too long", "more than 32,767 characters", one_cell("A1", f"<is><t>{'x' * 32_768}</t></is>", "inlineStr")
    ),
    BadFile("text multiplied", "more memory than is allowed", multiplied_text),
    BadFile("a sheet name too long", "name of a sheet", lambda: book({"xl/workbook.xml": workbook(["n" * 500])})),
    BadFile("a sheet that is not there", "damaged", lambda: book(without=SHEET)),
    BadFile("no sheet list", "no sheet", lambda: book({"xl/workbook.xml": b"<workbook/>"})),
    BadFile("csv with 501 columns", "501 columns", as_is(b"a" + b",b" * 500 + b"\n"), "a.csv"),
    BadFile("csv with too many cells", "1,000,000 cells", as_is((b"1," * 10 + b"1\n") * 95_000), "a.csv"),
    BadFile("csv with a cell too long", "out of place", as_is(b"a,b\n1," + b"x" * 40_000 + b"\n"), "a.csv"),
    BadFile("csv with an open quotation", "out of place", as_is(b'a,b\n1,"x\n2,y\n'), "a.csv"),
)
