"""Two plans, each with two agencies and everything that belongs to a plan, and the people who may or may not see it.

Every text that belongs to somebody holds a canary, `canary(owner)`, so that a test can look for what leaked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from ssoplanner.access.invitations import invite, new_account
from ssoplanner.access.models import Invitation
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
    Source,
    System,
    User,
)
from ssoplanner.recompute.jobs import ask
from ssoplanner.recompute.models import Job
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import Actor, create
from ssoplanner.steps.models import Comment, Evidence, StepProgress
from ssoplanner.workbook.models import AgencyImport, ImportSheet

COMMAND = Actor(user=None, source=Source.COMMAND)
PASSWORD = "correct horse battery"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def canary(owner: str) -> str:
    """A text that stands nowhere but in `owner`'s rows."""
    return f"canary-{owner}-zq7"


@dataclass
class PlanRows:
    """One plan and one of everything in it; `own` and `other` are its two agencies."""

    plan: Plan
    own: Agency
    other: Agency
    area: ServiceArea
    service: Service
    spare_service: Service
    provision: Provision
    other_provision: Provision
    system: System
    other_system: System
    kpi: Kpi
    benchmark: Benchmark
    people: dict[str, User] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    invitation: Invitation | None = None
    job: Job | None = None
    agency_import: AgencyImport | None = None
    progress: StepProgress | None = None
    evidence: Evidence | None = None
    comment: Comment | None = None


@dataclass
class World:
    here: PlanRows
    there: PlanRows
    stranger: User

    def user(self, actor: str) -> User | None:
        """The account of a named actor; None for `anonymous`."""
        if actor == "anonymous":
            return None
        return self.stranger if actor == "stranger" else self.here.people[actor]

    def client(self, actor: str) -> Client:
        """A browser in which the actor is signed in."""
        client, user = Client(), self.user(actor)
        if user is not None:
            client.force_login(user, backend=BACKEND)
        return client


ACTORS = ("anonymous", "stranger", "office", "lead", "other_lead", "board", "analyst", "viewer")


def make_world() -> World:
    stranger = new_account(email="stranger@example.org", name="Sam Stranger", password=PASSWORD)
    return World(make_plan("here"), make_plan("there"), stranger)


def make_plan(name: str) -> PlanRows:
    """A plan with one of everything and a person in every role."""
    plan = new_plan(name=f"Plan {name}", actor=COMMAND, problem=canary(f"{name}-plan"), slug=name)
    rows = _rows(plan, name)
    for key, role, agencies in (
        ("office", Role.OFFICE, []),
        ("lead", Role.LEAD, [rows.own]),
        ("other_lead", Role.LEAD, [rows.other]),
        ("board", Role.BOARD, []),
        ("analyst", Role.ANALYST, []),
        ("viewer", Role.VIEWER, []),
    ):
        rows.people[key] = new_account(email=f"{key}@{name}.example.gov", name=f"{key} of {name}", password=PASSWORD)
        rows.memberships[key] = make(Membership, plan, user=rows.people[key], role=role, agencies=agencies)
    rows.invitation = invite(
        plan=plan,
        actor=COMMAND,
        email=f"new@{name}.example.gov",
        name=canary(f"{name}-office"),
        role=Role.ANALYST,
        agencies=[],
    )
    rows.job = ask(plan=plan, user=rows.people["office"], kind="audit")
    rows.agency_import = begin_import(rows, canary(f"{name}-other"))
    begin_step(rows, name)
    return rows


def begin_step(rows: PlanRows, name: str) -> None:
    """The first step is the lead's, with a piece of evidence and a comment."""
    rows.progress = make(StepProgress, rows.plan, step="assess.readiness", owner=rows.people["lead"])
    words = {"title": canary(f"{name}-plan"), "note": canary(f"{name}-talk")}
    rows.evidence = make(Evidence, rows.plan, progress=rows.progress, **words)
    said = {"author": rows.people["board"], "text": canary(f"{name}-talk"), "mentions": [rows.people["lead"]]}
    rows.comment = make(Comment, rows.plan, step="assess.readiness", **said)


def begin_import(rows: PlanRows, text: str, person: str = "office") -> AgencyImport:
    """A file on its way into the plan: one row for its own agency, one with `text` as the name of a new one."""
    now = timezone.now()
    columns = [[0, "agency.code", None], [1, "agency.name", None], [2, "provision.fte", rows.service.pk]]
    mapping = {"columns": columns, "fiscal_year": 2026, "numbers": "POINT", "loading": None}
    found = AgencyImport.objects.create(
        plan=rows.plan,
        user=rows.people[person],
        file_name="agencies.csv",
        mapping=mapping | {"suppressed": True, "update": True},
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    cells = [[2, ["OWN", rows.own.name, "2.5"]], [3, ["NEW", text, "x"]]]
    header = ["Code", "Name", "Service desk"]
    ImportSheet.objects.create(agency_import=found, position=0, header=header, rows=cells, row_count=2)
    return found


def _rows(plan: Plan, name: str) -> PlanRows:
    own, other = (_agency(plan, name, key) for key in ("own", "other"))
    area = make(ServiceArea, plan, code="IT", name=canary(f"{name}-plan"))
    service = make(Service, plan, area=area, code="IT-1", name="Service desk", volume_unit="ticket")
    spare = make(Service, plan, area=area, code="IT-2", name="Hosting", volume_unit="server")
    return PlanRows(
        plan=plan,
        own=own,
        other=other,
        area=area,
        service=service,
        spare_service=spare,
        provision=_provision(plan, own, service, canary(f"{name}-own")),
        other_provision=_provision(plan, other, service, canary(f"{name}-other")),
        system=make(System, plan, name=canary(f"{name}-own"), function="Service desk", agencies=[own]),
        other_system=make(System, plan, name=canary(f"{name}-other"), function="Service desk", agencies=[other]),
        kpi=make(Kpi, plan, code="K1", name=canary(f"{name}-plan"), unit="hours", area="service"),
        benchmark=_benchmark(plan, canary(f"{name}-plan")),
    )


def _agency(plan: Plan, name: str, key: str) -> Agency:
    return make(
        Agency,
        plan,
        code=key.upper(),
        name=f"Agency {key} {name}",
        headcount=100,
        operating_budget=Decimal("1234567.00"),
        budget_cycle=canary(f"{name}-{key}"),
    )


def _provision(plan: Plan, agency: Agency, service: Service, source: str) -> Provision:
    return make(
        Provision,
        plan,
        agency=agency,
        service=service,
        fiscal_year=2026,
        annual_cost=Decimal(1000),
        fte=Decimal("1.5"),
        sla_met=7,
        sla_total=10,
        automated_share=Decimal("0.25"),
        source=source,
    )


def _benchmark(plan: Plan, metric: str) -> Benchmark:
    sourced = {"population": "22 states", "year": 2024, "source": "A survey"}
    return make(Benchmark, plan, metric=metric, unit="hours", figure=Decimal(24), **sourced)


def make(model: Any, plan: Plan, **values: Any) -> Any:
    return create(model, plan=plan, actor=COMMAND, values=values)
