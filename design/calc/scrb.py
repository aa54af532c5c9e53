"""Separable costs, remaining benefits (SCRB), also called alternate cost avoided.

Each player pays its separable cost, what the whole would cost less without it. What is left of the cost of all, the
joint cost, is divided by remaining benefit: what the player would pay alone, less its separable cost, and zero where
that is negative.

    share(i) = s(i) + r(i) / sum of r x (c(all) - sum of s),   s(i) = c(all) - c(all without i),
                                                                r(i) = max(0, c(i alone) - s(i))

Where nobody has a remaining benefit, the joint cost is divided equally. In the unit of the costs; shares add up to the
cost of all.

Source: the method of the Federal Inter-Agency River Basin Committee (1950, revised 1958), as H. P. Young, N. Okada and
T. Hashimoto, Cost allocation in water resources development, Water Resources Research 18 (1982), state it with the
alternate cost as the benefit.
"""

from __future__ import annotations

from collections.abc import Sequence

from design.calc.cost_game import CostGame, Player


def scrb(game: CostGame[Player]) -> dict[Player, float]:
    """Player -> share."""
    places = range(len(game.players))
    separable = [game.everybody - game.without(at) for at in places]
    shares = from_marginals(game.everybody, separable, [game.alone(at) for at in places])
    return dict(zip(game.players, shares, strict=True))


def from_marginals(everybody: float, separable: Sequence[float], alone: Sequence[float]) -> list[float]:
    """The shares of any number of players: of the cost of all, by what each adds last and what each pays alone."""
    remaining = [max(0.0, one - own) for one, own in zip(alone, separable, strict=True)]
    joint = everybody - sum(separable)
    if not sum(remaining):
        remaining = [1.0] * len(remaining)
    whole = sum(remaining)
    return [own + joint * (benefit / whole) for own, benefit in zip(separable, remaining, strict=True)]
