"""From what every agency pays today to its target share, with a cap on what it may pay more from one year to the next.

A year's pool is divided by the target weights, to the cent. An agency's limit is what it paid the year before plus the
cap, a share of what it pays today or an amount of money, cents cut off. Who would pay more than its limit pays the
limit; what it is spared is borne by the others, in this order:

1. by those who save against the year before, in proportion to what they save, up to all of it;
2. then by all below their limit, in proportion to what they have left to it, up to all of that;
3. what is left then is uncovered: nobody can bear it within the caps, and whoever runs the services has to.

So nobody's increase is ever above the cap, and shares and the uncovered amount add up to the pool, exactly. Money is
Decimal or whole numbers, and comes back as Decimal in whole cents.

Refused, with ValueError: no agency, year or target weight; agencies that differ between today and target; amounts that
are no finite number of zero or more, have fractions of a cent or 25 digits, or are float or Fraction; a cap on a share
of today for an agency that pays nothing today and is to pay, which it then never would.

Source: none is needed; step 1 is how the floors of grants to English councils were paid for ("floor damping").
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from design.calc.amounts import MOST, check, kind_of
from ssoplanner.calc.rounding import CENTS, Figure, round_to_cents

Agency = TypeVar("Agency", bound=Hashable)
Money = Decimal | int
Cents = dict[Agency, int]


@dataclass(frozen=True, slots=True)
class Step:
    """One agency in one year: `share` = `target` - what the cap `spared` it + what it has `borne` for others."""

    share: Decimal
    target: Decimal
    spared: Decimal
    borne: Decimal

    @property
    def capped(self) -> bool:
        """Whether its target lies above its limit."""
        return self.spared > 0


@dataclass(frozen=True)
class Year(Generic[Agency]):
    """`steps`: agency -> its year; their shares and `uncovered` add up to `pool`.

    `spared` is what the cap takes off all capped agencies: the others bear it, but for `uncovered`.
    """

    pool: Decimal
    steps: Mapping[Agency, Step]
    spared: Decimal
    uncovered: Decimal


@dataclass(frozen=True)
class Path(Generic[Agency]):
    """The years in order, and how many it takes until all pay their target for good; None if longer than the plan."""

    years: tuple[Year[Agency], ...]
    years_to_target: int | None


def transition(
    today: Mapping[Agency, Money],
    target: Mapping[Agency, Figure],
    pools: Sequence[Money],
    *,
    cap_of_today: Figure | None = None,
    cap_amount: Money | None = None,
) -> Path[Agency]:
    """The path over as many years as `pools`. Raises ValueError for what the module refuses.

    `today`: agency -> what it pays a year; `target`: agency -> weight. Give one of the caps: `cap_of_today`, 0.05 for
    5 % of what the agency pays today, or `cap_amount`, the same for all.
    """
    _check(today, target, pools)
    paid = {agency: int(Fraction(amount) * CENTS) for agency, amount in today.items()}
    caps = _caps(paid, target, cap_of_today, cap_amount)
    years = []
    for pool in pools:
        limits = {agency: paid[agency] + caps[agency] for agency in paid}
        parts = round_to_cents(Decimal(pool), [target[agency] for agency in paid])
        targets = {agency: int(part * CENTS) for agency, part in zip(paid, parts, strict=True)}
        shares, uncovered = _within(targets, limits, paid)
        years.append(_year(targets, limits, shares, uncovered))
        paid = shares
    off = [at for at, year in enumerate(years, 1) if any(step.share != step.target for step in year.steps.values())]
    reached = off[-1] + 1 if off else 1
    return Path(tuple(years), reached if reached <= len(years) else None)


def _within(targets: Cents[Agency], limits: Cents[Agency], paid: Cents[Agency]) -> tuple[Cents[Agency], int]:
    """Shares up to the limits, and what they leave uncovered."""
    shares = {agency: min(share, limits[agency]) for agency, share in targets.items()}
    left = sum(targets.values()) - sum(shares.values())
    for ceiling in (paid, limits):
        rooms = [max(min(ceiling[agency], limits[agency]) - share, 0) for agency, share in shares.items()]
        moved = min(left, sum(rooms))
        if moved:
            # Never above a room: that is whole cents, and no part is a whole cent above its proportion.
            parts = round_to_cents(Decimal(moved) / CENTS, rooms)
            shares = {agency: shares[agency] + int(part * CENTS) for agency, part in zip(shares, parts, strict=True)}
            left -= moved
    return shares, left


def _year(targets: Cents[Agency], limits: Cents[Agency], shares: Cents[Agency], uncovered: int) -> Year[Agency]:
    spared = {agency: max(target - limits[agency], 0) for agency, target in targets.items()}
    steps = {
        agency: Step(
            share=_money(share),
            target=_money(targets[agency]),
            spared=_money(spared[agency]),
            borne=_money(share - targets[agency] + spared[agency]),
        )
        for agency, share in shares.items()
    }
    return Year(_money(sum(targets.values())), steps, _money(sum(spared.values())), _money(uncovered))


def _caps(
    paid: Cents[Agency], target: Mapping[Agency, Figure], of_today: Figure | None, amount: Money | None
) -> Cents[Agency]:
    if (of_today is None) == (amount is None):
        raise ValueError("Give one cap: a share of what each agency pays today, or an amount.")
    if amount is not None:
        _check_money("The cap", amount)
        return dict.fromkeys(paid, int(Fraction(amount) * CENTS))
    assert of_today is not None
    check("The cap", of_today)
    share = Fraction(repr(of_today)) if isinstance(of_today, float) else Fraction(of_today)  # 0.15 as it is meant
    for agency, cents in paid.items():
        if not cents and target[agency]:
            raise ValueError(
                f"{agency}: it pays nothing today, so with a cap on a share of that it never would; give an amount."
            )
    return {agency: math.floor(cents * share) for agency, cents in paid.items()}


def _check(today: Mapping[Agency, Money], target: Mapping[Agency, Figure], pools: Sequence[Money]) -> None:
    if not today:
        raise ValueError("There is no agency; name at least one.")
    if not pools:
        raise ValueError("There is no year; give the pool of at least one.")
    for agency in [*today, *target]:
        if agency not in today or agency not in target:
            raise ValueError(f"{agency}: give both what it pays today and its target weight, zero if there is none.")
    for agency, weight in target.items():
        check(f"{agency}: its target weight", weight)
    if not any(target.values()):
        raise ValueError("All target weights are zero; give at least one agency more.")
    named = [(f"{agency}: what it pays today", amount) for agency, amount in today.items()]
    for what, amount in [*named, *((f"The pool of year {at}", pool) for at, pool in enumerate(pools, 1))]:
        _check_money(what, amount)


def _check_money(what: str, amount: Money) -> None:
    if kind_of([(what, amount)]) is float or isinstance(amount, Fraction):
        raise ValueError(f"{what} must be money, a Decimal or a whole number, not a {type(amount).__name__}.")
    if amount >= MOST:
        raise ValueError(f"{what} is more than money can be; give fewer than 25 digits.")


def _money(cents: int) -> Decimal:
    return (Decimal(cents) / CENTS).quantize(Decimal("0.01"))
