"""For the program office: how the plan's figures stand, which workers compute them, and who sees them."""

from __future__ import annotations

from types import SimpleNamespace

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ssoplanner.core.models import Plan, Source
from ssoplanner.recompute.calculations import Audience, calculations
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.overview import Overview, Unfinished, overview, try_again, workers
from ssoplanner.recompute.reading import State
from ssoplanner.recompute.writer import Actor, create, delete
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, plan_crumb

# How people read a state: its words, and the mark beside them.
STATES = {
    State.CURRENT: ("Current", "complete"),
    State.COMPUTING: ("Being computed", "on_track"),
    State.WAITING: ("Waiting", "upcoming"),
    State.FAILED: ("Failed", "critical"),
}


def figures(request: PlanRequest, slug: str) -> HttpResponse:
    """What is waiting, since when, what failed and why, which workers live; a POST has failed results tried again."""
    current = request.member.plan
    if request.method == "POST":
        count = try_again(current.pk)
        messages.success(request, _tried(count))
        return redirect("figures", slug=slug)
    context = {
        **_state(current),
        "releases": _releases(current),
        "crumbs": plan_crumb(current),
        "refresh_url": reverse("figures", kwargs={"slug": slug}),
    }
    return render(request, "web/_figures.html" if asks_for_part(request) else "web/figures.html", context)


def _tried(count: int) -> str:
    if not count:
        return "No result has failed."
    return "The failed result is tried again now." if count == 1 else f"{count} failed results are tried again now."


def _state(plan: Plan) -> dict[str, object]:
    seen, found = workers(), overview(plan.pk)
    return {
        "counts": [
            SimpleNamespace(label=label, tone=tone, value=found.counts[state])
            for state, (label, tone) in STATES.items()
        ],
        "unfinished": _lines(found, plan),
        "more": sum(found.counts.values()) - found.counts[State.CURRENT] - len(found.unfinished),
        "failed": found.counts[State.FAILED],
        "workers": seen,
        "alive": sum(1 for worker in seen if worker.lives),
    }


def _lines(found: Overview, plan: Plan) -> list[SimpleNamespace]:
    names = _names(found, plan)
    return [_line(row, names.get((row.calculation, row.partition), "")) for row in found.unfinished]


def _line(row: Unfinished, name: str) -> SimpleNamespace:
    label, tone = STATES[row.state]
    calculation = calculations().get(row.calculation)
    return SimpleNamespace(
        title=calculation.title if calculation else row.calculation,
        name=name,
        label=label,
        tone=tone,
        since=row.since,
        attempts=row.attempts,
        error=row.error if row.state is State.FAILED else "",
    )


def _names(found: Overview, plan: Plan) -> dict[tuple[str, str], str]:
    """What a partition is called: one query for each model that partitions stand for."""
    by_model: dict[type[Model], dict[str, str]] = {}
    names = {}
    for row in found.unfinished:
        calculation = calculations().get(row.calculation)
        if calculation is None or calculation.per.model is Plan:
            continue
        model = calculation.per.model
        if model not in by_model:
            rows = model._base_manager.filter(plan=plan)  # type: ignore[misc]
            by_model[model] = {str(one.pk): str(one) for one in rows}
        names[row.calculation, row.partition] = by_model[model].get(row.partition, "")
    return names


def _releases(plan: Plan) -> list[SimpleNamespace]:
    released = {release.calculation: release for release in Release.objects.for_plan(plan)}
    return [
        SimpleNamespace(key=key, title=calculation.title, release=released.get(key))
        for key, calculation in calculations().items()
        if calculation.audience is Audience.RELEASED
    ]


def release(request: PlanRequest, slug: str) -> HttpResponse:
    """Let every member see a plan-wide result, or take that back."""
    calculation = calculations().get(request.POST.get("calculation", ""))
    if calculation is None or calculation.audience is not Audience.RELEASED:
        messages.error(request, "There is no such result to release.")
        return redirect("figures", slug=slug)
    plan, actor = request.member.plan, Actor(user=request.user, source=Source.BROWSER)
    held = Release.objects.for_plan(plan).filter(calculation=calculation.key).first()
    if request.POST.get("withdraw") and held is not None:
        delete(held, actor=actor, version=held.version)
        messages.success(request, f"{calculation.title}: leads and viewers no longer see it.")
    elif not request.POST.get("withdraw") and held is None:
        create(Release, plan=plan, actor=actor, values={"calculation": calculation.key})
        messages.success(request, f"{calculation.title}: every member of the plan sees it now.")
    return redirect("figures", slug=slug)
