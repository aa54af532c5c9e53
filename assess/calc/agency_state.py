"""The current state of one agency, from its provisions of the base year.

- Cost: sum of the annual costs. FTE: sum. Systems: number of systems in the register that the agency uses.
- Unit cost of a service: annual cost / volume a year. Cost per user: cost / end users.
- Measures, each a numerator over a denominator, so that those of several agencies are added and never averaged twice:
  - `it_cost`: annual cost of the services in the area IT / end users, a year
  - `help_desk_fte`: FTE of the help desk / end users (shown per 1,000)
  - `sla`: service targets met / service targets in all
  - `resolution`: hours to resolve a help desk request, weighted by volume
  - `sop`, `dashboard`: services with a standard procedure, with a real-time dashboard / services where that is known
  - `automated`: mean share of workflows automated, over the services where it is known

The help desk is every service of the area IT whose volume is counted in tickets. Money is in whole cents, FTE and hours
in hundredths, shares in ten-thousandths: every sum is exact. A figure that is not given is left out of numerator and
denominator alike. Refused: nothing; an agency without figures has empty measures.

Source of the measures: the starter set of baseline metrics of the method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ssoplanner.calc.known import known_pairs, known_sum

IT_AREA = "IT"
TICKETS = frozenset({"ticket", "tickets"})
MEASURES = ("it_cost", "help_desk_fte", "sla", "resolution", "sop", "automated", "dashboard")
Pair = tuple[int, int]


@dataclass(frozen=True)
class ProvisionInput:
    """One service as the agency provides it. None is unknown."""

    service: int
    area: str
    volume_unit: str
    cost_cents: int | None = None
    fte_hundredths: int | None = None
    volume: int | None = None
    sla_met: int | None = None
    sla_total: int | None = None
    resolution_hundredths: int | None = None
    has_sop: bool | None = None
    automated_tenthousandths: int | None = None
    has_dashboard: bool | None = None

    @property
    def is_it(self) -> bool:
        return self.area.upper() == IT_AREA

    @property
    def is_help_desk(self) -> bool:
        return self.is_it and self.volume_unit.strip().lower() in TICKETS


@dataclass(frozen=True)
class AgencyInput:
    fiscal_year: int
    end_users: int | None
    systems: int
    provisions: tuple[ProvisionInput, ...]


@dataclass(frozen=True)
class AgencyState:
    """Sums over the known figures; `measures` are (numerator, denominator); `services` columns of equal length."""

    fiscal_year: int
    end_users: int | None
    provisions: int
    systems: int
    cost_cents: int | None
    fte_hundredths: int | None
    cost_per_user_cents: float | None
    measures: dict[str, Pair]
    services: dict[str, list[int | float | None]] = field(default_factory=dict)


def agency_state(agency: AgencyInput) -> AgencyState:
    """What the agency spends and achieves today."""
    rows = sorted(agency.provisions, key=lambda row: row.service)
    cost = known_sum(row.cost_cents for row in rows)
    return AgencyState(
        fiscal_year=agency.fiscal_year,
        end_users=agency.end_users,
        provisions=len(rows),
        systems=agency.systems,
        cost_cents=cost,
        fte_hundredths=known_sum(row.fte_hundredths for row in rows),
        cost_per_user_cents=cost / agency.end_users if cost is not None and agency.end_users else None,
        measures=_measures(rows, agency.end_users),
        services=_columns(rows),
    )


def _measures(rows: Sequence[ProvisionInput], end_users: int | None) -> dict[str, Pair]:
    desk = [row for row in rows if row.is_help_desk]
    timed = [
        (row.resolution_hundredths * row.volume, row.volume)
        for row in desk
        if row.resolution_hundredths is not None and row.volume
    ]
    return {
        "it_cost": _per_user([row.cost_cents for row in rows if row.is_it], end_users),
        "help_desk_fte": _per_user([row.fte_hundredths for row in desk], end_users),
        "sla": known_pairs((row.sla_met, row.sla_total) for row in rows),
        "resolution": known_pairs(timed),
        "sop": known_pairs((row.has_sop, 1) for row in rows),
        "automated": known_pairs((row.automated_tenthousandths, 1) for row in rows),
        "dashboard": known_pairs((row.has_dashboard, 1) for row in rows),
    }


def _per_user(values: Iterable[int | None], end_users: int | None) -> Pair:
    """The agency's users count once, and only where a value is known."""
    total = known_sum(values)
    return (total, end_users) if total is not None and end_users else (0, 0)


def _columns(rows: Sequence[ProvisionInput]) -> dict[str, list[int | float | None]]:
    return {
        "service": [row.service for row in rows],
        "cost_cents": [row.cost_cents for row in rows],
        "fte_hundredths": [row.fte_hundredths for row in rows],
        "volume": [row.volume for row in rows],
        "unit_cost_cents": [_ratio(row.cost_cents, row.volume) for row in rows],
    }


def _ratio(top: int | None, bottom: int | None) -> float | None:
    return top / bottom if top is not None and bottom else None
