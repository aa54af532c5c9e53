"""Grids behind the browser: whose cells, what is refused, how many questions to the database."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Agency, AuditEvent, Kpi, Provision, Service, System
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.writer import bulk_load, update
from ssoplanner.starter.kpis import add_starter_kpis
from ssoplanner.web.grid.saving import MOST_CELLS
from ssoplanner.web.grid.tables import NOT_THERE
from tests.world import COMMAND, PlanRows, World, canary


def sent(row: str, name: str, text: str, version: int = NOT_THERE, **more: Any) -> dict[str, Any]:
    return {"row": row, "name": name, "text": text, "version": version, **more}


def save(client: Client, path: str, *cells: dict[str, Any]) -> Any:
    body = json.dumps({"cells": cells})
    return client.post(f"/plans/here/{path}", body, content_type="application/json")


def own_grid(world: World) -> str:
    return f"agencies/{world.here.own.pk}/grid/"


def line(rows: PlanRows, agency: Agency | None = None, service: Service | None = None) -> str:
    return f"{(agency or rows.own).pk}-{(service or rows.service).pk}"


def cost(rows: PlanRows) -> Decimal:
    return Provision.objects.for_plan(rows.plan).get(pk=rows.provision.pk).annual_cost  # type: ignore[no-any-return]


def test_a_saved_cell_answers_with_the_row_as_it_is_stored(world: World) -> None:
    answer = save(world.client("lead"), own_grid(world), sent(line(world.here), "automated_share", "12.5 %", 1)).json()

    row = answer["rows"][line(world.here)]
    assert (row["version"], row["texts"]["automated_share"], row["texts"]["annual_cost"]) == (2, "12.5", "1,000")
    assert (answer["errors"], answer["conflicts"]) == ([], [])
    stored = Provision.objects.for_plan(world.here.plan).get(pk=world.here.provision.pk)
    assert stored.automated_share == Decimal("0.125")


def test_the_history_says_who_typed_it(world: World) -> None:
    save(world.client("lead"), own_grid(world), sent(line(world.here), "annual_cost", "5", 1))

    event = AuditEvent.objects.for_plan(world.here.plan).select_related("user").first()
    assert event is not None
    assert (str(event.user), event.source, event.after) == ("lead of here", "browser", {"annual_cost": "5"})


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("automated_share", "120", "at most 100 %"),
        ("annual_cost", "-5", "greater than or equal to 0"),
        ("annual_cost", "a lot", "Give a number, such as 1,200.50."),
        ("volume", "1.5", "Give a whole number"),
        ("has_sop", "perhaps", "“perhaps” is not one of: yes, no."),
        ("sla_met", "11", "Give at most 10."),
        ("agency", "2", "This column cannot be changed here."),
        ("version", "9", "This column cannot be changed here."),
    ],
)
def test_a_wrong_cell_is_refused_with_a_sentence_and_nothing_is_stored(
    world: World, name: str, text: str, sentence: str
) -> None:
    answer = save(world.client("lead"), own_grid(world), sent(line(world.here), name, text, 1)).json()

    assert [(error["row"], error["name"]) for error in answer["errors"]] == [(line(world.here), name)]
    assert sentence in answer["errors"][0]["sentence"]
    assert Provision.objects.for_plan(world.here.plan).get(pk=world.here.provision.pk).version == 1


@pytest.mark.parametrize(
    ("text", "stored"), [("yes", True), ("Y", True), ("TRUE", True), ("no", False), ("0", False), ("", None)]
)
def test_yes_and_no_may_be_written_in_several_ways(world: World, text: str, stored: bool | None) -> None:
    answer = save(world.client("lead"), own_grid(world), sent(line(world.here), "has_sop", text, 1)).json()

    assert answer["errors"] == []
    assert Provision.objects.for_plan(world.here.plan).get(pk=world.here.provision.pk).has_sop is stored


def test_good_cells_beside_a_wrong_one_are_saved(world: World) -> None:
    cells = [
        sent(line(world.here), "annual_cost", "x", 1),
        sent(line(world.here), "fte", "4", 1),
        sent(line(world.here), "sla_met", "99", 1),
    ]

    answer = save(world.client("lead"), own_grid(world), *cells).json()

    assert sorted(error["name"] for error in answer["errors"]) == ["annual_cost", "sla_met"]
    assert answer["rows"][line(world.here)]["texts"]["fte"] == "4"


def test_many_cells_move_a_figure_once(world: World) -> None:
    counter = Derived.objects.get(plan=world.here.plan, calculation="assess.current_state")
    cells = [sent(line(world.here, service=world.here.spare_service), "fte", "1")]
    cells += [sent(line(world.here), "fte", "2", 1), sent(line(world.here), "annual_cost", "3", 1)]

    save(world.client("lead"), own_grid(world), *cells)

    after = Derived.objects.get(pk=counter.pk)
    assert after.wanted == counter.wanted + 1


def test_somebody_who_filled_the_empty_line_first_is_not_overwritten(world: World) -> None:
    client, key = world.client("lead"), line(world.here, service=world.here.spare_service)
    save(world.client("office"), own_grid(world), sent(key, "annual_cost", "10"))

    answer = save(client, own_grid(world), sent(key, "annual_cost", "20"), sent(key, "fte", "2")).json()

    assert [(one["name"], one["who"], one["theirs"], one["mine"]) for one in answer["conflicts"]] == [
        ("annual_cost", "office of here", "10", "20")
    ]
    assert answer["rows"][key]["texts"]["fte"] == "2"
    version = answer["conflicts"][0]["version"]
    again = save(client, own_grid(world), sent(key, "annual_cost", "20", version, seen=version)).json()
    assert (again["conflicts"], again["rows"][key]["texts"]["annual_cost"]) == ([], "20")


def test_a_row_that_came_from_a_file_is_changed_like_any_other(world: World) -> None:
    row = {"code": "N", "name": "New", "headcount": 5}
    (made,) = bulk_load(Agency, plan=world.here.plan, actor=COMMAND, rows=[row], label="agencies")

    answer = save(world.client("office"), "agencies/grid/", sent(str(made.pk), "headcount", "6", 0)).json()

    assert answer["conflicts"] == []
    assert answer["rows"][str(made.pk)]["texts"]["headcount"] == "6"


def test_a_conflict_settled_knowingly_is_a_conflict_again_if_it_changed_once_more(world: World) -> None:
    office, row = COMMAND, world.here.provision
    update(row, actor=office, version=1, values={"annual_cost": Decimal(5)})
    first = save(world.client("lead"), own_grid(world), sent(line(world.here), "annual_cost", "7", 1)).json()
    update(row, actor=office, version=2, values={"annual_cost": Decimal(6)})

    version = first["conflicts"][0]["version"]
    again = save(world.client("lead"), own_grid(world), sent(line(world.here), "annual_cost", "7", 1, seen=version))

    assert [one["theirs"] for one in again.json()["conflicts"]] == ["6"]
    assert cost(world.here) == 6


@pytest.mark.parametrize("actor", ["board", "analyst", "viewer", "other_lead", "stranger", "anonymous"])
def test_nobody_else_saves_an_agencys_cells(world: World, actor: str) -> None:
    response = save(world.client(actor), own_grid(world), sent(line(world.here), "annual_cost", "9", 1))

    assert response.status_code in {302, 401, 403, 404}
    assert cost(world.here) == 1000


def test_a_lead_changes_only_their_own_line_of_a_service(world: World) -> None:
    here = world.here
    path, mine, other = f"services/{here.service.pk}/grid/", line(here), line(here, here.other)

    page = world.client("lead").get(f"/plans/here/{path}").content.decode()
    answer = save(world.client("lead"), path, sent(mine, "fte", "3", 1), sent(other, "fte", "3", 1)).json()

    assert other not in page
    assert canary("here-other") not in page
    assert list(answer["rows"]) == [mine]
    assert answer["errors"][0]["sentence"].startswith("This row is no longer here.")
    assert Provision.objects.for_plan(here.plan).get(pk=here.other_provision.pk).fte == Decimal("1.5")


@pytest.mark.parametrize("grid", ["agencies/grid/", "systems/grid/", "kpis/grid/"])
def test_ids_of_another_plan_are_not_here(world: World, grid: str) -> None:
    foreign = {"agencies/grid/": world.there.own, "systems/grid/": world.there.system, "kpis/grid/": world.there.kpi}

    answer = save(world.client("office"), grid, sent(str(foreign[grid].pk), "name", "Mine now", 1)).json()

    assert answer["rows"] == {}
    assert answer["errors"][0]["sentence"].startswith("This row is no longer here.")
    assert not type(foreign[grid]).objects.unscoped("test").filter(name="Mine now").exists()


def test_links_are_written_by_codes_of_ones_own_plan(world: World) -> None:
    key = str(world.here.system.pk)
    good = save(world.client("office"), "systems/grid/", sent(key, "agencies", "own; other", 1)).json()
    bad = save(world.client("office"), "systems/grid/", sent(key, "agencies", "OWN, NOWHERE", 2)).json()

    assert good["rows"][key]["texts"]["agencies"] == "OTHER, OWN"
    assert bad["errors"][0]["sentence"] == "“NOWHERE” is not one of: OTHER, OWN."
    system = System.objects.for_plan(world.here.plan).get(pk=world.here.system.pk)
    assert system.agencies.count() == 2


def test_a_lead_adds_no_rows_and_leaves_their_agencys_place_in_the_program_to_the_office(world: World) -> None:
    own = str(world.here.own.pk)
    new = save(
        world.client("lead"), "agencies/grid/", sent("new-1", "name", "X"), sent(own, "status", "left", 1)
    ).json()

    assert new["rows"] in ({}, {own: new["rows"].get(own)})
    assert len(new["errors"]) == 2
    assert Agency.objects.for_plan(world.here.plan).get(pk=world.here.own.pk).status == "candidate"


def test_a_new_row_waits_for_what_it_needs_and_keeps_what_is_right(world: World) -> None:
    office = world.client("office")

    waiting = save(office, "kpis/grid/", sent("new-1", "code", "K9")).json()
    added = save(
        office,
        "kpis/grid/",
        *(sent("new-1", name, text) for name, text in [("code", "K9"), ("name", "Nine"), ("unit", "hours")]),
        sent("new-1", "area", "Service performance"),
        sent("new-1", "target", "lots"),
    ).json()

    assert waiting["rows"]["new-1"]["needs"] == ["Name", "Unit", "Performance area"]
    assert [error["name"] for error in added["errors"]] == ["target"]
    made = Kpi.objects.for_plan(world.here.plan).get(code="K9")
    assert added["rows"]["new-1"]["key"] == str(made.pk)
    assert (made.name, made.area, made.target) == ("Nine", "service", None)


def test_the_unit_of_a_computed_kpi_stays_and_the_cell_says_why(world: World) -> None:
    add_starter_kpis(world.here.plan, COMMAND)
    computed = Kpi.objects.for_plan(world.here.plan).get(metric="sla")
    typed = [sent(str(computed.pk), "unit", "shares", 0), sent(str(computed.pk), "target", "95", 0)]

    answer = save(world.client("office"), "kpis/grid/", *typed, sent(str(world.here.kpi.pk), "unit", "days", 1)).json()

    why = "It stays, because the current value is computed in it."
    assert answer["errors"] == [{"row": str(computed.pk), "name": "unit", "sentence": why}]
    computed.refresh_from_db()
    assert (computed.unit, computed.target) == ("%", 95)
    assert Kpi.objects.for_plan(world.here.plan).get(pk=world.here.kpi.pk).unit == "days"
    page = world.client("office").get("/plans/here/kpis/grid/").content.decode()
    assert page.count(f'<td data-fixed aria-readonly="true" title="{why}"') == 10
    assert "A unit stays where the current value is computed in it." in page


def test_a_row_moves_to_another_page_without_being_lost(world: World) -> None:
    more = [{"code": f"A{number:03}", "name": f"B agency {number:03}"} for number in range(120)]
    bulk_load(Agency, plan=world.here.plan, actor=COMMAND, rows=more, label="agencies")
    own = str(world.here.own.pk)
    save(world.client("office"), "agencies/grid/?page=1", sent(own, "name", "Zebra", 1))

    again = save(world.client("office"), "agencies/grid/?page=1", sent(own, "headcount", "5", 2)).json()

    assert again["rows"][own]["texts"]["headcount"] == "5"


@pytest.mark.parametrize(
    "body", ["", "[]", "null", '{"cells": 5}', '{"cells": [{}]}', '{"cells": [{"row": 1}]}', "\xff"]
)
def test_odd_requests_are_answered_with_a_sentence(world: World, body: str) -> None:
    response = world.client("office").post("/plans/here/agencies/grid/", body, content_type="application/json")

    assert response.status_code == 400
    assert response.json()["error"] == "The cells did not arrive as they were sent. Nothing is lost: try again."


def test_too_many_cells_at_once_are_refused(world: World) -> None:
    cells = [sent(line(world.here), "fte", "1", 1)] * (MOST_CELLS + 1)

    response = save(world.client("office"), own_grid(world), *cells)

    assert response.status_code == 400
    assert f"Paste at most {MOST_CELLS}." in response.json()["error"]


def test_what_people_wrote_is_escaped(world: World) -> None:
    row = Agency.objects.for_plan(world.here.plan).get(pk=world.here.own.pk)
    update(row, actor=COMMAND, version=row.version, values={"name": "<script>alert(1)</script>"})

    page = world.client("office").get("/plans/here/agencies/grid/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("query", ["?year=abc", "?year=99999", "?year=1", "?page=0", "?page=x", "?year=²⁰²⁶"])
def test_odd_years_and_pages_show_the_usual_ones(world: World, query: str) -> None:
    response = world.client("lead").get(f"/plans/here/{own_grid(world)}{query}")

    assert response.status_code == 200
    assert "fiscal year 2026" in response.content.decode()


def test_another_year_has_lines_of_its_own(world: World) -> None:
    save(world.client("lead"), f"{own_grid(world)}?year=2027", sent(line(world.here), "fte", "8"))

    years = Provision.objects.for_plan(world.here.plan).filter(agency=world.here.own).order_by("fiscal_year")
    assert list(years.values_list("fiscal_year", "fte")) == [(2026, Decimal("1.50")), (2027, Decimal("8.00"))]


def test_the_number_of_queries_does_not_grow_with_the_plan(world: World) -> None:
    here, office = world.here, world.client("office")
    paths = [own_grid(world), f"services/{here.service.pk}/grid/", "agencies/grid/", "systems/grid/", "kpis/grid/"]
    before = {path: queries(office, path) for path in paths}
    agencies = [{"code": f"A{number:03}", "name": f"Agency {number:03}"} for number in range(150)]
    services = [
        {"area": here.area, "code": f"S{number}", "name": f"Service {number}", "volume_unit": "unit"}
        for number in range(30)
    ]
    made = bulk_load(Agency, plan=here.plan, actor=COMMAND, rows=agencies, label="agencies")
    bulk_load(Service, plan=here.plan, actor=COMMAND, rows=services, label="services")
    provided = [{"agency": one, "service": here.service, "fiscal_year": 2026, "fte": 1} for one in made]
    bulk_load(Provision, plan=here.plan, actor=COMMAND, rows=provided, label="provisions")
    kpis = [{"code": f"N{number}", "name": "A", "unit": "h", "area": "cost"} for number in range(30)]
    bulk_load(Kpi, plan=here.plan, actor=COMMAND, rows=kpis, label="KPIs")

    assert {path: queries(office, path) for path in paths} == before


def queries(client: Client, path: str) -> int:
    client.get(f"/plans/here/{path}")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/plans/here/{path}").status_code == 200
    return len(captured)
