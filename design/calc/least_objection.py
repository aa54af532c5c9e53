"""The division of the cost of all with which the group that has most to object has least: one linear program.

    minimise e,  where  sum of the shares of S <= c(S) + e     for every group S that is free,
                        sum of the shares of F  = c(F) + e(F)  for every group F that is settled,
                        share of i             <= c(i)         for every player i

The last only where it is possible: where the players, each alone, pay no less together than all in one. Free are the
groups whose sum of shares the settled ones leave open; settled is at first only the group of all players, with e = 0.
Groups are many, so the program holds a few of them and takes more as they are violated: one pass over all groups finds
these. HiGHS solves it, each time from where it stood before, which takes a tenth of solving anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic

from design.calc.cost_game import CostGame, Player, sums
from design.calc.span import Span

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

CLOSE = 1e-10  # of the largest cost; the closest that HiGHS can be asked for
BLOCKS = 64  # of each block of groups the worst one may be taken: some at a time, and different ones
BINDING = 1e-7  # the price of a group that no best division can spare
OPTIONS: dict[str, Any] = {
    "log_to_console": False,
    "output_flag": False,
    "threads": 1,
    "solver": "simplex",
    "presolve": "off",  # it would lose where the last solution stood
    "primal_feasibility_tolerance": CLOSE,
    "dual_feasibility_tolerance": CLOSE,
}


class LeastObjection(Generic[Player]):
    """The program over a game of two players or more, and what has been settled in it."""

    def __init__(self, game: CostGame[Player]) -> None:
        import highspy  # the pages' own process does without it
        import numpy as np

        players, everybody = len(game.players), len(game.costs) - 1
        self.unit = float(game.costs.max()) or 1.0
        self.costs: Vector = game.costs / self.unit
        self.span = Span(players)
        self.settled: list[tuple[int, float]] = []  # group, and what its shares sum up to
        self._is_settled = np.zeros(len(self.costs), dtype=bool)
        self._rows: list[int] = []  # of the program: the free group of each, -1 where there is none
        self._program = _program(players)
        alone = [float(self.costs[1 << at]) for at in range(players)]
        if sum(alone) >= self.costs[-1]:
            for at, most in enumerate(alone):
                self._program.changeColBounds(at, -highspy.kHighsInf, most)
        # Each player alone, and all others: with these no share can run away.
        self._add({group for at in range(players) for group in (1 << at, everybody - (1 << at))})
        self._settle({everybody: float(self.costs[-1])})

    def solve(self) -> float:
        """The least e, in the unit of the costs."""
        return self._solve()[0] * self.unit

    def settle(self) -> None:
        """Solve, and settle the groups that no division with this e can spare."""
        least, binding = self._solve()
        self._settle({group: float(self.costs[group]) + least for group in binding})

    def shares(self) -> Vector:
        """The only shares left, in the unit of the costs, once `span` is full."""
        import numpy as np  # the pages' own process does without it

        members = np.array([self._members(group) for group, _ in self.settled], dtype=float)
        found: Vector = np.linalg.solve(members, np.array([value for _, value in self.settled]))
        return found * self.unit

    def _settle(self, groups: dict[int, float]) -> None:
        import highspy  # the pages' own process does without it

        for group, value in groups.items():
            if self.span.add(group):
                self.settled.append((group, value))
                self._add_row(group, value, value, by_e=0.0)
                self._rows.append(-1)
        self._is_settled = self.span.holds()
        for row, group in enumerate(self._rows):
            if group >= 0 and self._is_settled[group]:
                self._program.changeRowBounds(row, -highspy.kHighsInf, highspy.kHighsInf)
                self._rows[row] = -1

    def _add(self, groups: Iterable[int]) -> None:
        import highspy  # the pages' own process does without it

        for group in sorted(groups):
            self._add_row(group, -highspy.kHighsInf, float(self.costs[group]), by_e=-1.0)
            self._rows.append(group)

    def _add_row(self, group: int, least: float, most: float, by_e: float) -> None:
        import numpy as np  # the pages' own process does without it

        weights = np.array([*self._members(group), by_e])
        columns = np.flatnonzero(weights).astype(np.int32)
        self._program.addRow(least, most, len(columns), columns, weights[columns])

    def _solve(self) -> tuple[float, list[int]]:
        import numpy as np  # the pages' own process does without it

        while True:
            self._program.run()
            status = self._program.getModelStatus()
            if status.name != "kOptimal":
                raise ArithmeticError(f"The linear program was not solved: {status.name}")
            solution = self._program.getSolution()
            *shares, least = solution.col_value
            violated = self._violated(np.array(shares), least + 10 * CLOSE) - set(self._rows)
            if not violated:
                prices = zip(self._rows, solution.row_dual, strict=True)
                return least, [group for group, price in prices if group >= 0 and abs(price) > BINDING]
            self._add(violated)

    def _violated(self, shares: Vector, most: float) -> set[int]:
        import numpy as np  # the pages' own process does without it

        excess = sums(shares)
        excess -= self.costs
        excess[self._is_settled] = -np.inf
        blocks = excess.reshape(min(BLOCKS, len(excess)), -1)
        worst = blocks.argmax(axis=1)
        found = np.flatnonzero(blocks[np.arange(len(blocks)), worst] > most)
        return {int(block * blocks.shape[1] + worst[block]) for block in found}

    def _members(self, group: int) -> list[int]:
        """1 for each player of the group, 0 for each other."""
        return [group >> at & 1 for at in range(self.span.players)]


def _program(players: int) -> Any:
    """Without a row yet: a share each, then e, which is to be least; all of them free."""
    import highspy  # the pages' own process does without it

    program: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in OPTIONS.items():
        program.setOptionValue(name, value)
    for _ in range(players + 1):
        program.addVar(-highspy.kHighsInf, highspy.kHighsInf)
    program.changeColCost(players, 1.0)
    return program
