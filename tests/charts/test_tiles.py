"""The map of tiles: nothing lies over anything else, and every name can be read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.charts.tiles import FIGURE, LETTER, WIDTH, Box, Placed, tiles


def test_one_level_is_a_grid_of_tiles() -> None:
    drawn = tiles([Box(pk, f"Area {pk}") for pk in range(9)])
    assert [one.key for one in drawn.placed] == list(range(9))
    assert len({one.x for one in drawn.placed}) == 4
    assert all(one.is_tile for one in drawn.placed)


def test_a_panel_stands_before_what_it_holds_and_around_it() -> None:
    drawn = tiles([Box(1, "IT", [Box(2, "Operations", [Box(3, "Service desk"), Box(4, "Hosting")])])])
    assert [(one.key, one.is_tile, one.level) for one in drawn.placed] == [
        (1, False, 1),
        (2, False, 2),
        (3, True, 3),
        (4, True, 3),
    ]
    by_key = {one.key: one for one in drawn.placed}
    assert is_inside(by_key[2], by_key[1]) and is_inside(by_key[3], by_key[2]) and is_inside(by_key[4], by_key[2])


def test_a_long_name_takes_two_lines_and_then_ends_in_an_ellipsis() -> None:
    drawn = tiles(
        [Box(pk, "Financial asset information processing of property, plant and equipment") for pk in range(4)]
    )
    texts = [text for text, _ in drawn.placed[0].lines]
    assert len(texts) == 2
    assert texts[1].endswith("…")
    assert all(len(text) * LETTER <= drawn.placed[0].width - FIGURE for text in texts)


def test_nothing_is_a_map_too() -> None:
    assert tiles([]).placed == ()


def is_inside(one: Placed, other: Placed) -> bool:
    return (
        other.x <= one.x
        and other.y <= one.y
        and one.x + one.width <= other.x + other.width + 0.01
        and one.y + one.height <= other.y + other.height + 0.01
    )


def meet(one: Placed, other: Placed) -> bool:
    return (
        one.x < other.x + other.width - 0.01
        and other.x < one.x + one.width - 0.01
        and one.y < other.y + other.height - 0.01
        and other.y < one.y + one.height - 0.01
    )


NAMES = st.text("abc de", min_size=1, max_size=60)
LEAVES = st.lists(NAMES, max_size=5)
TREES = st.lists(st.tuples(NAMES, st.lists(st.tuples(NAMES, LEAVES), max_size=4)), max_size=5)


@given(TREES)
def test_no_tile_lies_over_another_and_all_are_inside(tree: list[tuple[str, list[tuple[str, list[str]]]]]) -> None:
    boxes = [
        Box(0, name, [Box(0, group, [Box(0, leaf) for leaf in leaves]) for group, leaves in groups])
        for name, groups in tree
    ]
    drawn = tiles(boxes)
    lowest = [one for one in drawn.placed if one.is_tile]
    assert not any(meet(one, other) for at, one in enumerate(lowest) for other in lowest[at + 1 :])
    assert all(one.x >= 0 and one.x + one.width <= WIDTH + 0.01 for one in drawn.placed)
    assert all(one.y + one.height <= drawn.height + 0.01 for one in drawn.placed)
    assert all(1 <= len(one.lines) <= 2 for one in drawn.placed)
