"""Load the demo plan. The same every time: nothing depends on chance or on the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from django.conf import settings

from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import (
    Agency,
    Kpi,
    Membership,
    Plan,
    Provision,
    Service,
    Source,
    System,
    Tier,
    User,
)
from ssoplanner.demo.journey import load_journey
from ssoplanner.demo.people import SIGN_INS, SignIn
from ssoplanner.demo.raid import load_raid
from ssoplanner.demo.services import SERVICES, DemoService
from ssoplanner.demo.shifts import load_shifts
from ssoplanner.demo.state import AGENCIES, GOALS, KPIS, PLAN_NAME, PROBLEM, DemoAgency, DemoKpi
from ssoplanner.demo.systems import SYSTEMS, DemoSystem
from ssoplanner.phases import phase_modules
from ssoplanner.recompute.plans import delete_plan
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, bulk_load, create, update
from ssoplanner.starter.choosing import choose_services
from ssoplanner.starter.plans import start_plan

SLUG = "columbia-bay"
ACTOR = Actor(user=None, source=Source.COMMAND)


class CannotLoadDemo(Exception):
    """The demo stays out of a production installation: its passwords are published."""


def demo_plan() -> Plan | None:
    return Plan.objects.filter(slug=SLUG).first()


def load_demo(*, reset: bool = False) -> tuple[Plan, bool]:
    """The demo plan, and whether it was loaded just now. `reset` throws away what was changed in it."""
    if settings.PRODUCTION:
        raise CannotLoadDemo("The demo plan has published passwords, so it is not loaded in production mode.")
    with saving():
        found = demo_plan()
        if found is not None and not reset:
            return found, False
        if found is not None:
            delete_plan(found, reason="demo reset")
        return _load(), True


def _load() -> Plan:
    plan = start_plan(
        name=PLAN_NAME,
        slug=SLUG,
        actor=ACTOR,
        problem=PROBLEM,
        goals=GOALS,
        illustrative=True,
        tier=Tier.STATE,
        base_year=2026,
        discount_rate=Decimal("0.03"),
        discount_rate_date=date(2026, 7, 1),
        discount_rate_source="Illustrative",
    )
    agencies = {agency.code: _agency(plan, agency) for agency in AGENCIES}
    services = _catalogue(plan)
    bulk_load(Provision, plan=plan, actor=ACTOR, rows=_provisions(agencies, services), label="provisions")
    for system in SYSTEMS:
        _system(plan, system, agencies, services)
    people = {person.email: _person(plan, person, agencies) for person in SIGN_INS}
    for kpi in KPIS:
        _kpi(plan, kpi, people["office@example.gov"])
    load_journey(plan, ACTOR, people)
    load_shifts(plan, replace(ACTOR, user=people["office@example.gov"]))
    load_raid(plan, replace(ACTOR, user=people["office@example.gov"]), people)
    for phase in phase_modules("demo"):
        phase.load(plan, ACTOR, people)
    return plan


def _agency(plan: Plan, demo: DemoAgency) -> Agency:
    values = {
        "code": demo.code,
        "name": demo.name,
        "status": demo.status,
        "headcount": demo.headcount,
        "end_users": demo.headcount * 9 // 10,
        "operating_budget": Decimal(demo.budget_millions) * 1_000_000,
        "collective_agreement": demo.agreement,
        "statutory_mandate": demo.mandate,
        "budget_cycle": "Requests in March, enacted in June, for a fiscal year from July.",
    }
    return create(Agency, plan=plan, actor=ACTOR, values=values)


def _catalogue(plan: Plan) -> dict[str, Service]:
    """The plan's services by their key in the starter catalogue."""
    choose_services(plan, ACTOR, [demo.standard for demo in SERVICES])
    return {service.standard: service for service in Service.objects.for_plan(plan)}


def _provisions(agencies: dict[str, Agency], services: dict[str, Service]) -> Iterator[dict[str, Any]]:
    chance = Random(2026)
    for agency in AGENCIES:
        for service in SERVICES:
            figures = _figures(agency, service, chance)
            if agency.headcount >= service.least:
                yield {
                    "agency": agencies[agency.code],
                    "service": services[service.standard],
                    "fiscal_year": 2026,
                    **figures,
                }


def _figures(agency: DemoAgency, service: DemoService, chance: Random) -> dict[str, Any]:
    volume = max(1, round(agency.headcount * service.volume_per_head * chance.uniform(0.8, 1.2)))
    cost = volume * service.cost_per_unit * agency.efficiency * chance.uniform(0.9, 1.1)
    fte = volume / service.volume_per_fte * agency.efficiency * chance.uniform(0.9, 1.1)
    targets = chance.choice((8, 10, 12))
    known = chance.random() < 0.55 + agency.maturity / 2  # the less mature, the more gaps
    return {
        "annual_cost": Decimal(round(cost / 100) * 100),
        "fte": Decimal(max(round(fte, 1), 0.1)).quantize(Decimal("0.1")),
        "volume": volume,
        "users_served": agency.headcount * 9 // 10,
        "sla_met": round(targets * (0.55 + 0.4 * agency.maturity)) if known else None,
        "sla_total": targets if known else None,
        "resolution_hours": Decimal(round(60 - 45 * agency.maturity + chance.uniform(-5, 5))) if known else None,
        "has_sop": chance.random() < agency.maturity,
        "automated_share": Decimal(round(agency.maturity * chance.uniform(0.3, 0.8), 2)).quantize(Decimal("0.01")),
        "has_dashboard": chance.random() < agency.maturity / 2 if known else None,
        "source": "Illustrative",
    }


def _system(plan: Plan, demo: DemoSystem, agencies: dict[str, Agency], services: dict[str, Service]) -> System:
    users = sum(agencies[code].headcount or 0 for code in demo.agencies)
    values = {
        "name": demo.name,
        "vendor": demo.vendor,
        "function": demo.function,
        "users": users,
        "annual_cost": Decimal(demo.cost_thousands) * 1000,
        "contract_end": date(*demo.contract_end),
        "end_of_support": date(*demo.end_of_support) if demo.end_of_support else None,
        "agencies": [agencies[code] for code in demo.agencies],
        "services": [services[demo.service]],
    }
    return create(System, plan=plan, actor=ACTOR, values=values)


def _person(plan: Plan, person: SignIn, agencies: dict[str, Agency]) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = new_account(email=person.email, name=person.name, password=person.password)
    led = [agencies[code] for code in person.agencies]
    create(Membership, plan=plan, actor=ACTOR, values={"user": user, "role": person.key, "agencies": led})
    return user


def _kpi(plan: Plan, demo: DemoKpi, owner: User) -> Kpi:
    kpi = Kpi.objects.for_plan(plan).get(metric=demo.metric)
    values = {
        "baseline": demo.baseline,
        "target": demo.target,
        "target_date": date(2029, 6, 30),
        "owner": owner if demo.owned else None,
        "source": "Illustrative",
    }
    return update(kpi, actor=ACTOR, version=kpi.version, values=values)
