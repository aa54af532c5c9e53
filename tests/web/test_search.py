"""One search over a plan: what it finds and in which order, for whom, and what it answers to odd words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Agency, Kpi, Service, System
from ssoplanner.recompute.writer import bulk_load, update
from ssoplanner.steps.models import Decision
from ssoplanner.web.search import LONGEST, MOST
from tests.access.urls import address
from tests.web.browsing import Page
from tests.world import ACTORS, COMMAND, World, canary, make

# Names are compared without the database, so that both find the same.
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MEMBERS = [actor for actor in ACTORS if actor not in {"anonymous", "stranger"}]


def found(world: World, actor: str, words: str) -> Page:
    response = world.client(actor).get(address("search", world.here), {"q": words})
    assert response.status_code == 200
    return Page(response)


def results(page: Page) -> dict[str, list[str]]:
    """By kind: the names that were found, in order, with the count that the heading says."""
    sections = re.findall(r'<section class="found"[^>]*>(.*?)</section>', page.html, re.S)
    return {heading(section): names(section) for section in sections}


def rows(page: Page) -> dict[str, list[str]]:
    """What was found of the plan's own rows."""
    same_everywhere = ("Steps of the method ", "Phases and sessions ", "Glossary ")
    return {kind: found for kind, found in results(page).items() if not kind.startswith(same_everywhere)}


def heading(section: str) -> str:
    return plain(re.search(r"<h2[^>]*>(.*?)</h2>", section, re.S)[1])  # type: ignore[index]


def names(section: str) -> list[str]:
    return [plain(name) for name in re.findall(r"<li>\s*<a [^>]*>(.*?)</a>", section, re.S)]


def links_of(page: Page) -> set[str]:
    """Where the results lead, without anchors."""
    return set(re.findall(r'<li>\s*<a href="(/[^"#]*)', page.html.partition("<main")[2]))


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


# --- What is found --------------------------------------------------------------------------------------------------


def test_every_kind_is_found_with_its_count_and_leads_to_a_page_that_opens(world: World) -> None:
    here = world.here
    for row in (here.own, here.area, here.service, here.system, here.kpi):
        update(row, actor=COMMAND, version=1, values={"name": "Readiness of all"})
    type(here.people["lead"]).objects.filter(pk=here.people["lead"].pk).update(name="Readiness Ruth")
    client = world.client("office")
    page = Page(client.get(address("search", here), {"q": "readiness"}))
    # The other service stands in the area of that name.
    assert rows(page).keys() == {"Agencies 1", "Service areas 1", "Services 2", "Systems 1", "KPIs 1", "People 1"}
    static = [kind for kind in results(page) if kind not in rows(page)]
    assert [kind.rsplit(" ", 1)[0] for kind in static] == ["Steps of the method", "Phases and sessions", "Glossary"]
    assert f"{sum(int(kind.rsplit(' ', 1)[1]) for kind in results(page))} found for “readiness”" in page.text
    assert page.html.count("<mark>Readiness</mark> of all</a>") == 5 and "<mark>Readiness</mark> Ruth" in page.html
    links = links_of(page)
    assert len(links) > 7
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_step_is_found_by_its_code(world: World) -> None:
    kinds = results(found(world, "viewer", "1.2"))
    [steps] = [found for kind, found in kinds.items() if kind.startswith("Steps of the method")]
    assert steps[0] == "1.2 Complete shared services heat map assessment"


def test_a_decision_leads_to_the_page_of_its_phase_for_whom_it_is_shown(world: World) -> None:
    values = {"phase": "design", "options": ["Go", "Stay"]}
    make(Decision, world.here.plan, question="Shall payroll be shared?", state="voting", **values)
    make(Decision, world.here.plan, question="Shall payroll be sold?", state="draft", **values)
    for actor, count in (("board", 2), ("lead", 1), ("viewer", 1)):
        page = Page(world.client(actor).get(address("search", world.here), {"q": "payroll"}))
        assert f"Decisions {count}" in results(page), actor
        assert address("phase", world.here, phase_key="design") in links_of(page)


def test_a_session_and_a_benchmark_are_found(world: World) -> None:
    client = world.client("viewer")
    found = results(Page(client.get(address("search", world.here), {"q": "pilot scope"})))
    assert found["Phases and sessions 1"] == ["Pilot scope and feedback"]
    assert "Benchmarks 1" in results(Page(client.get(address("search", world.here), {"q": "22 states"})))


def test_at_most_twenty_of_a_kind_are_shown_with_the_total(world: World) -> None:
    rows = [{"code": f"B{n:02}", "name": f"Bureau {n:02}"} for n in range(MOST + 5)]
    bulk_load(Agency, plan=world.here.plan, actor=COMMAND, rows=rows, label="agencies")
    page = found(world, "office", "bureau")
    assert results(page) == {"Agencies 25": [f"B{n:02} Bureau {n:02}" for n in range(MOST)]}
    assert "The best 20 of 25." in page.text and "25 found" in page.text


def test_the_number_of_queries_does_not_grow_with_the_plan(world: World) -> None:
    make(Agency, world.here.plan, code="N0", name="Name 0")
    before = queries(world)
    for model, values in (
        (Agency, {}),
        (Service, {"area": world.here.area, "volume_unit": "piece"}),
        (Kpi, {"unit": "piece", "area": "cost"}),
    ):
        rows = [{"code": f"N{n}", "name": f"Name {n}", **values} for n in range(1, 60)]
        bulk_load(model, plan=world.here.plan, actor=COMMAND, rows=rows, label="rows")
    for n in range(20):
        make(System, world.here.plan, name=f"Name {n}", function="x", agencies=[world.here.own, world.here.other])
    assert queries(world) == before


