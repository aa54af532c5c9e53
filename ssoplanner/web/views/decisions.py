"""The gate of a phase: its page, and what the program office and the board do there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ssoplanner.access.gate import Member, NotYourRole
from ssoplanner.core.models import Source
from ssoplanner.phases import PHASES, Phase
from ssoplanner.recompute.writer import Actor, Conflict, delete
from ssoplanner.steps import voting
from ssoplanner.steps.gate import GO_WITH_CONDITIONS, gate_tools
from ssoplanner.steps.models import Condition, Decision, DecisionState
from ssoplanner.web.decisions.memo import KEY
from ssoplanner.web.decisions.moved import moves_of, moves_since
from ssoplanner.web.decisions.page import gate_page, gate_part, gate_url, open_decision
from ssoplanner.web.decisions.votes import DecisionPanel, decisions_of, names_conditions, panel
from ssoplanner.web.forms.decisions import CloseForm, ConditionForm, DecisionForm, VoteForm
from ssoplanner.web.roadmap.gates import phase_url, shown_states
from ssoplanner.web.views.jobs import document_offers
from ssoplanner.web.views.rows import (
    PlanRequest,
    asks_for_part,
    delete_page,
    form_page,
    plan_crumb,
    plan_url,
)

NOT_YOURS = "Conditions are named by the program office, and by those who vote while the vote is open."


def gate(request: PlanRequest, slug: str, phase_key: str) -> HttpResponse:
    """Recommendation, scorecard, vote and decisions; to a script the scorecard alone."""
    member, phase = request.member, _phase(phase_key)
    if asks_for_part(request):
        return _part(request, phase)
    page = gate_page(member, phase)
    current = page["current"]
    if current is not None and page["voting"].get("can_vote"):
        page["form"] = VoteForm(member=member, decision=current.row, stamp=current.stamp)
    page["documents"] = _memo(member, current)
    page["earlier"] = [(one, _memo(member, one)) for one in page["earlier"]]
    return render(request, "web/gate.html", {**page, "crumbs": _crumbs(member, phase)})


def _memo(member: Member, one: DecisionPanel | None) -> dict[str, Any]:
    """The memo of a decision that went to a vote."""
    if one is None or one.row.opened_at is None:
        return {}
    return document_offers(member, KEY, {"decision": str(one.row.pk)})


def _part(request: PlanRequest, phase: Phase) -> HttpResponse:
    if phase.key not in gate_tools():
        raise Http404("This gate has no scorecard.")
    part = gate_part(request.member, phase, open_decision(request.member, phase))
    template = "web/_phase_gate_card.html" if request.GET.get("brief") else "web/_gate_card.html"
    return render(request, template, part)


def gate_prepare(request: PlanRequest, slug: str, phase_key: str) -> HttpResponse:
    """Write down the question that the board will answer."""
    member, phase = request.member, _phase(phase_key)
    question = f"Gate {phase.number}: do we go on from {phase.title}?"
    return form_page(
        request,
        DecisionForm(request.POST or None, member=member, phase=phase.key, initial={"question": question}),
        done=gate_url(member.plan, phase.key),
        title="Prepare the decision",
        intro="It is a draft until you open the vote; office, board and analysts see it.",
        crumbs=_crumbs(member, phase, inside=True),
    )


def decision_edit(request: PlanRequest, slug: str, decision_id: int) -> HttpResponse:
    """Change the question or the body while it is prepared; the minutes at any time."""
    member, row = request.member, _decision(request.member, decision_id)
    return form_page(
        request,
        DecisionForm(request.POST or None, instance=row, member=member),
        done=_home(row),
        title="Change the decision" if row.state == DecisionState.DRAFT else "Write the minutes",
        intro=row.question,
        crumbs=_crumbs(member, _phase_of(row), inside=True),
    )


# --- What the office does with it -----------------------------------------------------------------------------------


def decision_open(request: PlanRequest, slug: str, decision_id: int) -> HttpResponse:
    """Open the vote: what it rests on and who votes is frozen."""
    said = "The vote is open. The board finds it among their tasks."
    return _act(request, decision_id, voting.open_vote, said)


def decision_round(request: PlanRequest, slug: str, decision_id: int) -> HttpResponse:
    """Put the new figures to the vote; the earlier votes are withdrawn."""
    said = "The new figures are put to the vote. The earlier votes are withdrawn; the history keeps them."
    return _act(request, decision_id, voting.new_round, said)


def decision_withdraw(request: PlanRequest, slug: str, decision_id: int) -> HttpResponse:
    """Take it off the table."""
    return _act(request, decision_id, voting.withdraw, "The decision is withdrawn.")


def _act(request: PlanRequest, decision_id: int, do: Callable[..., Decision], said: str) -> HttpResponse:
    row = _decision(request.member, decision_id)
    try:
        do(row, actor=_actor(request))
    except voting.CannotDecide as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(_home(row))


def decision_close(request: PlanRequest, slug: str, decision_id: int) -> HttpResponse:
    """Take the decision that the votes come to: once asked, with minutes."""
    member, row = request.member, _decision(request.member, decision_id)
    form, refusal = CloseForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            done = voting.close(row, actor=_actor(request), minutes=form.cleaned_data["minutes"])
        except voting.CannotDecide as reason:
            refusal = str(reason)
        else:
            messages.success(request, f"Decided: {done.outcome}.")
            return redirect(_home(row))
    [shown] = [one for one in decisions_of(member, row.phase, [row.state]) if one.pk == row.pk]
    context = {
        "form": form,
        "decision": panel(member, shown, {}),
        "refusal": refusal or _why_not(shown),
        "moves": moves_of(shown) if shown.state == DecisionState.VOTING else None,
        "with_conditions": GO_WITH_CONDITIONS,
        "back_url": _home(row),
        "crumbs": _crumbs(member, _phase_of(row), inside=True),
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "web/decision_close.html", context, status=status)


def _why_not(row: Decision) -> str:
    """What stands in the way of closing, before anybody tries."""
    if row.state != DecisionState.VOTING:
        return voting.NOT_OPEN[DecisionState(row.state)]
    try:
        voting.outcome_of(voting.tally_of(row, list(row.votes.all())))
    except voting.CannotDecide as reason:
        return str(reason)
    return ""


# --- Votes ----------------------------------------------------------------------------------------------------------


def decision_vote(request: PlanRequest, slug: str, decision_id: int) -> HttpResponse:
    """Cast one's vote. Where the figures moved, a page says what moved and keeps what was typed: 409."""
    member, row = request.member, _decision(request.member, decision_id)
    sent = request.POST if request.method == "POST" else None
    form = VoteForm(sent, member=member, decision=row, stamp=voting.stamp_of(row))
    context = {"decision": row, "back_url": _home(row), "crumbs": _crumbs(member, _phase_of(row), inside=True)}
    status, refusal = (422 if form.is_bound else 200), ""
    try:
        voting.check_votes(row, member)
        if form.is_bound and form.is_valid() and form.save_row() is not None:
            messages.success(request, f"Your vote is counted: {form.cleaned_data['option']}.")
            return redirect(_home(row))
    except voting.CannotDecide as reason:
        refusal, status = str(reason), 409 if form.is_bound else 200
    except voting.FiguresMoved:
        return _review(request, row, form, context)
    return render(request, "web/decision_vote.html", {**context, "form": form, "refusal": refusal}, status=status)


