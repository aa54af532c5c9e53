"""The import itself: one transaction, once, over nothing but what was seen; and the rows that were left out."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import Any, cast

import pytest
from django.utils import timezone

from ssoplanner.access.gate import plan_for
from ssoplanner.core.models import Action, Agency, AuditEvent, Plan, Provision, Source
from ssoplanner.recompute.bulk import Updates
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.writer import Conflict, delete, update
from ssoplanner.workbook.agencies.applying import ChangedMeanwhile, apply_import
from tests.access.test_canary import digest
from tests.web.browsing import Page, now
from tests.workbook.importing import (
    LEFT_OUT,
    PREVIEW,
    agencies_of,
    begin,
    choose,
    imported,
    page_url,
    previewed,
    provisions_of,
    send_preview,
    table,
    workbook,
)
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db
FILE = table(
    ["code", "name", "headcount", "service desk", "salary"],
    ["OWN", "Agency own here", "120", "2", "50,000"],
    ["OTHER", "Agency other here", "100", "", ""],
    ["NEW", "New agency", "7", "1.25", "60,000"],
    ["BAD", "Bad agency", "many", "1", "1"],
)


def events(plan: Plan, after: int = 0) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    found = AuditEvent.objects.for_plan(plan).filter(pk__gt=after, source=Source.WORKBOOK).order_by("pk")
    return [(one.action, one.model, one.before, one.after) for one in found]


@pytest.mark.both_databases
def test_an_import_adds_and_changes_with_its_audit_and_says_what_it_did(world: World) -> None:
    here, client = world.here, world.client("analyst")
    plan = cast(Plan, update(here.plan, actor=COMMAND, version=1, values={"tier": "federal"}))

    found = imported(client, plan, FILE, loading="1.5")

    own, new = agencies_of(plan)["OWN"], agencies_of(plan)["NEW"]
    assert (own.headcount, own.version) == (120, 2)
    assert (new.name, new.headcount, new.tier, new.status) == ("New agency", 7, "federal", "candidate")
    figures = {key: (one.fte, one.annual_cost, one.version) for key, one in provisions_of(plan).items()}
    assert figures["OWN", "IT-1"] == (Decimal("2.00"), Decimal("150000.00"), 2)
    assert figures["NEW", "IT-1"] == (Decimal("1.25"), Decimal("112500.00"), 0)
    assert "BAD" not in agencies_of(plan)
    source = provisions_of(plan)["OWN", "IT-1"].source
    assert [one[:2] for one in events(plan)] == [
        (Action.LOAD, "agency"),
        (Action.UPDATE, "agency"),
        (Action.LOAD, "provision"),
        (Action.UPDATE, "provision"),
    ]
    assert events(plan)[1][2:] == ({"headcount": 100}, {"headcount": 120})
    assert events(plan)[3][2]["annual_cost"] == "1000"
    assert events(plan)[3][3] == {"fte": "2", "annual_cost": "150000", "source": source}
    assert found.applied_by == world.user("analyst")
    page = Page(client.get(page_url(PREVIEW, plan, found)))
    assert "Agencies added 1" in page.text and "Agencies changed 1" in page.text
    assert "Rows with nothing new 1 Rows left out 1" in page.text
    assert "5 BAD, Bad agency headcount: “many” is no number such as 1,234.5." in page.text


def test_what_was_not_given_in_the_file_stays(world: World) -> None:
    before = now(world.here.provision)

    imported(world.client("office"), world.here.plan, FILE, loading="1.5")

    after = now(world.here.provision)
    kept = ("sla_met", "sla_total", "automated_share", "volume", "fiscal_year")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert now(world.here.own).operating_budget == Decimal("1234567.00")


def test_each_figure_that_depends_on_it_is_counted_up_once(world: World) -> None:
    plan = world.here.plan
    keys = {str(agency.pk) for agency in agencies_of(plan).values()}
    before = {(one.calculation, one.partition): one.wanted for one in Derived.objects.filter(plan=plan)}

    imported(world.client("office"), plan, FILE, loading="1.5")

    after = {(one.calculation, one.partition): one.wanted for one in Derived.objects.filter(plan=plan)}
    own, other, new = world.here.own.pk, world.here.other.pk, agencies_of(plan)["NEW"].pk
    state = "assess.agency_state"
    assert after[state, str(own)] == before[state, str(own)] + 1
    assert after[state, str(other)] == before[state, str(other)]
    assert after[state, str(new)] == 1 and str(new) not in keys


def test_a_second_click_does_nothing(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    found = previewed(client, plan, FILE, loading="1.5")
    seen = Page(client.get(page_url(PREVIEW, plan, found)))
    send_preview(client, plan, found, seen)
    before = digest()

    response = send_preview(client, plan, found, seen)

    assert response.status_code == 302
    assert {key: value for key, value in digest().items() if key != "django_session"} == before
    page = Page(client.get(response["Location"]))
    assert "This file was imported before. Nothing was changed a second time." in page.text
    assert client.get(page_url("agency_import_columns", plan, found)).status_code == 302


@pytest.mark.both_databases
def test_rows_that_come_out_differently_than_seen_stop_everything(world: World) -> None:
    client, here = world.client("office"), world.here
    found = previewed(client, here.plan, FILE, loading="1.5")
    seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
    update(here.own, actor=COMMAND, version=1, values={"headcount": 999})
    before = digest()

    response = send_preview(client, here.plan, found, seen)

    page = Page(response)
    assert response.status_code == 409
    assert "Nothing was imported: the plan was changed meanwhile" in page.text
    assert "1 row comes out differently than you saw." in page.text
    assert "Headcount: from 999 → to 120" in page.text and "New agency" not in page.text
    assert {key: value for key, value in digest().items() if key != "django_session"} == before
    assert send_preview(client, here.plan, found, page).status_code == 302
    assert now(here.own).headcount == 120


@pytest.mark.parametrize("what", ["agency added", "agency removed", "figures added", "figures changed"])
def test_whatever_changes_a_row_is_noticed(world: World, what: str) -> None:
    client, here = world.client("office"), world.here
    content = table(["code", "name", "hosting"], ["NEW", "New", "1"], ["OWN", "Agency own here", "3"])
    extra = make(Agency, here.plan, code="X", name="Extra")
    content += b"X,Extra,5\r\n"
    found = previewed(client, here.plan, content)
    seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
    figures = {"service": here.spare_service, "fiscal_year": 2026, "fte": 2}
    if what == "agency added":
        make(Agency, here.plan, code="new", name="New")
    elif what == "agency removed":
        delete(extra, actor=COMMAND, version=1)
    else:
        row = make(Provision, here.plan, agency=here.own, **figures)
        if what == "figures changed":
            seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
            update(row, actor=COMMAND, version=1, values={"fte": 4})

    response = send_preview(client, here.plan, found, seen)

    assert response.status_code == 409
    assert len(response.context["rows"]) == 1


def test_a_change_that_the_file_does_not_touch_is_no_reason_to_stop(world: World) -> None:
    client, here = world.client("office"), world.here
    found = previewed(client, here.plan, FILE, loading="1.5")
    seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
    update(here.own, actor=COMMAND, version=1, values={"budget_cycle": "March"})

    assert send_preview(client, here.plan, found, seen).status_code == 302

    own = now(here.own)
    assert (own.headcount, own.budget_cycle, own.version) == (120, "March", 3)


@pytest.mark.parametrize("seen", ["", "x", "A" * 32, "A" * 31])
def test_what_shows_no_preview_imports_nothing(world: World, seen: str) -> None:
    client, plan = world.client("office"), world.here.plan
    found = previewed(client, plan, FILE, loading="1.5")

    assert client.post(page_url(PREVIEW, plan, found), {"seen": seen}).status_code == 409
    assert events(plan) == []


def test_a_conflict_at_the_last_moment_takes_everything_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, plan = world.client("office"), world.here.plan
    found = previewed(client, plan, FILE, loading="1.5")
    seen = Page(client.get(page_url(PREVIEW, plan, found)))
    before, whole = digest(), Updates.store

    def late(updates: Updates) -> None:
        if updates.model is Provision:
            raise Conflict(world.here.provision, [])
        whole(updates)

    monkeypatch.setattr(Updates, "store", late)
    response = send_preview(client, plan, found, seen)
    assert response.status_code == 409
    assert "Look at the rows again, then import." in Page(response).text
    assert {key: value for key, value in digest().items() if key != "django_session"} == before


def test_an_import_belongs_to_the_plan_of_its_member(world: World) -> None:
    found, member = world.there.agency_import, plan_for(world.here.people["office"], "here")
    assert found is not None

    with pytest.raises(ChangedMeanwhile):
        apply_import(import_id=found.pk, member=member, seen="")

    found.refresh_from_db()
    assert found.applied_at is None


def test_rows_left_out_are_downloaded_mended_and_imported(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    found = previewed(client, plan, FILE, loading="1.5")
    before = client.get(page_url(LEFT_OUT, plan, found)).content
    send_preview(client, plan, found)
    response = client.get(page_url(LEFT_OUT, plan, found))
    assert response["Content-Disposition"] == 'attachment; filename="agencies-left-out.csv"'
    assert response.content == before

    [header, row] = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert header == ["code", "name", "headcount", "service desk", "salary", "Why it was left out"]
    assert row == ["BAD", "Bad agency", "many", "1", "1", "headcount: “many” is no number such as 1,234.5."]
    mended = response.content.replace(b"many,1,1", b"12,1,1", 1)
    imported(client, plan, mended, "mended.csv", loading="1.5")

    assert agencies_of(plan)["BAD"].headcount == 12


def test_what_is_left_out_is_no_formula_in_a_spreadsheet_and_comes_back_as_it_was(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    content = table(["code", "name", "headcount"], ["A", "=HYPERLINK(1)", "x"], ["B", "+Plus, Ltd.", "-3"])

    response = client.get(page_url(LEFT_OUT, plan, previewed(client, plan, content)))

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["A", "'=HYPERLINK(1)", "x"], ["B", "'+Plus, Ltd.", "'-3"]]
    mended = response.content.replace(b",x,", b",5,").replace(b"'-3", b"3")
    imported(client, plan, mended)
    assert {code: agencies_of(plan)[code].name for code in "AB"} == {"A": "=HYPERLINK(1)", "B": "+Plus, Ltd."}


def test_cells_of_a_workbook_are_left_out_as_they_stood_there(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    content = workbook(S=[["code", "name", "headcount", "hosting"], [101, "Health", 12.5, 3]])

    response = client.get(page_url(LEFT_OUT, plan, previewed(client, plan, content, "a.xlsx")))

    assert "101,Health,12.5,3,headcount: “12.5” is no whole number." in response.content.decode("utf-8-sig")


def test_one_goes_on_to_where_one_came_from(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    found = begin(client, plan, FILE, then="/plans/here/set-up/")
    choose(client, plan, found, loading="1.5")

    page = Page(client.get(send_preview(client, plan, found)["Location"]))

    assert ("href", "/plans/here/set-up/") in page.addresses and "Go on" in page.text


def test_the_name_of_the_file_gives_way_to_the_rest_of_the_source(world: World) -> None:
    name = f"{'very-' * 45}long.csv"

    imported(world.client("office"), world.here.plan, FILE, name, loading="1.5")

    source = provisions_of(world.here.plan)["NEW", "IT-1"].source
    assert len(source) == 200
    assert source.startswith("Imported from very-very-")
    assert re.fullmatch(r".*-[very]*… on \w+ \d+, \d+: FTE x average salary x 1\.5", source)


def test_the_history_tells_the_import_in_words(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    imported(client, plan, FILE, loading="1.5")

    page = Page(client.get(page_url("history", plan)))

    assert "loaded 1 provision from agencies.csv Workbook import" in page.text
    assert "changed agency Agency own here Workbook import Headcount: from 100 → to 120" in page.text


def test_rows_of_an_import_change_at_the_moment_of_the_import(world: World) -> None:
    start = timezone.now()

    imported(world.client("office"), world.here.plan, FILE, loading="1.5")

    assert start < now(world.here.own).changed_at <= timezone.now()
    assert now(world.here.other).changed_at < start


def test_the_page_of_an_imported_agency_says_how_it_came_in(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    imported(client, plan, FILE, loading="1.5")
    imported(client, plan, table(["code", "name"], ["LATER", "Later agency"]), "later.csv")
    agency = agencies_of(plan)["NEW"]
    update(agency, actor=COMMAND, version=agency.version, values={"headcount": 77})

    page = Page(client.get(f"/plans/here/agencies/{agency.pk}/"))

    history = page.text.partition("What changed")[2]
    assert re.search(
        r"the system changed agency .* office of here added agency New agency \(1 agency from agencies.csv\)",
        history,
        re.I,
    )
    assert "later.csv" not in history
