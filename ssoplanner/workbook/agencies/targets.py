"""What a column of the file may mean: a fact of the agency, a figure of a service, or the average salary.

A target's key is `agency.FIELD`, `provision.FIELD` or `salary`; one of a provision also needs a service.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.text import capfirst

from ssoplanner.core.models import Agency, Provision

AGENCY, PROVISION, SALARY = "agency", "provision", "salary"
CODE, NAME, FTE, COST = f"{AGENCY}.code", f"{AGENCY}.name", f"{PROVISION}.fte", f"{PROVISION}.annual_cost"
FIELDS = {
    AGENCY: (
        "code",
        "name",
        "tier",
        "status",
        "headcount",
        "end_users",
        "operating_budget",
        "statutory_mandate",
        "collective_agreement",
        "budget_cycle",
    ),
    PROVISION: (
        "fte",
        "annual_cost",
        "volume",
        "users_served",
        "sla_met",
        "sla_total",
        "resolution_hours",
        "automated_share",
        "has_sop",
        "has_dashboard",
    ),
}
MODELS: dict[str, type[models.Model]] = {AGENCY: Agency, PROVISION: Provision}


@dataclass(frozen=True)
class Target:
    """`field` is the model's field; None for the average salary, which is stored nowhere."""

    key: str
    label: str
    of: str
    field: models.Field[Any, Any] | None = None

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.key.partition(".")[2]


@cache
def targets() -> dict[str, Target]:
    """Every target by its key, in the order in which they are offered."""
    found = [_of_field(of, name) for of, names in FIELDS.items() for name in names]
    return {target.key: target for target in [*found, Target(SALARY, "Average salary a year", SALARY)]}


def _of_field(of: str, name: str) -> Target:
    field: Any = MODELS[of]._meta.get_field(name)
    return Target(f"{of}.{name}", capfirst(str(field.verbose_name)), of, field)
