"""The core of a cost game: the shares of the cost of all with which no group would be better off alone.

A group objects to shares where these ask more of it than it would pay on its own; by that amount. Shares are in the
core where they add up to the cost of all and nobody objects. In the unit of the costs. Amounts within CLOSE of the
largest cost are rounding and no objection.

Refused, with ValueError: shares that miss a player, are for somebody else or are no finite numbers.

Source: D. B. Gillies, Solutions to general non-zero-sum games, in Contributions to the Theory of Games IV (1959); for
costs, H. P. Young (ed.), Cost Allocation (1985).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from design.calc.amounts import check_number
from design.calc.cost_game import CostGame, Player
from design.calc.least_objection import LeastObjection
from ssoplanner.calc.rounding import Figure

CLOSE = 1e-9


@dataclass(frozen=True)
class Objection(Generic[Player]):
    """`group` pays `amount` more by the shares than it would on its own."""

    group: frozenset[Player]
    amount: float


def objections(game: CostGame[Player], shares: Mapping[Player, Figure]) -> list[Objection[Player]]:
    """Every group that would be better off alone, the worst first, in a tie the earlier in bit order.

    Raises ValueError for what the module refuses. Whether the shares add up is not asked.
    """
    import numpy as np  # the pages' own process does without it

    excess = game.sums(_read(game, shares)) - game.costs
    excess[-1] = 0  # all players together are who pays, not who leaves
    found = np.flatnonzero(excess > CLOSE * max(float(game.costs.max()), math.ulp(0)))
    worst_first = found[np.argsort(-excess[found], kind="stable")]
    return [Objection(game.group(int(number)), float(excess[number])) for number in worst_first]


def core_is_empty(game: CostGame[Player]) -> bool:
    """Whether to any division of the cost of all some group would object."""
    if len(game.players) == 1:
        return False
    return LeastObjection(game).solve() > CLOSE * float(game.costs.max())


def _read(game: CostGame[Player], shares: Mapping[Player, Figure]) -> list[float]:
    for player in shares:
        if player not in game.players:
            raise ValueError(f"{player}: it has a share but is no player; give shares of players only.")
    found = []
    for player in game.players:
        if player not in shares:
            raise ValueError(f"{player}: it has no share; give one, zero if it pays nothing.")
        share = shares[player]
        check_number(f"{player}: its share", share)
        found.append(float(share))
    return found
