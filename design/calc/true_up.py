"""What was billed at a provisional rate against what the service cost: who pays or gets back what, what goes forward.

A period's bill is rate x volume for each agency, rounded to the cent, half to even. What all bills of the year bring in
above its actual cost is over-recovered, what they lack is under-recovered:

    balance = carried in + billed - cost,   settled now = balance x share that is settled,   carried forward = the rest

Settled now is rounded to the cent, half to even, and divided by the volume of the year, to the cent, by largest
remainder: with a balance above zero it goes back to the agencies, below zero they pay it. The rest goes into the rate
of the next year, (cost expected - carried forward) / volume expected, which `provisional_rate` rounds half to even.

Money is Decimal or whole numbers and comes back as Decimal in whole cents; everything adds up exactly. Rates and
volumes may be of any type, and a float counts as the binary number that it is. A carried balance is above zero where
agencies have paid too much.

Refused, with ValueError: no period, or numbers of rates, volumes and costs that differ; what is no finite number of
zero or more; money with fractions of a cent, of 25 digits, or as float or Fraction; a share to settle that does not lie
between 0 and 1; a balance to settle where nobody has used anything; a rate for no volume, or below zero.

Source: 2 CFR 200, appendix V, G.4 (adjustments of billed central services) and G.3 (carry-forward).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from design.calc.amounts import MOST, check, check_number, kind_of
from ssoplanner.calc.rounding import CENTS, Figure, round_to_cents

Agency = TypeVar("Agency", bound=Hashable)
Money = Decimal | int


@dataclass(frozen=True)
class Period(Generic[Agency]):
    """`bills`: agency -> what it was billed; `recovery` is `billed` - `cost`, above zero where it is over-recovered."""

    rate: Figure
    bills: Mapping[Agency, Decimal]
    billed: Decimal
    cost: Decimal
    recovery: Decimal


@dataclass(frozen=True, slots=True)
class Settlement:
    """One agency: its `volume`, what it was `billed`, the `true_up` that it pays or, below zero, gets; `paid` both."""

    volume: Fraction
    billed: Decimal
    true_up: Decimal
    paid: Decimal


@dataclass(frozen=True)
class TrueUp(Generic[Agency]):
    """The year. `balance` = `carried_in` + what was over-recovered = `settled` + `carried_forward`.

    The true-ups of `settlements`, agency -> its year, add up to -`settled`.
    """

    periods: tuple[Period[Agency], ...]
    settlements: Mapping[Agency, Settlement]
    carried_in: Decimal
    balance: Decimal
    settled: Decimal
    carried_forward: Decimal


def true_up(
    rates: Sequence[Figure],
    volumes: Sequence[Mapping[Agency, Figure]],
    costs: Sequence[Money],
    *,
    carried_in: Money = 0,
    settled_share: Figure = 1,
) -> TrueUp[Agency]:
    """Settle the year. Raises ValueError for what the module refuses.

    One rate, one mapping agency -> volume, and one actual cost for each period.
    """
    if not len(rates) == len(volumes) == len(costs):
        raise ValueError(f"There are {len(rates)} rates, {len(volumes)} volumes and {len(costs)} costs; give one each.")
    if not rates:
        raise ValueError("There is no period; give at least one.")
    check("The share to settle", settled_share)
    if settled_share > 1:
        raise ValueError(f"The share to settle must lie between 0 and 1, not at {settled_share}.")
    _check_balance("The balance carried in", carried_in)
    periods = tuple(_period(at, *period) for at, period in enumerate(zip(rates, volumes, costs, strict=True), 1))
    balance = Decimal(carried_in) + sum((period.recovery for period in periods), Decimal())
    settled = _cents(Fraction(balance) * Fraction(settled_share))
    return TrueUp(
        periods,
        _settlements(periods, volumes, settled),
        _cents(carried_in),
        _cents(balance),
        settled,
        balance - settled,
    )


def provisional_rate(cost: Money, volume: Figure, carried: Money = 0, places: int = 4) -> Decimal:
    """The rate that recovers `cost` less the balance that is `carried` forward, to so many decimal `places`.

    Raises ValueError for what the module refuses.
    """
    _check_money("The expected cost", cost)
    check("The expected volume", volume)
    _check_balance("The balance carried forward", carried)
    if not volume:
        raise ValueError("The expected volume is zero; give one that the rate can be spread over.")
    rate = (Fraction(cost) - Fraction(carried)) / Fraction(volume)
    if rate < 0:
        raise ValueError(f"The balance of {carried} is more than the cost of {cost}; settle a part of it now.")
    return Decimal(round(rate * 10**places)).scaleb(-places)


def _period(at: int, rate: Figure, volumes: Mapping[Agency, Figure], cost: Money) -> Period[Agency]:
    check(f"The rate of period {at}", rate)
    _check_money(f"The cost of period {at}", cost)
    for agency, volume in volumes.items():
        check(f"{agency}: its volume in period {at}", volume)
    bills = {agency: _cents(Fraction(rate) * Fraction(volume)) for agency, volume in volumes.items()}
    billed = sum(bills.values(), Decimal("0.00"))
    return Period(rate, bills, billed, _cents(cost), billed - _cents(cost))


def _settlements(
    periods: Sequence[Period[Agency]], volumes: Sequence[Mapping[Agency, Figure]], settled: Decimal
) -> dict[Agency, Settlement]:
    agencies = dict.fromkeys(agency for period in volumes for agency in period)
    used = {agency: sum(Fraction(period.get(agency, 0)) for period in volumes) for agency in agencies}
    if any(used.values()):
        true_ups = round_to_cents(-settled, list(used.values()))
    elif settled:
        raise ValueError("Nobody has used the service, so nobody can settle; give a share to settle of 0.")
    else:
        true_ups = [Decimal("0.00")] * len(used)
    found = {}
    for agency, mine in zip(agencies, true_ups, strict=True):
        billed = sum((period.bills.get(agency, Decimal()) for period in periods), Decimal("0.00"))
        found[agency] = Settlement(Fraction(used[agency]), billed, mine, billed + mine)
    return found


def _check_balance(what: str, amount: Money) -> None:
    check_number(what, amount)
    _check_money(what, amount.copy_abs() if isinstance(amount, Decimal) else abs(amount))


def _check_money(what: str, amount: Money) -> None:
    if kind_of([(what, amount)]) is float or isinstance(amount, Fraction):
        raise ValueError(f"{what} must be money, a Decimal or a whole number, not a {type(amount).__name__}.")
    if amount >= MOST:
        raise ValueError(f"{what} is more than money can be; give fewer than 25 digits.")


def _cents(amount: Figure) -> Decimal:
    cents = round(Fraction(amount) * CENTS)
    if abs(cents) >= MOST * CENTS:
        raise ValueError("An amount is more than money can be; give smaller costs, rates or volumes.")
    return (Decimal(cents) / CENTS).quantize(Decimal("0.01"))
