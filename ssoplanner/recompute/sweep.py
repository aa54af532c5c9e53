"""What makes figures stale without anybody saving: a new calculation, a raised formula, a date that has passed.

Every worker sweeps by its own timer. Two who find the same only count it twice, which is harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F, Q

from ssoplanner.core.models import Plan
from ssoplanner.recompute import clock
from ssoplanner.recompute.calculations import Key, calculations
from ssoplanner.recompute.compute import LONGEST_DAY
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.touch import lock_partitions, spread, touch


def sweep() -> int:
    """Count up what a raised formula or a passed date made stale. Returns the rows found; two queries if none."""
    return _touch_all(_outdated(), raise_formula=True) + _touch_all(_expired(), raise_formula=False)


def _outdated() -> Iterable[tuple[int, str, str]]:
    older = Q()
    for key, calculation in calculations().items():
        older |= Q(calculation=key, formula_revision__lt=calculation.revision)
    rows = Derived.objects.filter(older, retired_at=None) if older else Derived.objects.none()
    return rows.values_list("plan_id", "calculation", "partition")


def _expired() -> Iterable[tuple[int, str, str]]:
    now = clock.now()
    over = Q(valid_until__lte=now) | Q(valid_until__gt=now + LONGEST_DAY)
    rows = Derived.objects.filter(over, built=F("wanted"), retired_at=None, calculation__in=calculations())
    return rows.values_list("plan_id", "calculation", "partition")


def _touch_all(found: Iterable[tuple[int, str, str]], *, raise_formula: bool) -> int:
    by_plan: dict[int, set[Key]] = {}
    for plan_id, key, partition in found:
        by_plan.setdefault(plan_id, set()).add((key, partition))
    for plan_id, keys in by_plan.items():
        with transaction.atomic():
            touch(plan_id, spread(plan_id, _direct(keys)))
            if raise_formula:
                _raise_formulas(plan_id, keys)
    return sum(map(len, by_plan.values()))


def _raise_formulas(plan_id: int, keys: Iterable[Key]) -> None:
    """Of the rows just counted up, and no other: one that was not is current by the older formula."""
    for key, partitions in sorted(_direct(keys).items()):
        rows = Derived.objects.filter(plan_id=plan_id, calculation=key, partition__in=partitions)
        revision = calculations()[key].revision
        rows.filter(formula_revision__lt=revision).update(formula_revision=revision)


def _direct(keys: Iterable[Key]) -> Mapping[str, set[str]]:
    direct: dict[str, set[str]] = {}
    for key, partition in keys:
        direct.setdefault(key, set()).add(partition)
    return direct


def seed() -> int:
    """Insert the rows of partitions that have none yet, as after a release with a new calculation. Returns how many."""
    return sum(seed_plan(plan_id) for plan_id in Plan.objects.values_list("pk", flat=True))


def seed_plan(plan_id: int) -> int:
    """As `seed`, for one plan; what stands above the new rows is counted up."""
    with transaction.atomic():
        lock_partitions(plan_id)  # before looking: one that is being removed must not come back
        there = set(Derived.objects.filter(plan_id=plan_id).values_list("calculation", "partition"))
        missing = _wanted(plan_id) - there
        if missing:
            touch(plan_id, spread(plan_id, _direct(missing), adding=True))
    return len(missing)


def _wanted(plan_id: int) -> set[Key]:
    partitions = {per: per.partitions(plan_id) for per in {each.per for each in calculations().values()}}
    return {(key, one) for key, calculation in calculations().items() for one in partitions[calculation.per]}
