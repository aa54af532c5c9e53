"""What is not known exactly: an input as a distribution, in its own unit.

- Pert: from low to high and most likely at `likely`, as a beta distribution with mean (low + 4 likely + high) / 6.
- Triangular: from low to high in a straight line up to `likely` and down again.
- Normal: with a mean and a standard deviation; it has no bounds.
- Fixed: known.

Each gives its value for a share of the cases that are below it (`quantile`), and its `curve`: the value for a number
that is drawn from the standard normal distribution, which is how inputs are drawn that depend on each other. For Pert
and Triangular the curve is a table of STEPS lines from -REACH to REACH standard deviations, within 1e-6 of high - low.

Refused, with ValueError that names the input: what is no finite number; low, likely and high out of order; high not
above low, and a standard deviation not above zero, for which there is Fixed.

Source: D. G. Malcolm et al., Application of a technique for research and development program evaluation, Operations
Research 7 (1959), with the beta distribution of D. Vose, Risk Analysis (2008): 1 + 4 (likely - low) / (high - low), and
1 + 4 (high - likely) / (high - low).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from design.calc.amounts import check_number
from ssoplanner.calc.rounding import Figure

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]
    Curve = Callable[[Vector], Vector]

LAMBDA = 4  # how much the most likely value weighs in a Pert beside the two ends
REACH = 8  # beyond it lies one draw in 10^15
STEPS = 4096


@dataclass(frozen=True, slots=True)
class Pert:
    """From `low` to `high`, most likely near `likely`."""

    low: Figure
    likely: Figure
    high: Figure

    def check(self, name: str) -> None:
        """Raises ValueError for what the module refuses."""
        _check_order(name, self.low, self.likely, self.high)

    def quantile(self, shares: Vector) -> Vector:
        """The value below which each share, 0 to 1, of the cases lies."""
        from scipy.special import betaincinv

        low, likely, high = float(self.low), float(self.likely), float(self.high)
        up, down = LAMBDA * (likely - low) / (high - low), LAMBDA * (high - likely) / (high - low)
        found: Vector = low + (high - low) * betaincinv(1 + up, 1 + down, shares)
        return found

    def curve(self) -> Curve:
        """Value by standard normal number."""
        mirrored = Pert(-float(self.high), -float(self.likely), -float(self.low))
        return _table(self.quantile, mirrored.quantile)


@dataclass(frozen=True, slots=True)
class Triangular:
    """From `low` to `high`, most likely at `likely`."""

    low: Figure
    likely: Figure
    high: Figure

    def check(self, name: str) -> None:
        """Raises ValueError for what the module refuses."""
        _check_order(name, self.low, self.likely, self.high)

    def quantile(self, shares: Vector) -> Vector:
        """The value below which each share, 0 to 1, of the cases lies."""
        import numpy as np

        low, likely, high = float(self.low), float(self.likely), float(self.high)
        rising = low + np.sqrt(shares * (high - low) * (likely - low))
        falling = high - np.sqrt((1 - shares) * (high - low) * (high - likely))
        return np.where(shares * (high - low) < likely - low, rising, falling)

    def curve(self) -> Curve:
        """Value by standard normal number."""
        mirrored = Triangular(-float(self.high), -float(self.likely), -float(self.low))
        return _table(self.quantile, mirrored.quantile)


@dataclass(frozen=True, slots=True)
class Normal:
    """Around `mean`, two thirds of the cases within one `deviation`."""

    mean: Figure
    deviation: Figure

    def check(self, name: str) -> None:
        """Raises ValueError for what the module refuses."""
        _finite(f"{name}: its mean", self.mean)
        if _finite(f"{name}: its standard deviation", self.deviation) <= 0:
            raise ValueError(
                f"{name}: its standard deviation must be above zero, not {self.deviation}; give a known value as fixed."
            )

    def quantile(self, shares: Vector) -> Vector:
        """The value below which each share, 0 to 1, of the cases lies."""
        from scipy.special import ndtri

        return self.curve()(ndtri(shares))

    def curve(self) -> Curve:
        """Value by standard normal number."""
        mean, deviation = float(self.mean), float(self.deviation)
        return lambda drawn: mean + deviation * drawn


@dataclass(frozen=True, slots=True)
class Fixed:
    """Known."""

    value: Figure

    def check(self, name: str) -> None:
        """Raises ValueError for what the module refuses."""
        _finite(f"{name}: its value", self.value)

    def quantile(self, shares: Vector) -> Vector:
        """The value, whatever the share."""
        import numpy as np

        return np.full_like(shares, float(self.value))

    def curve(self) -> Curve:
        """The value, whatever is drawn."""
        return self.quantile


Input = Pert | Triangular | Normal | Fixed


def _table(quantile: Curve, mirrored: Curve) -> Curve:
    """The curve in straight lines. Shares above one half come from the mirrored input: near 1 they have few digits."""
    import numpy as np
    from scipy.special import ndtr

    shares = ndtr(-np.linspace(0, REACH, STEPS // 2 + 1))
    at = np.concatenate([quantile(shares)[:0:-1], -mirrored(shares)])
    slope = np.append(np.diff(at), 0)
    per_step = STEPS / (2 * REACH)

    def value(drawn: Vector) -> Vector:
        place = drawn * per_step
        place += STEPS / 2
        np.clip(place, 0, STEPS, out=place)
        below = place.astype(np.int32)
        place -= below
        place *= slope[below]
        place += at[below]
        return place

    return value


def _check_order(name: str, low: Figure, likely: Figure, high: Figure) -> None:
    for what, figure in (("low", low), ("likely", likely), ("high", high)):
        _finite(f"{name}: its {what} value", figure)
    if not float(low) <= float(likely) <= float(high):
        raise ValueError(f"{name}: low, likely and high must be in this order, not {low}, {likely} and {high}.")
    if not float(low) < float(high):
        raise ValueError(f"{name}: its high value must be above the low one, {low}; give a known value as fixed.")


def _finite(what: str, figure: Figure) -> float:
    check_number(what, figure)
    try:
        found = float(figure)
    except OverflowError:
        found = math.inf
    if abs(found) > 1e150:  # so that products of two, and their squares, are numbers still
        raise ValueError(f"{what} is too large; give a number below 1e150.")
    return found
