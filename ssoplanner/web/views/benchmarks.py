"""Benchmarks: figures of others with their population, year and source, from the library and one's own."""

from __future__ import annotations

from types import SimpleNamespace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Benchmark, BenchmarkMeasure, Plan, Source
from ssoplanner.recompute.writer import Actor
from ssoplanner.starter.benchmarks import LIBRARY, Subjects, add_library, subjects
from ssoplanner.web import formats
from ssoplanner.web.forms.benchmarks import BenchmarkForm
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb, plan_url

FIGURES = {"figure": "", "p25": "P25", "p50": "median", "p75": "P75"}
LABELS = {BenchmarkMeasure.OTHER: "Service targets and others"}
FROM_LIBRARY = (
    "This benchmark comes from the library and stands there as its source has it. "
    "Remove it and add one of your own instead."
)


def benchmarks(request: PlanRequest, slug: str) -> HttpResponse:
    """All benchmarks of the plan by what they measure."""
    member = request.member
    rows, known = list(Benchmark.objects.for_plan(member.plan)), subjects(member.plan)
    lines = [_line(row, known, member) for row in rows]
    groups = [
        SimpleNamespace(
            label=LABELS.get(measure, measure.label), benchmarks=[line for line in lines if line.measure == measure]
        )
        for measure in BenchmarkMeasure
    ]
    context = {
        "groups": [group for group in groups if group.benchmarks],
        "can_edit": member.runs_plan,
        "missing": len({one.library for one in LIBRARY} - {row.library for row in rows}),
        "add_url": plan_url(member, "benchmark_new"),
        "library_url": plan_url(member, "benchmark_library"),
        "crumbs": _crumbs(member, page=False),
    }
    return render(request, "web/benchmarks.html", context)


def _line(row: Benchmark, known: Subjects, member: Member) -> SimpleNamespace:
    edits = member.runs_plan and not row.library
    shown = ("metric", "unit", "population", "year", "source", "measure", "library")
    return SimpleNamespace(
        figures=_figures(row, member.plan),
        subject=known.name(row.subject) if row.subject else "",
        in_plan=row.subject in known,
        edit_url=plan_url(member, "benchmark_edit", benchmark_id=row.pk) if edits else "",
        delete_url=plan_url(member, "benchmark_delete", benchmark_id=row.pk) if member.runs_plan else "",
        **{name: getattr(row, name) for name in shown},
    )


def _figures(row: Benchmark, plan: Plan) -> list[tuple[str, str]]:
    """What is given of it: (name, figure), the single figure without a name."""
    given = [(label, getattr(row, name)) for name, label in FIGURES.items()]
    return [(label, formats.number(value.normalize() + 0, plan)) for label, value in given if value is not None]


def _crumbs(member: Member, *, page: bool = True) -> list[tuple[str, str]]:
    more = [("Benchmarks", plan_url(member, "benchmarks"))] if page else []
    return plan_crumb(member.plan, ("KPIs", plan_url(member, "kpis")), *more)


def benchmark_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a benchmark of one's own."""
    member = request.member
    return form_page(
        request,
        BenchmarkForm(request.POST or None, member=member),
        done=plan_url(member, "benchmarks"),
        title="Add a benchmark",
        intro="A figure of others that the plan can be held against, with the source that it stands on.",
        crumbs=_crumbs(member),
    )


def benchmark_edit(request: PlanRequest, slug: str, benchmark_id: int) -> HttpResponse:
    """Change a benchmark of one's own. What the library says stays as its source has it."""
    member = request.member
    benchmark = get_object_or_404(Benchmark.objects.for_plan(member.plan), pk=benchmark_id)
    if benchmark.library:
        messages.error(request, FROM_LIBRARY)
        return redirect(plan_url(member, "benchmarks"))
    return form_page(
        request,
        BenchmarkForm(request.POST or None, instance=benchmark, member=member),
        done=plan_url(member, "benchmarks"),
        title="Change a benchmark",
        intro=benchmark.metric,
        delete_url=plan_url(member, "benchmark_delete", benchmark_id=benchmark.pk),
        crumbs=_crumbs(member),
    )


def benchmark_delete(request: PlanRequest, slug: str, benchmark_id: int) -> HttpResponse:
    """Remove a benchmark; one of the library can be added again."""
    member = request.member
    benchmark = get_object_or_404(Benchmark.objects.for_plan(member.plan), pk=benchmark_id)
    edit = plan_url(member, "benchmark_edit", benchmark_id=benchmark.pk)
    done = plan_url(member, "benchmarks")
    return delete_page(request, benchmark, done=done, back=done if benchmark.library else edit)


def benchmark_library(request: PlanRequest, slug: str) -> HttpResponse:
    """Add what the library has and the plan has not."""
    member = request.member
    added = add_library(member.plan, Actor(user=request.user, source=Source.BROWSER))
    count = f"{len(added)} benchmarks" if len(added) != 1 else "1 benchmark"
    messages.success(request, f"Added {count}." if added else "The plan has the whole library already.")
    return redirect(plan_url(member, "benchmarks"))
