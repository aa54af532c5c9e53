"""Flows of either sign, read and rounded."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.flows import in_cents, named_by_year, read_flows
from tests.design.calc.strategies import some


@pytest.mark.parametrize(
    ("flows", "rate", "kind"),
    [
        ([-1, Decimal(2)], 0.1, Decimal),
        ([-1, 2], Decimal("0.1"), Fraction),
        ([-1, 2], 0.1, float),
        ([Fraction(-1), 2], 0.1, Fraction),
        ([-1.0, 2], Decimal("0.1"), float),
    ],
)
def test_the_type_is_that_of_the_flows_and_their_sign_is_kept(flows: Any, rate: Any, kind: type) -> None:
    assert read_flows(named_by_year("The flow", flows, 1), rate) == (kind, [-1, 2])


def test_flows_are_named_by_their_year() -> None:
    assert named_by_year("Rent", [5, 6], 3) == [("Rent of year 3", 5), ("Rent of year 4", 6)]


def test_all_is_taken_up_to_its_bound() -> None:
    assert named_by_year("The flow", [1], 60) == [("The flow of year 60", 1)]
    assert len(named_by_year("The flow", [1] * 61, 0)) == 61
    for rate in (1000, Decimal("-0.999")):
        assert read_flows([("A", Decimal(10**24 - 1))], rate)[1] == [10**24 - 1]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: named_by_year("A", [1], 61), "The flows go on to year 61; give years up to 60."),
        (lambda: named_by_year("A", [1] * 62, 0), "The flows go on to year 61; give years up to 60."),
        (lambda: named_by_year("A", [1], True), "The first year must be a whole number of zero or more, not True."),
        (lambda: read_flows([("A", 1)], -1), "The rate must be above -1 and at most 1000, not -1; give 0.07 for 7 %."),
        (
            lambda: read_flows([("A", 1)], 1000.5),
            "The rate must be above -1 and at most 1000, not 1000.5; give 0.07 for 7 %.",
        ),
        (lambda: read_flows([("A", Decimal(10**24))], 0), "A is more than money can be; give fewer than 25 digits."),
    ],
)
def test_what_goes_beyond_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said


@some
@given(st.lists(st.fractions(-(10**6), 10**6, max_denominator=10**6), max_size=12))
def test_cents_add_up_to_the_rounded_sum_and_none_is_a_cent_off(values: list[Fraction]) -> None:
    found = in_cents(values)

    assert sum(found) == Fraction(round(sum(values) * 100), 100)
    for one, other in zip(found, values, strict=True):
        assert abs(one - other) < Fraction(1, 100) and (one * 100).denominator == 1  # type: ignore[union-attr]


def test_the_largest_remainders_are_rounded_up_the_earlier_first() -> None:
    third = Fraction(1, 300)
    assert in_cents([third, third, third]) == [Fraction(1, 100), 0, 0]
    assert in_cents([-third, -third, -third]) == [0, 0, -Fraction(1, 100)]
    assert math.isclose(sum(in_cents([Fraction(1, 3)])), 0.33)
