"""Keys by which agencies pay for a pool: a published example, others by hand, and what must hold for all."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.drivers import Line, Shares, by_driver, equal, hybrid, mixed, tiered
from tests.design.calc.strategies import some

AGENCIES = ["health", "roads", "parks", "courts", "schools"]
PRICES = {"basic": Decimal("12.34"), "full": Decimal("150.00"), "none": Decimal(0)}
# e-gineer, Cost allocation model for shared services, 2007: data transfer in per cent, then racks by server.
TRANSFER, SERVERS = {"Foo": 75, "Bar": 25}, {"Foo": 10, "Bar": 15}

money = st.integers(0, 10**10).map(lambda cents: Decimal(cents) / 100)
quantities = st.lists(st.integers(0, 1000), min_size=5, max_size=5).filter(any)
drivers = quantities.map(lambda row: dict(zip(AGENCIES, row, strict=True)))


@st.composite
def divided(draw: st.DrawFn) -> tuple[Any, Shares[str]]:
    """A total and its shares by any of the methods."""
    total = draw(money)
    one, other = draw(drivers), draw(drivers)
    share = Fraction(draw(st.integers(0, 100)), 100)
    tiers = dict(zip(AGENCIES, draw(st.lists(st.sampled_from(list(PRICES)), min_size=5, max_size=5)), strict=True))
    methods = {
        "equal": lambda: equal(total, AGENCIES),
        "by driver": lambda: by_driver(total, one),
        "mixed": lambda: mixed(total, [(share, one), (2, other), (0, one)]),
        "hybrid": lambda: hybrid(total, share, one, other),
        "tiered": lambda: tiered(total + 750, PRICES, tiers, other),
    }
    name = draw(st.sampled_from(list(methods)))
    return total + 750 if name == "tiered" else total, methods[name]()


@some
@given(divided())
def test_shares_pools_and_lines_add_up_to_the_cent(case: tuple[Decimal, Shares[str]]) -> None:
    total, found = case

    assert sum(found.shares.values()) == sum(found.pools) == total
    assert all(isinstance(share, Decimal) and share.as_tuple().exponent == -2 for share in found.shares.values())
    for agency, share in found.shares.items():
        assert share == sum(line.amount for line in found.lines if line.agency == agency)
    for at, pool in enumerate(found.pools):
        assert pool == sum(line.amount for line in found.lines if line.pool == at)


@some
@given(divided())
def test_no_line_is_a_cent_off_its_part_of_the_pool(case: tuple[Decimal, Shares[str]]) -> None:
    for line in case[1].lines:
        part = (
            Fraction(line.quantity) / Fraction(line.basis) if line.basis else 0
        )  # nobody used a pool that costs nothing
        exact = Fraction(case[1].pools[line.pool]) * part
        assert abs(Fraction(line.amount) - exact) < Fraction(1, 100)


def test_equal_shares_are_equal() -> None:
    assert equal(100, ["a", "b", "c"]).shares == dict.fromkeys("abc", Fraction(100, 3))
    assert equal(Decimal(100), "abc").shares == {"a": Decimal("33.34"), "b": Decimal("33.33"), "c": Decimal("33.33")}


def test_the_published_drivers_come_out() -> None:
    assert by_driver(100, TRANSFER).shares == {"Foo": 75, "Bar": 25}
    assert by_driver(50, SERVERS).shares == {"Foo": 20, "Bar": 30}


def test_a_mix_is_one_pool_a_driver() -> None:
    found = mixed(150, [(100, TRANSFER), (50, SERVERS)])

    assert found.pools == (100, 50)
    assert found.lines == (
        Line(0, "Foo", 75, 100, 75),
        Line(0, "Bar", 25, 100, 25),
        Line(1, "Foo", 10, 25, 20),
        Line(1, "Bar", 15, 25, 30),
    )
    assert found.shares == {"Foo": 95, "Bar": 55}


@some
@given(money, drivers, st.integers(1, 9))
def test_a_mix_of_one_driver_with_itself_is_that_driver(total: Decimal, driver: dict[str, int], weight: int) -> None:
    precise = Fraction(total)

    assert mixed(precise, [(weight, driver), (1, driver)]).shares == by_driver(precise, driver).shares


def test_a_hybrid_has_a_fixed_part_and_the_rest_by_use() -> None:
    # By hand: 40 % of 1,000 by headcount 1:3, 600 by use 5:1.
    found = hybrid(Decimal(1000), Decimal("0.4"), {"health": 1, "roads": 3}, {"roads": 100, "health": 500})

    assert found.pools == (400, 600)
    assert found.shares == {"health": 600, "roads": 400}


@some
@given(money, drivers, drivers)
def test_a_hybrid_without_a_fixed_part_goes_by_use_alone(total: Decimal, fixed: Any, use: Any) -> None:
    assert hybrid(total, 0, fixed, use).shares == by_driver(total, use).shares
    assert hybrid(total, 1, fixed, use).shares == by_driver(total, fixed).shares


def test_tiers_pay_their_price_and_the_rest_goes_by_use() -> None:
    # By hand: prices bring in 250 of 1,000; 750 by use 2:1:0.
    tiers = {"health": "full", "roads": "basic", "parks": "basic"}
    found = tiered(1000, {"full": 150, "basic": 50}, tiers, {"health": 2, "roads": 1, "parks": 0})

    assert found.pools == (250, 750)
    assert found.shares == {"health": 650, "roads": 300, "parks": 50}
    assert [line.amount for line in found.lines] == [150, 50, 50, 500, 250, 0]


@some
@given(st.lists(st.sampled_from(list(PRICES)), min_size=5, max_size=5), drivers, money)
def test_the_price_of_a_tier_stands_on_the_bill_unchanged(names: list[str], use: dict[str, int], rest: Decimal) -> None:
    tiers = dict(zip(AGENCIES, names, strict=True))
    found = tiered(rest + 750, PRICES, tiers, use)

    assert {line.agency: line.amount for line in found.lines if line.pool == 0} == {
        agency: PRICES[tier] for agency, tier in tiers.items()
    }


def test_floats_give_floats_and_may_bring_in_the_total_but_for_an_error_in_the_last_digit() -> None:
    found = tiered(0.3, {"basic": 0.1}, dict.fromkeys("abc", "basic"), {"a": 1, "b": 1, "c": 1})

    assert all(type(share) is float for share in [*found.shares.values(), *found.pools])
    assert found.pools[1] == 0
    assert found.shares == pytest.approx({"a": 0.1, "b": 0.1, "c": 0.1})


def test_where_all_tiers_are_free_only_use_counts() -> None:
    found = tiered(Decimal(9), {"free": 0}, {"a": "free", "b": "free"}, {"a": 2, "b": 1})

    assert found.shares == {"a": 6, "b": 3}
    assert found.pools == (0, 9)


def test_halves_of_a_cent_are_not_lost_between_pools() -> None:
    found = hybrid(Decimal("0.01"), Decimal("0.5"), {"a": 1, "b": 1}, {"a": 1, "b": 1})

    assert found.pools == (Decimal("0.01"), Decimal("0.00"))
    assert found.shares == {"a": Decimal("0.01"), "b": Decimal("0.00")}


@pytest.mark.parametrize("nothing", [0, 0.0, Decimal(0)])
def test_nothing_is_divided_into_nothing(nothing: Any) -> None:
    assert by_driver(nothing, TRANSFER).shares == {"Foo": 0, "Bar": 0}


ONE, TWO = {"a": 1}, {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: equal(-1, "ab"), "The total must be zero or more, not -1"),
        (lambda: equal(float("nan"), "ab"), "The total must be a finite number, not nan"),
        (lambda: equal(Decimal("1.001"), "ab"), "The total must be in whole cents, not 1.001"),
        (lambda: equal(1, []), "There is no agency to pay; name at least one"),
        (lambda: equal(1, ["a", "b", "a"]), "a: it is named twice; name every agency once"),
        (lambda: by_driver(1, {}), "There is no agency to pay"),
        (lambda: by_driver(1, {"a": 0, "b": 0}), "All quantities in the driver are zero"),
        (lambda: by_driver(1, {"a": -1, "b": 2}), "a: its quantity in the driver must be zero or more, not -1"),
        (lambda: by_driver(1, {"a": 1, "b": float("inf")}), "b: its quantity in the driver must be a finite number"),
        (lambda: by_driver(1.0, {"a": 1e308, "b": 1e308}), "The quantities in the driver add up to more than a float"),
        (lambda: mixed(1, []), "The weights add up to zero; give at least one driver a weight above zero"),
        (lambda: mixed(1, [(0, TWO), (0, TWO)]), "The weights add up to zero"),
        (lambda: mixed(1, [(1, TWO), (-1, TWO)]), "Driver 2: its weight must be zero or more, not -1"),
        (lambda: mixed(1, [(1, TWO), (1, ONE)]), "b: driver 2 misses it; give a quantity, zero if there is none"),
        (lambda: mixed(1, [(1, ONE), (1, TWO)]), "b: driver 1 misses it"),
        (lambda: mixed(1, [(1, ONE), (0, {"a": 0})]), "All quantities in driver 2 are zero"),
        (lambda: hybrid(1, 1.5, ONE, ONE), "The fixed share must lie between 0 and 1, not at 1.5"),
        (lambda: hybrid(1, -1, ONE, ONE), "The fixed share must be zero or more, not -1"),
        (lambda: hybrid(1, 1, ONE, TWO), "b: the fixed driver misses it"),
        (lambda: hybrid(1, 1, TWO, ONE), "b: the use misses it"),
        (lambda: tiered(1, {"t": -1}, {"a": "t"}, ONE), "Tier t: its price must be zero or more, not -1"),
        (lambda: tiered(Decimal(9), {"t": 1.5}, {"a": "t"}, ONE), "Tier t: its price is a float beside a Decimal"),
        (lambda: tiered(9, {"t": 1, "u": 2}, {"a": "v"}, ONE), "a: it has no tier with a price; choose one of t, u"),
        (lambda: tiered(9, {"t": 1}, {"a": "t"}, TWO), "b: it has no tier with a price; choose one of t"),
        (lambda: tiered(9, {"t": 1}, {"a": "t", "b": "t"}, ONE), "b: the use misses it"),
        (lambda: tiered(9, {"t": 1}, {"a": "t"}, {"a": 0}), "All quantities in the use are zero"),
        (lambda: tiered(1, {"t": 1}, {"a": "t", "b": "t"}, TWO), "The tiers bring in more than the total of 1; lower"),
    ],
)
def test_what_divides_nothing_fairly_is_refused_by_name(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
