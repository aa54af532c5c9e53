"""How sure is a business case: its net present value over many draws of what is not known exactly.

Each draw gives every input a value, the case makes of them a net present value, and the result tells how these spread:
the values that 10, 50 and 90 % of draws stay below, the mean, the chance of more than zero, a histogram, and which
input moves it most. All in the unit of the case, which is any function of the inputs, such as a `yearly_case`.

- The swing of an input: the case at its own 10th and 90th percentile, all others at their median.
- Its share of the variance: the square of its rank correlation with the case, of the sum of these squares. Taken from
  the first SAMPLE draws, which puts a correlation within about 0.01 in 19 cases of 20. Inputs that are correlated with
  each other share what they have in common.

Memory does not grow with the draws: they come and go in blocks of BLOCK, and only counts in fine bins are kept. So the
percentiles are within `resolution` of those of the draws, at most 1/32,768 of the distance from the least to the
greatest; mean, chance and counts are exact. The same seed gives the same result, and a longer run begins with the draws
of a shorter one: each block has its own counter of the Philox generator.

Refused, with ValueError: what `uncertain_inputs` and `correlated` refuse; no input; a case that gives not one finite
figure for each draw; draws outside LEAST to MOST; a seed that is no whole number from 0 to 2^64 - 1.

Source: OMB Circular A-94, section 9, on uncertainty; J. K. Salmon et al., Parallel random numbers (2011), for Philox;
the shares as in A. Saltelli et al., Sensitivity Analysis in Practice (2004), on ranks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from design.calc.correlated import Pairs, factor
from design.calc.running_histogram import RunningHistogram
from design.calc.uncertain_inputs import Fixed, Input

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

Case = Callable[[Mapping[str, "Vector"]], "Vector"]
Progress = Callable[[int, int], object]
LEAST, MOST = 1_000, 10_000_000  # draws
BLOCK = 8_192  # draws; a dozen inputs of so many stay within a processor's own memory
SAMPLE = 4 * BLOCK


@dataclass(frozen=True, slots=True)
class Driver:
    """What one input does to the case: its value at the input's 10th and 90th percentile, and how they go together."""

    name: str
    at_p10: float
    at_p90: float
    rank_correlation: float
    share_of_variance: float


@dataclass(frozen=True)
class Spread:
    """How the case spreads; `counts` has one bar between each two `edges`, `drivers` come by their swing."""

    draws: int
    mean: float
    deviation: float
    p10: float
    p50: float
    p90: float
    resolution: float
    chance_above_zero: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    drivers: tuple[Driver, ...]


