"""Start a plan and remove one."""

from __future__ import annotations

from itertools import chain, count
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from ssoplanner.core.models import AuditEvent, Plan
from ssoplanner.core.triggers import maintenance
from ssoplanner.core.writing import writing
from ssoplanner.recompute.writer import Actor, create

LONGEST_SLUG = 50


def new_plan(*, name: str, actor: Actor, slug: str | None = None, **settings: Any) -> Plan:
    """An empty plan; its address is made from its name, with a number where that is taken."""
    with transaction.atomic():
        values = {"name": name, "slug": slug or free_slug(name), **settings}
        return create(Plan, plan=None, actor=actor, values=values)


def free_slug(name: str) -> str:
    base = slugify(name)[:LONGEST_SLUG] or "plan"
    taken = set(Plan.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return next(slug for slug in chain([base], numbered) if slug not in taken)


def delete_plan(plan: Plan, *, reason: str) -> None:
    """Remove a plan with everything in it, its audit included. Accounts stay. There is no way back but a backup."""
    with maintenance(reason), writing():
        AuditEvent.objects.for_plan(plan)._raw_delete("default")
        plan.delete()
