"""Questionnaires: who answers them and when, what is asked in them, and how they are begun, submitted and reopened.

Who may and in which state are apart: `check_answers` and `check_runs` look at the person, `check_open` at the days of
the campaign and at the lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404

from assess.models import Answer, AnswerKind, Campaign, Dimension, Question, Questionnaire
from assess.starter_questions import give_questions
from ssoplanner.access.gate import Member, NotYourRole, check_sees_agency, members_of, sees_agency
from ssoplanner.core.models import Agency, Membership, Plan, Role, User
from ssoplanner.recompute import clock
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, bulk_load, create, update
from ssoplanner.steps.tasks import WORKS
from ssoplanner.web import formats

ORDER = list(Dimension.values)


class Stage(Enum):
    """Where a campaign stands by its days, with its mark."""

    PLANNED = ("Not open yet", "upcoming")
    OPEN = ("Open", "on_track")
    CLOSED = ("Closed", "complete")

    def __init__(self, label: str, tone: str) -> None:
        self.label, self.tone = label, tone


class CannotAnswer(Exception):
    """The campaign or the lock does not allow it now; `str()` says so."""


# --- In which state -------------------------------------------------------------------------------------------------


def stage(campaign: Campaign, today: date) -> Stage:
    if today < campaign.opens:
        return Stage.PLANNED
    return Stage.OPEN if today <= campaign.closes else Stage.CLOSED


def check_open(sheet: Questionnaire, today: date) -> None:
    """Raise `CannotAnswer` with the reason why nothing can be changed in it today."""
    campaign, plan = sheet.campaign, sheet.campaign.plan
    if sheet.submitted_at is not None:
        when = formats.day(plan.day_of(sheet.submitted_at), plan)
        raise CannotAnswer(f"It was submitted on {when} and is locked. The program office can open it again.")
    if (now := stage(campaign, today)) is Stage.PLANNED:
        raise CannotAnswer(f"{campaign} opens on {formats.day(campaign.opens, plan)}. Answer from that day on.")
    if now is Stage.CLOSED:
        closed = formats.day(campaign.closes, plan)
        raise CannotAnswer(f"{campaign} closed on {closed}. Ask the program office to move its last day.")


# --- Who may --------------------------------------------------------------------------------------------------------


def is_mine(member: Member, sheet: Questionnaire) -> bool:
    """Its respondent answers it; the rating by the program office is answered by whoever runs the plan."""
    return member.runs_plan if sheet.independent else member.user.pk == sheet.respondent_id


def reads_sheet(member: Member, sheet: Questionnaire) -> bool:
    """Its respondent at any time; once it is submitted whoever sees the agency's figures."""
    if is_mine(member, sheet):
        return True
    return sheet.submitted_at is not None and sees_agency(member, sheet.agency)


def check_reads_sheet(member: Member, sheet: Questionnaire) -> None:
    if reads_sheet(member, sheet):
        return
    check_sees_agency(member, sheet.agency)
    raise NotYourRole(f"These are the answers of {sheet.respondent}, who has not submitted them yet.")


def check_answers(member: Member, sheet: Questionnaire) -> None:
    check_reads_sheet(member, sheet)
    if not is_mine(member, sheet):
        raise NotYourRole(f"Only {sheet.respondent} answers this questionnaire. Yours are on the page of readiness.")


def asks_for(member: Member, agency: Agency) -> bool:
    """May the member ask somebody to answer for the agency? The program office, and its lead."""
    return member.runs_plan or agency.pk in member.agency_ids


def check_asks_for(member: Member, agency: Agency) -> None:
    if not asks_for(member, agency):
        check_sees_agency(member, agency)
        raise NotYourRole(f"Only the lead of {agency} and the program office ask people to answer for it.")


# --- Rows -----------------------------------------------------------------------------------------------------------


def visible_campaigns(member: Member) -> Any:
    """All of them, or for a lead those that ask an agency of theirs, or them."""
    rows = Campaign.objects.for_plan(member.plan)
    if member.sees_all:
        return rows
    return rows.filter(agencies__in=member.agency_ids).distinct()


def agencies_of(campaign: Campaign) -> Any:
    return Agency.objects.for_plan(campaign.plan).filter(campaigns=campaign)


def sheets_of(plan: Plan) -> Any:
    return Questionnaire.objects.for_plan(plan).select_related("campaign__plan", "agency", "respondent")


def find_sheet(member: Member, sheet_id: int) -> Questionnaire:
    """The questionnaire, if the member may read it. Raises Http404 and NotYourRole."""
    sheet: Questionnaire | None = sheets_of(member.plan).filter(pk=sheet_id).first()
    if sheet is None:
        raise Http404("No such questionnaire.")
    check_reads_sheet(member, sheet)
    return sheet


def questions_of(sheet: Questionnaire) -> list[Question]:
    """What the respondent is asked: the questions for the agency's tier, of the dimensions that are theirs."""
    return asked(set_questions(sheet.campaign), sheet.agency.tier, sheet.dimensions)


def set_questions(campaign: Campaign) -> list[Question]:
    return questions_by_set(campaign.plan, {campaign.question_set_id})[campaign.question_set_id]