def _review(request: PlanRequest, row: Decision, form: VoteForm, context: dict[str, object]) -> HttpResponse:
    """What moved since the voter opened the page; the form holds what was typed and what stands now."""
    row.refresh_from_db()
    data = form.data.copy()  # type: ignore[attr-defined]
    seen, data["stamp"] = data.get("stamp", ""), voting.stamp_of(row)
    again = VoteForm(data, member=request.member, decision=row)
    moves = moves_of(row)
    page = {**context, "form": again, "moves": moves or moves_since(row, seen), "put_again": moves is None}
    return render(request, "web/decision_review.html", page, status=409)


def vote_withdraw(request: PlanRequest, slug: str, decision_id: int) -> HttpResponse:
    """Take one's vote back while the vote is open."""
    row = _decision(request.member, decision_id)
    try:
        voting.take_back(row, request.member, actor=_actor(request))
    except voting.CannotDecide as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, "Your vote changed just now. Look at it again.")
    else:
        messages.success(request, "Your vote is taken back. You can vote again.")
    return redirect(_home(row))


# --- Conditions -----------------------------------------------------------------------------------------------------


def condition_new(request: PlanRequest, slug: str, decision_id: int) -> HttpResponse:
    """Name a condition."""
    member, row = request.member, _decision(request.member, decision_id)
    if not (member.runs_plan or names_conditions(member, row)):
        raise NotYourRole(NOT_YOURS)
    return form_page(
        request,
        ConditionForm(request.POST or None, member=member, decision=row),
        done=_home(row),
        title="Name a condition",
        intro="If the board goes on with conditions, it becomes a task of its owner.",
        crumbs=_crumbs(member, _phase_of(row), inside=True),
    )


