"""Which files are kept, and the sentence that each of the others is refused with. No library parses a file here."""

from __future__ import annotations

import hashlib
import io
import random
import time
import zipfile
from collections.abc import Callable

import pytest
import weasyprint

from ssoplanner.uploads.attachments import KINDS, MAX_ATTACHMENT_BYTES, Attachment, check_attachment
from ssoplanner.uploads.refusal import UploadRefused
from tests.uploads.attached import GOOD, MAIN, jpeg, linked, office, office_parts, pdf, png
from tests.workbook.bad_makers import compound, laughs, opendocument
from tests.workbook.corpus import archive, packed

MIB = 1024 * 1024
KIND_OF = {"JPG": "jpeg", "jpg": "jpeg"}
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"

# (name, content, what is wrong, what would be right)
BAD: list[tuple[str, bytes | Callable[[], bytes], str, str]] = [
    ("", b"x", "The file has no name.", "Give it a name that ends in .pdf"),
    ("a" * 252 + ".txt", b"x", "too long or holds characters", "Rename it"),
    ("a\x07.txt", b"x", "too long or holds characters", "Rename it"),
    ("a\u202etxt.pdf", b"x", "too long or holds characters", "Rename it"),
    ("../a.txt", b"x", "too long or holds characters", "Rename it"),
    ("a.pdf", b"", "The file is empty.", "Choose a file of one of these kinds: PDF, PNG"),
    ("a.txt", lambda: b"x" * (10 * MIB + 1), "larger than 10 MB", "give its link"),
    ("a.exe", b"MZ", "Files of this kind are not taken", "PDF, PNG, JPEG, .docx, .xlsx, .pptx, .txt or .csv"),
    ("a.html", b"<html>", "Files of this kind are not taken", "Choose a file of one of these kinds"),
    ("a.svg", b"<svg/>", "Files of this kind are not taken", "Choose a file of one of these kinds"),
    ("a.doc", lambda: compound("WordDocument"), "Files of this kind are not taken", "Choose a file"),
    ("minutes", b"x", "Files of this kind are not taken", "Choose a file of one of these kinds"),
    ("a.docm", lambda: office("docx"), "The file holds macros.", "Save it as a .docx document without macros"),
    ("a.xlsm", lambda: office("xlsx"), "The file holds macros.", "Save it as an .xlsx workbook without macros"),
    ("a.pptm", lambda: office("pptx"), "The file holds macros.", "Save it as a .pptx presentation without macros"),
    # The name says one thing and the content another
    ("a.pdf", png, "ends in .pdf, but the file does not begin as a PDF does", "give it the ending of what it is"),
    ("a.png", jpeg, "ends in .png, but the file does not begin as a PNG picture", "give it the ending"),
    ("a.docx", pdf, "ends in .docx, but the file does not begin as a Word document", "give it the ending"),
    ("a.txt", pdf, "ends in .txt, but the file is a PDF", "Give it the ending of what it is"),
    ("a.csv", lambda: office("xlsx"), "ends in .csv, but the file is a zip archive or Office file", "Give it"),
    ("a.docx", lambda: office("xlsx"), "The file is a workbook, not a text document.", "Give it the ending"),
    ("a.pptx", lambda: office("docx"), "The file is a text document, not a presentation.", "Give it the ending"),
    ("a.xlsx", lambda: office("pptx"), "The file is a presentation, not a workbook.", "Upload an .xlsx workbook"),
    ("a.docx", lambda: archive([packed("a.txt", b"x")]), "a zip archive, not a text document", "Unpack it"),
    ("a.docx", opendocument, "OpenDocument", "as a .docx document"),
    ("a.docx", lambda: compound("EncryptedPackage"), "protected by a password", "Save it without one"),
    ("a.docx", lambda: compound("WordDocument"), "in an old Office format", "Save it as .docx"),
    # What runs, is embedded or comes from outside
    ("a.docx", lambda: office("docx", {"word/vbaProject.bin": b"x"}), "holds macros", "A PDF of it will do as well."),
    ("a.pptx", lambda: office("pptx", {"ppt/vbaProject.bin": b"x"}), "holds macros", "as a .pptx presentation"),
    ("a.docx", lambda: office("docx", main_type=MACROS), "holds macros", "as a .docx document without macros"),
    ("a.docx", lambda: office("docx", {"word/activeX/activeX1.xml": b"<a/>"}), "ActiveX", "Delete the controls"),
    ("a.pptx", lambda: office("pptx", {"ppt/embeddings/a.xlsx": b"x"}), "embedded in it", "put pictures in their"),
    ("a.docx", lambda: linked("docx", "aFChunk", "a.xml", "Internal"), "embedded in it", "put pictures in their"),
    ("a.docx", lambda: linked("docx", "attachedTemplate", "https://example.org/a.dotm"), "outside itself", "PDF"),
    ("a.docx", lambda: linked("docx", "image", "http://example.org/a.png"), "outside itself", "links to web pages"),
    ("a.pptx", lambda: linked("pptx", "hyperlink", "file:///c:/a.exe"), "outside itself", "links to web pages"),
    ("a.xlsx", lambda: linked("xlsx", "externalLink", "a.xml", "Internal"), "external links", "by its values"),
    ("a.docx", lambda: office("docx", {"word/media/a.html": b"x"}), "does not belong", "new file"),
    ("a.docx", lambda: office("docx", {"word/document.xml": laughs()}), "document type or entities", "new file"),
    ("a.docx", lambda: office("docx", {"customXml/a.xml": laughs()}), "document type or entities", "new file"),
    ("a.docx", lambda: office("docx", {"word/media/a.png": bytes(30 * MIB)}), "far more data", "not needed"),
    ("a.docx", lambda: office("docx")[:-30], "broke off", "save it as a new file"),
    ("a.docx", lambda: office("docx") + b"<?php", "behind its end", "save it as a new file"),
    (
        "a.docx",
        lambda: office("docx", {f"word/a{number}.xml": b"<a/>" for number in range(2000)}),
        "at most 2,000",
        "save it as a new file",
    ),
    # Pictures
    ("a.png", lambda: png()[:20], "width and height", "save it as a new PNG or JPEG"),
    ("a.png", lambda: png(0, 5), "width and height", "save it as a new PNG or JPEG"),
    ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x0dIDAT" + bytes(20), "width and height", "new PNG"),
    ("a.jpg", lambda: jpeg(0, 5), "width and height", "save it as a new PNG or JPEG"),
    ("a.jpg", lambda: jpeg()[:60], "width and height", "save it as a new PNG or JPEG"),
    ("a.jpg", b"\xff\xd8\xff\xda\x00\x02" + bytes(99), "width and height", "save it as a new PNG or JPEG"),
    ("a.jpg", b"\xff\xd8\xff\xe0\x00\x00" * 9, "width and height", "save it as a new PNG or JPEG"),
    # PDFs
    ("a.pdf", lambda: pdf()[:-40], "breaks off", "download it again"),
    ("a.pdf", lambda: pdf(b"/Encrypt 9 0 R"), "The PDF is encrypted.", "Remove its password"),
    ("a.pdf", lambda: pdf(b"/Encrypt << /V 4 >>"), "The PDF is encrypted.", "Remove its password"),
    ("a.pdf", lambda: pdf(b"/OpenAction << /S /JavaScript /JS 9 0 R >>"), "scripts (JavaScript)", "Print it"),
    ("a.pdf", lambda: pdf(b"/Names << /J#61vaScript 9 0 R >>"), "scripts (JavaScript)", "Print it"),
    ("a.pdf", lambda: pdf(b"/A << /S /Rendition /JS (app.alert) >>"), "scripts (JavaScript)", "Print it"),
    ("a.pdf", lambda: pdf(b"/A << /S /Rendition /J#53<61> >>"), "scripts (JavaScript)", "Print it"),
    ("a.pdf", lambda: pdf(b"/A << /S /#4caunch /F (cmd.exe) >>"), "launch action", "Print it to a new PDF"),
    ("a.pdf", lambda: pdf(b"/Names << /EmbeddedFiles 9 0 R >>"), "other files inside", "by themselves"),
    ("a.pdf", lambda: pdf(b"/X << /Type /EmbeddedFile >>"), "other files inside", "by themselves"),
    ("a.pdf", lambda: pdf(b"/A << /Subtype /RichMedia >>"), "films, sounds", "Print it to a new PDF"),
    ("a.pdf", lambda: pdf(stream=b"/A << /S /JavaScript >>"), "scripts (JavaScript)", "Print it"),
    # Text
    ("a.txt", b"\x00\x01\x02", "binary data, not text", "plain text in UTF-8"),
    ("a.txt", b"\x81\x8d\x8f", "not readable text", "plain text in UTF-8"),
    ("a.csv", b" \r\n \t", "holds no text", "Choose another one"),
    ("a.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><script>alert(1)</script>", "a web page or drawing", "Print it to a PDF"),
    ("a.csv", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "a web page or drawing", "Print it"),
    ("a.txt", "<html><body></body></html>".encode("utf-16"), "a web page or drawing", "Print it to a PDF"),
    ("a.txt", b"MIME-Version: 1.0\nContent-Type: multipart/related", "a web page or drawing", "Print it to a PDF"),
]


