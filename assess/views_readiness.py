"""Answering a questionnaire: the page, the saving of one answer by itself, and opening it again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assess.forms_readiness import ReopenForm
from assess.models import Question, Questionnaire
from assess.pages_readiness_answer import (
    QuestionLine,
    Said,
    answer_page,
    conflict_said,
    progress,
    question_line,
    question_lines,
    stored,
)
from assess.readiness_answers import Typed, save_answer, typed
from assess.readiness_sheets import CannotAnswer, check_answers, find_sheet, questions_of, reopen, sheets_of, submit
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Source, Versioned
from ssoplanner.recompute.writer import Actor, Conflict
from ssoplanner.steps.progress import today
from ssoplanner.web.views.rows import PlanRequest, plan_crumb, plan_url

Sent = dict[int, Typed]


def readiness_answer(request: PlanRequest, slug: str, sheet_id: int) -> HttpResponse:
    """The questionnaire. A POST saves all that was typed, and with `submit` locks it if no answer is missing."""
    member, sheet = request.member, find_sheet(request.member, sheet_id)
    if request.method != "POST":
        return render(
            request,
            "assess/readiness_answer.html",
            answer_page(member, sheet, question_lines(member, sheet, stored(sheet))),
        )
    check_answers(member, sheet)
    sent = {question.pk: typed(request.POST, question) for question in questions_of(sheet)}
    try:
        said = _save_all(member, sheet, sent)
        missing = submit(sheet, actor=_actor(member), today=today(member.plan)) if _submits(request, said) else []
    except CannotAnswer as reason:
        return _again(request, sheet, sent, {}, refused=str(reason))
    if said or missing:
        said |= {one.pk: Said("error", "This question has no answer yet.") for one in missing}
        return _again(request, sheet, sent, said)
    if "submit" in request.POST:
        messages.success(request, f"Submitted. Thank you for answering for {sheet.agency}.")
        return redirect(plan_url(member, "readiness"))
    messages.success(request, "Your answers are saved. You can go on with them at any time until the campaign closes.")
    return redirect(request.path)


def _submits(request: PlanRequest, said: dict[int, Said]) -> bool:
    return "submit" in request.POST and not said


def _save_all(member: Member, sheet: Questionnaire, sent: Sent) -> dict[int, Said]:
    """Save each answer that differs from what is stored, and say of those that could not be saved why."""
    known, said = stored(sheet), {}
    for line in question_lines(member, sheet, sent):
        if _same(line.typed, known.get(line.question.pk, Typed())):
            continue
        found = _save(member, sheet, line)
        if found.tone in {"error", "conflict"}:
            said[line.question.pk] = found
    return said


def _same(one: Typed, other: Typed) -> bool:
    return (one.choice, one.comment, one.evidence) == (other.choice, other.comment, other.evidence)


def _save(member: Member, sheet: Questionnaire, line: QuestionLine) -> Said:
    """Save one answer. Raises `CannotAnswer`."""
    try:
        save_answer(sheet, line.question, line.typed, actor=_actor(member), today=today(member.plan))
    except ValidationError as error:
        return Said("error", " ".join(error.messages))
    except Conflict as conflict:
        return conflict_said(conflict, line, member)
    return Said("saved", "Saved.")


def _again(
    request: PlanRequest, sheet: Questionnaire, sent: Sent, said: dict[int, Said], refused: str = ""
) -> HttpResponse:
    """The page with what was typed, and what is wrong with it. Versions are those of now where it was saved."""
    now = stored(sheet)
    kept = {pk: now[pk] if pk in now and pk not in said and _same(one, now[pk]) else one for pk, one in sent.items()}
    lines = question_lines(request.member, sheet, kept, said)
    context = answer_page(
        request.member, sheet, lines, refused=refused, problems=[one for one in lines if one.said.text]
    )
    return render(request, "assess/readiness_answer.html", context, status=409 if refused else 422)


def readiness_save(request: PlanRequest, slug: str, sheet_id: int, question_id: int) -> HttpResponse:
    """Save one answer as soon as it is given. The answer is the line below the question, and how far one is."""
    member, sheet = request.member, find_sheet(request.member, sheet_id)
    check_answers(member, sheet)
    line = _line(request, sheet, _question(sheet, question_id))
    try:
        said = _save(member, sheet, line)
    except CannotAnswer as reason:
        said = Said("error", str(reason))
    now = stored(sheet)
    if said.tone == "saved":
        line = question_line(member, sheet, line.question, line.number, now.get(question_id, line.typed))
    context = {"line": line, "said": said, "sheet": sheet, "progress": progress(question_lines(member, sheet, now))}
    # 200 whatever it says: htmx shows no other answer, and what is wrong has to be read.
    return render(request, "assess/_question_saved.html", context)


def _question(sheet: Questionnaire, question_id: int) -> Question:
    found = next((one for one in questions_of(sheet) if one.pk == question_id), None)
    if found is None:
        raise Http404("This question is not in the questionnaire. Load the page again.")
    return found


def _line(request: PlanRequest, sheet: Questionnaire, question: Question) -> QuestionLine:
    return question_line(request.member, sheet, question, 0, typed(request.POST, question))


def readiness_reopen(request: PlanRequest, slug: str, sheet_id: int) -> HttpResponse:
    """Unlock a submitted questionnaire: the program office, with a reason."""
    member = request.member
    sheet: Questionnaire = get_object_or_404(sheets_of(member.plan), pk=sheet_id)
    done = plan_url(member, "readiness_campaign", campaign_id=sheet.campaign_id)
    form = ReopenForm(request.POST or None, instance=sheet, member=member)

    def write(typed: dict[str, object]) -> Versioned:
        return reopen(sheet, actor=form.actor, reason=str(typed["reopened"]))

    if request.method == "POST" and form.is_valid() and form.save_with(write) is not None:
        messages.success(request, f"{sheet.respondent} can change the answers for {sheet.agency} again.")
        return redirect(done)
    page = {"done": done, "title": f"Open the answers of {sheet.respondent} again", "submit_label": "Open again"}
    intro = f"For {sheet.agency}, {sheet.campaign}. The figures leave them out until they are submitted again."
    context = {"form": form, "cancel_url": done, "intro": intro, "crumbs": _crumbs(member), **page}
    return render(request, "web/form.html", context, status=422 if form.is_bound else 200)


def _crumbs(member: Member) -> list[tuple[str, str]]:
    return plan_crumb(
        member.plan,
        ("Readiness", plan_url(member, "readiness")),
        ("Campaigns", plan_url(member, "readiness_campaigns")),
    )


def _actor(member: Member) -> Actor:
    return Actor(user=member.user, source=Source.BROWSER)
