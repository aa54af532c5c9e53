"""The page of components: for developers only, and complete."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from bootstrap import ROOT
from ssoplanner.core.models import AgencyStatus
from ssoplanner.steps.models import DecisionState, StepStatus
from ssoplanner.web.tasks.lines import State
from ssoplanner.web.views.components import figure_states
from tests.web.browsing import Page
from tests.world import ACTORS, World

FOLDER = ROOT / "templates" / "components"
ELSEWHERE = {
    "_bar": "stands above every page",
    "_crumbs": "stand above it",
    "_head": "is not seen",
    "_kept_form": "sends a form once more; see test_row_forms.py",
    "_live": "is not seen",
    "_logo": "stands in the bar",
    "_passkey_problem": "hidden until a passkey was not used; see test_passkey.py",
    "_plain_fields": "fields as in any form, with the labels of the sign-in library",
    "_shortcuts": "hidden until ? is pressed; see test_shortcuts.py",
    "_side": "needs a plan",
    "_stale_note": "hidden until figures change; see test_live.py",
}


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS)
def test_nobody_sees_it_outside_debug_mode(world: World, actor: str) -> None:
    assert world.client(actor).get("/components/").status_code == 404


@pytest.mark.django_db
def test_in_debug_mode_it_shows_and_reads_nothing(settings: Any, django_assert_num_queries: Any) -> None:
    settings.DEBUG = True
    client = Client()
    with django_assert_num_queries(0):
        page = Page(client.get("/components/"))
    assert "What pages are made of" in page.text


def test_every_component_stands_on_it_or_says_why_not() -> None:
    shown = included("templates/web/components.html")
    names = {path.stem for path in FOLDER.glob("*.html")}
    assert names - shown == ELSEWHERE.keys()
    assert len(names) > 25


def included(path: str) -> set[str]:
    """The components that a template includes, and those that they include in turn."""
    names = set(re.findall(r'include "components/(\w+)\.html"', (ROOT / path).read_text(encoding="utf-8")))
    return names.union(*(included(f"templates/components/{name}.html") for name in names))


@pytest.mark.django_db
def test_every_state_of_a_component_is_seen(settings: Any) -> None:
    settings.DEBUG = True
    page = Page(Client().get("/components/"))
    classes = {name for value in re.findall(r'class="([^"]+)"', page.html) for name in value.split()}
    wanted = {f"mark-{status}" for status in StepStatus.values} | {f"ladder-{status}" for status in AgencyStatus.values}
    wanted |= {f"task-{state.key}" for state in State}
    wanted |= {f"message-{level}" for level in ("success", "info", "warning", "error")}
    wanted |= {
        "panel-warning",
        "panel-error",
        "empty",
        "conflict",
        "field-invalid",
        "error-summary",
        "share",
        "missing",
    }
    assert wanted - classes == set()
    assert [name for name, state in figure_states() if state.text not in page.text] == []
    assert {state.tone for _, state in figure_states()} == {"complete", "on_track", "late", "upcoming", "critical"}
    ids = re.findall(r' id="([^"]+)"', page.html)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.django_db
def test_its_long_table_can_be_searched_and_sorted(settings: Any) -> None:
    settings.DEBUG = True
    found = Page(Client().get("/components/", {"examples-search": "water"})).text
    assert "1 of 5 found." in found and "Transportation" not in found
    largest = Page(Client().get("/components/", {"examples-sort": "headcount"})).text
    assert largest.index("Health A note") < largest.index("Revenue A note") < largest.index("Parks A note")


@pytest.mark.django_db
def test_every_state_of_a_step_and_of_a_decision_stands_on_it(settings: Any) -> None:
    settings.DEBUG = True
    text = Page(Client().get("/components/")).text

    steps = text.split("Gates and decisions")[0].rsplit("Steps", 1)[1]
    decisions = text.split("Gates and decisions")[1].split("A chart with")[0]
    assert [status.label for status in StepStatus if str(status.label) not in steps] == []
    assert [state.label for state in DecisionState if str(state.label) not in decisions] == []
    assert all(words in steps for words in ("overdue", "waiting for", "left the plan", "no owner"))
    assert all(words in decisions for words in ("overdue", "All 2 conditions are met", "not met yet, 2 of 3"))
