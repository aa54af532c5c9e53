"""Setting up a plan: who may, what is asked, agencies typed or pasted, what is wrong with a line."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Agency, AuditEvent, Benchmark, Kpi, Membership, Plan, Role
from ssoplanner.recompute.models import Derived
from ssoplanner.web.forms.setup import MOST_LINES, free_code, values_of
from tests.web.browsing import Page
from tests.workbook.importing import begin as begin_import
from tests.workbook.importing import choose, page_url, send_preview, table
from tests.world import World

ANSWERS = {
    "name": "County of Elm shared services",
    "problem": "",
    "tier": "municipal",
    "country": "DE",
    "currency": "EUR",
    "fiscal_year_start": "1",
    "base_year": "2026",
}


def begin(client: Client, **answers: str) -> Any:
    return client.post("/new-plan/", {**ANSWERS, **answers})


def add(client: Client, lines: str) -> Any:
    return client.post("/plans/here/set-up/", {"lines": lines})


def agencies(world: World) -> list[tuple[str, str, int | None, int | None]]:
    added = Agency.objects.for_plan(world.here.plan).exclude(pk__in=[world.here.own.pk, world.here.other.pk])
    return list(added.order_by("pk").values_list("code", "name", "headcount", "end_users"))


def test_a_few_answers_make_a_plan_and_its_first_member(world: World) -> None:
    response = begin(world.client("office"))

    plan = Plan.objects.get(slug="county-of-elm-shared-services")
    assert response["Location"] == f"/plans/{plan.slug}/set-up/"
    assert (plan.tier, plan.currency, plan.fiscal_year_start, plan.base_year) == ("municipal", "EUR", 1, 2026)
    held = Membership.objects.for_plan(plan).values_list("user__email", "role")
    assert list(held) == [("office@here.example.gov", Role.OFFICE)]
    assert Kpi.objects.for_plan(plan).count() == 10
    assert Benchmark.objects.for_plan(plan).exists()
    assert world.client("office").get(response["Location"]).status_code == 200


def test_its_history_says_who_began_it(world: World) -> None:
    begin(world.client("office"))

    plan = Plan.objects.get(slug="county-of-elm-shared-services")
    first = AuditEvent.objects.for_plan(plan).select_related("user").earliest("id")
    assert (str(first.user), first.source, first.model) == ("office of here", "browser", "plan")


@pytest.mark.parametrize("actor", ["lead", "board", "analyst", "viewer", "stranger"])
def test_who_runs_no_plan_begins_none(world: World, actor: str) -> None:
    response = begin(world.client(actor))

    assert response.status_code == 403
    assert "begun by somebody who runs one already" in response.content.decode()
    assert not Plan.objects.filter(slug="county-of-elm-shared-services").exists()


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("tier", "king"), ("currency", "XXL"), ("base_year", "99"), ("country", "ZZ")]
)
def test_an_odd_answer_is_refused_beside_its_field_and_keeps_the_others(world: World, field: str, value: str) -> None:
    response = begin(world.client("office"), **{"problem": "Typed words", field: value})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Typed words" in response.content.decode()
    assert not Plan.objects.filter(name=ANSWERS["name"]).exists()


def test_two_plans_may_have_one_name(world: World) -> None:
    begin(world.client("office"))
    begin(world.client("office"))

    slugs = Plan.objects.filter(name=ANSWERS["name"]).order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["county-of-elm-shared-services", "county-of-elm-shared-services-2"]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("Department of Health", ("", "Department of Health", "", "")),
        ("DOH\tDepartment of Health\t8,400\t7,560", ("DOH", "Department of Health", "8,400", "7,560")),
        ("DOH; Department of Health; 8400", ("DOH", "Department of Health", "8400", "")),
        ('DOH,"Department of Health",8400', ("DOH", "Department of Health", "8400", "")),
        ("DOH\tHealth, Aging and Care", ("DOH", "Health, Aging and Care", "", "")),
    ],
)
def test_a_line_is_a_name_or_what_a_spreadsheet_gives(line: str, values: tuple[str, ...]) -> None:
    assert tuple(values_of(line).values()) == values


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Department of Health", set(), "DH"),
        ("Department of Housing", {"DH"}, "DH2"),
        ("Treasury", set(), "TREA"),
        ("Ministère de la Santé", set(), "MS"),
        ("—", set(), "A"),
    ],
)
def test_a_name_alone_gets_a_code_of_its_own(name: str, taken: set[str], code: str) -> None:
    assert free_code(name, taken) == code


def test_agencies_are_added_one_a_line(world: World) -> None:
    response = add(world.client("office"), "DOH\tHealth\t8,400\t7,560\n\nDepartment of Revenue\nDOT; Transport\n")

    assert response["Location"] == "/plans/here/set-up/"
    assert agencies(world) == [
        ("DOH", "Health", 8400, 7560),
        ("DR", "Department of Revenue", None, None),
        ("DOT", "Transport", None, None),
    ]


def test_all_lines_together_move_a_figure_once(world: World) -> None:
    counter = Derived.objects.get(plan=world.here.plan, calculation="assess.current_state")

    add(world.client("office"), "One agency\nTwo agency\nThree agency")

    assert Derived.objects.get(pk=counter.pk).wanted == counter.wanted + 1


def test_a_wrong_line_stays_with_its_sentence_and_the_others_are_added(world: World) -> None:
    lines = "DOH\tHealth\nOWN\tTaken code\nAgency other here\nDOT\tTransport\tmany\n" + "X" * 13 + "\tLong code"

    response = add(world.client("office"), lines)

    page = response.content.decode()
    assert response.status_code == 422
    assert [code for code, *_ in agencies(world)] == ["DOH"]
    assert response.context["form"]["lines"].value().splitlines() == lines.splitlines()[1:]
    assert "Line 2 was not added (OWN\tTaken code): Another agency of this plan has this code" in page
    assert "Line 3 was not added (Agency other here): The plan has an agency of this name already." in page
    assert "Give a whole number, such as 1,200." in page
    assert "at most 12 characters" in page


def test_the_same_agency_twice_in_one_paste_is_added_once(world: World) -> None:
    response = add(world.client("office"), "Health\nHealth")

    assert [name for _, name, *_ in agencies(world)] == ["Health"]
    assert "Line 2 was not added" in response.content.decode()


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("", "Type or paste at least one agency."),
        (" \n \n", "Type or paste at least one agency."),
        ("A\n" * (MOST_LINES + 1), f"at most {MOST_LINES} are read at once"),
    ],
)
def test_nothing_and_too_much_are_refused(world: World, lines: str, sentence: str) -> None:
    response = add(world.client("office"), lines)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert agencies(world) == []


def test_the_page_says_how_far_each_step_is(world: World) -> None:
    page = " ".join(world.client("office").get("/plans/here/set-up/").content.decode().split())

    assert "2 agencies" in page
    assert "2 services" in page
    assert "2 agency leads" in page
    assert "0 of 1 KPIs have an owner" in page


def test_it_costs_the_same_queries_for_a_large_plan(world: World) -> None:
    client = world.client("office")
    client.get("/plans/here/set-up/")
    with CaptureQueriesContext(connection) as few:
        client.get("/plans/here/set-up/")
    add(client, "\n".join(f"Agency number {number}" for number in range(60)))
    client.get("/plans/here/set-up/")
    with CaptureQueriesContext(connection) as many:
        client.get("/plans/here/set-up/")

    assert len(many) == len(few)


def test_a_file_leads_back_to_the_set_up_and_so_does_the_next_one(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    asked = next(iter(re.findall(r'href="([^"]+/import/[^"]*)"', client.get("/plans/here/set-up/").content.decode())))
    then = Page(client.get(asked)).values["then"][0]

    found = begin_import(client, plan, table(["code", "name"], ["LIB", "Libraries"]), then=then)
    columns = client.get(page_url("agency_import_columns", plan, found)).content.decode()
    choose(client, plan, found)
    done = client.get(send_preview(client, plan, found)["Location"]).content.decode()

    assert found.then == "/plans/here/set-up/"
    assert f'href="{asked}"' in columns
    assert '<a class="button" href="/plans/here/set-up/">Go on setting up the plan</a>' in done
