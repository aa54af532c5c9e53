"""A case by year and input comes to the present value of its flows."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.business_case import net_present_value
from design.calc.yearly_case import Term, YearlyCase
from tests.design.calc.strategies import some

coefficients = st.lists(st.integers(-9, 9), min_size=10, max_size=10)
named = st.lists(st.sampled_from("abc"), max_size=2).map(tuple)
terms = st.lists(st.builds(Term, coefficients, named), min_size=1, max_size=5)
values = st.fixed_dictionaries({name: st.integers(-50, 50) for name in "abc"})
rates = st.integers(-20, 50).map(lambda percent: percent / 100)


def vectors(inputs: dict[str, int]) -> dict[str, Any]:
    return {name: np.array([float(value)]) for name, value in inputs.items()}


@some
@given(terms, values, rates, st.integers(0, 2))
def test_it_is_the_present_value_of_the_yearly_flows(
    parts: list[Term], inputs: dict[str, int], rate: float, first: int
) -> None:
    flows = [
        float(sum(term.yearly[year] * math.prod(inputs[name] for name in term.inputs) for term in parts))
        for year in range(10)
    ]
    found = YearlyCase(rate, parts, first)(vectors(inputs))

    size = net_present_value(rate, [9.0 * 2500 * len(parts)] * 10, first)
    assert found == pytest.approx([net_present_value(rate, flows, first)], abs=1e-13 * float(size))


@some
@given(terms, values, st.integers(-5, 5))
def test_it_is_linear_in_an_input_that_no_term_squares(parts: list[Term], inputs: dict[str, int], more: int) -> None:
    case = YearlyCase(0.07, [Term(term.yearly, tuple(sorted(set(term.inputs)))) for term in parts])
    at = [case(vectors(inputs | {"a": inputs["a"] + step * more}))[0] for step in range(3)]

    assert at[2] - at[1] == pytest.approx(at[1] - at[0], abs=1e-6)


def test_coefficients_may_be_of_any_type_and_are_not_rounded() -> None:
    for half in (Decimal("0.0005"), Fraction(1, 2000), 0.0005):
        case = YearlyCase(Decimal(0), [Term([half, 0], ("a",)), Term([1, 0])])
        assert case(vectors({"a": 2000})).tolist() == pytest.approx([2.0])


def test_the_first_flow_falls_at_the_end_of_year_1_if_nothing_else_is_said() -> None:
    assert YearlyCase(1, [Term([8, 8])])(vectors({"a": 0})).tolist() == [6]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: YearlyCase(0.1, []),
            "The terms of the case must all have the same number of years, and there must be one.",
        ),
        (
            lambda: YearlyCase(0.1, [Term([1]), Term([1, 2])]),
            "The terms of the case must all have the same number of years, and there must be one.",
        ),
        (
            lambda: YearlyCase(0.1, [Term([1], ("a", "b", "c"))]),
            "a x b x c: this term multiplies too many inputs; name up to two.",
        ),
        (lambda: YearlyCase(0.1, [Term([])]), "There are no flows; give at least one year."),
        (lambda: YearlyCase(-2, [Term([1])]), "The rate must be above -1 and at most 1000, not -2; give 0.07 for 7 %."),
        (lambda: YearlyCase(0, [Term([1, None])]), "Coefficient 2 of a term must be a number, not None."),  # type: ignore[list-item]
        (
            lambda: YearlyCase(0, [Term([1], ("z",))])(vectors({"a": 1, "b": 1})),
            "z: the case uses it, but it is no input; name one of a, b.",
        ),
    ],
)
def test_what_makes_no_case_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said
