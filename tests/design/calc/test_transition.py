"""The way to the target shares: the cap holds, cents add up, and the way ends at the target."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.transition import Path, Step, transition
from tests.design.calc.strategies import some

money = st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100)


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Decimal], dict[str, Decimal], Path[str]]:
    """What is paid today, the cap of each agency in money, and the path."""
    agencies = [f"agency {at}" for at in range(draw(st.integers(1, 6)))]
    today = {agency: draw(money) + 1 for agency in agencies}
    weights = draw(st.lists(st.integers(0, 50), min_size=len(agencies), max_size=len(agencies)).filter(any))
    pools = draw(st.lists(money, min_size=1, max_size=6))
    target = dict(zip(agencies, weights, strict=True))
    if draw(st.booleans()):
        cap = draw(money)
        return today, dict.fromkeys(agencies, cap), transition(today, target, pools, cap_amount=cap)
    share = Decimal(draw(st.integers(0, 300))) / 1000
    path = transition(today, target, pools, cap_of_today=share)
    return today, {agency: share * amount for agency, amount in today.items()}, path


@some
@given(cases())
def test_shares_add_up_to_the_pool_to_the_cent(case: Any) -> None:
    for year in case[2].years:
        steps = year.steps.values()
        assert sum(step.share for step in steps) + year.uncovered == year.pool
        assert sum(step.target for step in steps) == year.pool
        assert sum(step.spared for step in steps) == year.spared
        assert sum(step.borne for step in steps) == year.spared - year.uncovered
        assert all(step.share.as_tuple().exponent == -2 for step in steps)
        assert all(step.share == step.target - step.spared + step.borne for step in steps)


@some
@given(cases())
def test_nobody_ever_pays_more_than_its_cap_above_the_year_before(case: Any) -> None:
    today, caps, path = case
    years = [today, *({agency: step.share for agency, step in year.steps.items()} for year in path.years)]
    for before, after in pairwise(years):
        assert all(after[agency] <= before[agency] + caps[agency] for agency in today)


@some
@given(cases())
def test_only_who_is_not_capped_bears_and_only_as_much_as_it_must(case: Any) -> None:
    before = case[0]
    for year in case[2].years:
        savers = [agency for agency, step in year.steps.items() if step.target < before[agency]]
        for step in year.steps.values():
            assert min(step.spared, step.borne) == 0 <= step.borne
            assert step.capped == (step.spared > 0)
        if any(step.borne and step.share > before[agency] for agency, step in year.steps.items()):
            assert all(year.steps[agency].share >= before[agency] for agency in savers)
        if year.uncovered:
            limits = {agency: before[agency] + case[1][agency] for agency in before}
            assert all(0 <= limits[agency] - step.share < Decimal("0.01") for agency, step in year.steps.items())
        before = {agency: step.share for agency, step in year.steps.items()}


@some
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 9), st.integers(1, 9), st.integers(1, 50))
def test_with_the_pool_of_today_the_target_is_reached_in_time(a: int, b: int, to_a: int, to_b: int, cap: int) -> None:
    today = {"a": Decimal(a), "b": Decimal(b)}
    pool = Decimal(a + b)
    up = max(pool * weight / (to_a + to_b) - today[name] for name, weight in (("a", to_a), ("b", to_b)))
    years = max(-(-up // (cap * 1000)), 1)  # the one that pays more goes up by the cap each year
    found = transition(today, {"a": to_a, "b": to_b}, [pool] * (int(years) + 2), cap_amount=cap * 1000)

    assert found.years_to_target is not None and abs(found.years_to_target - years) <= 1
    assert all(year.uncovered == 0 for year in found.years)


def step(*figures: Any) -> Step:
    return Step(*(Decimal(figure).quantize(Decimal("0.01")) for figure in figures))


def test_savings_pay_for_the_cap_first() -> None:
    # By hand: of 1,000 health is to pay 500 instead of 200; 20 % of that a year is 40. Roads and parks would save 200
    # and 100, and bear what health is spared two to one.
    today = {"health": 200, "roads": 500, "parks": 300}
    found = transition(today, {"health": 5, "roads": 3, "parks": 2}, [1000] * 3, cap_of_today=Decimal("0.2"))

    assert found.years[0].steps == {
        "health": step(240, 500, 260, 0),
        "roads": step("473.33", 300, 0, "173.33"),
        "parks": step("286.67", 200, 0, "86.67"),
    }
    assert [year.spared for year in found.years] == [260, 220, 180]
    assert [year.steps["health"].share for year in found.years] == [240, 280, 320]
    assert found.years_to_target is None


def test_then_all_that_have_room_bear_it_in_proportion_to_their_room() -> None:
    # By hand, with a cap of 50: health would pay 260 more, and is spared 210. What parks would save, 80, goes first;
    # then it has 50 left to its limit and roads 20, which bear all they can, and 60 is uncovered.
    found = transition(
        {"health": 100, "roads": 300, "parks": 300}, {"health": 36, "roads": 33, "parks": 22}, [910], cap_amount=50
    )

    year = found.years[0]
    assert year.steps["health"] == step(150, 360, 210, 0)
    assert year.steps["roads"] == step(350, 330, 0, 20)
    assert year.steps["parks"] == step(350, 220, 0, 130)
    assert year.uncovered == 60


def test_second_room_is_shared_in_proportion() -> None:
    # By hand: a is spared 30; nobody saves; b and c have 10 and 50 left to their limits of 150, and bear 5 and 25.
    found = transition({"a": 100, "b": 100, "c": 100}, {"a": 180, "b": 140, "c": 100}, [420], cap_amount=50)

    assert {agency: one.share for agency, one in found.years[0].steps.items()} == {"a": 150, "b": 145, "c": 125}


def test_a_cap_is_the_share_that_is_typed() -> None:
    found = transition({"a": 1, "b": 9}, {"a": 12, "b": 88}, [10], cap_of_today=0.15)

    assert found.years[0].steps["a"].share == Decimal("1.15")
    assert found.years[0].steps["a"].capped and not found.years[0].steps["b"].capped


def test_who_is_not_held_back_pays_its_target_at_once() -> None:
    found = transition({"a": 100, "b": 100}, {"a": Fraction(1, 3), "b": Fraction(2, 3)}, [210, 240], cap_amount=100)

    assert found.years_to_target == 1
    assert [year.steps["a"].share for year in found.years] == [70, 80]


def test_a_newcomer_needs_a_cap_in_money() -> None:
    found = transition({"new": 0, "old": 100}, {"new": 1, "old": 1}, [100] * 3, cap_amount=Decimal("20.50"))

    assert [year.steps["new"].share for year in found.years] == [Decimal("20.50"), 41, 50]
    assert found.years_to_target == 3


ONE, EQUAL = {"a": 100, "b": 50}, {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: transition({}, {}, [1], cap_amount=1), "There is no agency; name at least one."),
        (lambda: transition(ONE, EQUAL, [], cap_amount=1), "There is no year; give the pool of at least one."),
        (
            lambda: transition(ONE, {"a": 1}, [1], cap_amount=1),
            "b: give both what it pays today and its target weight, zero if there is none.",
        ),
        (
            lambda: transition({"a": 1}, EQUAL, [1], cap_amount=1),
            "b: give both what it pays today and its target weight, zero if there is none.",
        ),
        (
            lambda: transition(ONE, {"a": 0, "b": 0}, [1], cap_amount=1),
            "All target weights are zero; give at least one agency more.",
        ),
        (
            lambda: transition(ONE, {"a": -1, "b": 2}, [1], cap_amount=1),
            "a: its target weight must be zero or more, not -1.",
        ),
        (lambda: transition(ONE, EQUAL, [1, -1], cap_amount=1), "The pool of year 2 must be zero or more, not -1."),
        (
            lambda: transition(ONE, EQUAL, [Decimal("0.001")], cap_amount=1),
            "The pool of year 1 must be in whole cents, not 0.001.",
        ),
        (
            lambda: transition({"a": 1.5, "b": 1}, EQUAL, [1], cap_amount=1),  # type: ignore[dict-item]
            "a: what it pays today must be money, a Decimal or a whole number, not a float.",
        ),
        (
            lambda: transition(ONE, EQUAL, [Fraction(1, 3)], cap_amount=1),  # type: ignore[list-item]
            "The pool of year 1 must be money, a Decimal or a whole number, not a Fraction.",
        ),
        (
            lambda: transition(ONE, EQUAL, [10**24], cap_amount=1),
            "The pool of year 1 is more than money can be; give fewer than 25 digits.",
        ),
        (
            lambda: transition(ONE, EQUAL, [1]),
            "Give one cap: a share of what each agency pays today, or an amount.",
        ),
        (
            lambda: transition(ONE, EQUAL, [1], cap_amount=1, cap_of_today=1),
            "Give one cap: a share of what each agency pays today, or an amount.",
        ),
        (lambda: transition(ONE, EQUAL, [1], cap_amount=-1), "The cap must be zero or more, not -1."),
        (
            lambda: transition(ONE, EQUAL, [1], cap_amount=1.5),  # type: ignore[arg-type]
            "The cap must be money, a Decimal or a whole number, not a float.",
        ),
        (
            lambda: transition(ONE, EQUAL, [1], cap_of_today=float("nan")),
            "The cap must be a finite number, not nan.",
        ),
        (
            lambda: transition({"a": 0, "b": 1}, EQUAL, [1], cap_of_today=1),
            "a: it pays nothing today, so with a cap on a share of that it never would; give an amount.",
        ),
    ],
)
def test_what_leads_nowhere_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said
