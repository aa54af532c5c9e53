"""From the results on readiness to what their pages show: the heat map of the plan, and one agency in detail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.models import Dimension, Question
from assess.readiness_sheets import Stage, answered, asked, questions_by_set, sheets_of, stage
from ssoplanner.access.gate import Member, sees_agency, sees_agency_name
from ssoplanner.access.results import results
from ssoplanner.core.models import Agency, Plan
from ssoplanner.recompute.calculations import Key
from ssoplanner.recompute.reading import Shown
from ssoplanner.steps.progress import today
from ssoplanner.steps.registry import Pillar
from ssoplanner.steps.tasks import WORKS
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.live import live
from ssoplanner.web.tracing.page import trace_url

AGENCY, MAP = "assess.readiness", ("assess.readiness_map", "")
# What a level means in a word or two, from 1 to 5.
WORDS = ("Not begun", "First steps", "Half way", "Nearly there", "Ready")
TALK_FROM = 2  # levels between the respondents, from which a question needs a talk
SHOWN_QUESTIONS = 8
BRIEF = 6


@dataclass(frozen=True)
class HeatCell:
    """A score with its shade 1-5; without one, 0."""

    text: str
    level: int
    word: str


@dataclass(frozen=True)
class AgencyLine:
    name: str
    url: str
    overall: HeatCell
    cells: list[HeatCell]
    independent: str


def cell(score: float | None, plan: Plan) -> HeatCell:
    if score is None:
        return HeatCell("–", 0, "no answers yet")
    level = min(5, max(1, floor(round(score, 1) + 0.5)))  # as the number that is shown
    return HeatCell(formats.decimals(score, 1, plan), level, WORDS[level - 1])


def scale() -> list[tuple[int, str]]:
    return list(enumerate(WORDS, start=1))


# --- The plan -------------------------------------------------------------------------------------------------------


def readiness(member: Member, asked_for: QueryDict) -> dict[str, Any]:
    """The page: what is mine to answer, the heat map if I may see it, my own agencies."""
    plan, own = member.plan, [(AGENCY, str(pk)) for pk in sorted(member.agency_ids)]
    found = results(member, [MAP, *own])
    whole, url = found.get(MAP), reverse("readiness", kwargs={"slug": plan.slug})
    figures = whole.figures if whole else None
    return {
        "mine": my_sheets(member),
        "whole": whole,
        "state": state_line(whole, plan) if whole else None,
        "trace_url": trace_url(plan, *MAP) if figures else "",
        "live": live(plan, found, "readiness"),
        "refresh_url": f"{url}?{asked_for.urlencode()}" if asked_for else url,
        "url": url,
        "own": own_agencies(member, found),
        "scale": scale(),
        "campaigns_url": reverse("readiness_campaigns", kwargs={"slug": plan.slug}) if member.has(*WORKS) else "",
        **(_map(member, figures, asked_for) if figures else {}),
    }


def _map(member: Member, figures: Mapping[str, Any], asked_for: QueryDict) -> dict[str, Any]:
    plan = member.plan
    listing = _listing(member, figures["agencies"], asked_for)
    return {
        "agencies": listing,
        "lines": [_agency_line(member, row) for row in listing.page],
        "hidden": len(figures["agencies"]["agency"]) - len(listing.rows),
        "submitted": f"{figures['submitted']} of {len(figures['agencies']['agency'])}",
        "overall": cell(figures["overall"], plan),
        "means": [cell(figures["means"][key], plan) for key in Dimension.values],
        "weakest": _weakest(figures["means"], plan),
        "distribution": _distribution(figures["distribution"]),
        "barriers": _barriers(member, figures["barriers"]),
        "dimensions": [str(label) for label in Dimension.labels],
    }


Row = tuple[Agency, float | None, float | None, list[float | None]]


def _listing(member: Member, columns: Mapping[str, Any], asked_for: QueryDict) -> Listing[Row]:
    """The agencies that the member may know of, the least ready first."""
    names = Agency.objects.for_plan(member.plan).in_bulk(columns["agency"])
    scores = zip(*(columns["scores"][key] for key in Dimension.values), strict=True)
    every = zip(columns["agency"], columns["overall"], columns["independent"], scores, strict=True)
    rows: list[Row] = [
        (names[pk], overall, independent, list(own))
        for pk, overall, independent, own in every
        if pk in names and sees_agency_name(member, names[pk])
    ]
    rows.sort(key=lambda row: (row[1] is None, row[1] or 0, row[0].name.casefold()))
    heads: list[Column[Row]] = [
        Column("agency", "Agency", key=lambda row: row[0].name.casefold()),
        Column("overall", "Overall", key=lambda row: row[1], figure=True),
        *(_dimension_column(place, key) for place, key in enumerate(Dimension.values)),
    ]
    return Listing("readiness", rows, heads, asked_for, lambda row: f"{row[0].code} {row[0].name}")


def _dimension_column(place: int, key: str) -> Column[Row]:
    return Column(key, str(Dimension(key).label), key=lambda row: row[3][place], figure=True)


def _agency_line(member: Member, row: Row) -> AgencyLine:
    agency, overall, independent, scores = row
    keys = {"slug": member.plan.slug, "agency_id": agency.pk}
    return AgencyLine(
        name=agency.name,
        url=reverse("readiness_agency", kwargs=keys) if sees_agency(member, agency) else "",
        overall=cell(overall, member.plan),
        cells=[cell(score, member.plan) for score in scores],
        independent=cell(independent, member.plan).text if independent is not None else "",
    )


def _weakest(means: Mapping[str, float | None], plan: Plan) -> str:
    known = {key: score for key, score in means.items() if score is not None}
    if not known:
        return ""
    key = min(known, key=lambda one: known[one])
    return f"{Dimension(key).label} is the weakest dimension, with {formats.decimals(known[key], 1, plan)} of 5."


def _distribution(counts: Mapping[str, Sequence[int]]) -> list[tuple[str, list[tuple[int, int]]]]:
    """(dimension, [(level, agencies at it)])."""
    return [(str(Dimension(key).label), list(enumerate(counts[key], start=1))) for key in Dimension.values]


def _barriers(member: Member, columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    questions = Question.objects.for_plan(member.plan).in_bulk(columns["question"])
    names = ("question", "mean", "low", "agencies")
    rows = zip(*(columns[name] for name in names), strict=True)
    return [
        {
            "question": questions[pk],
            "dimension": str(Dimension(questions[pk].dimension).label),
            "cell": cell(mean, member.plan),
            "low": f"{low} of {count}",
            "task_url": reverse("readiness_task", kwargs={"slug": member.plan.slug, "question_id": pk}),
        }
        for pk, mean, low, count in rows
        if pk in questions
    ]


def brief(member: Member) -> dict[str, Any]:
    """What the page of the step shows: the plan's score, and the least ready agencies."""
    panel = readiness(member, QueryDict())
    return {**panel, "lines": panel.get("lines", panel["own"])[:BRIEF]}


