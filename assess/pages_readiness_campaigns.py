"""Campaigns as their pages show them: how far each is, and whom to chase."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.models import Campaign, Dimension, Question, Questionnaire
from assess.readiness_sheets import (
    Stage,
    agencies_of,
    answered,
    asked,
    asks_for,
    is_mine,
    reads_sheet,
    set_questions,
    sheets_of,
    stage,
    visible_campaigns,
)
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency
from ssoplanner.steps.progress import today
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.views.rows import plan_crumb, plan_url

NOT_STARTED, IN_PROGRESS, SUBMITTED = ("Not started", "late"), ("In progress", "on_track"), ("Submitted", "complete")
SHOW = {"": "All", "waiting": "To chase", "submitted": "Submitted"}


@dataclass(frozen=True)
class SheetLine:
    who: str
    about: str
    state: str
    tone: str
    progress: str
    url: str
    reopen_url: str
    is_submitted: bool
    independent: bool
    reopened: str


@dataclass(frozen=True)
class AgencyLine:
    agency: Agency
    sheets: list[SheetLine]
    ask_url: str
    rate_url: str

    @property
    def waits(self) -> bool:
        """Whether somebody has to be chased: nobody is asked, or one who is has not submitted."""
        own = [sheet for sheet in self.sheets if not sheet.independent]
        return not own or not all(sheet.is_submitted for sheet in own)


def campaigns_page(member: Member) -> dict[str, Any]:
    """Every campaign that the member may know of, with how many agencies have submitted: three queries."""
    rows = list(visible_campaigns(member).prefetch_related("agencies"))
    done = _submitted(member, rows)
    return {
        "campaigns": [_campaign(member, row, done.get(row.pk, set())) for row in rows],
        "can_begin": member.runs_plan,
        "new_url": plan_url(member, "readiness_campaign_new"),
        "crumbs": plan_crumb(member.plan, ("Readiness", plan_url(member, "readiness"))),
    }


def _submitted(member: Member, campaigns: Iterable[Campaign]) -> Mapping[int, set[int]]:
    """Campaign -> the agencies of which at least one questionnaire is submitted."""
    rows = sheets_of(member.plan).filter(campaign__in=campaigns, independent=False, submitted_at__isnull=False)
    found: dict[int, set[int]] = {}
    for campaign, agency in rows.order_by().values_list("campaign_id", "agency_id"):
        found.setdefault(campaign, set()).add(agency)
    return found


def _campaign(member: Member, row: Campaign, done: set[int]) -> dict[str, Any]:
    seen = {agency.pk for agency in row.agencies.all() if member.sees_all or agency.pk in member.agency_ids}
    return {"done": len(seen & done), "total": len(seen), **_facts(member, row)}


def _facts(member: Member, row: Campaign) -> dict[str, Any]:
    now = stage(row, today(member.plan))
    keys = {"slug": member.plan.slug, "campaign_id": row.pk}
    return {
        "campaign": row,
        "stage": now.label,
        "tone": now.tone,
        "is_open": now is Stage.OPEN,
        "opens": formats.day(row.opens, member.plan),
        "closes": formats.day(row.closes, member.plan),
        "url": reverse("readiness_campaign", kwargs=keys),
        "edit_url": reverse("readiness_campaign_edit", kwargs=keys) if member.runs_plan else "",
    }


def campaign_page(member: Member, row: Campaign, asked_for: QueryDict) -> dict[str, Any]:
    """The chase list: each agency with who is asked and how far they are."""
    show = asked_for.get("show", "")
    show = show if show in SHOW else ""
    lines = _agency_lines(member, row)
    groups = {
        "": lines,
        "waiting": [line for line in lines if line.waits],
        "submitted": [line for line in lines if not line.waits],
    }
    columns: list[Column[AgencyLine]] = [
        Column("agency", "Agency", key=lambda line: line.agency.name.casefold()),
        Column("who", "Who is asked, and how far they are"),
    ]
    listing = Listing("chase", groups[show], columns, asked_for, lambda one: f"{one.agency.code} {one.agency.name}")
    url = reverse("readiness_campaign", kwargs={"slug": member.plan.slug, "campaign_id": row.pk})
    return {
        **_facts(member, row),
        "listing": listing,
        "lines": list(listing.page),
        "filters": [
            {
                "label": label,
                "url": f"{url}?show={key}" if key else url,
                "count": len(groups[key]),
                "current": key == show,
            }
            for key, label in SHOW.items()
        ],
        "done": len(groups["submitted"]),
        "total": len(lines),
        "targets": [
            (str(Dimension(key).label), formats.decimals(row.targets[key], 1, member.plan))
            for key in Dimension.values
            if key in row.targets
        ],
        "runs_plan": member.runs_plan,
        "crumbs": plan_crumb(
            member.plan,
            ("Readiness", plan_url(member, "readiness")),
            ("Campaigns", plan_url(member, "readiness_campaigns")),
        ),
    }


def _agency_lines(member: Member, row: Campaign) -> list[AgencyLine]:
    agencies = [one for one in agencies_of(row) if member.sees_all or one.pk in member.agency_ids]
    sheets = list(sheets_of(member.plan).filter(campaign=row, agency__in=agencies))
    counts, questions = answered(member.plan, sheets), set_questions(row)
    by_agency: dict[int, list[SheetLine]] = {}
    for sheet in sheets:
        by_agency.setdefault(sheet.agency_id, []).append(_sheet_line(member, sheet, counts, questions))
    return [_agency_line(member, row, agency, by_agency.get(agency.pk, [])) for agency in agencies]


def _agency_line(member: Member, row: Campaign, agency: Agency, sheets: list[SheetLine]) -> AgencyLine:
    slug = member.plan.slug
    ask = reverse("readiness_ask", kwargs={"slug": slug, "campaign_id": row.pk})
    keys = {"slug": slug, "campaign_id": row.pk, "agency_id": agency.pk}
    rated = any(sheet.independent for sheet in sheets)
    return AgencyLine(
        agency=agency,
        sheets=sorted(sheets, key=lambda sheet: sheet.independent),
        ask_url=f"{ask}?for={agency.pk}" if asks_for(member, agency) else "",
        rate_url=reverse("readiness_rate", kwargs=keys) if member.runs_plan and not rated else "",
    )


def _sheet_line(
    member: Member, sheet: Questionnaire, counts: Mapping[int, int], questions: list[Question]
) -> SheetLine:
    keys = {"slug": member.plan.slug, "sheet_id": sheet.pk}
    total = len(asked(questions, sheet.agency.tier, sheet.dimensions))
    count, submitted = counts.get(sheet.pk, 0), sheet.submitted_at is not None
    state, tone = SUBMITTED if submitted else IN_PROGRESS if count else NOT_STARTED
    opens = is_mine(member, sheet) or reads_sheet(member, sheet)
    return SheetLine(
        who="Program office" if sheet.independent else str(sheet.respondent),
        about=", ".join(str(Dimension(key).label) for key in sheet.dimensions),
        state=state,
        tone=tone,
        progress=formats.day(member.plan.day_of(sheet.submitted_at), member.plan)
        if sheet.submitted_at
        else f"{count} of {total} answered",
        url=reverse("readiness_answer", kwargs=keys) if opens else "",
        reopen_url=reverse("readiness_reopen", kwargs=keys) if submitted and member.runs_plan else "",
        is_submitted=submitted,
        independent=sheet.independent,
        reopened=sheet.reopened,
    )
