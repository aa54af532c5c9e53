"""A plan in which the X-ray finds nothing, so that a test makes exactly one thing wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ssoplanner.access.gate import plan_for
from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import (
    Agency,
    Benchmark,
    Kpi,
    Membership,
    Plan,
    Provision,
    Role,
    Service,
    ServiceArea,
    System,
    User,
)
from ssoplanner.recompute.plans import new_plan
from ssoplanner.web.xray.inspection import inspect
from ssoplanner.web.xray.rules import rules, scope_now
from tests.world import COMMAND, make

LONG_AGO, FAR_OFF = date(2020, 1, 31), date(2090, 1, 31)
RATE = {"discount_rate": Decimal("0.03"), "discount_rate_date": LONG_AGO, "discount_rate_source": "Treasury"}
FIGURES = {"annual_cost": Decimal(1000), "fte": Decimal(2), "volume": 50, "users_served": 80, "source": "Ledger"}


@dataclass
class SoundPlan:
    plan: Plan
    office: User
    lead: User
    membership: Membership
    agency: Agency
    service: Service
    provision: Provision
    system: System
    kpi: Kpi
    benchmark: Benchmark


def make_sound_plan() -> SoundPlan:
    plan = new_plan(name="Sound", slug="sound", actor=COMMAND, problem="It costs too much.", **RATE)
    office, lead = (new_account(email=f"{key}@sound.example.gov", name=key, password=None) for key in ("olga", "leo"))
    make(Membership, plan, user=office, role=Role.OFFICE)
    agency = make(Agency, plan, code="A", name="Parks", status="committed", headcount=100, end_users=90)
    area = make(ServiceArea, plan, code="IT", name="IT")
    service = make(Service, plan, area=area, code="IT-1", name="Desk", volume_unit="ticket")
    sourced = {"population": "22 states", "year": 2024, "source": "A survey"}
    kpi = {"code": "K", "name": "Cost", "unit": "USD", "area": "cost", "owner": office, "baseline": 5, "target": 4}
    return SoundPlan(
        plan=plan,
        office=office,
        lead=lead,
        membership=make(Membership, plan, user=lead, role=Role.LEAD, agencies=[agency]),
        agency=agency,
        service=service,
        provision=make(Provision, plan, agency=agency, service=service, fiscal_year=2026, **FIGURES),
        system=make(System, plan, name="Help", function="Tickets", agencies=[agency], services=[service]),
        kpi=make(Kpi, plan, **kpi, target_date=FAR_OFF),
        benchmark=make(Benchmark, plan, metric="Cost", unit="USD", figure=3, **sourced),
    )


def found(plan: Plan, user: User) -> dict[str, list[str]]:
    """Rule -> the texts of what it finds for the user."""
    member = plan_for(user, plan.slug)
    every: Any = inspect(member, scope_now(member.plan), rules())
    return {one.rule.key: [each.text for each in one.findings(0, 99)] for one in every if one.count}
