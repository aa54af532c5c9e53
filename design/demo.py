"""What the shared organization of the fictional state is to cost: made up, like all its figures. ssoplanner.demo finds
`load` by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from design.models import CostPool
from ssoplanner.core.models import Plan, Service, User
from ssoplanner.recompute.writer import Actor, bulk_load

ADVERTISING = "2 CFR 200.421: advertising is not allowable"
# Service of the starter catalogue ("" for all), name, kind, amount, and what else is said. Years count from the base.
POOLS: tuple[tuple[str, str, str, str, Mapping[str, Any]], ...] = (
    ("", "Service platform: licences and operation", "fixed", "1150000", {"inflation": "0.03"}),
    ("", "Director, service management and board office", "fixed", "820000", {"inflation": "0.025"}),
    ("", "Setting up the platform and its interfaces", "one_time", "4800000", {"spread_years": 5}),
    ("", "Cleaning and moving the data", "one_time", "900000", {"spread_years": 3}),
    ("", "Information campaign at the launch", "one_time", "120000", {"unallowable_reason": ADVERTISING}),
    ("help-desk", "Agents of the help desk", "step", "285000", {"step_volume": 25_000, "inflation": "0.025"}),
    ("help-desk", "Ticket tool and telephony", "variable", "4.20", {"scale_exponent": "0.92"}),
    ("identity-access", "Directory and single sign-on", "fixed", "330000", {"inflation": "0.03"}),
    ("identity-access", "Licence for each account", "variable", "11.50", {}),
    ("payroll", "Payroll system", "fixed", "690000", {"inflation": "0.03"}),
    ("payroll", "Payroll clerks", "step", "112000", {"step_volume": 60_000, "inflation": "0.025"}),
    ("payroll", "Printing and mailing payslips", "variable", "0.09", {"is_billed": True, "source": ""}),
    ("accounts-payable", "Invoice capture and approval", "fixed", "240000", {"inflation": "0.03"}),
    ("accounts-payable", "Invoice clerks", "step", "78000", {"step_volume": 15_000, "inflation": "0.025"}),
    ("accounts-payable", "Postage and bank fees", "variable", "0.62", {"is_billed": True}),
    ("travel-expenses", "Checking and paying claims", "variable", "6.40", {"scale_exponent": "0.95"}),
    ("purchasing", "Electronic catalogue", "fixed", "210000", {"inflation": "0.03"}),
    ("purchasing", "Buyers", "step", "86000", {"step_volume": 2_500, "inflation": "0.025"}),
)


def load(plan: Plan, actor: Actor, people: Mapping[str, User]) -> None:
    """`people` are those of the demo by their address; `actor` is the command that loads it."""
    analyst = replace(actor, user=people["analyst@example.gov"])
    bulk_load(CostPool, plan=plan, actor=analyst, rows=_pools(plan), label="costs of the shared organization")


def _pools(plan: Plan) -> Iterator[dict[str, Any]]:
    services = {row.standard: row for row in Service.objects.for_plan(plan)}
    for standard, name, kind, amount, more in POOLS:
        yield {
            "name": name,
            "service": services[standard] if standard else None,
            "kind": kind,
            "amount": Decimal(amount),
            "first_year": plan.base_year + 1,
            "is_allowable": "unallowable_reason" not in more,
            "source": "Illustrative",
            **{field: Decimal(value) if field in DECIMALS else value for field, value in more.items()},
        }


DECIMALS = {"inflation", "scale_exponent"}
