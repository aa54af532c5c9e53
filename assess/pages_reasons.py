"""Why the plan exists, as people read it: its challenges, and where those stand who have to carry it.

What a person's position rests on is told in confidence. Names and offices are for every member; the position of each,
what shows it, what they ask for and how they moved are for the program office, the board and the analysts. Leads and
viewers read how many stand behind the plan, once that is released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import get_text_list

from assess.models import Challenge, Position, Sponsor
from ssoplanner.access.gate import Member, sees_agency_name
from ssoplanner.access.results import results
from ssoplanner.core.models import AuditEvent, Plan
from ssoplanner.recompute.reading import Shown
from ssoplanner.steps.standing import moves
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.live import live
from ssoplanner.web.tracing.page import trace_url

ALIGNMENT = ("assess.alignment", "")
LADDER = tuple(Position)
NOT_ASKED = "Nobody has asked yet"
# In a register of five hundred agencies a sentence names a few and counts the rest.
NAMED = 3
SHOWN = 25  # executives and sponsors on a page
NAMED_AT_A_PLACE = 8


@dataclass(frozen=True)
class ChallengeLine:
    row: Challenge
    pillar: str
    owner: str
    named_on: str
    url: str


@dataclass(frozen=True)
class SponsorLine:
    """`position` is empty for whom nobody asked, and for readers who are not told; `says` then holds nothing either."""

    row: Sponsor
    agency: str
    url: str
    position: str = ""
    says: str = ""
    since: str = ""
    evidence: str = ""
    asks: str = ""
    moves: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """What stands at each of the four places: the position where they stand, else nothing."""
        return tuple(one.value if one.value == self.position else "" for one in LADDER)


@dataclass(frozen=True)
class Place:
    """One of the four positions, or those nobody asked, with the executives who stand there."""

    key: str
    label: str
    lines: tuple[SponsorLine, ...]

    @property
    def named(self) -> tuple[SponsorLine, ...]:
        return self.lines[:NAMED_AT_A_PLACE]

    @property
    def more(self) -> int:
        return len(self.lines) - len(self.named)


# --- The page -------------------------------------------------------------------------------------------------------


def reasons(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The whole page, with the same number of queries however large the plan is."""
    plan = member.plan
    sponsors, challenges = _sponsor_lines(member), list(_challenges(member))
    listing = Listing("sponsors", sponsors, [Column("name", "Name")], asked, _text, size=SHOWN)
    return {
        "challenges": challenges,
        "listing": listing,
        "sponsors": _with_moves(member, list(listing.page)),
        "places": _places(sponsors) if member.sees_all else (),
        "missing": list(_missing(member, challenges, sponsors)),
        "settings_url": reverse("plan_settings", kwargs={"slug": plan.slug}),
        "can_edit": member.runs_plan,
        **_alignment(member, sponsors),
    }


def _text(line: SponsorLine) -> str:
    return f"{line.row.name} {line.row.office} {line.agency} {line.says}"


def alignment_part(member: Member) -> dict[str, Any]:
    """The part of it that is loaded anew when positions changed."""
    return _alignment(member, _sponsor_lines(member))


def _alignment(member: Member, sponsors: Sequence[SponsorLine]) -> dict[str, Any]:
    plan, found = member.plan, results(member, [ALIGNMENT])
    result = found.get(ALIGNMENT)
    return {
        "result": result,
        "state": state_line(result, plan) if result else None,
        "sentence": _sentence(result, sponsors, plan) if result else "",
        "trace_url": trace_url(plan, *ALIGNMENT),
        "live": live(plan, found, "alignment"),
        "refresh_url": reverse("reasons", kwargs={"slug": plan.slug}),
    }


def _sentence(result: Shown, sponsors: Sequence[SponsorLine], plan: Plan) -> str:
    """As in "7 of 9 executives are supportive or committed; 1 is opposed: Ada Pole." Nothing before it is computed."""
    if not result.figures:
        return ""
    figures = result.figures
    if not figures["asked"]:
        count = formats.counted(figures["executives"], "executive has", "executives have", plan)
        return f"None of {count} been asked yet." if figures["executives"] > 1 else f"{count} not been asked yet."
    asked = formats.counted(figures["asked"], "executive", "executives", plan)
    aligned, opposed = (formats.number(figures[name], plan) for name in ("aligned", "opposed"))
    behind = f"{aligned} of {asked} {'is' if figures['aligned'] == 1 else 'are'} supportive or committed"
    if not figures["opposed"]:
        return f"{behind}; none is opposed."
    against = [line.row.name for line in sponsors if line.position == Position.OPPOSED and line.row.is_executive]
    names = f": {_some(against)}" if against else ""
    return f"{behind}; {opposed} {'is' if figures['opposed'] == 1 else 'are'} opposed{names}."


def _some(names: Sequence[str]) -> str:
    """All of a few names; of many the first, and how many more."""
    if len(names) <= NAMED:
        return get_text_list(list(names), "and")
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"


# --- What is missing ------------------------------------------------------------------------------------------------


