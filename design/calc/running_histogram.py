"""A histogram of figures that come in parts and are not kept: quantiles and bars in memory that does not grow.

Bins are as wide as a power of two, and as narrow as BINS of them allow from the smallest figure to the largest. Where a
figure falls outside, pairs of bins are joined until it fits. So the bins, and every result, depend on the figures alone
and not on the order or the parts in which they came. Quantiles are within `width`, one bin, of those of the figures
themselves: at most 2 / (BINS - 1) of the distance from the smallest to the largest, or the largest / 2^(DIGITS - 1).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

BINS = 65_536  # half a megabyte
BARS = 64
DIGITS = 48  # bins are never narrower than the largest figure / 2^DIGITS: a float has no more to tell


class RunningHistogram:
    """Takes parts by `add`; what it then tells counts all of them."""

    def __init__(self) -> None:
        import numpy as np

        self._counts = np.zeros(BINS, dtype=np.int64)
        self._first = 0  # of the bins, counted in widths from zero
        self._power = -1000  # the width is 2 to it; for figures that are all zero

    @property
    def width(self) -> float:
        """Of one bin, in the unit of the figures."""
        return math.ldexp(1.0, self._power)

    def add(self, part: Vector) -> None:
        """Count these finite figures, one or more."""
        import numpy as np

        self._make_room(float(part.min()), float(part.max()))
        places = np.floor(part / self.width).astype(np.int64) - self._first
        found = np.bincount(places)
        self._counts[: len(found)] += found

    def quantile(self, share: float) -> float:
        """The figure below which this share, 0 to 1, of all lies."""
        import numpy as np

        below = np.cumsum(self._counts)
        wanted = max(share * below[-1], 1)
        at = int(np.searchsorted(below, wanted))
        part = (wanted - (below[at] - self._counts[at])) / self._counts[at]
        return float(self._first + at + part) * self.width

    def bars(self) -> tuple[list[float], list[int]]:
        """Edges and counts of up to BARS bars of the same width, none empty at either end."""
        import numpy as np

        used = np.flatnonzero(self._counts)
        low, high = self._first + int(used[0]), self._first + int(used[-1])
        joined = 0
        while (high >> joined) - (low >> joined) >= BARS:
            joined += 1
        counts = np.bincount((self._first + used >> joined) - (low >> joined), weights=self._counts[used])
        edges = [math.ldexp((low >> joined) + at, joined) * self.width for at in range(len(counts) + 1)]
        return edges, [int(count) for count in counts]

    def _make_room(self, low: float, high: float) -> None:
        """Bins as wide as it takes to hold what is counted and figures from `low` to `high`, from the lowest on."""
        import numpy as np

        used = np.flatnonzero(self._counts) + self._first
        power = max(self._power, math.frexp(max(abs(low), abs(high)) or 1e-300)[1] - DIGITS)
        while True:
            places = [math.floor(math.ldexp(end, -power)) for end in (low, high)]
            places += [int(end) >> power - self._power for end in used[[0, -1][: len(used)]]]
            if max(places) - min(places) < BINS:
                break
            power += 1
        if power > self._power or min(places) < self._first or max(places) >= self._first + BINS:
            counts = self._counts[used - self._first]
            moved = (used >> power - self._power) - min(places)
            self._counts = np.bincount(moved, weights=counts, minlength=BINS).astype(np.int64)
            self._first, self._power = min(places), power
