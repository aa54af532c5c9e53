"""The page of the X-ray, and everything that one of its rules finds."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from ssoplanner.web.views.rows import PlanRequest, plan_crumb, plan_url
from ssoplanner.web.xray import page


def xray(request: PlanRequest, slug: str) -> HttpResponse:
    """What is inconsistent or missing; with `rule` in the address all that this rule finds."""
    member = request.member
    rule = page.rule_named(member, request.GET.get("rule", ""))
    if rule is not None:
        crumbs = plan_crumb(member.plan, ("X-ray", plan_url(member, "xray")))
        return render(request, "web/xray_rule.html", {**page.one_rule(member, rule, request.GET), "crumbs": crumbs})
    context = {"is_empty": True} if page.is_empty(member) else page.overview(member, request.GET)
    return render(request, "web/xray.html", {**context, "crumbs": plan_crumb(member.plan)})
