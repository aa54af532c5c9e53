"""A form or grid that was opened before the plan's number format changed is read as it was shown: 1,200 is not 1.2."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ssoplanner.recompute.writer import update
from tests.access.urls import address
from tests.web.browsing import Page, Values, now, opened, save, sent
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(world: World) -> tuple[Client, str, Values]:
    """The lead has a provision open in the format of the United States; meanwhile the plan's has become the German."""
    lead, path = world.client("lead"), address("provision_edit", world.here)
    values = opened(lead, path)
    set_locale(world, "de_DE")
    return lead, path, values


def set_locale(world: World, locale: str) -> None:
    update(world.here.plan, actor=COMMAND, version=now(world.here.plan).version, values={"locale": locale})


def test_figures_are_read_as_the_form_showed_them(world: World, earlier: tuple[Client, str, Values]) -> None:
    save(*earlier, annual_cost="1,234", fte="2.5", automated_share="12.5")
    stored = now(world.here.provision)
    assert (stored.annual_cost, stored.fte, stored.automated_share) == (1234, Decimal("2.5"), Decimal("0.125"))


def test_an_untouched_form_changes_nothing(world: World, earlier: tuple[Client, str, Values]) -> None:
    update(world.here.provision, actor=COMMAND, version=1, values={"source": "ledger"})
    save(*earlier)
    assert now(world.here.provision).version == 2


def test_a_refusal_keeps_the_format_and_explains_in_it(world: World, earlier: tuple[Client, str, Values]) -> None:
    lead, path, values = earlier
    page = sent(lead, path, values, annual_cost="1,200", fte="two")
    assert "Give a number, such as 1,200.50." in page.text
    save(lead, path, page.values, fte="2")
    assert now(world.here.provision).annual_cost == 1200


def test_a_conflict_speaks_one_format_and_either_side_can_be_taken(
    world: World, earlier: tuple[Client, str, Values]
) -> None:
    lead, path, values = earlier
    update(world.here.provision, actor=COMMAND, version=1, values={"annual_cost": Decimal("1500.5")})
    page = sent(lead, path, values, annual_cost="1,200")
    assert "from “$1,000” to “$1,500.50”" in page.text and "You typed “$1,200”." in page.text
    theirs = sent(lead, path, page.values, keep="theirs:annual_cost", fte="two")
    assert theirs.values["annual_cost"] == ["1,500.5"]
    save(lead, path, page.values, keep="mine:annual_cost")
    assert now(world.here.provision).annual_cost == 1200


def test_the_settings_themselves_are_read_in_the_format_that_they_were_shown_in(world: World) -> None:
    office, path = world.client("office"), address("plan_settings", world.here)
    values = opened(office, path)
    save(office, path, values, locale="de_DE")
    save(office, path, values, locale="en_US", readiness_threshold="3.25")
    assert now(world.here.plan).readiness_threshold == Decimal("3.25")


@pytest.mark.parametrize("odd", ["", "xx_XX", "../de", "a\x00"])
def test_an_odd_format_gives_way_to_the_plans(world: World, earlier: tuple[Client, str, Values], odd: str) -> None:
    lead, path, values = earlier
    answer = lead.post(path, {**values, "figures_in": odd, "annual_cost": "1.300,5", "fte": "2,5"})
    stored = now(world.here.provision)
    if answer.status_code == 422:
        assert "Null characters are not allowed" in Page(answer).text and "\x00" in odd
    else:
        assert (stored.annual_cost, stored.fte) == (Decimal("1300.5"), Decimal("2.5"))


def answered(world: World, text: str, **sent: Any) -> Any:
    key = f"{world.here.own.pk}-{world.here.service.pk}"
    cells = [{"row": key, "name": "annual_cost", "text": text, "version": 1}]
    client, path = world.client("lead"), address("agency_grid", world.here)
    answer = client.post(path, json.dumps({"cells": cells, **sent}), content_type="application/json")
    return answer.json()["rows"][key]["texts"]["annual_cost"]


def test_a_grid_says_its_format_and_its_cells_are_read_and_answered_in_it(world: World) -> None:
    page = world.client("lead").get(address("agency_grid", world.here)).content.decode()
    assert 'data-figures-in="en_US"' in page
    set_locale(world, "de_DE")
    assert answered(world, "1,234", figures_in="en_US") == "1,234"
    assert now(world.here.provision).annual_cost == 1234


@pytest.mark.parametrize("odd", [None, "", "xx", 5, ["de_DE"]])
def test_an_odd_format_of_a_grid_gives_way_to_the_plans(world: World, odd: Any) -> None:
    set_locale(world, "de_DE")
    assert answered(world, "1.234", figures_in=odd) == "1.234"
    assert now(world.here.provision).annual_cost == 1234
