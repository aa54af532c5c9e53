"""Whether what a page shows of a result is current, in words and by a mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from ssoplanner.core.models import Plan
from ssoplanner.recompute.reading import Shown, State
from ssoplanner.web import formats


@dataclass(frozen=True)
class StateLine:
    """The sentence, its mark, and what is missing as (text, address)."""

    text: str
    tone: str
    current: bool
    missing: tuple[tuple[str, str], ...] = ()


def state_line(result: Shown, plan: Plan) -> StateLine:
    """The state of a result as people read it."""
    shown = f" The figures below are those of {formats.moment(result.built_at, plan)}." if result.figures else ""
    if result.state is State.CURRENT:
        return StateLine(f"Current, computed {formats.moment(result.built_at, plan)}.", "complete", True)
    if result.state is State.INCOMPLETE:
        missing = tuple((one.text, _page(one.page, one.ids, plan)) for one in result.missing)
        return StateLine("Not computed yet, because something is missing.", "upcoming", True, missing)
    if result.state is State.FAILED:
        return StateLine(f"It could not be computed; it is tried again by itself.{shown}", "critical", False)
    if result.unanswered:
        since = formats.moment(result.since, plan)
        return StateLine(f"Waiting since {since}: no worker answers.{shown}", "late", False)
    return StateLine(f"Being computed after a change.{shown}", "on_track", False)


def state_of_all(results: Iterable[Shown], plan: Plan) -> StateLine | None:
    """The state of several results that a page shows as one: the first that is not current speaks for all."""
    lines = [state_line(result, plan) for result in results]
    return next((line for line in lines if not line.current), lines[0] if lines else None)


def _page(name: str, ids: Mapping[str, int], plan: Plan) -> str:
    return reverse(name, kwargs={"slug": plan.slug, **ids}) if name else ""
