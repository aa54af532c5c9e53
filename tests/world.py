"""Two plans, each with two agencies and everything that belongs to a plan, and the people who may or may not see it.

Every text that belongs to somebody holds a canary, `canary(owner)`, so that a test can look for what leaked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any

from django.test import Client
from django.utils import timezone

from assess.models import (
    Answer,
    AuditorAnswer,
    Campaign,
    Capability,
    CapabilityRating,
    Challenge,
    Criterion,
    Judgement,
    Question,
    Questionnaire,
    QuestionSet,
    RiskScore,
    Sponsor,
    TechnologyRating,
)
from design.models import CostPool
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
from ssoplanner.steps.evidence import add_evidence
from ssoplanner.steps.models import (
    Body,
    Comment,
    Condition,
    Decision,
    Evidence,
    Risk,
    ShiftStanding,
    StepProgress,
    Task,
)
from ssoplanner.uploads.attachments import check_attachment
from ssoplanner.workbook.models import AgencyImport, ImportSheet
from tests.replaying import replayed

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
    standing: ShiftStanding | None = None
    comment: Comment | None = None
    task: Task | None = None
    other_task: Task | None = None
    risk: Risk | None = None
    challenge: Challenge | None = None
    sponsor: Sponsor | None = None
    criterion: Criterion | None = None
    judgement: Judgement | None = None
    campaign: Campaign | None = None
    question: Question | None = None
    draft_question: Question | None = None
    sheet: Questionnaire | None = None
    other_sheet: Questionnaire | None = None
    capability: Capability | None = None
    body: Body | None = None
    decision: Decision | None = None
    condition: Condition | None = None
    cost_pool: CostPool | None = None


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
    return replayed("world", _make_world)


def _make_world() -> World:
    stranger = new_account(email="stranger@example.org", name="Sam Stranger", password=PASSWORD)
    return World(_make_plan("here"), _make_plan("there"), stranger)


def make_plan(name: str) -> PlanRows:
    """A plan with one of everything and a person in every role."""
    return replayed(name, partial(_make_plan, name))


def _make_plan(name: str) -> PlanRows:
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
    give_reasons(rows, name)
    judge(rows, name)
    ask_readiness(rows, name)
    rate_architecture(rows, name)
    prepare_gate(rows, name)
    plan_costs(rows, name)
    return rows


def begin_step(rows: PlanRows, name: str) -> None:
    """The first step is the lead's, with a piece of evidence, a comment and two tasks, one of the other agency."""
    rows.progress = make(StepProgress, rows.plan, step="assess.readiness", owner=rows.people["lead"])
    words = {"title": canary(f"{name}-plan"), "note": canary(f"{name}-talk")}
    file = check_attachment(BytesIO(canary(f"{name}-talk").encode()), "minutes.txt")
    rows.evidence = add_evidence(rows.plan, rows.progress.step, actor=COMMAND, values=words, attachment=file)
    judged = {"level": 2, "since": date(2026, 2, 2), "evidence": canary(f"{name}-plan")}
    rows.standing = make(ShiftStanding, rows.plan, shift="people.vision", **judged)
    said = {"author": rows.people["board"], "text": canary(f"{name}-talk"), "mentions": [rows.people["lead"]]}
    rows.comment = make(Comment, rows.plan, step="assess.readiness", **said)
    asked = {"step": "assess.readiness", "asked_by": rows.people["office"]}
    rows.task = make(Task, rows.plan, title=canary(f"{name}-talk"), owner=rows.people["lead"], **asked)
    of_other = {"owner": rows.people["other_lead"], "agency": rows.other, **asked}
    rows.other_task = make(Task, rows.plan, title=canary(f"{name}-other"), **of_other)


def give_reasons(rows: PlanRows, name: str) -> None:
    """A challenge that everybody reads; a position, ratings and an answer that leads and viewers do not; a risk."""
    rows.challenge = make(Challenge, rows.plan, title=canary(f"{name}-plan"), detail="A detail")
    who = {"name": "Ada Pole", "office": "Budget director"}
    said = {"evidence": canary(f"{name}-office"), "asks": canary(f"{name}-office")}
    rows.sponsor = make(Sponsor, rows.plan, **who, position="opposed", since=date(2026, 2, 2), **said)
    rated = {"phase": "assess", "risk": "data", "reason": canary(f"{name}-office")}
    make(RiskScore, rows.plan, **rated, rater="own", score=3)
    make(RiskScore, rows.plan, **rated, rater="independent", score=5)
    answer = {"answer": canary(f"{name}-office"), "evidence": canary(f"{name}-office")}
    make(AuditorAnswer, rows.plan, question="goals", how_far="yes", **answer)
    rows.risk = make(Risk, rows.plan, title=canary(f"{name}-talk"), probability=3, impact=4)


