"""The glossary: enough terms, in order, short, each linked to what it leans on; and a page that everybody reaches."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from ssoplanner.web.glossary import TERMS, Term
from tests.access.urls import address
from tests.web.browsing import Page
from tests.world import World

NAMES = [term.name for term in TERMS]
# What the program office must be able to look up, whatever else there is.
EXPECTED = {
    "Agency",
    "Service",
    "Provision",
    "Baseline",
    "Capability",
    "Cost pool",
    "Driver",
    "SLA",
    "KPI",
    "Wave",
    "Benefit",
    "Heat map",
    "Gate",
    "Release",
}


def test_the_terms_of_the_field_are_there_once_each_and_in_order() -> None:
    assert len(TERMS) >= 30 and set(NAMES) >= EXPECTED
    assert sorted(NAMES, key=str.casefold) == NAMES
    assert len({term.anchor for term in TERMS}) == len(TERMS)


def test_each_term_is_explained_in_one_to_three_plain_sentences() -> None:
    odd = [
        term.name
        for term in TERMS
        if not 1 <= len(re.findall(r"[.]( |$)", term.plain)) <= 3 or not 30 < len(term.plain) < 260
    ]
    assert odd == []
    assert [term.name for term in TERMS if "[[" in term.plain or "|" in term.plain or "  " in term.text] == []


def test_every_link_leads_to_another_term() -> None:
    known = {name.casefold() for name in NAMES}
    links = [(term.name, link) for term in TERMS for link in term.links]
    assert len(links) > 40
    assert [pair for pair in links if pair[1].casefold() not in known or pair[1].casefold() == pair[0].casefold()] == []


def test_a_text_is_text_and_its_links_are_links() -> None:
    term = Term("X", "A <b> & a [[cost pool]], [[service|services]].")
    assert term.plain == "A <b> & a cost pool, services."
    assert term.html == 'A &lt;b&gt; &amp; a <a href="#cost-pool">cost pool</a>, <a href="#service">services</a>.'


@pytest.mark.django_db
def test_the_page_holds_each_term_and_its_anchor_and_needs_no_sign_in() -> None:
    page = Page(Client().get("/glossary/"))
    assert [term.name for term in TERMS if f'id="{term.anchor}"' not in page.html or term.html not in page.html] == []
    anchors = set(re.findall(r'id="([^"]+)"', page.html))
    assert set(re.findall(r'href="#([^"]+)"', page.html)) <= anchors
    assert len(re.findall(r'id="([^"]+)"', page.html)) == len(anchors)


@pytest.mark.django_db
def test_every_page_leads_to_the_glossary_and_in_a_plan_one_stays_there(world: World) -> None:
    client = world.client("viewer")
    inside = address("plan_glossary", world.here)
    for name in ("plan", "agencies", "plan_glossary"):
        assert ("href", inside) in Page(client.get(address(name, world.here))).addresses, name
    for path in ("/", "/account/", "/glossary/"):
        assert ("href", "/glossary/") in Page(client.get(path)).addresses, path
    assert "Plan here" in Page(client.get(inside)).text
