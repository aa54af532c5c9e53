"""Draws of a case, against what is known of it in theory and against all draws at once."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from design.calc.running_histogram import BARS
from design.calc.uncertain_inputs import Fixed, Normal, Pert, Triangular
from design.calc.uncertainty import BLOCK, SAMPLE, Spread, simulate
from design.calc.yearly_case import Term, YearlyCase

Inputs = Mapping[str, Any]
DRAWS = 200_000
TWO: dict[str, Any] = {"saving": Normal(100, 30), "cost": Normal(80, 40)}


def less(inputs: Inputs) -> Any:
    return inputs["saving"] - inputs["cost"]


class Recorded:
    """A case that keeps what it came to."""

    def __init__(self, case: Any) -> None:
        self.case, self.parts = case, []  # type: ignore[var-annotated]

    def __call__(self, inputs: Inputs) -> Any:
        self.parts.append(self.case(inputs))
        return self.parts[-1]

    def draws(self) -> Any:
        return np.concatenate(self.parts[:-1])  # the last call is for the swings


def test_a_difference_of_normal_inputs_spreads_as_in_theory() -> None:
    # Mean 20, deviation 50; within four standard errors, of a quantile 1.71 deviations / sqrt(n) at 10 and 90 %.
    found = simulate(TWO, less, DRAWS, seed=1)

    error = 50 / DRAWS**0.5
    assert abs(found.mean - 20) < 4 * error
    assert found.deviation == pytest.approx(50, rel=4 / (2 * DRAWS) ** 0.5)
    assert abs(found.p10 - (20 - 1.2815516 * 50)) < 4 * 1.71 * error + found.resolution
    assert abs(found.p50 - 20) < 4 * 1.2534 * error + found.resolution
    assert abs(found.p90 - (20 + 1.2815516 * 50)) < 4 * 1.71 * error + found.resolution
    assert found.chance_above_zero == pytest.approx(0.6554217, abs=4 * 0.4753 / DRAWS**0.5)


def test_drivers_come_by_their_swing_with_their_share_of_the_variance() -> None:
    found = simulate({"nothing": Fixed(3), "unused": Pert(0, 1, 2), **TWO}, less, DRAWS, seed=1)

    cost, saving, unused = found.drivers
    assert [cost.name, saving.name, unused.name] == ["cost", "saving", "unused"]
    assert [cost.at_p10, cost.at_p90] == pytest.approx([20 + 1.2815516 * 40, 20 - 1.2815516 * 40])
    assert [saving.at_p10, saving.at_p90] == pytest.approx([20 - 1.2815516 * 30, 20 + 1.2815516 * 30])
    assert unused.at_p10 == unused.at_p90 == pytest.approx(20)
    # K. Pearson: normal numbers correlated by r have the rank correlation 6 / pi x asin(r / 2).
    ranked = [6 / math.pi * math.asin(r / 2) for r in (-0.8, 0.6)]
    assert [cost.rank_correlation, saving.rank_correlation] == pytest.approx(ranked, abs=0.02)
    assert cost.share_of_variance == pytest.approx(0.64, abs=0.02)
    assert sum(driver.share_of_variance for driver in found.drivers) == pytest.approx(1)


def test_a_product_of_independent_inputs_has_the_product_of_their_means() -> None:
    inputs = {"volume": Pert(100, 200, 400), "unit cost": Triangular(1, 2, 6)}
    found = simulate(inputs, YearlyCase(0, [Term([1, 1], ("volume", "unit cost"))]), DRAWS, seed=2)

    expected = 2 * (100 + 4 * 200 + 400) / 6 * (1 + 2 + 6) / 3
    assert abs(found.mean - expected) < 4 * found.deviation / DRAWS**0.5


@pytest.mark.parametrize("correlation", [-1, -0.5, 0.5, 1])
def test_correlated_inputs_add_up_as_in_theory(correlation: float) -> None:
    found = simulate(TWO, less, DRAWS, seed=3, correlation={("cost", "saving"): correlation})

    expected = math.sqrt(30**2 + 40**2 - 2 * correlation * 30 * 40)
    assert found.deviation == pytest.approx(expected, rel=0.01)


def test_correlated_inputs_of_any_kind_keep_their_own_distribution() -> None:
    inputs = {"a": Pert(0, 1, 10), "b": Triangular(5, 6, 9)}
    alone = [simulate(inputs, lambda given, name=name: given[name], DRAWS, seed=4) for name in inputs]  # type: ignore[misc]
    pair = {("a", "b"): 0.8}
    together = [
        simulate(inputs, lambda given, name=name: given[name], DRAWS, seed=5, correlation=pair)  # type: ignore[misc]
        for name in inputs
    ]
    for one, other in zip(alone, together, strict=True):
        assert [one.p10, one.p50, one.p90] == pytest.approx([other.p10, other.p50, other.p90], abs=0.03)
    assert together[0].drivers[0].rank_correlation == pytest.approx(1)
    assert together[0].drivers[1].rank_correlation == pytest.approx(6 / math.pi * math.asin(0.4), abs=0.02)


def test_blocks_make_no_difference() -> None:
    kept = Recorded(less)
    found = simulate(TWO, kept, 5 * BLOCK + 1234, seed=6)
    draws = kept.draws()

    assert len(draws) == found.draws == sum(found.counts) == 5 * BLOCK + 1234
    assert found.mean == pytest.approx(draws.mean(), rel=1e-12)
    assert found.deviation == pytest.approx(draws.std(), rel=1e-12)
    assert found.chance_above_zero == (draws > 0).mean()
    expected = np.quantile(draws, [0.1, 0.5, 0.9], method="inverted_cdf")
    assert abs(np.array([found.p10, found.p50, found.p90]) - expected).max() <= found.resolution
    assert found.resolution <= 2 * (draws.max() - draws.min()) / 65_536
    assert list(found.counts) == np.histogram(draws, found.edges)[0].tolist()
    assert len(found.edges) == len(found.counts) + 1 <= BARS + 1


def test_the_same_seed_gives_the_same_and_another_one_does_not() -> None:
    found = [simulate(TWO, less, 10_000, seed=seed) for seed in (7, 7, 8, 2**64 - 1)]

    assert found[0] == found[1]
    assert len({one.mean for one in found}) == 3


def test_a_longer_run_begins_with_the_draws_of_a_shorter_one() -> None:
    short, long = Recorded(less), Recorded(less)
    simulate(TWO, short, BLOCK + 500, seed=9)
    simulate(TWO, long, 3 * BLOCK, seed=9)

    assert (long.draws()[: BLOCK + 500] == short.draws()).all()
    assert abs(np.corrcoef(long.draws()[:BLOCK], long.draws()[BLOCK : 2 * BLOCK])[0, 1]) < 0.05


def test_what_is_known_does_not_spread() -> None:
    found = simulate({"a": Fixed(2), "b": Fixed(3)}, YearlyCase(0, [Term([1], ("a", "b")), Term([-1])]), 1_000, seed=1)

    assert found == replace(found, mean=5.0, deviation=0.0, chance_above_zero=1.0, counts=(1_000,), drivers=())
    assert [found.p10, found.p50, found.p90] == pytest.approx([5] * 3)


def test_a_case_that_nothing_moves_has_drivers_without_a_share() -> None:
    found = simulate(TWO, lambda inputs: 0 * inputs["cost"], 1_000, seed=1)

    assert [driver.share_of_variance for driver in found.drivers] == [0, 0]
    assert found.chance_above_zero == 0


def test_equal_results_share_their_rank() -> None:
    kept = Recorded(lambda inputs: np.searchsorted([0.0, 60.0, 70.0], inputs["cost"] - inputs["saving"]))
    costs = Recorded(lambda inputs: inputs["cost"])
    found = simulate(TWO, kept, SAMPLE, seed=0)
    simulate(TWO, costs, SAMPLE, seed=0)

    expected = spearmanr(costs.draws(), kept.draws()).statistic
    assert {one.name: one.rank_correlation for one in found.drivers}["cost"] == pytest.approx(expected, rel=1e-9)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    simulate(TWO, less, BLOCK + 1, seed=1, progress=lambda done, of: told.append((done, of)))

    assert told == [(BLOCK, BLOCK + 1), (BLOCK + 1, BLOCK + 1)]


def test_memory_does_not_grow_with_the_draws() -> None:
    peaks = []
    for draws in (SAMPLE, 5 * SAMPLE):
        tracemalloc.start()
        simulate(TWO, less, draws, seed=1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000


def run(inputs: Any = TWO, case: Any = less, draws: Any = 1_000, seed: Any = 1, **more: Any) -> Spread:
    return simulate(inputs, case, draws, seed=seed, **more)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: run({}), "There is no input; give at least one."),
        (lambda: run({"a": Pert(3, 2, 1)}), "a: low, likely and high must be in this order, not 3, 2 and 1."),
        (lambda: run(draws=999), "The draws must be a whole number from 1,000 to 10,000,000, not 999."),
        (lambda: run(draws=10**8), "The draws must be a whole number from 1,000 to 10,000,000, not 100000000."),
        (lambda: run(draws=1e5), "The draws must be a whole number from 1,000 to 10,000,000, not 100000.0."),
        (lambda: run(seed=-1), "The seed must be a whole number from 0 to 2^64 - 1, not -1."),
        (lambda: run(seed=2**64), "The seed must be a whole number from 0 to 2^64 - 1, not 18446744073709551616."),
        (lambda: run(seed=None), "The seed must be a whole number from 0 to 2^64 - 1, not None."),
        (lambda: run(case=lambda inputs: 5), "The case must give one figure for each draw, not 1 for a block of them."),
        (
            lambda: run(case=lambda inputs: inputs["cost"] * float("inf")),
            "The case comes to no finite number for some draw; give inputs that it always can take.",
        ),
        (
            lambda: run(correlation={("cost", "rent"): 0.5}),
            "rent: it has a correlation but is no uncertain input; name one of those.",
        ),
        (
            lambda: run(case=YearlyCase(0, [Term([1], ("rent",))])),
            "rent: the case uses it, but it is no input; name one of saving, cost.",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said
