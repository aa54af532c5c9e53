"""What the frame around every page shows: the plan, its pages, the method with its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Plan
from ssoplanner.steps.models import StepProgress, StepStatus
from ssoplanner.steps.registry import Step, steps_by_phase
from ssoplanner.web.shortcuts import GRID_KEYS, PAGE_KEYS, TASKS_KEY
from ssoplanner.web.tasks.page import BarTasks

# (URL name, label, icon, URL names that belong to it)
PAGES = (
    ("plan", "Home", "home", ()),
    ("roadmap", "Roadmap", "map", ("sessions",)),
    ("agencies", "Agencies", "account_balance", ("agency", "provision")),
    ("services", "Services", "construction", ("service", "area")),
    ("systems", "Systems", "settings", ("system",)),
    ("kpis", "KPIs", "trending_up", ("kpi", "benchmark")),
    ("shifts", "Shifts", "directions", ("shift",)),
    ("raid", "Risks", "report", ("risk",)),
    ("xray", "X-ray", "visibility", ()),
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
    key: str = ""  # what follows g to go there


@dataclass(frozen=True)
class StepLine:
    code: str
    title: str
    status: str
    status_label: str
    url: str
    current: bool


@dataclass(frozen=True)
class PhaseLine:
    number: int
    title: str
    outcome: str
    url: str
    steps: tuple[StepLine, ...]
    is_here: bool

    @property
    def is_current(self) -> bool:
        """Whether the page is about it or one of its steps."""
        return self.is_here or any(step.current for step in self.steps)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame's context. Outside a plan there is only the account menu."""
    member: Member | None = getattr(request, "member", None)
    if member is None:
        return {"member": None, "plan": None, "nav": [], "phase_nav": [], "grid_keys": GRID_KEYS}
    return {
        "member": member,
        "plan": member.plan,
        # A part of a page that is loaded again, often by many, shows none of it.
        "nav": SimpleLazyObject(lambda: _nav(request, member)),
        "phase_nav": SimpleLazyObject(lambda: phase_lines(member.plan, _step_or_phase_at(request))),
        "tasks_link": SimpleLazyObject(lambda: _tasks_link(request, member)),
        "bar_tasks": BarTasks(member),
        "grid_keys": GRID_KEYS,
    }


def _tasks_link(request: HttpRequest, member: Member) -> NavLink:
    here = request.resolver_match.url_name if request.resolver_match else ""
    url = reverse("my_tasks", kwargs={"slug": member.plan.slug})
    return NavLink("My tasks", url, "check_circle_outline", here == "my_tasks", TASKS_KEY)


def _step_or_phase_at(request: HttpRequest) -> str:
    """The key of the step or phase that the page is about, if it is about one."""
    parts = request.resolver_match.kwargs if request.resolver_match else {}
    return str(parts.get("step_key") or parts.get("phase_key") or "")


def phase_lines(plan: Plan, here: str = "") -> list[PhaseLine]:
    """The five phases with the state of their steps: one query. `here` is the step or phase of the page at hand."""
    states = dict(StepProgress.objects.for_plan(plan).values_list("step", "status"))
    return [
        PhaseLine(
            phase.number,
            phase.title,
            phase.outcome,
            reverse("phase", kwargs={"slug": plan.slug, "phase_key": phase.key}),
            tuple(_line(plan, one, states, here) for one in found),
            phase.key == here,
        )
        for phase, found in steps_by_phase()
    ]


def _line(plan: Plan, step: Step, states: dict[str, str], here: str) -> StepLine:
    status = StepStatus(states.get(step.key, StepStatus.UPCOMING))
    url = reverse("step", kwargs={"slug": plan.slug, "step_key": step.key})
    return StepLine(step.code, step.title, status.value, str(status.label), url, step.key == here)


def _nav(request: HttpRequest, member: Member) -> list[NavLink]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        NavLink(
            label=label,
            url=reverse(name, kwargs={"slug": member.plan.slug}),
            icon=icon,
            current=here == name or any((here or "").startswith(prefix) for prefix in family),
            key=PAGE_KEYS.get(name, ""),
        )
        for name, label, icon, family in PAGES
        if member.has(*policy()[name].read)
    ]
