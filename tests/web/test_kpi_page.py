"""The KPI page: where each KPI stands, what it lacks, and the current value taken as the baseline."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ssoplanner.core.models import AuditEvent, Kpi
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.writer import bulk_load, create, update
from ssoplanner.starter.kpis import add_starter_kpis
from tests.recompute.figures import change
from tests.web.browsing import Page, now, opened, save
from tests.world import BACKEND, COMMAND, PlanRows, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
PAGE = "/plans/here/kpis/"


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    """14 of 20 service targets met, $2,000 for 200 IT users; every figure is built."""
    rows = make_plan("here")
    add_starter_kpis(rows.plan, COMMAND)
    change(rows.own, end_users=200)
    build_plan(rows.plan.pk)
    return rows


def client(rows: PlanRows, actor: str = "office") -> Client:
    browser = Client()
    browser.force_login(rows.people[actor], backend=BACKEND)
    return browser


def kpi(rows: PlanRows, metric: str) -> Kpi:
    found: Kpi = Kpi.objects.for_plan(rows.plan).get(metric=metric)
    return found


def row(rows: PlanRows, name: str, actor: str = "office") -> str:
    """What the page says of one KPI."""
    text = Page(client(rows, actor).get(PAGE)).text
    assert name in text
    return text.partition(name)[2].partition("Missing" if name == "K1" else " better ")[2][:160]


def take(rows: PlanRows, metric: str, **sent: Any) -> str:
    """What the office reads after it took the current value as the baseline."""
    found = kpi(rows, metric)
    path = reverse("kpi_baseline", kwargs={"slug": "here", "kpi_id": found.pk})
    answer = client(rows).post(path, {"version": found.version, **sent}, follow=True)
    return Page(answer).text


# --- Where it stands ------------------------------------------------------------------------------------------------


def test_current_values_stand_in_their_unit_with_where_they_come_from(rows: PlanRows) -> None:
    assert (
        "70 % from 2 agencies How computed Take as baseline : Average SLA compliance rate not given 90 % illustrative"
        in row(rows, "Average SLA compliance rate")
    )
    assert "25 % from 2 agencies" in row(rows, "Workflows automated")
    assert "$5 from 1 agency" in row(rows, "IT service delivery cost per user a year")
    assert "15 from 1 agency" not in row(rows, "Average Tier 1 ticket resolution time")
    assert "no figures yet not given 24" in row(rows, "Average Tier 1 ticket resolution time")
    assert "0 % from 2 agencies" in row(rows, "Function-based staffing alignment (FTE per volume)")
    assert "Current, computed" in Page(client(rows).get(PAGE)).text


def test_money_is_in_the_plans_currency_and_shares_in_per_cent(rows: PlanRows) -> None:
    change(rows.plan, currency="EUR", locale="de_DE")
    change(kpi(rows, "it_cost"), baseline=Decimal("1200"), target=Decimal("950.5"))
    change(kpi(rows, "sla"), baseline=Decimal("62.5"))
    assert "1.200 € 950,50 €" in row(rows, "IT service delivery cost per user a year")
    assert "62,5 % 90 %" in row(rows, "Average SLA compliance rate")


def test_what_is_missing_is_flagged_and_a_goal_without_a_date_is_only_illustrative(rows: PlanRows) -> None:
    page = Page(client(rows).get(PAGE)).text
    assert page.count("Missing: owner, baseline") == 11
    assert page.count("illustrative") == 10
    values = {"owner": rows.people["board"], "baseline": 75, "target_date": "2029-06-30"}
    change(kpi(rows, "sla"), **values)
    after = Page(client(rows).get(PAGE)).text
    assert (after.count("Missing: owner, baseline"), after.count("illustrative")) == (10, 9)
    assert "75 % 90 % Jun 30, 2029 board of here" in row(rows, "Average SLA compliance rate")


def test_a_kpi_of_ones_own_has_no_current_value(rows: PlanRows) -> None:
    assert "– not given not given not given nobody yet" in row(rows, "K1")


def test_leads_and_viewers_see_current_values_once_they_are_released(rows: PlanRows) -> None:
    before = [Page(client(rows, actor).get(PAGE)).text for actor in ("lead", "viewer")]
    create(Release, plan=rows.plan, actor=COMMAND, values={"calculation": "assess.current_state"})
    after = [Page(client(rows, actor).get(PAGE)).text for actor in ("lead", "viewer")]
    assert all("once the program office releases" in page and "70 %" not in page for page in before)
    assert all("70 % from 2 agencies" in page and "Take as baseline" not in page for page in after)


def test_after_a_change_the_old_value_stays_and_cannot_be_taken(rows: PlanRows) -> None:
    change(rows.provision, sla_met=9)
    page = Page(client(rows).get(PAGE)).text
    assert "Being computed after a change." in page
    assert "70 % from 2 agencies How computed not given" in page
    assert "is being computed after a change" in take(rows, "sla", shown="70.0")
    assert kpi(rows, "sla").baseline is None


def test_the_part_that_is_loaded_anew_is_the_one_in_the_page(rows: PlanRows) -> None:
    part = client(rows, "board").get(PAGE, headers={"HX-Request": "true"}).content.decode()
    whole = client(rows, "board").get(PAGE).content.decode()
    assert part.startswith('<div id="kpi-list"')
    assert "<html" not in part
    assert " ".join(part.split()) in " ".join(whole.split())


def test_many_kpis_take_as_many_queries_as_a_few(rows: PlanRows) -> None:
    small = queries(rows)
    more = [{"code": f"N{n}", "name": f"N{n}", "unit": "x", "area": "cost", "metric": "sla"} for n in range(40)]
    bulk_load(Kpi, plan=rows.plan, actor=COMMAND, rows=more, label="KPIs")
    assert queries(rows) == small


def queries(rows: PlanRows) -> int:
    browser = client(rows)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(PAGE).status_code == 200
    return len(captured)


# --- The baseline ---------------------------------------------------------------------------------------------------


def test_the_current_value_becomes_the_baseline_and_the_source_says_when(rows: PlanRows) -> None:
    said = take(rows, "sla", shown="70.0")
    taken = kpi(rows, "sla")
    assert "The baseline of Average SLA compliance rate is 70 %." in said
    assert (taken.baseline, taken.version) == (Decimal(70), 1)
    assert taken.source.startswith("Computed from the plan’s provisions and registers.")
    assert " Baseline computed from fiscal year 2026, taken on " in taken.source
    event = AuditEvent.objects.for_plan(rows.plan).filter(model="kpi", row_id=taken.pk).get()
    assert (event.user, event.after["baseline"]) == (rows.people["office"], "70")


def test_it_can_be_taken_anew_and_the_source_keeps_one_note(rows: PlanRows) -> None:
    take(rows, "sla", shown="70.0")
    change(rows.provision, sla_met=9)
    build_plan(rows.plan.pk)
    assert "Replace the baseline" in row(rows, "Average SLA compliance rate")
    take(rows, "sla", shown="80.0")
    taken = kpi(rows, "sla")
    assert taken.baseline == 80
    assert taken.source.count("Baseline computed from") == 1
    assert "the baseline" not in row(rows, "Average SLA compliance rate")


def test_a_long_source_is_shortened_for_the_note(rows: PlanRows) -> None:
    change(kpi(rows, "sla"), source="x" * 200)
    take(rows, "sla", shown="70.0")
    taken = kpi(rows, "sla")
    assert "x… Baseline computed from" in taken.source
    assert len(taken.source) <= 200


@pytest.mark.parametrize(
    ("metric", "sent", "reason"),
    [
        ("sla", {"shown": "69.0"}, "The current value changed meanwhile."),
        ("sla", {}, "The current value changed meanwhile."),
        ("resolution", {"shown": "1"}, "has no current value in its unit"),
    ],
)
def test_what_the_person_did_not_see_is_not_taken(
    rows: PlanRows, metric: str, sent: dict[str, str], reason: str
) -> None:
    assert reason in take(rows, metric, **sent)
    assert kpi(rows, metric).baseline is None


def test_a_baseline_that_somebody_gave_meanwhile_stays(rows: PlanRows) -> None:
    seen = kpi(rows, "sla")
    change(seen, baseline=75)
    assert "was changed meanwhile" in take(rows, "sla", shown="70.0", version=seen.version)
    assert kpi(rows, "sla").baseline == 75


def test_in_another_unit_the_value_is_shown_and_not_taken(rows: PlanRows) -> None:
    change(kpi(rows, "sla"), unit="share 0-1")
    said = row(rows, "Average SLA compliance rate")
    assert "70 % from 2 agencies How computed computed in another unit not given 90" in said
    assert "has no current value in its unit" in take(rows, "sla", shown="70.0")


def test_the_form_keeps_the_unit_of_a_computed_kpi(rows: PlanRows) -> None:
    found, own = kpi(rows, "it_cost"), rows.kpi
    browser, form = client(rows), reverse("kpi_edit", kwargs={"slug": "here", "kpi_id": found.pk})
    assert "because the current value is computed in it" in Page(browser.get(form)).text
    save(browser, form, {**opened(browser, form), "unit": ["cents"]}, name="Renamed")
    save(browser, reverse("kpi_edit", kwargs={"slug": "here", "kpi_id": own.pk}), unit="days")
    assert (now(found).name, now(found).unit, now(own).unit) == ("Renamed", "per user a year", "days")
    assert "Baseline in USD" in Page(browser.get(form)).text


def test_a_pillar_of_the_address_shows_its_kpis_alone(rows: PlanRows) -> None:
    pillars = ("people", "process", "technology", "governance")
    for pillar in pillars:
        page = Page(client(rows, "viewer").get(PAGE, {"pillar": pillar}))
        for one in Kpi.objects.for_plan(rows.plan):
            assert (one.name in page.text) == getattr(one, f"in_{pillar}"), (pillar, one.name)
        [chosen] = re.findall(r'<a href="([^"]+)"\s+aria-current="true"', page.html)
        assert chosen == f"{PAGE}?pillar={pillar}"
        count = Kpi.objects.for_plan(rows.plan).filter(**{f"in_{pillar}": True}).count()
        assert f"{pillar.capitalize()} {count}" in page.text
        # What a script loads anew is the same pillar's.
        assert f'hx-get="{PAGE}?pillar={pillar}"' in page.html


def test_an_unknown_pillar_is_ignored_and_an_empty_one_says_so(rows: PlanRows) -> None:
    plain = Page(client(rows).get(PAGE)).text
    assert Page(client(rows).get(PAGE, {"pillar": "money"})).text == plain
    for one in Kpi.objects.for_plan(rows.plan).filter(in_people=True):
        update(one, actor=COMMAND, version=one.version, values={"in_people": False})
    page = Page(client(rows).get(PAGE, {"pillar": "people"}))
    assert "No KPI belongs to this pillar." in page.text and "People 0" in page.text
    assert "Add a KPI" in page.text and "No KPIs yet" not in page.text


def test_the_part_that_a_script_loads_is_that_of_the_pillar(rows: PlanRows) -> None:
    part = client(rows).get(PAGE, {"pillar": "people"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="kpi-list"')
    for one in Kpi.objects.for_plan(rows.plan):
        assert (one.name in part) == one.in_people, one.name
