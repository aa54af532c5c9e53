"""The tree of capabilities: in which order they stand, and how one moves within it.

Raises `CannotMove` with the sentence that the page shows; the depth and rings are refused by the model itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from assess.models import Capability, CapabilityRating
from assess.models.architecture import DEPTH
from ssoplanner.core.models import Plan
from ssoplanner.recompute.bulk import update_many
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, update
from ssoplanner.starter.once import one_at_a_time

STEPS = ("up", "down", "in", "out", "under", "before")


class CannotMove(Exception):
    """Nothing was moved; `str()` says why."""


@dataclass(frozen=True)
class Node:
    """A capability in its place: its level from 1, what stands below it, and its number among its siblings."""

    row: Capability
    level: int
    children: tuple[Node, ...]
    position: int
    siblings: int

    @property
    def is_leaf(self) -> bool:
        return not self.children


def tree(rows: Iterable[Capability]) -> tuple[Node, ...]:
    """The capabilities as they stand, each with those below it."""
    below: dict[int | None, list[Capability]] = {}
    for row in sorted(rows, key=lambda row: (row.place, row.code, row.pk)):
        below.setdefault(row.parent_id, []).append(row)
    return _branch(None, 1, below)


def _branch(parent: int | None, level: int, below: Mapping[int | None, Sequence[Capability]]) -> tuple[Node, ...]:
    rows = below.get(parent, ())
    return tuple(
        Node(row, level, _branch(row.pk, level + 1, below) if level <= DEPTH else (), number, len(rows))
        for number, row in enumerate(rows, start=1)
    )


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Each node, those below it right after it."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def check_may_have_children(plan: Plan, parent: Capability) -> None:
    """Raise ValidationError where ratings of `parent` would no longer count, as only the lowest level is rated."""
    count = CapabilityRating.objects.for_plan(plan).filter(capability=parent).count()
    if count:
        rated = "1 agency has" if count == 1 else f"{count} agencies have"
        raise ValidationError(
            {
                "parent": f"{rated} rated {parent}, and only capabilities of the lowest level are rated. "
                "Choose another parent, or remove these ratings first."
            }
        )


def next_place(plan: Plan, parent: Capability | None) -> int:
    """The place after the last of those below `parent`."""
    places = Capability.objects.for_plan(plan).filter(parent=parent).values_list("place", flat=True)
    return max(places, default=0) + 1


def move(plan: Plan, actor: Actor, pk: int, step: str, target: int | None = None) -> Capability:
    """Move one capability: up, down, in (below the one above it), out, or under or before `target`.

    Its branch goes with it. Raises `CannotMove`; Capability.DoesNotExist where the plan has no such capability.
    """
    if step not in STEPS:
        raise CannotMove("There is no such way to move. Reload the page.")
    with saving():
        one_at_a_time(plan)
        rows = {row.pk: row for row in Capability.objects.for_plan(plan)}
        if pk not in rows or (target is not None and target not in rows):
            raise Capability.DoesNotExist
        parent, order = _wanted(rows, rows[pk], step, rows[target] if target is not None else None)
        if parent is not None and parent.pk != rows[pk].parent_id:
            _check_parent(plan, parent)
        _store(plan, actor, rows[pk], parent, order)
    return rows[pk]


def _check_parent(plan: Plan, parent: Capability) -> None:
    try:
        check_may_have_children(plan, parent)
    except ValidationError as refusal:
        raise CannotMove(" ".join(refusal.messages)) from refusal


def _wanted(
    rows: Mapping[int, Capability], row: Capability, step: str, target: Capability | None
) -> tuple[Capability | None, list[Capability]]:
    """Below which it is to stand, and all those below it in their new order."""
    siblings = _below(rows, row.parent_id)
    at = siblings.index(row)
    others = [one for one in siblings if one.pk != row.pk]
    parent = rows[row.parent_id] if row.parent_id is not None else None
    if step in ("up", "down"):
        to = at - 1 if step == "up" else at + 1
        if not 0 <= to < len(siblings):
            raise CannotMove(f"{row} is the {'first' if step == 'up' else 'last'} one there already.")
        return parent, [*others[:to], row, *others[to:]]
    if step == "in":
        if not at:
            raise CannotMove(f"{row} is the first one there, so there is none above it to stand under.")
        return siblings[at - 1], [*_below(rows, siblings[at - 1].pk), row]
    if step == "out":
        if parent is None:
            raise CannotMove(f"{row} is at the highest level already.")
        around = _below(rows, parent.parent_id)
        place = around.index(parent) + 1
        return rows.get(parent.parent_id or 0), [*around[:place], row, *around[place:]]
    if target == row:
        raise CannotMove(f"{row} cannot stand under or before itself. Choose another capability.")
    if target is None:
        if step == "before":
            raise CannotMove("Say before which capability it is to stand.")
        return None, [*(one for one in _below(rows, None) if one.pk != row.pk), row]
    if step == "under":
        return target, [*(one for one in _below(rows, target.pk) if one.pk != row.pk), row]
    around = [one for one in _below(rows, target.parent_id) if one.pk != row.pk]
    place = around.index(target)
    return rows.get(target.parent_id or 0), [*around[:place], row, *around[place:]]


def _below(rows: Mapping[int, Capability], parent: int | None) -> list[Capability]:
    found = [row for row in rows.values() if row.parent_id == parent]
    return sorted(found, key=lambda row: (row.place, row.code, row.pk))


def _store(plan: Plan, actor: Actor, row: Capability, parent: Capability | None, order: Sequence[Capability]) -> None:
    """Number them anew; only those whose place changes are saved."""
    places = {one.pk: place for place, one in enumerate(order, start=1)}
    others = [(one.pk, one.version, {"place": places[one.pk]}) for one in order if one.place != places[one.pk]]
    values = {"parent": parent, "place": places[row.pk]}
    try:
        update(row, actor=actor, version=row.version, values=values)
    except ValidationError as refusal:
        raise CannotMove(" ".join(refusal.messages)) from refusal
    update_many(Capability, plan=plan, actor=actor, rows=[one for one in others if one[0] != row.pk])
