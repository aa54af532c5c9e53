"""The fictional State of Columbia Bay: names and sizes are made up, and every page says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ssoplanner.core.models import AgencyStatus

PLAN_NAME = "State of Columbia Bay shared services"
PROBLEM = (
    "Twelve agencies each run their own help desk, payroll, invoices and hiring. The same work costs one agency three "
    "times what it costs another, and nobody can say what a payslip or a ticket costs the state as a whole."
)
GOALS = (
    "Bring the cost of common services down by a fifth within five years, answer every request within a day, and let "
    "no agency pay more than it would on its own."
)


@dataclass(frozen=True)
class DemoAgency:
    code: str
    name: str
    headcount: int
    budget_millions: int
    status: AgencyStatus
    efficiency: float  # 1.0 is usual; below is cheaper
    maturity: float  # 0-1: share of work that is automated and runs by procedure
    agreement: str = ""
    mandate: str = ""


AGENCIES = (
    DemoAgency("DOH", "Department of Health", 8_400, 2_150, AgencyStatus.COMMITTED, 0.95, 0.55),
    DemoAgency("DOT", "Department of Transportation", 6_900, 1_820, AgencyStatus.ENGAGED, 1.05, 0.35),
    DemoAgency(
        "DOC",
        "Department of Corrections",
        5_600,
        940,
        AgencyStatus.CANDIDATE,
        1.20,
        0.15,
        agreement="Collective agreement with the corrections union until June 2028: work may not leave the facilities.",
    ),
    DemoAgency("DOR", "Department of Revenue", 2_300, 310, AgencyStatus.COMMITTED, 0.75, 0.85),
    DemoAgency("DHS", "Department of Human Services", 4_700, 1_260, AgencyStatus.ENGAGED, 1.10, 0.30),
    DemoAgency("DED", "Department of Education", 1_150, 420, AgencyStatus.ENGAGED, 1.00, 0.45),
    DemoAgency("DEQ", "Department of Environmental Quality", 980, 190, AgencyStatus.CANDIDATE, 1.15, 0.40),
    DemoAgency("DLI", "Department of Labor and Industry", 760, 120, AgencyStatus.COMMITTED, 0.80, 0.80),
    DemoAgency("DPR", "Department of Parks and Recreation", 610, 95, AgencyStatus.CANDIDATE, 1.45, 0.10),
    DemoAgency(
        "AGO",
        "Office of the Attorney General",
        420,
        88,
        AgencyStatus.CANDIDATE,
        1.35,
        0.25,
        mandate="The state constitution makes the office independent: legal files stay under its own control.",
    ),
    DemoAgency("SLA", "State Library and Archives", 140, 22, AgencyStatus.ENGAGED, 1.60, 0.20),
    DemoAgency("BOA", "Board of Accountancy", 34, 6, AgencyStatus.CANDIDATE, 2.10, 0.05),
)


@dataclass(frozen=True)
class DemoKpi:
    """What people decided about a starter KPI so far; figures are illustrative, in the KPI's unit."""

    metric: str
    baseline: Decimal | None
    target: Decimal
    owned: bool


KPIS = (
    DemoKpi("it_cost", Decimal(1_200), Decimal(900), True),
    DemoKpi("help_desk_fte", Decimal("1.8"), Decimal(1), True),
    DemoKpi("duplicates", Decimal(12), Decimal(3), False),
    DemoKpi("sla", Decimal(75), Decimal(90), True),
    DemoKpi("resolution", Decimal(48), Decimal(24), True),
    DemoKpi("sop", Decimal(30), Decimal(85), False),
    DemoKpi("migrated", Decimal(25), Decimal(80), True),
    DemoKpi("automated", None, Decimal(50), False),
    DemoKpi("dashboard", Decimal(20), Decimal(90), True),
    DemoKpi("staffing", None, Decimal(100), False),
)
