"""What the gate lets in and what it refuses, and that it gives the right reason. No library parses a file here."""

import hashlib
import io
import pickle

import pytest

from ssoplanner.uploads import xml_walk
from ssoplanner.workbook.gate import CheckedUpload, UploadRefused, check_upload

from .bad_files import REFUSED_AT_THE_GATE, BadFile
from .corpus import book, content_types, csv_text, relationships


@pytest.mark.parametrize("bad", REFUSED_AT_THE_GATE, ids=str)
def test_a_bad_file_is_refused_for_its_own_reason(bad: BadFile) -> None:
    with pytest.raises(UploadRefused) as refusal:
        check_upload(io.BytesIO(bad.make()), bad.name)

    assert bad.phrase in str(refusal.value)


@pytest.mark.parametrize("bad", REFUSED_AT_THE_GATE, ids=str)
def test_a_refusal_says_what_is_wrong_and_what_would_be_right(bad: BadFile) -> None:
    with pytest.raises(UploadRefused) as refusal:
        check_upload(io.BytesIO(bad.make()), bad.name)

    for sentence in (refusal.value.reason, refusal.value.remedy):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert sentence.isprintable()
        assert len(sentence) < 500


def test_what_passes_is_described_and_left_at_its_beginning() -> None:
    content = book()
    file = io.BytesIO(content)
    file.seek(10)

    upload = check_upload(file, "Costs 2026.xlsx")

    assert upload == CheckedUpload("Costs 2026.xlsx", "xlsx", len(content), hashlib.sha256(content).hexdigest())
    assert file.tell() == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_of_a_csv_file_is_stated(encoding: str, tmp_path) -> None:
    content = csv_text("Amt;Kosten\nBürgeramt;1\n", encoding)(tmp_path)

    assert check_upload(io.BytesIO(content), "a.csv").encoding == encoding


@pytest.mark.parametrize(
    "target", ["https://example.org/?q=1#top", "http://example.org", "mailto:a@example.org", "#B2"]
)
def test_a_hyperlink_to_a_web_page_a_mailbox_or_a_cell_passes(target: str) -> None:
    links = relationships(("hyperlink", target, "External"))

    assert check_upload(io.BytesIO(book({"xl/worksheets/_rels/sheet1.xml.rels": links})), "a.xlsx").kind == "xlsx"


def test_printer_settings_pictures_and_unclosed_comment_drawings_pass() -> None:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"
    types = content_types().replace(b"</Types>", b'<Default Extension="bin" ContentType="' + kind + b'"/></Types>')
    parts = {
        "[Content_Types].xml": types,
        "xl/printerSettings/printerSettings1.bin": bytes(range(256)),
        "xl/media/image1.png": b"\x89PNG\r\n\x1a\n",
        "xl/drawings/vmlDrawing1.vml": b"<xml><div>a<br>b</div></xml>",
        "docProps/custom.xml": '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"),
        "xl/": b"",
    }

    assert check_upload(io.BytesIO(book(parts)), "a.xlsx").kind == "xlsx"


def test_the_elements_of_all_parts_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_walk, "MAX_XML_ELEMENTS", 20)
    parts = {f"xl/part{number}.xml": b"<a><b/><b/></a>" for number in range(5)}

    with pytest.raises(UploadRefused, match="more content and formatting"):
        check_upload(io.BytesIO(book(parts)), "a.xlsx")


def test_a_refusal_survives_being_sent_between_processes() -> None:
    refusal = pickle.loads(pickle.dumps(UploadRefused("Wrong.", "Right.")))

    assert (str(refusal), refusal.reason, refusal.remedy) == ("Wrong. Right.", "Wrong.", "Right.")


def test_the_corpus_is_large_and_its_labels_are_distinct() -> None:
    labels = [bad.label for bad in REFUSED_AT_THE_GATE]

    assert len(labels) == len(set(labels)) >= 40
