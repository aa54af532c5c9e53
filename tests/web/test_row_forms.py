"""The form behind every add and edit page, through the browser: two people at once, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from ssoplanner.core.models import AuditEvent, System
from tests.access.urls import address
from tests.web.browsing import Page, Values, now, opened, save, sent
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed(world: World) -> tuple[Client, str, Page]:
    """The office and the lead opened the same agency at headcount 100; the lead saved 1,120, then the office 1,150."""
    path, office = address("agency_edit", world.here), world.client("office")
    before = opened(office, path)
    save(world.client("lead"), path, headcount="1,120")
    return office, path, sent(office, path, before, headcount="1,150", end_users="77")


def test_who_saves_second_reads_who_when_theirs_and_mine_and_nothing_is_written(
    world: World, disputed: tuple[Client, str, Page]
) -> None:
    _, _, page = disputed
    stored = now(world.here.own)
    year = AuditEvent.objects.for_plan(world.here.plan).latest("id").at.year
    assert "lead of here changed this from “100” to “1,120” on" in page.text
    assert f"{year}" in page.text.split("“1,120” on")[1][:20]
    assert "You typed “1,150”." in page.text
    assert page.buttons.count(("keep", "mine:headcount")) == page.buttons.count(("keep", "theirs:headcount")) == 1
    assert len([button for button in page.buttons if button[0] == "keep"]) == 2
    assert (page.values["headcount"], page.values["end_users"]) == (["1,150"], ["77"])
    assert (stored.headcount, stored.end_users, stored.version) == (1120, None, 2)


@pytest.mark.parametrize(("side", "headcount"), [("mine", 1150), ("theirs", 1120)])
def test_each_button_does_what_it_says(
    world: World, disputed: tuple[Client, str, Page], side: str, headcount: int
) -> None:
    office, path, page = disputed
    save(office, path, page.values, keep=f"{side}:headcount")
    stored = now(world.here.own)
    assert (stored.headcount, stored.end_users, stored.version) == (headcount, 77, 3)


def test_saving_a_conflict_without_choosing_is_the_same_conflict(
    world: World, disputed: tuple[Client, str, Page]
) -> None:
    office, path, page = disputed
    again = sent(office, path, page.values)
    assert "from “100” to “1,120”" in again.text
    assert now(world.here.own).headcount == 1120


def test_a_third_change_meanwhile_is_again_a_conflict(world: World, disputed: tuple[Client, str, Page]) -> None:
    office, path, page = disputed
    save(world.client("lead"), path, headcount="1,130")
    again = sent(office, path, page.values, keep="mine:headcount")
    assert "changed this from “1,120” to “1,130”" in again.text
    assert now(world.here.own).headcount == 1130
    save(office, path, again.values, keep="mine:headcount")
    assert now(world.here.own).headcount == 1150


def test_taking_theirs_after_a_third_change_takes_the_newest_of_theirs(
    world: World, disputed: tuple[Client, str, Page]
) -> None:
    office, path, page = disputed
    save(world.client("lead"), path, headcount="1,130")
    save(office, path, page.values, keep="theirs:headcount")
    assert now(world.here.own).headcount == 1130


def test_two_disputed_fields_are_settled_one_after_the_other(world: World) -> None:
    path, office = address("agency_edit", world.here), world.client("office")
    before = opened(office, path)
    save(world.client("lead"), path, headcount="120", name="Theirs")
    both = sent(office, path, before, headcount="150", name="Mine")
    assert [value for name, value in both.buttons if name == "keep"] == [
        "mine:name",
        "theirs:name",
        "mine:headcount",
        "theirs:headcount",
    ]
    one = sent(office, path, both.values, keep="mine:headcount")
    assert [value for name, value in one.buttons if name == "keep"] == ["mine:name", "theirs:name"]
    save(office, path, one.values, keep="theirs:name")
    stored = now(world.here.own)
    assert (stored.headcount, stored.name) == (150, "Theirs")


def test_a_choice_survives_another_mistake_in_the_form(world: World, disputed: tuple[Client, str, Page]) -> None:
    office, path, page = disputed
    wrong = sent(office, path, page.values, keep="mine:headcount", end_users="many")
    save(office, path, wrong.values, end_users="78")
    stored = now(world.here.own)
    assert (stored.headcount, stored.end_users) == (1150, 78)


def test_who_change_different_fields_both_succeed(world: World) -> None:
    path, office = address("agency_edit", world.here), world.client("office")
    before = opened(office, path)
    save(world.client("lead"), path, headcount="120")
    save(office, path, before, end_users="77")
    stored = now(world.here.own)
    assert (stored.headcount, stored.end_users) == (120, 77)


def test_who_type_the_same_both_succeed(world: World) -> None:
    path, office = address("kpi_edit", world.here), world.client("office")
    before = opened(office, path)
    save(office, path, before, in_people="on", target="5")
    save(office, path, before, in_people="on", target="5.0")
    stored = now(world.here.kpi)
    assert (stored.in_people, stored.target, stored.version) == (True, 5, 2)


def test_every_kind_of_field_says_a_conflict_in_words_and_gives_theirs_back(world: World) -> None:
    here, office = world.here, world.client("office")
    owner, other = str(here.people["board"].pk), str(here.people["lead"].pk)
    own, another = str(here.own.pk), str(here.other.pk)
    cases = (
        # page, row, field, theirs, mine, theirs in words, mine in words
        ("provision_edit", here.provision, "automated_share", "75", "12.5 %", "75 %", "12.5 %"),
        ("provision_edit", here.provision, "annual_cost", "2,000", "1,200.50", "$2,000", "$1,200.50"),
        ("provision_edit", here.provision, "has_sop", "True", "False", "yes", "no"),
        ("system_edit", here.system, "contract_end", "2027-01-31", "2028-02-29", "Jan 31, 2027", "Feb 29, 2028"),
        (
            "system_edit",
            here.system,
            "agencies",
            [another],
            [own, another],
            str(here.other),
            f"{here.other}, {here.own}",
        ),
        ("kpi_edit", here.kpi, "owner", owner, other, "board of here", "lead of here"),
        ("agency_edit", here.own, "tier", "federal", "municipal", "Federal", "Municipal"),
        ("plan_settings", here.plan, "fiscal_year_start", "4", "10", "4", "10"),
        ("plan_settings", here.plan, "base_year", "2027", "2028", "2027", "2028"),
    )
    for name, row, field, theirs, mine, theirs_text, mine_text in cases:
        path = address(name, here)
        before = opened(office, path)
        save(office, path, before, **{field: theirs})
        page = sent(office, path, before, **{field: mine})
        assert f"to “{theirs_text}” on" in page.text, (field, page.text)
        assert f"{mine_text}”." in page.text, (field, page.text)
        version = now(row).version
        save(office, path, page.values, keep=f"theirs:{field}")
        assert now(row).version == version, field


def test_what_was_typed_survives_a_refusal_whole(world: World) -> None:
    office, path = world.client("office"), address("system_new", world.here)
    typed: Values = {
        "name": ["Old <b>Mill</b>"],
        "function": [""],
        "users": ["many"],
        "contract_end": ["2027-13-40"],
        "agencies": [str(world.here.other.pk)],
        "services": [str(world.here.service.pk), str(world.here.spare_service.pk)],
    }
    page = sent(office, path, typed)
    assert {name: page.values[name] for name in typed} == typed
    assert "There are 3 problems" in page.text
    assert not System.objects.for_plan(world.here.plan).filter(vendor="").filter(name__startswith="Old").exists()


def test_line_ends_are_kept_as_one_character_whatever_the_browser_sends(world: World) -> None:
    office, path = world.client("office"), address("plan_settings", world.here)
    save(office, path, goals="One.\r\n\r\n  Two.\rThree.")
    assert now(world.here.plan).goals == "One.\n\n  Two.\nThree."


def test_odd_bookkeeping_is_refused_or_harmless(world: World) -> None:
    office, path = world.client("office"), address("agency_edit", world.here)
    values = opened(office, path)
    for odd in ({"version": "²"}, {"version": "-1"}, {"shown": "x"}, {"version": "9" * 5000}):
        sent(office, path, values, headcount="7", **odd)
    assert now(world.here.own).version == 1
    save(office, path, headcount="8", keep="mine:no such field", settled="headcount:² x :3 headcount:" + "9" * 5000)
    assert now(world.here.own).headcount == 8
