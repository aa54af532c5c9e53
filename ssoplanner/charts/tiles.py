"""A map of nested tiles: where each panel and each tile stands, and how its name is broken into lines.

What has nothing below it that is shown is a tile; the rest are panels with a head and, below it, what they hold, in as
many columns as fit. Those of one row begin at one height. Units are those of the drawing's own box, `WIDTH` wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

WIDTH = 960
GAP, PADDING = 8, 8
HEAD = 38
TILE_HEIGHT = 46
NARROWEST = 210  # a tile
PANEL = 226  # a panel of tiles
LETTER, LINE = 6.9, 16  # a letter's mean width and a line's height, at the size of the names
FIGURE = 66  # at the right of a tile or head, for its figure


@dataclass(frozen=True)
class Box:
    """What is to be drawn: a key for the caller, a name, and what is shown below it."""

    key: int
    label: str
    boxes: Sequence[Box] = ()


@dataclass(frozen=True)
class Placed:
    """A panel or tile. `lines` are (text, its baseline); the figure stands at `figure_x`, on `middle`."""

    key: int
    is_tile: bool
    level: int
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[str, float], ...]
    middle: float

    @property
    def text_x(self) -> float:
        return self.x + PADDING + 2

    @property
    def figure_x(self) -> float:
        return self.x + self.width - PADDING - 2


@dataclass(frozen=True)
class Tiles:
    """Panels stand before what they hold."""

    width: float
    height: float
    placed: tuple[Placed, ...]


@dataclass
class _Pen:
    placed: list[Placed] = field(default_factory=list)


def tiles(boxes: Sequence[Box]) -> Tiles:
    """The map of these boxes."""
    pen = _Pen()
    bottom = _rows(pen, boxes, 0, 0, WIDTH, 1)
    return Tiles(WIDTH, max(bottom, TILE_HEIGHT), tuple(pen.placed))


def _rows(pen: _Pen, boxes: Sequence[Box], x: float, y: float, width: float, level: int) -> float:
    """Draw them in rows, and say where the last one ends."""
    if not boxes:
        return y
    narrowest = max(_narrowest(box) for box in boxes)
    columns = max(1, min(len(boxes), int((width + GAP) // (narrowest + GAP))))
    own = (width - GAP * (columns - 1)) / columns
    for start in range(0, len(boxes), columns):
        row = boxes[start : start + columns]
        heights = [_height(box, own) for box in row]
        for place, box in enumerate(row):
            _draw(pen, box, x + place * (own + GAP), y, own, max(heights), level)
        y += max(heights) + GAP
    return y - GAP


def _narrowest(box: Box) -> float:
    if not box.boxes:
        return NARROWEST
    return PANEL if all(not below.boxes for below in box.boxes) else WIDTH


def _height(box: Box, width: float) -> float:
    if not box.boxes:
        return TILE_HEIGHT
    return HEAD + _rows(_Pen(), box.boxes, 0, 0, width - 2 * PADDING, 1) + PADDING


def _draw(pen: _Pen, box: Box, x: float, y: float, width: float, height: float, level: int) -> None:
    is_tile = not box.boxes
    tall = TILE_HEIGHT if is_tile else HEAD
    middle = y + (TILE_HEIGHT if is_tile else HEAD) / 2
    lines = tuple(_lines(box.label, width, middle))
    # A tile keeps its own height beside a taller panel: its colour is no measure of anything.
    pen.placed.append(Placed(box.key, is_tile, level, x, y, width, tall if is_tile else height, lines, middle))
    if not is_tile:
        _rows(pen, box.boxes, x + PADDING, y + HEAD, width - 2 * PADDING, level + 1)


def _lines(label: str, width: float, middle: float) -> Iterator[tuple[str, float]]:
    """The name in one line or two, around the middle; what does not fit ends in an ellipsis."""
    fits = max(4, int((width - FIGURE - 2 * PADDING) / LETTER))
    words = list(_broken(label, fits))
    first = middle + LINE * 0.3 - (LINE / 2 if len(words) > 1 else 0)
    for number, text in enumerate(words):
        yield text, round(first + number * LINE, 1)


def _broken(label: str, fits: int) -> Iterator[str]:
    if len(label) <= fits:
        yield label
        return
    at = label.rfind(" ", 0, fits + 1)
    at = at if at > 0 else fits
    yield label[:at].rstrip()
    rest = label[at:].strip()
    yield rest if len(rest) <= fits else f"{rest[: fits - 1].rstrip()}…"
