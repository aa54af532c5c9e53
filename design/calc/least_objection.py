"""The division of the cost of all with which the group that has most to object has least: one linear program.

    minimise e,  where  sum of the shares of S <= c(S) + e     for every group S that is free,
                        sum of the shares of F  = c(F) + e(F)  for every group F that is settled,
                        share of i             <= c(i)         for every player i

The last only where it is possible: where the players, each alone, pay no less together than all in one. Free are the
groups whose sum of shares the settled ones leave open; settled is at first only the group of all players, with e = 0.
Groups are many, so the program holds a few of them and takes more as they are violated: one pass over all groups finds
these. HiGHS solves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from design.calc.cost_game import CostGame, Player, sums
from design.calc.span import Span

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

CLOSE = 1e-10  # of the largest cost; the closest that HiGHS can be asked for
BLOCKS = 64  # of each block of groups the worst one may be taken: some at a time, and different ones
BINDING = 1e-7  # the price of a group that no best division can spare


class LeastObjection(Generic[Player]):
    """The program over a game of two players or more, and what has been settled in it."""

    def __init__(self, game: CostGame[Player]) -> None:
        import numpy as np  # the pages' own process does without it

        players, everybody = len(game.players), len(game.costs) - 1
        self.unit = float(game.costs.max()) or 1.0
        self.costs: Vector = game.costs / self.unit
        self.span = Span(players)
        self.settled: list[tuple[int, float]] = []  # group, and what its shares sum up to
        self._is_settled = np.zeros(len(self.costs), dtype=bool)
        # Each player alone, and all others: with these no share can run away.
        self._held = {group for at in range(players) for group in (1 << at, everybody - (1 << at))}
        alone = [float(self.costs[1 << at]) for at in range(players)]
        most = alone if sum(alone) >= self.costs[-1] else [None] * players
        self._bounds = [*((None, one) for one in most), (None, None)]
        self._settle({everybody: float(self.costs[-1])})

    def solve(self) -> tuple[float, list[int]]:
        """The least e, in the unit of the costs, and the groups that no division with this e can spare."""
        least, binding = self._solve()
        return least * self.unit, binding

    def settle(self) -> None:
        """Solve, and settle the groups that bind."""
        least, binding = self._solve()
        self._settle({group: float(self.costs[group]) + least for group in binding})

    def shares(self) -> Vector:
        """The only shares left, in the unit of the costs, once `span` is full."""
        import numpy as np  # the pages' own process does without it

        groups, values = zip(*self.settled, strict=True)
        found: Vector = np.linalg.solve(self._members(groups), np.array(values))
        return found * self.unit

    def _settle(self, groups: dict[int, float]) -> None:
        for group, value in groups.items():
            if self.span.add(group):
                self.settled.append((group, value))
        self._is_settled = self.span.holds()
        self._held = {group for group in self._held if not self._is_settled[group]}

    def _solve(self) -> tuple[float, list[int]]:
        import numpy as np  # the pages' own process does without it
        from scipy.optimize import linprog

        equal, values = zip(*self.settled, strict=True)
        players = self.span.players
        objective = np.array([0.0] * players + [1.0])
        fixed = np.hstack([self._members(equal), np.zeros((len(equal), 1))])
        while True:
            held = sorted(self._held)
            found = linprog(
                objective,
                A_ub=np.hstack([self._members(held), np.full((len(held), 1), -1.0)]),
                b_ub=self.costs[held],
                A_eq=fixed,
                b_eq=values,
                bounds=self._bounds,
                method="highs-ds",
                options={"primal_feasibility_tolerance": CLOSE, "dual_feasibility_tolerance": CLOSE},
            )
            if found.status:
                raise ArithmeticError(f"The linear program was not solved: {found.message}")
            violated = self._violated(found.x[:players], found.x[players] + 10 * CLOSE) - self._held
            if not violated:
                prices = -found.ineqlin.marginals
                return float(found.x[players]), [
                    group for group, price in zip(held, prices, strict=True) if price > BINDING
                ]
            self._held |= violated

    def _violated(self, shares: Vector, most: float) -> set[int]:
        import numpy as np  # the pages' own process does without it

        excess = sums(shares)
        excess -= self.costs
        excess[self._is_settled] = -np.inf
        blocks = excess.reshape(min(BLOCKS, len(excess)), -1)
        worst = blocks.argmax(axis=1)
        found = np.flatnonzero(blocks[np.arange(len(blocks)), worst] > most)
        return {int(block * blocks.shape[1] + worst[block]) for block in found}

    def _members(self, groups: Any) -> Vector:
        """One row a group, 1 for each of its players."""
        import numpy as np  # the pages' own process does without it

        return (np.array(groups)[:, None] >> np.arange(self.span.players) & 1).astype(float)
