"""What the benchmarks share: the time of a call, and a line of the report."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`what` was measured, the `figure` that came out with its unit, what is `wanted` of it, and whether it is `met`.

    A figure that is only reported wants nothing, and is met.
    """

    what: str
    figure: str
    wanted: str = ""
    met: bool = True


def best_of(times: int, call: Callable[[], object]) -> float:
    """The shortest of so many calls, in seconds: what the calculation takes when nothing else gets in its way."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def ratio(what: str, ours: float, theirs: float, wanted: float) -> Line:
    """How many times faster ours is, beside both times."""
    found = theirs / ours
    figure = f"{found:.1f} x ({readable(ours)} against {readable(theirs)})"
    return Line(what, figure, f"at least {wanted:g} x", found >= wanted)


def within(what: str, seconds: float, most: float) -> Line:
    """A time beside its limit."""
    return Line(what, readable(seconds), f"within {readable(most)}", seconds <= most)


def readable(seconds: float) -> str:
    """In the unit that people would use."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
