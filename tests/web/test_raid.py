"""The log of risks: what weighs most, who changes what, and the forms."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.steps.models import Risk
from ssoplanner.web.raid import exposure
from tests.access.urls import address
from tests.web.browsing import Page, now, opened, save, sent
from tests.world import World, canary, make

pytestmark = pytest.mark.django_db
STEP = st.integers(1, 5)


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime(2026, 6, 15, 12, tzinfo=UTC))


def risk(world: World, title: str, probability: int = 1, impact: int = 1, **more: Any) -> Risk:
    row: Risk = make(Risk, world.here.plan, title=title, probability=probability, impact=impact, **more)
    return row


def page_of(world: World, actor: str = "board", **asked: str) -> Page:
    return Page(world.client(actor).get(address("raid", world.here), asked))


def test_exposure_is_probability_times_impact() -> None:
    assert (exposure(1, 1), exposure(4, 4), exposure(5, 5)) == (Fraction(1, 10), Fraction(14, 5), Fraction(9, 2))


@given(STEP, STEP, STEP)
def test_what_is_likelier_or_worse_weighs_more(probability: int, impact: int, other: int) -> None:
    assert (exposure(probability, impact) < exposure(other, impact)) == (probability < other)
    assert (exposure(probability, impact) < exposure(probability, other)) == (impact < other)


def test_the_largest_exposure_comes_first_and_is_named_on_top(world: World) -> None:
    risk(world, "A small one", 2, 2)
    risk(world, "A large one", 5, 4, owner=world.here.people["lead"], due=date(2026, 6, 1), step="design.scope")
    risk(world, "One that is over", 5, 5, status="closed")
    page = page_of(world)
    assert "3 risks are open. The largest: A large one, exposure 3.6, owned by lead of here." in page.text
    assert "2 open risks have no owner." in page.text and "1 open risk is past its day." in page.text
    order = [page.text.rindex(title) for title in ("A large one", canary("here-talk"), "A small one")]
    assert order == sorted(order) and "One that is over" not in page.text
    assert "90 % × 4" in page.text and "2.1" in page.text and "Late" in page.text


def test_the_grid_counts_the_open_ones(world: World) -> None:
    for number in range(3):
        risk(world, f"R{number}", 5, 5)
    risk(world, "Closed", 1, 5, status="closed")
    grid = page_of(world).text.split("Probability Impact 1 2 3 4 5", 1)[1].split("Open 4")[0]
    rows = [" ".join(grid.split(f"{share} %")[1].split("%")[0].split()[:5]) for share in (90, 70, 50, 10)]
    assert rows == [
        "none none none none 3",
        "none none none none none",
        "none none none 1 none",
        "none none none none none",
    ]


def test_a_status_or_all_may_be_asked_for(world: World) -> None:
    for status in ("closed", "escalated", "deferred"):
        risk(world, f"Is {status}", status=status)
    titles = {"closed", "escalated", "deferred"}

    def shown(status: str) -> set[str]:
        return {title for title in titles if f"Is {title}" in page_of(world, status=status).text.split("Due")[-1]}

    assert shown("") == shown("nonsense") == {"escalated"}
    assert (shown("closed"), shown("all"), shown("pending")) == ({"closed"}, titles, set())
    assert "None of them is like this." in page_of(world, status="pending").text


def test_a_long_log_is_searched_sorted_and_asks_as_often_as_a_short_one(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(world)
        return len(queries)

    asked()
    before = asked()
    people = [world.here.people[name] for name in ("lead", "board", "office")]
    for number in range(60):
        risk(world, f"R{number:02}", 1, 1, owner=people[number % 3])
    assert asked() == before
    assert "1 to 50 of 61" in page_of(world).text
    found = page_of(world, **{"raid-search": "R59"}).text
    assert "1 of 61 found" in found and "R58" not in found
    assert "R00" in page_of(world, **{"raid-sort": "risk"}).text


# --- Who changes what -----------------------------------------------------------------------------------------------


def test_an_owner_changes_their_own_risk_and_nobody_elses(world: World) -> None:
    for actor in ("lead", "board", "analyst", "viewer"):
        own = risk(world, f"Of {actor}", owner=world.here.people[actor])
        client, path = world.client(actor), address("risk_edit", world.here, risk_id=own.pk)
        assert "Remove" not in Page(client.get(path)).text
        save(client, path, status="in_progress")
        assert now(own).status == "in_progress", actor
        other = client.get(address("risk_edit", world.here))
        assert other.status_code == (404 if actor == "viewer" else 403), actor
        assert canary("here-talk") not in other.content.decode()


def test_a_lead_adds_a_risk_and_owns_it_unless_they_say_otherwise(world: World) -> None:
    lead, path = world.client("lead"), address("risk_new", world.here)
    assert opened(lead, path)["owner"] == [str(world.here.people["lead"].pk)]
    save(lead, path, title="A flood", probability="4", impact="5", step="assess.readiness")
    row = Risk.objects.for_plan(world.here.plan).get(title="A flood")
    assert (row.owner, row.probability, row.impact, row.status) == (world.here.people["lead"], 4, 5, "new")
    page = Page(lead.get(address("my_tasks", world.here)))
    assert ("href", address("risk_edit", world.here, risk_id=row.pk)) in page.addresses
    assert opened(world.client("office"), path)["owner"] == [""]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "This field is required."),
        ({"probability": ""}, "This field is required."),
        ({"impact": "6"}, "Select a valid choice."),
        ({"status": "gone"}, "Select a valid choice."),
        ({"step": "assess.nothing"}, "Select a valid choice."),
        ({"due": "soon"}, "Enter a valid date."),
    ],
)
def test_bad_input_is_refused_and_nothing_typed_is_lost(world: World, typed: dict[str, str], said: str) -> None:
    whole = {"title": "A flood", "probability": "4", "impact": "5", "detail": "By the river", **typed}
    page = sent(world.client("office"), address("risk_new", world.here), **whole)
    assert said in page.text and page.values["detail"] == ["By the river"]
    assert Risk.objects.for_plan(world.here.plan).count() == 1


def test_the_office_removes_a_risk_after_being_asked(world: World) -> None:
    office, path = world.client("office"), address("risk_delete", world.here)
    assert "Keep it" in Page(office.get(path)).text
    assert office.post(path).status_code == 302
    assert "No risks yet" in page_of(world, "office").text


def test_those_who_see_all_find_the_twelve_risks_from_here(world: World) -> None:
    path = address("risks", world.here)
    assert ("href", path) in page_of(world, "board").addresses
    assert ("href", path) not in page_of(world, "lead").addresses
