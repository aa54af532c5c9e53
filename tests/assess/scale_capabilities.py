"""The largest plan as the calculations on capabilities take it: 500 agencies, 424 capabilities, 600 systems."""

from __future__ import annotations

from datetime import date

from assess.calc import candidates, capability_map, duplicates, overlap

AGENCIES, CAPABILITIES, SYSTEMS, GROUPS = 500, 424, 600, 80
LARGE = 98_765_432_101_234
FIRST = 10**9  # keys as wide as they may be
LEAVES = range(FIRST + 1000, FIRST + 1000 + CAPABILITIES)


def every_capability() -> capability_map.PlanInput:
    """Rated by every agency, each a little differently."""
    parents: dict[int, int | None] = {FIRST + area: None for area in range(10)}
    parents |= {FIRST + 100 + group: FIRST + group % 10 for group in range(GROUPS)}
    parents |= {leaf: FIRST + 100 + leaf % GROUPS for leaf in LEAVES}
    agencies = [_agency(pk) for pk in range(AGENCIES)]
    return capability_map.PlanInput(parents, agencies, dict.fromkeys(range(SYSTEMS), LARGE))


def _agency(pk: int) -> capability_map.AgencyInput:
    levels = [1 + (leaf * 7 + pk) % 5 for leaf in LEAVES]
    return capability_map.AgencyInput(
        id=pk,
        capabilities=LEAVES,
        ownership=["own"] * CAPABILITIES,
        scores={score: levels for score in capability_map.SCORES},
        systems=[[(leaf + pk) % SYSTEMS] for leaf in LEAVES],
        rated=CAPABILITIES,
        expected=CAPABILITIES,
    )


def every_function() -> duplicates.PlanInput:
    """Each with two systems, which is as many functions as there can be."""
    everybody = frozenset(range(AGENCIES))
    rows = tuple(
        duplicates.SystemInput(f"{number // 2:03} {'x' * 116}", everybody, 10**7, LARGE, date(2030, 12, 31))
        for number in range(SYSTEMS)
    )
    return duplicates.PlanInput(rows, {row.function: True for row in rows[::3]})


def every_pair() -> overlap.PlanInput:
    return overlap.PlanInput(
        tuple(
            overlap.AgencyInput(
                FIRST + pk,
                frozenset(leaf for leaf in LEAVES if (leaf * (pk + 1)) % 7 < 4),
                frozenset({pk % 90, pk % 13}),
            )
            for pk in range(AGENCIES)
        )
    )


def every_candidate() -> candidates.PlanInput:
    services = tuple(FIRST + number for number in range(5))
    return candidates.PlanInput(
        tuple(
            candidates.CapabilityInput(leaf, 499, 499, leaf % 499, 10 / 3, 4 / 3, 7, LARGE - leaf, services)
            for leaf in LEAVES
        )
    )
