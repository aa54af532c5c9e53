"""The one writer: versions, audit, merging, conflicts, and what it refuses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from ssoplanner.core.models import Agency, AuditEvent, Provision, Service, Source, System
from ssoplanner.core.scoping import UnscopedQuery
from ssoplanner.core.triggers import maintenance
from ssoplanner.core.writing import WrittenElsewhere
from ssoplanner.recompute.plans import delete_plan
from ssoplanner.recompute.writer import Actor, CannotDelete, Conflict, bulk_load, create, delete, update
from tests.world import COMMAND, World, make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def audit_of(row: Any) -> list[AuditEvent]:
    found = AuditEvent.objects.for_plan(row.plan).filter(model=row._meta.model_name, row_id=row.pk)
    return list(found.order_by("id"))


def test_a_new_row_starts_at_version_one_with_its_audit_row(world: World) -> None:
    [event] = audit_of(world.here.provision)
    assert (event.action, event.version, event.source) == ("create", 1, "command")
    assert event.after["annual_cost"] == "1000"
    assert event.after["agency"] == world.here.own.pk


def test_a_change_keeps_before_and_after_and_who(world: World) -> None:
    lead = world.here.people["lead"]
    changed = update(
        world.here.provision,
        actor=Actor(lead, Source.BROWSER),
        version=1,
        values={"annual_cost": Decimal("1200.50"), "fte": Decimal("1.50")},
    )
    event = audit_of(changed)[-1]
    assert (changed.version, event.version, event.user) == (2, 2, lead)
    assert event.before == {"annual_cost": "1000"}
    assert event.after == {"annual_cost": "1200.5"}


def test_saving_nothing_new_writes_nothing(world: World) -> None:
    same = update(world.here.provision, actor=COMMAND, version=1, values={"annual_cost": Decimal("1000.00")})
    assert same.version == 1
    assert len(audit_of(same)) == 1


def test_two_people_who_change_different_fields_both_succeed(world: World) -> None:
    row = world.here.provision
    update(row, actor=COMMAND, version=1, values={"annual_cost": Decimal(5), "fte": Decimal("1.5")})
    merged = update(row, actor=COMMAND, version=1, values={"annual_cost": Decimal(1000), "fte": Decimal(9)})
    assert (merged.annual_cost, merged.fte, merged.version) == (Decimal(5), Decimal(9), 3)


def test_two_people_who_change_the_same_field_meet_a_conflict_and_nothing_is_written(world: World) -> None:
    row, lead = world.here.provision, world.here.people["lead"]
    update(row, actor=Actor(lead, Source.BROWSER), version=1, values={"annual_cost": Decimal(5)})
    with pytest.raises(Conflict) as caught:
        update(row, actor=COMMAND, version=1, values={"annual_cost": Decimal(6), "fte": Decimal(9)})
    [conflict] = caught.value.fields
    assert (conflict.base, conflict.theirs, conflict.mine) == ("1000", Decimal(5), Decimal(6))
    assert (conflict.who, caught.value.version) == ("lead of here", 2)
    row.refresh_from_db()
    assert (row.annual_cost, row.fte, row.version) == (Decimal(5), Decimal("1.5"), 2)


def test_two_people_who_type_the_same_value_do_not_conflict(world: World) -> None:
    row = world.here.provision
    update(row, actor=COMMAND, version=1, values={"annual_cost": Decimal(5)})
    same = update(row, actor=COMMAND, version=1, values={"annual_cost": Decimal(5)})
    assert same.version == 2


def test_a_field_seen_later_is_settled_while_the_others_still_conflict(world: World) -> None:
    row = world.here.provision
    update(row, actor=COMMAND, version=1, values={"annual_cost": Decimal(5), "fte": Decimal(5)})
    mine = {"annual_cost": Decimal(6), "fte": Decimal(6)}
    with pytest.raises(Conflict) as caught:
        update(row, actor=COMMAND, version=1, values=mine, seen={"annual_cost": 2})
    assert [conflict.field for conflict in caught.value.fields] == ["fte"]
    saved = update(row, actor=COMMAND, version=1, values=mine, seen={"annual_cost": 2, "fte": 2})
    assert (saved.annual_cost, saved.fte) == (Decimal(6), Decimal(6))


def test_links_to_many_are_audited_and_merged_like_fields(world: World) -> None:
    system, here = world.here.system, world.here
    changed = update(system, actor=COMMAND, version=1, values={"agencies": [here.own, here.other]})
    event = audit_of(changed)[-1]
    assert event.before == {"agencies": [here.own.pk]}
    assert event.after == {"agencies": sorted([here.own.pk, here.other.pk])}
    assert set(changed.agencies.all()) == {here.own, here.other}


def test_a_wrong_value_is_refused_at_its_field_and_nothing_is_written(world: World) -> None:
    with pytest.raises(ValidationError) as caught:
        update(world.here.provision, actor=COMMAND, version=1, values={"sla_met": 11, "fte": Decimal(2)})
    assert caught.value.message_dict == {"sla_met": ["More targets met than there are. Give at most 10."]}
    assert Provision.objects.for_plan(world.here.plan).get(pk=world.here.provision.pk).version == 1


def test_a_row_in_use_stays_and_says_what_uses_it(world: World) -> None:
    with pytest.raises(CannotDelete, match="Service desk, Agency own here, 2026"):
        delete(world.here.service, actor=COMMAND, version=1)
    assert Service.objects.for_plan(world.here.plan).filter(pk=world.here.service.pk).exists()
    assert [event.action for event in audit_of(world.here.service)] == ["create"]


def test_a_removed_row_leaves_its_last_values_in_the_audit(world: World) -> None:
    key = world.here.provision.pk
    delete(world.here.provision, actor=COMMAND, version=1)
    event = AuditEvent.objects.for_plan(world.here.plan).get(row_id=key, model="provision", action="delete")
    assert event.before["annual_cost"] == "1000"


def test_a_row_that_changed_meanwhile_is_not_removed(world: World) -> None:
    update(world.here.provision, actor=COMMAND, version=1, values={"fte": Decimal(3)})
    with pytest.raises(Conflict):
        delete(world.here.provision, actor=COMMAND, version=1)


def test_a_row_of_another_plan_is_refused_by_the_writer(world: World) -> None:
    values = {"agency": world.there.own, "service": world.here.spare_service, "fiscal_year": 2026}
    with pytest.raises(ValidationError, match="belongs to another plan"):
        create(Provision, plan=world.here.plan, actor=COMMAND, values=values)
    with pytest.raises(ValidationError, match="another plan"):
        update(world.here.system, actor=COMMAND, version=1, values={"agencies": [world.there.own]})


def test_a_row_of_another_plan_is_refused_by_the_database(world: World) -> None:
    for statement in (
        f"UPDATE core_provision SET agency_id = {world.there.own.pk} WHERE id = {world.here.provision.pk}",
        f"UPDATE core_system_agencies SET agency_id = {world.there.own.pk} WHERE system_id = {world.here.system.pk}",
    ):
        with pytest.raises(IntegrityError, match="another plan"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE core_auditevent SET row_label = 'x'", "DELETE FROM core_auditevent"])
def test_the_audit_is_append_only_for_everybody(world: World, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_maintenance_flag_ends_with_its_transaction(world: World) -> None:
    with maintenance("a test"):
        AuditEvent.objects.for_plan(world.there.plan)._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.for_plan(world.here.plan)._raw_delete("default")


def test_a_plan_is_removed_whole_and_the_other_stays(world: World) -> None:
    kept = AuditEvent.objects.for_plan(world.here.plan).count()
    delete_plan(world.there.plan, reason="a test")
    assert not Agency.objects.unscoped("a test").filter(name__endswith="there").exists()
    assert AuditEvent.objects.unscoped("a test").count() == kept


def test_rows_are_not_saved_past_the_writer(world: World) -> None:
    rows = Provision.objects.for_plan(world.here.plan)
    with pytest.raises(WrittenElsewhere):
        world.here.provision.save()
    with pytest.raises(WrittenElsewhere):
        world.here.provision.delete()
    with pytest.raises(WrittenElsewhere):
        rows.update(fte=3)
    with pytest.raises(WrittenElsewhere):
        rows.bulk_create([])
    with pytest.raises(WrittenElsewhere):
        rows.delete()


def test_a_query_that_names_no_plan_is_refused(world: World) -> None:
    for query in (
        lambda: list(Agency.objects.all()),
        Agency.objects.count,
        lambda: Agency.objects.filter(code="OWN").exists(),
        lambda: Agency.objects.get(pk=world.here.own.pk),
        lambda: list(Agency.objects.iterator()),
        lambda: Agency.objects.exclude(plan=world.here.plan).count(),
        lambda: Agency.objects.values_list("name", flat=True).first(),
    ):
        with pytest.raises(UnscopedQuery):
            query()


def test_a_query_by_plan_or_from_a_row_is_scoped(world: World) -> None:
    assert Agency.objects.for_plan(world.here.plan).count() == 2
    assert world.here.own.provisions.count() == 1
    assert world.here.plan.agencys.count() == 2
    assert Agency.objects.filter(plan=world.here.plan, code="OWN").get() == world.here.own


def test_bulk_loading_leaves_one_audit_row_a_batch(world: World) -> None:
    plan, before = world.here.plan, AuditEvent.objects.for_plan(world.here.plan).count()
    rows = [{"code": f"B{n}", "name": f"Bulk {n}"} for n in range(50)]
    made = bulk_load(Agency, plan=plan, actor=COMMAND, rows=rows, label="agencies")
    assert len(made) == 50
    assert AuditEvent.objects.for_plan(plan).count() == before + 1
    changed = update(Agency.objects.for_plan(plan).get(code="B7"), actor=COMMAND, version=0, values={"name": "Seven"})
    assert changed.version == 1


def test_bulk_loading_takes_all_rows_or_none(world: World) -> None:
    rows = [{"code": "B1", "name": "One"}, {"code": "B1", "name": "Two"}]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_load(Agency, plan=world.here.plan, actor=COMMAND, rows=rows, label="agencies")
    assert Agency.objects.for_plan(world.here.plan).count() == 2


def test_a_system_is_found_only_in_its_plan(world: World) -> None:
    make_plan("third")
    names = System.objects.for_plan(world.here.plan).values_list("plan__slug", flat=True)
    assert set(names) == {"here"}