def prepare_gate(rows: PlanRows, name: str) -> None:
    """A draft at the second gate, which leads and viewers do not know of, with a condition."""
    rows.body = make(Body, rows.plan, name=canary(f"{name}-plan"))
    asked = {"question": canary(f"{name}-office"), "phase": "design", "options": ["Go", "Go with conditions", "No-go"]}
    rows.decision = make(Decision, rows.plan, body=rows.body, **asked)
    wanted = {"text": canary(f"{name}-office"), "owner": rows.people["office"], "due": date(2099, 1, 5)}
    rows.condition = make(Condition, rows.plan, decision=rows.decision, **wanted)


def plan_costs(rows: PlanRows, name: str) -> None:
    """A cost that leads and viewers do not read."""
    paid = {"service": rows.service, "kind": "fixed", "amount": Decimal(1200), "first_year": 2027}
    rows.cost_pool = make(CostPool, rows.plan, name=canary(f"{name}-office"), source="An offer", **paid)


def ask_readiness(rows: PlanRows, name: str) -> None:
    """A campaign with one question, and a draft. The lead has begun to answer; the other lead has submitted."""
    first = make(QuestionSet, rows.plan, number=1, published_on=date(2026, 1, 2))
    words = {"text": f"How ready? {canary(f'{name}-plan')}", "levels": ["None", "Some", "Half", "Most", "All"]}
    asked = {"question_set": first, "code": "CU-01", "dimension": "culture", "pillars": ["people"], **words}
    rows.question = make(Question, rows.plan, **asked, action="Ask first")
    second = make(QuestionSet, rows.plan, number=2)
    unseen = {**asked, "question_set": second, "text": f"How steady? {canary(f'{name}-office')}"}
    rows.draft_question = make(Question, rows.plan, **unseen)
    for dimension in ("digital", "capacity", "alignment"):
        make(Question, rows.plan, **{**unseen, "code": f"{dimension[:2].upper()}-01", "dimension": dimension})
    when = {"title": "First campaign", "opens": date(2026, 1, 5), "closes": date(2099, 1, 5)}
    rows.campaign = make(Campaign, rows.plan, question_set=first, agencies=[rows.own, rows.other], **when)
    rows.sheet = _sheet(rows, rows.own, "lead", canary(f"{name}-own"))
    rows.other_sheet = _sheet(rows, rows.other, "other_lead", canary(f"{name}-other"), submitted_at=timezone.now())


def _sheet(rows: PlanRows, agency: Agency, person: str, comment: str, **values: Any) -> Questionnaire:
    who = {"campaign": rows.campaign, "agency": agency, "respondent": rows.people[person]}
    sheet: Questionnaire = make(Questionnaire, rows.plan, **who, **values)
    said = {"kind": "level", "level": 2, "comment": comment}
    make(Answer, rows.plan, questionnaire=sheet, agency=agency, question=rows.question, **said)
    return sheet


def rate_architecture(rows: PlanRows, name: str) -> None:
    """A capability that both agencies rate, and an aspect of technology, each with evidence of its own."""
    rows.capability = make(Capability, rows.plan, code="C1", name=canary(f"{name}-plan"))
    for agency, owner in ((rows.own, "own"), (rows.other, "other")):
        said = {"agency": agency, "evidence": canary(f"{name}-{owner}")}
        make(TechnologyRating, rows.plan, aspect="networks", level=2, **said)
        levels = {"ownership": "own", "importance": 4, "people": 2, "target": 4}
        make(CapabilityRating, rows.plan, capability=rows.capability, **levels, **said)


def judge(rows: PlanRows, name: str) -> None:
    """A judged criterion that everybody reads, what is said by it of the service, which leads do not, and a figure."""
    criterion = {"code": "value", "name": canary(f"{name}-plan"), "axis": "opportunity"}
    rows.criterion = make(Criterion, rows.plan, **criterion)
    said = {"service": rows.service, "score": 4, "reason": canary(f"{name}-office")}
    rows.judgement = make(Judgement, rows.plan, criterion=rows.criterion, **said)
    make(Criterion, rows.plan, code="auto", name="Automation", axis="ease", measure="automation", place=1)


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
