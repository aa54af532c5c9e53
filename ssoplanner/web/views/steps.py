"""The page of a step, and what is changed from it: owner and dates, criteria, evidence, comments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from ssoplanner.core.models import Source
from ssoplanner.recompute.writer import Actor
from ssoplanner.steps.models import Comment, Evidence
from ssoplanner.steps.progress import progress_of, tick
from ssoplanner.steps.registry import Step, steps_by_key
from ssoplanner.uploads.attachments import KINDS
from ssoplanner.web.forms.steps import CommentForm, EvidenceForm, StepForm
from ssoplanner.web.steps import check_edits_step, step_context, step_url, talks
from ssoplanner.web.steps_talk import comments_page
from ssoplanner.web.tasks.page import step_task_context
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb


def step(request: PlanRequest, slug: str, step_key: str) -> HttpResponse:
    """Everything about a step; a POST adds a comment."""
    member, declared = request.member, _step(step_key)
    form = None
    if talks(member):
        blank = Comment(plan=member.plan, step=declared.key)
        form = CommentForm(request.POST or None, instance=blank, member=member)
        if form.is_bound and form.is_valid() and form.save_row() is not None:
            messages.success(request, "Your comment is added.")
            if unknown := form.unknown_names():
                messages.warning(request, unknown)
            return redirect(f"{step_url(member.plan, declared.key)}#comments")
    context = step_context(member, declared) | step_task_context(member, declared.key)
    context |= {"form": form, "crumbs": plan_crumb(member.plan)}
    if form is not None:
        context["comments"], context["comment_pages"] = comments_page(member, declared.key, request.GET.get("page"))
    status = 422 if form is not None and form.is_bound else 200
    return render(request, templates(declared), context, status=status)


def templates(declared: Step) -> list[str]:
    """A phase's own template for its step, where it has one (assess/readiness.html), else the one of all steps."""
    return [f"{declared.key.replace('.', '/')}.html", "web/step.html"]


def _step(key: str) -> Step:
    if key not in steps_by_key():
        raise Http404("No such step.")
    return steps_by_key()[key]


def step_edit(request: PlanRequest, slug: str, step_key: str) -> HttpResponse:
    """Owner, status and dates: the program office and the step's owner."""
    member, declared = request.member, _step(step_key)
    row = progress_of(member.plan, declared.key)
    check_edits_step(member, row)
    form = StepForm(request.POST or None, instance=row, member=member)
    title = f"Change {declared}"
    return form_page(request, form, title=title, intro="", **_around(request, declared))


def _around(request: PlanRequest, declared: Step) -> dict[str, Any]:
    """Where the pages about a step lead back to."""
    page = step_url(request.member.plan, declared.key)
    return {"done": page, "crumbs": plan_crumb(request.member.plan, (str(declared), page))}


def step_criteria(request: PlanRequest, slug: str, step_key: str) -> HttpResponse:
    """Tick and clear criteria. The page sends which were ticked when it was drawn, so that others' ticks stay."""
    plan, declared = request.member.plan, _step(step_key)
    ticked, were = set(request.POST.getlist("met")), set(request.POST.getlist("were"))
    actor = Actor(user=request.user, source=Source.BROWSER)
    try:
        row = tick(plan, declared.key, actor=actor, add=ticked - were, remove=were - ticked)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{len(row.met)} of {len(declared.done_when)} criteria are met.")
    return redirect(f"{step_url(plan, declared.key)}#done-when")


def step_evidence_new(request: PlanRequest, slug: str, step_key: str) -> HttpResponse:
    """Add a piece of evidence."""
    member, declared = request.member, _step(step_key)
    check_edits_step(member, progress_of(member.plan, declared.key))
    sent = {"data": request.POST or None, "files": request.FILES or None}
    form = EvidenceForm(**sent, instance=Evidence(plan=member.plan), member=member, step=declared.key)
    intro = f"What shows how far {declared} is: a title, and where it can be read or the file itself."
    return form_page(request, form, title="Add evidence", intro=intro, **_around(request, declared))


def step_evidence_file(request: PlanRequest, slug: str, evidence_id: int) -> HttpResponse:
    """The file of a piece of evidence: always a download, which no browser shows, runs or keeps as ours."""
    rows = Evidence.objects.for_plan(request.member.plan).filter(file__isnull=False).select_related("file")
    found = get_object_or_404(rows, pk=evidence_id)
    headers = {
        "Content-Disposition": content_disposition_header(True, found.file_name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    content_type = KINDS[found.file_kind].content_type
    return HttpResponse(bytes(found.file.content), content_type=content_type, headers=headers)


def step_evidence_delete(request: PlanRequest, slug: str, evidence_id: int) -> HttpResponse:
    """Remove a piece of evidence."""
    plan = request.member.plan
    found = get_object_or_404(Evidence.objects.for_plan(plan).select_related("progress"), pk=evidence_id)
    check_edits_step(request.member, found.progress)
    page = step_url(plan, found.progress.step)
    return delete_page(request, found, done=page, back=page)
