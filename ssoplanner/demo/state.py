"""The fictional State of Columbia Bay: names and sizes are made up, and every page says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ssoplanner.core.models import AgencyStatus, Direction, PerformanceArea

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
class DemoService:
    """Per employee and year: volume and cost at usual efficiency; per FTE and year: volume."""

    area: str
    code: str
    name: str
    unit: str
    volume_per_head: float
    cost_per_unit: int
    volume_per_fte: int
    covers: str


AREAS = (("FIN", "Finance"), ("HR", "Human resources"), ("IT", "Information technology"), ("PRO", "Procurement"))
SERVICES = (
    DemoService(
        "FIN", "FIN-1", "Accounts payable", "invoice", 6.5, 9, 8_500, "Receiving, matching and paying invoices."
    ),
    DemoService("FIN", "FIN-2", "Travel and expenses", "claim", 1.8, 24, 3_200, "Checking and paying travel claims."),
    DemoService("HR", "HR-1", "Hiring", "hire", 0.12, 3_400, 38, "From a vacancy to the first working day."),
    DemoService("HR", "HR-2", "Payroll", "payslip", 26.0, 5, 22_000, "Computing and paying wages, with corrections."),
    DemoService("IT", "IT-1", "Service desk", "ticket", 7.0, 31, 2_900, "First answer to requests and faults."),
    DemoService(
        "IT", "IT-2", "Workplace devices", "device", 1.1, 420, 260, "Buying, setting up and replacing devices."
    ),
    DemoService(
        "IT", "IT-3", "Hosting", "server", 0.06, 5_200, 45, "Running servers and storage, in house or in a cloud."
    ),
    DemoService("PRO", "PRO-1", "Purchasing", "order", 1.4, 68, 900, "From a request to a signed order."),
)


@dataclass(frozen=True)
class DemoSystem:
    name: str
    vendor: str
    function: str
    agencies: tuple[str, ...]
    service: str
    cost_thousands: int
    contract_end: tuple[int, int, int]


SYSTEMS = (
    DemoSystem("PayRight", "Northgate Payroll", "Payroll", ("DOH", "DHS"), "HR-2", 1_240, (2027, 6, 30)),
    DemoSystem("Wages 9", "Bellwether Systems", "Payroll", ("DOT", "DOC"), "HR-2", 1_610, (2027, 3, 31)),
    DemoSystem("StatePay", "Own development", "Payroll", ("DOR", "DLI", "DED"), "HR-2", 890, (2029, 12, 31)),
    DemoSystem("HelpNow", "Quartz Software", "Service desk", ("DOH", "DED", "DEQ"), "IT-1", 410, (2028, 6, 30)),
    DemoSystem("Ticketline", "Harbor IT", "Service desk", ("DOT", "DOC", "DPR"), "IT-1", 520, (2027, 1, 31)),
    DemoSystem("DeskPoint", "Quartz Software", "Service desk", ("DOR", "DLI"), "IT-1", 180, (2028, 9, 30)),
    DemoSystem("LedgerOne", "Summit Finance", "Accounts payable", ("DOH", "DOR", "DLI"), "FIN-1", 1_950, (2030, 6, 30)),
    DemoSystem(
        "FinTrack", "Old Mill Software", "Accounts payable", ("DOT", "DHS", "AGO"), "FIN-1", 1_480, (2027, 5, 31)
    ),
    DemoSystem("BuyRoom", "Summit Finance", "Purchasing", ("DOH", "DOT", "DHS", "DED"), "PRO-1", 640, (2028, 12, 31)),
)


@dataclass(frozen=True)
class DemoKpi:
    """One of the starter metrics: illustrative figures that every plan edits."""

    code: str
    name: str
    unit: str
    area: PerformanceArea
    direction: Direction
    baseline: Decimal | None
    target: Decimal
    owned: bool
    pillars: tuple[str, ...]


LOWER, HIGHER = Direction.LOWER, Direction.HIGHER
COST, SERVICE = PerformanceArea.COST, PerformanceArea.SERVICE
SCALE, DIGITAL = PerformanceArea.SCALE, PerformanceArea.DIGITAL
KPIS = (
    DemoKpi(
        "C1",
        "IT service delivery cost per user",
        "USD a year",
        COST,
        LOWER,
        Decimal(1200),
        Decimal(900),
        True,
        ("technology",),
    ),
    DemoKpi(
        "C2", "Help desk FTE per 1,000 end users", "FTE", COST, LOWER, Decimal("1.8"), Decimal(1), True, ("people",)
    ),
    DemoKpi(
        "C3",
        "Duplicate systems per major function",
        "systems",
        COST,
        LOWER,
        Decimal(12),
        Decimal(3),
        False,
        ("technology",),
    ),
    DemoKpi("S1", "SLA compliance", "% of targets", SERVICE, HIGHER, Decimal(75), Decimal(90), True, ("process",)),
    DemoKpi(
        "S2", "Tier 1 ticket resolution time", "hours", SERVICE, LOWER, Decimal(48), Decimal(24), True, ("process",)
    ),
    DemoKpi(
        "O1",
        "Services with a standard procedure",
        "% of services",
        SCALE,
        HIGHER,
        Decimal(30),
        Decimal(85),
        False,
        ("process",),
    ),
    DemoKpi("O2", "Agencies migrated", "% of agencies", SCALE, HIGHER, Decimal(25), Decimal(80), True, ("governance",)),
    DemoKpi("D1", "Workflows automated", "% of workflows", DIGITAL, HIGHER, None, Decimal(50), False, ("technology",)),
    DemoKpi(
        "D2",
        "Services with a real-time dashboard",
        "% of services",
        DIGITAL,
        HIGHER,
        Decimal(20),
        Decimal(90),
        True,
        ("technology", "governance"),
    ),
)
