"""Inputs that depend on each other: the factor that makes independent normal numbers correlated ones.

Correlations are those of the standard normal numbers behind the inputs (a Gaussian copula); the rank correlation of the
inputs themselves is 6 / pi x asin(correlation / 2), up to 0.018 nearer to zero. Pairs that are not named have none.

Refused, with ValueError: a correlation that is no number from -1 to 1; a pair of one input, or of one that is not
uncertain; a pair that is named twice with different figures; correlations that cannot all hold at once. For these the
pair is named that needs the least change while the others stay. None is changed to the nearest that can hold.

Source: R. B. Nelsen, An Introduction to Copulas (2006); the range of one correlation given the others: T. W. Anderson,
An Introduction to Multivariate Statistical Analysis, on partial correlation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from design.calc.amounts import check_number
from ssoplanner.calc.rounding import Figure

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, np.dtype[np.float64]]

Pairs = Mapping[tuple[str, str], Figure]
TOLERANCE = 1e-9  # of eigenvalues: correlations come with a few decimals


def factor(names: Sequence[str], pairs: Pairs) -> Matrix:
    """The lower triangle L with L L' the correlations of `names`. Raises ValueError for what the module refuses."""
    return _triangle(_checked(names, _matrix(names, pairs)))


def _matrix(names: Sequence[str], pairs: Pairs) -> Matrix:
    import numpy as np

    place = {name: at for at, name in enumerate(names)}
    found = np.eye(len(names))
    seen: dict[frozenset[str], Figure] = {}
    for (one, other), figure in pairs.items():
        for name in (one, other):
            if name not in place:
                raise ValueError(f"{name}: it has a correlation but is no uncertain input; name one of those.")
        if one == other:
            raise ValueError(f"{one}: its correlation with itself is always 1; name two inputs.")
        check_number(f"{one} and {other}: their correlation", figure)
        if not -1 <= figure <= 1:
            raise ValueError(f"{one} and {other}: their correlation must lie between -1 and 1, not at {figure}.")
        if seen.setdefault(frozenset((one, other)), figure) != figure:
            raise ValueError(f"{one} and {other}: they have two correlations; give one.")
        found[place[one], place[other]] = found[place[other], place[one]] = float(figure)
    return found


def _checked(names: Sequence[str], matrix: Matrix) -> Matrix:
    import numpy as np

    if not len(matrix) or np.linalg.eigvalsh(matrix)[0] >= -TOLERANCE:
        return matrix
    pairs = [(int(one), int(other)) for one, other in np.argwhere(np.triu(matrix, 1))]
    spans = {pair: span for pair in pairs if (span := _range(matrix, *pair))}
    if not spans:
        one, other = max(pairs, key=lambda pair: abs(matrix[pair]))
        raise ValueError(
            f"{names[one]} and {names[other]}: their correlation of {matrix[one, other]:g} cannot hold with the "
            f"others, nor can these with each other; bring some of them nearer to zero."
        )
    one, other = min(spans, key=lambda pair: round(_beyond(float(matrix[pair]), *spans[pair]), 9))
    low, high = spans[one, other]
    raise ValueError(
        f"{names[one]} and {names[other]}: their correlation of {matrix[one, other]:g} cannot hold with the others; "
        f"give one between {low:.2f} and {high:.2f}, or change another."
    )


def _beyond(figure: float, low: float, high: float) -> float:
    """How far it lies outside."""
    return max(low - figure, figure - high)


def _range(matrix: Matrix, one: int, other: int) -> tuple[float, float] | None:
    """From where to where this correlation may go while the others stay, rounded inwards; None if nowhere."""
    import numpy as np

    rest = [at for at in range(len(matrix)) if at not in (one, other)]
    both = matrix[np.ix_([one, other], rest)]
    explained = both @ np.linalg.pinv(matrix[np.ix_(rest, rest)]) @ both.T
    left = np.clip(1 - np.diag(explained), 0, None)
    width = math.sqrt(left[0] * left[1])
    low = math.ceil((explained[0, 1] - width) * 100 - 1e-6) / 100
    high = math.floor((explained[0, 1] + width) * 100 + 1e-6) / 100
    if low > high or not all(_holds(matrix, one, other, end) for end in (low, high)):
        return None
    return low, high


def _holds(matrix: Matrix, one: int, other: int, figure: float) -> bool:
    import numpy as np

    changed = matrix.copy()
    changed[one, other] = changed[other, one] = figure
    return bool(np.linalg.eigvalsh(changed)[0] >= -TOLERANCE)


def _triangle(matrix: Matrix) -> Matrix:
    """Cholesky's factor, which here may have zeros on the diagonal: an input that follows from those before it."""
    import numpy as np

    found = np.zeros_like(matrix)
    for at in range(len(matrix)):
        rest = matrix[at:, at] - found[at:, :at] @ found[at, :at]
        if rest[0] > TOLERANCE:
            found[at:, at] = rest / math.sqrt(rest[0])
    return found
