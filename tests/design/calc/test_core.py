"""Who would object to shares, and whether there are any to which nobody would."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from design.calc.core import Objection, core_is_empty, objections
from design.calc.cost_game import CostGame
from design.calc.nucleolus import nucleolus
from tests.design.calc.games import TENNESSEE_VALLEY, games, subadditive_games
from tests.design.calc.strategies import some


def test_the_worst_objection_comes_first() -> None:
    shares = {"N": 160_000, "F": 145_000, "P": 107_584}
    assert objections(TENNESSEE_VALLEY, shares) == [
        Objection(frozenset("F"), 145_000 - 140_826),
        Objection(frozenset("NF"), 305_000 - 301_607),
    ]


def test_the_published_shares_of_the_tennessee_valley_find_no_objection() -> None:
    # Straffin and Heaney (1981): its core is not empty, and all three methods lie in it.
    for shares in ({"N": 117_829, "F": 100_756.5, "P": 193_998.5}, {"N": 117_476, "F": 99_157, "P": 195_951}):
        assert objections(TENNESSEE_VALLEY, shares) == []
    assert not core_is_empty(TENNESSEE_VALLEY)


def test_three_who_do_best_in_pairs_have_an_empty_core() -> None:
    # Any two share a lift for 10, three need two lifts: some pair always pays more than 10 (two thirds of 20).
    lifts = [0, 10, 10, 10, 10, 10, 10, 20]
    assert core_is_empty(CostGame.from_vector("ABC", lifts))
    assert not core_is_empty(CostGame.from_vector("ABC", [*lifts[:-1], 15]))


def test_one_player_never_objects_and_no_cost_is_fair() -> None:
    alone = CostGame.from_vector("A", [0, 5])
    assert (core_is_empty(alone), objections(alone, {"A": 6})) == (False, [])
    assert not core_is_empty(CostGame.from_vector("AB", [0, 0, 0, 0]))


@some
@given(games())
def test_the_core_is_empty_where_even_the_nucleolus_finds_an_objection(game: CostGame[int]) -> None:
    worst = objections(game, nucleolus(game))
    assert core_is_empty(game) == any(objection.amount > 1e-6 for objection in worst)


@some
@given(subadditive_games())
def test_fixed_costs_of_services_can_always_be_shared(game: CostGame[int]) -> None:
    assert not core_is_empty(game)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"N": 1, "F": 2}, "P: it has no share; give one, zero if it pays nothing."),
        ({"N": 1, "F": 2, "P": 3, "X": 0}, "X: it has a share but is no player; give shares of players only."),
        ({"N": 1, "F": 2, "P": float("nan")}, "P: its share must be a finite number, not nan."),
        ({"N": 1, "F": 2, "P": True}, "P: its share must be a number, not True."),
    ],
)
def test_wrong_shares_are_refused_in_a_sentence(shares: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as caught:
        objections(TENNESSEE_VALLEY, shares)
    assert str(caught.value) == said


def test_a_credit_is_a_share() -> None:
    game = CostGame.from_vector("AB", [0, 1, 5, 4])
    assert objections(game, {"A": -1, "B": 5}) == []
