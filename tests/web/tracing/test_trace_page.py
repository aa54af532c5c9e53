"""The page that says how a result was computed: its numbers add up, and each reader sees what is theirs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assess.metrics import METRICS
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Agency, Plan, Provision
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.calculations import PER_PLAN, calculations
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.writer import Actor, create, update
from ssoplanner.web.tracing.inputs import registers
from ssoplanner.web.tracing.parts import figures_of, parts_of
from tests.web.browsing import Page
from tests.web.test_pages import empty_plan
from tests.world import BACKEND, COMMAND, PlanRows, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])

PLAN = "assess.current_state"
AGENCY, SERVICE, STAFFING = "assess.agency_state", "assess.service_state", "assess.staffing"


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    """Two agencies that provide one service for 1,000 each; every figure is built."""
    rows = make_plan("here")
    build_plan(rows.plan.pk)
    return rows


def client(rows: PlanRows, actor: str) -> Client:
    browser = Client()
    browser.force_login(rows.people[actor], backend=BACKEND)
    return browser


def answer(rows: PlanRows, actor: str, key: str, partition: object = "", figure: str = "") -> Any:
    path = f"/plans/here/how/{key}/{f'{partition}/' if partition else ''}"
    return client(rows, actor).get(path, {"figure": figure} if figure else {})


def page(rows: PlanRows, actor: str, key: str, partition: object = "", figure: str = "") -> Page:
    found = answer(rows, actor, key, partition, figure)
    assert found.status_code == 200
    return Page(found)


def release(rows: PlanRows, key: str) -> None:
    create(Release, plan=rows.plan, actor=COMMAND, values={"calculation": key})


def parts_table(rows: PlanRows, figure: str) -> list[tuple[str, ...]]:
    parts = answer(rows, "analyst", PLAN, figure=figure).context["parts"]
    return [line.cells for line in parts.lines]


# --- What it says ---------------------------------------------------------------------------------------------------


def test_a_figure_is_shown_as_a_division_with_its_formula(rows: PlanRows) -> None:
    said = page(rows, "board", PLAN, figure="sla").text

    assert "14 targets met ÷ 20 targets in all = 70.0 %" in said
    assert "The formula in words" in said and "Revision of the formula 1" in said
    assert "Current, computed" in said


@pytest.mark.parametrize("figure", [text.key for text in METRICS if text.key not in ("duplicates", "migrated")])
def test_what_the_agencies_add_adds_up_to_the_figure(rows: PlanRows, figure: str) -> None:
    shown = answer(rows, "analyst", PLAN, figure=figure).context["figure"]

    cells = parts_table(rows, figure)
    assert len(cells) == 2
    for place, whole in ((0, shown.numerator), (1, shown.denominator)):
        assert sum(amount(cell[place]) for cell in cells) == pytest.approx(amount(whole))


def amount(text: str) -> float:
    found = re.search(r"[\d,.]+", text)
    return float(found[0].replace(",", "")) if found else 0.0


def test_agencies_that_migrated_are_counted_one_by_one(rows: PlanRows) -> None:
    update(rows.own, actor=COMMAND, version=rows.own.version, values={"status": "onboarded"})
    build_plan(rows.plan.pk)

    assert sorted(parts_table(rows, "migrated")) == [("0",), ("1",)]


def test_systems_are_counted_by_function(rows: PlanRows) -> None:
    shown = answer(rows, "analyst", PLAN, figure="duplicates").context

    assert sum(int(line.cells[0]) for line in shown["parts"].lines) == amount(shown["figure"].numerator)
    assert len(shown["parts"].lines) == amount(shown["figure"].denominator)


def test_the_inputs_say_who_changed_them_last_and_lead_there(rows: PlanRows) -> None:
    row = Provision.objects.for_plan(rows.plan).get(pk=rows.provision.pk)
    update(row, actor=Actor(rows.people["lead"], COMMAND.source), version=row.version, values={"annual_cost": 1500})
    build_plan(rows.plan.pk)

    found = page(rows, "analyst", AGENCY, rows.own.pk)
    addresses = {address for _, address in found.addresses}
    assert re.search(r"Service desk lead of here, [^;]+; canary-here-own-zq7 \$1,500", found.text)
    assert re.search(r"Provisions 1 .*? by lead of here Services", found.text)
    assert {f"/plans/here/agencies/{rows.own.pk}/grid/", "/plans/here/history/?kind=provision"} <= addresses


def test_every_input_leads_to_the_page_on_which_it_is_kept() -> None:
    read = {str(model._meta.model_name) for calculation in calculations().values() for model in calculation.reads}
    assert read <= registers().keys()
    assert {page for page in registers().values() if page not in policy()} == set()


def test_an_input_leads_nobody_to_a_page_that_is_not_open_to_them(rows: PlanRows) -> None:
    release(rows, "assess.heat_map")
    lines = {actor: answer(rows, actor, "assess.heat_map").context["inputs"] for actor in ("board", "viewer")}
    urls = {actor: {line.kind: line.url for line in found} for actor, found in lines.items()}
    assert urls["board"]["judgement"] == "/plans/here/heat-map/judgements/"
    assert (urls["viewer"]["judgement"], urls["viewer"]["criterion"]) == ("", "/plans/here/heat-map/criteria/")


def test_a_change_of_another_agency_s_figures_is_not_taken_for_this_one_s(rows: PlanRows) -> None:
    before = page(rows, "analyst", AGENCY, rows.other.pk).text
    row = Provision.objects.for_plan(rows.plan).get(pk=rows.provision.pk)
    update(row, actor=Actor(rows.people["lead"], COMMAND.source), version=row.version, values={"annual_cost": 1500})
    build_plan(rows.plan.pk)

    assert "by lead of here" not in before
    assert "by lead of here" not in page(rows, "analyst", AGENCY, rows.other.pk).text


def test_a_service_shows_what_each_agency_gave_to_those_who_see_all(rows: PlanRows) -> None:
    said = page(rows, "analyst", SERVICE, rows.service.pk).text

    assert "Agency own here" in said and "Agency other here" in said


def test_a_result_that_lacks_its_inputs_says_which() -> None:
    plan, office = empty_plan()
    build_plan(plan.pk)

    said = Page(office.get(f"/plans/{plan.slug}/how/{PLAN}/")).text

    assert "No agency takes part yet" in said and "What each agency adds" not in said


def test_an_unknown_figure_is_no_figure(rows: PlanRows) -> None:
    assert answer(rows, "analyst", PLAN, figure="none<b>").context["figure"] is None


def test_every_calculation_has_its_parts_and_plan_wide_ones_with_metrics_their_figures() -> None:
    assert [key for key in calculations() if parts_of(key) is None] == []
    assert figures_of(PLAN) is not None and figures_of(AGENCY) is not None


# --- Who sees what --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ["lead", "viewer"])
def test_what_is_not_released_is_not_explained(rows: PlanRows, actor: str) -> None:
    assert answer(rows, actor, PLAN).status_code == 403
    assert answer(rows, actor, SERVICE, rows.service.pk).status_code == 403


def test_a_viewer_reads_the_formula_of_what_is_released_and_nobody_s_name_or_part(rows: PlanRows) -> None:
    for key in (PLAN, SERVICE):
        release(rows, key)
    row = Provision.objects.for_plan(rows.plan).get(pk=rows.provision.pk)
    update(row, actor=Actor(rows.people["lead"], COMMAND.source), version=row.version, values={"annual_cost": 1500})
    build_plan(rows.plan.pk)

    plan, service = page(rows, "viewer", PLAN), page(rows, "viewer", SERVICE, rows.service.pk)

    assert "14 targets met ÷ 20 targets in all" in page(rows, "viewer", PLAN, figure="sla").text
    for found in (plan, service):
        assert "The formula in words" in found.text
        assert "lead of here" not in found.text and "Agency own here" not in found.text
        assert not [address for _, address in found.addresses if "/history/" in address]


def test_a_lead_sees_the_part_of_their_own_agency_only(rows: PlanRows) -> None:
    release(rows, PLAN)

    said = page(rows, "lead", PLAN, figure="it_cost").text

    assert "Agency own here" in said and "Agency other here" not in said
    assert page(rows, "lead", AGENCY, rows.own.pk)
    assert answer(rows, "lead", AGENCY, rows.other.pk).status_code == 403


def test_there_is_nothing_of_other_plans_and_nothing_that_is_not_declared(rows: PlanRows) -> None:
    there = make_plan("there")

    for key, partition in (
        (AGENCY, there.own.pk),
        (AGENCY, ""),
        (PLAN, rows.own.pk),
        (SERVICE, 10**12),
        ("assess.none", ""),
        ("assess.none", 1),
    ):
        assert answer(rows, "office", key, partition).status_code == 404, (key, partition)


# --- How often it asks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", list(calculations()))
def test_a_page_asks_as_often_for_many_agencies_as_for_few(rows: PlanRows, key: str) -> None:
    few = queries(rows, key)
    more(rows.plan, rows)
    build_plan(rows.plan.pk)

    assert queries(rows, key) == few


def queries(rows: PlanRows, key: str) -> int:
    per = calculations()[key].per
    partition = "" if per is PER_PLAN else rows.own.pk if per.key == "agency" else rows.service.pk
    browser = client(rows, "analyst")
    path = f"/plans/here/how/{key}/{f'{partition}/' if partition else ''}"
    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def more(plan: Plan, rows: PlanRows) -> None:
    for number in range(4):
        agency = create(Agency, plan=plan, actor=COMMAND, values={"code": f"N{number}", "name": f"New {number}"})
        values = {"agency": agency, "service": rows.service, "fiscal_year": 2026, "annual_cost": 5}
        create(Provision, plan=plan, actor=COMMAND, values=values)
    for service in (rows.spare_service,):
        values = {"agency": rows.own, "service": service, "fiscal_year": 2026, "annual_cost": 5}
        create(Provision, plan=plan, actor=COMMAND, values=values)
