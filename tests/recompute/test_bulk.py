"""Many rows changed at once keep the writer's rules: versions, audit, counters, all or none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import Action, Agency, AuditEvent, Kpi, PlanRow, Provision, System
from ssoplanner.recompute.bulk import update_many
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.writer import Conflict, bulk_load, update
from tests.access.test_canary import digest
from tests.web.browsing import now
from tests.world import COMMAND, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YEARS = range(2040, 2060)


def change(world: World, model: type[Any], *rows: tuple[int, int, dict[str, Any]]) -> None:
    update_many(model, plan=world.here.plan, actor=COMMAND, rows=rows)


def test_rows_with_different_fields_are_changed_each_with_its_version_and_audit(world: World) -> None:
    own, other, plan = world.here.own, world.here.other, world.here.plan

    change(
        world,
        Agency,
        (own.pk, 1, {"headcount": 5, "operating_budget": Decimal("1.50")}),
        (other.pk, 1, {"name": "Renamed"}),
    )

    own, other = now(own), now(other)
    assert (own.headcount, own.operating_budget, own.version) == (5, Decimal("1.50"), 2)
    assert (other.name, other.headcount, other.version) == ("Renamed", 100, 2)
    events = AuditEvent.objects.for_plan(plan).filter(action=Action.UPDATE, model="agency").order_by("row_id")
    assert [(one.row_id, one.version, one.before, one.after) for one in events] == [
        (own.pk, 2, {"headcount": 100, "operating_budget": "1234567"}, {"headcount": 5, "operating_budget": "1.5"}),
        (other.pk, 2, {"name": "Agency other here"}, {"name": "Renamed"}),
    ]


def test_a_later_save_by_somebody_who_read_the_old_row_is_merged_or_refused(world: World) -> None:
    own = world.here.own
    change(world, Agency, (own.pk, 1, {"headcount": 5}))

    merged = update(own, actor=COMMAND, version=1, values={"end_users": 9})
    assert (merged.headcount, merged.end_users, merged.version) == (5, 9, 3)
    with pytest.raises(Conflict):
        update(own, actor=COMMAND, version=1, values={"headcount": 6})


@pytest.mark.parametrize("which", ["first", "last"])
def test_one_row_that_was_changed_since_stops_all(world: World, which: str) -> None:
    own, other = world.here.own, world.here.other
    stale = own if which == "first" else other
    update(stale, actor=COMMAND, version=1, values={"end_users": 1})
    before = digest()

    with pytest.raises(Conflict) as conflict:
        change(world, Agency, (own.pk, 1, {"headcount": 5}), (other.pk, 1, {"headcount": 5}))

    assert conflict.value.row == stale
    assert digest() == before


def test_a_row_that_is_changed_between_our_look_and_our_write_stops_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As only PostgreSQL lets happen: another transaction commits in between."""
    own, other = world.here.own, world.here.other
    whole = Agency.clean

    def clean_late(row: Agency) -> None:
        whole(row)
        if row.pk == other.pk:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE core_agency SET version = 7 WHERE id = %s", [other.pk])

    monkeypatch.setattr(Agency, "clean", clean_late)
    with pytest.raises(Conflict) as conflict:
        change(world, Agency, (own.pk, 1, {"headcount": 5}), (other.pk, 1, {"headcount": 5}))

    assert conflict.value.row == other
    assert now(own).headcount == 100


def test_a_row_that_is_gone_or_of_another_plan_stops_all(world: World) -> None:
    own, foreign = world.here.own, world.there.own
    before = digest()

    for missing in (10**9, foreign.pk):
        with pytest.raises(Agency.DoesNotExist):
            change(world, Agency, (own.pk, 1, {"headcount": 5}), (missing, 1, {"headcount": 5}))

    assert digest() == before


def test_wrong_values_are_refused_by_the_row_and_by_the_database(world: World) -> None:
    provision, other = world.here.provision, world.here.other
    before = digest()

    with pytest.raises(ValidationError):
        change(world, Provision, (provision.pk, 1, {"fte": Decimal(-1)}))
    with pytest.raises(ValidationError, match="More targets met"):
        change(world, Provision, (provision.pk, 1, {"sla_met": 11}))
    with pytest.raises(IntegrityError), transaction.atomic():
        change(world, Agency, (other.pk, 1, {"code": "OWN"}))

    assert digest() == before


