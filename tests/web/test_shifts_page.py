"""The page of the twelve shifts: what it says to whom, and that it asks as often however much was said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ssoplanner.core.models import Plan, Source
from ssoplanner.recompute.writer import Actor, delete
from ssoplanner.steps.shifts import LEVELS, SHIFTS
from ssoplanner.steps.standing import save_standing, standing_of
from tests.access.urls import address
from tests.web.browsing import Page
from tests.web.test_pages import empty_plan
from tests.world import World

pytestmark = pytest.mark.django_db
FEB, JUNE = date(2026, 2, 2), date(2026, 6, 12)


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime(2026, 6, 15, 12, tzinfo=UTC))


def page_of(world: World, actor: str = "viewer", **asked: str) -> Page:
    return Page(world.client(actor).get(address("shifts", world.here), asked))


def judge(world: World, key: str, level: int | None, since: date | None = FEB, by: str = "office", **more: Any) -> None:
    values = {"level": level, "since": since, "evidence": f"What shows {level}", **more}
    actor = Actor(world.here.people[by], Source.BROWSER)
    version = standing_of(world.here.plan, key).version
    save_standing(world.here.plan, key, actor=actor, version=version, values=values)


def test_an_empty_plan_has_all_twelve_and_says_how_to_begin() -> None:
    plan, client = empty_plan()
    page = Page(client.get(reverse("shifts", kwargs={"slug": plan.slug})))
    assert page.text.count("Not judged yet") == 24  # at a glance, and one by one
    assert "None of the 12 shifts is judged yet. Open a shift to say where the plan stands" in page.text
    assert all(shift.origin in page.text and shift.aim in page.text for shift in SHIFTS)
    assert all(level.meaning in page.text for level in LEVELS)
    for shift in SHIFTS:
        path = reverse("shift", kwargs={"slug": plan.slug, "shift_key": shift.key})
        assert ("href", path) in page.addresses
        assert client.get(path).status_code == 200


def test_a_judged_shift_says_where_it_stands_since_when_what_shows_it_and_who_said_so(world: World) -> None:
    link = "https://example.org/list?a=1&b=2"
    judge(world, "process.design", 3, by="analyst", link=link, before="Fourteen ways", after="One way")
    page = page_of(world, pillar="process")
    said = page.text.split("Custom workflows", 1)[1].split("Inconsistency")[0]
    assert "3 of 5: half-way since Feb 2, 2026 What shows 3" in said
    assert "Judged by analyst of here, " in said and "How it moved" not in said
    assert "How it was here Fourteen ways How it shall be here One way" in said
    assert ("href", link) in page.addresses
    assert page.html.count('shift-here"') == 1


def test_how_it_moved_is_told_from_the_audit_without_what_was_corrected(world: World) -> None:
    judge(world, "process.design", 1)
    judge(world, "process.design", 4, JUNE)
    judge(world, "process.design", 2, JUNE, evidence="Corrected")
    judge(world, "process.design", 2, JUNE, evidence="Said better", by="analyst")
    page = page_of(world)
    assert "How it moved: 1 since Feb 2, 2026, 2 since Jun 12, 2026" in page.text
    assert "Judged by analyst of here" in page.text and "4 since" not in page.text


def test_the_summary_counts_and_names_the_pillar_that_lags(world: World) -> None:
    assert "1 of 12 shifts is judged; 1 of them has moved on from where it began." in page_of(world).text
    judge(world, "process.design", 1)
    judge(world, "governance.outcomes", 1)
    judge(world, "governance.ownership", 3)
    page = page_of(world)
    assert "4 of 12 shifts are judged; 2 of them have moved on from where they began." in page.text
    assert "Process lags behind, at 1 of 5." in page.text
    judge(world, "process.automation", 2)
    assert "Process lags behind, between 1 and 2 of 5." in page_of(world).text
    judge(world, "technology.data", 2)
    judge(world, "technology.cloud", 1)
    assert "Process and Technology lag behind, between 1 and 2 of 5." in page_of(world).text


def test_no_pillar_lags_where_all_stand_alike(world: World) -> None:
    judge(world, "process.design", 2)
    assert "behind" not in page_of(world).text.split("The method")[1].split("What the five")[0]


def test_one_pillar_is_chosen_by_the_address_and_the_summary_stays(world: World) -> None:
    page = page_of(world, pillar="technology")
    assert "Redundant systems" in page.text and "Custom workflows" not in page.text
    assert "1 of 12 shifts is judged" in page.text
    assert "Custom workflows" in page_of(world, pillar="none").text


def test_what_people_write_is_text(world: World) -> None:
    markup = "<script>alert('x')</script>"
    judge(world, "process.design", 2, before=markup, after=markup, evidence=markup)
    for path in (address("shifts", world.here), address("shift", world.here, shift_key="process.design")):
        page = Page(world.client("office").get(path))
        assert "<script>alert" not in page.html and markup in page.text


def test_another_plan_is_not_shown(world: World) -> None:
    assert world.there.standing is not None and world.here.standing is not None
    delete(world.here.standing, actor=Actor(None, Source.COMMAND), version=1)
    assert page_of(world).text.count("Not judged yet") == 24


def test_the_frame_and_the_search_lead_to_it(world: World) -> None:
    judge(world, "process.design", 2, before="Fourteen ways to pay")
    viewer = world.client("viewer")
    home = Page(viewer.get(address("plan", world.here)))
    assert ("href", address("shifts", world.here)) in home.addresses
    for words in ("custom workflows", "fourteen ways"):
        found = Page(viewer.get(address("search", world.here), {"q": words}))
        assert ("href", address("shift", world.here, shift_key="process.design")) in found.addresses, words


def test_it_asks_as_often_when_all_twelve_have_moved_many_times(world: World) -> None:
    clients = {actor: world.client(actor) for actor in ("office", "viewer")}
    few = {actor: queries(client, world.here.plan) for actor, client in clients.items()}
    for shift in SHIFTS:
        for number, level in enumerate((3, 4, 5, 4)):
            judge(world, shift.key, level, date(2026, 3, 1 + number))
    many = {actor: queries(client, world.here.plan) for actor, client in clients.items()}
    assert many == few
    assert max(few.values()) <= 12


def queries(client: Client, plan: Plan) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(reverse("shifts", kwargs={"slug": plan.slug})).status_code == 200
    return len(found)