def refused(name: str, content: bytes) -> str:
    with pytest.raises(UploadRefused) as refusal:
        check_attachment(io.BytesIO(content), name)
    return str(refusal.value)


@pytest.mark.parametrize("name", GOOD)
def test_every_allowed_kind_passes_as_libraries_and_people_make_it(name: str) -> None:
    content = GOOD[name]
    kind = name.rpartition(".")[2]
    found = check_attachment(io.BytesIO(content), name)
    assert found == Attachment(name, KIND_OF.get(kind, kind), content, hashlib.sha256(content).hexdigest())
    assert {*KINDS} == {KIND_OF.get(one.rpartition(".")[2], one.rpartition(".")[2]) for one in GOOD}


@pytest.mark.parametrize(("name", "content", "wrong", "right"), BAD, ids=range(len(BAD)))
def test_everything_else_is_refused_and_the_sentence_says_why_and_what_instead(
    name: str, content: bytes | Callable[[], bytes], wrong: str, right: str
) -> None:
    said = refused(name, content if isinstance(content, bytes) else content())
    assert wrong in said and right in said
    assert said[0].isupper() and said.endswith(".") and said.isprintable() and len(said) < 400


def test_a_pdf_of_a_real_program_passes() -> None:
    content = weasyprint.HTML(string="<h1>Minutes</h1><p>See <a href='https://example.org'>there</a></p>").write_pdf()
    assert check_attachment(io.BytesIO(content), "a.pdf").kind == "pdf"


