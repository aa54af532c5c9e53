"""The optimism-bias uplift, against the Treasury's example and what must hold for all."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.optimism import (
    BOUNDS,
    CAPITAL,
    DURATION,
    EQUIPMENT,
    OPERATING,
    OUTSOURCING,
    Bounds,
    Factor,
    mitigated,
    uplift,
    uplifted,
    within,
)
from tests.design.calc.strategies import some

kinds = st.sampled_from(sorted(BOUNDS))
shares = st.integers(0, 100).map(lambda share: Fraction(share, 100))


@st.composite
def factors(draw: st.DrawFn) -> list[Factor]:
    weights = draw(st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any))
    rows = enumerate(Fraction(weight, sum(weights)) for weight in weights)
    return [Factor(f"factor {at}", weight, draw(shares)) for at, weight in rows]


def test_the_bounds_are_those_of_the_study() -> None:
    assert [uplift(EQUIPMENT, DURATION), uplift(EQUIPMENT, CAPITAL), uplift(OUTSOURCING, OPERATING)] == [
        Fraction(54, 100),
        2,
        Fraction(41, 100),
    ]
    done = [Factor("all", 1, 1)]
    assert [
        uplift(EQUIPMENT, DURATION, done),
        uplift(EQUIPMENT, CAPITAL, done),
        uplift(OUTSOURCING, OPERATING, done),
    ] == [
        Fraction(1, 10),
        Fraction(1, 10),
        0,
    ]


def test_the_example_of_the_guidance_comes_out() -> None:
    # HM Treasury, supplementary guidance on optimism bias: a non-standard building for 100 million, at first 51 %, and
    # 4 % at contract award, when all is mitigated that can be.
    building = Bounds(Fraction(51, 100), Fraction(4, 100))
    assert uplifted([Decimal(100_000_000)], within(building, 0)) == [151_000_000]
    assert uplifted([Decimal(100_000_000)], within(building, 1)) == [104_000_000]


def test_each_factor_takes_off_its_weight_of_the_range() -> None:
    # By hand: 0.6 x 0.5 + 0.4 x 0.25 = 0.4 is mitigated, and 200 % less 0.4 x 190 % is 124 %.
    mitigation = [Factor("scope", Decimal("0.6"), Decimal("0.5")), Factor("supplier", Decimal("0.4"), Decimal("0.25"))]
    assert mitigated(mitigation) == Fraction(2, 5)
    assert uplift(EQUIPMENT, CAPITAL, mitigation) == Fraction(124, 100)


@some
@given(kinds, factors(), st.data())
def test_more_mitigation_is_never_dearer_and_stays_within_the_bounds(
    kind: Any, mitigation: list[Factor], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(mitigation) - 1))
    more = [*mitigation]
    more[at] = Factor(more[at].name, more[at].weight, data.draw(st.fractions(more[at].mitigated, 1)))  # type: ignore[arg-type]

    bounds = BOUNDS[kind]
    assert bounds.lower <= uplift(*kind, more) <= uplift(*kind, mitigation) <= bounds.upper


@some
@given(factors())
def test_the_order_of_the_factors_makes_no_difference(mitigation: list[Factor]) -> None:
    assert mitigated(mitigation) == mitigated(mitigation[::-1])


@some
@given(st.lists(st.integers(0, 10**9), max_size=8), shares)
def test_uplifted_money_adds_up(cents: list[int], share: Fraction) -> None:
    amounts = [Decimal(cent) / 100 for cent in cents]
    found = uplifted(amounts, share)

    assert sum(map(Fraction, found)) == Fraction(round(sum(cents) * (1 + share)), 100)
    for one, other in zip(found, amounts, strict=True):
        assert abs(Fraction(one) - Fraction(other) * (1 + share)) < Fraction(1, 100)


def test_floats_give_floats() -> None:
    tenths = [Factor(str(at), 0.1, 0.5) for at in range(10)]
    found = uplift(EQUIPMENT, DURATION, tenths)
    assert type(found) is float and found == pytest.approx(0.32)
    assert uplifted([100.0, 50], 0.5) == [150.0, 75.0]
    assert uplifted([3], Fraction(1, 10)) == [Fraction(33, 10)]
    assert uplifted([], 1) == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: uplift("building", CAPITAL),
            "building: there is no optimism bias on record for its capital cost; choose one of equipment and "
            "development: duration; equipment and development: capital cost; outsourcing: operating cost.",
        ),
        (
            lambda: uplift(EQUIPMENT, CAPITAL, [Factor("a", 0.5, 1), Factor("b", 0.4, 1)]),
            "The weights of the factors must add up to 1, not 0.9.",
        ),
        (
            lambda: mitigated([Factor("a", 0.5, 1), Factor("a", 0.5, 1)]),
            "a: this factor is named twice; name each once.",
        ),
        (lambda: mitigated([]), "The weights of the factors must add up to 1, not 0."),
        (
            lambda: mitigated([Factor("a", 1, 1.5)]),
            "a: the mitigated share of it must lie between 0 and 1, not at 1.5.",
        ),
        (lambda: mitigated([Factor("a", 2, 1)]), "a: its weight must lie between 0 and 1, not at 2."),
        (lambda: mitigated([Factor("a", -1, 1)]), "a: its weight must be zero or more, not -1."),
        (
            lambda: mitigated([Factor("a", 1, float("nan"))]),
            "a: the mitigated share of it must be a finite number, not nan.",
        ),
        (lambda: within(BOUNDS[EQUIPMENT, CAPITAL], 1.1), "The mitigated share must lie between 0 and 1, not at 1.1."),
        (lambda: uplifted([1, -2], 0), "Amount 2 must be zero or more, not -2."),
        (lambda: uplifted([1], -0.1), "The uplift must be zero or more, not -0.1."),
        (lambda: uplifted([1], None), "The uplift must be a number, not None."),  # type: ignore[arg-type]
        (lambda: uplifted([Decimal("0.001")], 0), "Amount 1 must be in whole cents, not 0.001."),
        (lambda: uplifted([Decimal(1), 1.0], 0), "Amount 2 is a float beside a Decimal; give all amounts in one type."),
        (lambda: uplifted([1e308], 1), "The uplifted amounts add up to more than a float holds; give smaller numbers."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said
