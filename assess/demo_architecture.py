"""What the fictional agencies say of their technology and capabilities. Nothing is by chance.

Health and Transportation could share tomorrow. Payroll and the service desk are run by everybody alone, on systems of
their own, and are the least mature of all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from assess.architecture_texts import ASPECTS
from assess.calc.architecture import NEEDED
from assess.models import CapabilityRating, Ownership, TechnologyRating
from assess.models.architecture import MATURITIES
from assess.pages_architecture import Leaf, leaves_of
from ssoplanner.core.models import Agency, Plan, System
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, bulk_load, create

UNKNOWN = 0


@dataclass(frozen=True)
class DemoProfile:
    """Levels in the order of the aspects, UNKNOWN where the agency does not know; `maturity` is about its own mean.

    `leaves_out` is the share of capabilities that the agency does not perform at all.
    """

    agency: str
    levels: tuple[int, int, int, int, int, int, int, int]
    maturity: float
    leaves_out: float = 0.0


# Networks, hosting, integration, identity, data quality, interoperability, willingness, authority.
PROFILES = (
    DemoProfile("DOH", (4, 4, 4, 4, 4, 3, 4, 3), 3.7),
    DemoProfile("DOT", (4, 4, 3, 4, 3, 4, 4, 4), 3.6),
    DemoProfile("DOC", (3, 2, 1, 3, 2, 2, 1, 2), 2.3),
    DemoProfile("DOR", (4, 4, 3, 5, 4, 3, 2, 2), 3.5),
    DemoProfile("DHS", (3, 3, 2, 3, 2, 2, 3, 2), 2.6),
    DemoProfile("DED", (4, 3, 2, 3, 3, 2, 4, 3), 2.9),
    DemoProfile("DEQ", (3, 2, 2, 2, 3, 3, 4, 3), 2.7, 0.05),
    DemoProfile("DLI", (4, 4, 3, 4, 3, 3, 3, 2), 3.4, 0.05),
    DemoProfile("DPR", (2, 1, 1, 2, 2, 1, 4, 3), 2.0, 0.1),
    DemoProfile("AGO", (3, 3, 2, 3, 3, 2, 2, 1), 2.5, 0.2),
    DemoProfile("SLA", (2, 2, 2, 1, UNKNOWN, 3, 5, 4), 2.2, 0.3),
    DemoProfile("BOA", (2, 1, 1, 1, 2, 1, 4, 3), 1.7, 0.5),
)
# What shows a level that is short of what sharing needs, and one that is not.
EVIDENCE = {
    "networks": ("Outages of the smaller sites in the last year.", "List of sites with their lines."),
    "hosting": ("No test of recovery since 2023.", "Protocol of the last test of recovery."),
    "integration": ("Four nightly file transfers, all of them different.", "Catalogue of interfaces."),
    "identity": ("Audit finding on open accounts.", "Report on second factors, third quarter."),
    "data_quality": ("Nobody has checked the personnel data.", "Check of the personnel data with its list of errors."),
    "interop": ("Codes of our own for positions and accounts.", "Data dictionary with the state’s standard codes."),
    "willingness": ("Two requests of other agencies were refused.", "Letter of the director on what is shared."),
    "authority": ("Counsel is still examining it.", "Opinion of counsel, with the sections of the statute."),
}
# The function of a system in the register -> the capabilities that it serves.
SERVES: Mapping[str, tuple[str, ...]] = {
    "Payroll": ("Gross to net", "Payroll taxes and reporting"),
    "Service desk": ("Service desk",),
    "Accounts payable": ("Accounts payable",),
    "Purchasing": ("Ordering and receiving",),
    "Personnel records": ("Personnel records",),
    "Time recording": ("Time recording",),
    "E-mail": ("Collaboration services",),
    "Identity and access": ("Identity and access",),
    "Records": ("Classification and retention",),
    "Learning": ("Training",),
}
# Whatever the agency, these are behind: everybody does them alone.
ALONE = frozenset({"Service desk", "Gross to net", "Payroll taxes and reporting", "Pay inquiries and corrections"})
PAYROLL = "PAY"
BY_STATUTE = {"Litigation": "AGO"}  # the one agency that may
BEHIND = -1.1  # levels
IMPORTANCE = {"IT": 4, "HR": 4, "FIN": 4, "PROC": 3, "PAY": 5, "FAC": 3, "REC": 3, "LEG": 3, "COM": 2}
TILTS = {"people": 0.3, "process": 0.0, "technology": -0.2, "governance": -0.3}
SHARED, OUTSOURCED = 0.06, 0.12  # below these shares of chance


def load_architecture(plan: Plan, actor: Actor) -> None:
    """The ratings of all agencies of the demo; what they name are systems of the register that they use."""
    agencies = {agency.code: agency for agency in Agency.objects.for_plan(plan)}
    with saving():
        technology = (row for one in PROFILES for row in _technology(one, agencies[one.agency]))
        bulk_load(TechnologyRating, plan=plan, actor=actor, rows=technology, label="ratings of technology")
        rows = list(_capabilities(plan, agencies))
        plain = (values for values in rows if "systems" not in values)
        bulk_load(CapabilityRating, plan=plan, actor=actor, rows=plain, label="ratings of capabilities")
        for values in rows:
            if "systems" in values:
                create(CapabilityRating, plan=plan, actor=actor, values=values)


def _technology(one: DemoProfile, agency: Agency) -> Iterator[dict[str, Any]]:
    for text, level in zip(ASPECTS, one.levels, strict=True):
        weak, strong = EVIDENCE[text.key]
        evidence = f"Illustrative: {strong if level >= NEEDED else weak}" if level else ""
        yield {"agency": agency, "aspect": text.key, "level": level or None, "evidence": evidence}


def _capabilities(plan: Plan, agencies: Mapping[str, Agency]) -> Iterator[dict[str, Any]]:
    leaves, systems = leaves_of(plan), _systems(plan)
    for one in PROFILES:
        for leaf in leaves:
            used = systems.get((one.agency, leaf.row.name), [])
            said = _said(one, leaf, bool(used))
            whose = {"agency": agencies[one.agency], "capability": leaf.row}
            yield {**whose, **said, **({"systems": used} if used else {})}


def _systems(plan: Plan) -> dict[tuple[str, str], list[System]]:
    """(code of an agency, name of a capability) -> the systems that it uses for it."""
    found: dict[tuple[str, str], list[System]] = {}
    for system in System.objects.for_plan(plan).prefetch_related("agencies").order_by("pk"):
        for agency in system.agencies.all():
            for name in SERVES.get(system.function, ()):
                found.setdefault((agency.code, name), []).append(system)
    return found


def _said(one: DemoProfile, leaf: Leaf, has_system: bool) -> dict[str, Any]:
    chance = Random(f"{one.agency} {leaf.row.code}")
    left_out = chance.random() < one.leaves_out and not has_system and leaf.row.name not in ALONE
    if left_out or BY_STATUTE.get(leaf.row.name, one.agency) != one.agency:
        return {"ownership": Ownership.NONE.value}
    alone = leaf.row.name in ALONE or leaf.area.code == PAYROLL
    hard = Random(leaf.row.code).uniform(-0.5, 0.5)  # some are hard for everybody
    level = one.maturity + (BEHIND if alone else hard)
    importance = IMPORTANCE.get(leaf.area.code, 3) + chance.choice((-1, 0, 0, 0, 1))
    return {
        "ownership": Ownership.OWN.value if alone else _ownership(chance.random()),
        "importance": min(5, max(1, importance)),
        **{pillar: _level(level + TILTS[pillar] + chance.gauss(0, 0.35)) for pillar in MATURITIES},
        "target": 4 if alone else _level(max(3.0, level + chance.choice((-0.4, 0.0, 0.4)))),
        "evidence": "Illustrative: done by hand where the systems do not meet." if alone else "",
    }


def _ownership(drawn: float) -> str:
    if drawn < SHARED:
        return Ownership.SHARED.value
    return Ownership.OUTSOURCED.value if drawn < OUTSOURCED else Ownership.OWN.value


def _level(value: float) -> int:
    return min(5, max(1, round(value)))
