"""Rating capabilities: in the grid, by the form, and what is refused with a sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assess.models import Capability, CapabilityRating
from ssoplanner.core.models import System
from ssoplanner.recompute.writer import bulk_load, delete, update
from ssoplanner.web.grid.tables import NOT_THERE, ROWS_A_PAGE
from tests.web.browsing import Page, now
from tests.world import COMMAND, World, canary, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(world: World) -> Capability:
    """A second capability, which nobody has rated."""
    made: Capability = make(Capability, world.here.plan, code="C2", name="Second", place=2)
    return made


def at(world: World) -> dict[str, Any]:
    return {"slug": "here", "agency_id": world.here.own.pk}


def grid(world: World) -> str:
    return reverse("capability_grid", kwargs=at(world))


def form(world: World, capability: Any) -> str:
    return reverse("capability_rate", kwargs={**at(world), "capability_id": capability.pk})


def save(client: Client, path: str, *cells: tuple[Any, ...]) -> Any:
    names = ("row", "name", "text", "version")
    body = {"cells": [dict(zip(names, (str(one[0].pk), *one[1:]), strict=True)) for one in cells]}
    return client.post(path, json.dumps(body), content_type="application/json").json()


def rating(world: World, capability: Any) -> CapabilityRating | None:
    rows = CapabilityRating.objects.for_plan(world.here.plan)
    return rows.filter(agency=world.here.own, capability=capability).first()


# --- The grid -------------------------------------------------------------------------------------------------------


def test_a_row_is_rated_cell_by_cell_and_begins_with_the_first(world: World, second: Capability) -> None:
    answer = save(
        world.client("lead"),
        grid(world),
        (second, "ownership", "shared with others", NOT_THERE),
        (second, "importance", "5", NOT_THERE),
        (second, "people", "2", NOT_THERE),
        (second, "target", "4", NOT_THERE),
    )
    assert (answer["errors"], answer["conflicts"]) == ([], [])
    assert answer["rows"][str(second.pk)]["texts"]["ownership"] == "Shared with others"
    row = rating(world, second)
    assert row is not None
    assert (row.ownership, row.importance, row.people, row.process, row.target) == ("shared", 5, 2, None, 4)


@pytest.mark.parametrize("text", ["0", "6", "2.5", "much", "-1"])
def test_a_level_outside_the_scale_is_refused_and_its_neighbours_are_saved(world: World, text: str) -> None:
    capability = world.here.capability
    cells = ((capability, "process", text, 1), (capability, "governance", "3", 1))
    answer = save(world.client("lead"), grid(world), *cells)
    assert [one["sentence"] for one in answer["errors"]] == ["Give a level from 1 to 5, or leave it empty."]
    row = rating(world, capability)
    assert row is not None and (row.process, row.governance) == (None, 3)


def test_what_is_not_performed_has_no_figures(world: World, second: Capability) -> None:
    capability = world.here.capability
    answer = save(world.client("lead"), grid(world), (capability, "ownership", "Not performed", 1))
    assert {one["sentence"] for one in answer["errors"]} == {
        "What the agency does not perform has no figures. Clear them, or choose another ownership."
    }
    names = ("importance", "people", "target")
    cleared = [(capability, name, "", 1) for name in names]
    answer = save(world.client("lead"), grid(world), *cleared, (capability, "ownership", "Not performed", 1))
    assert answer["errors"] == [] and rating(world, capability).ownership == "none"  # type: ignore[union-attr]


def test_two_who_change_one_cell_meet_there(world: World) -> None:
    capability = world.here.capability
    save(world.client("lead"), grid(world), (capability, "people", "5", 1))
    answer = save(world.client("office"), grid(world), (capability, "people", "1", 1))
    conflict = answer["conflicts"][0]
    assert (conflict["who"], conflict["theirs"], conflict["mine"]) == ("lead of here", "5", "1")
    assert rating(world, capability).people == 5  # type: ignore[union-attr]


def test_two_who_begin_one_row_meet_there_too(world: World, second: Capability) -> None:
    save(world.client("lead"), grid(world), (second, "people", "5", NOT_THERE))
    answer = save(world.client("office"), grid(world), (second, "people", "1", NOT_THERE))
    assert answer["conflicts"][0]["theirs"] == "5" and rating(world, second).people == 5  # type: ignore[union-attr]


def test_a_capability_that_was_removed_meanwhile_is_said_to_be_gone(world: World, second: Capability) -> None:
    client, gone = world.client("lead"), second.pk
    delete(second, actor=COMMAND, version=second.version)
    body = {"cells": [{"row": str(gone), "name": "people", "text": "2", "version": NOT_THERE}]}
    answer = client.post(grid(world), json.dumps(body), content_type="application/json").json()
    assert answer["errors"][0]["sentence"] == "This row is no longer here. Reload the page to see what is."
    lost = client.post(reverse("capability_rate", kwargs={**at(world), "capability_id": gone}), {"people": "2"})
    assert lost.status_code == 404


def test_a_capability_with_others_below_it_is_not_rated(world: World, second: Capability) -> None:
    child = make(Capability, world.here.plan, code="C2.1", name="Below", parent=second)
    text = Page(world.client("lead").get(grid(world))).text
    assert "Below" in text and "Second" not in text
    answer = world.client("lead").post(form(world, second), {}, follow=True)
    assert "Second has capabilities below it now. Rate those: nothing was saved." in Page(answer).text
    assert rating(world, child) is None


def test_whoever_reads_the_agency_reads_the_grid_and_changes_nothing(world: World) -> None:
    for actor in ("board", "analyst"):
        shown = world.client(actor).get(grid(world))
        assert shown.status_code == 200 and canary("here-plan") in Page(shown).text
        assert "aria-readonly" in shown.content.decode()
        assert world.client(actor).post(grid(world), "{}", content_type="application/json").status_code == 403
    for actor in ("other_lead", "viewer"):
        assert world.client(actor).get(grid(world)).status_code == 403


def test_a_long_tree_is_paged_by_the_same_queries_and_cells_of_every_page_are_saved(world: World) -> None:
    client = world.client("lead")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(grid(world))
        return len(queries)

    before = asked()
    rows = ({"code": f"X{number:03}", "name": f"Capability {number}", "place": 9} for number in range(ROWS_A_PAGE + 20))
    made = bulk_load(Capability, plan=world.here.plan, actor=COMMAND, rows=rows, label="many")
    assert asked() == before
    assert "Capability 119" in Page(client.get(f"{grid(world)}?page=2")).text
    assert save(client, grid(world), (made[-1], "people", "3", NOT_THERE))["errors"] == []


# --- The form -------------------------------------------------------------------------------------------------------


def test_the_form_takes_systems_and_evidence_and_goes_on_to_the_next(world: World, second: Capability) -> None:
    client = world.client("lead")
    third = make(Capability, world.here.plan, code="C3", name="Third", place=3)
    shown = Page(client.get(form(world, second)))
    assert "Save, and go on to the next" in shown.text and "Add a system to the register" in shown.text
    typed = {"ownership": "own", "importance": "4", "process": "3", "target": "5", "evidence": "Manual of 2025"}
    answer = client.post(form(world, second), shown.values | typed | {"systems": [str(world.here.system.pk)]})
    assert answer.status_code == 302 and answer["Location"] == form(world, third)
    row = rating(world, second)
    assert row is not None and list(row.systems.all()) == [world.here.system]
    assert (row.ownership, row.importance, row.process, row.people, row.target) == ("own", 4, 3, None, 5)
    assert row.evidence == "Manual of 2025"
    last = client.post(form(world, third), {"ownership": "none"})
    assert last["Location"] == grid(world)  # nothing is left to rate


def test_only_systems_that_list_the_agency_are_offered(world: World) -> None:
    capability = world.here.capability
    shown = world.client("office").get(form(world, capability)).context["form"].fields["systems"].queryset
    assert list(shown) == [world.here.system]
    answer = world.client("office").post(form(world, capability), {"systems": [str(world.here.other_system.pk)]})
    assert answer.status_code == 422 and "Select a valid choice." in Page(answer).text


def test_a_system_that_the_agency_gave_up_stays_named_until_somebody_takes_it_off(world: World) -> None:
    capability, system = world.here.capability, now(world.here.system)
    named = rating(world, capability)
    assert named is not None
    update(named, actor=COMMAND, version=named.version, values={"systems": [system]})
    update(system, actor=COMMAND, version=system.version, values={"agencies": [world.here.other]})
    client = world.client("lead")
    values = Page(client.get(form(world, capability))).values
    assert client.post(form(world, capability), values | {"importance": "5"}).status_code == 302
    row = rating(world, capability)
    assert row is not None and row.importance == 5 and list(row.systems.all()) == [system]


@pytest.mark.parametrize("text", ["0", "6", "x"])
def test_the_form_refuses_a_level_outside_the_scale_and_keeps_what_was_typed(world: World, text: str) -> None:
    typed = {"ownership": "own", "importance": text, "evidence": "Long thoughts"}
    answer = world.client("lead").post(form(world, world.here.capability), typed)
    assert answer.status_code == 422 and "Give a level from 1 to 5" in Page(answer).text
    assert Page(answer).values["evidence"] == ["Long thoughts"]


def test_in_the_form_two_people_see_each_other_s_values(world: World) -> None:
    capability = world.here.capability
    lead, office = world.client("lead"), world.client("office")
    values = Page(lead.get(form(world, capability))).values
    office.post(form(world, capability), Page(office.get(form(world, capability))).values | {"importance": "1"})
    answer = lead.post(form(world, capability), values | {"importance": "5", "evidence": "Still mine"})
    text = Page(answer).text
    assert answer.status_code == 422 and "Somebody else changed this meanwhile" in text and "1 Marginal" in text
    assert Page(answer).values["evidence"] == ["Still mine"] and rating(world, capability).importance == 1  # type: ignore[union-attr]


def test_a_capability_of_another_plan_or_a_removed_one_is_not_found(world: World, second: Capability) -> None:
    there = world.there.capability
    answer = world.client("lead").post(form(world, there), {"ownership": "own"})
    assert answer.status_code == 404
    assert not System.objects.for_plan(world.there.plan).filter(capability_ratings__agency=world.here.own).exists()
