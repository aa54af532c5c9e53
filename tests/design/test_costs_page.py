"""The costs of the shared organization from the form to the figures: who sees what, and what is refused."""

from __future__ import annotations

import html
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from design.models import CostPool
from ssoplanner.core.models import Membership, Role
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Derived, Release
from ssoplanner.recompute.plans import new_plan
from tests.recompute.figures import change, counts, moved
from tests.world import BACKEND, COMMAND, PlanRows, canary, make, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
PAGE, NEW = "/plans/here/costs/", "/plans/here/costs/new/"
COST_PLAN = ("design.cost_plan", "")
TYPED = {
    "name": "Agents",
    "kind": "step",
    "amount": "285,000.50",
    "step_volume": "25,000",
    "scale_exponent": "1",
    "inflation": "2.5",
    "first_year": "2027",
    "spread_years": "1",
    "is_allowable": "on",
    "source": "Offer of May",
}


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    """Its service desk costs two agencies 1,000 each; a fixed cost of 1,200 a year from 2027 is named."""
    return make_plan("here")


def client(rows: PlanRows, actor: str) -> Client:
    found = Client()
    found.force_login(rows.people[actor], backend=BACKEND)
    return found


def text(rows: PlanRows, actor: str = "board", path: str = PAGE) -> str:
    response = client(rows, actor).get(path)
    assert response.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def payload(rows: PlanRows) -> Any:
    build_plan(rows.plan.pk)
    return json.loads(Derived.objects.get(plan=rows.plan, calculation=COST_PLAN[0]).result.payload)


# --- What people read ------------------------------------------------------------------------------------------------


def test_the_page_says_what_it_costs_beside_today(rows: PlanRows) -> None:
    change(rows.cost_pool, source="")
    build_plan(rows.plan.pk)
    shown = text(rows)
    assert "In 2036 the shared organization costs $1.2K: $800 less than the $2K that the same services cost" in shown
    assert "Charged 2027 to 2036 $12K" in shown
    assert canary("here-office") in shown and "Service desk Fixed $1,200 a year from 2027 $12,000" in shown
    assert "No source yet" in shown


def test_a_cost_typed_in_the_plans_format_counts(rows: PlanRows) -> None:
    change(rows.provision, volume=30_000)
    answer = client(rows, "analyst").post(NEW, TYPED | {"service": rows.service.pk})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    found = CostPool.objects.for_plan(rows.plan).get(name="Agents")
    assert (found.amount, found.step_volume, found.inflation) == (Decimal("285000.50"), 25_000, Decimal("0.025"))
    assert payload(rows)["charged"][1][0] == round(2 * 28_500_050 * Decimal("1.025"))


def test_leads_and_viewers_read_totals_once_they_are_released_and_never_a_single_cost(rows: PlanRows) -> None:
    build_plan(rows.plan.pk)
    for actor in ("lead", "viewer"):
        assert "Not released yet" in text(rows, actor) and "$" not in text(rows, actor)
    make(Release, rows.plan, calculation=COST_PLAN[0])
    trace = reverse("trace", kwargs={"slug": "here", "calculation": COST_PLAN[0]})
    for actor in ("lead", "viewer"):
        shown = text(rows, actor) + text(rows, actor, trace)
        assert "the shared organization costs" in shown and canary("here-office") not in shown
    assert canary("here-office") in text(rows, "board", trace)


def test_an_empty_plan_says_what_to_do(rows: PlanRows) -> None:
    empty = new_plan(name="Empty", actor=COMMAND, slug="empty")
    make(Membership, empty, user=rows.people["office"], role=Role.OFFICE)
    build_plan(empty.pk)
    shown = text(rows, "office", "/plans/empty/costs/")
    assert "No costs yet" in shown and "Add a cost" in shown
    step = text(rows, "office", "/plans/empty/steps/design.funding/")
    assert "No cost of the shared organization is named yet." in step


def test_the_part_for_a_script_has_the_figures_alone(rows: PlanRows) -> None:
    build_plan(rows.plan.pk)
    answer = client(rows, "board").get(PAGE, headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert 'id="cost-plan"' in shown and "<html" not in shown and canary("here-office") not in shown


def test_the_step_says_what_it_costs_and_leads_there(rows: PlanRows) -> None:
    build_plan(rows.plan.pk)
    path = "/plans/here/steps/design.funding/"
    assert "In 2036 the shared organization costs $1.2K" in text(rows, "board", path)
    assert f'href="{PAGE}"' in client(rows, "board").get(path).content.decode()
    assert "once the program office releases it" in text(rows, "lead", path)


# --- What a change touches -------------------------------------------------------------------------------------------


def test_a_change_counts_where_it_matters_and_a_name_nowhere(rows: PlanRows) -> None:
    build_plan(rows.plan.pk)
    pool = CostPool.objects.for_plan(rows.plan).get()
    before = counts(rows.plan)
    change(pool, name="Another", source="A contract", unallowable_reason="x", scale_exponent=1)
    assert moved(before, counts(rows.plan)) == {}
    change(pool, amount=Decimal(7))
    shares = {("design.service_shares", str(pool.service_id)): 1, ("design.fair_shares", ""): 1}
    assert moved(before, counts(rows.plan)) == {COST_PLAN: 1, **shares}


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"service": ""}, "A cost that grows with volume belongs to a service. Choose which."),
        ({"step_volume": ""}, "Say how many units of the service one step is enough for, such as 50,000."),
        ({"step_volume": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"scale_exponent": "0.9"}, "Only a variable cost has a scale exponent. Leave it at 1."),
        ({"kind": "variable", "scale_exponent": "1.2"}, "Ensure this value is less than or equal to 1."),
        ({"last_year": "2026"}, "It ends before it begins. Give 2027 or later, or leave it empty."),
        ({"is_allowable": ""}, "Say why it may not be charged to federal awards, with the rule if you can."),
        ({"amount": "-5"}, "Ensure this value is greater than or equal to 0."),
        ({"amount": "much"}, "Give a number, such as 1,200.50."),
        ({"kind": ""}, "Choose how it behaves."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_wrong_cost_is_refused_beside_its_field_and_nothing_typed_is_lost(
    rows: PlanRows, typed: dict[str, str], said: str
) -> None:
    answer = client(rows, "analyst").post(NEW, {**TYPED, "service": str(rows.service.pk), **typed})
    shown = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and said in shown
    assert 'value="Offer of May"' in shown
    assert CostPool.objects.for_plan(rows.plan).count() == 1


def test_a_service_with_a_cost_is_not_removed(rows: PlanRows) -> None:
    shown = text(rows, "office", reverse("service_delete", kwargs={"slug": "here", "service_id": rows.service.pk}))
    assert "cost pool" in shown


# --- Speed -----------------------------------------------------------------------------------------------------------


def test_more_costs_take_no_more_queries(rows: PlanRows) -> None:
    build_plan(rows.plan.pk)
    asked, analyst = [], client(rows, "analyst")
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            analyst.get(PAGE)
        asked.append(len(queries))
        for number in range(40):
            make(CostPool, rows.plan, name=f"N{number}", kind="fixed", amount=1, first_year=2027, service=rows.service)
        build_plan(rows.plan.pk)
    assert asked[1] <= asked[0] < 20
