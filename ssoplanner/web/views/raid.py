"""The log of risks: the list, and the pages on which one is added, changed and removed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from ssoplanner.access.gate import Member, NotYourRole
from ssoplanner.access.policy import policy
from ssoplanner.steps.models import Risk
from ssoplanner.web import raid as log
from ssoplanner.web.forms.raid import RiskForm
from ssoplanner.web.steps import talks
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb, plan_url

NOT_THEIRS = "Only its owner and the program office change a risk."


def raid(request: PlanRequest, slug: str) -> HttpResponse:
    """All open risks, or those of a status."""
    member = request.member
    context = {
        **log.raid(member, request.GET),
        "add_url": plan_url(member, "risk_new") if member.has(*policy()["risk_new"].write) else "",
        "rating_url": plan_url(member, "risks") if member.sees_all else "",
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/raid.html", context)


def risk_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a risk."""
    member = request.member
    form = RiskForm(request.POST or None, member=member)
    intro = "Something that may happen and would harm the plan. What has happened already is a task."
    return form_page(
        request, form, done=plan_url(member, "raid"), title="Add a risk", intro=intro, crumbs=_crumbs(member)
    )


def risk_edit(request: PlanRequest, slug: str, risk_id: int) -> HttpResponse:
    """Change a risk: its owner and the program office."""
    member, risk = request.member, _risk(request.member, risk_id)
    if not log.edits_risk(member, risk):
        raise NotYourRole(NOT_THEIRS)
    removal = {"delete_url": plan_url(member, "risk_delete", risk_id=risk.pk)} if member.runs_plan else {}
    return form_page(
        request,
        RiskForm(request.POST or None, instance=risk, member=member),
        done=_home(member),
        title="Change a risk",
        intro="",
        crumbs=_crumbs(member),
        **removal,
    )


def risk_delete(request: PlanRequest, slug: str, risk_id: int) -> HttpResponse:
    """Remove a risk that should never have stood there; one that is over is closed."""
    member, risk = request.member, _risk(request.member, risk_id)
    back = plan_url(member, "risk_edit", risk_id=risk.pk)
    return delete_page(request, risk, done=plan_url(member, "raid"), back=back)


def _risk(member: Member, risk_id: int) -> Risk:
    found: Risk = get_object_or_404(log.visible_risks(member), pk=risk_id)
    return found


def _home(member: Member) -> str:
    """The log; a viewer, who does not read it, comes from their tasks."""
    return plan_url(member, "raid" if talks(member) else "my_tasks")


def _crumbs(member: Member) -> list[tuple[str, str]]:
    if not talks(member):
        return plan_crumb(member.plan, ("My tasks", plan_url(member, "my_tasks")))
    return plan_crumb(member.plan, ("Risks", plan_url(member, "raid")))
