"""Krippendorff's alpha, against the example that he worked out himself, and what must hold for any ratings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.agreement import LEVELS, krippendorff_alpha

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: four observers, twelve units.
PUBLISHED = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}
# The same paper, sections A and B: two observers, binary and nominal data without gaps.
BINARY = {"meg": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], "owen": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]}
NOMINAL = {"ben": list("aabbdcccedda"), "gerry": list("babbbccceddd")}

RATINGS = st.integers(2, 5).flatmap(
    lambda raters: st.integers(1, 8).flatmap(
        lambda units: st.lists(
            st.lists(st.none() | st.integers(1, 5), min_size=units, max_size=units), min_size=raters, max_size=raters
        )
    )
)


def alpha(rows: list[list[int | None]], level: str) -> float | None:
    return krippendorff_alpha(dict(enumerate(rows)), level)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_published_example_comes_out_on_every_level(level: str, published: float) -> None:
    assert krippendorff_alpha(PUBLISHED, level) == pytest.approx(published, abs=0.0005)


def test_the_published_examples_without_gaps_come_out_too() -> None:
    assert krippendorff_alpha(BINARY, "nominal") == pytest.approx(0.095, abs=0.0005)
    assert krippendorff_alpha(NOMINAL, "nominal") == pytest.approx(0.692, abs=0.0005)


@given(RATINGS, st.sampled_from(list(LEVELS)))
def test_it_never_exceeds_one_and_is_one_only_if_all_agree(rows: list[list[int | None]], level: str) -> None:
    found = alpha(rows, level)
    columns = [{value for value in column if value is not None} for column in zip(*rows, strict=True)]

    assert found is None or found <= 1
    if found == 1:
        pairs = [column for column, whole in zip(columns, zip(*rows, strict=True), strict=True) if len(whole) > 1]
        assert all(len(column) <= 1 for column in pairs)


@given(RATINGS, st.sampled_from(list(LEVELS)), st.randoms())
def test_the_order_of_raters_and_of_units_does_not_matter(rows: list[list[int | None]], level: str, chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = [list(row) for row in zip(*sorted(zip(*rows, strict=True), key=lambda _: chance.random()), strict=True)]
    chance.shuffle(shuffled)

    assert alpha(shuffled, level) == alpha(rows, level)


@given(RATINGS)
def test_on_the_ordinal_level_only_the_order_of_the_values_counts(rows: list[list[int | None]]) -> None:
    stretched = [[None if value is None else value**3 for value in row] for row in rows]

    assert alpha(stretched, "ordinal") == alpha(rows, "ordinal")


@pytest.mark.parametrize("ratings", [{}, {"a": [1, 2]}, {"a": [1, None], "b": [None, 2]}, {"a": [3, 3], "b": [3, 3]}])
def test_where_nothing_can_be_said_there_is_no_figure(ratings: dict[str, list[int | None]]) -> None:
    assert krippendorff_alpha(ratings, "ordinal") is None


@pytest.mark.parametrize(
    ("ratings", "level", "words"),
    [
        ({"a": [1], "b": [1, 2]}, "nominal", "for each unit"),
        (PUBLISHED, "cardinal", "choose one of nominal, ordinal, interval, ratio"),
        ({"a": [-1, 2], "b": [1, 2]}, "ratio", "below zero"),
    ],
)
def test_what_is_no_rating_is_refused(ratings: dict[str, list[int | None]], level: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        krippendorff_alpha(ratings, level)