def simulate(
    inputs: Mapping[str, Input],
    case: Case,
    draws: int = 100_000,
    *,
    seed: int,
    correlation: Pairs | None = None,
    progress: Progress | None = None,
) -> Spread:
    """The spread of `case` over `draws` of `inputs`. Raises ValueError for what the module refuses.

    `correlation`: pair of inputs -> -1 to 1. `progress` is told how many draws are done, and of how many.
    """
    _check_run(inputs, draws, seed)
    drawn = _Draws(inputs, seed, correlation or {})
    moments, histogram, above = _Moments(), RunningHistogram(), 0
    sample: list[tuple[Vector, Vector]] = []
    for start in range(0, draws, BLOCK):
        normals, values = drawn.block(start // BLOCK, min(BLOCK, draws - start))
        found = _worth(case, values)
        moments.add(found)
        histogram.add(found)
        above += int((found > 0).sum())
        if start < SAMPLE:
            sample.append((normals, found))
        if progress:
            progress(start + len(found), draws)
    edges, counts = histogram.bars()
    return Spread(
        draws=draws,
        mean=moments.mean,
        deviation=math.sqrt(moments.squares / draws),
        p10=histogram.quantile(0.1),
        p50=histogram.quantile(0.5),
        p90=histogram.quantile(0.9),
        resolution=histogram.width,
        chance_above_zero=above / draws,
        edges=tuple(edges),
        counts=tuple(counts),
        drivers=_drivers(inputs, drawn.names, case, sample),
    )


class _Draws:
    """The draws by block; `names` are the uncertain inputs, one row each of the normal numbers behind a block."""

    def __init__(self, inputs: Mapping[str, Input], seed: int, correlation: Pairs) -> None:
        self.names = [name for name, one in inputs.items() if not isinstance(one, Fixed)]
        self._fixed = {name: float(one.value) for name, one in inputs.items() if isinstance(one, Fixed)}
        self._curves = [inputs[name].curve() for name in self.names]
        self._factor = factor(self.names, correlation) if correlation else None
        self._seed = seed

    def block(self, at: int, size: int) -> tuple[Vector, dict[str, Vector]]:
        import numpy as np

        # The highest quarter of the counter is the block's; the generator itself counts in the lowest.
        source = np.random.Generator(np.random.Philox(key=self._seed, counter=at << 192))
        normals: Vector = source.standard_normal((len(self.names), BLOCK))[:, :size]
        if self._factor is not None:
            normals = self._factor @ normals
        values = {name: curve(row) for name, curve, row in zip(self.names, self._curves, normals, strict=True)}
        return normals, values | {name: np.full(size, value) for name, value in self._fixed.items()}


class _Moments:
    """Mean and squared deviations of blocks, by T. F. Chan, G. H. Golub and R. J. LeVeque (1979)."""

    def __init__(self) -> None:
        self.count, self.mean, self.squares = 0, 0.0, 0.0

    def add(self, found: Vector) -> None:
        own, count = float(found.mean()), self.count + len(found)
        apart = own - self.mean
        self.squares += float(((found - own) ** 2).sum()) + apart * apart * self.count * len(found) / count
        self.mean += apart * len(found) / count
        self.count = count


def _check_run(inputs: Mapping[str, Input], draws: int, seed: int) -> None:
    if not inputs:
        raise ValueError("There is no input; give at least one.")
    for name, one in inputs.items():
        one.check(name)
    if isinstance(draws, bool) or not isinstance(draws, int) or not LEAST <= draws <= MOST:
        raise ValueError(f"The draws must be a whole number from {LEAST:,} to {MOST:,}, not {draws!r}.")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 1 << 64:
        raise ValueError(f"The seed must be a whole number from 0 to 2^64 - 1, not {seed!r}.")


def _worth(case: Case, values: Mapping[str, Vector]) -> Vector:
    import numpy as np

    found = np.asarray(case(values), dtype=float)
    if found.shape != np.shape(next(iter(values.values()))):
        raise ValueError(f"The case must give one figure for each draw, not {found.size} for a block of them.")
    if not np.isfinite(found).all():
        raise ValueError("The case comes to no finite number for some draw; give inputs that it always can take.")
    return found


def _drivers(
    inputs: Mapping[str, Input], names: Sequence[str], case: Case, sample: Sequence[tuple[Vector, Vector]]
) -> tuple[Driver, ...]:
    import numpy as np

    if not names:
        return ()
    # Two columns an input: the medians, but its own percentiles.
    values = {name: np.repeat(one.quantile(np.array([0.5])), 2 * len(names)) for name, one in inputs.items()}
    for at, name in enumerate(names):
        values[name][2 * at : 2 * at + 2] = inputs[name].quantile(np.array([0.1, 0.9]))
    swings = _worth(case, values).reshape(-1, 2).tolist()
    worth = _ranks(np.concatenate([found for _, found in sample]))
    rows = np.concatenate([normals for normals, _ in sample], axis=1)
    related = [_correlation(_ranks(row), worth) for row in rows]
    squares = math.fsum(one * one for one in related) or 1.0
    found = [
        Driver(name, low, high, one, one * one / squares)
        for name, (low, high), one in zip(names, swings, related, strict=True)
    ]
    return tuple(sorted(found, key=lambda driver: -abs(driver.at_p90 - driver.at_p10)))


def _ranks(values: Vector) -> Vector:
    """Their places in order, less the mean place; equal values share theirs."""
    import numpy as np

    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Vector = (ends - (counts - 1) / 2)[places]
    return ranks - ranks.mean()


def _correlation(one: Vector, other: Vector) -> float:
    size = math.sqrt(float(one @ one) * float(other @ other))
    return float(one @ other) / size if size else 0.0
