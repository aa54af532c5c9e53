"""The Shapley value: each player's mean of what it adds to the cost, over all orders in which the players may come.

With n players and c(S) the cost of group S,

    share(i) = sum over groups S with i of (|S| - 1)! (n - |S|)! / n! x (c(S) - c(S without i))

Written over groups instead of pairs of groups it is one weighted sum: each group counts for its members and against the
others,

    share(i) = c(all) / n + sum over S with i of w(|S|) c(S) - sum over S of u(|S|) c(S),   S neither nobody nor all,
    w(s) = (s - 1)! (n - s - 1)! / (n - 1)!,   u(s) = s! (n - s - 1)! / n!

Exact but for the last digits of a float; shares add up to the cost of all. In the unit of the costs.

Source: L. S. Shapley, A value for n-person games, in Contributions to the Theory of Games II (1953).
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, Any

from design.calc.cost_game import CostGame, Player

if TYPE_CHECKING:
    import numpy as np

    Counts = np.ndarray[Any, np.dtype[np.intp]]

LOW = 12  # the costs are looked at as a table with 2^12 columns: one group of the first twelve players each


def shapley(game: CostGame[Player]) -> dict[Player, float]:
    """Player -> share."""
    import numpy as np  # the pages' own process does without it

    players = len(game.players)
    low = min(LOW, players)
    table = game.costs.reshape(-1, 1 << low)
    few, many = _sizes(low), _sizes(players - low)
    # w and u by size. Nobody and all have their own terms.
    weight = np.array([0, *(1 / (size * comb(players - 1, size)) for size in range(1, players)), 0])
    against = np.array([0, *(1 / (players * comb(players - 1, size)) for size in range(1, players)), 0])

    # For each number of high players: the sum of the rows with so many, weighted by the size of the whole group. Two
    # small products in place of 2^n weights.
    heights = np.arange(players - low + 1)
    by_height = (many == heights[:, None]).astype(float) @ table
    sizes = heights[:, None] + few
    columns = (by_height * weight[sizes]).sum(axis=0)
    rows = (table @ weight[sizes].T)[np.arange(len(many)), many]
    base = game.everybody / players - (by_height * against[sizes]).sum()

    shares = [base + value for value in [*_with_each(columns, low), *_with_each(rows, players - low)]]
    return dict(zip(game.players, map(float, shares), strict=True))


def _sizes(players: int) -> Counts:
    """How many players each group has, in bit order."""
    import numpy as np  # the pages' own process does without it

    sizes = np.zeros(1 << players, dtype=np.intp)
    for at in range(players):
        sizes[1 << at : 2 << at] = sizes[: 1 << at] + 1
    return sizes


def _with_each(values: np.ndarray[Any, np.dtype[np.float64]], players: int) -> list[float]:
    """For each player the sum over the groups that it is in."""
    return [float(values.reshape(-1, 2, 1 << at)[:, 1].sum()) for at in range(players)]
