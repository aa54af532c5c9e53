"""The list of keyboard shortcuts: each page of the menu has a key of its own, and only what may be opened is listed."""

from __future__ import annotations

import re

import pytest

from ssoplanner.web.context import PAGES
from ssoplanner.web.shortcuts import GRID_KEYS, PAGE_KEYS, TASKS_KEY
from tests.access.urls import address
from tests.world import World


def test_every_page_of_the_menu_has_a_key_of_its_own() -> None:
    assert PAGE_KEYS.keys() == {name for name, *_ in PAGES}
    keys = [*PAGE_KEYS.values(), TASKS_KEY]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch("[a-z]", key) for key in keys)


@pytest.mark.django_db
@pytest.mark.parametrize(("actor", "hidden"), [("office", set()), ("viewer", {"d", "x", "y", "p", "i", "w"})])
def test_the_list_holds_the_pages_that_one_may_open(world: World, actor: str, hidden: set[str]) -> None:
    html = world.client(actor).get(address("plan", world.here)).content.decode()
    keys = dict(re.findall(r'href="([^"]+)" data-go="(\w)"', html))
    expected = {address(name, world.here): key for name, key in PAGE_KEYS.items() if key not in hidden}
    assert keys == expected | {address("my_tasks", world.here): TASKS_KEY}


@pytest.mark.django_db
def test_the_list_names_the_keys_of_the_grid_and_outside_a_plan_leads_nowhere(world: World) -> None:
    client = world.client("viewer")
    outside = client.get("/").content.decode()
    assert 'id="shortcuts"' in outside and "data-go" not in outside and "Search this plan" not in outside
    assert [what for _, what in GRID_KEYS if what not in outside] == []
