"""From capabilities, systems and the agencies' own results to what the calculations of the whole architecture take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from assess.calc import candidates, capability_map, duplicates, overlap
from assess.models import Capability, DuplicateFinding
from ssoplanner.core.models import Agency, AgencyStatus, System
from ssoplanner.recompute.calculations import Incomplete, Missing, Upstream

ARCHITECTURE, MAP = "assess.architecture", "assess.capability_map"
NO_CAPABILITIES = Missing("The plan has no capabilities yet. Begin with the starter set.", "capabilities")
NOT_RATED = Missing("No agency has rated a capability yet.", "capabilities")
NO_SYSTEMS = Missing("No agency in the program uses a system of the register yet.", "systems")


def load_capability_map(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> capability_map.PlanInput | Incomplete:
    """The tree, the results of the agencies in the program, and what each system costs."""
    rows = Capability.objects.using(db).filter(plan_id=plan_id).order_by("pk")
    parents = dict(rows.values_list("pk", "parent_id"))
    if not parents:
        return Incomplete((NO_CAPABILITIES,))
    states = upstream[ARCHITECTURE]
    agencies = [_agency(pk, states.get(str(pk), {})) for pk in _in_program(db, plan_id)]
    if not any(agency.rated for agency in agencies):
        return Incomplete((NOT_RATED,))
    systems = System.objects.using(db).filter(plan_id=plan_id).order_by("pk")
    costs = {pk: _cents(cost) for pk, cost in systems.values_list("pk", "annual_cost")}
    return capability_map.PlanInput(parents, agencies, costs)


def _agency(pk: int, state: Mapping[str, Any]) -> capability_map.AgencyInput:
    """Its result; one that is incomplete says nothing of any capability."""
    return capability_map.AgencyInput(
        id=pk,
        capabilities=state.get("capabilities", ()),
        ownership=state.get("ownership", ()),
        scores={score: state.get(score, ()) for score in capability_map.SCORES},
        systems=state.get("systems", ()),
        rated=state.get("rated", 0),
        expected=state.get("expected", 0),
    )


def load_duplicates(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> duplicates.PlanInput | Incomplete:
    """The systems that agencies in the program use, and what people concluded of their functions."""
    inside = set(_in_program(db, plan_id))
    used = _agencies_of_systems(db, plan_id)
    rows = System.objects.using(db).filter(plan_id=plan_id).order_by("pk")
    facts = rows.values_list("pk", "function", "users", "annual_cost", "contract_end")
    systems = tuple(
        duplicates.SystemInput(function, frozenset(used[pk] & inside), users, _cents(cost), end)
        for pk, function, users, cost, end in facts
        if used.get(pk, set()) & inside
    )
    if not systems:
        return Incomplete((NO_SYSTEMS,))
    findings = DuplicateFinding.objects.using(db).filter(plan_id=plan_id).order_by("pk")
    return duplicates.PlanInput(systems, dict(findings.values_list("function", "is_duplicate")))


def load_overlap(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> overlap.PlanInput | Incomplete:
    """What each agency in the program performs and uses."""
    states, systems = upstream[ARCHITECTURE], dict[int, set[int]]()
    for system, agencies in _agencies_of_systems(db, plan_id).items():
        for agency in agencies:
            systems.setdefault(agency, set()).add(system)
    rows = tuple(
        overlap.AgencyInput(pk, frozenset(_performed(states.get(str(pk), {}))), frozenset(systems.get(pk, ())))
        for pk in _in_program(db, plan_id)
    )
    if sum(bool(row.capabilities or row.systems) for row in rows) < 2:
        return Incomplete((Missing("Fewer than two agencies have rated capabilities or use systems.", "systems"),))
    return overlap.PlanInput(rows)


def _performed(state: Mapping[str, Any]) -> Iterable[int]:
    columns = zip(state.get("capabilities", ()), state.get("ownership", ()), strict=True)
    return (capability for capability, owned in columns if owned in capability_map.PERFORMED)


def load_candidates(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> candidates.PlanInput | Incomplete:
    """The lowest capabilities of the map, with the services that need them."""
    found = upstream[MAP][""]
    if "nodes" not in found:
        return Incomplete((NOT_RATED,))
    links = Capability.services.through.objects.using(db).filter(capability__plan_id=plan_id)
    services: dict[int, list[int]] = {}
    for capability, service in links.order_by("service_id").values_list("capability_id", "service_id"):
        services.setdefault(capability, []).append(service)
    nodes = found["nodes"]
    return candidates.PlanInput(
        tuple(_candidate(nodes, place, services) for place, leaf in enumerate(nodes["leaf"]) if leaf)
    )


def _candidate(nodes: Mapping[str, Any], place: int, services: Mapping[int, list[int]]) -> candidates.CapabilityInput:
    pk = nodes["id"][place]
    return candidates.CapabilityInput(
        id=pk,
        ratings=nodes["ratings"][place],
        agencies=nodes["agencies"][place],
        own=nodes["ownership"]["own"][place],
        importance=nodes["scores"]["importance"][place],
        gap=nodes["scores"]["gap"][place],
        systems=nodes["systems"][place],
        cost_cents=nodes["cost_cents"][place],
        services=services.get(pk, ()),
    )


def _in_program(db: str, plan_id: int) -> list[int]:
    rows = Agency.objects.using(db).filter(plan_id=plan_id).exclude(status=AgencyStatus.LEFT)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _agencies_of_systems(db: str, plan_id: int) -> dict[int, set[int]]:
    links = System.agencies.through.objects.using(db).filter(system__plan_id=plan_id)
    found: dict[int, set[int]] = {}
    for system, agency in links.values_list("system_id", "agency_id"):
        found.setdefault(system, set()).add(agency)
    return found


def _cents(value: Decimal | None) -> int | None:
    return None if value is None else int(value * 100)
