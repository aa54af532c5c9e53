"""Figures and names are shown to whom they belong, on every page, its history included."""

from __future__ import annotations

import pytest

from ssoplanner.core.models import System
from ssoplanner.recompute.writer import update
from tests.access.urls import address
from tests.web.browsing import Page, own_pages
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(world: World) -> dict[str, set[str]]:
    """Figures that stand nowhere else, by agency, as pages write them."""
    here, found = world.here, {}
    for key, agency, provision, system, lead in (
        ("own", here.own, here.provision, here.system, "31"),
        ("other", here.other, here.other_provision, here.other_system, "42"),
    ):
        numbers = [int(f"{lead}{digit}{digit}") for digit in range(3, 8)]
        counts = {"headcount": numbers[0], "end_users": numbers[1], "operating_budget": numbers[2]}
        update(agency, actor=COMMAND, version=1, values=counts)
        update(provision, actor=COMMAND, version=1, values={"annual_cost": numbers[3]})
        update(system, actor=COMMAND, version=1, values={"annual_cost": numbers[4]})
        found[key] = {f"{number:,}" for number in numbers}
    return found


def test_figures_are_shown_to_whom_they_belong(world: World, figures: dict[str, set[str]]) -> None:
    sees = {"office": {"own", "other"}, "lead": {"own"}, "viewer": set()}
    for actor, owners in sees.items():
        client = world.client(actor)
        read = " ".join(page.html for _, page in own_pages(client, world))
        read += client.get(address("agency", world.here, agency_id=world.here.other.pk)).content.decode()
        for owner, numbers in figures.items():
            assert {n for n in numbers if n in read} == (numbers if owner in owners else set()), (actor, owner)


def test_totals_are_over_what_one_sees(world: World, figures: dict[str, set[str]]) -> None:
    office, viewer = (
        Page(world.client(actor).get(address("agencies", world.here))).text for actor in ("office", "viewer")
    )
    assert "Agencies 2 whose figures you see" in office and f"{3133 + 4233:,}" in office
    assert f"{3133 + 4233:,}" not in viewer and "not shared with you" in viewer


def test_a_lead_knows_other_agencies_by_name_only_where_the_plan_says_so(world: World) -> None:
    here, lead = world.here, world.client("lead")
    shared = make(System, here.plan, name="Shared once", function="x", agencies=[here.own, here.other])
    others = address("agency", here, agency_id=here.other.pk)
    assert "Agency other here" in Page(lead.get(address("agencies", here))).text
    refused = lead.get(others)
    assert refused.status_code == 403 and "The figures of Agency other here are for its own lead" in Page(refused).text

    update(here.plan, actor=COMMAND, version=1, values={"leads_see_agencies": False})
    assert lead.get(others).status_code == 404
    assert "Agency own here and 1 more" in Page(lead.get(address("systems", here))).text
    update(shared, actor=COMMAND, version=1, values={"agencies": [here.own]})
    pages = {actor: dict(own_pages(world.client(actor), world, system_id=shared.pk)) for actor in ("lead", "viewer")}
    for actor, read in pages.items():
        assert [name for name, page in read.items() if "Agency other here" in page.html] == [], actor
    assert "another agency" in pages["lead"]["system_edit"].text
    assert "Agency other here" in Page(world.client("board").get(address("agencies", here))).text


def test_a_system_that_others_use_too_is_changed_by_the_office_alone(world: World) -> None:
    here = world.here
    shared = make(System, here.plan, name="Shared", function="x", agencies=[here.own, here.other])
    refused = world.client("lead").get(address("system_edit", here, system_id=shared.pk))
    assert refused.status_code == 403
    assert "Other agencies use Shared too, so only the program office changes it." in Page(refused).text
