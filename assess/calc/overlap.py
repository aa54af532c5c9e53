"""How alike agencies are, by the capabilities that they perform and by the systems that they use.

- Alike in capabilities: Jaccard's index, the capabilities that both perform, of those that either performs; likewise in
  systems. None where neither has any. 1 is the same, 0 nothing in common.
- Alike in all: the mean of the two that are known. Pairs of which one agency has neither are not compared.
- The closest pairs, `MOST` of them at most, and for each agency the closest other one.
- Groups: agencies that are linked by pairs of at least `LINKED` in all, by single linkage: A and C may stand in one
  group because both are close to B. Those that are close to nobody stand in none.

No unit. Agencies that left the program do not count. Refused: nothing.

Source: Jaccard, P. (1901), Étude comparative de la distribution florale dans une portion des Alpes et des Jura.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

MOST = 200  # pairs in the result
LINKED = 0.6  # alike in all, from which two agencies stand in one group


@dataclass(frozen=True)
class AgencyInput:
    """The keys of the capabilities that an agency performs, and of the systems that it uses."""

    id: int
    capabilities: frozenset[int]
    systems: frozenset[int]


@dataclass(frozen=True)
class PlanInput:
    agencies: Sequence[AgencyInput]


@dataclass(frozen=True)
class Pairs:
    """One place a pair, the most alike first; `shared_…` count what both have."""

    first: list[int]
    second: list[int]
    alike: list[float]
    capabilities: list[float | None]
    systems: list[float | None]
    shared_capabilities: list[int]
    shared_systems: list[int]


@dataclass(frozen=True)
class Closest:
    """One place an agency that was compared: the other one that is most like it, and how much."""

    agency: list[int]
    other: list[int]
    alike: list[float]


@dataclass(frozen=True)
class Overlap:
    """`groups` are keys of agencies, the largest group first."""

    agencies: int
    compared: int
    pairs: Pairs
    closest: Closest
    groups: list[list[int]]
    mean: float | None


@dataclass(frozen=True)
class _Bits:
    """Sets as whole numbers with one bit an item: what both have is one operation."""

    id: int
    capabilities: int
    systems: int


_Pair = tuple[float, int, int]  # alike in all, the places of both


def overlap(plan: PlanInput) -> Overlap:
    """Compare each agency with each other one."""
    rows = [row for row in _bits(plan.agencies) if row.capabilities or row.systems]
    pairs = list(_pairs(rows))
    return Overlap(
        agencies=len(plan.agencies),
        compared=len(rows),
        pairs=_columns(rows, nlargest(MOST, pairs, key=lambda one: (one[0], -one[1], -one[2]))),
        closest=_closest(rows, pairs),
        groups=_groups(rows, pairs),
        mean=sum(pair[0] for pair in pairs) / len(pairs) if pairs else None,
    )


def _bits(agencies: Iterable[AgencyInput]) -> list[_Bits]:
    ordered = sorted(agencies, key=lambda one: one.id)
    places: tuple[dict[int, int], dict[int, int]] = ({}, {})
    found = []
    for agency in ordered:
        numbers = []
        for known, items in zip(places, (agency.capabilities, agency.systems), strict=True):
            numbers.append(sum(1 << known.setdefault(item, len(known)) for item in items))
        found.append(_Bits(agency.id, *numbers))
    return found


def _pairs(rows: Sequence[_Bits]) -> Iterable[_Pair]:
    for first, one in enumerate(rows):
        for second in range(first + 1, len(rows)):
            alike = _alike(one, rows[second])
            if alike is not None:
                yield alike, first, second


def _alike(one: _Bits, other: _Bits) -> float | None:
    known = [
        value
        for value in (_jaccard(one.capabilities, other.capabilities), _jaccard(one.systems, other.systems))
        if value is not None
    ]
    return sum(known) / len(known) if known else None


def _jaccard(one: int, other: int) -> float | None:
    either = (one | other).bit_count()
    return (one & other).bit_count() / either if either else None


def _columns(rows: Sequence[_Bits], pairs: Sequence[_Pair]) -> Pairs:
    both = [(rows[first], rows[second]) for _, first, second in pairs]
    return Pairs(
        first=[one.id for one, _ in both],
        second=[other.id for _, other in both],
        alike=[alike for alike, _, _ in pairs],
        capabilities=[_jaccard(one.capabilities, other.capabilities) for one, other in both],
        systems=[_jaccard(one.systems, other.systems) for one, other in both],
        shared_capabilities=[(one.capabilities & other.capabilities).bit_count() for one, other in both],
        shared_systems=[(one.systems & other.systems).bit_count() for one, other in both],
    )


def _closest(rows: Sequence[_Bits], pairs: Iterable[_Pair]) -> Closest:
    best: dict[int, tuple[float, int]] = {}
    for alike, first, second in pairs:
        for place, other in ((first, second), (second, first)):
            if place not in best or alike > best[place][0]:
                best[place] = (alike, other)
    held = sorted(best)
    return Closest(
        agency=[rows[place].id for place in held],
        other=[rows[best[place][1]].id for place in held],
        alike=[best[place][0] for place in held],
    )


def _groups(rows: Sequence[_Bits], pairs: Iterable[_Pair]) -> list[list[int]]:
    top = list(range(len(rows)))

    def root(place: int) -> int:
        while top[place] != place:
            top[place] = top[top[place]]
            place = top[place]
        return place

    for alike, first, second in pairs:
        if alike >= LINKED:
            low, high = sorted((root(first), root(second)))
            top[high] = low
    held: dict[int, list[int]] = {}
    for place in range(len(rows)):
        held.setdefault(root(place), []).append(rows[place].id)
    return sorted((group for group in held.values() if len(group) > 1), key=lambda group: (-len(group), group))
