"""Why the demo plan exists, who stands behind it, how its risks are rated, and what it answers to an auditor.

The middle of a first phase: one executive is against it, one was not asked, two have moved, both sides rate three risks
differently, and one of the five questions is open. The people are made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assess.models import AuditorAnswer, Challenge, Position, Rater, RiskScore, Settled, Sponsor
from assess.risk_texts import PHASE
from ssoplanner.core.models import Agency, Plan, User
from ssoplanner.recompute.writer import Actor, create, update
from ssoplanner.steps.registry import Pillar

OFFICE, HEALTH, PARKS = "office@example.gov", "health@example.gov", "parks@example.gov"
BOARD, ANALYST = "board@example.gov", "analyst@example.gov"
NAMED_ON = date(2026, 2, 2)


@dataclass(frozen=True)
class DemoChallenge:
    title: str
    detail: str
    pillar: str = ""
    owner: str = ""


@dataclass(frozen=True)
class DemoSponsor:
    """Days are written as in 2026-02-02; `earlier` is the position before: position, day, evidence."""

    name: str
    office: str
    agency: str = ""
    position: str = ""
    since: str = ""
    evidence: str = ""
    asks: str = ""
    is_executive: bool = True
    earlier: tuple[str, str, str] | None = None


CHALLENGES = (
    DemoChallenge(
        "Twelve departments buy and run the same systems",
        "Illustrative. Payroll and service desk alone run on several systems that do the same.",
        Pillar.TECHNOLOGY,
        OFFICE,
    ),
    DemoChallenge(
        "Paying an invoice takes three weeks in some departments and five days in others",
        "Illustrative. Suppliers ask for higher prices where they wait longer.",
        Pillar.PROCESS,
        HEALTH,
    ),
    DemoChallenge(
        "Small departments have one person who knows payroll",
        "Illustrative. Two runs were late last year because that person was ill.",
        Pillar.PEOPLE,
        PARKS,
    ),
    DemoChallenge(
        "Nobody can say what a service costs",
        "Illustrative. Costs stand in twelve ledgers with charts of accounts of their own.",
        Pillar.GOVERNANCE,
    ),
)
SPONSORS = (
    DemoSponsor(
        "Grace Okafor",
        "Governor’s chief of staff",
        position=Position.COMMITTED,
        since="2026-01-19",
        evidence="Illustrative. Named shared services among five priorities in the address of 19 January.",
    ),
    DemoSponsor(
        "Henrik Dahl",
        "State budget director",
        position=Position.COMMITTED,
        since="2026-05-11",
        evidence="Illustrative. Set money aside for the first year in the letter of 11 May.",
        asks="A baseline that the legislature’s auditors accept.",
        earlier=(Position.NEUTRAL, "2026-02-09", "Illustrative. Talk of 9 February: wants to see figures first."),
    ),
    DemoSponsor(
        "Ines Barreto",
        "State chief information officer",
        position=Position.SUPPORTIVE,
        since="2026-02-16",
        evidence="Illustrative. Spoke for it in the council of CIOs on 16 February.",
    ),
    DemoSponsor(
        "Jonas Whitfield",
        "Secretary of Health",
        "DOH",
        Position.SUPPORTIVE,
        "2026-06-08",
        "Illustrative. Offered two payroll specialists for the design team on 8 June.",
        "Hospitals keep their shift rules.",
        earlier=(
            Position.OPPOSED,
            "2026-02-11",
            "Illustrative. Letter of 11 February: payroll of hospitals is special.",
        ),
    ),
    DemoSponsor(
        "Karin Solberg",
        "Secretary of Transportation",
        "DOT",
        Position.SUPPORTIVE,
        "2026-03-02",
        "Illustrative. Signed the statement of purpose on 2 March.",
    ),
    DemoSponsor(
        "Luis Ferrer",
        "Director of Parks and Recreation",
        "DPR",
        Position.SUPPORTIVE,
        "2026-03-04",
        "Illustrative. Asked on 4 March to be among the first.",
    ),
    DemoSponsor(
        "Mona Takeda",
        "State librarian",
        "SLA",
        Position.COMMITTED,
        "2026-04-20",
        "Illustrative. Signed the agreement on the service desk on 20 April.",
    ),
    DemoSponsor(
        "Nils Abrams",
        "Commissioner of Corrections",
        "DOC",
        Position.OPPOSED,
        "2026-03-09",
        "Illustrative. Talk of 9 March: will not give up the service desk on site.",
        "A desk that answers at night, and staff who are cleared.",
    ),
    DemoSponsor(
        "Olive Marchand",
        "Commissioner of Revenue",
        "DOR",
        Position.NEUTRAL,
        "2026-03-11",
        "Illustrative. Talk of 11 March: neither for nor against before the tax season ends.",
    ),
    DemoSponsor("Pavel Novak", "Superintendent of Education", "DED"),
    DemoSponsor(
        "Quinn Adair",
        "President of the state employees’ association",
        position=Position.NEUTRAL,
        since="2026-04-14",
        evidence="Illustrative. Minutes of the meeting of 14 April.",
        asks="No one is dismissed because work moves.",
        is_executive=False,
    ),
)
# Risk -> (own, independent); a rating is (score, reason), None is not rated yet.
RATINGS: Mapping[str, tuple[tuple[int | None, str], tuple[int | None, str] | None]] = {
    "data": (
        (3, "Illustrative. Employee numbers differ between systems; cleaning is planned, not yet dated."),
        (5, "Illustrative. Three departments have not looked at their data at all. A first sample would lower it."),
    ),
    "security": (
        (3, "Illustrative. Corrections and Health have needs of their own, written down."),
        (4, "Illustrative. Cleared staff are arranged from 2027; the board accepted the gap on 30 June."),
    ),
    "money": ((3, ""), (3, "Illustrative. The estimate leaves out the cost of leaving contracts.")),
    "procurement": ((1, ""), (3, "Illustrative. Two payroll contracts end before a successor could be bought.")),
    "operations": ((3, ""), (3, "")),
    "reputation": ((1, ""), (1, "")),
    "schedule": ((3, ""), (3, "")),
    "support": ((1, ""), (1, "Illustrative. Seven of nine executives stand behind it.")),
    "feasibility": ((3, ""), (3, "")),
    "technology": ((None, ""), (None, "")),
    "requirements": ((3, ""), None),
    "change": (
        (5, "Illustrative. Nobody leads the work on people yet. Filling the post in September would lower it."),
        (5, "Illustrative. As the office says; and seven agreements with staff are concerned."),
    ),
}
ANSWERS = {
    "goals": (
        Settled.YES,
        "Illustrative. Four goals, each with a measure, a baseline and a date.",
        "Illustrative. The goals of this plan; KPIs with baselines.",
    ),
    "costs": (
        Settled.PARTLY,
        "Illustrative. Today’s costs are known for eleven departments; the alternatives are not estimated yet.",
        "Illustrative. The current state of this plan.",
    ),
    "funding": (
        Settled.PARTLY,
        "Illustrative. The first year is paid by the budget office; later years are open.",
        "Illustrative. Letter of the budget director, 11 May 2026.",
    ),
    "stakeholders": (
        Settled.YES,
        "Illustrative. Executives, staff, unions and suppliers are listed and were heard.",
        "Illustrative. Minutes of nine talks, February to June 2026.",
    ),
    "change": (Settled.NO, "", ""),
}


def load_gate(plan: Plan, actor: Actor, people: Mapping[str, User]) -> None:
    """The office writes everything but the independent ratings, which are the analyst's."""
    office, analyst = (replace(actor, user=people[email]) for email in (OFFICE, ANALYST))
    for challenge in CHALLENGES:
        create(Challenge, plan=plan, actor=office, values=_challenge(challenge, people))
    agencies = {agency.code: agency for agency in Agency.objects.for_plan(plan)}
    for sponsor in SPONSORS:
        _sponsor(plan, office, sponsor, agencies)
    for risk, (own, independent) in RATINGS.items():
        _rating(plan, office, risk, Rater.OWN, own)
        if independent is not None:
            _rating(plan, analyst, risk, Rater.INDEPENDENT, independent)
    for question, (settled, answer, evidence) in ANSWERS.items():
        words = {"question": question, "how_far": settled, "answer": answer, "evidence": evidence}
        create(AuditorAnswer, plan=plan, actor=office, values=words)


