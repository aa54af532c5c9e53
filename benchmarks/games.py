"""Shapley value and nucleolus beside coopgame-py, the fastest published package for both."""

from __future__ import annotations

import coopgame
import numpy as np

from benchmarks.measuring import Line, best_of, ratio
from design.calc.cost_game import CostGame, sums
from design.calc.nucleolus import nucleolus
from design.calc.shapley import shapley


def shared_services(players: int) -> CostGame[int]:
    """Six services with a fixed cost and a volume that grows cheaper, each used by about half of the agencies."""
    draw = np.random.default_rng(players)
    volume, fixed = draw.uniform(1, 10, players), draw.uniform(5, 50, 6)
    costs = sums(volume) ** 0.8
    for service in fixed:
        users = sum(1 << at for at in range(players) if draw.random() < 0.5)
        costs += service * ((np.arange(1 << players) & users) > 0)
    costs[0] = 0
    return CostGame.from_vector(range(players), costs)


def any_costs(players: int) -> CostGame[int]:
    """Group costs without any structure, which take the most programs; together all save."""
    draw = np.random.default_rng(players)
    costs = draw.uniform(0, 1, 1 << players)
    costs[0], costs[-1] = 0, min(costs[-1], costs[[1 << at for at in range(players)]].sum())
    return CostGame.from_vector(range(players), costs)


def measure() -> list[Line]:
    lines = []
    game = any_costs(20)
    other = coopgame.Game(game.costs[1:].tolist())
    theirs, ours = best_of(3, lambda: coopgame.shapley(other)), best_of(10, lambda: shapley(game))
    lines.append(ratio("exact Shapley, 20 players", ours, theirs, 15))
    for players in (15, 20):
        for name, made in (("shared services", shared_services), ("any costs", any_costs)):
            lines.append(_nucleolus(f"nucleolus, {players} players, {name}", made(players)))
    return lines


def _nucleolus(what: str, game: CostGame[int]) -> Line:
    other = coopgame.Game(game.costs[1:].tolist())
    theirs, ours = best_of(3, lambda: coopgame.cost_nucleolus(other)), best_of(5, lambda: nucleolus(game))
    np.testing.assert_allclose(list(nucleolus(game).values()), coopgame.cost_nucleolus(other), atol=1e-7)
    return ratio(what, ours, theirs, 5)
