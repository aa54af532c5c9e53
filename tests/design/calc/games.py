"""Cost games for the tests: the Tennessee Valley's, and any that hypothesis draws."""

from __future__ import annotations

from itertools import combinations

from hypothesis import strategies as st

from design.calc.cost_game import CostGame

# J. S. Ransmeier, The Tennessee Valley Authority (1942): navigation, flood control, power, in thousands of dollars; as
# P. D. Straffin and J. P. Heaney, Game theory and the Tennessee Valley Authority, Int. J. Game Theory 10 (1981) give
# it, with the shares that the methods come to.
TENNESSEE_VALLEY = CostGame(
    "NFP",
    {
        frozenset("N"): 163_520,
        frozenset("F"): 140_826,
        frozenset("P"): 250_096,
        frozenset("NF"): 301_607,
        frozenset("NP"): 378_821,
        frozenset("FP"): 367_370,
        frozenset("NFP"): 412_584,
    },
)


@st.composite
def games(draw: st.DrawFn, most: int = 5, highest: int = 1_000) -> CostGame[int]:
    """Any whole costs; a group may pay more or less than its parts."""
    players = draw(st.integers(1, most))
    costs = draw(st.lists(st.integers(0, highest), min_size=2**players - 1, max_size=2**players - 1))
    return CostGame.from_vector(range(players), [0, *costs])


@st.composite
def subadditive_games(draw: st.DrawFn) -> CostGame[int]:
    """No group pays more than its parts: services with a fixed cost for all who use them, and a platform."""
    players = draw(st.integers(1, 5))
    own = draw(st.lists(st.integers(0, 100), min_size=players, max_size=players))
    services = draw(st.lists(st.tuples(st.integers(1, 100), st.integers(1, 2**players - 1)), max_size=3))
    costs = [0.0]
    for group in range(1, 2**players):
        fixed = sum(cost for cost, users in services if group & users)
        costs.append(fixed + sum(cost for at, cost in enumerate(own) if group >> at & 1))
    return CostGame.from_vector(range(players), costs)


def bankruptcy(estate: int, claims: tuple[int, ...]) -> CostGame[int]:
    """Every group owes what it is asked for, and never more than the estate."""
    sizes = range(1, len(claims) + 1)
    groups = [group for size in sizes for group in combinations(claims, size)]
    return CostGame(claims, {frozenset(group): min(estate, sum(group)) for group in groups})
