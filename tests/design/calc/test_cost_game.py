"""What a cost game takes, and what it refuses."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from design.calc.cost_game import MOST, TYPED, CostGame


def full(players: str, cost: Any = 1) -> dict[frozenset[str], Any]:
    sizes = range(1, len(players) + 1)
    return {frozenset(group): cost for size in sizes for group in combinations(players, size)}


def test_groups_are_counted_in_bit_order() -> None:
    game = CostGame("AB", {frozenset("A"): Decimal("1.5"), frozenset("B"): Fraction(5, 2), frozenset("AB"): 3})
    assert game.costs.tolist() == [0, 1.5, 2.5, 3]
    assert game.costs.tolist() == CostGame.from_vector("AB", [0, 1.5, 2.5, 3]).costs.tolist()
    assert [game.group(number) for number in range(4)] == [frozenset(), {"A"}, {"B"}, {"A", "B"}]
    assert (game.everybody, game.alone(1), game.without(1)) == (3, 2.5, 1.5)
    assert game.sums([10, 20]).tolist() == [0, 10, 20, 30]


def test_the_costs_cannot_be_changed() -> None:
    given = np.array([0.0, 1.0])
    game = CostGame.from_vector("A", given)
    given[1] = 5
    assert game.everybody == 1
    with pytest.raises(ValueError, match="read-only"):
        game.costs[1] = 2


@pytest.mark.parametrize(
    ("players", "cost", "said"),
    [
        ("", {}, "There is no player; name at least one."),
        ("AA", full("A"), "A: this player is named twice; name each once."),
        (
            "ABC",
            {group: 1 for group in full("ABC") if group != frozenset("AC")},
            "A and C: this group has no cost; give one for every group.",
        ),
        ("A", full("AB"), "B: a group has a cost with it, but it is no player; name it among them."),
        ("AB", full("AB", -1), "A: the cost of this group must be zero or more, not -1."),
        ("A", full("A", float("nan")), "A: the cost of this group must be a finite number, not nan."),
        ("A", full("A", Decimal("inf")), "A: the cost of this group must be a finite number, not Infinity."),
        ("A", full("A", 10**400), "A: the cost of this group is too large; give a number below 1e308."),
        ("A", full("A", "much"), "A: the cost of this group must be a number, not 'much'."),
        ("A", full("A") | {frozenset(): 1}, "The group of nobody costs nothing, not 1."),
        (
            range(TYPED + 1),
            {},
            "15 players are too many; name up to 14, or give the costs as a vector.",
        ),
        (range(21), {}, "21 players are too many; name up to 14, or join some of them."),
    ],
)
def test_a_wrong_game_is_refused_in_a_sentence(players: Any, cost: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        CostGame(players, cost)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("players", "costs", "said"),
    [
        ("AB", [0, 1, 2], "2 players form 4 groups, nobody among them; give one cost for each, not 3."),
        ("AB", [[0, 1], [2, 3]], "2 players form 4 groups, nobody among them; give one cost for each, not a table."),
        ("AB", [0, 1, -2, 3], "B: the cost of this group must be zero or more, not -2.0."),
        ("AB", [0, 1, 2, float("inf")], "A and B: the cost of this group must be a finite number, not inf."),
        ("A", [1, 1], "The group of nobody costs nothing, not 1.0; the first player alone comes after it."),
        (range(MOST + 1), [0], "21 players are too many; name up to 20, or join some of them."),
    ],
)
def test_a_wrong_vector_is_refused_in_a_sentence(players: Any, costs: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        CostGame.from_vector(players, costs)
    assert str(caught.value) == said
