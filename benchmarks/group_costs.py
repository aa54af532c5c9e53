"""The cost model of 500 agencies and 200 services: the exact Shapley value of all of it, and of one changed service."""

from __future__ import annotations

from random import Random

from benchmarks.measuring import Line, best_of, within
from design.calc.group_costs import FIXED, LINEAR, STEP, Part, shares_of
from design.calc.volume_curve import curve_shares
from design.calc.worst_group import Users, worst_group

AGENCIES, SERVICES = 500, 200
Service = tuple[list[Part], list[int]]


def service(chance: Random) -> Service:
    """A system, units, and people in steps that each agency fills: all three are shared exactly."""
    parts = [
        Part(FIXED, chance.randint(10**7, 10**8)),
        Part(LINEAR, chance.randint(10**7, 10**9)),
        Part(STEP, chance.randint(10**6, 10**7), step_volume=50),
    ]
    return parts, [50 * chance.randint(1, 2000) for _ in range(AGENCIES)]


def whole(services: list[Service]) -> list[float]:
    """Every agency's share of everything."""
    found = [0.0] * AGENCIES
    for parts, volumes in services:
        found = [one + other for one, other in zip(found, shares_of(parts, volumes).shares, strict=True)]
    return found


def measure() -> list[Line]:
    chance = Random(2026)
    services = [service(chance) for _ in range(SERVICES)]
    curve = services[0][1]
    straight = [_users(service, chance) for service in services]
    common = 10.0**9
    equally = (common + sum(part.cost for one in straight for part in one.parts)) / AGENCIES
    worst_group([equally] * AGENCIES, straight, common)  # scipy is loaded
    return [
        within("exact Shapley, 500 agencies x 200 services", best_of(3, lambda: whole(services)), 1),
        within("one changed service of them", best_of(9, lambda: shares_of(*services[0])), 0.01),
        within(
            "the worst group by one minimum cut, fixed and linear parts",
            best_of(3, lambda: worst_group([equally] * AGENCIES, straight, common)),
            0.25,
        ),
        Line(
            "a service whose cost falls with volume, 500 users", f"{best_of(3, lambda: curve_shares(curve, 0.9)):.2f} s"
        ),
    ]


def _users(one: Service, chance: Random) -> Users:
    """A service that seven agencies of ten use, without its steps."""
    parts, volumes = one
    places = [at for at in range(AGENCIES) if chance.random() < 0.7]
    return Users(places, [volumes[at] for at in places], [part for part in parts if part.shape != STEP])