def queries(world: World) -> dict[str, int]:
    """By role: how many queries a search takes that finds all there is."""
    counts = {}
    for actor in ("office", "lead"):
        client = world.client(actor)
        with CaptureQueriesContext(connection) as captured:
            assert "Name 0" in Page(client.get(address("search", world.here), {"q": "name"})).text.replace("N0", "")
        counts[actor] = len(captured)
    return counts


# --- For whom -------------------------------------------------------------------------------------------------------

# Whose canaries each role finds. Only the office looks for people.
FINDS = {
    "office": {"plan", "own", "other"},
    "lead": {"plan", "own"},
    "other_lead": {"plan", "other"},
    "board": {"plan", "own", "other"},
    "analyst": {"plan", "own", "other"},
    "viewer": {"plan"},
}


@pytest.mark.parametrize("actor", MEMBERS)
def test_nobody_finds_what_is_not_theirs(world: World, actor: str) -> None:
    for secret in ("here-plan", "here-own", "here-other", "there-plan", "there-own", "there-other", "there-office"):
        kinds = rows(found(world, actor, canary(secret)))
        side, _, owner = secret.partition("-")
        assert bool(kinds) is (side == "here" and owner in FINDS[actor]), (secret, kinds)


@pytest.mark.parametrize("actor", MEMBERS)
def test_another_plans_agencies_and_people_are_not_found(world: World, actor: str) -> None:
    for words in ("Agency own there", "lead of there", "office of there", "@there.example.gov"):
        assert rows(found(world, actor, words)) == {}, words


def test_leads_and_viewers_find_other_agencies_only_where_the_plan_says_so(world: World) -> None:
    everybody = {"Agencies 2": ["OTHER Agency other here", "OWN Agency own here"]}
    assert {actor: rows(found(world, actor, "agency here")) for actor in ("lead", "viewer", "board")} == {
        "lead": everybody,
        "viewer": everybody,
        "board": everybody,
    }
    update(world.here.plan, actor=COMMAND, version=1, values={"leads_see_agencies": False})
    own = {"Agencies 1": ["OWN Agency own here"]}
    assert {actor: rows(found(world, actor, "agency here")) for actor in ("lead", "viewer", "board")} == {
        "lead": own,
        "viewer": {},
        "board": everybody,
    }


@pytest.mark.parametrize("actor", MEMBERS)
def test_whatever_is_found_may_be_opened(world: World, actor: str) -> None:
    client = world.client(actor)
    words = ("agency", "service", "hosting", canary("here-plan"), canary("here-own"), canary("here-other"), "of here")
    links = {link for word in words for link in links_of(found(world, actor, word))}
    assert len(links) >= 4
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_only_the_program_office_looks_for_people(world: World) -> None:
    assert rows(found(world, "office", "board of here")) == {"People 1": ["board of here"]}
    for actor in MEMBERS[1:]:
        assert rows(found(world, actor, "board of here")) == {}, actor


# --- Odd words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Looks through what you may open here"),
        ("   ", "Looks through what you may open here"),
        ("a", "Type at least 2 characters."),
        ("%", "Type at least 2 characters."),
        ("\u0301", "Type at least 2 characters."),
        ("%%", "Nothing was found for “%%”."),
        ("__", "Nothing was found for “__”."),
        ("Agency_own", "Nothing was found for “Agency_own”."),
        ("x" * 300, f"Only the first {LONGEST} characters were looked for."),
        ("<script>alert(1)</script>", "Nothing was found for “<script>alert(1)</script>”."),
        ("'; DROP TABLE core_agency; --", "Nothing was found for"),
        (".*", "Nothing was found for “.*”."),
        ("\\", "Type at least 2 characters."),
    ],
)
def test_odd_words_get_a_sentence(world: World, words: str, said: str) -> None:
    page = found(world, "office", words)
    assert said in page.text
    assert "<script>alert" not in page.html


def test_words_may_hold_signs_that_mean_something_elsewhere(world: World) -> None:
    update(world.here.own, actor=COMMAND, version=1, values={"name": "100 % <own> a_b"})
    for words in ("100 %", "<own>", "a_b"):
        assert rows(found(world, "office", words)) == {"Agencies 1": ["OWN 100 % &lt;own&gt; a_b"]}, words


def test_a_character_that_is_none_is_refused_with_a_page(world: World) -> None:
    response: Any = world.client("office").get(address("search", world.here), {"q": "pay\x00roll"})
    assert response.status_code == 400
    assert "The request was not understood" in Page(response).text


def test_for_too_few_letters_nothing_is_looked_through(world: World) -> None:
    client, path = world.client("office"), address("search", world.here)
    assert [client.get(path, {"q": words}).context["groups"] for words in ("", "a", " a ", "\u0301a")] == [[]] * 4
    assert client.get(path, {"q": "ag"}).context["groups"] != []


# --- The box --------------------------------------------------------------------------------------------------------


def test_every_page_of_a_plan_has_one_search_field_and_other_pages_none(world: World) -> None:
    client = world.client("viewer")
    for name in ("plan", "agencies", "kpis", "search", "plan_glossary"):
        html = client.get(address(name, world.here), {"q": "pay"}).content.decode()
        assert html.count('name="q"') == 1, name
        assert html.count(f'action="{address("search", world.here)}"') == 1
    for path in ("/", "/account/", "/glossary/"):
        assert 'name="q"' not in client.get(path).content.decode()


def test_the_field_keeps_what_was_looked_for(world: World) -> None:
    assert found(world, "office", 'pay "roll"').values["q"] == ['pay "roll"']
