"""The largest file that comes in: how often it asks the database, and that people do not wait long for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Plan, Service
from ssoplanner.recompute.writer import bulk_load
from tests.web.browsing import Page
from tests.workbook.importing import (
    PREVIEW,
    begin,
    columns_page,
    imported,
    page_url,
    previewed,
    send_preview,
    services_of,
    table,
)
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db
SERVICES = 8
# On two idle cores: preview 1.4 s, import 8 s. Of processor time, so that a busy machine is no defect.
PREVIEW_SECONDS, IMPORT_SECONDS = 3, 16


def large(rows: int, more: int = 0) -> bytes:
    """30 columns: six facts, and three figures of each of eight services; all differ with `more`."""
    figures = [f"Service {at} {what}" for at in range(SERVICES) for what in ("fte", "cost", "volume")]
    header = ["code", "name", "tier", "headcount", "end users", "budget", *figures]
    facts = (
        [f"C{at}", f"Agency {at}", "State", at + more, f"1,{at % 900 + 100}", f"{1_000_000 + at + more:,}.50"]
        for at in range(rows)
    )
    return table(header, *([*row, *(at * 7 + more + 1 for at in range(len(figures)))] for row in facts))


def plan_with_services(world: World) -> Plan:
    services_of(world.here.plan, **{f"A{at}": f"Service {at}" for at in range(SERVICES)})
    return world.here.plan


def seconds(work: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    start = time.process_time()
    done = work(*given)
    return time.process_time() - start, done


def test_pages_ask_no_more_often_for_more_rows(world: World) -> None:
    client, plan = world.client("office"), plan_with_services(world)
    asked: dict[str, list[int]] = {}
    for rows in (3, 60):
        found = previewed(client, plan, large(rows))
        for name in ("agency_import_columns", PREVIEW, "agency_import_left_out"):
            with CaptureQueriesContext(connection) as queries:
                client.get(page_url(name, plan, found))
            asked.setdefault(name, []).append(len(queries))
        imported(client, plan, large(rows))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_url(PREVIEW, plan, found))
        asked.setdefault("after", []).append(len(queries))

    assert all(few == many for few, many in asked.values()), asked
    assert asked[PREVIEW][0] <= 12


@pytest.mark.full
@pytest.mark.timeout(600)
def test_five_thousand_rows_of_thirty_columns_are_previewed_and_imported_in_time(world: World) -> None:
    client, plan = world.client("office"), plan_with_services(world)
    for more, fate in ((0, "new"), (1, "changed")):
        found = previewed(client, plan, large(5_000, more))
        shown, answer = seconds(client.get, page_url(PREVIEW, plan, found))
        took, response = seconds(send_preview, client, plan, found, Page(answer))
        found.refresh_from_db()
        assert (response.status_code, found.result["rows"]) == (302, {fate: 5_000})
        assert (shown < PREVIEW_SECONDS, took < IMPORT_SECONDS) == (True, True), (shown, took)


def test_the_page_of_columns_stays_light_with_two_hundred_services(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    rows = [{"code": f"S{at}", "name": f"Name of service {at}", "volume_unit": "case"} for at in range(200)]
    bulk_load(
        Service,
        plan=plan,
        actor=COMMAND,
        rows=[row | {"area": world.here.area} for row in rows],
        label="services",
    )
    found = begin(client, plan, table(["code", "name", *(f"c{at}" for at in range(28))], ["A", "B"]))

    took, page = seconds(columns_page, client, plan, found)

    assert len(page.html) < 1_500_000
    assert took < 3
