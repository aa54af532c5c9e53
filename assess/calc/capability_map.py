"""The capabilities of a plan as its agencies see them: one place a capability, in every level of the tree.

- Agencies that perform it: those whose ownership is own, shared or outsourced. Ownership is counted for each kind.
- Importance, maturity of each pillar and in all, target and gap: the mean of the figures that agencies gave, each
  rating counting the same; maturity in all and gap are those of each agency's own result. No figure, no mean.
- A capability of a higher level: the same over the ratings of all lowest ones below it, so that those which more
  agencies rated count more; an agency that performs several of them is counted once.
- Systems: how many different ones the agencies use for it; cost: the sum of their yearly cost in cents, each system
  once, of those whose cost is known. A system that serves several capabilities counts in full for each of them.
- Open gap: a lowest capability with a mean gap of at least one level and a mean importance of at least 3 of 5, the
  middle of the scale. What nobody needs is no gap, and less than a level is within what two raters differ by.
- Share rated: the ratings that the agencies gave, of those that they are asked for.

Scales run from 1 to 5. Agencies that left the program do not count. Refused: nothing; a rating of what is no lowest
capability is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OWNERSHIPS = ("own", "shared", "outsourced", "none")
PERFORMED = frozenset({"own", "shared", "outsourced"})
SCORES = ("importance", "people", "process", "technology", "governance", "maturity", "target", "gap")
OPEN_GAP = 1  # levels between target and maturity
IMPORTANT = 3  # the middle of the scale from 1 to 5


@dataclass(frozen=True)
class AgencyInput:
    """The result of one agency: columns with one place a rated capability; `systems` are the keys of those it uses."""

    id: int
    capabilities: Sequence[int]
    ownership: Sequence[str | None]
    scores: Mapping[str, Sequence[float | None]]
    systems: Sequence[Sequence[int]]
    rated: int
    expected: int


@dataclass(frozen=True)
class PlanInput:
    """`parents`: capability -> the one above it, None at the top; `costs`: system -> yearly cost in cents."""

    parents: Mapping[int, int | None]
    agencies: Sequence[AgencyInput]
    costs: Mapping[int, int | None]


@dataclass(frozen=True)
class Nodes:
    """One place a capability, by key; `leaf` says whether it is of the lowest level of its branch."""

    id: list[int]
    leaf: list[bool]
    ratings: list[int]
    agencies: list[int]
    ownership: Mapping[str, list[int]]
    scores: Mapping[str, list[float | None]]
    systems: list[int]
    cost_cents: list[int | None]


@dataclass(frozen=True)
class Totals:
    """`share_rated` is None where nothing is asked for."""

    agencies: int
    agencies_rated: int
    rated: int
    expected: int
    share_rated: float | None
    capabilities: int
    open_gaps: int
    gap: float | None
    maturity: float | None


@dataclass(frozen=True)
class CapabilityMap:
    nodes: Nodes
    totals: Totals


@dataclass
class _Tally:
    """What is said of one capability."""

    ratings: int = 0
    performing: set[int] = field(default_factory=set)
    systems: set[int] = field(default_factory=set)
    ownership: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OWNERSHIPS, 0))
    sums: list[float] = field(default_factory=lambda: [0.0] * len(SCORES))
    counts: list[int] = field(default_factory=lambda: [0] * len(SCORES))

    def add(self, other: _Tally) -> None:
        self.ratings += other.ratings
        self.performing |= other.performing
        self.systems |= other.systems
        for key, count in other.ownership.items():
            self.ownership[key] += count
        for place in range(len(SCORES)):
            self.sums[place] += other.sums[place]
            self.counts[place] += other.counts[place]

    def mean(self, score: str) -> float | None:
        place = SCORES.index(score)
        return self.sums[place] / self.counts[place] if self.counts[place] else None


def capability_map(plan: PlanInput) -> CapabilityMap:
    """The plan's capabilities with what the agencies say of them."""
    order = sorted(plan.parents)
    above = {parent for parent in plan.parents.values() if parent is not None}
    leaves = [pk for pk in order if pk not in above]
    tallies = {pk: _Tally() for pk in order}
    for agency in plan.agencies:
        _count(agency, {pk: tallies[pk] for pk in leaves})
    for pk in leaves:
        for parent in _ancestors(pk, plan.parents):
            tallies[parent].add(tallies[pk])
    nodes = _nodes(order, above, tallies, plan.costs)
    return CapabilityMap(nodes, _totals(plan, leaves, tallies))


def _count(agency: AgencyInput, leaves: Mapping[int, _Tally]) -> None:
    columns = [agency.scores[score] for score in SCORES]
    for place, pk in enumerate(agency.capabilities):
        tally = leaves.get(pk)
        if tally is None:
            continue
        owned, given = agency.ownership[place], [column[place] for column in columns]
        if not owned and not any(value is not None for value in given):
            continue
        tally.ratings += 1
        if owned in PERFORMED:
            tally.performing.add(agency.id)
        if owned in tally.ownership:
            tally.ownership[owned] += 1
        tally.systems.update(agency.systems[place])
        for number, value in enumerate(given):
            if value is not None:
                tally.sums[number] += value
                tally.counts[number] += 1


def _ancestors(pk: int, parents: Mapping[int, int | None]) -> Iterable[int]:
    """Those above it, the nearest first; a ring, which no tree has, ends where it closes."""
    seen = {pk}
    parent = parents[pk]
    while parent is not None and parent in parents and parent not in seen:
        seen.add(parent)
        yield parent
        parent = parents[parent]


def _nodes(order: Sequence[int], above: set[int], tallies: Mapping[int, _Tally], costs: Mapping[int, Any]) -> Nodes:
    rows = [tallies[pk] for pk in order]
    return Nodes(
        id=list(order),
        leaf=[pk not in above for pk in order],
        ratings=[row.ratings for row in rows],
        agencies=[len(row.performing) for row in rows],
        ownership={key: [row.ownership[key] for row in rows] for key in OWNERSHIPS},
        scores={score: [row.mean(score) for row in rows] for score in SCORES},
        systems=[len(row.systems) for row in rows],
        cost_cents=[_cost(row.systems, costs) for row in rows],
    )


def _cost(systems: Iterable[int], costs: Mapping[int, int | None]) -> int | None:
    known = [cost for system in systems if (cost := costs.get(system)) is not None]
    return sum(known) if known else None


def _totals(plan: PlanInput, leaves: Sequence[int], tallies: Mapping[int, _Tally]) -> Totals:
    whole = _Tally()
    for pk in leaves:
        whole.add(tallies[pk])
    rated, expected = (sum(getattr(one, name) for one in plan.agencies) for name in ("rated", "expected"))
    return Totals(
        agencies=len(plan.agencies),
        agencies_rated=sum(one.rated > 0 for one in plan.agencies),
        rated=rated,
        expected=expected,
        share_rated=rated / expected if expected else None,
        capabilities=len(leaves),
        open_gaps=sum(_is_open(tallies[pk]) for pk in leaves),
        gap=whole.mean("gap"),
        maturity=whole.mean("maturity"),
    )


def _is_open(tally: _Tally) -> bool:
    gap, importance = tally.mean("gap"), tally.mean("importance")
    return gap is not None and importance is not None and gap >= OPEN_GAP and importance >= IMPORTANT
