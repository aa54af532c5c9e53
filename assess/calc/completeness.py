"""How complete the figures are: what agencies gave of what services are compared by, and of whom nothing is known.

- Asked: five figures of each agency for each service that it provides: cost, volume, service targets, standard
  procedure, automation. The heat map and the baselines stand on them.
- Reporting: agencies in the program that provide at least one service. An agency of which the plan has no service yet
  counts as one that is asked for as many figures as a reporting one on average, and gave none.
- Share: given / asked x reporting / agencies, 0-1. Example: 3 of 4 agencies report, and gave 40 of 60 figures. The
  fourth is asked for 60 / 3 = 20 as well, so 40 of 80 are given: 0.5, which is 40/60 x 3/4.

No unit but figures; of services, one place each. Agencies that left the program do not count. Refused: a plan without
agencies; where nobody reports the share is 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class ServiceInput:
    """`given` of the `asked` figures; `providers` are the agencies that provide it."""

    id: int
    given: int
    asked: int
    providers: frozenset[int]


@dataclass(frozen=True)
class PlanInput:
    """`agencies` are those in the program."""

    agencies: frozenset[int]
    services: tuple[ServiceInput, ...]


@dataclass(frozen=True)
class ServiceColumns:
    service: list[int]
    given: list[int]
    asked: list[int]


@dataclass(frozen=True)
class Completeness:
    agencies: int
    reporting: int
    given: int
    asked: int
    share: float
    services: ServiceColumns


def completeness(plan: PlanInput) -> Completeness:
    """What is given of what is asked. Raises ValueError for what the module refuses."""
    if not plan.agencies:
        raise ValueError("A plan without agencies is asked for nothing.")
    rows = sorted((row for row in plan.services if row.asked), key=lambda row: row.id)
    reporting = len(plan.agencies & frozenset[int]().union(*(row.providers for row in rows)))
    given, asked = sum(row.given for row in rows), sum(row.asked for row in rows)
    share = Fraction(given, asked) * Fraction(reporting, len(plan.agencies)) if asked else Fraction(0)
    return Completeness(
        agencies=len(plan.agencies),
        reporting=reporting,
        given=given,
        asked=asked,
        share=float(share),
        services=ServiceColumns([row.id for row in rows], [row.given for row in rows], [row.asked for row in rows]),
    )
