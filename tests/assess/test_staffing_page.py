"""Staffing against benchmarks from the inputs to the page: what a change touches, what is read, what people see."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Agency, AgencyStatus, Benchmark, Provision
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Derived, Release
from ssoplanner.recompute.writer import bulk_load, create, delete
from tests.recompute.figures import change, counts, moved
from tests.world import BACKEND, COMMAND, PlanRows, canary, make, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
PAGE, STAFFING = "/plans/here/current-state/", ("assess.staffing", "")
SOURCED = {"population": "12 states", "year": 2024, "source": canary("here-plan"), "unit": "x"}
Edit = Callable[[PlanRows], Any]


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    """Two agencies of 100 people, each with 1.5 FTE and 6,000 tickets at the one service desk in IT."""
    rows = make_plan("here")
    for provision in (rows.provision, rows.other_provision):
        change(provision, volume=6000)
    return rows


def compare(rows: PlanRows, subject: str, measure: str = "employees_per_fte", **values: Any) -> Benchmark:
    values = {"metric": "Others", "subject": subject, "measure": measure, **SOURCED, **values}
    return create(Benchmark, plan=rows.plan, actor=COMMAND, values=values)


def payload(rows: PlanRows) -> Any:
    build_plan(rows.plan.pk)
    row = Derived.objects.get(plan=rows.plan, calculation=STAFFING[0])
    return json.loads(row.result.payload)


def text(rows: PlanRows, actor: str = "board") -> str:
    client = Client()
    client.force_login(rows.people[actor], backend=BACKEND)
    response = client.get(PAGE)
    assert response.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


# --- What is read ---------------------------------------------------------------------------------------------------


def test_domains_are_found_by_standard_code_and_area(rows: PlanRows) -> None:
    change(rows.service, standard="help-desk")
    by_area = compare(rows, "it", p25=10, p50=50, p75=90)
    by_standard = compare(rows, "help-desk", "volume_per_fte", figure=5000)
    first = payload(rows)["domains"]
    change(rows.service, standard="")
    by_code = compare(rows, "IT-1", "volume_per_fte", figure=5000)
    second = payload(rows)["domains"]

    assert [(one["kind"], one["benchmark"]) for one in first] == [("area", by_area.pk), ("service", by_standard.pk)]
    assert [one["per_fte"] for one in first] == [pytest.approx(200 / 3), 4000]
    assert [one["position"] for one in first] == [["p50", "p75"], [None, "figure"]]
    assert [one["benchmark"] for one in second] == [by_area.pk, by_code.pk]


def test_the_librarys_volume_is_not_held_against_another_unit(rows: PlanRows) -> None:
    change(rows.service, standard="accounts-payable", volume_unit=" Invoice ")
    row = {"metric": "m", "measure": "volume_per_fte", "subject": "accounts-payable", "figure": 1, "library": "x"}
    bulk_load(Benchmark, plan=rows.plan, actor=COMMAND, rows=[{**row, **SOURCED}], label="library")
    in_unit = payload(rows)["domains"][1]["benchmark"]
    change(rows.service, volume_unit="payment")
    assert in_unit is not None
    assert payload(rows)["domains"][1]["benchmark"] is None


def test_an_agency_that_left_and_another_year_do_not_count(rows: PlanRows) -> None:
    change(rows.other, status=AgencyStatus.LEFT)
    make(Provision, rows.plan, agency=rows.own, service=rows.spare_service, fiscal_year=2020, fte=9, volume=9)
    area, *services = payload(rows)["domains"]
    assert (area["fte_hundredths"], area["numerator"], area["agencies"]) == (150, 100, 1)
    assert [one["id"] for one in services] == [rows.service.pk]


def test_without_any_fte_the_page_says_what_is_missing(rows: PlanRows) -> None:
    for provision in (rows.provision, rows.other_provision):
        change(provision, fte=None)
    assert payload(rows)["incomplete"][0]["text"] == "No agency has given FTE for the base year yet."
    assert "No agency has given FTE for the base year yet." in text(rows)


# --- What a change touches ------------------------------------------------------------------------------------------

UPDATES: dict[str, tuple[Edit, bool]] = {
    "an agency's headcount": (lambda here: change(here.own, headcount=7), True),
    "an agency's status": (lambda here: change(here.own, status="left"), True),
    "an agency's name": (lambda here: change(here.own, name="Other"), False),
    "a provision's FTE": (lambda here: change(here.provision, fte=7), True),
    "a service's code": (lambda here: change(here.service, code="IT-7"), True),
    "a service's standard": (lambda here: change(here.service, standard="hosting"), True),
    "a service's unit": (lambda here: change(here.service, volume_unit="call"), True),
    "a service's name": (lambda here: change(here.service, name="Other"), False),
    "an area's code": (lambda here: change(here.area, code="HR"), True),
    "an area's name": (lambda here: change(here.area, name="Other"), False),
    "a system": (lambda here: change(here.system, function="Other"), False),
    "a KPI": (lambda here: change(here.kpi, unit="days"), False),
    "a benchmark's figure": (lambda here: change(here.benchmark, figure=9), True),
    "a benchmark's quartile": (lambda here: change(here.benchmark, p25=9), True),
    "a benchmark's year": (lambda here: change(here.benchmark, year=2020), True),
    "what a benchmark is about": (lambda here: change(here.benchmark, subject="IT"), True),
    "what a benchmark measures": (lambda here: change(here.benchmark, measure="cost_per_unit"), True),
    "a benchmark's source": (lambda here: change(here.benchmark, source="Another"), False),
    "a removed benchmark": (lambda here: delete(here.benchmark, actor=COMMAND, version=1), True),
}


def test_it_is_computed_anew_after_what_it_reads_and_nothing_else(rows: PlanRows) -> None:
    found = {}
    for what, (edit, _) in UPDATES.items():
        with transaction.atomic():
            before = counts(rows.plan)
            edit(rows)
            found[what] = STAFFING in moved(before, counts(rows.plan))
            transaction.set_rollback(True)
    assert found == {what: touched for what, (_, touched) in UPDATES.items()}


# --- What people see ------------------------------------------------------------------------------------------------


def test_the_section_says_the_position_and_the_source(rows: PlanRows) -> None:
    compare(rows, "IT", p25=70, p50=80, p75=90)
    build_plan(rows.plan.pk)
    page = text(rows)

    assert (
        "1 of 2 areas and services with FTE has a benchmark. 1 of the 1 that could be compared lies below P25" in page
    )
    assert "service area 3.0 200 employees from 2 agencies 66.7 below P25 P25 70 · median 80 · P75 90" in page
    assert f"{canary('here-plan')}; 12 states; 2024" in page
    assert "1 without a benchmark" in page
    assert "Service desk" in page.partition("without a benchmark")[2].partition("By agency")[0]
    assert "not computed yet" not in page


def test_a_removed_benchmark_is_gone_from_the_page_before_it_is_computed_anew(rows: PlanRows) -> None:
    held = compare(rows, "IT", p25=70)
    build_plan(rows.plan.pk)
    delete(held, actor=COMMAND, version=1)
    page = text(rows)
    assert "Being computed after a change." in page
    assert "below P25" in page
    assert canary("here-plan") + ";" not in page


def test_leads_and_viewers_see_it_once_it_is_released(rows: PlanRows) -> None:
    build_plan(rows.plan.pk)
    before = [text(rows, actor) for actor in ("lead", "viewer")]
    create(Release, plan=rows.plan, actor=COMMAND, values={"calculation": STAFFING[0]})
    after = [text(rows, actor) for actor in ("lead", "viewer")]
    assert [("Staffing against benchmarks" in page) for page in before + after] == [False, False, True, True]


def test_a_larger_plan_takes_no_more_queries(rows: PlanRows) -> None:
    compare(rows, "IT", p25=70)
    build_plan(rows.plan.pk)
    small = queries(rows)
    agencies = [{"code": f"A{number}", "name": f"Agency {number}", "headcount": 5} for number in range(20)]
    made = bulk_load(Agency, plan=rows.plan, actor=COMMAND, rows=agencies, label="agencies")
    facts = {"service": rows.spare_service, "fiscal_year": 2026, "fte": Decimal(1), "volume": 3}
    bulk_load(Provision, plan=rows.plan, actor=COMMAND, rows=[{"agency": one, **facts} for one in made], label="p")
    compare(rows, "IT-2", "volume_per_fte", p25=Decimal(7))
    build_plan(rows.plan.pk)
    assert queries(rows) == small


def queries(rows: PlanRows) -> int:
    text(rows)
    with CaptureQueriesContext(connection) as captured:
        text(rows)
    return len(captured)