# --- What waits for me ----------------------------------------------------------------------------------------------


def my_sheets(member: Member) -> list[dict[str, Any]]:
    """The questionnaires of the member that are open now, with how far they are."""
    rows = sheets_of(member.plan).filter(respondent=member.user, submitted_at=None)
    now = today(member.plan)
    sheets = [sheet for sheet in rows.order_by("pk") if stage(sheet.campaign, now) is Stage.OPEN]
    done = answered(member.plan, sheets)
    questions = questions_by_set(member.plan, {sheet.campaign.question_set_id for sheet in sheets})
    return [
        {
            "sheet": sheet,
            "done": done.get(sheet.pk, 0),
            "total": len(asked(questions[sheet.campaign.question_set_id], sheet.agency.tier, sheet.dimensions)),
            "closes": formats.day(sheet.campaign.closes, member.plan),
            "url": reverse("readiness_answer", kwargs={"slug": member.plan.slug, "sheet_id": sheet.pk}),
        }
        for sheet in sheets
    ]


def own_agencies(member: Member, found: Mapping[Key, Shown]) -> list[AgencyLine]:
    agencies = Agency.objects.for_plan(member.plan).filter(pk__in=member.agency_ids)
    lines = []
    for agency in agencies:
        figures = found[AGENCY, str(agency.pk)].figures if (AGENCY, str(agency.pk)) in found else None
        scores = [figures["dimensions"][key]["score"] if figures else None for key in Dimension.values]
        overall = figures["overall"] if figures else None
        lines.append(_agency_line(member, (agency, overall, None, scores)))
    return lines


# --- One agency -----------------------------------------------------------------------------------------------------


