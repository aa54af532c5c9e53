"""Shares of a cost that falls with volume, volume^a with 0 < a < 1: the Shapley value for any number of users.

The cost of a group is (sum of its volumes)^a. A power is a mean of exponentials,

    V^a = a / Gamma(1 - a) x integral over s > 0 of (1 - e^(-sV)) s^(-1-a) ds

and for one exponential a user's share is a product, with x(j) = 1 - e^(-s v(j)),

    f(i, s) = x(i) x integral over 0 < t < 1 of the product over the others j of (1 - t x(j)) dt

The inner integrand is a polynomial of degree users - 1, for which Gauss-Legendre with half as many nodes is exact. From
f are taken, before the outer integral, what it is for small s, v(i) / V x (1 - e^(-sV)), and what is left of it for
large s, (1/users - v(i) / V) x (1 - e^(-sm))^2 with m the mean volume, whose integrals are known; the rest falls off
at both ends and is summed in equal steps of log s, whose error falls exponentially with their number. Relative to the
whole cost the shares are within 1e-9 of those by definition. Users need a volume above zero.

Source: L. S. Shapley (1953); G. Owen, Multilinear extensions of games, Management Science 18 (1972), for the integral
over t; the integral of a power is the Bernstein function's, R. Schilling, R. Song and Z. Vondracek, Bernstein Functions
(2012).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

STEP = 0.125  # of log s
LEAST = 1e-9  # of s x the whole volume: the rest grows with its square
MOST = 40.0  # of s x the smallest volume: e^-40 is nothing beside 1


def curve_shares(volumes: Sequence[float], exponent: float) -> list[float]:
    """The share of each user of the whole cost, which is 1. `exponent` lies above 0 and below 1."""
    import numpy as np  # the pages' own process does without it

    sizes = np.array(volumes, dtype=float) / math.fsum(volumes)
    users = len(sizes)
    if users == 1:
        return [1.0]
    logs = np.arange(math.log(LEAST), math.log(MOST / sizes.min()) + STEP, STEP)
    places, weights = np.polynomial.legendre.leggauss((users + 1) // 2)
    places, weights = (places + 1) / 2, weights / 2
    mean, bends = 1 / users, 1 / users - sizes
    rest = np.zeros(users)
    for scale in np.exp(logs):
        x = -np.expm1(-scale * sizes)
        factors = 1 - places[:, None] * x
        inner = x * ((np.exp(np.log(factors).sum(axis=1)) * weights) @ (1 / factors))
        known = sizes * -math.expm1(-scale) + bends * math.expm1(-scale * mean) ** 2
        rest += (inner - known) * scale**-exponent
    factor = exponent / math.gamma(1 - exponent)
    bend = 2 * mean**exponent - (2 * mean) ** exponent
    return [float(share) for share in sizes + bends * bend + rest * (STEP * factor)]
