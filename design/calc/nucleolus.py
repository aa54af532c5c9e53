"""The nucleolus: the shares with which the group that has most to object has least, then the next, and so on.

The objection of a group is its sum of shares less its own cost. Of all divisions of the cost of all in which nobody
pays more than alone (of all, where there is no such: there it is called the prenucleolus), the nucleolus is the one
whose objections, from the worst on, are lexicographically least. It is unique, and lies in the core where there is one.
A linear program for each step (`least_objection`) settles the groups that no best division can spare, which its dual
prices name, until the settled groups leave one division. In the unit of the costs, within 1e-8 of the largest cost.

Source: D. Schmeidler, The nucleolus of a characteristic function game, SIAM J. Applied Mathematics 17 (1969); the
programs: A. Kopelowitz (1967); rows as they are violated: T. Hallefjord, R. Helming and K. Jørnsten, Int. J. Game
Theory 24 (1995).
"""

from __future__ import annotations

from design.calc.cost_game import CostGame, Player
from design.calc.least_objection import LeastObjection


def nucleolus(game: CostGame[Player]) -> dict[Player, float]:
    """Player -> share."""
    if len(game.players) == 1:
        return {game.players[0]: game.everybody}
    program = LeastObjection(game)
    while not program.span.is_full:
        program.settle()
    return dict(zip(game.players, map(float, program.shares()), strict=True))