def agency_page(member: Member, agency: Agency) -> dict[str, Any]:
    """Scores, gaps, spread, agreement and the questions to talk about."""
    plan, key = member.plan, (AGENCY, str(agency.pk))
    found = results(member, [key])
    figures = found[key].figures
    url = reverse("readiness_agency", kwargs={"slug": plan.slug, "agency_id": agency.pk})
    return {
        "agency": agency,
        "state": state_line(found[key], plan),
        "live": live(plan, found, "readiness-agency"),
        "refresh_url": url,
        "trace_url": trace_url(plan, *key) if figures else "",
        "scale": scale(),
        **(_agency(figures, plan) if figures and figures["submitted"] else {}),
    }


def _agency(figures: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    before, independent = figures["before"], figures["independent"]
    return {
        "figures": figures,
        "overall": cell(figures["overall"], plan),
        "change": _change(figures["overall"], before["overall"] if before else None, plan),
        "dimensions": [
            _dimension(key, figures["dimensions"][key], before, independent, plan) for key in Dimension.values
        ],
        "pillars": [(str(pillar).capitalize(), cell(figures["pillars"].get(pillar.value), plan)) for pillar in Pillar],
        "agreement": agreement_words(figures["agreement"], figures["submitted"], plan),
        "has_independent": independent is not None,
        "talks": _talks(figures["questions"], plan),
        "lowest": _lowest(figures["questions"], plan),
    }


def _dimension(
    key: str, one: Mapping[str, Any], before: Mapping[str, Any] | None, other: Mapping[str, Any] | None, plan: Plan
) -> dict[str, Any]:
    share = one["answered"] / one["of"] if one["of"] else None
    evidence = one["with_evidence"] / one["of"] if one["of"] else None
    return {
        "label": str(Dimension(key).label),
        "cell": cell(one["score"], plan),
        "target": _level(one["target"], plan),
        "gap": _level(max(one["gap"], 0), plan) if one["gap"] is not None else "–",
        "spread": _level(one["spread"], plan),
        "answered": formats.percent(share, plan) if share is not None else "–",
        "evidence": formats.percent(evidence, plan) if evidence is not None else "–",
        "change": _change(one["score"], before["dimensions"].get(key) if before else None, plan),
        "independent": cell(other["dimensions"].get(key), plan).text if other else "–",
    }


def _level(value: float | None, plan: Plan) -> str:
    return "–" if value is None else formats.decimals(value, 1, plan)


def _change(now: float | None, before: float | None, plan: Plan) -> str:
    """Since the campaign before: as +0.4, and empty where there was none."""
    if now is None or before is None:
        return ""
    sign = "+" if now >= before else "−"
    return f"{sign}{formats.decimals(abs(now - before), 1, plan)}"


def agreement_words(alpha: float | None, submitted: int, plan: Plan) -> str:
    """Krippendorff takes 0.8 as reliable and 0.667 as good enough for tentative conclusions."""
    if submitted < 2:
        return "One person answered, so nothing can be said about agreement. Ask a second one."
    if alpha is None:
        return "Their answers do not vary enough to say how far they agree."
    figure = formats.decimals(alpha, 2, plan)
    if alpha >= 0.8:
        return f"The respondents agree (alpha {figure}): the scores stand on one view."
    if alpha >= 0.667:
        return f"The respondents agree on the whole (alpha {figure}). Look at the questions on which they do not."
    return f"The respondents see the agency differently (alpha {figure}): talk before you rely on the scores."


def _rows(columns: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    names = list(columns)
    return (dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True))


def _talks(columns: Mapping[str, Any], plan: Plan) -> list[dict[str, Any]]:
    rows = [row for row in _rows(columns) if row["highest"] - row["lowest"] >= TALK_FROM]
    rows.sort(key=lambda row: (row["lowest"] - row["highest"], row["mean"], row["code"]))
    return _questions(rows[:SHOWN_QUESTIONS], plan)


def _lowest(columns: Mapping[str, Any], plan: Plan) -> list[dict[str, Any]]:
    rows = sorted(_rows(columns), key=lambda row: (row["mean"], row["code"]))
    return _questions([row for row in rows if row["mean"] <= 2][:SHOWN_QUESTIONS], plan)


def _questions(rows: Sequence[Mapping[str, Any]], plan: Plan) -> list[dict[str, Any]]:
    known = Question.objects.for_plan(plan).in_bulk([row["question"] for row in rows])
    return [
        {**row, "question": known[row["question"]], "cell": cell(row["mean"], plan)}
        for row in rows
        if row["question"] in known
    ]
