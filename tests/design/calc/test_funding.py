"""Sources against the need, year by year."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.funding import APPROPRIATION, FEE, FUND, KINDS, LOAN, Source, funding
from tests.design.calc.strategies import some

money = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Decimal], list[Source]]:
    years = draw(st.integers(1, 6))
    row = st.lists(money, min_size=years, max_size=years)
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=5))
    return draw(row), [Source(f"source {at}", kind, draw(row)) for at, kind in enumerate(kinds)]


@some
@given(cases())
def test_years_add_up_to_the_cent(case: tuple[list[Decimal], list[Any]]) -> None:
    needed, sources = case
    found = funding(needed, sources)

    for at, year in enumerate(found.years):
        assert year.needed == needed[at]
        assert year.available == sum(source.yearly[at] for source in sources) == sum(year.by_kind.values())
        assert year.balance == year.available - year.needed == max(year.balance, 0) - year.gap  # type: ignore[operator]
        assert year.cumulative == sum(one.balance for one in found.years[: at + 1])
    assert found.gap == sum(year.gap for year in found.years)
    assert found.short == max(0, *(-year.cumulative for year in found.years), 0)
    assert all(type(one) is Decimal for year in found.years for one in (year.gap, year.balance, year.cumulative))


@some
@given(cases())
def test_money_that_may_be_kept_never_leaves_a_gap_before_money_that_lapses(case: Any) -> None:
    found = funding(*case)

    assert (found.first_gap is None) == (found.gap == 0)
    assert (found.first_cumulative_gap is None) == (found.short == 0)
    if found.first_cumulative_gap is not None:
        assert found.first_gap is not None and found.first_gap <= found.first_cumulative_gap
    assert found.short <= found.gap


@some
@given(cases(), st.randoms())
def test_the_order_of_the_sources_makes_no_difference(case: Any, random: Any) -> None:
    needed, sources = case
    turned = random.sample(sources, len(sources))

    assert funding(needed, turned) == funding(needed, sources)


def test_a_gap_is_found_where_it_is() -> None:
    # By hand: year 2 lacks 150 on its own; with the 100 that year 1 leaves it lacks 50; year 3 makes up for that.
    found = funding(
        [Decimal(400), Decimal(450), Decimal(300)],
        [
            Source("budget", APPROPRIATION, [Decimal(300), Decimal(200), Decimal(200)]),
            Source("charges", FEE, [0, 100, 160]),
            Source("bridge", LOAN, [Decimal(200), 0, 0]),
        ],
    )

    assert [year.balance for year in found.years] == [100, -150, 60]
    assert [year.gap for year in found.years] == [0, 150, 0]
    assert [year.cumulative for year in found.years] == [100, -50, 10]
    assert (found.first_gap, found.first_cumulative_gap) == (2, 2)
    assert (found.gap, found.short) == (150, 50)
    assert found.years[0].by_kind == {APPROPRIATION: 300, FEE: 0, LOAN: 200}


def test_without_sources_all_is_gap() -> None:
    found = funding([3, 4], [])

    assert [year.by_kind for year in found.years] == [{}, {}]
    assert (found.first_gap, found.gap, found.short) == (1, 7, 7)


def test_results_keep_the_type_of_the_amounts() -> None:
    assert type(funding([1], []).gap) is Fraction
    assert funding([0.75], [Source("fund", FUND, [0.25])]).gap == 0.5
    assert type(funding([1.0], []).short) is float
    assert funding([Decimal("0.10")] * 3, [Source("fund", FUND, [Decimal("0.30"), 0, 0])]).years[2].cumulative == 0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: funding([], []), "There is no year; give the need of at least one."),
        (
            lambda: funding([1, 2], [Source("a", FEE, [1])]),
            "a: it has 1 years, the need 2; give both alike.",
        ),
        (
            lambda: funding([1], [Source("a", "luck", [1])]),
            "a: luck is no kind of source; choose one of appropriation, reprogramming, fund, fee, grant, loan.",
        ),
        (
            lambda: funding([1], [Source("a", FEE, [1]), Source("a", FUND, [1])]),
            "a: two sources have this name; give each its own.",
        ),
        (lambda: funding([1, -1], []), "The need in year 2 must be zero or more, not -1."),
        (
            lambda: funding([1], [Source("a", FEE, [float("inf")])]),
            "a: its amount in year 1 must be a finite number, not inf.",
        ),
        (
            lambda: funding([Decimal("0.001")], []),
            "The need in year 1 must be in whole cents, not 0.001.",
        ),
        (
            lambda: funding([Decimal(1)], [Source("a", FEE, [0.5])]),
            "a: its amount in year 1 is a float beside a Decimal; give all amounts in one type.",
        ),
        (
            lambda: funding([Decimal(10**21)], []),
            "The need in year 1 is more than money can be; give fewer than 22 digits.",
        ),
        (lambda: funding([1e308, 1e308], []), "The needs add up to more than a float holds; give smaller numbers."),
        (
            lambda: funding([1.0], [Source("a", FEE, [1e308]), Source("b", FEE, [1e308])]),
            "The amounts of all sources add up to more than a float holds; give smaller numbers.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said
