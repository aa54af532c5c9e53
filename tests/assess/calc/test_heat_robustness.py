"""How often a service is a quick win under other weightings: what must hold whatever is drawn."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from assess.calc.heat_robustness import DRAWS, HeatInput, heat_robustness
from tests.assess.calc.strategies import maybe

few = settings(max_examples=15, deadline=None)
AXES = ("opportunity", "opportunity", "ease", "ease")
PLAN = HeatInput(
    seed=1,
    services=(11, 12, 13, 14),
    axes=AXES,
    weights=(2.0, 1.0, 1.0, 1.0),
    scores=((5.0, 5.0, 1.0, 3.0), (5.0, 1.0, 1.0, None), (4.0, 4.0, 1.0, None), (4.0, 4.0, 2.0, None)),
)


def test_what_is_good_by_every_criterion_is_a_quick_win_in_all_weightings() -> None:
    found = heat_robustness(PLAN)
    assert found.services == [11, 12, 13]  # the last one has no ease
    assert (found.quick_win[0], found.quick_win[2]) == (1.0, 0.0)
    assert 0.5 < found.quick_win[1] < 1.0
    assert list(zip(found.rank_low, found.rank_high, strict=True)) == [(1, 1), (2, 2), (3, 3)]
    assert (found.draws, found.ranked) == (DRAWS, 3)


def test_with_one_criterion_an_axis_weights_decide_nothing() -> None:
    one = HeatInput(1, (1, 2), ("opportunity", "ease"), (1.0, 1.0), ((3.0, 2.9), (3.0, 5.0)))
    assert heat_robustness(one).quick_win == [1.0, 0.0]


def test_half_of_the_weightings_are_any_at_all() -> None:
    """Two criteria, 5 and 1: a mean of 3 needs half of the weight, which any weighting gives half of the time."""
    torn = HeatInput(1, (1,), ("opportunity", "opportunity", "ease"), (99.0, 1.0, 1.0), ((1.0,), (5.0,), (5.0,)))
    assert abs(heat_robustness(torn).quick_win[0] - 0.25) < 0.02  # never near the chosen weights
    turned = replace(torn, weights=(1.0, 99.0, 1.0))
    assert abs(heat_robustness(turned).quick_win[0] - 0.75) < 0.02


def test_a_criterion_without_weight_is_never_drawn() -> None:
    off = replace(PLAN, weights=(2.0, 0.0, 1.0, 1.0))
    assert heat_robustness(off).quick_win[1] == 1.0


def test_equal_services_share_the_best_rank() -> None:
    same = replace(PLAN, scores=tuple((3.0,) * 4 for _ in AXES))
    found = heat_robustness(same)
    assert set(found.rank_low) == set(found.rank_high) == {1}


def test_the_same_input_gives_the_same_result_and_another_seed_a_like_one() -> None:
    once, again, other = heat_robustness(PLAN), heat_robustness(PLAN), heat_robustness(replace(PLAN, seed=2))
    assert once == again
    assert abs(once.quick_win[1] - other.quick_win[1]) < 0.03


def test_without_a_service_that_has_both_axes_there_is_nothing() -> None:
    assert heat_robustness(replace(PLAN, scores=((None,) * 4,) * 4)).services == []
    assert heat_robustness(HeatInput(1, (), (), (), ())).ranked == 0


def test_two_hundred_services_take_less_than_five_seconds() -> None:
    column = tuple(1 + (number * 37 % 401) / 100 for number in range(200))
    axes = ("opportunity", "ease") * 6
    large = HeatInput(1, tuple(range(200)), axes, (1.0,) * 12, tuple(column[n:] + column[:n] for n in range(12)))
    begun = time.process_time()
    assert heat_robustness(large).ranked == 200
    assert time.process_time() - begun < 5


SCORES = maybe(st.sampled_from([1.0, 1.5, 2.0, 3.0, 3.5, 4.0, 5.0]))


@st.composite
def heats(draw: st.DrawFn) -> HeatInput:
    count = draw(st.integers(0, 6))
    columns = tuple(tuple(draw(SCORES) for _ in range(count)) for _ in AXES)
    weights = tuple(draw(st.sampled_from([0.0, 0.01, 1.0, 7.0])) for _ in AXES)
    return HeatInput(draw(st.integers(0, 99)), tuple(range(count)), AXES, weights, columns)


@few
@given(heats())
def test_shares_and_ranks_stay_within_their_range(heat: HeatInput) -> None:
    found = heat_robustness(heat)
    assert all(0 <= share <= 1 for share in found.quick_win)
    assert all(1 <= low <= high <= found.ranked for low, high in zip(found.rank_low, found.rank_high, strict=True))
    assert json.loads(json.dumps(asdict(found), allow_nan=False)) == asdict(found)


@few
@given(heats())
def test_a_service_that_is_no_worse_anywhere_ranks_no_worse(heat: HeatInput) -> None:
    better = tuple((*column, *(() if not column else (5.0,))) for column in heat.scores)
    grown = replace(heat, services=tuple(range(len(better[0]))), scores=better)
    found = heat_robustness(grown)
    if found.ranked and found.services[-1] == len(better[0]) - 1:
        assert (found.quick_win[-1], found.rank_low[-1], found.rank_high[-1]) == (1.0, 1, 1)
