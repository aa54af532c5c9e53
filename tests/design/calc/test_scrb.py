"""Separable costs, remaining benefits: published shares, and the cases in which nothing remains."""

from __future__ import annotations

import pytest
from hypothesis import given

from design.calc.cost_game import CostGame
from design.calc.scrb import scrb
from tests.design.calc.games import TENNESSEE_VALLEY, games, subadditive_games
from tests.design.calc.strategies import some


def test_the_published_shares_of_the_tennessee_valley_come_out() -> None:
    shares = scrb(TENNESSEE_VALLEY)
    assert {player: round(share) for player, share in shares.items()} == {"N": 117_476, "F": 99_157, "P": 195_951}


def test_who_gains_nothing_pays_what_it_adds() -> None:
    # A adds 6 to the 10 of the others where alone it pays 5; B and C add 3 each, 5 less than alone.
    game = CostGame.from_vector("ABC", [0, 5, 8, 13, 8, 13, 10, 16])
    assert scrb(game) == pytest.approx({"A": 6, "B": 3 + 4 / 2, "C": 3 + 4 / 2})


def test_where_nothing_remains_for_anybody_the_joint_cost_is_divided_equally() -> None:
    # Each adds 6 and pays 4 alone; 10 - 12 is given back.
    assert scrb(CostGame.from_vector("AB", [0, 4, 4, 10])) == pytest.approx({"A": 5, "B": 5})
    assert scrb(CostGame.from_vector("AB", [0, 4, 6, 10])) == pytest.approx({"A": 4, "B": 6})


def test_one_player_pays_all() -> None:
    assert scrb(CostGame.from_vector(["only"], [0, 7])) == {"only": 7}


@some
@given(games())
def test_the_shares_add_up(game: CostGame[int]) -> None:
    assert sum(scrb(game).values()) == pytest.approx(game.everybody, abs=1e-9)


@some
@given(subadditive_games())
def test_nobody_pays_more_than_alone_where_sharing_saves(game: CostGame[int]) -> None:
    for at, share in scrb(game).items():
        assert share <= game.alone(at) + 1e-9
