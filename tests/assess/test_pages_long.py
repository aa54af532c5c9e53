"""The current state of a plan with many agencies: the dearest first, the others page by page, and kept so when live."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ssoplanner.core.models import Agency, Provision, Service
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.writer import bulk_load
from tests.world import BACKEND, COMMAND, PlanRows, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
PAGE = "/plans/here/current-state/"


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    """Beside the two agencies thirty, and beside the two services thirty; a higher number costs more."""
    rows = make_plan("here")
    named = [{"code": f"N{at:02}", "name": f"Bureau {at:02}"} for at in range(30)]
    agencies = bulk_load(Agency, plan=rows.plan, actor=COMMAND, rows=named, label="agencies")
    named = [
        {"code": f"S{at:02}", "name": f"Task {at:02}", "area": rows.area, "volume_unit": "case"} for at in range(30)
    ]
    services = bulk_load(Service, plan=rows.plan, actor=COMMAND, rows=named, label="services")
    provided = [
        {"agency": agency, "service": service, "fiscal_year": 2026, "annual_cost": Decimal(5_000 + at), "fte": 1 + at}
        for at, (agency, service) in enumerate(zip(agencies, services, strict=True))
    ]
    bulk_load(Provision, plan=rows.plan, actor=COMMAND, rows=provided, label="provisions")
    build_plan(rows.plan.pk)
    return rows


def source(rows: PlanRows, actor: str = "board", *, part: bool = False, **asked: str) -> str:
    client = Client()
    client.force_login(rows.people[actor], backend=BACKEND)
    headers: Any = {"HX-Request": "true"} if part else {}
    answer = client.get(PAGE, {name.replace("_", "-"): value for name, value in asked.items()}, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def table(page: str, title: str) -> list[str]:
    """The names in the first column of a table."""
    rows = page.partition(f'aria-label="{title}"')[2].partition("</table>")[0]
    heads = re.findall(r'<th scope="row">\s*(?:<a [^>]*>)?(.*?)<', rows, re.DOTALL)
    names = [html.unescape(head).strip() for head in heads]
    return [name for name in names if re.match("Bureau|Task|Agency own|Agency other", name)]


def test_the_dearest_stand_first_and_the_others_on_the_next_pages(rows: PlanRows) -> None:
    first, last = source(rows), source(rows, agencies_page="3", services_page="3")

    assert table(first, "Current state by agency")[:2] == ["Bureau 29", "Bureau 28"]
    assert len(table(first, "Current state by agency")) == 15
    assert table(last, "Current state by agency")[-2:] == ["Agency other here", "Agency own here"]
    assert len(table(last, "Current state by agency")) == 2
    assert table(first, "Current state by service")[:2] == ["Task 29", "Task 28"]
    assert len(table(last, "Current state by service")) == 0  # the two that cost least have other names
    assert "Hosting" in last and "Hosting" not in first


def test_each_table_is_asked_for_by_itself(rows: PlanRows) -> None:
    page = source(rows, agencies_search="n0", services_sort="-cost", unsourced_page="2")

    assert table(page, "Current state by agency") == [f"Bureau 0{at}" for at in range(9, -1, -1)]
    assert table(page, "Current state by service")[0] == "Task 00"
    assert len(table(page, "Areas and services without a benchmark")) == 15
    assert re.search(r'<details id="unsourced"[^>]* open', page)
    assert not re.search(r'<details id="unsourced"[^>]* open', source(rows))


def test_the_part_that_is_loaded_anew_is_asked_for_as_the_page_was(rows: PlanRows) -> None:
    asked = {"agencies_search": "bureau", "agencies_sort": "name", "agencies_page": "2"}
    whole = source(rows, **asked)
    refresh = html.unescape(re.findall(r'hx-get="([^"]+)"', whole)[0])

    part = source(rows, part=True, **asked)

    assert refresh == f"{PAGE}?agencies-search=bureau&agencies-sort=name&agencies-page=2"
    assert table(part, "Current state by agency") == [f"Bureau {at}" for at in range(15, 30)]
    assert re.sub(r"\s+", " ", part.strip()) in re.sub(r"\s+", " ", whole)


def test_totals_are_those_of_the_whole_plan_whatever_is_searched(rows: PlanRows) -> None:
    page = " ".join(re.sub(r"<[^>]*>", " ", source(rows, agencies_search="kiwi", services_search="kiwi")).split())

    assert "$152,435 for the services with figures" in page
    assert page.count("0 of 32 found.") == 2


def test_a_lead_finds_only_their_own_agency_by_any_search(rows: PlanRows) -> None:
    assert table(source(rows, "lead"), "Current state by agency") == ["Agency own here"]
    assert table(source(rows, "lead", agencies_search="bureau"), "Current state by agency") == []
