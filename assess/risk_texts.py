"""The twelve risks with what low, medium and high mean at the end of Assess, their weights, and the five questions.

The risks, their weights and the bands are those of the risk assessment tool of GSA's Modernization and Migration
Management playbook; the criteria are written anew, for several agencies that plan to share services. At this gate one
goes from readiness to the selection of what is shared and by whom: the tool's first phase.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

PHASE = "assess"
RISK_SOURCE = "GSA, Modernization and Migration Management playbook, risk assessment tool"
QUESTION_SOURCE = "GAO-12-542, 2012"
SMALL, LARGE = "small", "large"
# The tool leaves open what is large. A plan in which a dozen agencies must agree is no small one.
LARGE_FROM = 12
WEIGHT, HALF = 1.0, 0.5
# In a large project the tool counts these half, by the phase of the tool; every other weight in it is 1.
HALVED = {
    1: ("procurement",),
    2: ("operations", "reputation"),
    3: ("schedule", "support"),
    4: ("feasibility", "technology", "requirements", "change"),
}
TOOL_PHASE = 1


@dataclass(frozen=True)
class RiskText:
    """`key` is what is stored; it stays. `low`, `medium` and `high` say what each rating means at this gate."""

    key: str
    name: str
    low: str
    medium: str
    high: str
    note: str = ""


@dataclass(frozen=True)
class AuditorQuestion:
    """`asks` is the question; `settled_when` says what a full answer has."""

    key: str
    name: str
    asks: str
    settled_when: str


RISKS = (
    RiskText(
        "data",
        "Data and information",
        "The data that would move is known and sound, or its cleaning is planned with owner and dates.",
        "There are known faults in the data; some have no owner, or their cleaning is missing from the schedule.",
        "The data is too poor to move, or nobody has looked, and no cleaning is in the schedule.",
    ),
    RiskText(
        "security",
        "Cyber and information security",
        "No agency has protection needs that go beyond what shared services usually offer.",
        "At least one agency has protection needs of its own; they are written down and can be met.",
        "A need can only be met by people or premises with a clearance that nobody has arranged yet.",
    ),
    RiskText(
        "money",
        "Financial",
        "Costs are estimated to the end of the plan, and spending is compared with them at fixed times.",
        "The estimate has gaps or is optimistic in parts, or spending is compared with it only now and then.",
        "There is no estimate that similar plans would bear out, or nobody compares spending with it.",
    ),
    RiskText(
        "procurement",
        "Acquisition and procurement",
        "What must be bought, how and by when is planned, and the dates fit the contracts that run out.",
        "A procurement plan exists, but times or volumes in it are hopes rather than experience.",
        "No plan holds, or contracts for today’s systems end before anything could replace them.",
    ),
    RiskText(
        "operations",
        "Operational",
        "What the agencies need is what shared services usually do; nothing vital is special.",
        "Some needs are special, none of them vital: the work goes on if they are met later.",
        "Something vital to an agency’s mission lies outside what shared services usually do.",
    ),
    RiskText(
        "reputation",
        "Reputational",
        "The plan follows a policy that the government has adopted, and none of its services is vital to the public.",
        "Parts of the plan depart from that policy, or services that the public notices depend on it.",
        "The plan runs against that policy, draws oversight from several sides, or needs what no provider offers.",
    ),
    RiskText(
        "schedule",
        "Schedule",
        "A first schedule has all milestones with times that similar plans needed, and somebody keeps it.",
        "Some lesser milestones are missing, or their times rest on no experience.",
        "Milestones on which others wait are missing, or their times rest on no experience.",
    ),
    RiskText(
        "support",
        "Management support",
        "Executives work for the plan, the team has done this before, and its people have time set aside.",
        "Executives approve without taking part, or some of the team’s posts are vacant or new to the task.",
        "No executive stands behind the plan, or there are not enough people to carry it.",
    ),
    RiskText(
        "feasibility",
        "Feasibility",
        "Aim, costs and schedule fit each other and the standards; what is special would serve several agencies.",
        "Parts of the aim, the costs or the schedule are still open.",
        "They contradict each other or the standards, and what is special would serve one agency only.",
    ),
    RiskText(
        "technology",
        "Technical complexity",
        "Few systems are concerned, and they exchange data in ways that are known.",
        "Several systems must be joined; how is known for most of them.",
        "Many systems must be joined, or some that nobody knows how to join.",
        note="The tool rates this from its second phase on. Say “not applicable” unless you know it already.",
    ),
    RiskText(
        "requirements",
        "Requirements management",
        "Needs are sorted into what a law demands and what would be welcome, and the first rest on a citation.",
        "Some needs that are not vital lie outside what shared services offer.",
        "Vital needs lie outside what shared services offer, or those concerned were hardly asked.",
    ),
    RiskText(
        "change",
        "Organization and change",
        "Who decides is settled, somebody leads the work on people, and readiness has been assessed.",
        "Many staff or their agreements are affected, or the assessment of readiness has gaps.",
        "Who decides is open, nobody leads the work on people, or how many do this work today is unknown.",
    ),
)
QUESTIONS = (
    AuditorQuestion(
        "goals",
        "Goals",
        "What shall be better after consolidating, for whom, and how will one see it?",
        "Each goal has a measure with a baseline and a date, and no two of them pull apart.",
    ),
    AuditorQuestion(
        "costs",
        "Costs and benefits",
        "What will it cost and what will it bring, with what certainty?",
        "Costs and benefits are estimated for each alternative, the present state too, with their ranges.",
    ),
    AuditorQuestion(
        "funding",
        "Money up front",
        "Who pays before the first saving arrives?",
        "The sum is known for each year, and its source is named and agreed.",
    ),
    AuditorQuestion(
        "stakeholders",
        "Stakeholders",
        "Who is affected, what do they fear or want, and who talks with them?",
        "Everybody affected is on a list, has been heard, and finds an answer in the plan.",
    ),
    AuditorQuestion(
        "change",
        "Change management",
        "How do people get from the old way of working to the new one?",
        "Leadership, training, timing and what is left behind are planned, with owners.",
    ),
)


@cache
def risks_by_key() -> dict[str, RiskText]:
    return {risk.key: risk for risk in RISKS}


@cache
def questions_by_key() -> dict[str, AuditorQuestion]:
    return {question.key: question for question in QUESTIONS}


def project_size(agencies: int) -> str:
    """Small or large, by the agencies in the program."""
    return LARGE if agencies >= LARGE_FROM else SMALL


def weights(size: str, phase: int = TOOL_PHASE) -> dict[str, float]:
    """Risk -> weight in a phase of the tool, for a project of this size."""
    halved = HALVED[phase] if size == LARGE else ()
    return {risk.key: HALF if risk.key in halved else WEIGHT for risk in RISKS}
