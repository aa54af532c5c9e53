"""Forty real agencies, as the US government published them, go through the pages into a plan."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from ssoplanner.core.models import Action, AuditEvent, Provision, Source
from tests.web.browsing import Page
from tests.workbook.importing import (
    PREVIEW,
    agencies_of,
    begin,
    choose,
    columns_page,
    imported,
    page_url,
    previewed,
    provisions_of,
    send_preview,
    services_of,
)
from tests.world import World

pytestmark = pytest.mark.django_db
NAME = "opm_agency_backoffice_2024-09.csv"
AREAS = {"HR": "Staffing", "IT2": "Desktop support", "Finance": "Accounts payable", "Procurement": "Purchasing"}
COLUMNS = {"HR": "HR", "IT2": "IT", "Finance": "Finance", "Procurement": "Procurement"}


@pytest.fixture
def content(real_data: Path) -> bytes:
    file = real_data / NAME
    if not file.exists():
        pytest.skip(f"{file} is not there")
    return file.read_bytes()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode().splitlines()))


def test_the_columns_of_the_real_file_are_recognised(world: World, content: bytes) -> None:
    plan, client = world.here.plan, world.client("office")
    made = services_of(plan, **AREAS)

    page = columns_page(client, plan, begin(client, plan, content, NAME))

    guessed = [page.values[f"target_{index}"][0] for index in range(11)]
    staff = ["provision.fte"] * 4
    assert guessed == ["agency.code", "agency.name", "agency.headcount", *staff, "", "", "", "salary"]
    services = [page.values[f"service_{index}"][0] for index in range(3, 7)]
    assert services == [str(made["HR"].pk), "", str(made["Finance"].pk), str(made["Procurement"].pk)]
    assert page.values["numbers"] == ["POINT"]
    assert page.values["loading"] == [""]


def test_forty_real_agencies_come_in_with_their_staff_and_its_cost(world: World, content: bytes) -> None:
    plan, client = world.here.plan, world.client("office")
    made, before = services_of(plan, **AREAS), agencies_of(plan).keys()

    found = imported(client, plan, content, NAME, service_4=str(made["IT2"].pk), loading="1.35")

    rows = rows_of(content)
    agencies = {code: agency for code, agency in agencies_of(plan).items() if code not in before}
    assert {code: (agency.name, agency.headcount) for code, agency in agencies.items()} == {
        row["AGY"]: (row["AGYT"], int(row["headcount"])) for row in rows
    }
    provisions = provisions_of(plan, made.values())
    for area, column in COLUMNS.items():
        expected = {row["AGY"]: (int(row[column]), cost(row, column)) for row in rows if row[column] != "0"}
        stored = {
            code: (one.fte, one.annual_cost)
            for (code, service), one in provisions.items()
            if service == made[area].code
        }
        assert stored == expected
    assert found.result["rows"] == {"new": 40}
    assert found.result["provisions_added"] == sum(row[column] != "0" for row in rows for column in COLUMNS.values())


def cost(row: dict[str, str], column: str) -> Decimal:
    exact = Decimal(row[column]) * Decimal(row["avg_salary"]) * Decimal("1.35")
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_hidden_cells_of_the_real_file_are_unknown_and_said_to_be(world: World, content: bytes) -> None:
    plan, client = world.here.plan, world.client("office")
    made = services_of(plan, **AREAS)
    found = begin(client, plan, content, NAME)

    page = choose(client, plan, found, service_4=str(made["IT2"].pk), loading="1.35")

    nara = page.text.partition("NAT ARCHIVES")[2].partition("EQUAL EMPLOYMENT")[0]
    assert "Taken as unknown: HR, Finance, Procurement" in nara
    totals = page.text.partition("Totals to hold against the file")[2]
    assert f"headcount Headcount {sum(int(row['headcount']) for row in rows_of(content)):,} 40 0" in totals
    hidden = sum(row["HR"] == "0" for row in rows_of(content))
    assert f"HR Staffing: FTE {sum(int(row['HR']) for row in rows_of(content)):,} {40 - hidden} {hidden}" in totals
    costs = [cost(row, column) for row in rows_of(content) for column in COLUMNS.values() if row[column] != "0"]
    assert f"Computed Annual cost, where it is added or changed ${sum(costs):,} {len(costs)}" in totals


def test_a_ratio_column_with_inf_leaves_out_just_the_rows_that_hold_it(world: World, content: bytes) -> None:
    plan, client = world.here.plan, world.client("office")
    services_of(plan, **AREAS)

    only = {"target_3": "", "target_4": "", "target_5": "", "target_6": "", "target_10": ""}
    found = previewed(client, plan, content, NAME, target_7="agency.end_users", **only)

    page = Page(client.get(page_url(PREVIEW, plan, found) + "?kind=left_out"))
    assert "“inf” is no number. Leave the cell empty where the figure is unknown." in page.text
    assert "“46.2” is no whole number." in page.text


def test_each_figure_says_where_it_comes_from_and_the_audit_says_workbook(world: World, content: bytes) -> None:
    plan, client = world.here.plan, world.client("analyst")
    made = services_of(plan, **AREAS)

    imported(client, plan, content, NAME, service_4=str(made["IT2"].pk), loading="1.35")

    sources = set(Provision.objects.for_plan(plan).filter(service__in=made.values()).values_list("source", flat=True))
    [source] = sources
    assert source.startswith(f"Imported from {NAME} on ")
    assert source.endswith(": FTE x average salary x 1.35")
    loads = AuditEvent.objects.for_plan(plan).filter(action=Action.LOAD, source=Source.WORKBOOK)
    assert [(one.model, one.after["rows"], one.user) for one in loads.order_by("pk")] == [
        ("agency", 40, world.user("analyst")),
        ("provision", 139, world.user("analyst")),
    ]


def test_the_same_file_a_second_time_holds_nothing_new(world: World, content: bytes) -> None:
    plan, client = world.here.plan, world.client("office")
    made = services_of(plan, **AREAS)
    chosen = {"service_4": str(made["IT2"].pk), "loading": "1.35"}
    imported(client, plan, content, NAME, **chosen)
    events = AuditEvent.objects.for_plan(plan).count()

    found = previewed(client, plan, content, NAME, **chosen)
    page = Page(client.get(page_url(PREVIEW, plan, found)))

    assert "There is nothing to import: no row adds or changes anything." in page.text
    assert "Nothing new 40" in page.text
    assert send_preview(client, plan, found, page).status_code in (302, 409)
    assert AuditEvent.objects.for_plan(plan).count() == events
