"""The tree of capabilities as people see and change it, and what stands on it: map, duplicates, overlap, candidates."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assess.capability_tree import CannotMove, move, tree, walk
from assess.models import Candidate, Capability, CapabilityRating, DuplicateFinding
from assess.starter_capabilities import counts, starter_capabilities, take_starter_capabilities
from ssoplanner.core.models import Agency, AuditEvent, Membership, Plan, Role
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import bulk_load, update
from tests.web.browsing import Page, now
from tests.world import BACKEND, COMMAND, PlanRows, World, make, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
TREE = "/plans/here/capabilities/"


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    return make_plan("here")


def client(rows: PlanRows, actor: str) -> Client:
    browser = Client()
    browser.force_login(rows.people[actor], backend=BACKEND)
    return browser


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def small_tree(plan: Plan) -> dict[str, Capability]:
    """A > B > C and D, then E."""
    found: dict[str, Capability] = {}
    for code, parent, place in (("A", "", 1), ("B", "A", 1), ("C", "B", 1), ("D", "B", 2), ("E", "", 2)):
        values = {"code": code, "name": f"Name {code}", "parent": found.get(parent), "place": place}
        found[code] = make(Capability, plan, **values)
    return found


def shape(plan: Plan) -> list[str]:
    """Each capability of the small tree with its level, in order."""
    nodes = walk(tree(Capability.objects.for_plan(plan).exclude(code="C1")))
    return [f"{node.level}{node.row.code}" for node in nodes]


# --- The starter set ------------------------------------------------------------------------------------------------


def test_the_starter_set_covers_nine_areas_in_three_levels_with_words_for_each() -> None:
    areas, leaves = counts()
    assert (areas, leaves >= 80) == (9, True)
    rows = starter_capabilities()
    codes = [one.code for one in rows]
    assert len(codes) == len(set(codes))
    assert all(one.description.endswith(".") and not re.search(r"\d", one.description) for one in rows)
    above = {one.parent for one in rows}
    assert all(one.level == 3 for one in rows if one.code not in above)


def test_an_empty_tree_begins_with_the_starter_set_once_with_an_audit_row_a_level(rows: PlanRows) -> None:
    plan = new_plan(name="Fresh", actor=COMMAND)
    assert take_starter_capabilities(plan, COMMAND) == len(starter_capabilities())
    assert take_starter_capabilities(plan, COMMAND) == 0
    assert AuditEvent.objects.for_plan(plan).filter(model="capability").count() == 3
    levels = [node.level for node in walk(tree(Capability.objects.for_plan(plan)))]
    assert [levels.count(level) for level in (1, 2, 3)] == [
        sum(one.level == level for one in starter_capabilities()) for level in (1, 2, 3)
    ]


# --- Moving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "step", "target", "after"),
    [
        ("D", "up", "", ["1A", "2B", "3D", "3C", "1E"]),
        ("C", "down", "", ["1A", "2B", "3D", "3C", "1E"]),
        ("D", "out", "", ["1A", "2B", "3C", "2D", "1E"]),
        ("E", "in", "", ["1A", "2B", "3C", "3D", "2E"]),
        ("B", "out", "", ["1A", "1B", "2C", "2D", "1E"]),
        ("E", "before", "D", ["1A", "2B", "3C", "3E", "3D"]),
        ("C", "under", "E", ["1A", "2B", "3D", "1E", "2C"]),
        ("C", "before", "A", ["1C", "1A", "2B", "3D", "1E"]),
    ],
)
def test_a_capability_moves_with_its_branch(
    rows: PlanRows, code: str, step: str, target: str, after: list[str]
) -> None:
    found = small_tree(rows.plan)
    update(rows.capability, actor=COMMAND, version=1, values={"place": 99})  # type: ignore[type-var]
    move(rows.plan, COMMAND, found[code].pk, step, found[target].pk if target else None)
    assert shape(rows.plan) == after


@pytest.mark.parametrize(
    ("code", "step", "target", "said"),
    [
        ("A", "under", "C", "cannot stand under itself"),
        ("A", "under", "A", "cannot stand under or before itself"),
        ("B", "under", "E", ""),
        ("A", "under", "E", "three levels"),
        ("C", "up", "", "first one there already"),
        ("E", "out", "", "highest level already"),
        ("C", "in", "", "none above it"),
        ("C", "sideways", "", "no such way"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_moves(
    rows: PlanRows, code: str, step: str, target: str, said: str
) -> None:
    found = small_tree(rows.plan)
    before = shape(rows.plan)
    if not said:
        move(rows.plan, COMMAND, found[code].pk, step, found[target].pk)  # the third level just fits
        assert "3C" in shape(rows.plan)
        return
    with pytest.raises(CannotMove, match=said):
        move(rows.plan, COMMAND, found[code].pk, step, found[target].pk if target else None)
    assert shape(rows.plan) == before


def test_nothing_goes_below_a_capability_that_agencies_rated(rows: PlanRows) -> None:
    found = small_tree(rows.plan)
    assert rows.capability is not None
    with pytest.raises(CannotMove, match="2 agencies have rated"):
        move(rows.plan, COMMAND, found["E"].pk, "under", rows.capability.pk)
    answer = client(rows, "office").post(
        f"{TREE}new/", {"code": "X", "name": "Typed name", "parent": rows.capability.pk}
    )
    assert "2 agencies have rated" in words(answer)
    assert Page(answer).values["name"] == ["Typed name"]


def test_buttons_move_and_say_so_and_others_have_none(rows: PlanRows) -> None:
    found = small_tree(rows.plan)
    office = client(rows, "office")
    answer = office.post(TREE, {"move": f"{found['D'].pk}:up"}, headers={"HX-Request": "true"})
    assert "Name D is moved." in words(answer)
    assert f'id="move-{found["D"].pk}-down"' in answer.content.decode()
    assert "2B 3D 3C" in " ".join(shape(rows.plan))
    assert client(rows, "board").post(TREE, {"move": f"{found['D'].pk}:down"}).status_code == 403
    assert 'name="move"' not in client(rows, "viewer").get(TREE).content.decode()
    assert client(rows, "analyst").post(TREE, {"move": f"{found['D'].pk}:down"}).status_code == 302


def test_a_capability_of_another_plan_is_not_there(world: World) -> None:
    here, there = world.here, world.there
    assert here.capability is not None and there.capability is not None
    office = world.client("office")
    for wanted in (f"{there.capability.pk}:up", f"{here.capability.pk}:under:{there.capability.pk}"):
        assert office.post(TREE, {"move": wanted}).status_code == 404
    assert office.get(f"{TREE}new/?parent={there.capability.pk}").status_code == 200
    assert str(there.capability) not in words(office.get(f"{TREE}new/?parent={there.capability.pk}"))
    assert str(there.capability) not in words(office.get(f"/plans/here/architecture/?within={there.capability.pk}"))


@pytest.mark.parametrize("odd", ["", "x", "1", "1:", ":up", "9" * 30 + ":up", "1:up:2:3", "1:UP"])
def test_odd_moves_do_no_harm(rows: PlanRows, odd: str) -> None:
    answer = client(rows, "office").post(TREE, {"move": odd}, follow=True)
    assert "Nothing was moved" in words(answer)


# --- Adding, changing, removing -------------------------------------------------------------------------------------


def test_a_code_that_is_taken_a_ring_and_a_fourth_level_are_said_beside_their_field(rows: PlanRows) -> None:
    found, office = small_tree(rows.plan), client(rows, "office")
    taken = office.post(f"{TREE}new/", {"code": "A", "name": "Again"})
    assert "Another capability has this code. Choose a code of its own." in words(taken)
    address = f"{TREE}{found['A'].pk}/change/"
    typed = Page(office.get(address)).values
    ring = office.post(address, {**typed, "parent": found["B"].pk})
    assert "cannot stand under itself" in words(ring)
    fourth = office.post(f"{TREE}new/", {"code": "F", "name": "Deep", "parent": found["C"].pk})
    assert fourth.status_code == 422  # a capability of the third level is no choice at all
    deep = office.post(address, {**typed, "parent": found["E"].pk, "name": "Kept"})
    assert "The tree has three levels." in words(deep)
    assert Page(deep).values["name"] == ["Kept"]
    assert shape(rows.plan) == ["1A", "2B", "3C", "3D", "1E"]


def test_one_with_others_below_or_with_ratings_stays_and_says_why(rows: PlanRows) -> None:
    found, office = small_tree(rows.plan), client(rows, "office")
    assert rows.capability is not None
    below = words(office.get(f"{TREE}{found['B'].pk}/remove/"))
    assert "used by 2 capabilities (Name C; Name D)" in below
    assert "2 capability ratings" in words(office.post(f"{TREE}{rows.capability.pk}/remove/"))
    assert office.post(f"{TREE}{found['D'].pk}/remove/").status_code == 302
    assert "3D" not in shape(rows.plan)


def test_a_new_one_stands_last_below_its_parent(rows: PlanRows) -> None:
    found, office = small_tree(rows.plan), client(rows, "office")
    typed = Page(office.get(f"{TREE}new/?parent={found['B'].pk}")).values
    office.post(f"{TREE}new/", {**typed, "code": "F", "name": "Name F"})
    assert shape(rows.plan) == ["1A", "2B", "3C", "3D", "3F", "1E"]


def test_a_search_finds_with_those_above(rows: PlanRows) -> None:
    small_tree(rows.plan)
    text = words(client(rows, "viewer").get(f"{TREE}?q=name+c"))
    assert "1 of 6 found" in text and "Name A" in text and "Name E" not in text


def test_500_capabilities_take_as_many_queries_as_six(rows: PlanRows) -> None:
    small_tree(rows.plan)
    browser = client(rows, "office")
    pages = (TREE, "/plans/here/architecture/?depth=3", "/plans/here/candidates/")
    few = [asked(browser, page) for page in pages]
    top = make(Capability, rows.plan, code="T", name="Top")
    group = make(Capability, rows.plan, code="T.1", name="Group", parent=top)
    many = [{"code": f"T.1.{one}", "name": f"Leaf {one}", "parent": group} for one in range(500)]
    leaves = bulk_load(Capability, plan=rows.plan, actor=COMMAND, rows=many, label="many")
    said = {"ownership": "own", "importance": 3, "people": 2, "target": 3}
    ratings = [{"agency": one, "capability": leaf, **said} for one in (rows.own, rows.other) for leaf in leaves[:60]]
    bulk_load(CapabilityRating, plan=rows.plan, actor=COMMAND, rows=ratings, label="many")
    assert [asked(browser, page) for page in pages] == few


def asked(browser: Client, page: str) -> int:
    build_plan(Plan.objects.get(slug="here").pk)
    browser.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(page).status_code == 200
    return len(queries)


# --- What stands on it ----------------------------------------------------------------------------------------------


def rated(rows: PlanRows) -> None:
    """A third agency, so that none can be told from the figures; then everything is computed."""
    third = make(Agency, rows.plan, code="THIRD", name="Agency third")
    levels = {"ownership": "own", "importance": 5, "people": 1, "target": 3}
    make(CapabilityRating, rows.plan, agency=third, capability=rows.capability, **levels)
    update(rows.system, actor=COMMAND, version=1, values={"agencies": [rows.own, third]})
    build_plan(rows.plan.pk)


def test_the_page_says_in_a_sentence_what_falls_short_and_what_is_run_twice(rows: PlanRows) -> None:
    rated(rows)
    answer = client(rows, "board").get("/plans/here/architecture/")
    text = words(answer)
    assert f"1 of 1 capability falls short of what agencies need, led by {rows.capability}." in text
    assert "1 function has more than one system." in text
    assert "3 of 3" in text  # agencies that rated
    assert "tile-heat-" in answer.content.decode()


def test_leads_and_viewers_see_it_once_it_is_released(rows: PlanRows) -> None:
    rated(rows)
    for page in ("architecture", "duplicates", "candidates"):
        assert "Not released yet" in words(client(rows, "viewer").get(f"/plans/here/{page}/"))
    for key in ("capability_map", "duplicates", "candidates", "overlap"):
        make(Release, rows.plan, calculation=f"assess.{key}")
    for page in ("architecture", "duplicates", "candidates"):
        assert "Not released yet" not in words(client(rows, "viewer").get(f"/plans/here/{page}/"))
    assert "falls short" in words(client(rows, "lead").get("/plans/here/architecture/"))


def test_what_two_agencies_said_is_theirs_until_a_third_one_does(rows: PlanRows) -> None:
    build_plan(rows.plan.pk)
    for key in ("capability_map", "duplicates", "candidates"):
        make(Release, rows.plan, calculation=f"assess.{key}")
    assert rows.capability is not None
    page = f"/plans/here/capabilities/{rows.capability.pk}/"
    assert "Fewer than three agencies stand behind its figures" in words(client(rows, "lead").get(page))
    assert "Importance 4.0" in words(client(rows, "analyst").get(page))
    drawing = client(rows, "lead").get("/plans/here/architecture/map.svg?metric=importance").content.decode()
    assert ">few<" in drawing and ">4.0<" not in drawing


@pytest.mark.parametrize("metric", ["gap", "maturity", "importance", "agencies", "systems", "cost_cents", "odd"])
@pytest.mark.parametrize("depth", ["1", "3", "9"])
def test_the_picture_stands_by_itself(rows: PlanRows, metric: str, depth: str) -> None:
    rated(rows)
    answer = client(rows, "office").get(f"/plans/here/architecture/map.svg?metric={metric}&depth={depth}")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "attachment" in answer["Content-Disposition"]
    drawn = ET.fromstring(answer.content)
    fills = [one.get("fill") for one in drawn.iter("{http://www.w3.org/2000/svg}rect")]
    assert fills and all(fill and fill.startswith("#") for fill in fills)
    assert not list(drawn.iter("{http://www.w3.org/2000/svg}a"))


def test_no_picture_before_there_is_a_map(rows: PlanRows) -> None:
    assert client(rows, "office").get("/plans/here/architecture/map.svg").status_code == 404


def test_a_finding_counts_with_its_reason_and_is_seen_by_all(rows: PlanRows) -> None:
    rated(rows)
    analyst = client(rows, "analyst")
    page = reverse("duplicate_finding", kwargs={"slug": "here", "function": "service  DESK"})
    empty = analyst.post(page, {"is_duplicate": "yes", "reason": ""})
    assert "Say why, in one sentence or two." in words(empty)
    assert analyst.post(page, {"is_duplicate": "yes", "reason": "The same tickets"}).status_code == 302
    row = DuplicateFinding.objects.for_plan(rows.plan).get()
    assert (row.function, row.is_duplicate) == ("Service desk", True)
    build_plan(rows.plan.pk)
    text = words(client(rows, "board").get("/plans/here/duplicates/"))
    assert "The same tickets" in text and "Confirmed duplicates 1" in text
    assert analyst.get("/plans/here/duplicates/Nothing/").status_code == 404


def test_a_verdict_counts_with_its_reason_and_the_second_to_come_is_told(rows: PlanRows) -> None:
    rated(rows)
    assert rows.capability is not None
    office, page = client(rows, "office"), f"/plans/here/candidates/{rows.capability.pk}/"
    typed = Page(office.get(page)).values
    assert office.post(page, {**typed, "verdict": "share", "reason": "Everybody does it"}).status_code == 302
    late = client(rows, "analyst").post(page, {**typed, "verdict": "keep", "reason": "Mine"})
    assert "Somebody else was faster" in words(late) and "Everybody does it" in words(late)
    assert Page(late).values["reason"] == ["Mine"]
    row = Candidate.objects.for_plan(rows.plan).get()
    assert (row.verdict, row.reason) == ("share", "Everybody does it")
    text = words(client(rows, "board").get("/plans/here/candidates/?show=share"))
    assert "1 capability is proposed so far." in text and "Everybody does it" in text


def test_no_lead_learns_a_name_by_overlap_where_agencies_are_hidden(rows: PlanRows) -> None:
    rated(rows)
    make(Release, rows.plan, calculation="assess.overlap")
    lead = client(rows, "lead")
    assert "Agency other here" in words(lead.get("/plans/here/overlap/"))
    update(now(rows.plan), actor=COMMAND, version=now(rows.plan).version, values={"leads_see_agencies": False})
    text = words(lead.get("/plans/here/overlap/"))
    assert "Agency other here" not in text and "Agency third" not in text
    assert "Agency other here" in words(client(rows, "board").get("/plans/here/overlap/"))


def test_an_empty_plan_says_how_to_begin(rows: PlanRows) -> None:
    fresh = new_plan(name="Fresh", actor=COMMAND, slug="fresh")
    make(Membership, fresh, user=rows.people["office"], role=Role.OFFICE)
    build_plan(fresh.pk)
    office = client(rows, "office")
    areas, leaves = counts()
    assert f"Start with {areas} areas and {leaves} capabilities" in words(office.get("/plans/fresh/capabilities/"))
    assert "No capabilities yet" in words(office.get("/plans/fresh/architecture/"))
    for page in ("duplicates", "overlap", "candidates"):
        assert office.get(f"/plans/fresh/{page}/").status_code == 200
    office.post("/plans/fresh/capabilities/", {"starter": "yes"})
    assert Capability.objects.for_plan(fresh).count() == len(starter_capabilities())
