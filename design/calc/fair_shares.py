"""Who pays what: the cost of the plan's last year divided among its agencies by every method, side by side.

Payers are the agencies that use a service with a cost. Costs that all services stand on, and fixed costs of services
that nobody uses yet, are `common`. What is billed by use is paid by use in every method; the methods divide the rest:

- equal, headcount, users, budget, today: in equal parts, or in proportion to that figure of each agency. Where one
  lacks the figure the method is left out, and `lacking` names who;
- use: each service by volume, common costs in proportion to what that comes to;
- SCRB, Shapley, nucleolus: by what any group of agencies would pay on its own, which is the sum of `group_costs` over
  the services plus the common costs in full. SCRB and Shapley hold for any number of agencies; the nucleolus is worked
  out for up to 16.

Shares are whole cents and add up to the total, by largest remainder. A group objects to a method where it pays more
than it would on its own, by a cent or more, before rounding: `objecting` counts the groups, `objections` are the five
worst of them. Up to 16 agencies every group is asked. Beyond, each agency alone, all but one, and the group that
`worst_group` finds are; `most_cents` says that no group at all objects by more. `bound_cents` is how far a share of
Shapley may be from the exact one at most, for steps of services with many users.

Source: as the methods' own modules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from design.calc.core import objections
from design.calc.cost_game import CostGame, sums
from design.calc.drivers import by_driver
from design.calc.group_costs import Part, group_costs
from design.calc.nucleolus import nucleolus
from design.calc.scrb import from_marginals
from design.calc.worst_group import Users, worst_group
from ssoplanner.calc.rounding import to_cents

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

GROUPS = 16  # agencies of which every group is looked at: 65,535 groups
SHOWN = 5
EQUAL, HEADCOUNT, USERS, BUDGET, TODAY = DRIVEN = ("equal", "headcount", "users", "budget", "today")
USE, SCRB, SHAPLEY, NUCLEOLUS = "use", "scrb", "shapley", "nucleolus"
METHODS = (*DRIVEN, USE, SCRB, SHAPLEY, NUCLEOLUS)
GAMES = (SCRB, SHAPLEY, NUCLEOLUS)
CENT = 1.0


@dataclass(frozen=True)
class ServiceCost:
    """As service_shares gives it; one figure for each of `agencies`, in cents."""

    agencies: tuple[int, ...]
    volumes: tuple[int, ...]
    today_cents: tuple[int | None, ...]
    parts: tuple[Part, ...]
    cost_cents: int
    billed_cents: int
    unused_cents: int
    by_use_cents: tuple[int, ...]
    billed_by_use_cents: tuple[int, ...]
    shapley: tuple[float, ...]
    alone: tuple[float, ...]
    separable: tuple[float, ...]
    bound: float


@dataclass(frozen=True)
class SharesInput:
    """`common_cents` of costs without a service; `drivers`: headcount, users, budget -> agency -> figure or None."""

    year: int
    common_cents: int
    services: tuple[ServiceCost, ...]
    drivers: Mapping[str, Mapping[int, int | None]]


@dataclass(frozen=True)
class GroupObjection:
    """These agencies together pay `cents` more than they would on their own."""

    agencies: tuple[int, ...]
    cents: int


@dataclass(frozen=True)
class MethodShares:
    """`shares_cents`, one for each agency, or none and why: agencies in `lacking`, or too many agencies for it."""

    key: str
    shares_cents: tuple[int, ...] = ()
    lacking: tuple[int, ...] = ()
    objecting: int = 0
    objections: tuple[GroupObjection, ...] = ()
    most_cents: int = 0
    bound_cents: int = 0


@dataclass(frozen=True)
class FairShares:
    """One figure for each of `agencies`; `every_group` says whether every group was asked for objections."""

    year: int
    agencies: tuple[int, ...]
    total_cents: int
    billed_cents: int
    today_cents: tuple[int | None, ...]
    alone_cents: tuple[int, ...]
    methods: tuple[MethodShares, ...]
    every_group: bool


def fair_shares(plan: SharesInput) -> FairShares:
    """Every method's shares of the year's cost."""
    whole = _Whole(plan)
    return FairShares(
        year=plan.year,
        agencies=tuple(whole.agencies),
        total_cents=whole.total,
        billed_cents=sum(whole.billed.values()),
        today_cents=tuple(whole.today[agency] for agency in whole.agencies),
        alone_cents=tuple(round(cents) for cents in whole.alone),
        methods=tuple(_method(key, whole) for key in METHODS),
        every_group=whole.game is not None,
    )


class _Whole:
    """The plan's sums over the services, by agency in order."""

    def __init__(self, plan: SharesInput) -> None:
        self.plan = plan
        self.agencies = sorted({agency for service in plan.services for agency in service.agencies})
        self.common = plan.common_cents + sum(service.unused_cents for service in plan.services)
        self.total = self.common + sum(service.cost_cents for service in plan.services)
        self.by_use = self._summed(lambda service: service.by_use_cents)
        self.billed = self._summed(lambda service: service.billed_by_use_cents)
        self.today = self._known_today()
        self.alone = [self.common + cents for cents in self._summed(lambda service: service.alone).values()]
        only = self.common if len(self.agencies) == 1 else 0
        self.separable = [only + cents for cents in self._summed(lambda service: service.separable).values()]
        equally = self.common / len(self.agencies)
        self.shapley = [equally + cents for cents in self._summed(lambda service: service.shapley).values()]
        self.bound = math.fsum(service.bound for service in plan.services)
        self.users = self._users() if len(self.agencies) > GROUPS else []
        self.game = self._game() if len(self.agencies) <= GROUPS else None

    def _summed(self, figures: Callable[[ServiceCost], Sequence[Any]]) -> dict[int, Any]:
        found: dict[int, Any] = dict.fromkeys(self.agencies, 0)
        for service in self.plan.services:
            for agency, figure in zip(service.agencies, figures(service), strict=True):
                found[agency] += figure
        return found

    def _known_today(self) -> dict[int, int | None]:
        """What the services cost an agency today; None where it says so for none of them."""
        found: dict[int, int | None] = dict.fromkeys(self.agencies)
        for service in self.plan.services:
            for agency, cents in zip(service.agencies, service.today_cents, strict=True):
                if cents is not None:
                    found[agency] = (found[agency] or 0) + cents
        return found

    def _users(self) -> list[Users]:
        place = {agency: at for at, agency in enumerate(self.agencies)}
        return [
            Users([place[agency] for agency in service.agencies], service.volumes, service.parts)
            for service in self.plan.services
            if service.agencies
        ]

    def _game(self) -> CostGame[int]:
        import numpy as np  # the pages' own process does without it

        place = {agency: at for at, agency in enumerate(self.agencies)}
        costs: Vector = np.full(1 << len(place), float(self.common))
        for service in self.plan.services:
            own = [0.0] * len(place)
            for agency, volume in zip(service.agencies, service.volumes, strict=True):
                own[place[agency]] = volume
            costs += group_costs(service.parts, sums(own), sum(service.volumes))
        costs[0] = 0
        return CostGame.from_vector(self.agencies, costs)


