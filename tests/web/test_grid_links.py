"""From the lists and pages of agencies and services one is at their figures at once, if one may see them."""

from __future__ import annotations

import re

import pytest

from ssoplanner.core.models import Agency
from ssoplanner.recompute.writer import update
from tests.access.urls import address
from tests.web.browsing import Page
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db


def grids(world: World, actor: str, page: str) -> set[str]:
    """The addresses of grids that a page links to."""
    html = world.client(actor).get(address(page, world.here)).content.decode()
    return set(re.findall(r'href="(/plans/here/(?:agencies|services)/\d+/grid/)"', html))


def grid_of(row: object) -> str:
    kind = "agencies" if isinstance(row, Agency) else "services"
    return f"/plans/here/{kind}/{row.pk}/grid/"  # type: ignore[attr-defined]


@pytest.mark.parametrize("actor", ["office", "board", "analyst", "lead"])
def test_each_service_of_the_list_leads_to_its_figures_by_agency(world: World, actor: str) -> None:
    both = {grid_of(world.here.service), grid_of(world.here.spare_service)}
    own = {grid_of(world.here.own)} if actor == "lead" else set()

    assert grids(world, actor, "services") == both | own


def test_viewers_find_no_link_to_figures_that_they_may_not_see(world: World) -> None:
    assert grids(world, "viewer", "services") == set()


def test_a_lead_of_many_agencies_finds_them_in_their_list(world: World) -> None:
    more = [make(Agency, world.here.plan, code=f"M{at}", name=f"More {at}") for at in range(3)]
    update(world.here.memberships["lead"], actor=COMMAND, version=1, values={"agencies": [world.here.own, *more]})

    page = Page(world.client("lead").get(address("services", world.here)))

    assert "Figures by agency" in page.text
    assert grid_of(world.here.own) not in page.html


@pytest.mark.parametrize("actor", ["office", "board", "analyst", "lead"])
def test_an_agencys_page_leads_to_its_figures(world: World, actor: str) -> None:
    assert grids(world, actor, "agency") == {grid_of(world.here.own)}


def test_a_services_page_leads_to_its_figures(world: World) -> None:
    assert grids(world, "office", "service_edit") == {grid_of(world.here.service)}
