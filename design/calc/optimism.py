"""Optimism bias: by how much plans of a kind have come out longer or dearer, and what is left of it in this plan.

The uplift is a share of the estimate, 2 for 200 %. It lies at the upper bound of the kind of project while nothing is
done about what makes plans of its kind overrun, and at the lower bound when all of that is:

    uplift = upper - (upper - lower) x mitigated,   mitigated = sum over the factors of weight x share mitigated

What to expect is estimate x (1 + uplift). Exact, as Fraction, unless a weight or a share is a float. Uplifted amounts
are in the unit and, as `amounts` says, the type of the estimates; money is rounded by largest remainder.

Refused, with ValueError: a kind and measure without bounds; a factor that is named twice; a weight or a share that does
not lie between 0 and 1; weights that do not add up to 1; an uplift, or an amount, that is no finite number of zero or
more; Decimal amounts with fractions of a cent; amounts of different types.

Source: Mott MacDonald, Review of large public procurement in the UK (2002), a study of 50 projects; HM Treasury, Green
Book supplementary guidance: optimism bias, table 2 (2003; 2013).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from design.calc.amounts import ZERO, Amount, Number, amount, check, kind_of, number, settled, total_of
from ssoplanner.calc.rounding import Figure

EQUIPMENT, OUTSOURCING = "equipment and development", "outsourcing"  # the former with IT
DURATION, CAPITAL, OPERATING = "duration", "capital cost", "operating cost"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Uplifts as shares of the estimate: with nothing mitigated, and with everything."""

    upper: Fraction
    lower: Fraction


BOUNDS: Mapping[tuple[str, str], Bounds] = MappingProxyType(
    {
        (EQUIPMENT, DURATION): Bounds(Fraction(54, 100), Fraction(10, 100)),
        (EQUIPMENT, CAPITAL): Bounds(Fraction(200, 100), Fraction(10, 100)),
        (OUTSOURCING, OPERATING): Bounds(Fraction(41, 100), Fraction(0)),
    }
)


@dataclass(frozen=True, slots=True)
class Factor:
    """What makes plans overrun: its `weight` in the bias, and the share of it, 0 to 1, that is `mitigated`."""

    name: str
    weight: Figure
    mitigated: Figure


def uplift(kind: str, measure: str, mitigation: Sequence[Factor] = ()) -> Number:
    """The uplift for a kind of project; without factors nothing is mitigated. Raises ValueError as the module says."""
    bounds = BOUNDS.get((kind, measure))
    if bounds is None:
        known = "; ".join(f"{one}: {other}" for one, other in BOUNDS)
        raise ValueError(f"{kind}: there is no optimism bias on record for its {measure}; choose one of {known}.")
    return within(bounds, mitigated(mitigation) if mitigation else ZERO)


def within(bounds: Bounds, share: Number) -> Number:
    """The uplift with so large a share, 0 to 1, mitigated."""
    _check_share("The mitigated share", share)
    return bounds.upper - (bounds.upper - bounds.lower) * share


def mitigated(factors: Sequence[Factor]) -> Number:
    """The share of the whole bias that is mitigated. Raises ValueError for what the module refuses."""
    seen: set[str] = set()
    for factor in factors:
        if factor.name in seen:
            raise ValueError(f"{factor.name}: this factor is named twice; name each once.")
        seen.add(factor.name)
        _check_share(f"{factor.name}: its weight", factor.weight)
        _check_share(f"{factor.name}: the mitigated share of it", factor.mitigated)
    whole = sum(Fraction(factor.weight) for factor in factors)
    if not math.isclose(whole, 1, abs_tol=1e-9):
        raise ValueError(f"The weights of the factors must add up to 1, not {float(whole):g}.")
    found = sum((Fraction(factor.weight) * Fraction(factor.mitigated) for factor in factors), ZERO) / whole
    floats = any(isinstance(figure, float) for factor in factors for figure in (factor.weight, factor.mitigated))
    return float(found) if floats else found


def uplifted(amounts: Sequence[Figure], uplift: Figure) -> list[Amount]:
    """Every amount x (1 + uplift); money adds up to the uplifted sum. Raises ValueError for what is refused."""
    named = [(f"Amount {at}", figure) for at, figure in enumerate(amounts, 1)]
    kind = kind_of(named)
    factor = 1 + number(kind, "The uplift", uplift)
    parts = [number(kind, what, figure) * factor for what, figure in named]
    total_of("The uplifted amounts", parts)
    return [amount(kind, part) for part in settled(kind, parts)]


def _check_share(what: str, figure: Figure) -> None:
    check(what, figure)
    if figure > 1:
        raise ValueError(f"{what} must lie between 0 and 1, not at {figure}.")
