"""Correlations: the factor gives them back, and those that cannot hold at once are refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.calc.correlated import factor
from tests.design.calc.strategies import some


@st.composite
def correlations(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    """Valid ones: those of any mixes of independent numbers; if these are few, some mixes follow from others."""
    inputs, sources = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    weights = draw(st.lists(st.integers(-3, 3), min_size=inputs * sources, max_size=inputs * sources))
    mixes = np.array(weights, dtype=float).reshape(inputs, sources)
    mixes[:, 0] += (mixes == 0).all(axis=1)
    mixes /= np.sqrt((mixes**2).sum(axis=1, keepdims=True))
    return np.clip(mixes @ mixes.T, -1, 1)


def named(matrix: np.ndarray[Any, Any]) -> tuple[list[str], dict[tuple[str, str], float]]:
    names = [chr(ord("a") + at) for at in range(len(matrix))]
    return names, {(names[i], names[j]): float(matrix[i, j]) for i in range(len(matrix)) for j in range(i)}


@some
@given(correlations())
def test_the_factor_times_itself_gives_the_correlations(matrix: np.ndarray[Any, Any]) -> None:
    found = factor(*named(matrix))

    assert found @ found.T == pytest.approx(matrix, abs=1e-4)
    assert (np.triu(found, 1) == 0).all()


def test_pairs_that_are_not_named_have_none() -> None:
    assert factor(["a", "b", "c"], {("c", "a"): 0.6}).tolist() == pytest.approx(
        np.array([[1, 0, 0], [0, 1, 0], [0.6, 0, 0.8]])
    )
    assert factor(["a", "b"], {}).tolist() == [[1, 0], [0, 1]]
    assert factor([], {}).shape == (0, 0)


def test_inputs_may_move_as_one() -> None:
    assert factor(["a", "b"], {("a", "b"): -1, ("b", "a"): -1}).tolist() == [[1, 0], [-1, 0]]


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ({("a", "x"): 0.5}, "x: it has a correlation but is no uncertain input; name one of those."),
        ({("a", "a"): 1}, "a: its correlation with itself is always 1; name two inputs."),
        ({("a", "b"): 1.5}, "a and b: their correlation must lie between -1 and 1, not at 1.5."),
        ({("a", "b"): float("nan")}, "a and b: their correlation must be a finite number, not nan."),
        ({("a", "b"): "0.5"}, "a and b: their correlation must be a number, not '0.5'."),
        ({("a", "b"): 0.5, ("b", "a"): 0.4}, "b and a: they have two correlations; give one."),
        (
            # By hand: 0 x 0.5 less and plus sqrt((1 - 0) (1 - 0.25)); b and c would have to go down by 0.07.
            {("a", "b"): 0.9, ("b", "c"): 0.5, ("a", "c"): 0},
            "a and b: their correlation of 0.9 cannot hold with the others; give one between -0.86 and 0.86, or change "
            "another.",
        ),
        (
            {("a", "b"): -1, ("b", "c"): -1, ("a", "c"): -1},
            "a and b: their correlation of -1 cannot hold with the others; give one between 1.00 and 1.00, or change "
            "another.",
        ),
        (
            {(one, other): -0.9 for one, other in ["ab", "ac", "ad", "bc", "bd", "cd"]},
            "a and b: their correlation of -0.9 cannot hold with the others, nor can these with each other; bring some "
            "of them nearer to zero.",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(pairs: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        factor(["a", "b", "c", "d"], pairs)
    assert str(caught.value) == said


def refusal(pairs: dict[tuple[str, str], float]) -> str:
    """Why these cannot hold; empty if they can."""
    try:
        factor("abcd", pairs)
    except ValueError as refused:
        return str(refused)
    return ""


@some
@given(st.lists(st.integers(-10, 10), min_size=6, max_size=6))
def test_a_correlation_that_is_offered_instead_is_one_that_holds(tenths: list[int]) -> None:
    keys = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]
    pairs = dict(zip(keys, (tenth / 10 for tenth in tenths), strict=True))

    said = refusal(pairs)
    if "give one between" in said:
        low, high = said.split("between ")[1].split(", or")[0].split(" and ")
        assert [refusal(pairs | {(said[0], said[6]): float(end)}) for end in (low, high)] == ["", ""]
