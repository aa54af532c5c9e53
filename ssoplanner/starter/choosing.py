"""Take services from the starter catalogue into a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from ssoplanner.core.models import Plan, Service, ServiceArea
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, bulk_load, update
from ssoplanner.starter.once import one_at_a_time
from ssoplanner.starter.services import starter_services


class CannotChoose(Exception):
    """Nothing was chosen, or something that the catalogue does not have; `str()` says so."""


@dataclass(frozen=True)
class Presence:
    """Which starter services a plan has, by key, and which of its own have the name of one that it has not."""

    there: Mapping[str, Service]
    same_name: Mapping[str, Service]


@dataclass(frozen=True)
class Chosen:
    """What came into the plan: new services, new areas for them, and own services that became standard ones."""

    added: tuple[Service, ...]
    areas: tuple[ServiceArea, ...]
    linked: tuple[Service, ...]


def presence(plan: Plan) -> Presence:
    """How the plan's catalogue and the starter catalogue overlap: one query."""
    services = list(Service.objects.for_plan(plan))
    there = {service.standard: service for service in services if service.standard}
    own = {_plain(service.name): service for service in services if not service.standard}
    names = {key: _plain(service.name) for key, (_, service) in starter_services().items() if key not in there}
    return Presence(there, {key: own[name] for key, name in names.items() if name in own})


def choose_services(plan: Plan, actor: Actor, standards: Iterable[str]) -> Chosen:
    """Add the chosen services, with their areas, that are not in the plan yet. Raises `CannotChoose`.

    A service that the plan has under the same name is not added a second time: it becomes the standard one.
    """
    wanted = set(standards)
    if not wanted:
        raise CannotChoose("Choose at least one service.")
    if unknown := wanted - starter_services().keys():
        raise CannotChoose(f"The starter catalogue has no service {', '.join(sorted(unknown))}. Reload the page.")
    with saving():
        one_at_a_time(plan)
        found = presence(plan)
        links = [(service, key) for key, service in found.same_name.items() if key in wanted]
        missing = [key for key in starter_services() if key in wanted - found.there.keys() - found.same_name.keys()]
        areas = _add_areas(plan, actor, missing)
        return Chosen(
            added=tuple(_load(Service, plan, actor, _service_rows(plan, missing))),
            areas=tuple(areas),
            linked=tuple(_link(service, actor, key) for service, key in links),
        )


def _add_areas(plan: Plan, actor: Actor, keys: Iterable[str]) -> list[ServiceArea]:
    held = _areas(plan)
    wanted = {area.code: area for area, _ in (starter_services()[key] for key in keys)}
    rows = [{"code": code, "name": area.name} for code, area in wanted.items() if code.casefold() not in held]
    return _load(ServiceArea, plan, actor, rows)


def _areas(plan: Plan) -> dict[str, ServiceArea]:
    return {area.code.casefold(): area for area in ServiceArea.objects.for_plan(plan)}


def _service_rows(plan: Plan, keys: Iterable[str]) -> Iterator[dict[str, Any]]:
    areas = _areas(plan)
    taken = set(Service.objects.for_plan(plan).values_list("code", flat=True))
    for area, service in (starter_services()[key] for key in keys):
        yield {
            "area": areas[area.code.casefold()],
            "code": free_code(service.code, taken),
            "name": service.name,
            "volume_unit": service.unit,
            "description": service.covers,
            "standard": service.standard,
        }


def free_code(code: str, taken: set[str]) -> str:
    """The code, with a number behind it where the plan uses it for something of its own."""
    return next(one for one in chain([code], (f"{code}-{number}" for number in count(2))) if one not in taken)


def _load(model: type[Any], plan: Plan, actor: Actor, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    rows = list(rows)
    label = f"{model._meta.verbose_name_plural} from the starter catalogue"
    return bulk_load(model, plan=plan, actor=actor, rows=rows, label=label) if rows else []


def _link(service: Service, actor: Actor, key: str) -> Service:
    return update(service, actor=actor, version=service.version, values={"standard": key})


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
