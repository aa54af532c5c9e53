"""How a plan's standing on a shift is read and written, and how it moved; reading needs no row to be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from ssoplanner.core.models import Plan
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, update
from ssoplanner.steps.beginning import BLANK, begun
from ssoplanner.steps.models import ShiftStanding
from ssoplanner.steps.progress import today

TO_COME = "This day is still to come. Give the day since when it holds."
SAID_BEFORE = "This is what showed the former level. Say what shows the one that you chose."
Standings = Mapping[str, ShiftStanding]


@dataclass(frozen=True)
class Move:
    """A level, and the day since when it held."""

    level: int
    since: date


def standings(plan: Plan) -> Standings:
    """What the plan says of its shifts, by key: one query. Those of which it says nothing are missing."""
    return {row.shift: row for row in ShiftStanding.objects.for_plan(plan)}


def standing_of(plan: Plan, key: str) -> ShiftStanding:
    """The plan's standing on a shift; a blank row, not stored, where nobody has said anything of it."""
    found = ShiftStanding.objects.for_plan(plan).filter(shift=key).first()
    return found or ShiftStanding(plan=plan, shift=key)


def begin(plan: Plan, key: str, *, actor: Actor) -> ShiftStanding:
    """The stored row of a shift; a blank one is stored first where there is none, as with the progress of a step."""
    return begun(ShiftStanding, plan, {"shift": key}, actor=actor, find=lambda: standing_of(plan, key))


def save_standing(
    plan: Plan,
    key: str,
    *,
    actor: Actor,
    version: int,
    values: Mapping[str, Any],
    seen: Mapping[str, int] | None = None,
) -> ShiftStanding:
    """Save what people say of a shift, read at `version` (0 if there was no row). Raises as the writer does.

    Another level since a later day is a move, up or down, and needs evidence of its own. Another level since the same
    day says that the former one was a mistake, and the same level since another day that its day was: such corrections
    ask for nothing. Another level since an earlier day would say both at once, so it is refused.
    """
    with saving():
        row = begin(plan, key, actor=actor)
        # Locked by an update that changes nothing: it is compared with what is stored now.
        former = update(row, actor=actor, version=row.version, values={})
        saved = update(former, actor=actor, version=max(version, BLANK), values=values, seen=seen)
        if saved.since is not None and saved.since > today(plan):
            raise ValidationError({"since": TO_COME})
        _check_move(former, saved)
        return saved


def _check_move(former: ShiftStanding, saved: ShiftStanding) -> None:
    if None in (former.level, saved.level) or former.level == saved.level or former.since == saved.since:
        return
    if former.since is not None and saved.since is not None and saved.since < former.since:
        raise ValidationError({"since": _too_early(former)})
    if saved.evidence == former.evidence:
        raise ValidationError({"evidence": SAID_BEFORE})


def _too_early(former: ShiftStanding) -> str:
    assert former.since is not None
    day = f"{former.since.day} {former.since:%b %Y}"
    return (
        f"Level {former.level} holds since {day}. Give a later day, or the same one if level {former.level} was wrong."
    )


def moves(saved: Iterable[Mapping[str, Any]]) -> list[Move]:
    """How the level moved, oldest first, from what each save of the row changed: `level` and `since` as the audit has
    them.

    Corrections (see `save_standing`) leave no trace here: what follows later or on the same day as the one corrected
    goes with it. A level that was taken back takes the last move with it.
    """
    found: list[Move] = []
    level: int | None = None
    since: str | None = None
    for change in saved:
        level, since = change.get("level", level), change.get("since", since)
        if level is None or since is None:
            del found[-1:]
            continue
        move = Move(level, date.fromisoformat(since))
        while found and (found[-1].since >= move.since or found[-1].level == move.level):
            found.pop()
        found.append(move)
    return found
