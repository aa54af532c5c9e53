"""Files as evidence: what the form takes, who gets them back and how, and what becomes of them."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import AuditEvent
from ssoplanner.recompute.plans import delete_plan
from ssoplanner.recompute.writer import delete
from ssoplanner.steps.evidence import MOST_FILES, add_evidence
from ssoplanner.steps.models import Evidence, EvidenceFile
from ssoplanner.uploads.attachments import KINDS, check_attachment
from ssoplanner.web import formats
from ssoplanner.web.steps import step_url
from tests.access.urls import address
from tests.uploads.attached import GOOD, jpeg, pdf, png
from tests.web.browsing import Page, opened, save, sent
from tests.world import COMMAND, World, canary

pytestmark = pytest.mark.django_db
READY = "assess.readiness"


def adding(world: World, key: str = READY) -> str:
    return step_url(world.here.plan, key, "step_evidence_new")


def file(name: str = "minutes.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content)


def upload(client: Client, path: str, uploaded: Any, **typed: Any) -> Any:
    """The answer to the form as a browser sends it, with a file."""
    values = {name: value for name, value in opened(client, path).items() if name != "file"}
    return client.post(path, {**values, **typed, "file": uploaded})


def added(world: World, name: str = "minutes.pdf", content: bytes | None = None, title: str = "Minutes") -> Evidence:
    attachment = check_attachment(BytesIO(pdf() if content is None else content), name)
    return add_evidence(world.here.plan, READY, actor=COMMAND, values={"title": title}, attachment=attachment)


def download(world: World, actor: str, piece: Evidence) -> Any:
    return world.client(actor).get(address("step_evidence_file", world.here, evidence_id=piece.pk))


# --- The form -------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_every_kind_comes_back_as_it_was_sent(world: World, name: str) -> None:
    answer = upload(world.client("lead"), adding(world), file(name, GOOD[name]), title="The board agreed")
    assert answer.status_code == 302
    [piece] = Evidence.objects.for_plan(world.here.plan).filter(title="The board agreed")
    assert (piece.file_name, piece.file_size) == (name, len(GOOD[name]))
    assert piece.file_sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    assert download(world, "board", piece).content == GOOD[name]


def test_link_file_both_or_neither_are_taken(world: World) -> None:
    office, path, link = world.client("office"), adding(world), "https://example.org/a"
    save(office, path, title="Neither")
    save(office, path, title="Link", link=link)
    assert upload(office, path, file(), title="File").status_code == 302
    assert upload(office, path, file(), title="Both", link=link).status_code == 302
    rows = {row.title: (row.link, row.file_kind) for row in Evidence.objects.for_plan(world.here.plan)}
    assert rows["Neither"] == ("", "") and rows["Link"] == (link, "")
    assert rows["File"] == ("", "pdf") and rows["Both"] == (link, "pdf")


def test_the_form_says_which_files_it_takes(world: World) -> None:
    page = Page(world.client("office").get(adding(world)))
    assert "PDF, PNG, JPEG, .docx, .xlsx, .pptx, .txt or .csv; at most 10 MB." in page.text
    assert 'enctype="multipart/form-data"' in page.html
    assert 'accept=".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx,.txt,.csv"' in page.html


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"MZ", "Files of this kind are not taken as evidence. Choose a file of one of these kinds: PDF"),
        ("a.pdf", b"", "The file is empty. Choose a file"),
        ("a.pdf", png(), "ends in .pdf, but the file does not begin as a PDF does."),
        ("a.docm", b"PK\x03\x04", "The file holds macros. Save it as a .docx document without macros"),
        ("a.txt", b"<html><script>x</script>", "The file is a web page or drawing"),
        ("a.txt", b"x" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MB."),
    ],
)
def test_a_refused_file_has_its_sentence_at_the_field_and_the_words_stay(
    world: World, name: str, content: bytes, said: str
) -> None:
    answer = upload(world.client("lead"), adding(world), file(name, content), title="Typed", note="Long note")
    page = Page(answer)
    assert answer.status_code == 422 and page.text.count(said) == 2  # in the summary and at the field
    assert page.values["title"] == ["Typed"] and page.values["note"] == ["Long note"]
    assert Evidence.objects.for_plan(world.here.plan).count() == 1


def test_where_something_else_is_refused_the_page_says_that_the_file_must_be_chosen_again(world: World) -> None:
    answer = upload(world.client("lead"), adding(world), file(), title="Typed", link="javascript:x")
    page = Page(answer)
    assert answer.status_code == 422 and page.values["title"] == ["Typed"]
    assert page.text.count("Choose the file minutes.pdf once more: a page cannot keep it.") == 2
    assert "once more" not in sent(world.client("lead"), adding(world), title="Typed", link="x").text


def test_a_step_holds_thirty_files_and_more_links(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_FILES == 30
    monkeypatch.setattr("ssoplanner.steps.evidence.MOST_FILES", 2)
    added(world)  # the world's own is the first
    page = Page(upload(world.client("office"), adding(world), file(), title="One more"))
    assert page.text.count("This step has 30 files already. Remove one that is not needed any more") == 2
    save(world.client("office"), adding(world), title="Only words")
    other = adding(world, "assess.heat_map")
    assert upload(world.client("office"), other, file(), title="Elsewhere").status_code == 302


def test_nothing_is_stored_where_the_row_is_refused(world: World) -> None:
    attachment = check_attachment(BytesIO(pdf()), "a.pdf")
    with pytest.raises(ValidationError):
        add_evidence(world.here.plan, READY, actor=COMMAND, values={"title": ""}, attachment=attachment)
    assert EvidenceFile.objects.count() == 2  # one in each plan of the world


# --- A session that ended -------------------------------------------------------------------------------------------


def test_a_form_whose_session_ended_keeps_its_words_and_asks_for_the_file_again(world: World) -> None:
    path, ours = adding(world), {"Origin": "http://testserver"}
    answer = Client().post(path, {"title": "Typed", "note": "N", "file": file('a "b".pdf')}, headers=ours)
    page = Page(answer)
    assert answer.status_code == 401
    assert page.values["title"] == ["Typed"] and page.values["file"] == [""]
    assert "Choose the file a &quot;b&quot;.pdf again" in page.html
    assert 'enctype="multipart/form-data"' in page.html
    again = world.client("lead").post(path, {"title": page.values["title"][0], "file": file()})
    assert again.status_code == 302


def test_a_form_without_a_file_asks_for_none(world: World) -> None:
    answer = Client().post(adding(world), {"title": "Typed"}, headers={"Origin": "http://testserver"})
    assert "Choose the file" not in answer.content.decode() and "multipart" not in answer.content.decode()


# --- The download ---------------------------------------------------------------------------------------------------


def test_a_file_is_only_ever_a_download(world: World) -> None:
    for name, content in GOOD.items():
        answer = download(world, "lead", piece := added(world, name, content, title=name))
        assert answer["Content-Type"] == KINDS[piece.file_kind].content_type
        assert answer["Content-Disposition"].startswith("attachment; filename"), name
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]


def test_a_name_cannot_break_out_of_the_header(world: World) -> None:
    odd = download(world, "lead", added(world, 'Über "x"; a=b.pdf'))
    assert odd["Content-Disposition"] == "attachment; filename*=utf-8''%C3%9Cber%20%22x%22%3B%20a%3Db.pdf"
    plain = download(world, "lead", added(world, 'a "b".pdf'))
    assert plain["Content-Disposition"] == 'attachment; filename="a \\"b\\".pdf"'


def test_who_talks_about_a_step_gets_its_files_and_nobody_else(world: World) -> None:
    piece = added(world)
    found = {actor: download(world, actor, piece).status_code for actor in ("office", "other_lead", "board", "analyst")}
    assert set(found.values()) == {200}
    assert download(world, "viewer", piece).status_code == 403
    assert download(world, "stranger", piece).status_code == 404


def test_a_file_of_another_plan_or_a_piece_without_one_is_not_found(world: World) -> None:
    assert world.there.evidence is not None
    assert download(world, "office", world.there.evidence).status_code == 404
    bare = add_evidence(world.here.plan, READY, actor=COMMAND, values={"title": "Words"})
    assert download(world, "office", bare).status_code == 404


# --- The page -------------------------------------------------------------------------------------------------------


def test_the_page_says_what_kind_of_file_it_is_how_large_who_added_it_and_when(world: World) -> None:
    upload(world.client("lead"), adding(world), file("photo.jpg", jpeg() + bytes(3 * 1024**2)), title="The kick-off")
    piece = Evidence.objects.for_plan(world.here.plan).get(title="The kick-off")
    page = Page(world.client("board").get(step_url(world.here.plan, READY)))
    when = formats.moment(piece.created_at, world.here.plan)
    assert f"The kick-off added {when} by lead of here photo.jpg JPEG picture, 3.0 MB" in page.text
    assert ("href", address("step_evidence_file", world.here, evidence_id=piece.pk)) in page.addresses
    assert piece.file_sha256 in page.html  # in the history


def test_viewers_read_that_there_is_a_file_and_have_no_link_to_it(world: World) -> None:
    piece = added(world, "secret name.pdf", title="The board agreed")
    page = Page(world.client("viewer").get(step_url(world.here.plan, READY)))
    assert "The board agreed" in page.text and f"PDF, {len(pdf())} bytes" in page.text
    assert "secret name" not in page.html and "/file/" not in page.html and piece.file_sha256 not in page.html


@pytest.mark.both_databases
def test_no_page_reads_what_stands_in_the_files(world: World) -> None:
    piece, office = added(world), world.client("office")
    for path in (
        step_url(world.here.plan, READY),
        adding(world),
        address("history", world.here),
        address("step_evidence_delete", world.here, evidence_id=piece.pk),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert office.get(path).status_code == 200
        assert [one["sql"] for one in queries if '"content"' in one["sql"]] == [], path
    with CaptureQueriesContext(connection) as queries:
        assert download(world, "office", piece).status_code == 200
    assert len([one["sql"] for one in queries if '"content"' in one["sql"]]) == 1


def test_the_page_asks_as_often_with_many_files(world: World) -> None:
    office, path, counts = world.client("office"), step_url(world.here.plan, READY), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert office.get(path).status_code == 200
        counts.append(len(queries))
        for number in range(8):
            added(world, title=f"File {number}")
    assert counts[0] == counts[1]


# --- Removing -------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_removing_evidence_removes_its_file_and_leaves_its_name_and_digest_in_the_audit(world: World) -> None:
    piece = added(world)
    save(world.client("lead"), address("step_evidence_delete", world.here, evidence_id=piece.pk))
    assert not EvidenceFile.objects.filter(evidence_id=piece.pk).exists()
    event = AuditEvent.objects.for_plan(world.here.plan).filter(model="evidence", row_id=piece.pk).first()
    assert event.action == "delete" and event.before["file_name"] == "minutes.pdf"
    assert event.before["file_sha256"] == piece.file_sha256


def test_what_others_hold_of_a_row_still_stands_in_its_way(world: World) -> None:
    """A file goes with its row as a part of it; what refers to a row by itself does not."""
    refused = world.client("office").post(address("agency_delete", world.here))
    assert refused.status_code == 409
    assert world.here.evidence is not None
    delete(world.here.evidence, actor=COMMAND, version=1)
    assert EvidenceFile.objects.count() == 1


@pytest.mark.both_databases
def test_a_plan_goes_with_its_files_and_leaves_those_of_others(world: World) -> None:
    added(world)
    delete_plan(world.here.plan, reason="test")
    [left] = EvidenceFile.objects.all()
    assert bytes(left.content) == canary("there-talk").encode()
