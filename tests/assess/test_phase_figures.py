"""The figures of Assess on its phase page: who sees them, and that they are the stored ones."""

from __future__ import annotations

import re

import pytest

from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.writer import update
from tests.access.urls import address
from tests.web.browsing import Page
from tests.web.test_phase_page import EVERYBODY, SEES_ALL, part
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
FIGURES = "Agencies with figures 2 of 2"


@pytest.fixture
def built(world: World) -> World:
    build_plan(world.here.plan.pk)
    return world


def page_of(world: World, actor: str = "board", **headers: str) -> Page:
    return Page(world.client(actor).get(address("phase", world.here, phase_key="assess"), headers=headers))


def test_those_see_them_who_may(built: World) -> None:
    for actor in EVERYBODY:
        said = part(page_of(built, actor), "figures-title")
        assert (FIGURES in said) == (actor in SEES_ALL), actor
        assert ("once the program office releases the current state" in said) == (actor not in SEES_ALL), actor
    make(Release, built.here.plan, calculation="assess.current_state")
    for actor in ("lead", "viewer"):
        assert FIGURES in part(page_of(built, actor), "figures-title"), actor


def test_there_are_five_and_they_say_whether_they_are_current(built: World) -> None:
    page = page_of(built)
    said = part(page, "figures-title")
    assert "Current, computed" in said and "Cost a year $2K all services" in said
    assert "Executives behind the plan 0 of 1 1 opposed" in said
    assert "Quick wins 1 of 1 service on the heat map" in said
    assert page.html.count('class="stat"') == 5
    assert 'data-current="true"' in page.html and 'data-target="phase-figures"' in page.html
    update(built.here.provision, actor=COMMAND, version=1, values={"annual_cost": 5})
    again = page_of(built)
    assert 'data-current="false"' in again.html and "Cost a year $2K" in part(again, "figures-title")


def test_before_anything_is_computed_it_says_so(world: World) -> None:
    said = part(page_of(world), "figures-title")
    assert "Being computed" in said and "Cost a year" not in said


def test_a_script_gets_the_part_with_the_figures_alone(built: World) -> None:
    html = page_of(built, HX_Request="true").html
    assert html.lstrip().startswith("<section") and html.count('id="phase-figures"') == 1 and "<main" not in html
    assert re.search(r"Agencies with figures.*2 of 2", html, re.S)
    withheld = page_of(built, "viewer", HX_Request="true").html
    assert "releases" in withheld and "2 of 2" not in withheld
