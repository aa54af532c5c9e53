"""What the X-ray finds in the reasons for the plan and in the answers on readiness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from assess.models import Campaign, Challenge, Questionnaire, Sponsor
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, AgencyStatus, Membership
from ssoplanner.web import formats
from ssoplanner.web.xray.rules import OFFICE, OFFICE_AND_LEADS, Finding, Link, Rule, Scope, Severity, Source

STALE = timedelta(days=180)  # half a year: budgets and people have moved on by then


@dataclass(frozen=True)
class Silent:
    """An agency that was asked by the newest campaign that is over, and has submitted nothing."""

    campaign: Campaign
    agency: Agency


def _challenges(scope: Scope) -> Any:
    member = Membership.objects.filter(plan=scope.plan, user=OuterRef("owner"))
    rows = Challenge.objects.using(scope.db).filter(plan=scope.plan).select_related("owner")
    return rows.annotate(owner_is_member=Exists(member))


def _executives(scope: Scope) -> Any:
    return Sponsor.objects.using(scope.db).filter(plan=scope.plan, is_executive=True)


def _silent(scope: Scope) -> Iterator[Silent]:
    over = Campaign.objects.using(scope.db).filter(plan=scope.plan, closes__lt=scope.as_of).first()
    if over is None:
        return
    sent = Questionnaire.objects.using(scope.db).filter(
        plan=scope.plan, campaign=over, agency=OuterRef("pk"), independent=False, submitted_at__isnull=False
    )
    asked = Agency.objects.using(scope.db).filter(plan=scope.plan, campaigns=over).exclude(status=AgencyStatus.LEFT)
    for agency in asked.filter(~Exists(sent)):
        yield Silent(over, agency)


def _is_own(row: Silent, member: Member) -> bool:
    return row.agency.pk in member.agency_ids


CHALLENGES, EXECUTIVES = Source(_challenges), Source(_executives)


def _challenge(row: Challenge, scope: Scope) -> Finding:
    return Finding(str(row), (Link("challenge_edit", {"challenge_id": row.pk}), Link("reasons")))


def _executive(row: Sponsor, scope: Scope) -> Finding:
    since = f": since {formats.day(row.since, scope.plan)}" if row.since else ""
    return Finding(f"{row}{since}", (Link("sponsor_edit", {"sponsor_id": row.pk}), Link("reasons")))


def _unanswered(row: Silent, scope: Scope) -> Finding:
    link = Link("readiness_campaign", {"campaign_id": row.campaign.pk})
    return Finding(f"{row.agency}: {row.campaign} closed on {formats.day(row.campaign.closes, scope.plan)}", (link,))


RULES = (
    Rule(
        key="assess.challenge_no_owner",
        title="Challenges without an owner",
        why="Nobody answers for them, so scope and benefits cannot be traced back to somebody who asked.",
        severity=Severity.SHOULD,
        about="assess",
        source=CHALLENGES,
        is_wrong=lambda row, scope: row.owner_id is None or not row.owner_is_member,
        finding=_challenge,
        mends=OFFICE,
    ),
    Rule(
        key="assess.executive_not_asked",
        title="Executives whom nobody asked",
        why="The gate counts who stands behind the plan among those who were asked.",
        severity=Severity.SHOULD,
        about="assess",
        source=EXECUTIVES,
        is_wrong=lambda row, scope: not row.position,
        finding=_executive,
        mends=OFFICE,
    ),
    Rule(
        key="assess.executive_stale",
        title="Executives whose position is older than half a year",
        why="Budgets and people move on; the board will ask whether it still holds.",
        severity=Severity.LOOK,
        about="assess",
        source=EXECUTIVES,
        is_wrong=lambda row, scope: row.since is not None and row.since < scope.as_of - STALE,
        finding=_executive,
        mends=OFFICE,
    ),
    Rule(
        key="assess.readiness_silent",
        title="Agencies that have not answered on readiness",
        why="The campaign is over; the scores of the plan leave them out.",
        severity=Severity.SHOULD,
        about="assess",
        source=Source(_silent, _is_own),
        is_wrong=lambda row, scope: True,
        finding=_unanswered,
        mends=OFFICE_AND_LEADS,
    ),
)
