"""The list of agencies of a large plan: what it shows at once, what is found, and whom it tells what."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from ssoplanner.core.models import Agency
from ssoplanner.recompute.writer import bulk_load, update
from tests.access.urls import address
from tests.web.browsing import Page
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(world: World) -> list[Agency]:
    """Sixty more agencies, beside the two of the plan; the higher its number, the more people one has."""
    rows = [{"code": f"N{at:02}", "name": f"Bureau {at:02}", "headcount": 1_000 + at} for at in range(60)]
    return bulk_load(Agency, plan=world.here.plan, actor=COMMAND, rows=rows, label="agencies")


def listed(world: World, actor: str = "office", **asked: str) -> Page:
    return Page(
        world.client(actor).get(address("agencies", world.here), {k.replace("_", "-"): v for k, v in asked.items()})
    )


def names(page: Page) -> list[str]:
    return re.findall(r"Bureau \d\d|Agency own here|Agency other here", page.text.partition("Figures given")[2])


def test_fifty_stand_on_a_page_and_the_totals_of_all_above_each(world: World, many: list[Agency]) -> None:
    first, second = listed(world), listed(world, agencies_page="2")

    assert len(dict.fromkeys(names(first))) == 50
    assert len(dict.fromkeys(names(second))) == 12
    assert "1 to 50 of 62" in first.text
    assert "51 to 62 of 62" in second.text
    assert all("Agencies 62 whose figures you see Headcount 61,970" in page.text for page in (first, second))


def test_a_search_finds_names_and_codes_and_sums_what_it_finds(world: World, many: list[Agency]) -> None:
    found, none = listed(world, agencies_search="n0"), listed(world, agencies_search="kiwi")

    assert "10 of 62 found." in found.text
    assert "10 of them here 10,045" in found.text
    assert "Headcount 61,970" in found.text
    assert "No agency here has that in its name or its code." in none.text


def test_largest_first_and_least_complete_first(world: World, many: list[Agency]) -> None:
    by_size, by_figures = listed(world, agencies_sort="headcount"), listed(world, agencies_sort="-complete")

    assert names(by_size)[0] == "Bureau 59"
    assert {*names(by_figures)[:2]} <= {"Agency own here", "Agency other here"}
    assert names(listed(world, agencies_sort="complete"))[0] == "Bureau 00"


def test_what_a_lead_may_not_see_does_not_sort_the_list_either(world: World, many: list[Agency]) -> None:
    update(world.here.other, actor=COMMAND, version=1, values={"headcount": 9_000_000, "operating_budget": Decimal(1)})

    for column in ("headcount", "-headcount", "operating_budget", "complete", "-complete"):
        pages = [listed(world, "lead", agencies_sort=column, agencies_page=number) for number in ("1", "2")]
        others = [name for page in pages for name in names(page) if name != "Agency own here"]
        assert others == sorted(others), column
        assert not any("9,000,000" in page.text for page in pages)


def test_each_row_leads_to_the_figures_as_a_grid_for_those_who_may_see_them(world: World) -> None:
    own, other = (f"/plans/here/agencies/{agency.pk}/grid/" for agency in (world.here.own, world.here.other))

    seen = {actor: listed(world, actor).html for actor in ("board", "lead", "viewer")}
    assert f'href="{own}"' in seen["board"] and f'href="{other}"' in seen["board"]
    assert f'href="{own}"' in seen["lead"] and other not in seen["lead"]
    assert "/grid/" not in seen["viewer"]


def test_only_its_own_leads_stand_beside_an_agency(world: World) -> None:
    update(
        world.here.memberships["lead"],
        actor=COMMAND,
        version=1,
        values={"agencies": [world.here.own, world.here.other]},
    )

    text = listed(world, agencies_search="OWN").text

    assert "lead of here" in text
    assert "other_lead of here" not in text.partition("Figures given")[2]
