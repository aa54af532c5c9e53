"""The page that asks what the columns mean: what it guesses, what it refuses, and that what was chosen stays."""

from __future__ import annotations

import pytest

from ssoplanner.core.models import Service
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import delete
from ssoplanner.workbook.agencies.mapping import from_json
from tests.web.browsing import Page
from tests.workbook.importing import (
    PREVIEW,
    begin,
    choose,
    columns_page,
    page_url,
    send_columns,
    services_of,
    table,
)
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db
FILE = table(["code", "name", "headcount", "remark"], ["DOH", "Health", "1,200", "x"], ["DOT", "Transport", "7", ""])


def guesses(world: World, *header: str) -> list[tuple[str, str]]:
    """(target, name of the service) that the page proposes for each column."""
    client, plan = world.client("office"), world.here.plan
    page = columns_page(client, plan, begin(client, plan, table(header, ["1"] * len(header))))
    names = {str(one.pk): one.name for one in Service.objects.for_plan(plan)} | {"": ""}
    indexes = range(len(header))
    return [(page.values[f"target_{at}"][0], names[page.values[f"service_{at}"][0]]) for at in indexes]


def refused(world: World, content: bytes = FILE, **typed: str | None) -> dict[str, list[str]]:
    """The sentences by field. What was chosen is still there."""
    client, plan = world.client("office"), world.here.plan
    found = begin(client, plan, content)
    response = send_columns(client, plan, found, **typed)
    assert response.status_code == 422
    page = Page(response)
    for name, value in typed.items():
        assert value is None or page.values.get(name) == [value] or value == "on", (name, page.values.get(name))
    found.refresh_from_db()
    assert found.mapping == {}
    errors = {name: [str(one) for one in said] for name, said in response.context["form"].errors.items()}
    assert all(sentence in page.text for said in errors.values() for sentence in said)
    return errors


def test_facts_of_agencies_are_recognised_by_many_names(world: World) -> None:
    assert guesses(
        world, "AGY", "Agency name", "Level of government", "Employees", "Budget", "Avg. salary", "Notes"
    ) == [
        ("agency.code", ""),
        ("agency.name", ""),
        ("agency.tier", ""),
        ("agency.headcount", ""),
        ("agency.operating_budget", ""),
        ("salary", ""),
        ("", ""),
    ]


def test_figures_are_recognised_by_the_code_name_or_area_of_their_service(world: World) -> None:
    services_of(world.here.plan, HR="Staffing")
    header = ["code", "HR", "staffing cost", "IT-1 volume", "Hosting", "IT_2_cost", "IT", "HR per head", "Legal"]

    assert guesses(world, *header) == [
        ("agency.code", ""),
        ("provision.fte", "Staffing"),  # the only service of its area
        ("provision.annual_cost", "Staffing"),
        ("provision.volume", "Service desk"),
        ("provision.fte", "Hosting"),
        ("provision.annual_cost", "Hosting"),
        ("provision.fte", ""),  # which of two services is for a person to say
        ("", ""),
        ("", ""),
    ]


def test_two_columns_never_get_the_same_guess(world: World) -> None:
    assert guesses(world, "code", "Agency ID", "Hosting", "hosting fte") == [
        ("agency.code", ""),
        ("", ""),
        ("provision.fte", "Hosting"),
        ("", ""),
    ]


