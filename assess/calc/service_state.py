"""The current state of one service over the agencies that provide it, from their provisions of the base year.

- Cost, FTE and volume: sums of what is known. Systems: number of systems in the register that support the service.
- Unit cost: cost / volume, both summed over the agencies that give both. Cost per user: likewise with users served.
- Unit cost of the cheapest, the middle and the dearest agency: shows how far apart the agencies are without naming any;
  given from three agencies on.
- SLA compliance: service targets met / service targets in all.
- Standard procedures: agencies that have one / agencies that say whether. Automation: sum of the shares of workflows
  automated, in ten thousandths / agencies that give one.
- Figures given: of cost, volume, service targets, standard procedure and automation, how many the agencies gave / five
  for each of them. Who provides it stands there by id alone, in their order.

Money is in whole cents, FTE in hundredths. A figure that is not given is left out of numerator and denominator alike.
An agency that left the program does not count. Refused: nothing; a service that nobody provides has empty figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from ssoplanner.calc.known import known_pairs, known_sum

FEWEST_TO_COMPARE = 3
FIGURES_ASKED = 5  # of each agency, for what services are compared by


@dataclass(frozen=True)
class ProviderInput:
    """How one agency provides the service. None is unknown."""

    agency: int
    cost_cents: int | None = None
    fte_hundredths: int | None = None
    volume: int | None = None
    users_served: int | None = None
    sla_met: int | None = None
    sla_total: int | None = None
    has_sop: bool | None = None
    automated_tenthousandths: int | None = None


@dataclass(frozen=True)
class ServiceInput:
    fiscal_year: int
    systems: int
    providers: tuple[ProviderInput, ...]


@dataclass(frozen=True)
class ServiceState:
    fiscal_year: int
    agencies: int
    systems: int
    cost_cents: int | None
    fte_hundredths: int | None
    volume: int | None
    unit_cost_cents: float | None
    unit_cost_spread_cents: tuple[float, float, float] | None
    cost_per_user_cents: float | None
    sla: tuple[int, int]
    sop: tuple[int, int]
    automated: tuple[int, int]
    given: tuple[int, int]
    providers: tuple[int, ...]


def service_state(service: ServiceInput) -> ServiceState:
    """What the service costs and achieves today, over all who provide it."""
    rows = service.providers
    return ServiceState(
        fiscal_year=service.fiscal_year,
        agencies=len(rows),
        systems=service.systems,
        cost_cents=known_sum(row.cost_cents for row in rows),
        fte_hundredths=known_sum(row.fte_hundredths for row in rows),
        volume=known_sum(row.volume for row in rows),
        unit_cost_cents=_ratio((row.cost_cents, row.volume) for row in rows),
        unit_cost_spread_cents=_spread([(row.cost_cents, row.volume) for row in rows]),
        cost_per_user_cents=_ratio((row.cost_cents, row.users_served) for row in rows),
        sla=known_pairs((row.sla_met, row.sla_total) for row in rows),
        sop=known_pairs((row.has_sop, _one_if_known(row.has_sop)) for row in rows),
        automated=known_pairs(
            (row.automated_tenthousandths, _one_if_known(row.automated_tenthousandths)) for row in rows
        ),
        given=(sum(_given(row) for row in rows), FIGURES_ASKED * len(rows)),
        providers=tuple(sorted(row.agency for row in rows)),
    )


def _one_if_known(value: int | None) -> int | None:
    return None if value is None else 1


def _given(row: ProviderInput) -> int:
    figures = (row.cost_cents, row.volume, row.sla_total, row.has_sop, row.automated_tenthousandths)
    return sum(figure is not None for figure in figures)


def _ratio(pairs: Iterable[tuple[int | None, int | None]]) -> float | None:
    top, bottom = known_pairs(pairs)
    return top / bottom if bottom else None


def _spread(pairs: list[tuple[int | None, int | None]]) -> tuple[float, float, float] | None:
    each = sorted(top / bottom for top, bottom in pairs if top is not None and bottom)
    return (each[0], median(each), each[-1]) if len(each) >= FEWEST_TO_COMPARE else None
