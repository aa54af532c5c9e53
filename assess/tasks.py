"""What of Assess waits for a person: questionnaires by the day on which they close, and what leads rate for 1.3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from django.db.models import Q
from django.urls import reverse

from assess.models import Aspect, Capability, CapabilityRating, Ownership, Questionnaire, TechnologyRating
from assess.models.architecture import MATURITIES
from assess.readiness_sheets import answered, asked, questions_by_set, sheets_of
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, AgencyStatus
from ssoplanner.steps.models import StepProgress, StepStatus
from ssoplanner.web.tasks.lines import Scope, Source, State, TaskLine, state_of, step_ref

STEP, DIAGNOSTIC = "assess.readiness", "assess.capabilities"


def questionnaires(scope: Scope) -> Iterator[TaskLine]:
    """Of campaigns that have opened: what is still to be answered by their last day, and what was submitted lately."""
    rows = sheets_of(scope.plan).filter(respondent__in=scope.people, campaign__opens__lte=scope.today)
    sheets = [sheet for sheet in rows.order_by("pk") if _waits(sheet, scope) or _was_done_lately(sheet, scope)]
    counts = answered(scope.plan, sheets)
    questions = questions_by_set(scope.plan, {sheet.campaign.question_set_id for sheet in sheets})
    for sheet in sheets:
        total = len(asked(questions[sheet.campaign.question_set_id], sheet.agency.tier, sheet.dimensions))
        yield _line(sheet, scope, counts.get(sheet.pk, 0), total)


def _waits(sheet: Questionnaire, scope: Scope) -> bool:
    """Once the campaign is closed nothing can be answered, so nothing waits."""
    return sheet.submitted_at is None and sheet.campaign.closes >= scope.today


def _was_done_lately(sheet: Questionnaire, scope: Scope) -> bool:
    return sheet.submitted_at is not None and scope.plan.day_of(sheet.submitted_at) >= scope.since


def _line(sheet: Questionnaire, scope: Scope, count: int, total: int) -> TaskLine:
    done = scope.plan.day_of(sheet.submitted_at) if sheet.submitted_at else None
    closes = sheet.campaign.closes
    return TaskLine(
        person=sheet.respondent_id,
        kind="Questionnaire",
        title=f"{'Rate' if sheet.independent else 'Answer for'} {sheet.agency}: {sheet.campaign}",
        url=reverse("readiness_answer", kwargs={"slug": scope.plan.slug, "sheet_id": sheet.pk}),
        why="You began this rating" if sheet.independent else "You are asked to answer",
        state=State.DONE if done else state_of(closes, scope.today),
        due=closes,
        step=step_ref(scope.plan, STEP),
        notes=() if done else _notes(sheet, count, total),
        done_on=done,
        told=sheet.created_at,
    )


def _notes(sheet: Questionnaire, count: int, total: int) -> tuple[str, ...]:
    again = (f"Opened again: {sheet.reopened}",) if sheet.reopened else ()
    return (f"{count} of {total} answered.", *again)


# --- The diagnostic of 1.3 ------------------------------------------------------------------------------------------


def architecture(scope: Scope) -> Iterator[TaskLine]:
    """What leads have still to rate for their agencies once the step has begun, and until it is complete."""
    led = _leads(scope)
    step = StepProgress.objects.for_plan(scope.plan).filter(step=DIAGNOSTIC).first() if led else None
    if step is None or not _runs(step, scope):
        return
    leaves = _leaves(scope)
    technology, capabilities = _levels(scope, led), _ratings(scope, led, leaves)
    agencies = Agency.objects.for_plan(scope.plan).filter(pk__in=led).exclude(status=AgencyStatus.LEFT)
    for agency in agencies:
        waits = (
            ("technology", "architecture_technology", technology.get(agency.pk, 0), len(Aspect.values)),
            ("capabilities", "capability_grid", capabilities.get(agency.pk, 0), len(leaves)),
        )
        for what, page, count, total in waits:
            if count < total:
                for member in led[agency.pk]:
                    yield _rating_line(
                        scope, member.user.pk, agency, (what, page), f"{count} of {total} rated.", step.due
                    )


def _leads(scope: Scope) -> Mapping[int, list[Member]]:
    """Agency -> those who lead it."""
    found: dict[int, list[Member]] = {}
    for member in scope.people.values():
        for pk in member.agency_ids:
            found.setdefault(pk, []).append(member)
    return found


def _runs(step: StepProgress, scope: Scope) -> bool:
    if step.status == StepStatus.UPCOMING:
        return step.planned_start is not None and step.planned_start <= scope.today
    return step.status != StepStatus.COMPLETE


def _leaves(scope: Scope) -> set[int]:
    rows = Capability.objects.for_plan(scope.plan).order_by().values_list("pk", "parent_id")
    parents = dict(rows)
    return set(parents) - set(parents.values())


def _levels(scope: Scope, agencies: Iterable[int]) -> Mapping[int, int]:
    """Agency -> how many aspects it gave a level for."""
    rows = TechnologyRating.objects.for_plan(scope.plan).filter(agency__in=agencies, level__isnull=False)
    return Counter(rows.order_by().values_list("agency_id", flat=True))


def _ratings(scope: Scope, agencies: Iterable[int], leaves: Collection[int]) -> Mapping[int, int]:
    """Agency -> how many capabilities count as rated, as the formula has it."""
    matured = Q(*((f"{name}__isnull", False) for name in MATURITIES), _connector=Q.OR)
    performed = ~Q(ownership="") & Q(importance__isnull=False) & matured
    rows = CapabilityRating.objects.for_plan(scope.plan).filter(Q(ownership=Ownership.NONE) | performed)
    pairs = rows.filter(agency__in=agencies).order_by().values_list("agency_id", "capability_id")
    return Counter(agency for agency, capability in pairs if capability in leaves)


def _rating_line(
    scope: Scope, person: int, agency: Agency, about: tuple[str, str], note: str, due: date | None
) -> TaskLine:
    what, page = about
    return TaskLine(
        person=person,
        kind="Rating",
        title=f"Rate {what} of {agency}",
        url=reverse(page, kwargs={"slug": scope.plan.slug, "agency_id": agency.pk}),
        why="You lead this agency",
        state=state_of(due, scope.today),
        due=due,
        step=step_ref(scope.plan, DIAGNOSTIC),
        notes=(note,),
    )


SOURCES = (Source(questionnaires), Source(architecture))