def questions_by_set(plan: Plan, sets: Collection[int]) -> Mapping[int, list[Question]]:
    """The questions of each of these sets in the order in which they are asked: one query."""
    rows = Question.objects.for_plan(plan).filter(question_set__in=sets, is_retired=False)
    found: dict[int, list[Question]] = {pk: [] for pk in sets}
    for row in sorted(rows, key=lambda row: (ORDER.index(row.dimension), row.place, row.pk)):
        found[row.question_set_id].append(row)
    return found


def asked(questions: Iterable[Question], tier: str, dimensions: Sequence[str]) -> list[Question]:
    fits = (one for one in questions if not one.tiers or tier in one.tiers)
    return [one for one in fits if not dimensions or one.dimension in dimensions]


def answered(plan: Plan, sheets: Iterable[Questionnaire]) -> Mapping[int, int]:
    """Questionnaire -> how many of its questions are answered: one query."""
    ids = [sheet.pk for sheet in sheets]
    rows = Answer.objects.for_plan(plan).filter(questionnaire__in=ids).exclude(kind=AnswerKind.OPEN)
    counts: dict[int, int] = {}
    for pk in rows.order_by().values_list("questionnaire_id", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return counts


# --- Writing --------------------------------------------------------------------------------------------------------


def begin_campaign(plan: Plan, *, actor: Actor, values: Mapping[str, Any]) -> Campaign:
    """A campaign over the newest published questions, with a questionnaire for each lead of an agency in it."""
    with saving():
        campaign = create(
            Campaign, plan=plan, actor=actor, values={**values, "question_set": give_questions(plan, actor)}
        )
        _ask_leads(campaign, values["agencies"], actor)
        return campaign


def change_campaign(
    campaign: Campaign, *, actor: Actor, version: int, values: Mapping[str, Any], seen: Mapping[str, int]
) -> Campaign:
    """Save `values` as the writer does; leads of agencies that were added get their questionnaire."""
    with saving():
        before = set(agencies_of(campaign).values_list("pk", flat=True))
        saved = update(campaign, actor=actor, version=version, values=values, seen=seen)
        _ask_leads(saved, [one for one in values.get("agencies", ()) if one.pk not in before], actor)
        return saved


def _ask_leads(campaign: Campaign, agencies: Iterable[Agency], actor: Actor) -> None:
    chosen = {agency.pk: agency for agency in agencies}
    there = set(
        Questionnaire.objects.for_plan(campaign.plan)
        .filter(campaign=campaign, independent=False)
        .values_list("agency_id", "respondent_id")
    )
    held = Membership.objects.for_plan(campaign.plan).filter(role=Role.LEAD, agencies__in=chosen)
    rows = [
        {"campaign": campaign, "agency": chosen[agency], "respondent_id": user}
        for user, agency in held.order_by("pk").values_list("user_id", "agencies").distinct()
        if agency in chosen and (agency, user) not in there
    ]
    bulk_load(Questionnaire, plan=campaign.plan, actor=actor, rows=rows, label=f"{campaign}: the leads")


def ask(campaign: Campaign, *, actor: Actor, agency: Agency, respondent: User, dimensions: list[str]) -> Questionnaire:
    """Ask one more person to answer for the agency. Raises ValidationError where they cannot be asked."""
    _check_respondent(campaign.plan, respondent)
    values = {"campaign": campaign, "agency": agency, "respondent": respondent, "dimensions": dimensions}
    return create(Questionnaire, plan=campaign.plan, actor=actor, values=values)


def _check_respondent(plan: Plan, respondent: User) -> None:
    found = next((member for member in members_of(plan) if member.user == respondent), None)
    if found is None:
        raise ValidationError({"respondent": f"{respondent} is not in the plan. Choose one of its members."})
    if not found.has(*WORKS):
        raise ValidationError({"respondent": f"{respondent} is a viewer, who only reads. Choose somebody else."})


def begin_rating(campaign: Campaign, *, actor: Actor, agency: Agency, rater: User) -> Questionnaire:
    """The program office's own questionnaire for the agency: the one there is, else a new one."""
    with saving():
        found = sheets_of(campaign.plan).filter(campaign=campaign, agency=agency, independent=True).first()
        if found is not None:
            return found
        values = {"campaign": campaign, "agency": agency, "respondent": rater, "independent": True}
        return create(Questionnaire, plan=campaign.plan, actor=actor, values=values)


def submit(sheet: Questionnaire, *, actor: Actor, today: date) -> list[Question]:
    """Lock it, unless questions lack an answer: those are given back, and nothing is written.

    Raises `CannotAnswer`.
    """
    with saving():
        current = update(sheet, actor=actor, version=sheet.version, values={})  # locked, as it is now
        check_open(current, today)
        rows = Answer.objects.for_plan(sheet.campaign.plan).filter(questionnaire=current)
        known = set(rows.exclude(kind=AnswerKind.OPEN).values_list("question_id", flat=True))
        if missing := [question for question in questions_of(sheet) if question.pk not in known]:
            return missing
        update(current, actor=actor, version=current.version, values={"submitted_at": clock.now()})
        return []


def reopen(sheet: Questionnaire, *, actor: Actor, reason: str) -> Questionnaire:
    """Unlock it, with the reason, which its respondent reads. Raises ValidationError without one."""
    if not reason.strip():
        raise ValidationError({"reopened": "Say in a sentence why it is opened again: its respondent reads it."})
    with saving():
        current = update(sheet, actor=actor, version=sheet.version, values={})
        values = {"submitted_at": None, "reopened": reason}
        return update(current, actor=actor, version=current.version, values=values)
