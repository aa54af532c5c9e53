"""The twelve risks as two sides rate them, and the five questions of an auditor, as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list

from assess.models import AuditorAnswer, Rater, RiskScore, Settled
from assess.models.risks import Score
from assess.risk_texts import (
    LARGE_FROM,
    PHASE,
    QUESTION_SOURCE,
    QUESTIONS,
    RISK_SOURCE,
    RISKS,
    AuditorQuestion,
    RiskText,
    risks_by_key,
)
from ssoplanner.access.gate import Member
from ssoplanner.access.results import results
from ssoplanner.core.models import Plan, Role
from ssoplanner.recompute.reading import Shown
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.live import live
from ssoplanner.web.tracing.inputs import last_given
from ssoplanner.web.tracing.page import trace_url

PLAN_RISK = ("assess.plan_risk", "")
NOT_APPLICABLE = "Not applicable"
BANDS = {"low": "Low", "medium": "Medium", "high": "High"}
# Low, medium and high are shapes and words; a strategy that was accepted keeps the shape of what it tames.
TONES = {1: "on_track", 2: "late", 3: "late", 4: "critical", 5: "critical"}
SETTLED_TONES = {Settled.NO: "upcoming", Settled.PARTLY: "late", Settled.YES: "complete"}


@dataclass(frozen=True)
class RatingCell:
    """What one side says of one risk; `is_rated` also where it says that it is not applicable."""

    side: str
    is_rated: bool
    says: str
    tone: str
    reason: str
    given: str
    url: str


@dataclass(frozen=True)
class RiskLine:
    text: RiskText
    cells: tuple[RatingCell, RatingCell]
    differs: bool


@dataclass(frozen=True)
class SideTotal:
    """How high one side sees the risks in all."""

    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True)
class AnswerLine:
    question: AuditorQuestion
    settled: str
    tone: str
    answer: str
    evidence: str
    given: str
    url: str


# --- The twelve risks -----------------------------------------------------------------------------------------------


def rates(member: Member, rater: str) -> bool:
    """The program office gives the own rating; board and analysts the independent one, unless they run the plan too."""
    if rater == Rater.OWN:
        return member.runs_plan
    return member.has(Role.BOARD, Role.ANALYST) and not member.runs_plan


def risks(member: Member) -> dict[str, Any]:
    """The page, with the same number of queries however much is rated."""
    plan = member.plan
    rows = list(RiskScore.objects.for_plan(plan).filter(phase=PHASE))
    given = last_given(plan, rows)
    by_key = {(row.risk, row.rater): row for row in rows}
    return {
        "lines": [_line(member, text, by_key, given) for text in RISKS],
        "next_url": _next_url(member, by_key),
        "source": RISK_SOURCE,
        **risks_part(member),
    }


def risks_part(member: Member) -> dict[str, Any]:
    """The part of it that is loaded anew when a rating changed."""
    plan, found = member.plan, results(member, [PLAN_RISK])
    result = found[PLAN_RISK]
    figures = result.figures
    return {
        "state": state_line(result, plan),
        "totals": [_total(side, figures[side.value], figures["risks"], plan) for side in Rater] if figures else [],
        "sentence": _sentence(result) if figures else "",
        "weighing": _weighing(figures, plan) if figures else "",
        "trace_url": trace_url(plan, *PLAN_RISK),
        "live": live(plan, found, "plan-risk"),
        "refresh_url": reverse("risks", kwargs={"slug": plan.slug}),
    }


def rate_url(plan: Plan, risk: str, rater: str) -> str:
    return reverse("risk_rate", kwargs={"slug": plan.slug, "risk_key": risk, "rater": rater})


def next_unrated(member: Member, rater: str, after: str) -> str | None:
    """The next risk that this side has not rated, in the order of the list, from one on and around."""
    rated = set(RiskScore.objects.for_plan(member.plan).filter(phase=PHASE, rater=rater).values_list("risk", flat=True))
    keys = [risk.key for risk in RISKS]
    place = keys.index(after) + 1
    return next((key for key in keys[place:] + keys[:place] if key not in rated and key != after), None)


def _next_url(member: Member, by_key: Mapping[tuple[str, str], RiskScore]) -> str:
    """Where the member goes on rating, if anything is left to rate for them."""
    for rater in Rater:
        left = [risk.key for risk in RISKS if (risk.key, rater.value) not in by_key]
        if left and rates(member, rater.value):
            return rate_url(member.plan, left[0], rater.value)
    return ""


def _line(
    member: Member, text: RiskText, by_key: Mapping[tuple[str, str], RiskScore], given: Mapping[int, str]
) -> RiskLine:
    own, independent = (by_key.get((text.key, rater.value)) for rater in Rater)
    return RiskLine(
        text=text,
        cells=(_cell(member, text, Rater.OWN, own, given), _cell(member, text, Rater.INDEPENDENT, independent, given)),
        differs=own is not None and independent is not None and own.score != independent.score,
    )


def _cell(member: Member, text: RiskText, rater: Rater, row: RiskScore | None, given: Mapping[int, str]) -> RatingCell:
    return RatingCell(
        side=str(rater.label),
        is_rated=row is not None,
        says=score_text(row.score) if row else "Not rated yet",
        tone=TONES.get(row.score or 0, "neutral") if row else "upcoming",
        reason=row.reason if row else "",
        given=given.get(row.pk, "") if row else "",
        url=rate_url(member.plan, text.key, rater.value) if rates(member, rater.value) else "",
    )


def score_text(score: int | None) -> str:
    """As in "5: High"."""
    return NOT_APPLICABLE if score is None else f"{score}: {Score(score).label}"


def _total(side: Rater, figures: Mapping[str, Any], risks: int, plan: Plan) -> SideTotal:
    counted = f"{figures['rated']} of {risks} rated"
    if figures["not_applicable"]:
        counted += f", {figures['not_applicable']} not applicable"
    value = "not rated yet"
    if figures["score"] is not None:
        value = f"{BANDS[figures['band']]}, {formats.decimals(figures['score'], 2, plan)}"
    return SideTotal(str(side.label), value, counted, trace_url(plan, *PLAN_RISK, side.value))


def _sentence(result: Shown) -> str:
    """How high both sides see it, and where they differ."""
    figures = result.figures or {}
    differing = [risks_by_key()[key].name.lower() for key in figures["differing"]]
    both = all(figures[side.value]["band"] for side in Rater)
    if not both:
        return "Only one side has rated yet: a rating that nobody else has looked at is an opinion."
    own, independent = (BANDS[figures[side.value]["band"]].lower() for side in Rater)
    said = f"Both sides call the risks {own} in all"
    if own != independent:
        said = f"The agencies call the risks {own} in all, the independent raters {independent}"
    if not differing:
        return f"{said}; they agree on each that both have rated."
    return f"{said}; they differ on {len(differing)}: {get_text_list(differing, 'and')}."


def _weighing(figures: Mapping[str, Any], plan: Plan) -> str:
    agencies = formats.counted(figures["agencies"], "agency", "agencies", plan)
    return (
        f"Weighed as a {figures['size']} project, since {agencies} take part: {LARGE_FROM} or more count as large. "
        f"The tool gives the weights for both sizes and leaves open what is large."
    )


# --- The five questions ---------------------------------------------------------------------------------------------


def auditor_questions(member: Member) -> dict[str, Any]:
    """The page: each question with how far it is settled, the answer and what shows it."""
    plan = member.plan
    rows = {row.question: row for row in AuditorAnswer.objects.for_plan(plan)}
    given = last_given(plan, rows.values())
    lines = [_answer(member, question, rows.get(question.key), given) for question in QUESTIONS]
    return {"lines": lines, "sentence": _settled(lines), "source": QUESTION_SOURCE}


def _answer(
    member: Member, question: AuditorQuestion, row: AuditorAnswer | None, given: Mapping[int, str]
) -> AnswerLine:
    settled = Settled(row.how_far if row else Settled.NO)
    keys = {"slug": member.plan.slug, "auditor_key": question.key}
    return AnswerLine(
        question=question,
        settled=str(settled.label),
        tone=SETTLED_TONES[settled],
        answer=row.answer if row else "",
        evidence=row.evidence if row else "",
        given=given.get(row.pk, "") if row else "",
        url=reverse("auditor_answer", kwargs=keys) if member.runs_plan else "",
    )


def _settled(lines: Sequence[AnswerLine]) -> str:
    """How many are settled, and which are not settled at all."""
    done = sum(line.settled == Settled.YES.label for line in lines)
    if done == len(lines):
        return f"All {len(lines)} questions are settled."
    said = f"{done} of {len(lines)} questions {'is' if done == 1 else 'are'} settled"
    still = [line.question.name.lower() for line in lines if line.settled == Settled.NO.label]
    return f"{said}; not settled at all: {get_text_list(still, 'and')}." if still else f"{said}, the others in part."
