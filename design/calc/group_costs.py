"""What any group of agencies would pay for a service on its own, by the cost model that all of them share.

A service's cost consists of parts, each known for all its users together, C at the whole volume V. A group that uses v
of it would pay

- fixed: C, if it uses any; linear: C x v / V; curve: C x (v / V)^exponent;
- step: C x steps for v / steps for V, where steps are v / units of a step, rounded up.

Shares are Shapley values, in the unit of the costs, and exact: the fixed part is divided equally, the linear one by
volume, curves as in `volume_curve`, and steps by definition for up to STEPS users. For more users steps are divided by
volume, and `bounds` says how far a share may be from the exact one at most: (1 + v / V) x C / steps, for what a user
adds is less than one step from v / units. It is zero where all need one step or every volume is a multiple of it, for
then the part is fixed or linear.

Volumes are above zero. Refused, with ValueError: a shape that is none of the four.

Source: joint and separable costs are those of H. P. Young (ed.), Cost Allocation (1985);
S. C. Littlechild and G. Owen, A simple expression for the Shapley value in a special case, Management Science 20
(1973), for fixed parts among their users.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from design.calc.cost_game import CostGame, sums
from design.calc.shapley import shapley
from design.calc.volume_curve import curve_shares

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

FIXED, LINEAR, CURVE, STEP = SHAPES = ("fixed", "linear", "curve", "step")
STEPS = 16  # users: 65,535 groups a service


@dataclass(frozen=True)
class Part:
    """What a part of a service costs all its users together, in any unit."""

    shape: str
    cost: float
    exponent: float = 1.0
    step_volume: int = 1


@dataclass(frozen=True)
class PartShares:
    """One figure for each user, in the unit of the costs; see the module for `bounds`."""

    shares: tuple[float, ...]
    bounds: tuple[float, ...]


def group_costs(parts: Sequence[Part], volumes: Vector, whole: float) -> Vector:
    """For groups that use these volumes of a service's `whole`, what they would pay on their own; zero for no use."""
    import numpy as np  # the pages' own process does without it

    found = np.zeros(len(volumes))
    for part in parts:
        if part.shape == FIXED:
            found += part.cost * (volumes > 0)
        elif part.shape == LINEAR:
            found += part.cost * (volumes / whole)
        elif part.shape == CURVE:
            found += part.cost * (volumes / whole) ** part.exponent
        elif part.shape == STEP:
            found += part.cost * np.ceil(volumes / part.step_volume) / -(-whole // part.step_volume)
        else:
            raise ValueError(f"{part.shape} is none of the shapes {', '.join(SHAPES)}.")
    return found


def shares_of(parts: Sequence[Part], volumes: Sequence[int]) -> PartShares:
    """The Shapley value of a service among its users. Raises ValueError for what the module refuses."""
    import numpy as np  # the pages' own process does without it

    users, whole = len(volumes), sum(volumes)
    sizes = np.array(volumes, dtype=float) / whole
    shares, bounds = np.zeros(users), np.zeros(users)
    for part in parts:
        steps = -(-whole // part.step_volume)
        if part.shape == FIXED or (part.shape == STEP and steps == 1):
            shares += part.cost / users
        elif part.shape == LINEAR or (part.shape == STEP and not any(one % part.step_volume for one in volumes)):
            shares += part.cost * sizes
        elif part.shape == CURVE:
            shares += part.cost * np.array(curve_shares(volumes, part.exponent))
        elif part.shape == STEP and users <= STEPS:
            costs = group_costs([part], sums(volumes), whole)
            shares += list(shapley(CostGame.from_vector(range(users), costs)).values())
        elif part.shape == STEP:
            shares += part.cost * sizes
            bounds += (1 + sizes) * (part.cost / steps)
        else:
            raise ValueError(f"{part.shape} is none of the shapes {', '.join(SHAPES)}.")
    return PartShares(tuple(map(float, shares)), tuple(map(float, bounds)))