def test_a_main_part_under_a_number_passes_in_word_but_not_in_excel() -> None:
    for ending, fine in (("docx", True), ("xlsx", False)):
        content = renamed(ending)
        if fine:
            assert check_attachment(io.BytesIO(content), f"a.{ending}").kind == ending
        else:
            assert "“xl/workbook.xml” is missing" in refused(f"a.{ending}", content)


def renamed(ending: str) -> bytes:
    """As Word on the web saves it: the main part has a number."""
    old = MAIN[ending][0].rpartition("/")[2]
    new = old.replace(".", "2.")
    parts = {}
    with zipfile.ZipFile(io.BytesIO(office(ending))) as source:
        for name in source.namelist():
            parts[name.replace(old, new)] = source.read(name).replace(old.encode(), new.encode())
    return archive([packed(name, content) for name, content in parts.items()])


def test_links_to_web_pages_and_films_inside_a_presentation_may_stay() -> None:
    for target in ("https://example.org/a", "mailto:a@example.org"):
        assert check_attachment(io.BytesIO(linked("docx", "hyperlink", target)), "a.docx").kind == "docx"
    types = office_types(b'<Default Extension="mp4" ContentType="video/mp4"/>')
    content = office("pptx", {"[Content_Types].xml": types, "ppt/media/a.mp4": b"\x00" * 99})
    assert check_attachment(io.BytesIO(content), "a.pptx").kind == "pptx"


def office_types(more: bytes) -> bytes:
    return office_parts("pptx")["[Content_Types].xml"].replace(b"</Types>", more + b"</Types>")


def test_compressed_data_of_a_pdf_is_not_taken_for_names() -> None:
    noise = random.Random(3).randbytes(3 * MIB) + b"/JS(" + b"/JS<" + b"/JSON (x) /Launched /EncryptMetadata true"
    assert check_attachment(io.BytesIO(pdf(stream=noise)), "a.pdf").kind == "pdf"


@pytest.mark.parametrize("piece", [b">>stream\n", b">> " + b" " * 9, b"/JS ", b"#4", b"/Encrypt 1 1 "])
def test_a_file_made_to_be_looked_at_for_ever_is_looked_at_once(piece: bytes) -> None:
    content = b"%PDF-1.7\n" + piece * ((MAX_ATTACHMENT_BYTES - 100) // len(piece)) + b"\n%%EOF"
    began = time.monotonic()
    assert check_attachment(io.BytesIO(content), "a.pdf").kind == "pdf"
    assert time.monotonic() - began < 10
