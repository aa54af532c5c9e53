"""Services from the starter catalogue come into a plan once, with their areas, whatever the plan has already."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssoplanner.core.models import AuditEvent, Plan, Service, ServiceArea
from ssoplanner.recompute.plans import new_plan
from ssoplanner.starter.choosing import CannotChoose, choose_services
from ssoplanner.starter.services import AREAS, starter_services
from tests.recompute.figures import counts, moved
from tests.world import COMMAND, make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FINANCE = ("accounts-payable", "travel-expenses")


@pytest.fixture
def plan() -> Plan:
    return new_plan(name="A plan", actor=COMMAND)


def catalogue(plan: Plan) -> list[tuple[str, str, str, str]]:
    rows = Service.objects.for_plan(plan).order_by("code")
    return list(rows.values_list("area__code", "code", "name", "standard"))


def test_chosen_services_come_with_their_area_unit_and_words(plan: Plan) -> None:
    done = choose_services(plan, COMMAND, FINANCE)

    assert catalogue(plan) == [
        ("FIN", "FIN-01", "Accounts payable", "accounts-payable"),
        ("FIN", "FIN-04", "Travel and expenses", "travel-expenses"),
    ]
    payable = Service.objects.for_plan(plan).get(code="FIN-01")
    assert (payable.volume_unit, payable.area.name) == ("invoice", "Finance")
    assert payable.description == "Receiving, matching, approving and paying invoices."
    assert (len(done.added), len(done.areas), done.linked) == (2, 1, ())


def test_choosing_again_adds_only_what_is_missing(plan: Plan) -> None:
    choose_services(plan, COMMAND, FINANCE)
    events = AuditEvent.objects.for_plan(plan).count()

    again = choose_services(plan, COMMAND, FINANCE)
    assert again.added == again.areas == again.linked == ()
    assert AuditEvent.objects.for_plan(plan).count() == events

    more = choose_services(plan, COMMAND, [*FINANCE, "treasury", "help-desk"])
    assert {service.standard for service in more.added} == {"treasury", "help-desk"}
    assert [area.code for area in more.areas] == ["IT"]


def test_the_whole_catalogue_fits_into_one_plan(plan: Plan) -> None:
    done = choose_services(plan, COMMAND, starter_services())
    assert len(done.added) == len(catalogue(plan)) == len(starter_services())
    assert set(ServiceArea.objects.for_plan(plan).values_list("code", "name")) == {(a.code, a.name) for a in AREAS}


def test_an_area_of_ones_own_with_the_same_code_is_used(plan: Plan) -> None:
    own = make(ServiceArea, plan, code="fin", name="Money matters")
    done = choose_services(plan, COMMAND, FINANCE)
    assert done.areas == ()
    assert {service.area for service in done.added} == {own}


def test_a_code_that_is_taken_gets_a_number(plan: Plan) -> None:
    area = make(ServiceArea, plan, code="X", name="X")
    for code in ("FIN-01", "FIN-01-2"):
        make(Service, plan, area=area, code=code, name=f"Own {code}", volume_unit="piece")
    [added] = choose_services(plan, COMMAND, ["accounts-payable"]).added
    assert added.code == "FIN-01-3"


def test_a_service_of_the_same_name_becomes_the_standard_one(plan: Plan) -> None:
    area = make(ServiceArea, plan, code="X", name="X")
    own = make(Service, plan, area=area, code="AP", name=" accounts  PAYABLE", volume_unit="bill")

    done = choose_services(plan, COMMAND, FINANCE)

    assert [service.pk for service in done.linked] == [own.pk]
    assert [service.standard for service in done.added] == ["travel-expenses"]
    own.refresh_from_db()
    assert (own.standard, own.code, own.volume_unit, own.version) == ("accounts-payable", "AP", "bill", 2)
    assert choose_services(plan, COMMAND, FINANCE).linked == ()


def test_a_same_named_service_that_was_not_chosen_stays_as_it_is(plan: Plan) -> None:
    area = make(ServiceArea, plan, code="X", name="X")
    own = make(Service, plan, area=area, code="AP", name="Accounts payable", volume_unit="bill")
    choose_services(plan, COMMAND, ["travel-expenses"])
    own.refresh_from_db()
    assert (own.standard, own.version) == ("", 1)


@pytest.mark.parametrize(
    ("chosen", "reason"), [([], "Choose at least one"), (["treasury", "astrology"], "has no service astrology")]
)
def test_nothing_or_something_unknown_is_refused_and_adds_nothing(plan: Plan, chosen: list[str], reason: str) -> None:
    with pytest.raises(CannotChoose, match=reason):
        choose_services(plan, COMMAND, chosen)
    assert catalogue(plan) == []


def test_all_come_or_none(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("ssoplanner.starter.choosing.free_code", fail)
    with pytest.raises(ZeroDivisionError):
        choose_services(plan, COMMAND, FINANCE)
    assert not ServiceArea.objects.for_plan(plan).exists()


def test_other_plans_are_left_alone(plan: Plan) -> None:
    other = new_plan(name="Another", actor=COMMAND)
    choose_services(other, COMMAND, FINANCE)
    assert catalogue(plan) == []
    assert len(choose_services(plan, COMMAND, FINANCE).added) == 2


def test_many_services_are_one_change_and_two_lines_of_history(plan: Plan) -> None:
    before, events = counts(plan), AuditEvent.objects.for_plan(plan).count()
    done = choose_services(plan, COMMAND, [service.standard for service in AREAS[0].services])
    assert set(moved(before, counts(plan)).values()) == {1}
    labels = list(AuditEvent.objects.for_plan(plan).order_by("pk").values_list("row_label", "after__rows"))[events:]
    assert labels == [
        ("service areas from the starter catalogue", 1),
        ("services from the starter catalogue", len(done.added)),
    ]


def test_a_further_service_takes_at_most_one_query_more(plan: Plan) -> None:
    found = []
    for chosen in (["treasury"], ["help-desk", "hosting", "network", "hiring", "payroll"]):
        with CaptureQueriesContext(connection) as queries:
            choose_services(plan, COMMAND, chosen)
        found.append(len(queries))
    assert found[1] - found[0] <= 4  # Django looks whether the area of each is there
    assert found[0] < 25
