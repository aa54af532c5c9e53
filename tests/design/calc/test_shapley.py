"""The Shapley value, against published shares, its own definition and its axioms."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.cost_game import CostGame, sums
from design.calc.shapley import LOW, shapley
from tests.design.calc.games import TENNESSEE_VALLEY, games
from tests.design.calc.strategies import some


def test_the_published_shares_of_the_tennessee_valley_come_out() -> None:
    assert shapley(TENNESSEE_VALLEY) == pytest.approx({"N": 117_829, "F": 100_756.5, "P": 193_998.5})


@pytest.mark.parametrize("players", [3, LOW, LOW + 1])
def test_an_airport_comes_out_as_littlechild_and_owen_solve_it(players: int) -> None:
    # S. C. Littlechild and G. Owen, A simple expression for the Shapley value in a special case, Management Science 20
    # (1973): of each further piece of the runway pay all who need it, equally.
    needs = [float((3 * at + 1) % (2 * players)) for at in range(players)]
    costs = [max((needs[at] for at in range(players) if group >> at & 1), default=0) for group in range(2**players)]
    pieces = sorted({0.0, *needs})
    expected = {
        at: sum(
            (upper - lower) / sum(other >= upper for other in needs)
            for lower, upper in pairwise(pieces)
            if need >= upper
        )
        for at, need in enumerate(needs)
    }
    assert shapley(CostGame.from_vector(range(players), costs)) == pytest.approx(expected)


@some
@given(games())
def test_it_is_the_mean_over_all_orders(game: CostGame[int]) -> None:
    orders = list(permutations(game.players))
    expected = dict.fromkeys(game.players, 0.0)
    for order in orders:
        before = 0
        for player in order:
            expected[player] += float(game.costs[before | 1 << player] - game.costs[before]) / len(orders)
            before |= 1 << player
    assert shapley(game) == pytest.approx(expected, abs=1e-9)


@some
@given(games(), games(), st.integers(0, 9))
def test_the_shares_of_a_sum_are_the_sums_of_the_shares(one: CostGame[int], other: CostGame[int], times: int) -> None:
    players = range(max(len(one.players), len(other.players)))
    # A player that is not in a game adds nothing to it.
    wide = [game.costs[np.arange(2 ** len(players)) & len(game.costs) - 1] for game in (one, other)]
    both = shapley(CostGame.from_vector(players, wide[0] + times * wide[1]))
    shares = [shapley(CostGame.from_vector(players, costs)) for costs in wide]
    assert both == pytest.approx({at: shares[0][at] + times * shares[1][at] for at in players}, abs=1e-8)


@some
@given(games(most=4))
def test_who_adds_nothing_pays_nothing_and_changes_nothing(game: CostGame[int]) -> None:
    wider = CostGame.from_vector([*game.players, "nothing"], np.tile(game.costs, 2))
    assert shapley(wider) == pytest.approx(shapley(game) | {"nothing": 0}, abs=1e-9)


@some
@given(games(), st.data())
def test_names_and_order_make_no_difference(game: CostGame[int], data: st.DataObject) -> None:
    order = data.draw(st.permutations(game.players))
    turned = [sum(1 << order[at] for at in range(len(order)) if group >> at & 1) for group in range(len(game.costs))]
    assert shapley(CostGame.from_vector(order, game.costs[turned])) == pytest.approx(shapley(game), abs=1e-9)


def test_twenty_players_add_up_and_equal_ones_pay_the_same() -> None:
    volume = sums([float(at % 4) for at in range(20)])
    game = CostGame.from_vector(range(20), 1000 * volume**0.7)
    shares = shapley(game)
    assert sum(shares.values()) == pytest.approx(game.everybody, rel=1e-12)
    assert [shares[at] for at in range(4, 20)] == pytest.approx([shares[at % 4] for at in range(4, 20)], abs=1e-8)
    assert shares[0] == pytest.approx(0, abs=1e-9) and shares[1] < shares[2] < shares[3]
