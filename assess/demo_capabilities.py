"""The capabilities of the fictional state: the starter set, the services that need some of them, what people concluded
of systems with one function, and what becomes of some candidates. Made up; the rest is still to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assess.models import Candidate, Capability, DuplicateFinding, Verdict
from assess.starter_capabilities import take_starter_capabilities
from ssoplanner.core.models import Plan, Service
from ssoplanner.recompute.writer import Actor, bulk_load, update

# Name of a capability -> the services of the starter catalogue that cannot be delivered without it.
SERVICES = {
    "Service desk": ("help-desk",),
    "Workplace management": ("workplace-devices",),
    "Hosting and cloud": ("hosting",),
    "Network management": ("network",),
    "Identity and access": ("identity-access", "help-desk"),
    "Security monitoring": ("security-operations",),
    "Recruitment": ("hiring",),
    "Personnel records": ("onboarding",),
    "Accounts payable": ("accounts-payable",),
    "Travel and expenses": ("travel-expenses",),
    "Ordering and receiving": ("purchasing",),
    "Gross to net": ("payroll",),
    "Time recording": ("time-attendance", "payroll"),
    "Fleet management": ("vehicle-pool",),
}
# Name of a capability -> verdict and reason.
VERDICTS = {
    "Service desk": (Verdict.SHARE, "Four desks take the same tickets; three of them close at five in the afternoon."),
    "Accounts payable": (Verdict.SHARE, "The same steps everywhere, and two contracts end within the year."),
    "Gross to net": (
        Verdict.SHARE,
        "One law and two agreements, computed by four systems, one of them without support.",
    ),
    "Ordering and receiving": (Verdict.SHARE, "Every agency orders from the same agreements already."),
    "Security monitoring": (Verdict.LATER, "Worth sharing, but the network has to be one before anybody can watch it."),
    "Time recording": (Verdict.LATER, "Shift rules differ between hospitals and road crews; agree on them first."),
    "Recruitment": (Verdict.KEEP, "The merit system statute names each appointing authority."),
    "Litigation": (Verdict.KEEP, "By statute it is the Attorney General's alone."),
}
# Function -> whether its systems are duplicates, and why.
FINDINGS = {
    "Payroll": (True, "All four compute pay under the same law; the differences are in the agreements they hold."),
    "Service desk": (True, "Tickets, queues and an address book; no desk has a feature that the others lack."),
    "Accounts payable": (True, "Invoices are matched and paid in the same steps in all three."),
    "Records": (False, "One holds health records under federal rules and may not be joined with the rest."),
}


def load_capabilities(plan: Plan, actor: Actor) -> None:
    """The tree first: what the agencies rate has to be there."""
    take_starter_capabilities(plan, actor)
    rows = {row.name: row for row in Capability.objects.for_plan(plan)}
    services = {row.standard: row for row in Service.objects.for_plan(plan)}
    for name, standards in SERVICES.items():
        needed = [services[one] for one in standards if one in services]
        update(rows[name], actor=actor, version=rows[name].version, values={"services": needed})
    bulk_load(Candidate, plan=plan, actor=actor, rows=_verdicts(rows), label="verdicts on candidates")
    bulk_load(DuplicateFinding, plan=plan, actor=actor, rows=_findings(), label="findings on duplicates")


def _verdicts(rows: dict[str, Capability]) -> Iterator[dict[str, Any]]:
    for name, (verdict, reason) in VERDICTS.items():
        yield {"capability": rows[name], "verdict": verdict, "reason": reason}


def _findings() -> Iterator[dict[str, Any]]:
    for function, (is_duplicate, reason) in FINDINGS.items():
        yield {"function": function, "is_duplicate": is_duplicate, "reason": reason}
