"""The readiness questions: each version with what is asked, and the draft that the program office prepares."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assess import question_sets
from assess.forms_questions import PublishForm, QuestionForm, QuestionWeights
from assess.models import Question, QuestionSet
from assess.pages_questions import questions_of_set, questions_page
from assess.starter_questions import give_questions
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Source
from ssoplanner.recompute.writer import Actor
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb, plan_url


def readiness_questions(request: PlanRequest, slug: str) -> HttpResponse:
    """One version of the questions, the newest published one unless `version` names another; the office may begin a
    draft, weigh its questions, publish it and throw it away."""
    member = request.member
    if request.method == "POST" and (done := _pressed(request)):
        return done
    sets = list(QuestionSet.objects.for_plan(member.plan).filter(**_visible(member)))
    shown = _shown(sets, "" if request.method == "POST" else request.GET.get("version", ""))
    edits = member.runs_plan and shown is not None and not shown.is_published
    questions = questions_of_set(shown) if shown else []
    weights = QuestionWeights(request.POST or None, member=member, rows=questions) if edits else None
    if request.method == "POST":
        if weights is None:
            messages.error(request, question_sets.NO_DRAFT)
            return redirect(plan_url(member, "readiness_questions"))
        if weights.is_valid() and weights.save():
            messages.success(request, "The weights are saved in the draft.")
            return redirect(plan_url(member, "readiness_questions"))
    context = questions_page(member, sets, shown, questions, weights)
    return render(request, "assess/readiness_questions.html", context, status=422 if request.method == "POST" else 200)


def _visible(member: Member) -> dict[str, bool]:
    """What is being prepared is the program office's until it is published."""
    return {} if member.runs_plan else {"published_on__isnull": False}


def _shown(sets: list[QuestionSet], asked: str) -> QuestionSet | None:
    """The version asked for; without one the draft, for whoever sees it, else the newest."""
    if not asked:
        return sets[0] if sets else None
    found = next((one for one in sets if str(one.number) == asked), None)
    if found is None:
        raise Http404("There is no such version of the questions.")
    return found


def _pressed(request: PlanRequest) -> HttpResponse | None:
    """The answer to one of the buttons beside the weights, if it was one."""
    member, actor = request.member, Actor(user=request.user, source=Source.BROWSER)
    if "starter" in request.POST:
        given = give_questions(member.plan, actor)
        messages.success(request, f"{given} is there. Each new campaign asks it.")
    elif "prepare" in request.POST:
        made = question_sets.begin_draft(member.plan, actor=actor)
        messages.success(request, f"Version {made.number} is being prepared. Nobody else sees it yet.")
    elif "discard" in request.POST:
        question_sets.discard(member.plan, actor=actor)
        messages.success(request, "The draft is discarded. What was published stands as it was.")
    else:
        return None
    return redirect(plan_url(member, "readiness_questions"))


def questions_publish(request: PlanRequest, slug: str) -> HttpResponse:
    """Publish the draft, with a note on what is new."""
    member, page = request.member, plan_url(request.member, "readiness_questions")
    current = question_sets.draft(member.plan)
    if current is None:
        messages.error(request, question_sets.NO_DRAFT)
        return redirect(page)
    return form_page(
        request,
        PublishForm(request.POST or None, instance=current, member=member),
        done=page,
        title=f"Publish version {current.number}",
        intro="It cannot be changed any more, and each new campaign asks it. Campaigns that have begun keep theirs.",
        submit_label="Publish",
        crumbs=_crumbs(member),
    )


def question_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a question to the draft."""
    member, page = request.member, plan_url(request.member, "readiness_questions")
    if question_sets.draft(member.plan) is None:
        messages.error(request, "Prepare a new version first: a published one stays as it is.")
        return redirect(page)
    return form_page(
        request,
        QuestionForm(request.POST or None, instance=Question(plan=member.plan), member=member),
        done=page,
        title="Add a question",
        intro="It is asked once the version that you are preparing is published.",
        crumbs=_crumbs(member),
    )


def question_edit(request: PlanRequest, slug: str, draft_question_id: int) -> HttpResponse:
    """Change a question of the draft, or retire it."""
    member, page = request.member, plan_url(request.member, "readiness_questions")
    row = _question(member, draft_question_id)
    return form_page(
        request,
        QuestionForm(request.POST or None, instance=row, member=member),
        done=page,
        title=f"Change {row.code}",
        intro=row.text,
        delete_url=plan_url(member, "question_delete", draft_question_id=row.pk),
        crumbs=_crumbs(member),
    )


def question_delete(request: PlanRequest, slug: str, draft_question_id: int) -> HttpResponse:
    """Take a question out of the draft."""
    member = request.member
    row = _question(member, draft_question_id)
    back = plan_url(member, "question_edit", draft_question_id=row.pk)
    page = plan_url(member, "readiness_questions")
    return delete_page(request, row, done=page, back=back, remove=question_sets.remove_question)


def _question(member: Member, question_id: int) -> Question:
    rows = Question.objects.for_plan(member.plan).select_related("question_set", "plan")
    row: Question = get_object_or_404(rows, pk=question_id)
    if row.question_set.is_published:
        raise Http404(question_sets.PUBLISHED)
    return row


def _crumbs(member: Member) -> list[tuple[str, str]]:
    return plan_crumb(
        member.plan,
        ("Readiness", plan_url(member, "readiness")),
        ("Questions", plan_url(member, "readiness_questions")),
    )
