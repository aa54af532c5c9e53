"""Present values, payback, ratios and internal rates, against published examples and what must hold for all."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.business_case import (
    Compared,
    Scenario,
    benefit_cost_ratio,
    compare,
    discounted,
    discounted_payback,
    internal_rate,
    net_present_value,
    payback,
)
from design.calc.flows import MOST_YEARS
from tests.design.calc.strategies import some

# OMB Circular A-94 (1992), appendix B: ten years of costs and benefits at 7 %, in millions.
A94_COSTS, A94_BENEFITS = (10, 20, 30, 30, 20, 10, 5, 5, 5, 5), (0, 0, 5, 10, 30, 40, 40, 40, 40, 25)

money = st.integers(-(10**10), 10**10).map(lambda cents: Decimal(cents) / 100)
many = st.lists(money, min_size=1, max_size=12)
rates = st.integers(-500, 3000).map(lambda tenths: Decimal(tenths) / 1000)
years = st.integers(0, 3)


def exact(flows: list[Decimal]) -> list[Fraction]:
    return [Fraction(flow) for flow in flows]


def test_the_federal_example_comes_out() -> None:
    flows = [Decimal(benefit - cost) for cost, benefit in zip(A94_COSTS, A94_BENEFITS, strict=True)]

    assert net_present_value(Decimal("0.07"), [Decimal(cost) for cost in A94_COSTS]) == Decimal("106.40")
    assert net_present_value(Decimal("0.07"), [Decimal(benefit) for benefit in A94_BENEFITS]) == Decimal("142.41")
    assert net_present_value(Decimal("0.07"), flows) == Decimal("36.01")
    assert benefit_cost_ratio(0.07, A94_BENEFITS, A94_COSTS) == pytest.approx(1.3385, abs=1e-4)


def test_the_spreadsheet_examples_come_out() -> None:
    # Microsoft's documentation of NPV and IRR in Excel.
    assert net_present_value(0.1, [-10_000, 3_000, 4_200, 6_800]) == pytest.approx(1188.44, abs=0.005)
    shop = net_present_value(0.08, [-40_000, 8_000, 9_200, 10_000, 12_000, 14_500], first_year=0)
    assert shop == pytest.approx(1922.06, abs=0.005)
    five_years = [-70_000, 12_000, 15_000, 18_000, 21_000, 26_000]
    assert internal_rate(five_years).rate == pytest.approx(0.0866, abs=5e-5)
    assert internal_rate(five_years[:5]).rate == pytest.approx(-0.0212, abs=5e-5)
    assert internal_rate(five_years[:3]).rate == pytest.approx(-0.444, abs=5e-4)


def test_the_textbook_examples_come_out() -> None:
    # R. Brealey, S. Myers and F. Allen, Principles of Corporate Finance, on payback and on internal rates: projects A
    # and B with their present value at 10 %, a rate of 28.08 %, and two rates for flows that change sign twice.
    project_a, project_b = [-2_000, 500, 500, 5_000], [-2_000, 500, 1_800, 0]
    assert net_present_value(0.1, project_a, first_year=0) == pytest.approx(2_624, abs=0.5)
    assert net_present_value(0.1, project_b, first_year=0) == pytest.approx(-58, abs=0.5)
    assert math.ceil(payback(project_a, first_year=0) or 0) == 3
    assert math.ceil(payback(project_b, first_year=0) or 0) == 2
    assert internal_rate([-4_000, 2_000, 4_000]).rate == pytest.approx(0.2808, abs=5e-5)


def test_several_internal_rates_are_said_to_be_several() -> None:
    # J. H. Lorie and L. J. Savage, Three problems in rationing capital, Journal of Business 28 (1955): the oil pump,
    # which has 25 % and 400 %.
    assert internal_rate([-1_600, 10_000, -10_000]).reason == (
        "The flows change sign 2 times and have 2 internal rates, 25.00%, 400.00%; judge them by their present value."
    )
    assert internal_rate([-1_600, 10_000, -10_000]).rate is None


def test_flows_without_an_internal_rate_say_why() -> None:
    none = "so there is no internal rate; it takes costs and benefits."
    assert internal_rate([1, 2, 0]).reason == f"The flows never change sign, {none}"
    assert internal_rate([Decimal(0), 0]).reason == f"The flows are all zero, {none}"
    assert internal_rate([2, -3, 2]).reason == (
        "The flows change sign 2 times and have no internal rate; judge them by their net present value."
    )


@pytest.mark.parametrize("flows", [[-1, 2.2, -1.21], [-100, 220, -121], [Decimal(-100), 220, -121], [0, -100, 110]])
def test_two_internal_rates_that_are_the_same_are_one(flows: Any) -> None:
    assert internal_rate(flows).rate == pytest.approx(0.1, rel=1e-15)


@some
@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=12))
def test_at_the_internal_rate_the_flows_are_worth_nothing(flows: list[int]) -> None:
    rate = internal_rate(flows).rate
    if rate is not None and -0.9 < rate < 100:
        size = net_present_value(rate, [abs(flow) for flow in flows])
        assert net_present_value(rate, flows) == pytest.approx(0, abs=1e-12 * float(size))


@some
@given(st.integers(1, 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_an_investment_that_pays_later_has_one_internal_rate(outlay: int, returns: list[int]) -> None:
    rate = internal_rate([-outlay, *returns]).rate
    assert rate is not None
    assert (rate >= 0) == (sum(returns) >= outlay)


@some
@given(many, many, rates, st.integers(-9, 9), years)
def test_present_values_are_linear(one: list[Any], other: list[Any], rate: Decimal, times: int, first: int) -> None:
    one, other = exact(one), exact(other[: len(one)] + [Decimal(0)] * (len(one) - len(other)))
    both = [a + times * b for a, b in zip(one, other, strict=True)]

    expected = net_present_value(rate, one, first) + times * net_present_value(rate, other, first)
    assert net_present_value(rate, both, first) == expected


@some
@given(many, rates, years)
def test_discounted_flows_add_up_and_are_less_than_a_cent_off(flows: list[Any], rate: Decimal, first: int) -> None:
    found = discounted(rate, flows, first)
    precise = discounted(rate, exact(flows), first)

    assert sum(found) == net_present_value(rate, flows, first)
    assert all(type(value) is Decimal and value.as_tuple().exponent == -2 for value in found)
    assert all(abs(Fraction(one) - other) < Fraction(1, 100) for one, other in zip(found, precise, strict=True))
    assert precise[0] == Fraction(flows[0]) / (1 + Fraction(rate)) ** first


@some
@given(many, rates, years)
def test_floats_come_to_the_same(flows: list[Any], rate: Decimal, first: int) -> None:
    found = net_present_value(float(rate), [float(flow) for flow in flows], first)
    size = float(net_present_value(rate, [abs(flow) for flow in flows], first))

    assert type(found) is float
    assert found == pytest.approx(float(net_present_value(rate, exact(flows), first)), abs=1e-12 * size + 1e-12)


@some
@given(many, years)
def test_without_a_rate_nothing_is_discounted(flows: list[Any], first: int) -> None:
    assert net_present_value(0, flows, first) == sum(flows)
    assert discounted_payback(0, flows, first) == payback(flows, first)


def test_payback_counts_years_with_their_parts() -> None:
    # By hand: 300 are out after year 1, 100 after year 2, and half of year 3 brings the rest.
    assert payback([-300, 200, 200, 50]) == Fraction(5, 2)
    assert payback([-300, 200, 200, 50], first_year=0) == Fraction(3, 2)
    assert payback([-300, 200, 100]) == 3
    assert payback([-300, 200, 99]) is None
    assert payback([0, 0, 5]) == payback([0]) == 0
    assert payback([-1.0, 4.0]) == 1.25


def test_a_year_that_falls_back_below_zero_puts_payback_off() -> None:
    assert payback([-100, 150, -100, 100]) == 3 + Fraction(1, 2)


def test_discounting_puts_payback_off() -> None:
    # By hand at 10 %: -1,000, then 500 / 1.1 and 400 / 1.21, and of 600 / 1.331 the part that is left.
    left = 1_000 - Fraction(5_000, 11) - Fraction(40_000, 121)
    found = discounted_payback(Decimal("0.1"), [Decimal(-1_000), 500, 400, 600], first_year=0)
    assert found == 2 + left / Fraction(600_000, 1_331)


def test_the_first_flow_falls_at_the_end_of_year_1_if_nothing_else_is_said() -> None:
    assert discounted(1, [Decimal(8)] * 3) == [4, 2, 1] == discounted(1, [Decimal(8)] * 3, 1)
    assert discounted_payback(1, [-4, 4, 8]) == 3 == discounted_payback(1, [-4, 4, 8], 1)
    assert benefit_cost_ratio(1, [8, 8], [0, 8]) == 3 == benefit_cost_ratio(1, [8, 8], [0, 8], 1)


def test_scenarios_stand_beside_the_base() -> None:
    scenarios = [
        Scenario("status quo", [Decimal(-100)] * 3),
        Scenario("shared", [Decimal(-220), Decimal(-40), Decimal(0)]),
        Scenario("exit", [Decimal(-100), Decimal(-300), Decimal(-100)]),
    ]
    found = compare(Decimal("0.1"), scenarios, base="status quo")

    assert [one.name for one in found] == ["status quo", "shared", "exit"]
    assert found[0] == Compared(
        "status quo", (Decimal(-100),) * 3, Decimal("-248.69"), Decimal(0), (Decimal(0),) * 3, Fraction(0)
    )
    # By hand: -220 / 1.1 - 40 / 1.21.
    assert found[1].net_present_value == Decimal("-233.06")
    assert found[1].difference == Decimal("15.63")
    assert found[1].yearly_difference == (-120, 60, 100)
    assert found[1].payback == 2 + Fraction(60, 100)
    assert found[2].payback is None and found[2].difference < 0


@some
@given(many, many, rates)
def test_differences_are_those_of_the_figures_that_are_shown(one: list[Any], other: list[Any], rate: Decimal) -> None:
    alike = min(len(one), len(other))
    found = compare(rate, [Scenario("a", one[:alike]), Scenario("b", other[:alike])], base="a")

    assert found[1].difference == found[1].net_present_value - found[0].net_present_value
    assert list(found[1].yearly_difference) == [b - a for a, b in zip(*(row.flows for row in found), strict=True)]


def test_results_keep_the_type_of_the_amounts() -> None:
    assert net_present_value(Decimal("0.1"), [110]) == 100
    assert type(net_present_value(Fraction(1, 10), [1])) is Fraction
    assert type(net_present_value(0.1, [1])) is float
    assert net_present_value(0.1, [Decimal(110)]) == Decimal("100.00")
    assert type(net_present_value(0.1, [Fraction(1)])) is Fraction
    assert type(net_present_value(Decimal("0.1"), [1.0])) is float


NAN = float("nan")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: net_present_value(0.1, []), "There are no flows; give at least one year."),
        (lambda: internal_rate([]), "There are no flows; give at least one year."),
        (lambda: net_present_value(-1, [1]), "The rate must be above -1 and at most 1000, not -1; give 0.07 for 7 %."),
        (lambda: discounted(1001, [1]), "The rate must be above -1 and at most 1000, not 1001; give 0.07 for 7 %."),
        (lambda: discounted(NAN, [1]), "The rate must be a finite number, not nan."),
        (lambda: discounted(None, [1]), "The rate must be a number, not None."),  # type: ignore[arg-type]
        (lambda: payback([1, NAN]), "The flow of year 2 must be a finite number, not nan."),
        (lambda: payback([1, "2"]), "The flow of year 2 must be a number, not '2'."),  # type: ignore[list-item]
        (lambda: payback([True]), "The flow of year 1 must be a number, not True."),
        (lambda: payback([1], -1), "The first year must be a whole number of zero or more, not -1."),
        (lambda: payback([1], 1.5), "The first year must be a whole number of zero or more, not 1.5."),  # type: ignore[arg-type]
        (lambda: payback([1] * 60, 2), "The flows go on to year 61; give years up to 60."),
        (lambda: payback([Decimal("-0.001")]), "The flow of year 1 must be in whole cents, not 0.001."),
        (
            lambda: payback([Decimal(-(10**24))]),
            "The flow of year 1 is more than money can be; give fewer than 25 digits.",
        ),
        (
            lambda: payback([Decimal(1), 1.0]),
            "The flow of year 2 is a float beside a Decimal; give all amounts in one type.",
        ),
        (lambda: payback([1.0, 10**400]), "The flow of year 2 is too large; give a number below 1e308."),
        (
            lambda: net_present_value(-0.9999999, [1.0] * 60),
            "The present value is more than a float holds; give smaller flows or a usual rate.",
        ),
        (
            lambda: net_present_value(0, [1e308, 1e308]),
            "The present value is more than a float holds; give smaller flows or a usual rate.",
        ),
        (
            lambda: discounted(Decimal("-0.9"), [Decimal(1)] * 30),
            "The present value is more than money can be; give smaller flows or a usual rate.",
        ),
        (
            lambda: internal_rate([-5e-324, 1e308]),
            "The internal rate is more than a float holds; give flows nearer to each other.",
        ),
        (
            lambda: benefit_cost_ratio(0, [1], [1, 2]),
            "There are 1 years of benefits and 2 of costs; give both alike.",
        ),
        (lambda: benefit_cost_ratio(0, [1], [-1]), "The cost of year 1 must be zero or more, not -1."),
        (lambda: benefit_cost_ratio(0, [1, -2], [1, 1], 0), "The benefit of year 1 must be zero or more, not -2."),
        (lambda: benefit_cost_ratio(0, [NAN], [1]), "The benefit of year 1 must be a finite number, not nan."),
        (lambda: benefit_cost_ratio(0, [1], [0]), "The costs are zero in every year; give a cost above zero."),
        (lambda: benefit_cost_ratio(0, [], []), "There are no flows; give at least one year."),
        (lambda: compare(0, [], "a"), "There is no scenario; give at least the base."),
        (
            lambda: compare(0, [Scenario("a", [1])], "b"),
            "b: no scenario has this name; name one of a as the base.",
        ),
        (
            lambda: compare(0, [Scenario("a", [1]), Scenario("a", [1])], "a"),
            "a: two scenarios have this name; give each its own.",
        ),
        (
            lambda: compare(0, [Scenario("a", [1]), Scenario("b", [1, 2])], "a"),
            "b: it has 2 years, a 1; give both alike.",
        ),
        (
            lambda: compare(0, [Scenario("a", [1]), Scenario("b", [NAN])], "a"),
            "b: the flow of year 1 must be a finite number, not nan.",
        ),
    ],
)
def test_what_makes_no_case_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said


def test_the_longest_case_is_as_long_as_is_said() -> None:
    assert net_present_value(0, [1] * MOST_YEARS) == MOST_YEARS
