"""Exports: what a person asked for, how far it is, and the file once it is there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.text import get_text_list

from ssoplanner.access.gate import Member, NotYourRole
from ssoplanner.core.models import Role
from ssoplanner.documents.kinds import KINDS
from ssoplanner.recompute import clock
from ssoplanner.recompute.jobs import (
    AGAIN,
    UNFINISHED,
    CannotAsk,
    CannotCancel,
    JobKind,
    ask,
    cancel,
    job_kinds,
    jobs_folder,
    jobs_of,
    note_download,
    retry,
)
from ssoplanner.recompute.models import Job, JobState
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, plan_crumb, plan_url

SHOWN = 30
TONES = {
    JobState.QUEUED: "upcoming",
    JobState.RUNNING: "on_track",
    JobState.DONE: "complete",
    JobState.FAILED: "critical",
}
GONE = "This file is not there any more. You can have it made again."


def jobs(request: PlanRequest, slug: str) -> HttpResponse:
    """What can be exported and one's own exports; while one is unfinished, the list asks for itself every second."""
    member = request.member
    lines = [_line(job, member) for job in jobs_of(member.plan, request.user)[:SHOWN]]
    stamp = hashlib.sha256(repr([vars(line) for line in lines]).encode()).hexdigest()[:16]
    part = asks_for_part(request)
    if part and request.GET.get("have") == stamp:
        return HttpResponse(status=204)
    unfinished = sum(line.unfinished for line in lines)
    context = {
        "jobs": lines,
        "said": _said(lines, unfinished),
        "poll_url": f"{plan_url(member, 'jobs')}?have={stamp}" if unfinished else "",
        "part": part,
        "kinds": [_offer(kind, member) for kind in job_kinds().values() if member.has(*kind.roles)],
        "crumbs": plan_crumb(member.plan),
    }
    response = render(request, "web/_jobs.html" if part else "web/jobs.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _offer(kind: JobKind, member: Member) -> SimpleNamespace:
    url = plan_url(member, "job_new", kind=kind.key)
    return SimpleNamespace(title=kind.title, text=kind.text, url=url, lacking=kind.lacking())


def document_offers(member: Member, key: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """What `components/_documents.html` needs to offer a document in each kind of file, as the page shows it now."""
    offers = []
    for kind in KINDS:
        wanted = job_kinds()[f"{key}-{kind.key}"]
        url = plan_url(member, "job_new", kind=wanted.key)
        offers.append(SimpleNamespace(label=kind.label, title=wanted.title, url=url, lacking=wanted.lacking()))
    return {"offers": offers, "parameters": [(name, value) for name, value in parameters.items() if value]}


def _line(job: Job, member: Member) -> SimpleNamespace:
    kind, key = job_kinds().get(job.kind), {"job_id": job.pk}
    state = JobState.EXPIRED if _is_over(job) else JobState(job.state)
    unfinished, may_have = state in UNFINISHED, kind is not None and member.has(*kind.roles)
    return SimpleNamespace(
        pk=job.pk,
        title=kind.title_of(job) if kind else "Export",
        file_name=job.file_name if state == JobState.DONE else "",
        size=job.size,
        state=state.value,
        label=_label(job, state),
        tone=TONES.get(state, "neutral"),
        progress=job.progress,
        note=_note(job, state),
        asked_at=job.asked_at,
        expires_at=job.expires_at if state == JobState.DONE else None,
        unfinished=unfinished,
        download_url=plan_url(member, "job_download", **key) if state == JobState.DONE and may_have else "",
        cancel_url=plan_url(member, "job_cancel", **key) if unfinished and not job.cancel_requested else "",
        retry_url=plan_url(member, "job_retry", **key) if state in AGAIN and may_have else "",
    )


def _is_over(job: Job) -> bool:
    return job.state == JobState.DONE and job.expires_at is not None and job.expires_at <= clock.now()


def _label(job: Job, state: JobState) -> str:
    return "Stopping" if state in UNFINISHED and job.cancel_requested else str(state.label)


def _note(job: Job, state: JobState) -> str:
    if state == JobState.QUEUED and job.attempts:
        return "It did not work at once and is tried again soon."
    return job.error if state == JobState.FAILED else job.progress_text if state == JobState.RUNNING else ""


def _said(lines: list[SimpleNamespace], unfinished: int) -> str:
    """The list in a sentence, for those who do not see it change."""
    if unfinished:
        return f"{unfinished} {'export is' if unfinished == 1 else 'exports are'} on the way."
    return f"{lines[0].title}: {lines[0].label}." if lines else ""


def job_new(request: PlanRequest, slug: str, kind: str) -> HttpResponse:
    """Ask for an export; the list shows how far it is."""
    member, wanted = request.member, job_kinds().get(kind)
    if wanted is None:
        raise Http404("There is no such export.")
    check_kind(member, wanted)
    try:
        check_can_make(wanted)
        ask(plan=member.plan, user=request.user, kind=wanted.key, parameters=wanted.read(request.POST))
    except CannotAsk as refusal:
        messages.error(request, str(refusal))
    return redirect(plan_url(member, "jobs"))


def job_cancel(request: PlanRequest, slug: str, job_id: int) -> HttpResponse:
    """Stop an export that is on its way."""
    try:
        cancel(_own_job(request, job_id))
    except CannotCancel as refusal:
        messages.info(request, str(refusal))
    return redirect(plan_url(request.member, "jobs"))


def job_retry(request: PlanRequest, slug: str, job_id: int) -> HttpResponse:
    """Have an export made once more."""
    job = _own_job(request, job_id)
    _kind_of(job, request.member)
    try:
        retry(job)
    except CannotAsk as refusal:
        messages.error(request, str(refusal))
    return redirect(plan_url(request.member, "jobs"))


def job_download(request: PlanRequest, slug: str, job_id: int) -> Any:
    """The file, for whoever asked for it and still may have it."""
    job = _own_job(request, job_id)
    kind = _kind_of(job, request.member)
    try:
        if job.state != JobState.DONE or _is_over(job):
            raise FileNotFoundError
        file = (jobs_folder() / job.file).open("rb")
    except FileNotFoundError:
        messages.warning(request, GONE if job.state in (JobState.DONE, JobState.EXPIRED) else "There is no file yet.")
        return redirect(plan_url(request.member, "jobs"))
    if request.method == "GET":
        note_download(job)
    return FileResponse(file, as_attachment=True, filename=job.file_name, content_type=kind.content_type)


def _own_job(request: PlanRequest, job_id: int) -> Job:
    job: Job = get_object_or_404(jobs_of(request.member.plan, request.user), pk=job_id)
    return job


def _kind_of(job: Job, member: Member) -> JobKind:
    """The job's kind, if the member has one of its roles now."""
    kind = job_kinds().get(job.kind)
    if kind is None:
        raise Http404("This kind of export is not made any more.")
    check_kind(member, kind)
    return kind


def check_can_make(kind: JobKind) -> None:
    """Raise `CannotAsk` if this server lacks something to make such a file."""
    if reason := kind.lacking():
        raise CannotAsk(reason)


def check_kind(member: Member, kind: JobKind) -> None:
    """Raise `NotYourRole` unless the member has one of the kind's roles."""
    if not member.has(*kind.roles):
        wanted = get_text_list([role.label.lower() for role in Role if role in kind.roles], "or")
        raise NotYourRole(f"The export {kind.title} is for the {wanted}.")
