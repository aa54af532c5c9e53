"""What the board sees of Assess beside its figures: how ready each agency is, and which services the quick wins are."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from assess.pages_heat import HEAT
from assess.pages_heat_lines import by_total, lines_of
from assess.pages_readiness import MAP, cell
from ssoplanner.access.gate import Member, sees_agency, sees_agency_name
from ssoplanner.core.models import Agency, Plan, Service
from ssoplanner.recompute.calculations import Key
from ssoplanner.recompute.reading import Shown
from ssoplanner.web import formats
from ssoplanner.web.roadmap.figures import Bar, Panel

HIGHEST = 5
NAMED = 8  # quick wins by name
SHOWN = 20  # agencies with a bar: the least ready, which need the board


def panels(member: Member, found: Mapping[Key, Shown]) -> tuple[Panel, ...]:
    """Of the results that the member may see: at most two queries."""
    made = (readiness_panel(member, found.get(MAP)), quick_wins_panel(member, found.get(HEAT)))
    return tuple(panel for panel in made if panel)


def readiness_panel(member: Member, shown: Shown | None) -> Panel | None:
    """One bar an agency, the least ready first."""
    if shown is None or not shown.figures:
        return None
    plan, columns = member.plan, shown.figures["agencies"]
    rows = {row.pk: row for row in Agency.objects.for_plan(plan) if sees_agency_name(member, row)}
    scores = dict(zip(columns["agency"], columns["overall"], strict=True))
    known = [pk for pk in scores if pk in rows]
    known.sort(key=lambda pk: (scores[pk] is None, scores[pk] or 0, rows[pk].name.casefold()))
    return Panel(
        key="readiness-panel",
        title="Readiness by agency",
        sentence=_readiness_says(list(scores.values()), plan),
        heads=("Agency", "Readiness, 1 to 5"),
        bars=tuple(_agency(member, rows[pk], scores[pk]) for pk in known[:SHOWN]),
        more=_more(len(known) - SHOWN, "agency", "agencies", plan),
        url=reverse("readiness", kwargs={"slug": plan.slug}),
        link="The whole picture of readiness",
    )


def _readiness_says(scores: list[float | None], plan: Plan) -> str:
    limit = float(plan.readiness_threshold)
    known = [score for score in scores if score is not None]
    if not known:
        return "No agency has a score yet."
    ready = formats.number(sum(score >= limit for score in known), plan)
    of = formats.counted(len(known), "agency", "agencies", plan)
    silent = len(scores) - len(known)
    said = f"{ready} of {of} with a score are at {formats.decimals(limit, 1, plan)} or above"
    if not silent:
        return f"{said}."
    return f"{said}; {formats.number(silent, plan)} {'has' if silent == 1 else 'have'} none yet."


def _agency(member: Member, row: Agency, score: float | None) -> Bar:
    keys = {"slug": member.plan.slug, "agency_id": row.pk}
    shown = cell(score, member.plan)
    return Bar(
        label=row.name,
        value=shown.text,
        note=shown.word,
        part=score,
        whole=HIGHEST,
        url=reverse("readiness_agency", kwargs=keys) if sees_agency(member, row) else "",
    )


def quick_wins_panel(member: Member, shown: Shown | None) -> Panel | None:
    """The quick wins by name, the best first."""
    if shown is None or not shown.figures:
        return None
    plan = member.plan
    services = list(Service.objects.for_plan(plan).select_related("area"))
    quick = [line for line in by_total(lines_of(shown, None, services)) if line.group.key == "quick_win"]
    return Panel(
        key="quick-wins-panel",
        title="Quick wins",
        sentence=_quick_says(len(quick), plan),
        heads=("Service", "Opportunity and ease, 2 to 10"),
        bars=tuple(
            Bar(
                label=line.service.name,
                value=formats.decimals(line.total or 0, 1, plan),
                note=f"{_one(line.opportunity, plan)} + {_one(line.ease, plan)}",
                part=line.total,
                whole=2 * HIGHEST,
            )
            for line in quick[:NAMED]
        ),
        more=_more(len(quick) - NAMED, "quick win", "quick wins", plan),
        url=reverse("heat_map", kwargs={"slug": plan.slug}),
        link="The heat map of all services",
    )


def _one(value: float | None, plan: Plan) -> str:
    return formats.decimals(value or 0, 1, plan)


def _quick_says(count: int, plan: Plan) -> str:
    asked = formats.number(plan.quick_wins_threshold, plan)
    if not count:
        return f"None yet; the gate asks for {asked}."
    are = formats.counted(count, "service is", "services are", plan)
    return f"{are} both worth sharing and easy to share; the gate asks for {asked}."


def _more(count: int, one: str, many: str, plan: Plan) -> str:
    return f"{formats.counted(count, f'more {one}', f'more {many}', plan)}." if count > 0 else ""
