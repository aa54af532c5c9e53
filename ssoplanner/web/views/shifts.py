"""The twelve shifts: the plan's own before-and-after, and the page on which one of them is judged."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from ssoplanner.steps.shifts import LEVELS, shifts_by_key
from ssoplanner.steps.standing import standing_of
from ssoplanner.web.forms.shifts import ShiftForm
from ssoplanner.web.history import row_history
from ssoplanner.web.roadmap.pillars import asked_pillar, pillar_choices
from ssoplanner.web.shifts import groups, line_of, shift_lines, summary
from ssoplanner.web.views.rows import PlanRequest, form_page, plan_crumb, plan_url


def shifts(request: PlanRequest, slug: str) -> HttpResponse:
    """All twelve by pillar; with `pillar` in the address those of one."""
    member, chosen = request.member, asked_pillar(request.GET)
    lines, page = shift_lines(member), plan_url(member, "shifts")
    context = {
        "summary": summary(lines),
        "none_judged": not any(line.level for line in lines),
        "overview": groups(lines, None) if chosen is None else [],
        "groups": groups(lines, chosen),
        "levels": LEVELS,
        "pillar": chosen,
        "pillar_filter": pillar_choices(page, chosen, [[line.shift.pillar] for line in lines], "All shifts"),
        "can_edit": member.runs_plan,
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/shifts.html", context)


def shift(request: PlanRequest, slug: str, shift_key: str) -> HttpResponse:
    """One shift and its history; the program office judges it here."""
    if shift_key not in shifts_by_key():
        raise Http404("No such shift.")
    member, page = request.member, plan_url(request.member, "shifts")
    row = standing_of(member.plan, shift_key)
    context: dict[str, Any] = {
        "title": str(row),
        "line": line_of(member.plan, row),
        "can_edit": member.runs_plan,
        "crumbs": plan_crumb(member.plan, ("Shifts", page)),
    }
    if not member.runs_plan:
        events = row_history(row, member) if row.pk else []
        return render(request, "web/shift.html", context | {"events": events})
    form = ShiftForm(request.POST or None, instance=row, member=member)
    return form_page(request, form, template="web/shift.html", done=f"{page}#{row.declared.anchor}", **context)
