"""Who pays what, from the figures of two agencies to the page: who reads it, what it says, what a change touches."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from design.calc.fair_shares import METHODS
from design.method_texts import PREFERRED, TEXTS
from design.models import CostPool
from ssoplanner.core.models import Agency, Membership, Provision, Role
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.plans import new_plan
from tests.recompute.figures import change, counts, moved
from tests.world import BACKEND, COMMAND, PlanRows, make, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
PAGE, STEP = "/plans/here/costs/shares/", "/plans/here/steps/design.funding/"
FAIR, SERVICE = "design.fair_shares", "design.service_shares"


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    """Two agencies pay 1,000 each today for a service that will cost 1,200 a year; they use three units and one."""
    rows = make_plan("here")
    change(rows.provision, volume=3)
    change(rows.other_provision, volume=1)
    change(rows.cost_pool, service=rows.service)
    build_plan(rows.plan.pk)
    return rows


def client(rows: PlanRows, actor: str) -> Client:
    found = Client()
    found.force_login(rows.people[actor], backend=BACKEND)
    return found


def text(rows: PlanRows, actor: str = "board", path: str = PAGE) -> str:
    response = client(rows, actor).get(path)
    assert response.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


# --- What people read ------------------------------------------------------------------------------------------------


def test_every_method_has_its_words() -> None:
    assert set(TEXTS) == set(PREFERRED) == set(METHODS)


def test_the_page_says_who_wins_and_that_nobody_objects(rows: PlanRows) -> None:
    shown = text(rows)
    assert "Divided by the Shapley value: all 2 agencies pay less than today" in shown
    assert "and no group would do better on its own." in shown
    assert "To be divided in 2036 $1.2K" in shown
    assert "Less than today, all together $800 40 % of $2K" in shown
    assert f"{rows.own.name} $600 $1,000 $400 less $1,200 not known" in shown
    assert "Nobody: every group of agencies" in shown


def test_a_method_is_chosen_in_the_address(rows: PlanRows) -> None:
    shown = text(rows, path=f"{PAGE}?by=use")
    assert "Divided by use:" in shown
    assert f"{rows.own.name} $900 $1,000 $100 less" in shown
    assert "Divided by the Shapley value" in text(rows, path=f"{PAGE}?by=astrology")


def test_a_group_that_pays_too_much_is_named_with_its_amount(rows: PlanRows) -> None:
    make(CostPool, rows.plan, name="Units", kind="variable", amount=Decimal(300), first_year=2027, service=rows.service)
    build_plan(rows.plan.pk)
    # Of 2,400, half each; the small one alone would pay 1,200 + 300.
    assert "no group would do better" in text(rows, path=f"{PAGE}?by=equal")
    change(rows.cost_pool, amount=Decimal(100))
    build_plan(rows.plan.pk)
    shown = text(rows, path=f"{PAGE}?by=equal")
    small = rows.other.name
    assert f"{small} pays $250 more than on its own." in shown
    assert "but 1 group would do better on its own" in shown
    assert "it pays more than that" in shown


def test_a_method_that_lacks_a_figure_says_whose(rows: PlanRows) -> None:
    change(rows.own, headcount=10)
    change(rows.other, headcount=None)
    build_plan(rows.plan.pk)
    assert f"Not worked out: {rows.other.name} gives no headcount." in text(rows)
    change(rows.other, headcount=30)
    build_plan(rows.plan.pk)
    assert f"{rows.own.name} $300 $1,000" in text(rows, path=f"{PAGE}?by=headcount")


def test_leads_and_viewers_read_it_once_it_is_released(rows: PlanRows) -> None:
    for actor in ("lead", "viewer"):
        assert "Not released yet" in text(rows, actor) and "$" not in text(rows, actor)
        assert "shown here once the program office releases it" in text(rows, actor, STEP)
    make(Release, rows.plan, calculation=FAIR)
    assert "your agency" in text(rows, "lead")
    assert "your agency" not in text(rows, "viewer") and "$600" in text(rows, "viewer")


def test_an_empty_plan_and_one_without_volumes_say_what_is_missing(rows: PlanRows) -> None:
    empty = new_plan(name="Empty", actor=COMMAND, slug="empty")
    make(Membership, empty, user=rows.people["office"], role=Role.OFFICE)
    build_plan(empty.pk)
    assert "No cost of the shared organization is named yet." in text(rows, "office", "/plans/empty/costs/shares/")
    for row in Provision.objects.for_plan(rows.plan):
        change(row, volume=None)
    build_plan(rows.plan.pk)
    assert "No agency gives a volume of a service that has a cost." in text(rows)


def test_the_step_says_it_and_leads_there(rows: PlanRows) -> None:
    assert "Divided by the Shapley value" in text(rows, path=STEP)
    assert f'href="{PAGE}"' in client(rows, "board").get(STEP).content.decode()
    assert f'href="{PAGE}"' in client(rows, "board").get("/plans/here/costs/").content.decode()


def test_the_part_for_a_script_keeps_what_was_asked(rows: PlanRows) -> None:
    answer = client(rows, "board").get(f"{PAGE}?by=use", headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert 'id="fair-shares"' in shown and "<html" not in shown and f'hx-get="{PAGE}?by=use"' in shown


# --- What a change touches -------------------------------------------------------------------------------------------


def test_a_volume_rebuilds_its_service_and_no_other(rows: PlanRows) -> None:
    before = counts(rows.plan)
    change(rows.provision, volume=5)
    found = {key for key in moved(before, counts(rows.plan)) if key[0].startswith("design.")}
    assert (SERVICE, str(rows.service.pk)) in found and (FAIR, "") in found
    assert (SERVICE, str(rows.spare_service.pk)) not in found


def test_a_headcount_rebuilds_the_shares_alone_and_a_scale_exponent_the_service(rows: PlanRows) -> None:
    before = counts(rows.plan)
    change(rows.own, headcount=77)
    assert {key for key in moved(before, counts(rows.plan)) if key[0].startswith("design.")} == {(FAIR, "")}
    row = make(CostPool, rows.plan, name="Units", kind="variable", amount=1, first_year=2027, service=rows.service)
    build_plan(rows.plan.pk)
    before = counts(rows.plan)
    change(row, scale_exponent=Decimal("0.9"))
    assert set(moved(before, counts(rows.plan))) == {(SERVICE, str(rows.service.pk)), (FAIR, "")}


# --- Speed -----------------------------------------------------------------------------------------------------------


def test_more_agencies_take_no_more_queries_and_are_shown_in_pages(rows: PlanRows) -> None:
    asked, board = [], client(rows, "board")
    for turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            shown = board.get(PAGE).content.decode()
        asked.append(len(queries))
        for number in range(40):
            agency = make(Agency, rows.plan, code=f"N{turn}-{number}", name=f"Number {number} of {turn}")
            make(Provision, rows.plan, agency=agency, service=rows.service, fiscal_year=2026, volume=2)
        build_plan(rows.plan.pk)
    assert asked[1] <= asked[0] < 20
    assert shown.count("share-bar") == 30
    assert "No group at all pays more than" in shown
    assert "Worked out for up to 16 agencies; here are 42" in shown
