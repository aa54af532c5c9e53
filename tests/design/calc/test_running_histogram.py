"""The histogram of figures that are not kept, against all of them."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.running_histogram import BARS, BINS, RunningHistogram
from tests.design.calc.strategies import some

figures = st.floats(-1e12, 1e12).filter(lambda one: one == 0 or abs(one) > 1e-6)
some_figures = st.lists(figures, min_size=1, max_size=60)


def of(*parts: Any) -> RunningHistogram:
    found = RunningHistogram()
    for part in parts:
        found.add(np.array(part, dtype=float))
    return found


@some
@given(some_figures, st.floats(0, 1))
def test_quantiles_are_a_bin_off_at_most(values: list[float], share: float) -> None:
    found = of(values)

    assert abs(found.quantile(share) - np.quantile(values, share, method="inverted_cdf")) <= found.width
    least = max(map(abs, values)) * 2.0**-46
    assert found.width <= max(2 * (max(values) - min(values)) / (BINS - 1), least, 1e-300)


@some
@given(some_figures, some_figures, some_figures)
def test_neither_the_order_nor_the_parts_make_a_difference(first: Any, then: Any, last: Any) -> None:
    one, other = of(first, then, last), of(first, *([value] for value in reversed(then + last)))

    assert one.width == other.width
    assert one.bars() == other.bars()
    assert [one.quantile(tenth / 10) for tenth in range(11)] == [other.quantile(tenth / 10) for tenth in range(11)]


@some
@given(some_figures, some_figures)
def test_bars_count_every_figure_where_it_lies(first: Any, then: Any) -> None:
    edges, counts = of(first, then).bars()
    values = np.array(first + then)

    assert len(edges) == len(counts) + 1 <= BARS + 1
    assert counts[0] and counts[-1]
    assert counts == [int(((low <= values) & (values < high)).sum()) for low, high in pairwise(edges)]


def test_bars_are_as_many_as_there_may_be_and_begin_at_a_whole_number_of_widths() -> None:
    # By hand: bars of 16 are enough for 1,024 whole numbers, and for more they are of 32.
    edges, counts = of(range(64, 64 + 64 * 16)).bars()
    assert (edges[0], edges[1], edges[-1], counts) == (64, 80, 1088, [16] * 64)
    edges, counts = of(range(-80, 65 * 16)).bars()
    assert (edges[0], edges[1], edges[-1], counts) == (-96, -64, 1056, [16, *[32] * 34, 16])
    edges, counts = of(range(64, 64 + 64 * 16 + 1)).bars()
    assert (edges[0], edges[1], edges[-1], counts) == (64, 96, 1120, [*[32] * 32, 1])


def test_figures_that_are_all_the_same_have_one_bar() -> None:
    found = of([1234.5] * 10, [1234.5])
    assert found.bars()[1] == [11]
    assert found.quantile(0.5) == pytest.approx(1234.5, rel=1e-12)
    assert of([0.0]).quantile(0.5) == pytest.approx(0, abs=1e-300)


def test_memory_does_not_grow() -> None:
    found, part = RunningHistogram(), np.random.default_rng(1).standard_normal(1_000)
    for scale in (1, 10):
        found.add(part * scale)
    tracemalloc.start()
    for scale in range(50):
        found.add(part * scale)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 600_000
