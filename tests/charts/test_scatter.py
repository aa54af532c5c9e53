"""Dots and their names: where they stand, and that no name covers another."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ssoplanner.charts.scatter import BOTTOM, LEFT, LETTER, LINE, RIGHT, TOP, Dot, PlacedDot, scatter

VALUES = st.floats(1, 5)
DOTS = st.lists(st.builds(Dot, key=st.just("a"), label=st.text("abc ", min_size=1, max_size=20), x=VALUES, y=VALUES))


def box(dot: PlacedDot) -> tuple[float, float, float, float]:
    width = len(dot.label) * LETTER
    left = dot.label_x - {"start": 0, "middle": width / 2, "end": width}[dot.anchor]
    return left, dot.label_y - LINE * 0.8, left + width, dot.label_y + LINE * 0.2


def test_the_middle_is_where_the_axes_cross() -> None:
    drawn = scatter([Dot("a", "A", 3, 3), Dot("b", "B", 4, 2)], middle=3)
    first, second = drawn.dots
    assert (first.x, first.y) == (drawn.middle_x, drawn.middle_y)
    assert second.x > drawn.middle_x and second.y > drawn.middle_y  # down is more, in SVG
    assert [tick.value for tick in drawn.across][1] == 3


def test_a_name_stands_right_of_its_dot_or_where_there_is_room() -> None:
    right, left = scatter([Dot("a", "Name", 3, 4), Dot("b", "Name", 5, 2.6)], middle=3).dots
    assert (right.anchor, left.anchor) == ("start", "end")


def test_of_dots_in_one_place_the_first_are_named() -> None:
    drawn = scatter([Dot(str(number), "A name", 3.2, 3.2) for number in range(9)], middle=3).dots
    assert drawn[0].label
    assert not drawn[-1].label
    assert len({(dot.x, dot.y) for dot in drawn}) == 1


def test_without_dots_there_are_axes() -> None:
    drawn = scatter([], middle=3)
    assert drawn.dots == () and len(drawn.across) == len(drawn.up) == 3


@settings(max_examples=40, deadline=None)
@given(DOTS)
def test_dots_lie_within_the_drawing_and_names_meet_no_other(dots: list[Dot]) -> None:
    placed = scatter(dots, middle=3).dots
    assert all(LEFT <= dot.x <= RIGHT and TOP <= dot.y <= BOTTOM for dot in placed)
    boxes = [box(dot) for dot in placed if dot.label]
    for place, one in enumerate(boxes):
        assert one[0] >= LEFT - 0.1 and one[2] <= RIGHT + 0.1
        for other in boxes[:place]:
            apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            assert apart or min(one[2], other[2]) - max(one[0], other[0]) < 0.2 or overlap(one, other) < 0.2


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return min(one[3], other[3]) - max(one[1], other[1])
