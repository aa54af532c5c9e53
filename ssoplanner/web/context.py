"""What the frame around every page shows: the plan, its pages, the method with its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Plan
from ssoplanner.phases import Phase
from ssoplanner.steps.models import StepProgress, StepStatus
from ssoplanner.steps.registry import steps_by_phase

# (URL name, label, icon, URL names that belong to it)
PAGES = (
    ("plan", "Home", "home", ()),
    ("agencies", "Agencies", "account_balance", ("agency", "provision")),
    ("services", "Services", "construction", ("service", "area")),
    ("systems", "Systems", "settings", ("system",)),
    ("kpis", "KPIs", "trending_up", ("kpi", "benchmark")),
    ("people", "People", "people", ("invit", "membership")),
    ("history", "History", "history", ()),
    ("jobs", "Exports", "file_download", ()),
    ("figures", "Workers", "autorenew", ("release",)),
    ("plan_settings", "Settings", "build", ()),
)


@dataclass(frozen=True)
class NavLink:
    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class StepLine:
    code: str
    title: str
    status: str
    status_label: str


@dataclass(frozen=True)
class PhaseLine:
    number: int
    title: str
    outcome: str
    steps: tuple[StepLine, ...]


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame's context. Outside a plan there is only the account menu."""
    member: Member | None = getattr(request, "member", None)
    if member is None:
        return {"member": None, "plan": None, "nav": [], "phase_nav": []}
    return {"member": member, "plan": member.plan, "nav": _nav(request, member), "phase_nav": phase_lines(member.plan)}


def phase_lines(plan: Plan) -> list[PhaseLine]:
    """The five phases with the state of their steps: one query."""
    states = dict(StepProgress.objects.for_plan(plan).values_list("step", "status"))
    return [PhaseLine(phase.number, phase.title, phase.outcome, _lines(phase, states)) for phase, _ in steps_by_phase()]


def _lines(phase: Phase, states: dict[str, str]) -> tuple[StepLine, ...]:
    found = dict(steps_by_phase())[phase]
    return tuple(
        StepLine(step.code, step.title, status.value, str(status.label))
        for step in found
        for status in [StepStatus(states.get(step.key, StepStatus.UPCOMING))]
    )


def _nav(request: HttpRequest, member: Member) -> list[NavLink]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        NavLink(
            label=label,
            url=reverse(name, kwargs={"slug": member.plan.slug}),
            icon=icon,
            current=here == name or any((here or "").startswith(prefix) for prefix in family),
        )
        for name, label, icon, family in PAGES
        if member.has(*policy()[name].read)
    ]