def condition_edit(request: PlanRequest, slug: str, decision_id: int, condition_id: int) -> HttpResponse:
    """Change a condition while the decision is not taken."""
    member, row = request.member, _decision(request.member, decision_id)
    found = _condition(row, condition_id)
    return form_page(
        request,
        ConditionForm(request.POST or None, instance=found, member=member, decision=row),
        done=_home(row),
        title="Change a condition",
        intro="",
        delete_url=plan_url(member, "condition_delete", decision_id=row.pk, condition_id=found.pk),
        crumbs=_crumbs(member, _phase_of(row), inside=True),
    )


def condition_delete(request: PlanRequest, slug: str, decision_id: int, condition_id: int) -> HttpResponse:
    """Remove a condition while the decision is not taken."""
    member, row = request.member, _decision(request.member, decision_id)
    found = _condition(row, condition_id)

    def remove(condition: Condition, *, actor: Actor, version: int) -> None:
        if row.state not in {DecisionState.DRAFT, DecisionState.VOTING}:
            raise ValidationError("The decision is taken, and with it its conditions.")
        delete(condition, actor=actor, version=version)

    back = plan_url(member, "condition_edit", decision_id=row.pk, condition_id=found.pk)
    return delete_page(request, found, done=_home(row), back=back, remove=remove)


# --- Finding --------------------------------------------------------------------------------------------------------


def _phase(key: str) -> Phase:
    found = next((phase for phase in PHASES if phase.key == key), None)
    if found is None:
        raise Http404("No such phase.")
    return found


def _phase_of(row: Decision) -> Phase:
    return _phase(row.phase)


def _decision(member: Member, decision_id: int) -> Decision:
    """A gate decision that the member may know of."""
    rows = Decision.objects.for_plan(member.plan).exclude(phase="").filter(state__in=shown_states(member))
    found: Decision = get_object_or_404(rows.select_related("plan", "body"), pk=decision_id)
    return found


def _condition(row: Decision, condition_id: int) -> Condition:
    found: Condition = get_object_or_404(Condition.objects.for_plan(row.plan).filter(decision=row), pk=condition_id)
    return found


def _actor(request: PlanRequest) -> Actor:
    return Actor(user=request.user, source=Source.BROWSER)


def _home(row: Decision) -> str:
    return gate_url(row.plan, row.phase)


def _crumbs(member: Member, phase: Phase, *, inside: bool = False) -> list[tuple[str, str]]:
    plan = member.plan
    more = [("Gate", gate_url(plan, phase.key))] if inside else []
    steps = [("Roadmap", plan_url(member, "roadmap")), (f"{phase.number} {phase.title}", phase_url(plan, phase.key))]
    return plan_crumb(plan, *steps, *more)
