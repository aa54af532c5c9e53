"""The settlement of a year that was billed at a provisional rate: everything adds up to the cent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.true_up import TrueUp, provisional_rate, true_up
from tests.design.calc.strategies import some

AGENCIES = ["health", "roads", "parks"]

money = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
balances = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents) / 100)
rates = st.integers(0, 10**6).map(lambda parts: Decimal(parts) / 10_000)
use = st.dictionaries(st.sampled_from(AGENCIES), st.integers(0, 10**5))
shares = st.integers(0, 100).map(lambda share: Fraction(share, 100))


@st.composite
def years(draw: st.DrawFn) -> tuple[list[Decimal], list[Any], list[Decimal], Decimal]:
    periods = draw(st.integers(1, 5))
    volumes = draw(st.lists(use, min_size=periods, max_size=periods))
    volumes[0] = {"courts": draw(st.integers(1, 10**5)), **volumes[0]}
    rows = [draw(st.lists(one, min_size=periods, max_size=periods)) for one in (rates, money)]
    return rows[0], volumes, rows[1], draw(balances)


@some
@given(years(), shares)
def test_everything_adds_up_to_the_cent(year: Any, share: Fraction) -> None:
    given_rates, volumes, costs, carried = year
    found: TrueUp[str] = true_up(given_rates, volumes, costs, carried_in=carried, settled_share=share)

    for period in found.periods:
        assert period.billed == sum(period.bills.values()) == period.cost + period.recovery
    assert found.balance == carried + sum(period.recovery for period in found.periods)
    assert found.balance == found.settled + found.carried_forward
    parts = found.settlements.values()
    assert sum(part.true_up for part in parts) == -found.settled
    assert sum(part.billed for part in parts) == sum(period.billed for period in found.periods)
    assert all(part.paid == part.billed + part.true_up for part in parts)
    # Whatever is carried on top, the agencies bear the actual cost.
    assert sum(part.paid for part in parts) == sum(costs) - carried + found.carried_forward
    assert all(part.true_up.as_tuple().exponent == part.billed.as_tuple().exponent == -2 for part in parts)


@some
@given(years())
def test_the_true_up_goes_by_use(year: Any) -> None:
    found: TrueUp[str] = true_up(*year[:3])
    whole = sum(part.volume for part in found.settlements.values())

    for agency, part in found.settlements.items():
        assert part.volume == sum(period.get(agency, 0) for period in year[1])
        assert abs(Fraction(part.true_up) + Fraction(found.settled) * part.volume / whole) < Fraction(1, 100)


@some
@given(years())
def test_with_one_rate_all_pay_the_actual_rate_in_the_end(year: Any) -> None:
    _, volumes, costs, _ = year
    found: TrueUp[str] = true_up([Decimal("1.25")] * len(costs), volumes, costs)
    actual = Fraction(sum(costs)) / sum(part.volume for part in found.settlements.values())

    for part in found.settlements.values():
        # Each bill is rounded once, and so is the true-up.
        assert abs(Fraction(part.paid) - actual * part.volume) < Fraction(len(costs) * 4 + 1, 100)


def test_a_year_by_hand() -> None:
    # Two quarters at 2.50: 1,000 and 600 calls bring in 4,000; they cost 4,400. Last year 100 too much was paid, so 300
    # is lacking, which health pays with 900 of 1,600 calls and roads with 700.
    found = true_up(
        [Decimal("2.50")] * 2,
        [{"health": 600, "roads": 400}, {"health": 300, "roads": 300}],
        [Decimal(2400), Decimal(2000)],
        carried_in=100,
    )

    assert [period.recovery for period in found.periods] == [100, -500]
    assert found.balance == found.settled == -300
    assert found.carried_forward == 0
    assert [found.settlements[agency].true_up for agency in ("health", "roads")] == [
        Decimal("168.75"),
        Decimal("131.25"),
    ]
    assert found.settlements["health"].paid == Decimal("2418.75")


def test_what_is_over_recovered_goes_back_or_forward() -> None:
    found = true_up([1], [{"health": 10, "roads": 20}], [15], settled_share=Fraction(1, 3))

    assert found.balance == 15
    assert (found.settled, found.carried_forward) == (5, 10)
    assert [part.true_up for part in found.settlements.values()] == [Decimal("-1.67"), Decimal("-3.33")]


def test_the_next_rate_takes_the_balance_in() -> None:
    # By hand: (4,400 - 300 too much) / 1,600 and (4,400 + 300 too little) / 1,600.
    assert provisional_rate(4400, 1600, 300) == Decimal("2.5625")
    assert provisional_rate(Decimal(4400), 1600, Decimal(-300), places=2) == Decimal("2.94")
    assert provisional_rate(1, 3) == Decimal("0.3333")


@some
@given(money, st.integers(1, 10**6), balances)
def test_at_the_next_rate_the_volume_brings_in_the_cost_less_the_balance(
    cost: Decimal, volume: int, carried: Decimal
) -> None:
    if carried <= cost:
        rate = provisional_rate(cost, volume, carried, places=6)
        assert abs(Fraction(rate) * volume - Fraction(cost - carried)) <= Fraction(volume, 2 * 10**6)


def test_nobody_need_have_used_it_if_all_goes_forward() -> None:
    found: TrueUp[str] = true_up([1], [{}], [10], settled_share=0)

    assert found.settlements == {}
    assert (found.settled, found.carried_forward) == (0, -10)
    assert true_up([1], [{"health": 0}], [0]).settlements["health"].paid == 0


def test_money_goes_up_to_24_digits() -> None:
    most = true_up([10**23], [{"health": 9}], [0], settled_share=0)
    assert most.carried_forward == 9 * 10**23
    with pytest.raises(ValueError, match="An amount is more than money can be"):
        true_up([10**23], [{"health": 10}], [0], settled_share=0)


USE = [{"health": 1}]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: true_up([], [], []), "There is no period; give at least one."),
        (lambda: true_up([1], USE, []), "There are 1 rates, 1 volumes and 0 costs; give one each."),
        (lambda: true_up([-1], USE, [1]), "The rate of period 1 must be zero or more, not -1."),
        (lambda: true_up([1], [{"health": -1}], [1]), "health: its volume in period 1 must be zero or more, not -1."),
        (lambda: true_up([1, 1], USE * 2, [1, -1]), "The cost of period 2 must be zero or more, not -1."),
        (
            lambda: true_up([1], USE, [1.5]),  # type: ignore[list-item]
            "The cost of period 1 must be money, a Decimal or a whole number, not a float.",
        ),
        (
            lambda: true_up([1], USE, [Decimal("0.001")]),
            "The cost of period 1 must be in whole cents, not 0.001.",
        ),
        (
            lambda: true_up([1], USE, [10**24]),
            "The cost of period 1 is more than money can be; give fewer than 25 digits.",
        ),
        (
            lambda: true_up([10**20], [{"health": 10**20}], [1]),
            "An amount is more than money can be; give smaller costs, rates or volumes.",
        ),
        (lambda: true_up([1], USE, [1], settled_share=2), "The share to settle must lie between 0 and 1, not at 2."),
        (lambda: true_up([1], USE, [1], settled_share=-1), "The share to settle must be zero or more, not -1."),
        (
            lambda: true_up([1], USE, [1], carried_in=float("nan")),  # type: ignore[arg-type]
            "The balance carried in must be a finite number, not nan.",
        ),
        (
            lambda: true_up([1], USE, [1], carried_in=Fraction(-1, 3)),  # type: ignore[arg-type]
            "The balance carried in must be money, a Decimal or a whole number, not a Fraction.",
        ),
        (
            lambda: true_up([1], [{"health": 0}], [1]),
            "Nobody has used the service, so nobody can settle; give a share to settle of 0.",
        ),
        (
            lambda: provisional_rate(1, 0),
            "The expected volume is zero; give one that the rate can be spread over.",
        ),
        (
            lambda: provisional_rate(1, 1, 2),
            "The balance of 2 is more than the cost of 1; settle a part of it now.",
        ),
    ],
)
def test_what_settles_nothing_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said
