"""From what the agencies rate to what the calculations of one agency and of technology over all agencies take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assess.calc import architecture, technology_map
from assess.models import Aspect, Capability, CapabilityRating, TechnologyRating
from ssoplanner.core.models import Agency, AgencyStatus
from ssoplanner.recompute.calculations import Incomplete, Missing, Upstream

ASPECTS = tuple(Aspect.values)
NO_CAPABILITIES = Missing("The plan has no capabilities yet. Begin with the starter set.", "capabilities")
NOT_RATED = Missing("No agency has rated its technology yet.", "architecture")


def load_architecture(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> architecture.AgencyInput | Incomplete:
    """What one agency rated, and the lowest capabilities that it is asked about."""
    agency = int(partition)
    tree = Capability.objects.using(db).filter(plan_id=plan_id).order_by("pk").values_list("pk", "parent_id")
    parents = dict(tree)
    said = TechnologyRating.objects.using(db).filter(plan_id=plan_id, agency_id=agency).order_by("pk")
    levels = dict(said.values_list("aspect", "level"))
    ratings = tuple(_ratings(db, plan_id, agency))
    if not parents and not levels and not ratings:
        rate = Missing("The agency has not rated its technology yet.", "architecture_agency", {"agency_id": agency})
        return Incomplete((NO_CAPABILITIES, rate))
    above = set(parents.values())
    leaves = tuple(pk for pk in parents if pk not in above)
    return architecture.AgencyInput(ASPECTS, levels, leaves, ratings)


def _ratings(db: str, plan_id: int, agency: int) -> Iterator[architecture.RatingInput]:
    links = CapabilityRating.systems.through.objects.using(db).filter(
        capabilityrating__plan_id=plan_id, capabilityrating__agency_id=agency
    )
    systems: dict[int, list[int]] = {}
    for rating, system in links.order_by("pk").values_list("capabilityrating_id", "system_id"):
        systems.setdefault(rating, []).append(system)
    rows = CapabilityRating.objects.using(db).filter(plan_id=plan_id, agency_id=agency).order_by("pk")
    facts = ("pk", "capability_id", "ownership", "importance", "target", *architecture.PILLARS)
    for pk, capability, owned, importance, target, *pillars in rows.values_list(*facts):
        used = tuple(systems.get(pk, ()))
        yield architecture.RatingInput(capability, owned, importance, tuple(pillars), target, used)


def load_technology_map(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> technology_map.PlanInput | Incomplete:
    """The profiles of the agencies in the program; one whose own result is incomplete has no level."""
    states = upstream["assess.architecture"]
    agencies = Agency.objects.using(db).filter(plan_id=plan_id).exclude(status=AgencyStatus.LEFT).order_by("pk")
    rows = tuple(
        technology_map.AgencyInput(pk, states.get(str(pk), {}).get("profile", {}))
        for pk in agencies.values_list("pk", flat=True)
    )
    if not any(level is not None for row in rows for level in row.levels.values()):
        return Incomplete((NOT_RATED,))
    return technology_map.PlanInput(ASPECTS, rows)
