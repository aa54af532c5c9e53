"""The page of one shift: the program office judges it, all others read it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ssoplanner.steps.models import ShiftStanding
from ssoplanner.steps.standing import standing_of
from tests.access.urls import address
from tests.web.browsing import Page, opened, save, sent
from tests.world import World

pytestmark = pytest.mark.django_db
KEY = "process.design"
JUDGED = {"level": "2", "since": "2026-02-02", "evidence": "Three agencies use one form"}


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime(2026, 6, 15, 12, tzinfo=UTC))


def path_of(world: World, key: str = KEY) -> str:
    return address("shift", world.here, shift_key=key)


def stored(world: World) -> ShiftStanding:
    return standing_of(world.here.plan, KEY)


def test_looking_stores_nothing_and_the_first_save_does(world: World) -> None:
    office, path = world.client("office"), path_of(world)
    assert opened(office, path)["level"] == [""]
    assert stored(world).pk is None
    save(office, path, **JUDGED, before="Once", after="Then", link="https://example.org")
    row = stored(world)
    assert (row.level, row.since, row.before, row.after) == (2, date(2026, 2, 2), "Once", "Then")
    page = Page(office.get(path))
    assert page.values["level"] == ["2"] and page.values["since"] == ["2026-02-02"]
    assert "What changed" in page.text and "Three agencies use one form" in page.text


def test_each_level_says_what_it_means(world: World) -> None:
    page = Page(world.client("office").get(path_of(world)))
    for words in ("Not judged yet", "1 – as it was", "3 – half-way", "5 – the way we work", "new people learn it so."):
        assert words in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"since": ""}, "Give the day since when this holds."),
        ({"evidence": " "}, "Say what shows it: a level that nothing shows is an opinion."),
        ({"level": ""}, "Choose where you stand since that day, or clear the day."),
        ({"since": "2026-06-16"}, "This day is still to come. Give the day since when it holds."),
        ({"since": "31 June"}, "Enter a valid date."),
        ({"level": "6"}, "Select a valid choice."),
        ({"link": "javascript:alert(1)"}, "Give an address that begins with http:// or https://."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(
    world: World, typed: dict[str, str], said: str
) -> None:
    page = sent(world.client("office"), path_of(world), **{**JUDGED, "before": "Long words", **typed})
    assert page.text.count(said) == 2  # in the summary and at the field
    assert page.values["before"] == ["Long words"]
    assert stored(world).pk is None


def test_a_move_needs_its_own_evidence_and_a_later_day(world: World) -> None:
    office, path = world.client("office"), path_of(world)
    save(office, path, **JUDGED)
    page = sent(office, path, level="1", since="2026-06-01")
    assert page.text.count("This is what showed the former level. Say what shows the one that you chose.") == 2
    page = sent(office, path, level="3", since="2026-01-01", evidence="Other")
    assert page.text.count("Level 2 holds since 2 Feb 2026. Give a later day, or the same one") == 2
    save(office, path, page.values, level="1", since="2026-06-01", evidence="Two agencies went back")
    assert stored(world).level == 1


def test_two_who_judge_at_once_meet_in_the_field_that_both_filled(world: World) -> None:
    office, other, path = world.client("office"), world.client("office"), path_of(world)
    before = opened(office, path)
    save(other, path, **JUDGED)
    page = sent(office, path, before, **{**JUDGED, "level": "4", "after": "Mine"})
    assert "changed this from “empty” to “2 of 5: first steps”" in page.text
    assert "You typed “4 of 5: mostly there”." in page.text and page.values["after"] == ["Mine"]
    save(office, path, page.values, keep="mine:level")
    assert (stored(world).level, stored(world).after) == (4, "Mine")


@pytest.mark.parametrize("actor", ["lead", "board", "analyst", "viewer"])
def test_others_read_it_and_change_nothing(world: World, actor: str) -> None:
    save(world.client("office"), path_of(world), **JUDGED)
    client = world.client(actor)
    page = Page(client.get(path_of(world)))
    assert "2 of 5: first steps since Feb 2, 2026" in page.text
    assert "The program office says where the plan stands." in page.text and "level" not in page.values
    assert "office of here" in page.text
    assert client.post(path_of(world), JUDGED).status_code == 403


def test_an_unknown_shift_is_not_found(world: World) -> None:
    for key in ("people.none", "people", "x" * 300, "²"):
        for actor in ("office", "viewer"):
            assert world.client(actor).get(path_of(world, key)).status_code == 404