def test_the_page_shows_the_first_values_and_what_is_empty(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    content = table(["code", "", "name"], ["A", "", "One"], ["B", "7", "Two"], ["C", "8", "Three"], ["D", "9", "Four"])

    page = columns_page(client, plan, begin(client, plan, content))

    assert "code A B C" in page.text and "Four" not in page.text
    assert "column B empty 7 8" in page.text
    assert "agencies.csv, 4 rows." in page.text


def test_a_file_without_codes_is_told_what_to_add(world: World) -> None:
    content = table(["name", "headcount"], ["Health", "5"])

    [sentence] = refused(world, content)["__all__"]

    assert "No column holds the agency's code." in sentence
    assert "add a column with a short code for each agency, such as DOH" in sentence


def test_names_are_needed_only_where_the_plan_has_no_agencies(world: World) -> None:
    empty, client = new_plan(name="Empty", actor=COMMAND, slug="empty"), world.client("office")
    make(type(world.here.memberships["office"]), empty, user=world.user("office"), role="office", agencies=[])
    content = table(["code", "headcount"], ["DOH", "5"])

    response = send_columns(client, empty, begin(client, empty, content))

    assert "No column holds the agency's name." in Page(response).text
    assert "Rows of the file" in choose(client, world.here.plan, begin(client, world.here.plan, content)).text


def test_two_columns_to_one_target_are_refused_beside_the_second(world: World) -> None:
    assert refused(world, target_3="agency.headcount") == {
        "target_3": ["headcount is taken as “Headcount” already. Take only one of them."]
    }


def test_two_columns_to_one_figure_of_a_service_are_refused_and_of_two_services_are_not(world: World) -> None:
    service, spare = str(world.here.service.pk), str(world.here.spare_service.pk)
    figures = {"target_2": "provision.fte", "target_3": "provision.fte", "service_2": service}

    assert list(refused(world, **figures, service_3=service)) == ["target_3"]
    client, plan = world.client("office"), world.here.plan
    assert send_columns(client, plan, begin(client, plan, FILE), **figures, service_3=spare).status_code == 302


def test_a_figure_needs_its_service(world: World) -> None:
    assert refused(world, target_2="provision.volume") == {
        "service_2": ["Choose the service that this column is about."]
    }


def test_what_is_not_in_the_lists_is_refused(world: World) -> None:
    there = world.there.service.pk
    assert list(refused(world, target_2="provision.fte", service_2=None)) == ["service_2"]
    client, plan = world.client("office"), world.here.plan
    for wrong in ({"target_2": "agency.version"}, {"target_2": "provision.fte", "service_2": str(there)}):
        response = send_columns(client, plan, begin(client, plan, FILE), **wrong)
        assert response.status_code == 422
        assert "Choose from the list" in Page(response).text


def test_the_loading_factor_is_never_guessed_and_needs_what_it_multiplies(world: World) -> None:
    content = table(["code", "name", "Hosting", "salary"], ["A", "B", "5", "60000"])

    assert refused(world, content) == {
        "loading": ["Give the loading factor, such as 1.3, or do not take the column of the average salary."]
    }
    assert refused(world, content, target_3="", loading="1.3") == {
        "loading": ["Choose the column that holds the average salary, or leave this empty."]
    }
    assert refused(world, content, target_2="", loading="1.3") == {
        "loading": ["Choose at least one column with the FTE of a service, or leave this empty."]
    }
    for wrong in ("30", "0.9"):
        assert refused(world, content, loading=wrong)["loading"] == [
            "Give a factor from 1 to 5: 1.3 means 30 % on top of the salary."
        ]
    assert refused(world, content, loading="a third")["loading"] == ["Give a number, such as 1,200.50."]


def test_a_year_out_of_range_is_refused(world: World) -> None:
    assert list(refused(world, fiscal_year="1899")) == ["fiscal_year"]
    assert list(refused(world, fiscal_year="soon")) == ["fiscal_year"]


def test_what_was_chosen_is_there_when_one_comes_back(world: World) -> None:
    client, plan = world.client("office"), world.here.plan
    found = begin(client, plan, table(["code", "name", "Hosting", "salary"], ["A", "B", "5", "60000"]))
    chosen = {"target_1": "", "fiscal_year": "2024", "loading": "1.35", "numbers": "COMMA", "existing": "leave"}

    choose(client, plan, found, **chosen, suppressed=None)

    page = columns_page(client, plan, found)
    assert {name: page.values[name][0] for name in chosen} == chosen
    assert "suppressed" not in page.values
    found.refresh_from_db()
    mapping = from_json(found.mapping)
    assert (mapping.update, mapping.suppressed, mapping.services) == (False, False, [world.here.spare_service.pk])


def test_a_service_that_is_removed_meanwhile_sends_one_back_to_the_columns(world: World) -> None:
    client, plan, spare = world.client("office"), world.here.plan, world.here.spare_service
    found = begin(client, plan, table(["code", "name", "Hosting"], ["A", "B", "5"]))
    choose(client, plan, found)
    delete(spare, actor=COMMAND, version=spare.version)

    for name in (PREVIEW, "agency_import_left_out"):
        response = client.get(page_url(name, plan, found), follow=True)
        assert response.redirect_chain[0][0] == page_url("agency_import_columns", plan, found)
    assert client.post(page_url(PREVIEW, plan, found)).status_code == 302

    page = columns_page(client, plan, found)
    assert "A service that was chosen is gone. Look at the columns again." in page.text
    assert page.values["service_2"] == [""]


def test_without_services_agencies_can_come_in_all_the_same(world: World) -> None:
    empty, client = new_plan(name="Empty", actor=COMMAND, slug="empty"), world.client("office")
    make(type(world.here.memberships["office"]), empty, user=world.user("office"), role="office", agencies=[])

    found = begin(client, empty, FILE)

    assert "The plan has no services yet." in columns_page(client, empty, found).text
    assert "Import 2 rows" in choose(client, empty, found).text
