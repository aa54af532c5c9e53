"""A cost game: what every group of players would pay on its own.

Players are agencies, or anything that bears a cost. Costs are in one unit, any, which shares and objections keep; they
are calculated with as floats. Groups are counted in bit order: group g holds player i where bit i of g is set, so
group 0 is nobody, 1 the first player, 2 the second, 3 the first two.

Refused, with ValueError: no player, or one twice; more players than MOST, or than TYPED where groups are named one by
one; a group without a cost, or with one that is no finite number of zero or more; a group of somebody who is no player.

Source: H. P. Young (ed.), Cost Allocation: Methods, Principles, Applications (1985), chapter 1.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from design.calc.amounts import check
from ssoplanner.calc.rounding import Figure

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

Player = TypeVar("Player", bound=Hashable)
TYPED = 14  # players; 16,383 groups
MOST = 20  # players; 1,048,575 groups, eight megabytes


class CostGame(Generic[Player]):
    """`players` in order, and `costs`, one float a group in bit order; not to be changed."""

    def __init__(self, players: Sequence[Player], cost: Mapping[frozenset[Player], Figure]) -> None:
        """`cost`: every non-empty group -> what it pays on its own. Raises ValueError for what the module refuses."""
        import numpy as np  # the pages' own process does without it

        self.players = _checked(players, TYPED)
        place = {player: at for at, player in enumerate(self.players)}
        costs = np.full(1 << len(self.players), np.nan)
        costs[0] = 0
        for group, figure in cost.items():
            costs[_number_of(group, place)] = _figure(group, figure)
        if np.isnan(costs).any():
            missing = self.group(int(np.isnan(costs).argmax()))
            raise ValueError(f"{named(missing, self.players)}: this group has no cost; give one for every group.")
        self.costs: Vector = _frozen(costs)

    @classmethod
    def from_vector(cls, players: Sequence[Player], costs: Sequence[float] | Vector) -> CostGame[Player]:
        """`costs`: one a group in bit order, nobody first, whose cost is 0. Raises ValueError as the module says."""
        import numpy as np  # the pages' own process does without it

        game = cls.__new__(cls)
        game.players = _checked(players, MOST)
        vector = np.array(costs, dtype=float)
        if vector.shape != (1 << len(game.players),):
            raise ValueError(
                f"{len(game.players)} players form {1 << len(game.players)} groups, nobody among them; give one cost "
                f"for each, not {len(vector) if vector.ndim == 1 else 'a table'}."
            )
        wrong = ~((vector >= 0) & (vector < np.inf))
        if wrong.any():
            first = int(wrong.argmax())
            _figure(game.group(first), float(vector[first]))
        if vector[0]:
            raise ValueError(
                f"The group of nobody costs nothing, not {vector[0]}; the first player alone comes after it."
            )
        game.costs = _frozen(vector)
        return game

    @property
    def everybody(self) -> float:
        """What all players pay together."""
        return float(self.costs[-1])

    def alone(self, at: int) -> float:
        """What the player at this place pays alone."""
        return float(self.costs[1 << at])

    def without(self, at: int) -> float:
        """What all others pay together."""
        return float(self.costs[len(self.costs) - 1 - (1 << at)])

    def group(self, number: int) -> frozenset[Player]:
        """The players of the group with this number."""
        return frozenset(player for at, player in enumerate(self.players) if number >> at & 1)

    def sums(self, values: Sequence[float] | Vector) -> Vector:
        """For every group the sum of its members' `values`, one a player."""
        return sums(values)


def sums(values: Sequence[float] | Vector) -> Vector:
    """For every group, in bit order, the sum of its members' values."""
    import numpy as np  # the pages' own process does without it

    found = np.zeros(1 << len(values))
    for at, value in enumerate(values):
        np.add(found[: 1 << at], value, out=found[1 << at : 2 << at])
    return found


def named(group: frozenset[Player], players: Sequence[Player]) -> str:
    """The group in the order of the players: A, B and C."""
    names = [str(player) for player in players if player in group]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "Nobody"


def _checked(players: Sequence[Player], most: int) -> tuple[Player, ...]:
    if not players:
        raise ValueError("There is no player; name at least one.")
    if len(players) > most:
        advice = "give the costs as a vector" if most == TYPED and len(players) <= MOST else "join some of them"
        raise ValueError(f"{len(players)} players are too many; name up to {most}, or {advice}.")
    seen: set[Player] = set()
    for player in players:
        if player in seen:
            raise ValueError(f"{player}: this player is named twice; name each once.")
        seen.add(player)
    return tuple(players)


def _number_of(group: frozenset[Player], place: Mapping[Player, int]) -> int:
    for player in group:
        if player not in place:
            raise ValueError(f"{player}: a group has a cost with it, but it is no player; name it among them.")
    return sum(1 << place[player] for player in group)


def _figure(group: frozenset[Player], figure: Figure) -> float:
    what = f"{named(group, sorted(group, key=str))}: the cost of this group"
    check(what, figure)
    if not group and figure:
        raise ValueError(f"The group of nobody costs nothing, not {figure}.")
    try:
        found = float(figure)
    except OverflowError:
        found = math.inf
    if found == math.inf:
        raise ValueError(f"{what} is too large; give a number below 1e308.")
    return found


def _frozen(costs: Vector) -> Vector:
    costs.setflags(write=False)
    return costs
