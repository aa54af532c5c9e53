"""What the board sees of Assess on its phase page: five figures of the current state, for whom it is released."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from assess.figure_texts import fte
from assess.metrics import METRICS, MetricText, value_text
from assess.pages import PLAN_STATE
from assess.pages_heat import HEAT
from assess.pages_readiness import MAP
from assess.pages_reasons import ALIGNMENT
from assess.phase_panels import panels
from ssoplanner.access.gate import Member
from ssoplanner.access.results import results
from ssoplanner.core.models import Plan
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_of_all
from ssoplanner.web.roadmap.figures import Figure, PhaseFigures
from ssoplanner.web.tracing.page import trace_url

# The registers that its figures stand on.
XRAY = ("agencies", "figures", "services", "systems")
# Of the starter metrics, the one that a go or no-go turns on: what is run twice.
SHOWN = ("duplicates",)
# Pages that belong to the phase and to none of its steps.
LINKS = (("Why this plan", "reasons"), ("Twelve risks", "risks"), ("Five questions", "auditor_questions"))


def figures(member: Member) -> PhaseFigures:
    """The figures as they stand; withheld from leads and viewers until the program office releases them."""
    found = results(member, [PLAN_STATE, ALIGNMENT, HEAT, MAP])
    whole = found.get(PLAN_STATE)
    if whole is None:
        return PhaseFigures(withheld="The figures are shown here once the program office releases the current state.")
    heat = found[HEAT].figures if HEAT in found else None
    shown = tuple(_figures(whole.figures, heat, member.plan)) if whole.figures else ()
    if ALIGNMENT in found and found[ALIGNMENT].figures:
        shown = (*shown, _alignment(found[ALIGNMENT].figures or {}, member.plan))
    state = state_of_all([whole, *found.values()], member.plan)
    return PhaseFigures(shown, state, found, panels=panels(member, found))


def _alignment(figures: Mapping[str, Any], plan: Plan) -> Figure:
    value = f"{formats.number(figures['aligned'], plan)} of {formats.number(figures['asked'], plan)}"
    notes = [f"{formats.number(figures['opposed'], plan)} opposed"] if figures["opposed"] else []
    notes += [f"{formats.number(figures['not_asked'], plan)} not asked"] if figures["not_asked"] else []
    note = ", ".join(notes) or "asked, none opposed"
    return Figure("Executives behind the plan", value, note, trace_url(plan, *ALIGNMENT, "aligned"))


def _figures(figures: Mapping[str, Any], heat: Mapping[str, Any] | None, plan: Plan) -> Iterator[Figure]:
    """FTE give way to the quick wins once there is a heat map."""
    url = trace_url(plan, *PLAN_STATE)
    agencies = f"{formats.number(figures['reporting'], plan)} of {formats.number(figures['agencies'], plan)}"
    year = f"fiscal year {plan.base_year}"
    yield Figure("Agencies with figures", agencies, year, reverse("agencies", kwargs={"slug": plan.slug}))
    yield Figure("Cost a year", formats.money_short(Decimal(figures["cost_cents"]) / 100, plan), "all services", url)
    if heat is None:
        yield Figure("FTE", fte(figures["fte_hundredths"], plan), "at work on them", url)
    else:
        yield _quick_wins(heat, plan)
    for text in METRICS:
        if text.key in SHOWN:
            yield _metric(text, figures["metrics"][text.key], plan)


def _quick_wins(heat: Mapping[str, Any], plan: Plan) -> Figure:
    count, placed = heat["group"].count("quick_win"), sum(group is not None for group in heat["group"])
    note = f"of {formats.counted(placed, 'service', 'services', plan)} on the heat map"
    return Figure("Quick wins", formats.number(count, plan), note, trace_url(plan, *HEAT, "quick_wins"))


def _metric(text: MetricText, metric: Mapping[str, Any], plan: Plan) -> Figure:
    url, value = trace_url(plan, *PLAN_STATE, text.key), value_text(text, metric["value"], plan)
    coverage = f"from {formats.counted(metric['agencies'], 'agency', 'agencies', plan)}"
    return Figure(text.starter.name, value, coverage if metric["agencies"] else "no figures yet", url)