def test_only_what_depends_on_the_rows_is_counted_up(world: World) -> None:
    here = world.here
    before = {(one.calculation, one.partition): one.wanted for one in Derived.objects.filter(plan=here.plan)}

    change(world, Provision, (here.provision.pk, 1, {"annual_cost": Decimal(7)}))

    after = {(one.calculation, one.partition): one.wanted for one in Derived.objects.filter(plan=here.plan)}
    raised = {key for key, wanted in after.items() if wanted != before[key]}
    assert ("assess.agency_state", str(here.own.pk)) in raised
    assert ("assess.agency_state", str(here.other.pk)) not in raised
    assert all(after[key] == before[key] + 1 for key in raised)


@pytest.mark.parametrize("by", ["row", "key"])
def test_a_link_to_another_plan_is_refused_when_rows_are_loaded(world: World, by: str) -> None:
    wrong = {"agency": world.there.own} if by == "row" else {"agency_id": world.there.own.pk}
    _refused(world, Provision, {**wrong, "service": world.here.spare_service, "fiscal_year": 2026}, "agency")


@pytest.mark.parametrize("field", ["agency", "service"])
def test_a_link_to_a_row_that_is_not_there_is_refused_when_rows_are_loaded(world: World, field: str) -> None:
    right = {"agency_id": world.here.own.pk, "service_id": world.here.spare_service.pk, "fiscal_year": 2026}
    _refused(world, Provision, {**right, f"{field}_id": 987654321}, field)
    owned = {"code": "K9", "name": "K", "unit": "hours", "area": "cost", "owner_id": 987654321}
    _refused(world, Kpi, owned, "owner")


def _refused(world: World, model: type[PlanRow], wrong: dict[str, Any], field: str) -> None:
    before, kind = digest(), model._meta.get_field(field).verbose_name  # type: ignore[union-attr]
    with pytest.raises(ValidationError) as refusal:
        bulk_load(model, plan=world.here.plan, actor=COMMAND, rows=[wrong], label="rows")
    assert refusal.value.message_dict == {
        field: [f"There is no such {kind} in this plan. Choose one of this plan."],
    }
    assert digest() == before


def test_loading_many_rows_asks_as_often_as_loading_one(world: World) -> None:
    here = world.here
    provided = [{"agency_id": here.own.pk, "service_id": here.service.pk, "fiscal_year": year} for year in YEARS]
    systems = [{"name": f"S{year}", "function": "f"} for year in YEARS]
    owner = here.people["office"].pk
    kpis = [{"code": str(year), "name": "K", "unit": "h", "area": "cost", "owner_id": owner} for year in YEARS]

    asked = {
        model: [_queries(world, model, some) for some in (rows[:1], rows[1:])]
        for model, rows in ((Provision, provided), (System, systems), (Kpi, kpis))
    }

    assert all(few == many for few, many in asked.values()), asked


def _queries(world: World, model: type[PlanRow], rows: list[dict[str, Any]]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert len(bulk_load(model, plan=world.here.plan, actor=COMMAND, rows=rows, label="rows")) == len(rows)
    return len(captured)


def test_changing_many_systems_asks_as_often_as_changing_one(world: World) -> None:
    rows = [{"name": f"S{year}", "function": "f"} for year in YEARS]
    made = bulk_load(System, plan=world.here.plan, actor=COMMAND, rows=rows, label="systems")
    asked = []

    for some in (made[:1], made[1:]):
        with CaptureQueriesContext(connection) as captured:
            change(world, System, *((one.pk, 0, {"vendor": "V"}) for one in some))
        asked.append(len(captured))

    assert asked[0] == asked[1]


def test_ten_times_as_many_rows_ask_hardly_more_often(world: World) -> None:
    plan = world.here.plan
    rows = [{"code": f"N{number}", "name": "N"} for number in range(110)]
    made = bulk_load(Agency, plan=plan, actor=COMMAND, rows=rows, label="agencies")
    asked = []

    for some in (made[:10], made[10:]):
        with CaptureQueriesContext(connection) as queries:
            change(world, Agency, *((one.pk, 0, {"headcount": 3}) for one in some))
        asked.append(len(queries))

    assert asked[1] <= asked[0] + 1  # SQLite takes the audit in portions
    assert {now(one).headcount for one in made} == {3}
