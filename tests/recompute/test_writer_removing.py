"""What the writer removes and what it does not: a row that others refer to stays, whichever way they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssoplanner.access.invitations import accept, invite
from ssoplanner.core.models import Agency, AuditEvent, Membership, Plan, PlanRow, Role, Service, System
from ssoplanner.recompute import usage, writer
from ssoplanner.recompute.writer import CannotDelete, bulk_load, delete, update
from tests.world import COMMAND, PlanRows, World, make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def spare(world: World) -> Agency:
    """An agency that nothing refers to."""
    return make(Agency, world.here.plan, code="SPARE", name="Spare")


def audits(plan: Plan) -> int:
    return AuditEvent.objects.for_plan(plan).count()


def give_system(here: PlanRows, spare: Agency) -> PlanRow:
    return make(System, here.plan, name="Payroll run", function="payroll", agencies=[spare])


def give_lead(here: PlanRows, spare: Agency) -> PlanRow:
    return make(Membership, here.plan, user=here.people["analyst"], role=Role.LEAD, agencies=[spare])


def give_invitation(here: PlanRows, spare: Agency) -> PlanRow:
    asked = {"email": "new@example.gov", "name": "Nora New", "role": Role.LEAD}
    return invite(plan=here.plan, actor=COMMAND, agencies=[spare], **asked)  # type: ignore[arg-type]


LINKS = pytest.mark.parametrize(
    ("link", "said"),
    [
        (give_system, "1 system (Payroll run)"),
        (give_lead, "1 membership (analyst of here as agency lead)"),
        (give_invitation, "1 invitation (Nora New as agency lead)"),
    ],
)


@LINKS
def test_an_agency_that_is_only_linked_to_stays_and_the_refusal_names_who_links(
    world: World, spare: Agency, link: Callable[..., Any], said: str
) -> None:
    linking = link(world.here, spare)
    before = audits(world.here.plan)

    with pytest.raises(CannotDelete) as refusal:
        delete(spare, actor=COMMAND, version=1)

    sentence = f"Spare cannot be removed while it is used by {said}. Remove or change those first."
    assert str(refusal.value) == sentence
    assert list(linking.agencies.all()) == [spare]
    assert audits(world.here.plan) == before


@LINKS
def test_a_link_that_came_after_the_look_is_not_removed_either(
    world: World, spare: Agency, link: Callable[..., Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    linking = link(world.here, spare)
    before = audits(world.here.plan)
    monkeypatch.setattr(writer, "in_use", lambda row: "")

    with pytest.raises(CannotDelete, match="Spare cannot be removed: something began to use it just now"):
        delete(spare, actor=COMMAND, version=1)

    assert list(linking.agencies.all()) == [spare]
    assert audits(world.here.plan) == before


def test_a_service_that_systems_support_stays(world: World) -> None:
    here = world.here
    for name in ("A", "B", "C", "D", "E"):
        make(System, here.plan, name=name, function="hosting", agencies=[here.own], services=[here.spare_service])

    with pytest.raises(CannotDelete, match=r"is used by 5 systems \(A; B; C and 2 more\)\. Remove"):
        delete(here.spare_service, actor=COMMAND, version=1)

    assert Service.objects.for_plan(here.plan).get(pk=here.spare_service.pk).systems.count() == 5


def test_each_kind_of_user_is_named(world: World) -> None:
    with pytest.raises(CannotDelete) as refusal:
        delete(world.here.own, actor=COMMAND, version=1)

    assert all(
        kind in str(refusal.value) for kind in ("1 membership (lead of here", "1 system (", "1 provision (Service desk")
    )
    assert " and 1 " in str(refusal.value)


def test_a_row_goes_with_the_links_that_are_its_own(world: World) -> None:
    system, here = world.here.system, world.here

    delete(system, actor=COMMAND, version=1)

    event = AuditEvent.objects.for_plan(here.plan).get(model="system", action="delete")
    assert event.before["agencies"] == [here.own.pk]
    assert not here.own.systems.exists()


def test_a_row_is_removed_once_nothing_links_to_it(world: World, spare: Agency) -> None:
    system = give_system(world.here, spare)
    update(system, actor=COMMAND, version=1, values={"agencies": [world.here.own]})

    delete(spare, actor=COMMAND, version=1)

    assert not Agency.objects.for_plan(world.here.plan).filter(code="SPARE").exists()


def test_an_accepted_invitation_holds_no_agency(world: World, spare: Agency) -> None:
    invitation = give_invitation(world.here, spare)
    membership = accept(invitation, user=world.stranger)  # type: ignore[arg-type]
    assert list(membership.agencies.all()) == [spare]

    delete(membership, actor=COMMAND, version=1)
    delete(spare, actor=COMMAND, version=1)

    event = AuditEvent.objects.for_plan(world.here.plan).get(model="invitation", row_id=invitation.pk, action="update")
    assert event.before["agencies"] == [spare.pk] and event.after["agencies"] == []


def test_every_link_between_inputs_is_looked_at() -> None:
    inputs = [model for model in apps.get_models() if issubclass(model, PlanRow)]
    links = {
        (field.related_model, field)
        for model in inputs
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.is_relation and issubclass(field.related_model, PlanRow)
    }

    looked_at = {(model, relation.field) for model in inputs for relation in usage._relations(model)}

    assert links == looked_at and len(links) > 12


def test_many_users_are_counted_with_as_many_queries_as_one(world: World) -> None:
    here = world.here
    one = _queries(here.service)
    years = range(2030, 2090)
    for agency in (here.own, here.other):
        rows = [{"agency": agency, "service": here.service, "fiscal_year": year} for year in years]
        bulk_load(type(here.provision), plan=here.plan, actor=COMMAND, rows=rows, label="provisions")

    assert "122 provisions" in usage.in_use(here.service)
    assert _queries(here.service) == one


def _queries(row: PlanRow) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert usage.in_use(row)
    return len(captured)
