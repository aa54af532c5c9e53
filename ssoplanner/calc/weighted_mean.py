"""The mean of values by their weights.

Sum of value x weight over the sum of weights, in the values' unit. A value of None is unknown: it and its weight are
left out, so that a gap pulls the mean neither up nor down. Refused: a weight below zero.
"""

from collections.abc import Iterable


def weighted_mean(pairs: Iterable[tuple[float | None, float]]) -> float | None:
    """The mean of (value, weight) pairs, or None where no known value has weight. Raises ValueError below zero."""
    known = [(value, weight) for value, weight in pairs if value is not None]
    if any(weight < 0 for _, weight in known):
        raise ValueError("a weight is below zero")
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None
