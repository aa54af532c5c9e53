"""The current state as people see it: on the home page and on its own page, by role and by state of the result."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Agency, Membership, Plan, Provision, Role
from ssoplanner.recompute import clock
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Derived, Release, Result
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import bulk_load, create, update
from tests.world import BACKEND, COMMAND, PlanRows, canary, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
HOME, PAGE = "/plans/here/", "/plans/here/current-state/"
NOT_RELEASED = "once the program office releases them"


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    """Two agencies that provide one service for 1,000 each; every figure is built."""
    rows = make_plan("here")
    build_plan(rows.plan.pk)
    return rows


def text(rows: PlanRows, actor: str, path: str, **headers: str) -> str:
    response = client(rows, actor).get(path, headers=headers)
    assert response.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def client(rows: PlanRows, actor: str) -> Client:
    browser = Client()
    browser.force_login(rows.people[actor], backend=BACKEND)
    return browser


def set_cost(rows: PlanRows, cost: int) -> None:
    row = Provision.objects.for_plan(rows.plan).get(pk=rows.provision.pk)
    update(row, actor=COMMAND, version=row.version, values={"annual_cost": Decimal(cost)})


def release(rows: PlanRows, calculation: str = "assess.current_state") -> None:
    create(Release, plan=rows.plan, actor=COMMAND, values={"calculation": calculation})


@pytest.mark.parametrize("actor", ["office", "board", "analyst"])
@pytest.mark.parametrize("path", [HOME, PAGE])
def test_totals_and_metrics_stand_there(rows: PlanRows, actor: str, path: str) -> None:
    page = text(rows, actor, path)

    assert "$2,000 for the services with figures" in page
    assert "3.0 full-time equivalents" in page
    assert "70.0 %" in page  # 14 of 20 targets
    assert "2 of 2 2 provisions" in page
    assert "Current, computed" in page


def test_each_metric_says_how_it_is_computed_and_from_what(rows: PlanRows) -> None:
    page = text(rows, "board", PAGE)

    assert "Service targets met, divided by service targets in all. 14 targets met / 20 targets in all = 70.0 %" in page
    assert "0.5 sum of shares / 2 provisions where it is known = 25.0 %" in page
    assert page.count("How is this computed?") == 9 + 2  # each metric, the totals, the staffing


def test_the_measures_are_those_of_the_pillar_that_is_asked_for(rows: PlanRows) -> None:
    everything, people = text(rows, "board", PAGE), text(rows, "board", f"{PAGE}?pillar=people")

    assert "All measures 9" in everything and "Average SLA compliance rate" in everything
    assert "Help desk FTEs per 1,000 end users" in people and "Average SLA compliance rate" not in people
    assert text(rows, "board", f"{PAGE}?pillar=none").count("How is this computed?") == everything.count(
        "How is this computed?"
    )


def test_leads_see_their_own_agency_and_the_plan_once_it_is_released(rows: PlanRows) -> None:
    before = text(rows, "lead", HOME)
    release(rows)
    after = text(rows, "lead", HOME)

    assert NOT_RELEASED in before
    assert "$2,000" not in before
    assert "Agency own here $1,000 1.5" in before
    assert "Agency other here $1,000" not in before + after
    assert "$2,000 for the services with figures" in after


def test_viewers_see_nothing_until_it_is_released(rows: PlanRows) -> None:
    before = text(rows, "viewer", HOME) + text(rows, "viewer", PAGE)
    release(rows)
    release(rows, "assess.service_state")
    after = text(rows, "viewer", PAGE)

    assert NOT_RELEASED in before
    assert "$" not in before
    assert "$2,000 for the services with figures" in after
    assert "By service" in after
    assert "By agency" not in after


def test_leads_find_only_their_own_agency_on_the_page(rows: PlanRows) -> None:
    release(rows)

    page = text(rows, "lead", PAGE)

    assert "By agency" in page
    assert "Agency own here" in page
    assert "Agency other here" not in page


def test_no_stored_result_holds_what_somebody_wrote(rows: PlanRows) -> None:
    stored = "".join(Result.objects.values_list("payload", flat=True))

    assert stored
    assert [owner for owner in ("own", "other", "plan", "office") if canary(f"here-{owner}") in stored] == []


def test_after_a_save_the_old_figures_stay_and_say_so(rows: PlanRows) -> None:
    set_cost(rows, 5_000)

    waiting = text(rows, "board", HOME)
    build_plan(rows.plan.pk)

    assert "Being computed after a change. The figures below are those of" in waiting
    assert "$2,000" in waiting
    assert "$6,000" in text(rows, "board", HOME)


def test_when_no_worker_answers_the_page_says_so(rows: PlanRows) -> None:
    set_cost(rows, 5_000)
    Derived.objects.filter(calculation="assess.current_state").update(dirty_since=clock.now() - timedelta(seconds=31))

    assert "no worker answers" in text(rows, "board", HOME)


def test_a_failure_is_a_plain_sentence(rows: PlanRows) -> None:
    set_cost(rows, 5_000)
    failed = Derived.objects.filter(calculation="assess.current_state")
    failed.update(attempts=3, last_error="ZeroDivisionError: division by zero")

    page = text(rows, "board", HOME)

    assert "It could not be computed; it is tried again by itself. The figures below are those of" in page
    assert "ZeroDivisionError" not in page


@pytest.fixture
def empty() -> tuple[Plan, Client]:
    """A plan with nobody but its program office."""
    rows = make_plan("there")
    plan = new_plan(name="Empty", slug="empty", actor=COMMAND)
    office = rows.people["office"]
    create(Membership, plan=plan, actor=COMMAND, values={"user": office, "role": Role.OFFICE, "agencies": []})
    browser = Client()
    browser.force_login(office, backend=BACKEND)
    return plan, browser


def test_an_empty_plan_says_what_is_missing_and_links_there(empty: tuple[Plan, Client]) -> None:
    plan, browser = empty
    before = browser.get("/plans/empty/").content.decode()

    build_plan(plan.pk)

    page = browser.get("/plans/empty/").content.decode()
    assert "Being computed after a change." in before
    assert "No agency takes part yet. Add the agencies first." in page
    assert "How to begin" in page
    assert page.count('href="/plans/empty/agencies/"') >= 2
    assert browser.get("/plans/empty/current-state/").status_code == 200


def test_the_part_that_is_loaded_anew_is_the_one_in_the_page(rows: PlanRows) -> None:
    browser = client(rows, "board")
    whole = browser.get(HOME).content.decode()
    part = browser.get(f"{PAGE}summary/", headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div id="current-state"')
    assert "<html" not in part
    assert " ".join(part.split()) in " ".join(whole.split())


def test_the_page_itself_gives_its_part_to_htmx(rows: PlanRows) -> None:
    part = client(rows, "board").get(PAGE, headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div id="current-state"')
    assert "By service" in part


@pytest.mark.parametrize("path", [HOME, PAGE, f"{PAGE}summary/"])
def test_a_larger_plan_costs_no_more_queries(rows: PlanRows, path: str) -> None:
    browser = client(rows, "board")
    small = count(browser, path)
    more = [{"code": f"A{number}", "name": f"Agency {number}"} for number in range(40)]
    made = bulk_load(Agency, plan=rows.plan, actor=COMMAND, rows=more, label="agencies")
    provided = [{"agency": agency, "service": rows.spare_service, "fiscal_year": 2026, "fte": 1} for agency in made]
    bulk_load(Provision, plan=rows.plan, actor=COMMAND, rows=provided, label="provisions")
    build_plan(rows.plan.pk)

    assert count(browser, path) <= small  # less where the latest changes name fewer rows that have to be looked up


def count(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)