def _missing(
    member: Member, challenges: Sequence[ChallengeLine], sponsors: Sequence[SponsorLine]
) -> Iterator[tuple[str, str]]:
    """What the plan still lacks here: (sentence, where it is mended)."""
    plan = member.plan
    settings = reverse("plan_settings", kwargs={"slug": plan.slug})
    if not plan.problem:
        yield "The problem is not written down yet.", settings
    if not plan.goals:
        yield "The goals are not written down yet.", settings
    if not challenges:
        yield "No challenge is named yet.", "#challenges"
    unowned = [line.row.title for line in challenges if not line.row.owner_id]
    if unowned:
        has = formats.counted(len(unowned), "challenge has", "challenges have", plan)
        yield f"{has} no owner: {_some(unowned)}.", "#challenges"
    unasked = [line.row.name for line in sponsors if not line.row.position and line.row.is_executive]
    if unasked and member.sees_all:
        has = formats.counted(len(unasked), "executive was", "executives were", plan)
        yield f"{has} not asked yet: {_some(unasked)}.", "#sponsors"


# --- Challenges -----------------------------------------------------------------------------------------------------


def _challenges(member: Member) -> Iterator[ChallengeLine]:
    plan = member.plan
    for row in Challenge.objects.for_plan(plan).select_related("owner"):
        keys = {"slug": plan.slug, "challenge_id": row.pk}
        yield ChallengeLine(
            row=row,
            pillar=row.pillar.capitalize(),
            owner=str(row.owner) if row.owner else "",
            named_on=formats.day(row.named_on, plan) if row.named_on else "",
            url=reverse("challenge_edit", kwargs=keys) if member.runs_plan else "",
        )


# --- Executives and sponsors ----------------------------------------------------------------------------------------


def known_sponsors(member: Member) -> QuerySet[Sponsor]:
    """Those whose names the member may know: who speaks for an agency is known where the agency is."""
    found = Sponsor.objects.for_plan(member.plan).select_related("agency")
    if member.sees_all or member.plan.leads_see_agencies:
        return found
    return found.filter(agency=None) | found.filter(agency__in=member.agency_ids)


def _sponsor_lines(member: Member) -> list[SponsorLine]:
    rows = list(known_sponsors(member))
    if not member.sees_all:
        return [SponsorLine(row, _agency(member, row), "") for row in rows]
    return [_line(member, row) for row in rows]


def _with_moves(member: Member, lines: Sequence[SponsorLine]) -> Sequence[SponsorLine]:
    """The same with how each of them moved, for who may know."""
    if not member.sees_all:
        return lines
    saves = _saves(member.plan, [line.row for line in lines])
    return [replace(line, moves=_moved(saves.get(line.row.pk, ()), member.plan)) for line in lines]


def _line(member: Member, row: Sponsor) -> SponsorLine:
    plan = member.plan
    url = reverse("sponsor_edit", kwargs={"slug": plan.slug, "sponsor_id": row.pk}) if member.runs_plan else ""
    return SponsorLine(
        row=row,
        agency=_agency(member, row),
        url=url,
        position=row.position,
        says=row.get_position_display() if row.position else NOT_ASKED,
        since=formats.day(row.since, plan) if row.since else "",
        evidence=row.evidence,
        asks=row.asks,
    )


def _agency(member: Member, row: Sponsor) -> str:
    return str(row.agency) if row.agency and sees_agency_name(member, row.agency) else ""


def _places(lines: Sequence[SponsorLine]) -> tuple[Place, ...]:
    """The executives by position, and last those whom nobody asked, if there are any."""
    executives = [line for line in lines if line.row.is_executive]
    held: dict[str, list[SponsorLine]] = defaultdict(list)
    for line in executives:
        held[line.position].append(line)
    places = [Place(one.value, str(one.label), tuple(held[one.value])) for one in LADDER]
    unasked = [Place("unasked", "Not asked", tuple(held[""]))] if held[""] else []
    return tuple(places + unasked) if executives else ()


def _saves(plan: Plan, rows: Iterable[Sponsor]) -> Mapping[int, Sequence[AuditEvent]]:
    """By row: what was saved of its position, oldest first."""
    events = AuditEvent.objects.for_plan(plan).filter(
        model=Sponsor._meta.model_name,
        row_id__in=[row.pk for row in rows],
        after__has_any_keys=("position", "since"),
    )
    found: dict[int, list[AuditEvent]] = defaultdict(list)
    for event in events.order_by("id"):
        found[event.row_id].append(event)
    return found


def _moved(events: Iterable[AuditEvent], plan: Plan) -> str:
    """As in "neutral since 2 Feb 2026, supportive since 12 Jun 2026"; nothing where they took one position only."""
    found = moves(_as_levels(event.after) for event in events)
    if len(found) < 2:
        return ""
    return ", ".join(f"{LADDER[one.level].label.lower()} since {formats.day(one.since, plan)}" for one in found)


def _as_levels(after: Mapping[str, Any]) -> dict[str, Any]:
    """A save of a position as one of a level, its place on the ladder: moves are told as those of shifts are."""
    saved = dict(after)
    if "position" in saved:
        position = saved.pop("position")
        saved["level"] = LADDER.index(Position(position)) if position else None
    return saved