def _method(key: str, whole: _Whole) -> MethodShares:
    if key in DRIVEN:
        quantities = _quantities(key, whole)
        lacking = tuple(agency for agency in whole.agencies if quantities[agency] is None)
        if lacking or not any(quantities.values()):
            return MethodShares(key, lacking=lacking)
        divided = by_driver(Decimal(whole.total - sum(whole.billed.values())) / 100, quantities)  # type: ignore[arg-type]
        shares = [float(divided.shares[agency]) * 100 + whole.billed[agency] for agency in whole.agencies]
        cents = [int(divided.shares[agency] * 100) + whole.billed[agency] for agency in whole.agencies]
        return _judged(key, cents, shares, whole)
    if key == USE:
        common = to_cents(whole.by_use, Decimal(whole.common) / 100)
        cents = [whole.by_use[agency] + int(common[agency] * 100) for agency in whole.agencies]
        return _judged(key, cents, [float(one) for one in cents], whole)
    if key == NUCLEOLUS and whole.game is None:
        return MethodShares(key)
    exact = _game_shares(key, whole)
    rounded = to_cents(dict(zip(whole.agencies, exact, strict=True)), Decimal(whole.total) / 100)
    cents = [int(amount * 100) for amount in rounded.values()]
    return _judged(key, cents, exact, whole, bound=whole.bound if key == SHAPLEY else 0.0)


def _quantities(key: str, whole: _Whole) -> Mapping[int, int | None]:
    if key == EQUAL:
        return dict.fromkeys(whole.agencies, 1)
    return whole.today if key == TODAY else {one: whole.plan.drivers[key].get(one) for one in whole.agencies}


def _game_shares(key: str, whole: _Whole) -> list[float]:
    if key == SHAPLEY:
        return whole.shapley
    if key == SCRB:
        return from_marginals(whole.total, whole.separable, whole.alone)
    assert whole.game is not None
    return list(nucleolus(whole.game).values())


def _judged(key: str, cents: Sequence[int], exact: Sequence[float], whole: _Whole, bound: float = 0) -> MethodShares:
    asked, most = _objections(exact, whole)
    # Half a cent a member: what was rounded already, as shares by a driver were, makes no objection.
    found = [each for each in asked if each[1] >= max(CENT, len(each[0]) / 2)]
    return MethodShares(
        key,
        shares_cents=tuple(cents),
        objecting=len(found),
        objections=tuple(GroupObjection(tuple(sorted(group)), round(amount)) for group, amount in found[:SHOWN]),
        most_cents=math.ceil(most) if found or whole.game is None else 0,
        bound_cents=math.ceil(bound),
    )


def _objections(shares: Sequence[float], whole: _Whole) -> tuple[list[tuple[frozenset[int], float]], float]:
    """Groups and by how much they pay too much, the worst first; and by how much any group does at most."""
    if whole.game is not None:
        found = objections(whole.game, dict(zip(whole.agencies, shares, strict=True)))
        return [(each.group, each.amount) for each in found], found[0].amount if found else 0.0
    everybody = frozenset(whole.agencies)
    worst = worst_group(shares, whole.users, whole.common)
    too_much = {frozenset(whole.agencies[at] for at in worst.places): worst.amount}
    for agency, share, alone, own in zip(whole.agencies, shares, whole.alone, whole.separable, strict=True):
        too_much[frozenset([agency])] = share - alone
        too_much[everybody - {agency}] = own - share
    asked = sorted(((group, amount) for group, amount in too_much.items() if amount > 0), key=lambda each: -each[1])
    return asked, worst.bound
