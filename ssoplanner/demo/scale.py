"""A plan as large as the product is built for, made up from a seed: the same every time, and nobody's real figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from ssoplanner.core.models import (
    Agency,
    AgencyStatus,
    Kpi,
    Plan,
    Provision,
    Service,
    ServiceArea,
    Source,
    System,
    Tier,
    User,
)
from ssoplanner.phases import phase_modules
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import Actor, bulk_load, create

ACTOR = Actor(user=None, source=Source.COMMAND)
AREAS = ("IT", "HR", "FIN", "PRO", "PAY", "FAC", "FLT", "REC")
UNITS = ("ticket", "payslip", "invoice", "hire", "order", "device", "claim", "case")
FUNCTIONS = ("Payroll", "Service desk", "Accounts payable", "Purchasing", "Hiring", "Records", "Fleet", "Property")
SHARE_PROVIDED = 0.6


@dataclass(frozen=True)
class Size:
    agencies: int = 500
    services: int = 200
    systems: int = 300
    kpis: int = 100


def make_scale_plan(size: Size, *, seed: int = 1, say: Callable[[str], object] = lambda line: None) -> Plan:
    """A new plan of this size; `say` hears of each stage."""
    chance = Random(seed)
    plan = new_plan(
        name=f"Scale plan {size.agencies} x {size.services}",
        actor=ACTOR,
        illustrative=True,
        problem="Made up by a program, to see that large plans stay quick.",
    )
    agencies = bulk_load(Agency, plan=plan, actor=ACTOR, rows=_agencies(size, chance), label="agencies")
    services = _services(plan, size)
    say(f"{len(agencies)} agencies, {len(services)} services")
    rows = _provisions(agencies, services, chance)
    provisions = bulk_load(Provision, plan=plan, actor=ACTOR, rows=rows, label="provisions")
    say(f"{len(provisions)} provisions")
    for number in range(size.systems):
        create(System, plan=plan, actor=ACTOR, values=_system(number, agencies, services, chance))
    say(f"{size.systems} systems")
    bulk_load(Kpi, plan=plan, actor=ACTOR, rows=_kpis(size), label="KPIs")
    say(f"{size.kpis} KPIs")
    person = _respondent()
    for phase in phase_modules("demo_scale"):
        for done in phase.load_scale(plan, ACTOR, agencies=agencies, services=services, person=person, chance=chance):
            say(done)
    return plan


def _respondent() -> User:
    """Somebody who answers for every agency and cannot sign in."""
    found, _ = User.objects.get_or_create(
        email="nobody@example.gov", defaults={"name": "Nobody in particular", "is_active": False}
    )
    return found


def _agencies(size: Size, chance: Random) -> Iterator[dict[str, Any]]:
    for number in range(size.agencies):
        headcount = int(20 * 10 ** chance.uniform(0, 3))
        yield {
            "code": f"A{number:04}",
            "name": f"Agency {number:04}",
            "tier": chance.choice(Tier.values),
            "status": chance.choice(AgencyStatus.values),
            "headcount": headcount,
            "end_users": headcount * 9 // 10,
            "operating_budget": Decimal(headcount) * 180_000,
        }


def _services(plan: Plan, size: Size) -> list[Service]:
    areas = [
        create(ServiceArea, plan=plan, actor=ACTOR, values={"code": code, "name": f"Area {code}"}) for code in AREAS
    ]
    rows = [
        {
            "area": areas[number % len(areas)],
            "code": f"{AREAS[number % len(AREAS)]}-{number:03}",
            "name": f"Service {number:03}",
            "volume_unit": UNITS[number // len(AREAS) % len(UNITS)],
        }
        for number in range(size.services)
    ]
    return bulk_load(Service, plan=plan, actor=ACTOR, rows=rows, label="services")


def _provisions(agencies: list[Agency], services: list[Service], chance: Random) -> Iterator[dict[str, Any]]:
    for agency in agencies:
        for service in services:
            if chance.random() < SHARE_PROVIDED:
                yield {"agency": agency, "service": service, "fiscal_year": 2026, **_figures(agency, chance)}


def _figures(agency: Agency, chance: Random) -> dict[str, Any]:
    volume = max(1, int((agency.headcount or 1) * chance.uniform(0.1, 8)))
    targets = chance.randint(4, 12)
    return {
        "annual_cost": Decimal(volume * chance.randint(5, 90)),
        "fte": Decimal(chance.randint(1, 4000)) / 100,
        "volume": volume,
        "users_served": agency.end_users,
        "sla_met": chance.randint(1, targets),
        "sla_total": targets,
        "resolution_hours": Decimal(chance.randint(50, 9000)) / 100,
        "has_sop": chance.random() < 0.4,
        "automated_share": Decimal(chance.randint(0, 10_000)) / 10_000,
        "has_dashboard": chance.random() < 0.2,
        "source": "Made up",
    }


def _system(number: int, agencies: list[Agency], services: list[Service], chance: Random) -> dict[str, Any]:
    return {
        "name": f"System {number:03}",
        "vendor": f"Vendor {number % 40:02}",
        "function": FUNCTIONS[number % len(FUNCTIONS)],
        "annual_cost": Decimal(chance.randint(10, 5000) * 1000),
        "agencies": chance.sample(agencies, k=min(len(agencies), chance.randint(1, 12))),
        "services": chance.sample(services, k=min(len(services), 2)),
    }


def _kpis(size: Size) -> Iterator[dict[str, Any]]:
    for number in range(size.kpis):
        yield {"code": f"K{number:03}", "name": f"Measure {number:03}", "unit": "units", "area": "service"}
