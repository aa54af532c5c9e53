"""Quorum and majority, exactly: worked examples at the edges, and what holds of any vote."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.steps.tally import Tally, tally

HALF = Decimal("0.5")


def counted(votes: str, voters: int = 9, quorum: Decimal = HALF, majority: Decimal = HALF) -> Tally:
    """One letter a vote."""
    return tally(votes, voters=voters, quorum=quorum, majority=majority)


@pytest.mark.parametrize(
    ("votes", "voters", "needed", "outcome"),
    [
        ("ggggg", 9, 5, "g"),
        ("gggg", 9, 5, None),  # no quorum
        ("gg", 4, 2, "g"),  # exactly the quorum is one
        ("gn", 2, 1, None),  # a tie
        ("ggnn", 4, 2, None),
        ("gggnn", 5, 3, "g"),
        ("ggcn", 4, 2, None),  # exactly the majority is none
        ("ggcnc", 5, 3, None),
        ("", 3, 2, None),
    ],
)
def test_half_and_half(votes: str, voters: int, needed: int, outcome: str | None) -> None:
    found = counted(votes, voters)
    assert (found.needed, found.outcome) == (needed, outcome)


def test_two_thirds_are_compared_as_fractions() -> None:
    majority = Decimal("0.6667")
    assert counted("ggn", 3, HALF, majority).winner is None  # 2/3 is a little less
    assert counted("gggn", 4, HALF, majority).winner == "g"
    assert counted("ggn", 3, HALF, Decimal("0.6666")).winner == "g"


def test_a_majority_of_all_wants_all() -> None:
    assert counted("ggg", 3, HALF, Decimal(1)).outcome == "g"
    assert counted("ggn", 3, HALF, Decimal(1)).outcome is None


def test_without_any_quorum_one_vote_is_needed_all_the_same() -> None:
    assert counted("", 3, Decimal(0)).has_quorum is False
    assert counted("g", 3, Decimal(0)).outcome == "g"


def test_of_two_options_above_a_low_majority_the_larger_wins_and_equal_ones_do_not() -> None:
    low = Decimal("0.2")
    assert counted("gggcc", 5, HALF, low).winner == "g"
    assert counted("ggcc", 4, HALF, low).winner is None


@pytest.mark.parametrize("wrong", [{"voters": 1}, {"quorum": Decimal("1.1")}, {"majority": Decimal("-0.1")}])
def test_what_cannot_be_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"may vote|shares"):
        tally("gg", **{"voters": 3, "quorum": HALF, "majority": HALF, **wrong})


shares = st.decimals(0, 1, places=4)


@given(st.text("gcn", max_size=12), st.integers(0, 8), shares, shares)
def test_what_holds_of_any_vote(votes: str, silent: int, quorum: Decimal, majority: Decimal) -> None:
    voters = len(votes) + silent
    found = counted(votes, voters, quorum, majority)
    assert sum(found.counts.values()) == found.cast == len(votes)
    assert found.outcome == counted(votes[::-1], voters, quorum, majority).outcome  # whoever votes first
    if found.outcome:
        assert found.cast >= quorum * voters and found.cast > 0
        assert all(found.counts[found.outcome] > count for one, count in found.counts.items() if one != found.outcome)
        more = counted(votes + found.outcome, voters + 1, Decimal(0), majority)
        assert more.winner == found.outcome  # one more for it takes nothing away
