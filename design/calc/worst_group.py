"""The group of agencies that pays most too much, among any number of agencies: by one minimum cut.

A group pays too much by its shares less what it would pay on its own, as `group_costs` has it. Where costs are fixed or
linear, the worst group is a selection problem: taking an agency earns its share less its units, and asks for the fixed
cost of each service that it uses and for the common costs once. The best selection is the minimum cut of the network
source -> agency (what it earns), agency -> service (no limit), service -> sink (its fixed cost).

Curves and steps have no such cut. They are held between straight lines that do: a curve lies above its chord, and below
a fixed part and the slope at half the volume; steps lie above volume / units, and below that plus one step. With the
lines below, the cut is a `bound`: no group pays more too much than that. The better of both cuts' groups is the group
that is told, its `amount` by the costs as they are; where there are fixed and linear parts alone, it is the worst.

Amounts are in the unit of the costs. The network counts in at most SCALE whole units, rounded so that the bound holds.

Source: J. Picard, Maximal closure of a graph and applications to combinatorial problems, Management Science 22 (1976).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from design.calc.group_costs import CURVE, FIXED, LINEAR, Part, group_costs

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

SCALE = 1 << 30  # the network's numbers have 32 bits


@dataclass(frozen=True)
class Users:
    """A service: the places of its users among the agencies, their volumes, and the parts of its cost."""

    places: Sequence[int]
    volumes: Sequence[int]
    parts: Sequence[Part]


@dataclass(frozen=True)
class WorstGroup:
    """Places of the group, nobody where no group was found that pays too much; see the module for the figures."""

    places: tuple[int, ...]
    amount: float
    bound: float


def worst_group(shares: Sequence[float], services: Sequence[Users], common: float) -> WorstGroup:
    """The group that pays most too much by these shares, one for each agency."""
    places, bound = _best(shares, services, common, below=True)
    found = [places]
    if any(part.shape not in (FIXED, LINEAR) for service in services for part in service.parts):
        found.append(_best(shares, services, common, below=False)[0])
    amount, group = max(((excess(group, shares, services, common), group) for group in found), key=lambda one: one[0])
    return WorstGroup(group, amount, bound) if amount > 0 else WorstGroup((), 0.0, bound)


def excess(group: Iterable[int], shares: Sequence[float], services: Sequence[Users], common: float) -> float:
    """By how much the group at these places pays more than on its own; below zero, less."""
    import numpy as np  # the pages' own process does without it

    members = set(group)
    if not members:
        return 0.0
    alone = [common]
    for service in services:
        used = sum(volume for at, volume in zip(service.places, service.volumes, strict=True) if at in members)
        alone.append(float(group_costs(service.parts, np.array([float(used)]), sum(service.volumes))[0]))
    return math.fsum(shares[at] for at in members) - math.fsum(alone)


def _best(
    shares: Sequence[float], services: Sequence[Users], common: float, below: bool
) -> tuple[tuple[int, ...], float]:
    """The best selection with straight lines below the costs or above them, and what it earns at most."""
    import numpy as np  # the pages' own process does without it
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    earns = np.array(shares, dtype=float)
    fixed = np.zeros(len(services) + 1)
    fixed[-1] = common
    for at, service in enumerate(services):
        joint, slope = _line(service, below)
        fixed[at] = joint
        earns[list(service.places)] -= np.array(service.volumes, dtype=float) * slope
    agencies = np.flatnonzero(earns > 0)
    if not len(agencies):
        return (), 0.0
    unit = float(earns[agencies].sum()) / (SCALE - len(earns))
    gains = np.ceil(earns[agencies] / unit).astype(np.int64)
    costs = np.minimum(np.floor(fixed / unit), SCALE).astype(np.int64)
    place = np.full(len(earns), -1)
    place[agencies] = np.arange(len(agencies))
    # Nodes: the agencies, the services with the common costs last, source, sink.
    source, sink = len(agencies) + len(fixed), len(agencies) + len(fixed) + 1
    users = [place[list(service.places)] for service in services] + [np.arange(len(agencies))]
    users = [one[one >= 0] for one in users]
    starts = np.concatenate([*users, np.full(len(agencies), source), len(agencies) + np.arange(len(fixed))])
    needs = [np.full(len(one), len(agencies) + at) for at, one in enumerate(users)]
    ends = np.concatenate([*needs, np.arange(len(agencies)), np.full(len(fixed), sink)])
    sizes = np.concatenate([np.full(sum(map(len, users)), 2 * SCALE - 1), gains, costs])
    network = csr_array((sizes.astype(np.int32), (starts, ends)), shape=(sink + 1, sink + 1), dtype=np.int32)
    flow = maximum_flow(network, source, sink)
    left = (network - flow.flow) > 0
    reached = breadth_first_order(csr_array(left), source, return_predecessors=False)
    chosen = agencies[reached[reached < len(agencies)]]
    return tuple(sorted(int(at) for at in chosen)), (int(gains.sum()) - int(flow.flow_value)) * unit


def _line(service: Users, below: bool) -> tuple[float, float]:
    """A fixed part and a slope a unit of volume that lie below the service's costs, or above them."""
    whole, joint, slope = sum(service.volumes), 0.0, 0.0
    for part in service.parts:
        if part.shape == FIXED:
            joint += part.cost
        elif part.shape == LINEAR or (part.shape == CURVE and below):
            slope += part.cost / whole
        elif part.shape == CURVE:
            half = part.cost * 0.5**part.exponent
            joint += half * (1 - part.exponent)
            slope += half * part.exponent / (whole / 2)
        else:
            step = part.cost / -(-whole // part.step_volume)
            joint += 0 if below else step
            slope += step / part.step_volume
    return joint, slope
