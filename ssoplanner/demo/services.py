"""The thirty services of the fictional state, from the starter catalogue, and what they need: made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoService:
    """Per employee and year: volume. Per unit, at usual efficiency: cost in dollars. Per FTE and year: volume.

    Agencies with fewer than `least` employees do without it, or are served by others.
    """

    standard: str
    volume_per_head: float
    cost_per_unit: int
    volume_per_fte: float
    least: int = 0


SERVICES = (
    DemoService("help-desk", 7.0, 31, 2_900),
    DemoService("workplace-devices", 1.1, 420, 260),
    DemoService("collaboration", 1.05, 190, 1_100),
    DemoService("hosting", 0.06, 5_200, 45, least=100),
    DemoService("network", 0.012, 14_000, 14, least=100),
    DemoService("identity-access", 1.0, 38, 3_600),
    DemoService("security-operations", 0.12, 640, 210, least=400),
    DemoService("application-support", 0.012, 62_000, 2.6, least=100),
    DemoService("hiring", 0.12, 3_400, 38),
    DemoService("onboarding", 0.13, 620, 160),
    DemoService("classification", 0.05, 780, 130, least=400),
    DemoService("benefits", 0.92, 96, 1_150),
    DemoService("learning", 2.4, 170, 620, least=100),
    DemoService("employee-relations", 0.03, 2_600, 42, least=400),
    DemoService("leave", 6.0, 9, 9_500),
    DemoService("payroll", 26.0, 5, 22_000),
    DemoService("time-attendance", 26.0, 2, 48_000),
    DemoService("accounts-payable", 6.5, 9, 8_500),
    DemoService("accounts-receivable", 1.2, 17, 5_600, least=400),
    DemoService("travel-expenses", 1.8, 24, 3_200),
    DemoService("budgeting", 0.6, 150, 700),
    DemoService("grants", 0.02, 5_200, 21, least=900),
    DemoService("purchasing", 1.4, 68, 900, least=100),
    DemoService("tenders", 0.015, 8_200, 13, least=400),
    DemoService("contracts", 0.08, 1_350, 80, least=100),
    DemoService("maintenance", 1.6, 210, 520, least=400),
    DemoService("leases", 0.01, 9_400, 12, least=400),
    DemoService("vehicle-pool", 0.09, 3_900, 60, least=400),
    DemoService("records", 3.2, 14, 6_200),
    DemoService("public-records", 0.25, 230, 420),
)
