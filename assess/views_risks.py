"""What the gate asks besides figures: the twelve risks, rated twice, and the five questions of an auditor."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from assess import pages_risks
from assess.forms_risks import AuditorForm, RiskScoreForm
from assess.models import AuditorAnswer, Rater, RiskScore
from assess.pages_risks import next_unrated, rate_url, rates
from assess.risk_texts import PHASE, questions_by_key, risks_by_key
from ssoplanner.access.gate import Member, NotYourRole
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, form_page, plan_crumb, plan_url

NOT_THEIRS = {
    Rater.OWN.value: "The agencies’ own rating is given by the program office.",
    Rater.INDEPENDENT.value: "The independent rating is given by board members and analysts who do not run the plan.",
}


def risks(request: PlanRequest, slug: str) -> HttpResponse:
    """Both ratings side by side; to a script their sums alone."""
    member = request.member
    if asks_for_part(request):
        return render(request, "assess/_risks_totals.html", pages_risks.risks_part(member))
    crumbs = plan_crumb(member.plan, ("Risks", plan_url(member, "raid")))
    return render(request, "assess/risks.html", {**pages_risks.risks(member), "crumbs": crumbs})


def risk_rate(request: PlanRequest, slug: str, risk_key: str, rater: str) -> HttpResponse:
    """Rate one risk for one side. Once it is saved the next unrated one follows."""
    member, text = request.member, risks_by_key().get(risk_key)
    if text is None or rater not in NOT_THEIRS:
        raise Http404("No such risk.")
    if not rates(member, rater):
        raise NotYourRole(NOT_THEIRS[rater])
    page = plan_url(member, "risks")
    row = _score(member, risk_key, rater)
    follows = None if row.pk else next_unrated(member, rater, risk_key)
    return form_page(
        request,
        RiskScoreForm(request.POST or None, instance=row, member=member),
        done=rate_url(member.plan, follows, rater) if follows else f"{page}#{risk_key}",
        cancel_url=f"{page}#{risk_key}",
        submit_label="Save, and go on to the next" if follows else "Save",
        title=f"{text.name} risk",
        intro=f"{Rater(rater).label}. {text.note}".strip(),
        crumbs=plan_crumb(member.plan, ("Risks", plan_url(member, "raid")), ("Twelve risks", page)),
    )


def auditor_questions(request: PlanRequest, slug: str) -> HttpResponse:
    """The five questions, with how far each is settled."""
    member = request.member
    context = {**pages_risks.auditor_questions(member), "crumbs": plan_crumb(member.plan)}
    return render(request, "assess/auditor_questions.html", context)


def auditor_answer(request: PlanRequest, slug: str, auditor_key: str) -> HttpResponse:
    """Answer one of them."""
    member, question = request.member, questions_by_key().get(auditor_key)
    if question is None:
        raise Http404("No such question.")
    page = plan_url(member, "auditor_questions")
    return form_page(
        request,
        AuditorForm(request.POST or None, instance=_answer(member, auditor_key), member=member),
        done=f"{page}#{auditor_key}",
        title=question.name,
        intro=f"{question.asks} {question.settled_when}",
        crumbs=plan_crumb(member.plan, ("Five questions", page)),
    )


def _score(member: Member, risk: str, rater: str) -> RiskScore:
    key = {"phase": PHASE, "risk": risk, "rater": rater}
    return RiskScore.objects.for_plan(member.plan).filter(**key).first() or RiskScore(plan=member.plan, **key)


def _answer(member: Member, question: str) -> AuditorAnswer:
    found = AuditorAnswer.objects.for_plan(member.plan).filter(question=question).first()
    return found or AuditorAnswer(plan=member.plan, question=question)
