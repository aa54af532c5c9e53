"""Calculations of the tests' own, whose formulas a test repeats in a line, and what must hold of them at any time.

`size` of an agency is its headcount, `share` twice that, `total` the sum of the sizes of those that did not leave,
`label` of a service its unit, `today` of an agency its end users with the date, `dates` of the plan all of these, and
`draws`, in the slow lane, stands on `total`. A formula of revision n multiplies by n.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F

from ssoplanner.core.models import Agency, AgencyStatus, Plan, Service, ServiceArea
from ssoplanner.recompute import clock
from ssoplanner.recompute.building import build_rows, claim, dirty_rows, ready
from ssoplanner.recompute.calculations import (
    PER_AGENCY,
    PER_PLAN,
    PER_SERVICE,
    Audience,
    Calculation,
    Key,
    Lane,
    Upstream,
    every,
    itself,
    whole_plan,
)
from ssoplanner.recompute.compute import Computation, Made, is_current
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.snapshot import read_snapshot
from ssoplanner.recompute.writer import update
from tests.world import COMMAND, make

ENGINE = {"transaction": True, "databases": ["default", "snapshot"]}
SIZE, SHARE, TOTAL, LABEL = "t.size", "t.share", "t.total", "t.label"
TODAY, DATES, DRAWS = "t.today", "t.dates", "t.draws"
Hook = Callable[[str], None]
Payloads = dict[Key, Mapping[str, Any]]


@dataclass
class Figures:
    """Counts what is computed, and calls `during[key](partition)` after the inputs are read, before the formula."""

    computed: Counter[Key] = field(default_factory=Counter)
    during: dict[str, Hook] = field(default_factory=dict)

    def all(self, **revisions: int) -> list[Calculation]:
        """Every calculation, `size=2` with the second revision of its formula."""
        return [self._one(name, revisions.get(name, 1)) for name in ("size", "share", "total", "label")] + [
            self._one(name, revisions.get(name, 1)) for name in ("today", "dates", "draws")
        ]

    def some(self, *names: str, **revisions: int) -> list[Calculation]:
        return [one for one in self.all(**revisions) if one.key.removeprefix("t.") in names]

    def _one(self, name: str, revision: int) -> Calculation:
        def calculate(inputs: Any) -> Any:
            partition, payload = inputs
            self.computed[f"t.{name}", partition] += 1
            self.during.get(f"t.{name}", lambda partition: None)(partition)
            return payload

        def load(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date) -> Any:
            return partition, LOADERS[name](db, plan_id, partition, upstream, as_of, revision)

        facts = {"key": f"t.{name}", "title": name, "audience": Audience.RELEASED, "revision": revision}
        return Calculation(**facts, **DECLARED[name], load=load, calculate=calculate)


DECLARED: dict[str, dict[str, Any]] = {
    "size": {"per": PER_AGENCY, "reads": {Agency: itself.only("headcount")}},
    "share": {"per": PER_AGENCY, "needs": (SIZE,), "reads": {}},
    "total": {"per": PER_PLAN, "needs": (SIZE,), "reads": {Agency: whole_plan.only("status")}},
    "label": {"per": PER_SERVICE, "reads": {Service: itself.only("volume_unit")}},
    "today": {
        "per": PER_AGENCY,
        "daily": True,
        "reads": {Agency: itself.only("end_users"), Plan: every.only("time_zone")},
    },
    "dates": {"per": PER_PLAN, "needs": (TODAY,), "reads": {}},
    "draws": {"per": PER_PLAN, "needs": (TOTAL,), "lane": Lane.SLOW, "reads": {}},
}


def _agency(db: str, plan_id: int, partition: str) -> Agency:
    found: Agency = Agency.objects.using(db).filter(plan_id=plan_id).get(pk=partition)
    return found


def _size(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date, revision: int) -> Any:
    return {"size": (_agency(db, plan_id, partition).headcount or 0) * revision}


def _share(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date, revision: int) -> Any:
    return {"share": upstream[SIZE][partition]["size"] * 2 * revision}


def _total(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date, revision: int) -> Any:
    inside = Agency.objects.using(db).filter(plan_id=plan_id).exclude(status=AgencyStatus.LEFT)
    return {"total": sum(upstream[SIZE][str(pk)]["size"] for pk in inside.values_list("pk", flat=True)) * revision}


def _label(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date, revision: int) -> Any:
    return {"label": Service.objects.using(db).filter(plan_id=plan_id).get(pk=partition).volume_unit * revision}


def _today(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date, revision: int) -> Any:
    return {"day": as_of.isoformat(), "users": (_agency(db, plan_id, partition).end_users or 0) * revision}


def _dates(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date, revision: int) -> Any:
    return {"dates": sorted([pk, dict(one)["day"], one["users"]] for pk, one in upstream[TODAY].items())}


def _draws(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date, revision: int) -> Any:
    return {"draws": upstream[TOTAL][""]["total"] * 10 * revision}


LOADERS: dict[str, Callable[..., Any]] = {
    "size": _size,
    "share": _share,
    "total": _total,
    "label": _label,
    "today": _today,
    "dates": _dates,
    "draws": _draws,
}


# --- Rows -----------------------------------------------------------------------------------------------------------


def small_plan(agencies: int = 2, slug: str = "small") -> Plan:
    """A plan with agencies of 10, 20 ... people and one service."""
    plan = new_plan(name="Small", slug=slug, actor=COMMAND)
    for number in range(1, agencies + 1):
        make(Agency, plan, code=f"A{number}", name=f"Agency {number}", headcount=10 * number)
    area = make(ServiceArea, plan, code="IT", name="IT")
    make(Service, plan, area=area, code="S1", name="Desk", volume_unit="ticket")
    return plan


def agency(plan: Plan, number: int = 1) -> Agency:
    found: Agency = Agency.objects.for_plan(plan).get(code=f"A{number}")
    return found


def two_agencies(plan: Plan) -> tuple[Agency, Agency]:
    """The agencies of a small plan in the order of their partitions, which a batch takes by name: 10 before 9."""
    first, second = sorted(Agency.objects.for_plan(plan), key=lambda row: str(row.pk))
    return first, second


def change(row: Any, **values: Any) -> Any:
    """One save of a row as it is stored now."""
    row = type(row)._base_manager.get(pk=row.pk)
    return update(row, actor=COMMAND, version=row.version, values=values)


def counter(plan: Plan, key: str, partition: object = "") -> Derived:
    return Derived.objects.get(plan=plan, calculation=key, partition=str(partition))


def dirty(plan: Plan) -> list[Key]:
    rows = Derived.objects.filter(plan=plan, built__lt=F("wanted"), retired_at=None)
    return sorted(rows.values_list("calculation", "partition"))


def counts(plan: Plan) -> dict[Key, int]:
    """How often each partition was counted up."""
    rows = Derived.objects.filter(plan=plan).values_list("calculation", "partition", "wanted")
    return {(key, partition): wanted for key, partition, wanted in rows}


def moved(before: Mapping[Key, int], after: Mapping[Key, int]) -> dict[Key, int]:
    """What was counted up between two `counts`, and by how much."""
    return {key: more for key, wanted in after.items() if (more := wanted - before.get(key, 0))}


# --- What must hold -------------------------------------------------------------------------------------------------


def payload(plan: Plan, key: str, partition: object = "") -> Any:
    return json.loads(counter(plan, key, partition).result.payload)


def said_current(plan: Plan, now: datetime | None = None) -> Payloads:
    """What the stored results claim to be: only those that say they are current."""
    rows = Derived.objects.filter(plan=plan, retired_at=None).select_related("result")
    current = [row for row in rows if is_current(row, now or clock.now())]
    return {(row.calculation, row.partition): json.loads(row.result.payload) for row in current}


def truth(plan: Plan, day: date, /, **revisions: int) -> Payloads:
    """What the formulas give for the inputs as they stand now, written down apart from the engine."""
    by = {name: revisions.get(name, 1) for name in LOADERS}
    rows = {str(row.pk): row for row in Agency.objects.for_plan(plan)}
    sizes = {pk: (row.headcount or 0) * by["size"] for pk, row in rows.items()}
    users = {pk: (row.end_users or 0) * by["today"] for pk, row in rows.items()}
    total = sum(size for pk, size in sizes.items() if rows[pk].status != AgencyStatus.LEFT) * by["total"]
    units = Service.objects.for_plan(plan).values_list("pk", "volume_unit")
    return {
        **{(SIZE, pk): {"size": size} for pk, size in sizes.items()},
        **{(SHARE, pk): {"share": size * 2 * by["share"]} for pk, size in sizes.items()},
        (TOTAL, ""): {"total": total},
        **{(LABEL, str(pk)): {"label": unit * by["label"]} for pk, unit in units},
        **{(TODAY, pk): {"day": day.isoformat(), "users": some} for pk, some in users.items()},
        (DATES, ""): {"dates": sorted([pk, day.isoformat(), some] for pk, some in users.items())},
        (DRAWS, ""): {"draws": total * 10 * by["draws"]},
    }


def lies(plan: Plan, day: date, /, **revisions: int) -> list[str]:
    """The results that say they are current and are not what the formula gives now."""
    right = truth(plan, day, **revisions)
    return [
        f"{key}: {said}, not {right.get(key)}" for key, said in said_current(plan).items() if said != right.get(key)
    ]


# --- Building -------------------------------------------------------------------------------------------------------


def due(plan: Plan, lane: Lane = Lane.FAST) -> list[Key]:
    """What a builder that comes now takes first."""
    return [(row.calculation, row.partition) for row in ready(dirty_rows(plan.pk, lane), clock.now())]


def build_due(plan: Plan, lane: Lane = Lane.FAST, levels: int = 100) -> int:
    """As a builder that does not wait for what becomes due later; at most so many batches. Returns rows published."""
    built = 0
    for _ in range(levels):
        claimed = claim(ready(dirty_rows(plan.pk, lane), clock.now()))
        if not claimed:
            break
        built += build_rows(plan.pk, claimed)
    return built


def made_now(plan: Plan, key: str, partition: object = "") -> Made:
    """What a builder has in its hands before it publishes."""
    with read_snapshot() as db:
        row = counter(plan, key, partition)
        return Computation(db, plan.pk, clock.now(), [row.pk]).make(key, str(partition))


def settle(plan: Plan, stepped: Any) -> None:
    """Build until nothing is left to build, however long that takes by the stepped clock."""
    for _ in range(200):
        build_due(plan)
        build_due(plan, Lane.SLOW)
        if not dirty(plan):
            return
        stepped.step(0.5)
    raise AssertionError(f"not built after 100 s: {dirty(plan)}")
