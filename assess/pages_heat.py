"""From the heat map's results to what its page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.calc.heat_map import GOOD
from assess.calc.heat_robustness import DRAWS
from assess.heat_texts import GROUPS, THIN, score_text
from assess.models import Criterion
from assess.pages_heat_lines import Line, by_total, lines_of, rank_text, robust_text
from assess.pages_heat_table import TABLE, table
from ssoplanner.access.gate import Member
from ssoplanner.access.results import results
from ssoplanner.charts.scatter import Dot, Scatter, scatter
from ssoplanner.core.models import Plan, Service
from ssoplanner.recompute.reading import Shown
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.live import live
from ssoplanner.web.tracing.page import trace_url

HEAT, ROBUST = ("assess.heat_map", ""), ("assess.heat_robustness", "")
RANKED, NAMED = 12, 3
LONGEST_LABEL = 26
FIRM = 0.75  # of other weightings: so often a quick win has to stay one to be called firm


def heat_map(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The page: verdict, scatter, ranking and the table, as far as the member may see them."""
    plan, found = member.plan, results(member, [HEAT, ROBUST])
    heat, robust = found.get(HEAT), found.get(ROBUST)
    criteria = list(Criterion.objects.for_plan(plan)) if heat else []
    services = list(Service.objects.for_plan(plan).select_related("area")) if heat else []
    lines = lines_of(heat, robust, services)
    url = reverse("heat_map", kwargs={"slug": plan.slug})
    return {
        "heat": heat,
        "state": state_line(heat, plan) if heat else None,
        "live": live(plan, found, "heat-map"),
        "refresh_url": f"{url}?{asked.urlencode()}" if asked else url,
        "trace_url": trace_url(plan, *HEAT),
        "robust_url": trace_url(plan, *ROBUST) if robust else "",
        "verdict": verdict(lines, plan) if lines else None,
        "scatter": _drawing(lines, plan),
        "ranking": [_ranked(place, line, plan) for place, line in enumerate(by_total(lines)[:RANKED], 1)],
        **table(member, lines, criteria, asked, url),
    }


def heat_lines(member: Member) -> tuple[Mapping[Any, Shown], list[Line]]:
    """The results that the member may see, and each service in them."""
    found = results(member, [HEAT, ROBUST])
    heat = found.get(HEAT)
    services = list(Service.objects.for_plan(member.plan).select_related("area")) if heat else []
    return found, lines_of(heat, found.get(ROBUST), services)


# --- Ten seconds -----------------------------------------------------------------------------------------------------


def verdict(lines: Sequence[Line], plan: Plan) -> dict[str, Any]:
    """How many services are in each group, and which the quick wins are."""
    ordered = by_total(lines)
    held = {group.key: [line for line in ordered if line.group is group] for group in GROUPS}
    quick, url = held["quick_win"], reverse("heat_map", kwargs={"slug": plan.slug})
    return {
        "sentence": _sentence(quick, plan),
        "groups": [
            {
                "label": group.many,
                "value": formats.number(len(held[group.key]), plan),
                "note": group.meaning,
                "url": f"{url}?group={group.key}#{TABLE}" if held[group.key] else "",
            }
            for group in GROUPS
        ],
        "steady": _steady(quick, plan),
        "thin": _thin([line for line in quick if line.confidence < THIN]),
    }


def _sentence(quick: Sequence[Line], plan: Plan) -> str:
    if not quick:
        return "No service is a quick win yet: none is both worth sharing and easy to share."
    count = formats.counted(len(quick), "quick win", "quick wins", plan)
    return f"{count[0].upper()}{count[1:]}: {_names(quick)}."


def _names(lines: Sequence[Line]) -> str:
    names = [line.service.name for line in lines[:NAMED]]
    if len(lines) > NAMED:
        return f"{', '.join(names)} and {len(lines) - NAMED} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _steady(quick: Sequence[Line], plan: Plan) -> str:
    """What stands whatever the weights are."""
    known = [line.robust for line in quick if line.robust]
    if not known:
        return ""
    firm = sum(robust.quick_win >= FIRM for robust in known)
    held = "None of them stays one" if not firm else f"{formats.number(firm, plan)} of them stay quick wins"
    if len(quick) == 1:
        held = "It stays one" if firm else "It does not stay one"
    share, draws = formats.number(round(100 * FIRM), plan), formats.number(DRAWS, plan)
    return f"{held} in at least {share} % of {draws} other weightings."


def _thin(lines: Sequence[Line]) -> str:
    return f"On thin data: {_names(lines)}." if lines else ""


def _drawing(lines: Sequence[Line], plan: Plan) -> dict[str, Any] | None:
    ordered = by_total(lines)
    if not ordered:
        return None
    dots = [Dot(line.group.key, _short(line.service.name), line.ease or 0, line.opportunity or 0) for line in ordered]
    drawn: Scatter = scatter(dots, GOOD)
    return {
        "drawn": drawn,
        "dots": list(zip(drawn.dots, ordered, strict=True)),
        "across": [(tick, score_text(tick.value, plan)) for tick in drawn.across],
        "up": [(tick, score_text(tick.value, plan)) for tick in drawn.up],
        "unnamed": sum(1 for dot in drawn.dots if not dot.label),
    }


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1].rstrip()}…"


def _ranked(place: int, line: Line, plan: Plan) -> dict[str, Any]:
    return {
        "place": place,
        "name": line.service.name,
        "group": line.group,
        "opportunity": score_text(line.opportunity, plan),
        "ease": score_text(line.ease, plan),
        "steady": robust_text(line.robust, plan),
        "ranks": rank_text(line.robust, plan),
        "thin": line.confidence < THIN,
    }


def summary(member: Member) -> dict[str, Any]:
    """What stands on the step's page: the verdict alone."""
    found, lines = heat_lines(member)
    heat = found.get(HEAT)
    return {
        "heat": heat,
        "state": state_line(heat, member.plan) if heat else None,
        "verdict": verdict(lines, member.plan) if lines else None,
        "url": reverse("heat_map", kwargs={"slug": member.plan.slug}),
        "trace_url": trace_url(member.plan, *HEAT),
    }
