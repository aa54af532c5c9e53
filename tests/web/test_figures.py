"""The program office's page about figures and workers."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from ssoplanner.core.models import AuditEvent
from ssoplanner.recompute import clock
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.models import Derived, Release, Worker
from ssoplanner.recompute.writer import update
from tests.world import BACKEND, COMMAND, PlanRows, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
PAGE = "/plans/here/figures/"


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    rows = make_plan("here")
    build_plan(rows.plan.pk)
    build_slow_ones(rows)
    return rows


def build_slow_ones(rows: PlanRows) -> None:
    """Without the seconds that they wait for more changes."""
    Derived.objects.filter(plan=rows.plan).update(not_before=clock.now())
    build_plan(rows.plan.pk, Lane.SLOW)


@pytest.fixture
def office(rows: PlanRows) -> Client:
    browser = Client()
    browser.force_login(rows.people["office"], backend=BACKEND)
    return browser


def text(browser: Client, **headers: str) -> str:
    page = browser.get(PAGE, headers=headers).content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def make_stale(rows: PlanRows) -> None:
    update(rows.provision, actor=COMMAND, version=1, values={"annual_cost": Decimal(9)})


def fail(rows: PlanRows, sentence: str) -> None:
    make_stale(rows)
    later = clock.now() + timedelta(seconds=200)
    Derived.objects.filter(calculation="assess.agency_state", partition=str(rows.own.pk)).update(
        attempts=4, last_error=sentence, not_before=later
    )


def test_when_all_is_well_it_says_so(office: Client) -> None:
    Worker.objects.create(name="machine:17", started_at=clock.now(), seen_at=clock.now())

    page = text(office)

    assert "Current 26 Being computed 0 Waiting 0 Failed 0 Workers that answer 1" in page
    assert "Every figure of the plan is current." in page
    assert "machine:17 Answers" in page


def test_what_waits_is_listed_with_its_name_and_since_when(rows: PlanRows, office: Client) -> None:
    make_stale(rows)

    page = text(office)

    assert "Current 15 Being computed 0 Waiting 11" in page
    assert "Current state of an agency Agency own here Waiting" in page
    assert "Current state of a service Service desk Waiting" in page
    assert "No worker answers." in page
    assert "nothing is computed until one is started" in page


def test_a_worker_that_was_not_seen_lately_is_silent(office: Client) -> None:
    long_ago = clock.now() - timedelta(minutes=2)
    Worker.objects.create(name="machine:18", started_at=long_ago, seen_at=long_ago)

    page = text(office)

    assert "machine:18 Silent" in page
    assert "Workers that answer 0" in page


def test_a_failure_says_why_and_can_be_tried_again(rows: PlanRows, office: Client) -> None:
    fail(rows, "ZeroDivisionError: division by zero")
    before = text(office)

    response = office.post(PAGE, follow=True)

    assert "Failed 1" in before
    assert "It could not be computed and is tried again. ZeroDivisionError: division by zero" in before
    assert "The failed result is tried again now." in response.content.decode()
    assert build_plan(rows.plan.pk) == 10
    build_slow_ones(rows)
    assert "Every figure of the plan is current." in text(office)


def test_without_failures_there_is_nothing_to_try_again(office: Client) -> None:
    assert "Try the failed ones again" not in text(office)
    assert "No result has failed." in office.post(PAGE, follow=True).content.decode()


def test_another_plans_failures_are_left_alone(rows: PlanRows, office: Client) -> None:
    other = make_plan("there")
    Derived.objects.filter(plan=other.plan).update(attempts=2)

    office.post(PAGE)

    assert not Derived.objects.filter(plan=other.plan, attempts=0).exists()
    assert "Agency own there" not in text(office)


def test_htmx_gets_only_the_part_that_changes(office: Client) -> None:
    part = office.get(PAGE, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert "Workers that answer" in part
    assert "Who sees the results" not in part


def test_a_result_is_released_and_withdrawn_with_its_history(rows: PlanRows, office: Client) -> None:
    said = office.post("/plans/here/figures/release/", {"calculation": "assess.current_state"}, follow=True)
    released = Release.objects.for_plan(rows.plan).count()
    office.post("/plans/here/figures/release/", {"calculation": "assess.current_state", "withdraw": "1"})

    assert "every member of the plan sees it now" in said.content.decode()
    assert released == 1
    assert not Release.objects.for_plan(rows.plan).exists()
    events = AuditEvent.objects.for_plan(rows.plan).filter(model="release").values_list("action", "user__email")
    assert sorted(events) == [("create", "office@here.example.gov"), ("delete", "office@here.example.gov")]


@pytest.mark.parametrize("calculation", ["assess.agency_state", "nonsense", ""])
def test_what_is_not_for_everybody_cannot_be_released(rows: PlanRows, office: Client, calculation: str) -> None:
    response = office.post("/plans/here/figures/release/", {"calculation": calculation}, follow=True)

    assert "There is no such result to release." in response.content.decode()
    assert not Release.objects.for_plan(rows.plan).exists()


def test_releasing_twice_or_withdrawing_nothing_changes_nothing(rows: PlanRows, office: Client) -> None:
    path = "/plans/here/figures/release/"
    office.post(path, {"calculation": "assess.current_state", "withdraw": "1"})
    office.post(path, {"calculation": "assess.current_state"})
    office.post(path, {"calculation": "assess.current_state"})

    assert Release.objects.for_plan(rows.plan).count() == 1
    assert AuditEvent.objects.for_plan(rows.plan).filter(model="release").count() == 1
