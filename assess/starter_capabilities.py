"""The starter capabilities: what administrations commonly do behind their programs, in nine areas of three levels.

Names are those in common use; descriptions are our own. There is no figure in it. Codes are only a beginning: a plan
may change them, and takes a capability anew if its code is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assess.models import Capability
from assess.starter_capability_areas import AREAS
from ssoplanner.core.models import Plan
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, new_rows, store_rows
from ssoplanner.starter.once import one_at_a_time

SOURCE = "Starter set"


@dataclass(frozen=True)
class StarterCapability:
    """`parent` is the code of the one above it, empty at the top; `level` from 1 to 3."""

    code: str
    name: str
    description: str
    parent: str
    place: int
    level: int


@cache
def starter_capabilities() -> Sequence[StarterCapability]:
    """All of them, each after the one above it."""
    return tuple(_areas())


def _areas() -> Iterator[StarterCapability]:
    for place, (code, name, description, groups) in enumerate(AREAS, start=1):
        yield StarterCapability(code, name, description, "", place, 1)
        for number, (group, meaning, leaves) in enumerate(groups, start=1):
            group_code = f"{code}.{number}"
            yield StarterCapability(group_code, group, meaning, code, number, 2)
            for last, (leaf, covers) in enumerate(leaves, start=1):
                yield StarterCapability(f"{group_code}.{last}", leaf, covers, group_code, last, 3)


def counts() -> tuple[int, int]:
    """How many areas the set has, and how many capabilities of the lowest level, which are rated."""
    levels = [one.level for one in starter_capabilities()]
    return levels.count(1), levels.count(3)


def take_starter_capabilities(plan: Plan, actor: Actor) -> int:
    """Begin an empty tree with the starter set, one audit row a level. Says how many; 0 where there are any."""
    with saving():
        one_at_a_time(plan)
        if Capability.objects.for_plan(plan).exists():
            return 0
        stored: dict[str, Capability] = {}
        for level in (1, 2, 3):
            rows = [_values(one, stored) for one in starter_capabilities() if one.level == level]
            made = store_rows(
                new_rows(Capability, plan=plan, rows=rows), plan=plan, actor=actor, label="starter capabilities"
            )
            stored |= {row.code: row for row in made}
    return len(stored)


def _values(one: StarterCapability, stored: Mapping[str, Capability]) -> dict[str, object]:
    facts = {"code": one.code, "name": one.name, "description": one.description, "place": one.place}
    return {**facts, "parent": stored.get(one.parent), "source": SOURCE}
