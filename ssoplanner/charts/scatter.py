"""Where the dots of a scatter stand, and beside each its name where there is room for it.

Both axes reach equally far on either side of `middle`, so that the four quarters are of one size and the dots fill the
drawing. Units are those of the drawing's own box, `WIDTH` x `HEIGHT`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 760, 560
LEFT, RIGHT, TOP, BOTTOM = 64, 748, 12, 508
RADIUS = 6
LETTER, LINE = 7.1, 16  # a letter's mean width and a line's height, at the size of the labels
GAP = 4  # between a dot and its name
HEAD = 28  # in each corner stands the name of the quarter
LEAST, ROOM = 0.4, 1.12  # the least reach of an axis, and how much farther it goes than the farthest dot


@dataclass(frozen=True)
class Dot:
    """Earlier ones get their names first."""

    key: str
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class PlacedDot:
    """`label` is empty where there is no room; `anchor` is start, middle or end, as in SVG."""

    key: str
    x: float
    y: float
    label: str
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class Tick:
    at: float
    value: float


@dataclass(frozen=True)
class Scatter:
    dots: tuple[PlacedDot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]

    @property
    def middle_x(self) -> float:
        return (LEFT + RIGHT) / 2

    @property
    def middle_y(self) -> float:
        return (TOP + BOTTOM) / 2


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    @property
    def is_inside(self) -> bool:
        return self.left >= LEFT and self.right <= RIGHT and self.top >= TOP and self.bottom <= BOTTOM


@dataclass(frozen=True)
class Place:
    """A place for a name beside its dot."""

    x: float
    y: float
    anchor: str
    box: Box


def scatter(dots: Sequence[Dot], middle: float) -> Scatter:
    """The drawing of these dots, around a point at which both axes cross in the middle."""
    across, up = (_reach([getattr(dot, axis) for dot in dots], middle) for axis in ("x", "y"))
    at = [(_x(dot.x, middle, across), _y(dot.y, middle, up)) for dot in dots]
    return Scatter(
        dots=tuple(_named(dots, at)),
        across=tuple(Tick(_x(value, middle, across), value) for value in _marks(middle, across)),
        up=tuple(Tick(_y(value, middle, up), value) for value in _marks(middle, up)),
    )


def _reach(values: Sequence[float], middle: float) -> float:
    return max([LEAST, *(abs(value - middle) * ROOM for value in values)])


def _marks(middle: float, reach: float) -> tuple[float, ...]:
    return middle - reach * 0.75, middle, middle + reach * 0.75


def _x(value: float, middle: float, reach: float) -> float:
    return round((LEFT + RIGHT) / 2 + (value - middle) / reach * (RIGHT - LEFT) / 2, 1)


def _y(value: float, middle: float, reach: float) -> float:
    return round((TOP + BOTTOM) / 2 - (value - middle) / reach * (BOTTOM - TOP) / 2, 1)


def _named(dots: Sequence[Dot], at: Sequence[tuple[float, float]]) -> Iterator[PlacedDot]:
    taken = [Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in at]
    taken += [Box(left, top, left + 150, top + HEAD) for left in (LEFT, RIGHT - 150) for top in (TOP, BOTTOM - HEAD)]
    for dot, (x, y) in zip(dots, at, strict=True):
        place = next((one for one in _places(dot.label, x, y) if _is_free(one.box, taken)), None)
        if place is None:
            yield PlacedDot(dot.key, x, y, "", x, y, "start")
            continue
        taken.append(place.box)
        yield PlacedDot(dot.key, x, y, dot.label, round(place.x, 1), round(place.y, 1), place.anchor)


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    return box.is_inside and not any(box.meets(other) for other in taken)


def _places(label: str, x: float, y: float) -> Iterator[Place]:
    """Right of the dot, left of it, above, below."""
    width, off, base = len(label) * LETTER, RADIUS + GAP, LINE * 0.3
    yield Place(x + off, y + base, "start", Box(x + off, y - LINE / 2, x + off + width, y + LINE / 2))
    yield Place(x - off, y + base, "end", Box(x - off - width, y - LINE / 2, x - off, y + LINE / 2))
    for middle in (y - off - LINE / 2, y + off + LINE / 2):
        box = Box(x - width / 2, middle - LINE / 2, x + width / 2, middle + LINE / 2)
        yield Place(x, middle + base, "middle", box)
