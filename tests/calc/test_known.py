"""Sums over what is known."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.calc.known import known_pairs, known_sum

MAYBE = st.none() | st.integers(0, 10**12)


def test_nothing_known_is_not_zero() -> None:
    assert known_sum([]) is None
    assert known_sum([None, None]) is None
    assert known_sum([None, 0]) == 0


def test_a_pair_counts_only_with_both_its_sides() -> None:
    assert known_pairs([(7, 10), (None, 5), (3, None), (1, 2)]) == (8, 12)
    assert known_pairs([(None, 5)]) == (0, 0)


def test_yes_and_no_are_counted_and_come_out_as_numbers() -> None:
    assert json.dumps(known_pairs([(True, 1), (False, 1), (True, 1)])) == "[2, 3]"


@given(st.lists(MAYBE), st.lists(MAYBE))
def test_parts_add_up_to_the_whole_and_what_is_unknown_changes_nothing(
    some: list[int | None], more: list[int | None]
) -> None:
    whole = known_sum([*some, *more, None])

    assert (whole or 0) == (known_sum(some) or 0) + (known_sum(more) or 0)
    assert (whole is None) == all(value is None for value in [*some, *more])
