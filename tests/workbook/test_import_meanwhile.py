"""Somebody changes the plan, or clicks a second time, after an import was worked out and before it is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from ssoplanner.core.models import Agency, Provision
from ssoplanner.recompute.writer import delete, update
from ssoplanner.workbook.agencies import applying, preview
from tests.web.browsing import Page, now
from tests.workbook.importing import PREVIEW, agencies_of, page_url, previewed, send_preview, table
from tests.workbook.test_import_applying import FILE
from tests.world import COMMAND, World, make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


class Between:
    """Does something each time that an import was worked out and is about to be stored (or checked)."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, what: Callable[[], Any], times: int = 1, before: str = "_store"
    ) -> None:
        self.what, self.left, self.asked, self.whole = what, times, 0, getattr(applying, before)
        monkeypatch.setattr(applying, before, self)

    def __call__(self, *given: Any) -> Any:
        self.asked += 1
        if self.left:
            self.left -= 1
            self.what()
        return self.whole(*given)


@pytest.mark.parametrize("before", ["_ready", "_store"])
def test_a_change_just_before_is_seen_and_what_it_does_not_touch_is_imported(
    world: World, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    client, here = world.client("office"), world.here
    found = previewed(client, here.plan, FILE, loading="1.5")
    seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
    between = Between(monkeypatch, lambda: change_own(world, budget_cycle="March"), before=before)

    assert send_preview(client, here.plan, found, seen).status_code == 302

    assert between.asked == 2
    assert (now(here.own).headcount, now(here.own).budget_cycle) == (120, "March")


@pytest.mark.parametrize("before", ["_ready", "_store"])
def test_a_change_just_before_stops_what_it_touches(world: World, monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    client, here = world.client("office"), world.here
    found = previewed(client, here.plan, FILE, loading="1.5")
    seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
    Between(monkeypatch, lambda: change_own(world, headcount=999), before=before)

    response = send_preview(client, here.plan, found, seen)

    assert response.status_code == 409
    assert "1 row comes out differently than you saw." in Page(response).text
    assert now(here.own).headcount == 999 and "NEW" not in agencies_of(here.plan)


def test_a_plan_that_never_rests_is_left_as_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, here = world.client("office"), world.here
    found = previewed(client, here.plan, FILE, loading="1.5")
    seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
    cycles = iter(range(99))
    between = Between(monkeypatch, lambda: change_own(world, budget_cycle=f"M{next(cycles)}"), times=99)

    response = send_preview(client, here.plan, found, seen)

    assert (response.status_code, between.asked) == (409, applying.TRIES)
    assert now(here.own).headcount == 100


def test_two_clicks_at_once_import_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, here = world.client("office"), world.here
    found = previewed(client, here.plan, FILE, loading="1.5")
    seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
    Between(monkeypatch, lambda: send_preview(client, here.plan, found, seen))

    response = send_preview(client, here.plan, found, seen)

    assert "Nothing was changed a second time" in Page(client.get(response["Location"])).text
    assert now(here.own).version == 2


def change_own(world: World, **values: Any) -> None:
    row = now(world.here.own)
    update(row, actor=COMMAND, version=row.version, values=values)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_rows_are_worked_out_and_checked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, here = world.client("office"), world.here
    found = previewed(client, here.plan, FILE, loading="1.5")
    seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
    inside: dict[str, bool] = {}

    def watch(owner: Any, name: str) -> None:
        whole = getattr(owner, name)

        def watched(*given: Any, **named: Any) -> Any:
            inside[f"{getattr(owner, '__name__', owner)}.{name}"] = connection.in_atomic_block
            return whole(*given, **named)

        monkeypatch.setattr(owner, name, watched)

    watch(preview, "fates")
    watch(Agency, "clean")
    watch(Provision, "clean")
    watch(applying, "_note")

    assert send_preview(client, here.plan, found, seen).status_code == 302

    assert [name for name, within in inside.items() if within] == ["ssoplanner.workbook.agencies.applying._note"]
    assert len(inside) == 4


def test_an_agency_that_is_removed_just_before_is_no_longer_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, here = world.client("office"), world.here
    extra = make(Agency, here.plan, code="X", name="Extra")
    found = previewed(client, here.plan, table(["code", "hosting"], ["X", "5"]))
    seen = Page(client.get(page_url(PREVIEW, here.plan, found)))
    Between(monkeypatch, lambda: delete(extra, actor=COMMAND, version=1), before="_ready")

    response = send_preview(client, here.plan, found, seen)

    assert response.status_code == 409
    assert "X" not in agencies_of(here.plan)
