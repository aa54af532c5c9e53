"""One save counts up exactly the partitions that its declarations name, those above them, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assess.models import Answer, CapabilityRating, TechnologyRating
from ssoplanner.core.models import Agency, Kpi, Plan, Provision, Service, ServiceArea, System
from ssoplanner.recompute.calculations import (
    PER_PLAN,
    PER_SERVICE,
    Audience,
    Calculation,
    Key,
    Per,
    Reads,
    by_service,
    declared,
)
from ssoplanner.recompute.models import Derived, Release
from ssoplanner.recompute.plans import delete_plan
from ssoplanner.recompute.saving import note, saving
from ssoplanner.recompute.touch import Change
from ssoplanner.recompute.writer import CannotDelete, Conflict, bulk_load, create, delete, update
from tests.recompute.conftest import Declare
from tests.recompute.figures import change, counts, moved
from tests.world import COMMAND, PlanRows, World, make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Edit = Callable[[PlanRows], Any]
AGENCY, SERVICE, PLAN = "assess.agency_state", "assess.service_state", "assess.current_state"


@pytest.fixture(autouse=True)
def three_calculations(declare: Declare) -> None:
    """The current state alone. Whether all declarations are wide enough is tested over the registry."""
    declare(*(one for one in declared() if one.key in (AGENCY, SERVICE, PLAN)))


@pytest.fixture
def here(three_calculations: None, world: World) -> PlanRows:
    return world.here


def of(here: PlanRows, *names: str) -> dict[Key, int]:
    """Partitions by the names of their rows in `PlanRows`, each counted up once; `plan` is the whole plan."""
    keys = {"own": AGENCY, "other": AGENCY, "service": SERVICE, "spare_service": SERVICE}
    return {(PLAN, "") if name == "plan" else (keys[name], str(getattr(here, name).pk)): 1 for name in names}


def free(here: PlanRows) -> None:
    """Nothing refers to the own agency any more, so that it can be removed."""
    delete(here.provision, actor=COMMAND, version=1)
    change(here.system, agencies=[here.other])
    change(here.memberships["lead"], agencies=[here.other])
    for answer in Answer.objects.for_plan(here.plan).filter(questionnaire=here.sheet):
        delete(answer, actor=COMMAND, version=answer.version)
    delete(here.sheet, actor=COMMAND, version=1)
    change(here.campaign, agencies=[here.other])
    for model in (CapabilityRating, TechnologyRating):
        for rating in model.objects.for_plan(here.plan).filter(agency=here.own):
            delete(rating, actor=COMMAND, version=rating.version)


ALL = ("own", "other", "service", "spare_service", "plan")
UPDATES: dict[str, tuple[Edit, tuple[str, ...]]] = {
    "a provision's cost": (lambda here: change(here.provision, annual_cost=7), ("own", "service", "plan")),
    "a provision's year": (lambda here: change(here.provision, fiscal_year=2020), ("own", "service", "plan")),
    "a provision moved to another agency": (
        lambda here: change(here.provision, agency=here.other, service=here.spare_service),
        ALL,
    ),
    "a provision moved to another service": (
        lambda here: change(here.provision, service=here.spare_service),
        ("own", "service", "spare_service", "plan"),
    ),
    "an agency's name": (lambda here: change(here.own, name="Other"), ()),
    "an agency's headcount": (lambda here: change(here.own, headcount=7), ()),
    "an agency's end users": (lambda here: change(here.own, end_users=7), ("own", "plan")),
    "an agency's status": (lambda here: change(here.own, status="left"), ("service", "spare_service", "plan")),
    "a system's name": (lambda here: change(here.system, name="Other"), ()),
    "a system's function": (lambda here: change(here.system, function="Other"), ("plan",)),
    "a system moved to another agency": (
        lambda here: change(here.system, agencies=[here.other]),
        ("own", "other", "plan"),
    ),
    "one more agency that uses a system": (
        lambda here: change(here.system, agencies=[here.own, here.other]),
        ("own", "other", "plan"),
    ),
    "a system that supports a service": (lambda here: change(here.system, services=[here.service]), ("service",)),
    "a service's name": (lambda here: change(here.service, name="Other"), ()),
    "a service's unit": (lambda here: change(here.service, volume_unit="call"), ("own", "other", "plan")),
    "an area's name": (lambda here: change(here.area, name="Other"), ()),
    "an area's code": (lambda here: change(here.area, code="HR"), ("own", "other", "plan")),
    "the plan's name": (lambda here: change(here.plan, name="Other"), ()),
    "the plan's base year": (lambda here: change(here.plan, base_year=2025), ALL),
    "a KPI": (lambda here: change(here.kpi, unit="days"), ()),
}


def test_an_edit_counts_up_exactly_its_closure(here: PlanRows) -> None:
    found = {}
    for what, (edit, _) in UPDATES.items():
        with transaction.atomic():
            before = counts(here.plan)
            edit(here)
            found[what] = moved(before, counts(here.plan))
            transaction.set_rollback(True)
    assert found == {what: of(here, *names) for what, (_, names) in UPDATES.items()}


def test_the_other_plan_is_never_touched(here: PlanRows, world: World) -> None:
    before = counts(world.there.plan)
    for edit, _ in UPDATES.values():
        edit(world.here)
    assert counts(world.there.plan) == before


def test_a_new_provision_touches_its_agency_its_service_and_the_plan(here: PlanRows) -> None:
    before = counts(here.plan)
    make(Provision, here.plan, agency=here.own, service=here.spare_service, fiscal_year=2026)
    assert moved(before, counts(here.plan)) == of(here, "own", "spare_service", "plan")


def test_a_removed_provision_touches_its_agency_its_service_and_the_plan(here: PlanRows) -> None:
    before = counts(here.plan)
    delete(here.provision, actor=COMMAND, version=1)
    assert moved(before, counts(here.plan)) == of(here, "own", "service", "plan")


def test_a_new_system_touches_who_uses_it_what_it_supports_and_the_plan(here: PlanRows) -> None:
    before = counts(here.plan)
    make(System, here.plan, name="New", function="New", agencies=[here.own], services=[here.service])
    assert moved(before, counts(here.plan)) == of(here, "own", "service", "plan")


def test_a_removed_system_touches_who_used_it_what_it_supported_and_the_plan(here: PlanRows) -> None:
    change(here.system, services=[here.service])
    before = counts(here.plan)
    delete(here.system, actor=COMMAND, version=2)
    assert moved(before, counts(here.plan)) == of(here, "own", "service", "plan")


def test_a_new_agency_gets_a_counter_and_touches_what_is_above(here: PlanRows) -> None:
    before = counts(here.plan)
    new = make(Agency, here.plan, code="NEW", name="New")
    assert moved(before, counts(here.plan)) == {(AGENCY, str(new.pk)): 1, (PLAN, ""): 1}


def test_a_new_service_and_a_new_area_touch_nobody_who_does_not_provide_them(here: PlanRows) -> None:
    before = counts(here.plan)
    area = make(ServiceArea, here.plan, code="HR", name="HR")
    new = make(Service, here.plan, area=area, code="HR-1", name="Hiring", volume_unit="hire")
    assert moved(before, counts(here.plan)) == {(SERVICE, str(new.pk)): 1}


def test_a_new_plan_has_a_counter_for_the_whole(here: PlanRows) -> None:
    assert counts(here.plan)[PLAN, ""] >= 1
    delete_plan(here.plan, reason="a test")
    assert not Derived.objects.filter(plan_id=here.plan.pk).exists()


def test_a_removed_agency_is_retired_and_what_was_above_is_touched(here: PlanRows) -> None:
    free(here)
    before = counts(here.plan)
    delete(here.own, actor=COMMAND, version=1)
    assert moved(before, counts(here.plan)) == of(here, "plan")
    retired = Derived.objects.filter(plan=here.plan).exclude(retired_at=None)
    assert [(row.calculation, row.partition) for row in retired] == [(AGENCY, str(here.own.pk))]


def test_what_sums_over_services_is_touched_when_one_is_removed_that_nothing_else_names(
    here: PlanRows, declare: Declare
) -> None:
    parts = calculation("t.parts", PER_SERVICE, {Provision: by_service})
    declare(parts, calculation("t.whole", PER_PLAN, {}, needs=("t.parts",)))
    unused = make(Service, here.plan, area=here.area, code="X", name="Unused", volume_unit="hire")
    before = counts(here.plan)
    delete(unused, actor=COMMAND, version=1)
    assert moved(before, counts(here.plan)) == {("t.whole", ""): 1}


def calculation(key: str, per: Per, reads: dict[Any, Reads], needs: tuple[str, ...] = ()) -> Calculation:
    """One whose figures do not matter."""
    return Calculation(
        key=key, title=key, per=per, reads=reads, needs=needs, audience=Audience.RELEASED, load=dict, calculate=dict
    )


def test_counters_of_a_retired_partition_stay_and_never_restart(here: PlanRows) -> None:
    free(here)
    before = counts(here.plan)[AGENCY, str(here.own.pk)]
    delete(here.own, actor=COMMAND, version=1)
    again = make(Agency, here.plan, code="OWN", name="The same once more")
    change(here.plan, base_year=2025)
    assert counts(here.plan)[AGENCY, str(here.own.pk)] == before
    assert counts(here.plan)[AGENCY, str(again.pk)] == 2


def test_releasing_a_result_and_people_touch_no_figure(here: PlanRows) -> None:
    before = counts(here.plan)
    make(Release, here.plan, calculation=PLAN)
    change(here.memberships["lead"], agencies=[here.other])
    make(Kpi, here.plan, code="K2", name="K", unit="hours", area="cost")
    assert counts(here.plan) == before


# --- What is refused or changes nothing -----------------------------------------------------------------------------


def test_a_save_that_is_refused_touches_nothing(here: PlanRows) -> None:
    change(here.provision, annual_cost=5)
    before = counts(here.plan)
    with pytest.raises(ValidationError):
        update(here.provision, actor=COMMAND, version=2, values={"sla_met": 99})
    with pytest.raises(Conflict):
        update(here.provision, actor=COMMAND, version=1, values={"annual_cost": Decimal(6)})
    with pytest.raises(CannotDelete):
        delete(here.own, actor=COMMAND, version=1)
    with pytest.raises(ValidationError):
        create(Agency, plan=here.plan, actor=COMMAND, values={"code": "OWN", "name": "Twice"})
    assert counts(here.plan) == before
    assert not Derived.objects.filter(plan=here.plan).exclude(retired_at=None).exists()


def test_a_save_that_changes_nothing_touches_nothing(here: PlanRows) -> None:
    before = counts(here.plan)
    change(here.provision, annual_cost=Decimal("1000.00"), agency=here.own)
    change(here.system, agencies=[here.own])
    assert counts(here.plan) == before


def test_many_saves_in_one_block_count_each_row_once(here: PlanRows) -> None:
    before = counts(here.plan)
    with saving():
        change(here.provision, annual_cost=1)
        change(here.provision, annual_cost=2)
        with saving():
            change(here.other_provision, annual_cost=3)
        assert counts(here.plan) == before
    assert moved(before, counts(here.plan)) == of(here, "own", "other", "service", "plan")


def test_a_row_that_moves_there_and_back_in_one_block_touches_both_places(here: PlanRows) -> None:
    before = counts(here.plan)
    with saving():
        change(here.system, agencies=[here.other])
        change(here.system, agencies=[here.own])
    assert moved(before, counts(here.plan)) == of(here, "own", "other", "plan")


def test_a_block_over_two_plans_touches_each_its_own(here: PlanRows, world: World) -> None:
    there = world.there
    before = counts(here.plan), counts(there.plan)
    with saving():
        change(here.provision, annual_cost=1)
        change(there.other_provision, annual_cost=1)
    assert moved(before[0], counts(here.plan)) == of(here, "own", "service", "plan")
    assert moved(before[1], counts(there.plan)) == of(there, "other", "service", "plan")


def test_what_is_taken_back_inside_a_block_is_not_counted(here: PlanRows) -> None:
    free(here)
    before = counts(here.plan)
    with saving():
        with pytest.raises(ZeroDivisionError), saving():
            delete(here.own, actor=COMMAND, version=1)
            raise ZeroDivisionError
        change(here.other_provision, annual_cost=3)
    assert moved(before, counts(here.plan)) == of(here, "other", "service", "plan")
    # An agency that is still there and had been retired would never be computed again.
    assert not Derived.objects.filter(plan=here.plan).exclude(retired_at=None).exists()


def test_when_the_transaction_around_is_rolled_back_the_counters_are_too(here: PlanRows) -> None:
    before = counts(here.plan)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        change(here.provision, annual_cost=1)
        make(Agency, here.plan, code="NEW", name="New")
        raise ZeroDivisionError
    assert counts(here.plan) == before


def test_a_change_outside_a_block_cannot_be_noted(here: PlanRows) -> None:
    with pytest.raises(AssertionError, match="inside saving"):
        note(Change(here.plan.pk, Agency, None, {"id": 1, "status": "left"}))


# --- Many rows ------------------------------------------------------------------------------------------------------


def loaded(plan: Plan, agencies: int) -> list[Agency]:
    rows = [{"code": f"B{n}", "name": f"Bulk {n}"} for n in range(agencies)]
    return bulk_load(Agency, plan=plan, actor=COMMAND, rows=rows, label="agencies")


def test_loading_many_rows_counts_each_partition_once(here: PlanRows) -> None:
    before = counts(here.plan)
    made = loaded(here.plan, 20)
    assert moved(before, counts(here.plan)) == {(PLAN, ""): 1, **{(AGENCY, str(row.pk)): 1 for row in made}}
    before = counts(here.plan)
    rows = [
        {"agency": agency, "service": service, "fiscal_year": 2026}
        for agency in made
        for service in (here.service, here.spare_service)
    ]
    bulk_load(Provision, plan=here.plan, actor=COMMAND, rows=rows, label="provisions")
    touched = {(AGENCY, str(row.pk)): 1 for row in made}
    assert moved(before, counts(here.plan)) == touched | of(here, "service", "spare_service", "plan")


def test_in_a_plan_of_500_agencies_one_edit_moves_three_rows_by_as_many_queries(here: PlanRows) -> None:
    with CaptureQueriesContext(connection) as queries_in_small_plan:
        change(here.provision, annual_cost=1)
    loaded(here.plan, 498)
    before = counts(here.plan)
    with CaptureQueriesContext(connection) as queries:
        change(here.provision, annual_cost=2)
    assert moved(before, counts(here.plan)) == of(here, "own", "service", "plan")
    assert len(queries) == len(queries_in_small_plan)


def test_more_rows_than_fit_into_one_statement_are_all_counted(here: PlanRows) -> None:
    made = loaded(here.plan, 1100)
    before = counts(here.plan)
    change(here.plan, base_year=2025)
    touched = {(AGENCY, str(row.pk)): 1 for row in made}
    assert moved(before, counts(here.plan)) == touched | of(here, *ALL)
