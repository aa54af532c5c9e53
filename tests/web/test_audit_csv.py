"""The plan's audit as CSV: every change once, in the words of the history page, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssoplanner.access.invitations import invite, send_again
from ssoplanner.core.models import Agency, AuditEvent, Role, Source
from ssoplanner.recompute.writer import Actor, bulk_load, delete, update
from ssoplanner.web import audit_csv as module
from ssoplanner.web.audit_csv import COLUMNS, audit_csv, defused
from tests.web.browsing import now
from tests.world import COMMAND, World, canary

pytestmark = pytest.mark.django_db

Line = dict[str, str]


def written(world: World, report: Any = lambda percent, text: None) -> bytes:
    """The file as a worker writes it."""
    assert world.here.job is not None
    file = io.BytesIO()
    audit_csv(world.here.job, file, report)
    return file.getvalue()


def lines(world: World) -> list[Line]:
    """The file as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(written(world).decode("utf-8-sig"), newline="")))


def changes_of(world: World, row: Any) -> list[Line]:
    return [line for line in lines(world) if line["Row"] == str(now(row)) and line["Action"] == "Changed"]


def test_a_change_says_when_who_from_where_what_and_from_what_to_what(world: World) -> None:
    lead = Actor(world.here.people["lead"], Source.BROWSER)
    update(world.here.provision, actor=lead, version=1, values={"annual_cost": Decimal("1200.50"), "fte": None})

    cost, fte = changes_of(world, world.here.provision)

    event = AuditEvent.objects.for_plan(world.here.plan).filter(action="update").get()
    when = cost.pop("When")
    assert when[-6:] in {"-04:00", "-05:00"} and datetime.fromisoformat(when) == event.at.replace(microsecond=0)
    assert cost == {
        "Who": "lead of here",
        "From where": "Browser",
        "Action": "Changed",
        "What": "provision",
        "Row": str(world.here.provision),
        "Field": "annual cost",
        "Before": "$1,000",
        "After": "$1,200.50",
    }
    assert (fte["Field"], fte["Before"], fte["After"]) == ("FTE", "1.5", "empty")


def test_every_change_of_the_plan_is_there_once_and_oldest_first(world: World) -> None:
    update(world.here.own, actor=COMMAND, version=1, values={"headcount": 7})
    events = list(AuditEvent.objects.for_plan(world.here.plan).order_by("pk"))
    expected = [
        (event.row_label, event.get_action_display())
        for event in events
        for field in {**event.before, **event.after}
        if field != "nonce"
    ]
    assert [(line["Row"], line["Action"]) for line in lines(world)] == expected
    assert len(expected) > len(events) > 15


def test_a_load_and_a_removal_are_told_too(world: World) -> None:
    rows = [{"code": f"N{number}", "name": f"Name {number}"} for number in range(3)]
    bulk_load(Agency, plan=world.here.plan, actor=COMMAND, rows=rows, label="agencies from a file")
    delete(world.here.spare_service, actor=Actor(None, Source.WORKER), version=1)

    load, *removal = lines(world)[-1 - len(AuditEvent.objects.for_plan(world.here.plan).latest("pk").before) :]

    assert (load["Action"], load["What"], load["Row"]) == ("Loaded", "agency", "3 agencies from a file")
    assert (load["Field"], load["Before"], load["After"]) == ("", "", "")
    assert {(line["Who"], line["From where"], line["Action"], line["Row"]) for line in removal} == {
        ("the system", "Worker", "Removed", "Hosting")
    }
    assert ("volume unit", "server", "empty") in {(line["Field"], line["Before"], line["After"]) for line in removal}


def test_only_this_plans_changes_are_there_and_no_secret(world: World) -> None:
    invitation = world.here.invitation
    assert invitation is not None
    old, new = invitation.nonce, send_again(invitation, actor=COMMAND).nonce

    text = written(world).decode()

    assert canary("here-own") in text and "canary-there" not in text and "there.example.gov" not in text
    assert invitation.email in text
    assert [secret for secret in (old, new, "nonce") if secret in text] == []


def test_it_is_csv_as_rfc_4180_has_it_with_a_mark_for_excel(world: World) -> None:
    odd = 'Überblick "groß", Zürich; 東京 €\r\nnext line\nand\rmore, \u2028 end'
    update(world.here.plan, actor=COMMAND, version=1, values={"goals": odd})

    raw = written(world)

    assert raw.startswith(b"\xef\xbb\xbfWhen,Who,From where,Action,What,Row,Field,Before,After\r\n")
    assert raw.endswith(b"\r\n") and raw.count(b"\xef\xbb\xbf") == 1
    assert odd.replace('"', '""') in raw.decode()
    [line] = changes_of(world, world.here.plan)
    assert line["After"] == odd
    assert all(len(row) == len(COLUMNS) for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://x","y")', "-", "="]
)
def test_what_a_spreadsheet_would_compute_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1", "a=1", " =1", "'=1", "é", "$-1", "2026-11-25T10:00:00-05:00"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


def test_no_cell_of_a_hostile_plan_begins_like_a_formula(world: World) -> None:
    here, hostile = world.here, "=cmd|' /C calc'!A0"
    here.people["lead"].name = "@lead"
    here.people["lead"].save()
    actor = Actor(here.people["lead"], Source.BROWSER)
    update(here.own, actor=actor, version=1, values={"name": hostile, "budget_cycle": "+1"})
    update(here.provision, actor=actor, version=1, values={"source": "-2", "agency": here.own})
    invite(plan=here.plan, actor=actor, email="a@example.org", name="\tx", role=Role.LEAD, agencies=[here.own])
    bulk_load(Agency, plan=here.plan, actor=actor, rows=[], label="-rows")

    cells = [cell for line in lines(world) for cell in line.values()]

    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert {f"'{hostile}", "'@lead", "'+1", "'-2"} <= set(cells)


def test_a_character_that_is_none_spoils_nothing(world: World) -> None:
    assert module.encoded([["a\ud800b", "ü"]]) == b"a?b,\xc3\xbc\r\n"


def test_it_is_read_in_batches_and_says_how_far_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lines(world)
    monkeypatch.setattr(module, "EVENTS_A_BATCH", 4)
    total = AuditEvent.objects.for_plan(world.here.plan).count()
    said: list[tuple[int, str]] = []

    with CaptureQueriesContext(connection) as queries:
        raw = written(world, lambda percent, text: said.append((percent, text)))

    read = [each["sql"] for each in queries if 'FROM "core_auditevent"' in each["sql"] and "COUNT" not in each["sql"]]
    assert all(re.search(r" LIMIT [1-4]$", sql) for sql in read)
    assert len(read) == len(said) == -(-total // 4)
    assert said[0] == (100 * 4 // total, f"4 of {total} changes") and said[-1] == (100, f"{total} of {total} changes")
    assert [percent for percent, _ in said] == sorted(percent for percent, _ in said)
    assert list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))) == whole


def test_what_happens_meanwhile_stays_out_and_an_end_is_reached(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVENTS_A_BATCH", 4)
    before = lines(world)

    def busy(percent: int, text: str) -> None:
        current = now(world.here.own)
        update(current, actor=COMMAND, version=current.version, values={"headcount": current.headcount + 1})

    raw = written(world, busy)

    assert list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))) == before
    assert now(world.here.own).headcount > 103
