"""A page asks the database as often for a large plan as for a small one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ssoplanner.access.models import Invitation
from ssoplanner.core.models import (
    Agency,
    Benchmark,
    Kpi,
    Membership,
    Provision,
    Role,
    Service,
    ServiceArea,
    Source,
    System,
    User,
)
from ssoplanner.recompute.models import Job, JobState
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import Actor, bulk_load, update
from tests.access.urls import address
from tests.web.browsing import READ, now
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db

TIMES = 10
OUTSIDE = ("plans", "account")


def test_no_page_asks_more_often_in_a_plan_ten_times_as_large(world: World) -> None:
    clients = {actor: world.client(actor) for actor in ("office", "lead")}
    small = {actor: asked(client, world) for actor, client in clients.items()}
    before = rows_of(world)

    grow(world)
    large = {actor: asked(client, world) for actor, client in clients.items()}

    assert all(after >= TIMES * count for count, after in zip(before, rows_of(world), strict=True))
    more = [
        (actor, name, count, large[actor][name])
        for actor, pages in small.items()
        for name, count in pages.items()
        if large[actor].get(name, 0) > count
    ]
    assert more == []
    opened = small["office"].keys() | small["lead"].keys()  # a questionnaire is its respondent's alone
    # A file; a drawing of figures that are not computed here; and what is the board's alone.
    assert {*READ, *OUTSIDE} - opened == {"job_download", "architecture_drawing", "decision_vote"}
    assert all(large[actor].keys() == pages.keys() for actor, pages in small.items())


def asked(client: Client, world: World) -> dict[str, int]:
    """For each page that opens: how many queries it takes."""
    pages = {name: address(name, world.here) for name in READ} | {name: reverse(name) for name in OUTSIDE}
    found = {}
    for name, path in pages.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(path)
        if answer.status_code == 200:
            found[name] = len(queries)
    return found


def rows_of(world: World) -> list[int]:
    models: tuple[Any, ...] = (
        Agency,
        ServiceArea,
        Service,
        Provision,
        System,
        Kpi,
        Benchmark,
        Membership,
        Invitation,
        Job,
    )
    return [model.objects.filter(plan=world.here.plan).count() for model in models]


def grow(world: World) -> None:
    """Ten times as many rows of everything, linked as richly as real ones; every person is in ten plans."""
    plan, areas = world.here.plan, load(world, ServiceArea, 10)
    agencies = load(world, Agency, 20, headcount=7)
    services = load(world, Service, 20, area=areas[0], volume_unit="piece")
    wide = [{"agency": world.here.own, "service": service, "fiscal_year": 2026, "fte": 1} for service in services]
    wide += [{"agency": agency, "service": services[0], "fiscal_year": 2026, "annual_cost": 5} for agency in agencies]
    bulk_load(Provision, plan=plan, actor=COMMAND, rows=wide, label="provisions")
    load(world, Kpi, 10, unit="piece", area="cost", owner=world.here.people["board"])
    grow_benchmarks(world)
    for number in range(20):
        make(System, plan, name=f"S{number}", function="x", agencies=[world.here.own, *agencies[:3]], services=services)
    people = User.objects.bulk_create(User(email=f"p{number}@here.example.gov", name="P") for number in range(60))
    for number, user in enumerate(people):
        make(Membership, plan, user=user, role=Role.LEAD, agencies=agencies[number % 20 :][:2])
        if number < 10:
            make(Invitation, plan, email=user.email, name="P", role=Role.LEAD, agencies=agencies[:3])
    grow_what_one_person_sees(world, agencies, people)


def grow_benchmarks(world: World) -> None:
    facts = {"unit": "piece", "figure": 1, "population": "x", "year": 2024, "source": "x", "subject": "IT"}
    rows = [{"metric": f"N{number}", **facts} for number in range(10)]
    bulk_load(Benchmark, plan=world.here.plan, actor=COMMAND, rows=rows, label="benchmarks")


def grow_what_one_person_sees(world: World, agencies: list[Agency], people: list[User]) -> None:
    """Rows were changed by many, the lead ends with thirteen agencies, and people have more plans."""
    here = world.here
    for row in (here.own, here.provision, here.system, here.kpi, here.memberships["lead"]):
        for number in range(12):
            values: dict[str, Any] = {"agencies": [here.own, *agencies[: number + 1]]}
            if not hasattr(row, "agencies"):
                values = {"source": f"{number}"} if hasattr(row, "source") else {"end_users": number}
            update(row, actor=Actor(people[number], Source.BROWSER), version=now(row).version, values=values)
    asked = {"asked_at": timezone.now(), "not_before": timezone.now(), "state": JobState.FAILED}
    Job.objects.bulk_create(Job(plan=here.plan, user=here.people["office"], kind="audit", **asked) for _ in range(10))
    for number in range(9):
        plan = new_plan(name=f"Plan {number}", actor=COMMAND)
        for person in ("office", "lead"):
            make(Membership, plan, user=here.people[person], role=Role.VIEWER)


def load(world: World, model: Any, count: int, **values: Any) -> list[Any]:
    rows = [{"code": f"N{number}", "name": f"Name {number}", **values} for number in range(count)]
    return bulk_load(model, plan=world.here.plan, actor=COMMAND, rows=rows, label="rows")