def _challenge(demo: DemoChallenge, people: Mapping[str, User]) -> dict[str, Any]:
    owner = people[demo.owner] if demo.owner else None
    words = {"title": demo.title, "detail": demo.detail, "pillar": str(demo.pillar)}
    return {**words, "owner": owner, "named_on": NAMED_ON}


def _sponsor(plan: Plan, actor: Actor, demo: DemoSponsor, agencies: Mapping[str, Agency]) -> None:
    who = {"name": demo.name, "office": demo.office, "is_executive": demo.is_executive}
    who |= {"agency": agencies[demo.agency]} if demo.agency else {}
    now = _stand(demo.position, demo.since, demo.evidence) if demo.position else {}
    if demo.earlier is None:
        create(Sponsor, plan=plan, actor=actor, values={**who, **now, "asks": demo.asks})
        return
    row = create(Sponsor, plan=plan, actor=actor, values={**who, **_stand(*demo.earlier)})
    update(row, actor=actor, version=row.version, values={**now, "asks": demo.asks})


def _stand(position: str, since: str, evidence: str) -> dict[str, Any]:
    return {"position": str(position), "since": date.fromisoformat(since), "evidence": evidence}


def _rating(plan: Plan, actor: Actor, risk: str, rater: Rater, rating: tuple[int | None, str]) -> None:
    score, reason = rating
    key = {"phase": PHASE, "risk": risk, "rater": rater.value}
    create(RiskScore, plan=plan, actor=actor, values={**key, "score": score, "reason": reason})
