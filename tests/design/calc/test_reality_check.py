"""A plan beside the reference class."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.reality_check import COST, FACTS, REFERENCES, SAVINGS, YEARS, RealityCheck, reality_check
from tests.design.calc.strategies import some

amounts = st.integers(1, 10**9).map(Decimal)


def figures(found: RealityCheck) -> dict[str, Any]:
    return {one.reference.key: one.figure for one in found.comparisons}


def test_a_plan_like_a_reference_comes_to_what_the_reference_came_to() -> None:
    # National Audit Office (2012): 0.9 billion became 1.4; 159 million of savings a net cost of 255.
    assert figures(reality_check(900, 5, 159))["uk_five_cost"] == 1400
    assert figures(reality_check(900, 5, 159))["uk_five_savings"] == -255
    # National Audit Office (2016): 94 million spent, 90 saved.
    assert figures(reality_check(Decimal(94), 5, 0))["uk_independent"] == 90
    # Economic Regulation Authority of Western Australia: 82 million became 401.
    assert figures(reality_check(82.0, 5, 0))["western_australia"] == pytest.approx(401)
    # Mott MacDonald (2002): 200 % above the capital cost, 54 % above the duration.
    assert figures(reality_check(100, 2, 0))["optimism_cost"] == 300
    assert figures(reality_check(100, 2, 0))["optimism_years"] == Fraction(308, 100)


def test_every_figure_has_its_source() -> None:
    assert len({one.key for one in REFERENCES}) == len(REFERENCES)
    assert all(one.source and one.unit for one in REFERENCES)
    assert [one.year for one in REFERENCES] == [2012, 2012, 2016, 2011, 2002, 2002]
    assert [one.year for one in FACTS] == [2016, 2011, 2009, None]
    assert all(one.source and one.sentence.endswith(".") for one in FACTS)


def test_it_says_where_the_plan_stands() -> None:
    found = reality_check(Decimal(10_000_000), Decimal("2.5"), Decimal(20_000_000))

    assert found.bearable_overrun == 1
    assert found.needed_share == Fraction(1, 2)
    assert (found.within, found.overruns) == (1, 3)
    assert found.sentence == (
        "Savings of 20,000,000 pay for a cost that overruns by up to 100%; 1 of 3 overruns on record were within that."
    )
    assert [one.sentence for one in found.comparisons] == [
        "As for five UK centres, it would cost 15,555,556, not 10,000,000: which its savings would still pay for.",
        "As for five UK centres, it would add 32,075,472 to cost, not save 20,000,000.",
        "As for two independent UK centres, in 2.5 years, it would save 9,574,468, less than its cost of 10,000,000.",
        "As for Western Australia, it would cost 48,902,439, not 10,000,000: more than its savings.",
        "As for equipment and IT projects in the UK, it would cost 30,000,000, not 10,000,000: more than its savings.",
        "As for equipment and IT projects in the UK, it would take 3.85 years, not 2.5.",
    ]
    assert figures(found)["uk_five_cost"] == Decimal("15555555.56")


def test_a_plan_that_does_not_pay_is_told_so() -> None:
    found = reality_check(100, 1, 80)

    assert found.bearable_overrun == Fraction(-1, 5)
    assert found.sentence == "Savings of 80 do not pay for a cost of 100, even if all goes as planned."
    assert reality_check(100, 1, 0).needed_share is None


def test_a_plan_that_just_pays_bears_no_overrun() -> None:
    found = reality_check(100, 1, 100)
    assert found.sentence == (
        "Savings of 100 pay for a cost that overruns by up to 0%; 0 of 3 overruns on record were within that."
    )
    assert reality_check(100, 1, 0).comparisons[1].sentence == (
        "As for five UK centres, it would save 0, less than its cost of 100."
    )


@some
@given(amounts, amounts, st.integers(1, 30))
def test_a_case_pays_if_its_overrun_is_bearable(cost: Decimal, savings: Decimal, years: int) -> None:
    found = reality_check(cost, years, savings)

    paying = 0
    for one in found.comparisons:
        reference = one.reference
        if (reference.basis, reference.measure) == (COST, COST):
            assert one.pays == (reference.ratio - 1 <= found.bearable_overrun)
            paying += one.pays
        if (reference.basis, reference.measure) == (SAVINGS, SAVINGS):
            assert found.needed_share is not None and one.pays == (reference.ratio >= found.needed_share)
        assert (one.pays is None) == (reference.measure == YEARS)
    assert found.within == paying


@some
@given(amounts, amounts, st.integers(1, 30), st.integers(1, 1000))
def test_the_unit_makes_no_difference(cost: Decimal, savings: Decimal, years: int, times: int) -> None:
    one = reality_check(Fraction(cost), years, Fraction(savings))
    other = reality_check(Fraction(cost) * times, years, Fraction(savings) * times)

    assert other.bearable_overrun == one.bearable_overrun
    for before, after in zip(one.comparisons, other.comparisons, strict=True):
        assert after.figure == before.figure * (1 if before.reference.measure == YEARS else times)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: reality_check(0, 1, 1), "The planned cost is zero; give a number above that."),
        (lambda: reality_check(1, 0, 1), "The number of years is zero; give a number above that."),
        (lambda: reality_check(-1, 1, 1), "The planned cost must be zero or more, not -1."),
        (lambda: reality_check(1, -1, 1), "The number of years must be zero or more, not -1."),
        (lambda: reality_check(1, 1, float("nan")), "The planned savings must be a finite number, not nan."),
        (lambda: reality_check(1, None, 1), "The number of years must be a number, not None."),  # type: ignore[arg-type]
        (lambda: reality_check(Decimal("0.001"), 1, 1), "The planned cost must be in whole cents, not 0.001."),
        (
            lambda: reality_check(Decimal(1), 1, 1.0),
            "The planned savings is a float beside a Decimal; give all amounts in one type.",
        ),
        (
            lambda: reality_check(Decimal(1), 1, Decimal(10**21)),
            "The planned savings is more than money can be; give fewer than 22 digits.",
        ),
    ],
)
def test_what_is_no_plan_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said
