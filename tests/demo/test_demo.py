"""The demo plan: the same each time, put back by a reset, never in production, and open to one person of each role."""

from __future__ import annotations

import random
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import Agency, AuditEvent, Kpi, Membership, Plan, PlanRow, Provision, Role, System, User
from ssoplanner.demo.load import SLUG, CannotLoadDemo, load_demo
from ssoplanner.demo.people import PASSWORD, SIGN_INS
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import delete, update
from tests.access.urls import parameters
from tests.replaying import load_demo as the_demo
from tests.web.browsing import READ, Page
from tests.world import COMMAND, make

pytestmark = pytest.mark.django_db

# Keys and moments differ from load to load, and so may whatever is made of them.
NOT_COMPARED = {"id", "plan", "created_at", "changed_at"}


def contents(plan: Plan) -> dict[str, list[str]]:
    """Everything in the plan by kind, without keys and times: links are named by what they lead to."""
    models = [model for model in apps.get_models() if issubclass(model, PlanRow)]
    found = {model.__name__: sorted(map(facts, rows_of(model, plan))) for model in models}
    audit = AuditEvent.objects.for_plan(plan).order_by("id")
    found["audit"] = [str((event, event.version, event.source)) for event in audit]
    return found | {"plan": [facts(Plan.objects.get(pk=plan.pk))]}


def rows_of(model: type[PlanRow], plan: Plan) -> QuerySet[PlanRow]:
    """With whatever they link to."""
    links = [field.name for field in model._meta.concrete_fields if field.is_relation]
    many = [field.name for field in model._meta.many_to_many]
    return model._base_manager.filter(plan=plan).select_related(*links).prefetch_related(*many)


def facts(row: Any) -> str:
    plain = {field.name: str(getattr(row, field.name)) for field in row._meta.concrete_fields}
    links = {field.name: sorted(map(str, getattr(row, field.name).all())) for field in row._meta.many_to_many}
    return str([(name, value) for name, value in (plain | links).items() if name not in NOT_COMPARED])


def test_loading_twice_loads_once() -> None:
    first, loaded = load_demo()
    held = contents(first)
    second, again = load_demo()
    assert (loaded, again, first.pk) == (True, False, second.pk)
    assert contents(second) == held


def test_a_reset_puts_back_what_was_changed_added_or_removed() -> None:
    plan, _ = the_demo()
    fresh = contents(plan)
    change_everything(plan)
    assert {kind for kind, rows in contents(plan).items() if rows != fresh[kind]} >= {
        *("Agency", "Provision", "Kpi", "System", "Membership", "audit", "plan")
    }
    again, loaded = load_demo(reset=True)
    assert loaded and contents(again) == fresh
    assert Plan.objects.count() == 1


def test_nothing_depends_on_chance_or_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = contents(load_demo()[0])
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    random.seed(later.day)
    plan, _ = load_demo(reset=True)
    assert contents(plan) == fresh
    assert plan.created_at == later


def change_everything(plan: Plan) -> None:
    largest = Agency.objects.for_plan(plan).get(code="DOH")
    update(plan, actor=COMMAND, version=1, values={"name": "Mine", "illustrative": False})
    update(largest, actor=COMMAND, version=1, values={"headcount": 1})
    update(System.objects.for_plan(plan).first(), actor=COMMAND, version=1, values={"agencies": [largest]})
    delete(Provision.objects.for_plan(plan).first(), actor=COMMAND, version=0)
    make(Kpi, plan, code="MINE", name="Mine", unit="x", area="cost")
    guest = new_account(email="guest@example.org", name="Guest", password=None)
    make(Membership, plan, user=guest, role=Role.BOARD)


def test_a_reset_keeps_accounts_and_other_plans() -> None:
    plan, _ = the_demo()
    change_everything(plan)
    mine = new_plan(name="A plan of one's own", actor=COMMAND)
    make(Agency, mine, code="A", name="Kept")
    kept, accounts = contents(mine), list(User.objects.order_by("pk").values_list("pk", "email", "password"))
    load_demo(reset=True)
    assert list(User.objects.order_by("pk").values_list("pk", "email", "password")) == accounts
    assert contents(mine) == kept
    assert not Membership.objects.unscoped("a test").filter(user__email="guest@example.org").exists()


def test_it_stays_out_of_production(settings: Any) -> None:
    plan, _ = the_demo()
    held = contents(plan)
    settings.PRODUCTION = True
    for reset in (False, True):
        with pytest.raises(CannotLoadDemo, match="published passwords"):
            load_demo(reset=reset)
    with pytest.raises(CommandError, match="not loaded in production mode"):
        call_command("load_demo", "--reset", stdout=StringIO())
    assert contents(plan) == held


def test_the_command_says_what_it_did() -> None:
    said = StringIO()
    for options in ([], [], ["--reset"]):
        call_command("load_demo", *options, stdout=said)
    name = Plan.objects.get(slug=SLUG).name
    assert said.getvalue().splitlines() == [f"{name}: loaded", f"{name}: already there", f"{name}: loaded"]


def test_twelve_agencies_of_very_different_size() -> None:
    plan, _ = the_demo()
    agencies = Agency.objects.for_plan(plan).prefetch_related("provisions")
    sizes = sorted(agency.headcount or 0 for agency in agencies)
    assert len(sizes) == len(set(sizes)) == 12
    assert sizes[-1] > 200 * sizes[0]
    assert sizes[0] < 50 and sizes[6] > 500
    assert all(agency.provisions.exists() for agency in agencies)
    assert len({agency.status for agency in agencies}) >= 3
    costs = [p.annual_cost / p.volume for p in Provision.objects.for_plan(plan).filter(service__standard="payroll")]
    assert max(costs) > 2 * min(costs)


def test_it_says_that_it_is_made_up_and_leaves_gaps_to_find() -> None:
    plan, _ = the_demo()
    provisions, kpis = Provision.objects.for_plan(plan), Kpi.objects.for_plan(plan)
    assert plan.illustrative
    assert {*provisions.values_list("source", flat=True), *kpis.values_list("source", flat=True)} == {"Illustrative"}
    unknown = provisions.filter(resolution_hours__isnull=True).count()
    assert 0 < unknown < provisions.count() / 2
    assert {bool(kpi.missing()) for kpi in kpis} == {True, False}


def test_a_person_of_each_role_signs_in_with_the_published_password() -> None:
    the_demo()
    assert {person.key for person in SIGN_INS} == set(Role)
    for person in SIGN_INS:
        client = Client()
        answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert (answer.status_code, answer["Location"]) == (302, reverse("plans")), person.email
        home = Page(client.get(reverse("plan", kwargs={"slug": SLUG})))
        assert person.name in home.text and Role(person.key).label in home.text


def test_a_lead_of_the_demo_leads_the_agencies_that_are_named() -> None:
    plan, _ = the_demo()
    for person in SIGN_INS:
        held = Membership.objects.for_plan(plan).get(user__email=person.email)
        assert {agency.code for agency in held.agencies.all()} == set(person.agencies)
        assert bool(person.agencies) == (held.role == Role.LEAD)


@pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
def test_every_page_of_the_demo_opens() -> None:
    plan, _ = the_demo()
    build_plan(plan.pk)
    client = Client()
    client.post(reverse("account_login"), {"login": SIGN_INS[0].email, "password": PASSWORD})
    paths = [reverse(name, kwargs={"slug": SLUG}) for name in READ if parameters(name) == {"slug"}]
    answers = {path: client.get(path).status_code for path in paths}
    assert {path: status for path, status in answers.items() if status != 200} == {}
    assert len(paths) >= 14
