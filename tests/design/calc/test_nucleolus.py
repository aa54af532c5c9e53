"""The nucleolus, against published shares and another implementation."""

from __future__ import annotations

import coopgame
import numpy as np
import pytest
from hypothesis import given

from design.calc.cost_game import CostGame, sums
from design.calc.nucleolus import nucleolus
from tests.design.calc.games import TENNESSEE_VALLEY, bankruptcy, games, subadditive_games
from tests.design.calc.strategies import some


def test_the_published_shares_of_the_tennessee_valley_come_out() -> None:
    assert nucleolus(TENNESSEE_VALLEY) == pytest.approx({"N": 116_234, "F": 93_540, "P": 202_810})


@pytest.mark.parametrize(
    ("estate", "shares"), [(100, [100 / 3, 100 / 3, 100 / 3]), (200, [50, 75, 75]), (300, [50, 100, 150])]
)
def test_the_estates_of_the_talmud_come_out(estate: int, shares: list[float]) -> None:
    # R. J. Aumann and M. Maschler, Game theoretic analysis of a bankruptcy problem from the Talmud, J. Econ. Theory 36
    # (1985): three wives with claims of 100, 200 and 300.
    assert list(nucleolus(bankruptcy(estate, (100, 200, 300))).values()) == pytest.approx(shares)


@pytest.mark.parametrize("players", [2, 3, 5, 8, 10])
@pytest.mark.parametrize("seed", range(4))
def test_another_implementation_comes_to_the_same(players: int, seed: int) -> None:
    draw = np.random.default_rng([players, seed])
    costs = draw.uniform(0, 1, 2**players) + sums(draw.uniform(0, 1, players) + (seed == 0) * 0.5)
    costs[0], costs[-1] = 0, min(costs[-1], costs[[1 << at for at in range(players)]].sum())
    other = coopgame.cost_nucleolus(coopgame.Game(costs[1:].tolist()))
    assert list(nucleolus(CostGame.from_vector(range(players), costs)).values()) == pytest.approx(other, abs=1e-7)


@some
@given(games())
def test_it_adds_up_and_nobody_pays_more_than_alone_where_that_can_be(game: CostGame[int]) -> None:
    shares = nucleolus(game)
    assert sum(shares.values()) == pytest.approx(game.everybody, abs=1e-6)
    if sum(map(game.alone, range(len(game.players)))) >= game.everybody:
        assert all(share <= game.alone(at) + 1e-6 for at, share in shares.items())


@some
@given(subadditive_games())
def test_equal_players_pay_the_same_and_who_adds_nothing_pays_nothing(game: CostGame[int]) -> None:
    again = np.concatenate([game.costs, game.costs])  # one more player, who adds nothing
    shares = nucleolus(CostGame.from_vector([*game.players, "nothing"], again))
    assert shares == pytest.approx(nucleolus(game) | {"nothing": 0}, abs=1e-6)


def test_equal_players_pay_the_same() -> None:
    volume = sums([1.0, 2.0, 2.0, 3.0, 3.0, 3.0])
    shares = list(nucleolus(CostGame.from_vector(range(6), 10 * np.sqrt(volume))).values())
    assert shares == pytest.approx([shares[0], shares[1], shares[1], shares[3], shares[3], shares[3]], abs=1e-7)


def test_fifteen_players_lie_in_the_core() -> None:
    volume = sums(np.arange(1.0, 16.0))
    game = CostGame.from_vector(range(15), 100 * volume**0.8)
    excess = game.sums(list(nucleolus(game).values())) - game.costs
    assert excess[1:-1].max() < 0 and abs(excess[-1]) < 1e-6


def test_no_cost_and_one_player() -> None:
    assert nucleolus(CostGame.from_vector("AB", [0, 0, 0, 0])) == {"A": 0, "B": 0}
    assert nucleolus(CostGame.from_vector(["only"], [0, 7])) == {"only": 7}
