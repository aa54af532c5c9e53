"""The ten working sessions in which a plan is made, two for each phase, declared as data.

Whoever runs one reads off who should sit there, what lies on the table, what is talked through for how long, and what
stands decided when people leave.
"""

from __future__ import annotations

from dataclasses import dataclass

from ssoplanner.core.models import Role


@dataclass(frozen=True)
class AgendaItem:
    """What is talked through, for about so many minutes, and the keys of the steps that it is about."""

    text: str
    minutes: int
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """A working session of the phase with the key `phase`.

    `roles` are the plan's own people, `guests` others in words; `bring` and `decides` are lists of short phrases.
    """

    number: int
    title: str
    phase: str
    purpose: str
    agenda: tuple[AgendaItem, ...]
    roles: tuple[Role, ...]
    guests: tuple[str, ...]
    bring: tuple[str, ...]
    decides: tuple[str, ...]

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.agenda)

    @property
    def steps(self) -> tuple[str, ...]:
        """The keys of its steps, each once, in the order of the agenda."""
        return tuple(dict.fromkeys(key for item in self.agenda for key in item.steps))


SESSIONS = (
    Session(
        number=1,
        title="Goals, readiness and what stands in the way",
        phase="assess",
        purpose="Agree on what sharing services is to achieve, and hear from each agency what stands in its way.",
        agenda=(
            AgendaItem("Read the plan’s problem and goals aloud, and put right what people hear differently", 30, ()),
            AgendaItem("Each lead: what my agency expects, and what it fears to lose", 40, ("assess.readiness",)),
            AgendaItem(
                "Go through the readiness questions once, so that all read them alike", 30, ("assess.readiness",)
            ),
            AgendaItem("What is known of systems and capabilities, and who rates them", 20, ("assess.capabilities",)),
            AgendaItem("Who answers what by when", 15, ("assess.readiness", "assess.heat_map")),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.BOARD),
        guests=("a sponsor who speaks for the executives",),
        bring=(
            "the plan’s problem and goals",
            "the register of agencies",
            "statutory limits and collective agreements",
        ),
        decides=(
            "the goals, as everybody will quote them",
            "the day by which every agency has submitted its answers",
            "who fills in figures for which service",
        ),
    ),
    Session(
        number=2,
        title="Scores and heat-map priorities",
        phase="assess",
        purpose="Read the scores together, settle where views differ, and name the services worth a closer look.",
        agenda=(
            AgendaItem(
                "Readiness: where agencies and the program office rate differently, and why", 35, ("assess.readiness",)
            ),
            AgendaItem(
                "Heat map: does each judged criterion carry a reason that the room accepts?", 40, ("assess.heat_map",)
            ),
            AgendaItem("Does the order hold if the weights are set differently?", 20, ("assess.heat_map",)),
            AgendaItem("Systems and capabilities that several agencies run", 30, ("assess.capabilities",)),
            AgendaItem(
                "What the board still needs before it can say go or no-go",
                25,
                ("assess.readiness", "assess.heat_map", "assess.capabilities"),
            ),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.ANALYST, Role.BOARD),
        guests=("heads of IT of the larger agencies",),
        bring=("the current state of the plan", "the findings of the X-ray", "the register of systems"),
        decides=(
            "the services that go on to a scope, and those that do not",
            "an owner and a date for each weak dimension of readiness",
            "the question that goes to the board at the first gate",
        ),
    ),
    Session(
        number=3,
        title="Scope, agencies and who decides",
        phase="design",
        purpose="Choose what is shared with whom, and who decides about it from then on.",
        agenda=(
            AgendaItem(
                "Two or three scopes side by side: what is in, what is out, and the reason", 45, ("design.scope",)
            ),
            AgendaItem("Where each agency stands, and what it would need to commit", 40, ("design.agencies",)),
            AgendaItem("Bodies, seats and rights: one accountable body for each decision", 40, ("design.governance",)),
            AgendaItem("How a dispute goes up, tried on a likely one", 20, ("design.governance",)),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.BOARD),
        guests=("legal counsel", "a speaker of the staff"),
        bring=("the priorities from session 2", "the readiness of each agency", "a draft of the charter"),
        decides=(
            "the scope that the board is asked to adopt",
            "the position of each agency in scope, or the day on which it is due",
            "the body that answers for each kind of decision",
        ),
    ),
    Session(
        number=4,
        title="Service levels, KPIs and funding",
        phase="design",
        purpose="Settle what each service promises, how that is measured, and what each agency pays for it.",
        agenda=(
            AgendaItem(
                "For each service: measure, target, clock, owner, and what follows a miss", 45, ("design.agreements",)
            ),
            AgendaItem(
                "Which KPIs prove the goals, and where their baseline comes from",
                25,
                ("design.agreements", "build.baselines"),
            ),
            AgendaItem(
                "Ways to divide the cost, each agency’s share beside what it pays today", 50, ("design.funding",)
            ),
            AgendaItem(
                "Would any group of agencies do better by itself? What would keep it in?", 20, ("design.funding",)
            ),
            AgendaItem("Where the money up front comes from", 15, ("design.funding",)),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.ANALYST, Role.BOARD),
        guests=("finance officers of the agencies in scope", "the budget office"),
        bring=("the adopted scope", "cost, volume and users of each service by agency", "the library of benchmarks"),
        decides=(
            "the measures and targets that go into the agreements",
            "the method of dividing cost that the board is asked to adopt",
            "who signs for each agency",
        ),
    ),
    Session(
        number=5,
        title="Platforms and staffing",
        phase="build",
        purpose="Choose by which criteria platforms are bought, and find the people who will run the services.",
        agenda=(
            AgendaItem("Criteria and their weights, before anybody reads an offer", 35, ("build.platforms",)),
            AgendaItem("Wishes of single agencies that the platform will not meet", 25, ("build.platforms",)),
            AgendaItem("Contract ends and how one would get out again", 20, ("build.platforms",)),
            AgendaItem(
                "Positions, skills and where people come from; which gap blocks the launch", 45, ("build.team",)
            ),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.BOARD),
        guests=("procurement", "human resources", "enterprise architecture"),
        bring=("the adopted scope", "the register of systems with contract ends", "the FTE of each service today"),
        decides=(
            "the weighted criteria, and who scores the offers",
            "each position as filled, acting or with a date",
            "the day on which the platforms must be chosen",
        ),
    ),
    Session(
        number=6,
        title="Tools, workflows and figures before launch",
        phase="build",
        purpose="See that tools work with real cases, procedures are written, and baselines are frozen in time.",
        agenda=(
            AgendaItem(
                "Checklist of tools: configured, tried with real cases, accepted by the owner", 35, ("build.tools",)
            ),
            AgendaItem(
                "One request from asking to done, walked through by those who will do it", 40, ("build.workflows",)
            ),
            AgendaItem("Each deviation of an agency: is there a legal reason for it?", 20, ("build.workflows",)),
            AgendaItem(
                "KPIs that lack owner, source, baseline or target; freeze the baseline", 30, ("build.baselines",)
            ),
            AgendaItem(
                "Is everything there that the pilot needs?", 15, ("build.tools", "build.team", "build.platforms")
            ),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.ANALYST),
        guests=("owners of the tools", "people who handle requests today"),
        bring=("the checklist of tools", "the draft procedures", "the KPIs"),
        decides=(
            "tools that are ready, and a date for the others",
            "the deviations that stay",
            "the day on which the baseline is frozen",
        ),
    ),
    Session(
        number=7,
        title="Pilot scope and feedback",
        phase="scale",
        purpose="Choose with whom and with what to begin, and how one will know whether it works.",
        agenda=(
            AgendaItem("Agencies and services of the pilot: ready ones first", 35, ("scale.pilot",)),
            AgendaItem(
                "What must be true to go on, and what would stop it, written down beforehand", 40, ("scale.pilot",)
            ),
            AgendaItem("How users are heard, and who answers them", 30, ("scale.monitoring",)),
            AgendaItem("Which figures arrive from whom on which day", 20, ("scale.monitoring",)),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.BOARD),
        guests=("users of the services in the pilot", "the service desk"),
        bring=("the frozen baselines", "the readiness of the agencies", "agreements of the services in the pilot"),
        decides=(
            "the agencies and services of the pilot, and its first and last day",
            "the criteria for going on, for the board to approve",
            "the ways in which users are heard",
        ),
    ),
    Session(
        number=8,
        title="Pilot figures and what they change",
        phase="scale",
        purpose="Hold the pilot’s figures against what was promised, change what has to, and plan the next wave.",
        agenda=(
            AgendaItem(
                "Figures against baseline and target; breaches, complaints and their answers", 40, ("scale.monitoring",)
            ),
            AgendaItem("Each finding: change it, leave it, or give it an owner and a date", 40, ("scale.refinement",)),
            AgendaItem("The next wave: readiness, capacity, what depends on what", 35, ("scale.expansion",)),
            AgendaItem("Who reviews which figures how often, and against whom", 20, ("scale.reviews",)),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.ANALYST, Role.BOARD),
        guests=("users of the services in the pilot",),
        bring=("what the pilot measured", "complaints and their answers", "the capacity of team and platforms"),
        decides=(
            "what changes in workflows and agreements",
            "agencies and services of the next wave, subject to its own go or no-go",
            "the calendar of reviews",
        ),
    ),
    Session(
        number=9,
        title="Dashboards and continuous improvement",
        phase="optimize",
        purpose="Make figures and their review part of how the organization is led, not of the project alone.",
        agenda=(
            AgendaItem("Which figures each audience reads, and what it does with them", 35, ("optimize.dashboards",)),
            AgendaItem(
                "Measures that nobody keeps up: find an owner or drop them",
                20,
                ("optimize.dashboards", "scale.reviews"),
            ),
            AgendaItem(
                "From a proposal to a change: who proposes, who decides, who looks whether it helped",
                40,
                ("optimize.improvement",),
            ),
            AgendaItem("Try it on three proposals from the agencies", 30, ("optimize.improvement",)),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.ANALYST, Role.BOARD),
        guests=("owners of the KPIs",),
        bring=(
            "the KPIs with their measurements",
            "breaches and complaints of the last year",
            "proposals from the agencies",
        ),
        decides=(
            "the dashboard that the board reads, and how often",
            "the way of a proposal, with a date for each turn",
            "the owner of each measure that stays",
        ),
    ),
    Session(
        number=10,
        title="Value and strategic alignment",
        phase="optimize",
        purpose="Say what value was realized, and tie services, people and money to the jurisdiction’s goals.",
        agenda=(
            AgendaItem(
                "Savings and service against the frozen baseline, with what cannot be proved", 40, ("optimize.value",)
            ),
            AgendaItem("Skills and numbers needed in the years ahead", 30, ("optimize.workforce",)),
            AgendaItem("Digital goals of the jurisdiction: which service serves which", 30, ("optimize.alignment",)),
            AgendaItem("The pipeline: what is tried next, and who pays for it", 30, ("optimize.value",)),
        ),
        roles=(Role.OFFICE, Role.LEAD, Role.BOARD),
        guests=("the budget office", "human resources", "the chief information officer"),
        bring=("the frozen baselines", "costs of services by agency and year", "the goals of the plan"),
        decides=(
            "the value that the board reports in public",
            "the role families to build up",
            "what enters the pipeline, and what leaves it",
        ),
    ),
)


def sessions_of(phase: str) -> tuple[Session, ...]:
    """The sessions of a phase, in order."""
    return tuple(session for session in SESSIONS if session.phase == phase)
