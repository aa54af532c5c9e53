"""What a real plan begins with, and the library of benchmarks for a plan that was there before."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from ssoplanner.core.models import AuditEvent, Benchmark, Kpi, Plan
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import delete
from ssoplanner.starter.benchmarks import LIBRARY, add_library
from ssoplanner.starter.kpis import KPIS, add_starter_kpis
from ssoplanner.starter.plans import start_plan
from tests.recompute.figures import counts
from tests.world import COMMAND, make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
GOALS = {
    "it_cost": 900,
    "help_desk_fte": 1,
    "duplicates": 3,
    "sla": 90,
    "resolution": 24,
    "sop": 85,
    "migrated": 80,
    "automated": 50,
    "dashboard": 90,
    "staffing": 100,
}


@pytest.fixture
def plan() -> Plan:
    return start_plan(name="Real", actor=COMMAND, base_year=2025)


def test_a_new_plan_has_the_ten_metrics_as_kpis_with_illustrative_goals(plan: Plan) -> None:
    kpis = Kpi.objects.for_plan(plan)
    assert {kpi.metric: kpi.target for kpi in kpis} == GOALS
    assert all("Illustrative starter goal" in kpi.method and "illustrative" in kpi.source for kpi in kpis)
    desk = kpis.get(metric="help_desk_fte")
    assert (desk.code, desk.unit, desk.direction, desk.area) == ("C2", "FTE per 1,000 users", "lower", "cost")
    assert (desk.in_people, desk.in_technology) == (True, False)


def test_owner_baseline_and_due_date_are_left_to_people_and_flagged(plan: Plan) -> None:
    for kpi in Kpi.objects.for_plan(plan):
        assert kpi.missing() == ["owner", "baseline"], kpi
        assert kpi.target_date is None


def test_a_goal_in_another_currency_is_left_open() -> None:
    kpi = Kpi.objects.for_plan(start_plan(name="Euro", actor=COMMAND, currency="EUR")).get(metric="it_cost")
    assert kpi.target is None
    assert "900 US dollars" in kpi.method
    assert kpi.missing() == ["owner", "baseline", "target"]


def test_a_new_plan_has_the_whole_library(plan: Plan) -> None:
    held = {row.library: row for row in Benchmark.objects.for_plan(plan)}
    assert held.keys() == {one.library for one in LIBRARY}
    invoices = held["apqc-invoices-per-fte"]
    assert (invoices.p25, invoices.p50, invoices.p75) == (Decimal(6488), None, Decimal(20964))
    assert (invoices.year, invoices.measure, invoices.subject) == (2023, "volume_per_fte", "accounts-payable")


def test_all_that_a_plan_begins_with_is_one_change_and_three_lines_of_history(plan: Plan) -> None:
    labels = AuditEvent.objects.for_plan(plan).order_by("pk").values_list("row_label", flat=True)
    assert list(labels) == ["Real", "starter KPIs", "benchmarks from the library"]
    assert set(counts(plan).values()) == {1}


def test_the_settings_of_the_plan_are_taken(plan: Plan) -> None:
    assert (plan.base_year, plan.slug) == (2025, "real")


def test_the_command_for_a_first_plan_begins_with_them_too() -> None:
    call_command("create_plan", "First", office="olga@example.gov", stdout=StringIO())
    first = Plan.objects.get(name="First")
    assert (first.kpis.count(), first.benchmarks.count()) == (len(KPIS), len(LIBRARY))


def test_an_old_plan_gets_only_what_it_lacks(plan: Plan) -> None:
    removed = Benchmark.objects.for_plan(plan).get(library="mercer-2003-it")
    delete(removed, actor=COMMAND, version=0)

    added = add_library(plan, COMMAND)

    assert [row.library for row in added] == ["mercer-2003-it"]
    assert add_library(plan, COMMAND) == []
    assert len(add_library(new_plan(name="Old", actor=COMMAND), COMMAND)) == len(LIBRARY)


def test_starter_kpis_come_once_and_beside_ones_own() -> None:
    old = new_plan(name="Old", actor=COMMAND)
    make(Kpi, old, code="C1", name="Own", unit="hours", area="cost")
    assert [kpi.code for kpi in add_starter_kpis(old, COMMAND)][:2] == ["C1-2", "C2"]
    assert add_starter_kpis(old, COMMAND) == []
