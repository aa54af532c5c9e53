"""The twelve shifts as people read them: where the plan stands, since when, who said so, and how it moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list

from ssoplanner.access.gate import Member
from ssoplanner.core.models import AuditEvent, Plan
from ssoplanner.steps.models import ShiftStanding
from ssoplanner.steps.registry import Pillar
from ssoplanner.steps.shifts import FOCUS, LEVELS, SHIFTS, Shift, level_text
from ssoplanner.steps.standing import moves, standings
from ssoplanner.web import formats

JUDGING = ("level", "since", "evidence")  # who changed one of these last is who says so
Saves = Mapping[int, Sequence[AuditEvent]]


@dataclass(frozen=True)
class ShiftLine:
    """One shift in words. Without a `level` nobody has judged it."""

    shift: Shift
    url: str
    row: ShiftStanding
    says: str
    places: tuple[str, ...]
    since: str
    said_by: str
    moves: str

    @property
    def level(self) -> int | None:
        return self.row.level


@dataclass(frozen=True)
class PillarGroup:
    name: str
    focus: str
    lines: tuple[ShiftLine, ...]


def shift_url(plan: Plan, key: str) -> str:
    return reverse("shift", kwargs={"slug": plan.slug, "shift_key": key})


def shift_lines(member: Member) -> list[ShiftLine]:
    """All twelve in their order, by two queries."""
    plan, known = member.plan, standings(member.plan)
    saves = _saves(plan, known.values())
    rows = ((one, known.get(one.key) or ShiftStanding(shift=one.key)) for one in SHIFTS)
    return [shift_line(plan, one, row, saves) for one, row in rows]


def line_of(plan: Plan, row: ShiftStanding) -> ShiftLine:
    """One of them, by one query."""
    return shift_line(plan, row.declared, row, _saves(plan, [row]))


def shift_line(plan: Plan, shift: Shift, row: ShiftStanding, saves: Saves) -> ShiftLine:
    own = saves.get(row.pk or 0, ())
    return ShiftLine(
        shift=shift,
        url=shift_url(plan, shift.key),
        row=row,
        says=level_text(row.level) if row.level else "Not judged yet",
        places=tuple(_place(one.number, row.level) for one in LEVELS),
        since=formats.day(row.since, plan) if row.since else "",
        said_by=_said_by(own[-1], plan) if own and row.level else "",
        moves=_moved(own, plan),
    )


def groups(lines: Iterable[ShiftLine], chosen: Pillar | None) -> list[PillarGroup]:
    """By pillar, or those of one."""
    held = list(lines)
    return [
        PillarGroup(pillar.capitalize(), FOCUS[pillar], tuple(line for line in held if line.shift.pillar is pillar))
        for pillar in Pillar
        if chosen in (None, pillar)
    ]


def summary(lines: Sequence[ShiftLine]) -> str:
    """How many are judged and have moved, and which pillar lags."""
    judged = [line for line in lines if line.level]
    if not judged:
        return f"None of the {len(lines)} shifts is judged yet."
    moved = sum(line.level > 1 for line in judged if line.level)
    moved_on = f"{moved} of them have moved on from where they began"
    if moved == 1:
        moved_on = "1 of them has moved on from where it began"
    said = f"{len(judged)} of {len(lines)} shifts {'is' if len(judged) == 1 else 'are'} judged; {moved_on}."
    return " ".join(filter(None, (said, _lagging(judged))))


def _lagging(judged: Iterable[ShiftLine]) -> str:
    """The pillars whose judged shifts stand lowest, unless all stand alike."""
    levels: dict[Pillar, list[int]] = defaultdict(list)
    for line in judged:
        levels[line.shift.pillar].append(line.level or 0)
    means = {pillar: sum(found) / len(found) for pillar, found in levels.items()}
    low = [pillar for pillar in means if means[pillar] == min(means.values())]
    if len(low) == len(means):
        return ""
    names = get_text_list([pillar.capitalize() for pillar in low], "and")
    found = sorted({level for pillar in low for level in levels[pillar]})
    where = f"between {found[0]} and {found[-1]}" if len(found) > 1 else f"at {found[0]}"
    return f"{names} {'lag' if len(low) > 1 else 'lags'} behind, {where} of {len(LEVELS)}."


def _saves(plan: Plan, rows: Iterable[ShiftStanding]) -> Saves:
    """By row: what was saved of its judgement, oldest first."""
    keys = [row.pk for row in rows if row.pk]
    events = AuditEvent.objects.for_plan(plan).filter(
        model=ShiftStanding._meta.model_name, row_id__in=keys, after__has_any_keys=JUDGING
    )
    found: dict[int, list[AuditEvent]] = defaultdict(list)
    for event in events.select_related("user").order_by("id"):
        found[event.row_id].append(event)
    return found


def _place(number: int, level: int | None) -> str:
    """What stands at one of the five places: `here`, `past` or `ahead`."""
    if level is None or number > level:
        return "ahead"
    return "here" if number == level else "past"


def _said_by(event: AuditEvent, plan: Plan) -> str:
    who = str(event.user) if event.user else event.get_source_display()
    return f"{who}, {formats.day(plan.day_of(event.at), plan)}"


def _moved(events: Iterable[AuditEvent], plan: Plan) -> str:
    """As in "1 since 2 Feb 2026, 2 since 12 Jun 2026"; nothing where it has had one level only."""
    changes: list[Mapping[str, Any]] = [event.after for event in events]
    found = moves(changes)
    return ", ".join(f"{one.level} since {formats.day(one.since, plan)}" for one in found) if len(found) > 1 else ""
