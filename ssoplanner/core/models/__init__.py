"""The shared model: what all five phases read and write."""

from ssoplanner.core.models.agency import Agency, AgencyStatus
from ssoplanner.core.models.audit import Action, AuditEvent, Maintenance, Source
from ssoplanner.core.models.kpi import (
    Benchmark,
    BenchmarkMeasure,
    Cadence,
    Direction,
    Kpi,
    Measurement,
    PerformanceArea,
)
from ssoplanner.core.models.people import Membership, Role, User
from ssoplanner.core.models.plan import Plan, Tier
from ssoplanner.core.models.rows import PlanRow, Versioned
from ssoplanner.core.models.service import Provision, Service, ServiceArea, System

__all__ = [
    "Action",
    "Agency",
    "AgencyStatus",
    "AuditEvent",
    "Benchmark",
    "BenchmarkMeasure",
    "Cadence",
    "Direction",
    "Kpi",
    "Maintenance",
    "Measurement",
    "Membership",
    "PerformanceArea",
    "Plan",
    "PlanRow",
    "Provision",
    "Role",
    "Service",
    "ServiceArea",
    "Source",
    "System",
    "Tier",
    "User",
    "Versioned",
]
