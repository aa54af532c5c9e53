"""What stands behind the heat map: each service by each criterion, and what other weightings say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.heat_texts import BY_KEY, NOT_PLACED, figure_text, score_text
from assess.models import Criterion
from assess.pages_heat_lines import rank_text, robust_of
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan, Service
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.parts import Figure, PartLine, Parts

SHOWN = 25


def heat_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each service: per criterion its figure, the score that comes of it, and the weight."""
    plan = member.plan
    criteria = Criterion.objects.for_plan(plan).in_bulk(figures["criteria"])
    held = [place for place, pk in enumerate(figures["criteria"]) if pk in criteria]
    rows = _services(plan, figures["services"])
    columns = [
        Column[Any]("name", "Service"),
        *(Column[Any](f"c{pk}", _head(criteria[pk], figures, plan), figure=True) for pk in _pks(figures, held)),
        Column[Any]("opportunity", "Opportunity", figure=True),
        Column[Any]("ease", "Ease", figure=True),
        Column[Any]("group", "Group"),
    ]
    listing = Listing("services", rows, columns, asked, _text, size=SHOWN)
    url = reverse("heat_map", kwargs={"slug": plan.slug})
    lines = [
        PartLine(service.name, f"{url}?services-search={service.code}", _cells(figures, held, place, criteria, plan))
        for service, place in listing.page
    ]
    sentence = "In each cell the score, and the figure that it comes from. A mean weighs the scores of its own axis."
    return Parts("What each service scores", sentence, listing, lines)


def _pks(figures: Mapping[str, Any], held: Sequence[int]) -> list[int]:
    return [figures["criteria"][place] for place in held]


def _head(row: Criterion, figures: Mapping[str, Any], plan: Plan) -> str:
    place = figures["criteria"].index(row.pk)
    return f"{row.name} ({figures['axes'][place]}, weight {formats.number(figures['weights'][place], plan)})"


def _services(plan: Plan, ids: Sequence[int]) -> list[tuple[Service, int]]:
    places = {pk: place for place, pk in enumerate(ids)}
    services = Service.objects.for_plan(plan).select_related("area")
    return [(service, places[service.pk]) for service in services if service.pk in places]


def _text(row: tuple[Service, int]) -> str:
    return f"{row[0].code} {row[0].name} {row[0].area.name}"


def _cells(
    figures: Mapping[str, Any], held: Sequence[int], place: int, criteria: Mapping[int, Criterion], plan: Plan
) -> tuple[str, ...]:
    each = (_cell(figures, column, place, criteria[figures["criteria"][column]], plan) for column in held)
    group = BY_KEY.get(figures["group"][place] or "", NOT_PLACED)
    return (
        *each,
        score_text(figures["opportunity"][place], plan),
        score_text(figures["ease"][place], plan),
        group.one,
    )


def _cell(figures: Mapping[str, Any], column: int, place: int, row: Criterion, plan: Plan) -> str:
    score, figure = figures["scores"][column][place], figures["figures"][column][place]
    text = figure_text(row.measure, figure, plan)
    return f"{score_text(score, plan)} ({text})" if text else score_text(score, plan)


def heat_figures(figures: Mapping[str, Any], plan: Plan) -> list[Figure]:
    """How many of the services are a quick win."""
    count = sum(group == "quick_win" for group in figures["group"])
    placed = sum(group is not None for group in figures["group"])
    formula = "Services whose opportunity and ease are both at least 3."
    parts = (
        formats.counted(count, "quick win", "quick wins", plan),
        f"{formats.counted(placed, 'service', 'services', plan)} with both axes",
    )
    return [Figure("quick_wins", "Quick wins", formats.number(count, plan), formula, *parts)]


def robust_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each service: in how many weightings it is a quick win, and between which ranks it stands."""
    plan, held = member.plan, robust_of(figures)
    rows = _services(plan, figures["services"])
    columns = [
        Column[Any]("name", "Service"),
        Column[Any]("quick", "Quick win in", figure=True),
        Column[Any]("rank", "In nine of ten", figure=True),
    ]
    listing = Listing("services", rows, columns, asked, _text, size=SHOWN)
    url = reverse("heat_map", kwargs={"slug": plan.slug})
    lines = [
        PartLine(
            service.name,
            f"{url}?services-search={service.code}",
            (
                f"{formats.decimals(100 * held[service.pk].quick_win, 1, plan)} % of weightings",
                rank_text(held[service.pk], plan),
            ),
        )
        for service, _ in listing.page
    ]
    draws = formats.number(figures["draws"], plan)
    return Parts("What other weightings say", f"Over {draws} random weightings of the same scores.", listing, lines)


PARTS = {"assess.heat_map": heat_parts, "assess.heat_robustness": robust_parts}
FIGURES = {"assess.heat_map": heat_figures}
