"""Every method on one plan: by hand, in cents, and who objects."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.fair_shares import (
    GAMES,
    GROUPS,
    METHODS,
    NUCLEOLUS,
    FairShares,
    MethodShares,
    ServiceCost,
    SharesInput,
    _Whole,
    fair_shares,
)
from design.calc.pool_costs import PoolInput
from design.calc.service_shares import ServiceInput, service_shares
from design.calc.shapley import shapley
from tests.design.calc.strategies import some

NOBODY: dict[str, dict[int, int | None]] = {"headcount": {}, "users": {}, "budget": {}}


def service(pools: list[tuple[str, int]], users: list[tuple[int, int, int | None]], **more: Any) -> ServiceCost:
    made = tuple(PoolInput(1, 1, kind, cents, 2027, **more) for kind, cents in pools)
    found = service_shares(ServiceInput(2026, 5, made, (Decimal(1),) * len(made), tuple(users)))
    return ServiceCost(**{one.name: getattr(found, one.name) for one in fields(ServiceCost)})


def by_key(found: FairShares) -> dict[str, MethodShares]:
    return {method.key: method for method in found.methods}


# Agency 7 uses three of four units, and pays 1,500 for them today; 9 the other, for 1,000.
TWO = SharesInput(
    year=2031,
    common_cents=1000,
    services=(service([("fixed", 600), ("variable", 100)], [(7, 3, 1500), (9, 1, 1000)]),),
    drivers={"headcount": {7: 30, 9: 10}, "users": {7: 0, 9: 5}, "budget": {7: 100, 9: None}},
)


def test_two_agencies_by_hand() -> None:
    found = fair_shares(TWO)
    assert (found.agencies, found.total_cents, found.today_cents, found.every_group) == (
        (7, 9),
        2000,
        (1500, 1000),
        True,
    )
    assert found.alone_cents == (1900, 1700)
    assert {key: method.shares_cents for key, method in by_key(found).items()} == {
        "equal": (1000, 1000),
        "headcount": (1500, 500),
        "users": (0, 2000),
        "budget": (),
        "today": (1200, 800),
        "use": (1500, 500),
        # Each saves the others 300 and 100; alone each pays 1,600 more than that.
        "scrb": (300 + 800, 100 + 800),
        # Half of the platform and of what is fixed, and its units.
        "shapley": (500 + 300 + 300, 500 + 300 + 100),
        # Together they save 1,600, 800 each.
        "nucleolus": (1900 - 800, 1700 - 800),
    }
    assert by_key(found)["budget"].lacking == (9,)


def test_who_pays_more_than_alone_objects() -> None:
    method = by_key(fair_shares(TWO))["users"]
    assert method.objecting == 1
    assert [(each.agencies, each.cents) for each in method.objections] == [((9,), 300)]


def test_what_is_billed_is_paid_by_use_in_every_method() -> None:
    billed = service([("fixed", 400)], [(7, 3, None), (9, 1, None)], billed=True)
    found = fair_shares(SharesInput(2031, 1000, (billed,), {**NOBODY, "headcount": {7: 1, 9: 1}}))
    assert (found.total_cents, found.billed_cents) == (1400, 400)
    for method in found.methods:
        if method.shares_cents and method.key != "use":
            assert method.shares_cents == (500 + 300, 500 + 100), method.key
    assert by_key(found)["use"].shares_cents == (750 + 300, 250 + 100)
    assert by_key(found)["today"].lacking == (7, 9)


def test_costs_of_an_unused_service_are_common() -> None:
    found = fair_shares(replace(TWO, services=(*TWO.services, service([("fixed", 500)], []))))
    assert found.total_cents == 2500
    assert by_key(found)["shapley"].shares_cents == (1100 + 250, 900 + 250)


def test_a_driver_that_is_zero_for_all_divides_nothing() -> None:
    method = by_key(fair_shares(replace(TWO, drivers={**NOBODY, "users": {7: 0, 9: 0}})))["users"]
    assert (method.shares_cents, method.lacking) == ((), ())


def test_one_agency_pays_all() -> None:
    found = fair_shares(SharesInput(2031, 1000, (service([("fixed", 5)], [(3, 2, 9)]),), NOBODY))
    assert {method.shares_cents for method in found.methods if method.shares_cents} == {(1005,)}
    assert not any(method.objecting for method in found.methods)


def many(count: int) -> SharesInput:
    users: list[tuple[int, int, int | None]] = [(at, at, 100) for at in range(1, count + 1)]
    return SharesInput(2031, 1000, (service([("variable", 1000)], users), service([("fixed", 90)], users[:3])), NOBODY)


def test_beyond_all_groups_single_agencies_and_all_but_one_are_asked() -> None:
    few, lots = fair_shares(many(GROUPS)), fair_shares(many(GROUPS + 1))
    assert (few.every_group, lots.every_group) == (True, False)
    assert by_key(few)[NUCLEOLUS].shares_cents and not by_key(lots)[NUCLEOLUS].shares_cents
    assert sum(by_key(lots)["shapley"].shares_cents) == lots.total_cents
    # By equal parts the smallest pays far more than alone; all but the largest carry it.
    method = by_key(lots)["equal"]
    assert method.objecting > len(method.objections)
    # The worst: all who use less than the mean, with or without the one that uses as much.
    worst = method.objections[0]
    assert worst.agencies in (tuple(range(1, 9)), tuple(range(1, 10)))
    assert method.most_cents == pytest.approx(worst.cents, abs=2)
    assert by_key(lots)["shapley"].objecting == 0
    assert by_key(lots)["shapley"].most_cents < 10


uses = st.dictionaries(st.integers(1, 6), st.integers(1, 50), min_size=1)
services = st.lists(
    st.tuples(uses, st.integers(0, 10**6), st.integers(0, 10**4), st.integers(0, 10**5), st.booleans()),
    min_size=1,
    max_size=3,
)


@st.composite
def plans(draw: st.DrawFn) -> SharesInput:
    made = tuple(
        service(
            [("fixed", fixed), ("variable", unit), ("step", step)],
            [(agency, volume, draw(st.none() | st.integers(0, 10**6))) for agency, volume in sorted(use.items())],
            step_volume=7,
            billed=billed,
        )
        for use, fixed, unit, step, billed in draw(services)
    )
    drivers = {key: {at: draw(st.none() | st.integers(0, 99)) for at in range(1, 7)} for key in NOBODY}
    return SharesInput(2031, draw(st.integers(0, 10**7)), made, drivers)


@some
@given(plans())
def test_every_method_adds_up_to_the_cent(plan: SharesInput) -> None:
    found = fair_shares(plan)
    assert [method.key for method in found.methods] == list(METHODS)
    for method in found.methods:
        assert len(method.shares_cents) in (0, len(found.agencies))
        assert not method.shares_cents or sum(method.shares_cents) == found.total_cents
        assert bool(method.objecting) == bool(method.objections)
        worst = [each.cents for each in method.objections]
        assert worst == sorted(worst, reverse=True)
    assert all(by_key(found)[key].shares_cents for key in GAMES)


@some
@given(plans())
def test_shares_by_structure_are_those_of_the_whole_game(plan: SharesInput) -> None:
    whole = _Whole(plan)
    assert whole.game is not None
    exact = shapley(whole.game)
    assert whole.shapley == pytest.approx(list(exact.values()), abs=1e-6 * max(whole.total, 1))
    places = range(len(whole.agencies))
    assert whole.alone == pytest.approx([whole.game.alone(at) for at in places])
    separable = [whole.game.everybody - whole.game.without(at) for at in places]
    assert whole.separable == pytest.approx(separable, abs=1e-6 * max(whole.total, 1))
