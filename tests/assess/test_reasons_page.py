"""Why the plan exists: who reads what of it, what is missing, how positions moved, and its forms."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assess.models import Challenge, Sponsor
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.writer import bulk_load, update
from tests.access.urls import address
from tests.web.browsing import Page, now, opened, save, sent
from tests.web.test_pages import empty_plan
from tests.world import COMMAND, World, canary, make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
TOLD = ("office", "board", "analyst")
NOT_TOLD = ("lead", "other_lead", "viewer")
ADA = {"name": "Ada Pole", "office": "Budget director"}


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda: datetime(2026, 6, 15, 12, tzinfo=UTC))


def executive(world: World, name: str, position: str = "", **more: Any) -> Sponsor:
    stands = {"position": position, "since": date(2026, 3, 2), "evidence": "A talk"} if position else {}
    row: Sponsor = make(Sponsor, world.here.plan, name=name, office=f"Office of {name}", **stands, **more)
    return row


def page_of(world: World, actor: str = "board", **headers: str) -> Page:
    return Page(world.client(actor).get(address("reasons", world.here), headers=headers))


# --- Who reads what -------------------------------------------------------------------------------------------------


def test_positions_evidence_and_asks_are_told_to_those_who_decide_and_run_the_plan(world: World) -> None:
    build_plan(world.here.plan.pk)
    for actor in TOLD:
        said = page_of(world, actor).text
        assert canary("here-office") in said and "Opposed" in said and "since Feb 2, 2026" in said, actor
        assert "0 of 1 executive are supportive or committed; 1 is opposed: Ada Pole." in said, actor
    for actor in NOT_TOLD:
        page = page_of(world, actor)
        assert "Ada Pole" in page.text and "Budget director" in page.text and "told in confidence" in page.text, actor
        assert [word for word in (canary("here-office"), "pposed", "Feb 2") if word in page.html] == [], actor


def test_how_many_stand_behind_it_is_told_to_all_once_it_is_released_and_never_who(world: World) -> None:
    executive(world, "Bo Lind", "committed")
    build_plan(world.here.plan.pk)
    assert "once the program office releases it" in page_of(world, "viewer").text
    make(Release, world.here.plan, calculation="assess.alignment")
    trace = address("trace", world.here, calculation="assess.alignment")
    for actor in ("lead", "viewer"):
        page = page_of(world, actor)
        assert "1 of 2 executives is supportive or committed; 1 is opposed." in page.text, actor
        working = Page(world.client(actor).get(f"{trace}?figure=aligned")).text
        assert "1 supportive or committed" in working and "Ada Pole" not in working, actor
    told = Page(world.client("board").get(trace)).text
    assert "Ada Pole, Budget director" in told and "Opposed" in told and "Bo Lind" in told


def test_who_speaks_for_an_agency_is_known_where_the_agency_is(world: World) -> None:
    executive(world, "Cy Own", "neutral", agency=world.here.own)
    executive(world, "Di Other", agency=world.here.other)
    assert "Di Other" in page_of(world, "lead").text
    update(world.here.plan, actor=COMMAND, version=now(world.here.plan).version, values={"leads_see_agencies": False})
    said = page_of(world, "lead").text
    assert "Cy Own" in said and "Ada Pole" in said and "Di Other" not in said
    assert "Di Other" in page_of(world, "board").text


# --- At a glance ----------------------------------------------------------------------------------------------------


def test_it_says_who_is_behind_it_and_what_is_missing(world: World) -> None:
    for name, position in (
        ("Bo", "committed"),
        ("Cy", "supportive"),
        ("Di", "neutral"),
        ("Ed", ""),
        ("Flo", "opposed"),
    ):
        executive(world, name, position)
    executive(world, "Gus", "committed", is_executive=False)
    build_plan(world.here.plan.pk)
    said = page_of(world).text
    assert "2 of 5 executives are supportive or committed; 2 are opposed: Ada Pole and Flo." in said
    assert "1 executive was not asked yet: Ed." in said and "Nobody has asked yet" in said
    assert f"1 challenge has no owner: {canary('here-plan')}." in said
    assert "The goals are not written down yet." in said and "The problem is not written down yet." not in said
    assert "Opposed 2" in said and "Supportive 1 Cy" in said and "Not asked 1 Ed" in said
    assert "Sponsor, not counted" in said


def test_nobody_asked_and_nobody_opposed_are_said_too(world: World) -> None:
    row = world.here.sponsor
    assert row is not None
    update(row, actor=COMMAND, version=1, values={"position": "", "since": None, "evidence": ""})
    build_plan(world.here.plan.pk)
    assert "1 executive has not been asked yet." in page_of(world).text
    executive(world, "Bo", "committed")
    build_plan(world.here.plan.pk)
    assert "1 of 1 executive is supportive or committed; none is opposed." in page_of(world).text


def test_a_script_gets_the_alignment_alone_and_a_stale_one_says_so(world: World) -> None:
    build_plan(world.here.plan.pk)
    html = page_of(world, HX_Request="true").html
    assert html.lstrip().startswith('<div id="alignment"') and "Challenges" not in html
    assert 'data-current="true"' in html
    executive(world, "Bo", "committed")
    again = page_of(world)
    assert 'data-current="false"' in again.html and "0 of 1 executive" in again.text  # until it is computed anew


def test_a_position_that_moved_says_how_and_a_correction_leaves_no_trace(world: World) -> None:
    row = executive(world, "Bo", "neutral")
    values = {"position": "committed", "since": date(2026, 6, 1), "evidence": "A letter"}
    row = update(row, actor=COMMAND, version=row.version, values=values)
    assert "How it moved: neutral since Mar 2, 2026, committed since Jun 1, 2026" in page_of(world).text
    update(row, actor=COMMAND, version=row.version, values={"position": "supportive"})
    said = page_of(world).text
    assert "neutral since Mar 2, 2026, supportive since Jun 1, 2026" in said and "Committed 0" in said


def test_an_empty_plan_says_how_to_begin() -> None:
    plan, client = empty_plan()
    build_plan(plan.pk)
    page = Page(client.get(reverse("reasons", kwargs={"slug": plan.slug})))
    for words in ("No challenges yet", "No executives yet", "The problem is not written down yet.", "Add a challenge"):
        assert words in page.text
    assert "No executive is named yet. Name those who decide." in page.text
    assert ("href", reverse("plan_settings", kwargs={"slug": plan.slug})) in page.addresses


def test_a_long_register_asks_as_often_as_a_short_one(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(world)
        return len(queries)

    asked()
    before = asked()
    for number in range(20):
        executive(world, f"Bo {number}", "neutral", agency=world.here.own)
        make(Challenge, world.here.plan, title=f"C {number}", owner=world.here.people["lead"])
    assert asked() == before


# --- Forms ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("day")
def test_the_office_names_a_challenge_with_its_owner(world: World) -> None:
    office, path = world.client("office"), address("challenge_new", world.here)
    owner = str(world.here.people["lead"].pk)
    save(office, path, title="Twelve payrolls", pillar="process", owner=owner, named_on="2026-02-02")
    said = page_of(world).text.split("Twelve payrolls", 1)[1]
    assert "lead of here Process named Feb 2, 2026" in said
    assert "This field is required" in sent(office, path, title="").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"since": ""}, "Say since when they take this position."),
        ({"evidence": ""}, "Say what shows it, such as a talk, a letter or a vote, with its date."),
        ({"since": "2026-06-16"}, "This day is still to come."),
        ({"position": "hostile"}, "Select a valid choice."),
    ],
)
@pytest.mark.usefixtures("day")
def test_a_position_that_nothing_shows_is_refused_and_nothing_typed_is_lost(
    world: World, typed: dict[str, str], said: str
) -> None:
    whole = {**ADA, "position": "neutral", "since": "2026-06-01", "evidence": "A talk", "asks": "A baseline", **typed}
    page = sent(world.client("office"), address("sponsor_new", world.here), **whole)
    assert said in page.text and page.values["asks"] == ["A baseline"] and page.values["name"] == ["Ada Pole"]
    assert Sponsor.objects.for_plan(world.here.plan).count() == 1


@pytest.mark.usefixtures("day")
def test_a_move_needs_evidence_of_its_own(world: World) -> None:
    office, path = world.client("office"), address("sponsor_edit", world.here)
    moved = {"position": "supportive", "since": "2026-06-01"}
    assert "This is what showed the former position." in sent(office, path, **moved).text
    save(office, path, **moved, evidence="A letter of 1 June")
    row = now(world.here.sponsor)
    assert (row.position, row.evidence, row.version) == ("supportive", "A letter of 1 June", 2)


@pytest.mark.usefixtures("day")
def test_two_who_change_one_position_choose(world: World) -> None:
    office, path = world.client("office"), address("sponsor_edit", world.here)
    held = opened(office, path)
    save(office, path, held, position="neutral", evidence="A talk")
    page = sent(office, path, held, position="committed", evidence="A letter")
    assert "Somebody else changed this meanwhile" in page.text and now(world.here.sponsor).position == "neutral"


def test_the_home_page_and_the_phase_lead_to_it(world: World) -> None:
    path = address("reasons", world.here)
    for name in ("plan", "phase"):
        for actor in ("office", "viewer"):
            page = Page(world.client(actor).get(address(name, world.here)))
            assert ("href", path) in page.addresses, (name, actor)
    viewer = Page(world.client("viewer").get(address("phase", world.here)))
    assert ("href", address("risks", world.here)) not in viewer.addresses


def test_of_many_executives_a_page_shows_some_and_finds_the_others(world: World) -> None:
    said = {"position": "supportive", "since": date(2026, 3, 2), "evidence": "A letter"}
    rows = ({"name": f"Head {n:02}", "office": "Director", **said} for n in range(30))
    bulk_load(Sponsor, plan=world.here.plan, actor=COMMAND, rows=rows, label="executives")
    client, path = world.client("office"), reverse("reasons", kwargs={"slug": "here"})
    text = Page(client.get(path)).text
    assert "Supportive 30" in text and "and 22 more" in text and "1 to 25 of 31" in text
    assert "Head 29" not in text
    assert "Head 29" in Page(client.get(f"{path}?sponsors-search=Head 29")).text
    assert "Nobody is found by these words" in Page(client.get(f"{path}?sponsors-search=zz")).text
