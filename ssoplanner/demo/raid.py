"""The risks of the demo plan: six that are open or were, one of them without an owner, one past its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ssoplanner.core.models import Plan, User
from ssoplanner.recompute.writer import Actor, create
from ssoplanner.steps.models import Risk, RiskResponse, RiskStatus

OFFICE, HEALTH, BOARD = "office@example.gov", "health@example.gov", "board@example.gov"


@dataclass(frozen=True)
class DemoRisk:
    """Days are written as in 2026-02-02; `owner` is an e-mail address."""

    title: str
    detail: str
    probability: int
    impact: int
    status: str = RiskStatus.NEW
    response: str = RiskResponse.MITIGATE
    owner: str = ""
    due: str = ""
    step: str = ""


RISKS = (
    DemoRisk(
        "A payroll contract ends before its successor is chosen",
        "Illustrative. Two contracts end in 2027. An extension for one year must be asked for six months ahead.",
        4,
        4,
        RiskStatus.ESCALATED,
        owner=OFFICE,
        due="2027-01-15",
        step="assess.capabilities",
    ),
    DemoRisk(
        "Departments answer the readiness questions as they wish to be seen",
        "Illustrative. In an earlier survey every department rated itself 4 or 5.",
        3,
        3,
        RiskStatus.IN_PROGRESS,
        owner=HEALTH,
        due="2027-02-01",
        step="assess.readiness",
    ),
    DemoRisk(
        "Corrections leaves the program",
        "Illustrative. Its commissioner will not give up the service desk on site.",
        3,
        4,
        RiskStatus.IN_PROGRESS,
        owner=BOARD,
    ),
    DemoRisk(
        "Employee data cannot be joined",
        "Illustrative. Employees have a number of their own in each system.",
        4,
        3,
        step="assess.capabilities",
    ),
    DemoRisk(
        "The office in charge loses its analyst",
        "Illustrative. One person keeps the figures. A deputy would need two months.",
        2,
        3,
        RiskStatus.NEW,
        RiskResponse.ACCEPT,
        owner=OFFICE,
    ),
    DemoRisk(
        "Money for the first year is not released in time",
        "Illustrative. It was released on 11 May 2026.",
        2,
        5,
        RiskStatus.CLOSED,
        owner=OFFICE,
    ),
)


def load_raid(plan: Plan, actor: Actor, people: Mapping[str, User]) -> None:
    """The log of risks."""
    for demo in RISKS:
        values = {
            "title": demo.title,
            "detail": demo.detail,
            "probability": demo.probability,
            "impact": demo.impact,
            "status": str(demo.status),
            "response": str(demo.response),
            "owner": people[demo.owner] if demo.owner else None,
            "due": date.fromisoformat(demo.due) if demo.due else None,
            "step": demo.step,
        }
        create(Risk, plan=plan, actor=actor, values=values)
