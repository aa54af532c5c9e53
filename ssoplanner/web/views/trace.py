"""How a figure was computed: the page behind every "How is this computed?"."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from ssoplanner.web.tracing.page import trace as trace_context
from ssoplanner.web.views.rows import PlanRequest, plan_crumb


def trace(request: PlanRequest, slug: str, calculation: str, partition: int | None = None) -> HttpResponse:
    """A result's formula, inputs, parts and time; `partition` is the id of the agency or service that it is about."""
    part = "" if partition is None else str(partition)
    context = trace_context(request.member, calculation, part, request.GET)
    return render(request, "web/trace.html", context | {"crumbs": plan_crumb(request.member.plan)})
