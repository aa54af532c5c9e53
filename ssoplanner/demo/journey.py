"""Where the demo plan stands: owners, dates and statuses of its steps, a few pieces of evidence, comments and tasks.

The plan is in the middle of its first two phases. Nothing here was decided: statuses and dates alone say how far it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from ssoplanner.core.models import Agency, Plan, User
from ssoplanner.recompute.writer import Actor, create
from ssoplanner.steps.comments import add_comment
from ssoplanner.steps.evidence import add_evidence
from ssoplanner.steps.models import StepProgress, StepStatus, Task
from ssoplanner.uploads.attachments import check_attachment

OFFICE, HEALTH, PARKS = "office@example.gov", "health@example.gov", "parks@example.gov"
BOARD, ANALYST = "board@example.gov", "analyst@example.gov"


@dataclass(frozen=True)
class DemoStep:
    """Days are written as in 2026-02-02; `owner` is an e-mail address."""

    key: str
    planned_start: str
    due: str
    owner: str = ""
    status: StepStatus = StepStatus.UPCOMING
    started: str = ""
    completed: str = ""
    met: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoEvidence:
    step: str
    title: str
    link: str = ""
    note: str = ""
    file: tuple[str, str] = ("", "")  # its name and its text


@dataclass(frozen=True)
class DemoComment:
    step: str
    author: str
    text: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoTask:
    """Days are written as those of steps are; who asked is the owner where nobody else did."""

    title: str
    owner: str
    due: str = ""
    step: str = ""
    asked_by: str = ""
    agency: str = ""
    detail: str = ""
    done_on: str = ""


STEPS = (
    DemoStep(
        "assess.readiness",
        "2026-02-02",
        "2026-05-29",
        OFFICE,
        StepStatus.COMPLETE,
        "2026-02-09",
        "2026-06-12",
        ("answers", "ratings", "actions"),
    ),
    DemoStep(
        "assess.heat_map", "2026-05-04", "2026-12-18", ANALYST, StepStatus.ON_TRACK, "2026-05-18", "", ("figures",)
    ),
    DemoStep(
        "assess.capabilities", "2026-05-04", "2026-09-30", PARKS, StepStatus.CRITICAL, "2026-07-06", "", ("rated",)
    ),
    DemoStep("design.scope", "2027-01-11", "2027-03-26", OFFICE),
    DemoStep("design.agencies", "2026-10-05", "2027-04-30", HEALTH, StepStatus.LATE, "2026-11-02"),
    DemoStep("design.governance", "2026-10-05", "2027-04-30", BOARD, StepStatus.ON_TRACK, "2026-10-12"),
    DemoStep("design.funding", "2027-03-01", "2027-06-25", OFFICE),
    DemoStep("design.agreements", "2027-04-05", "2027-07-30", ANALYST),
    DemoStep("build.platforms", "2027-07-05", "2027-12-17", OFFICE),
    DemoStep("build.team", "2027-07-05", "2028-01-28", OFFICE),
    DemoStep("build.tools", "2028-01-10", "2028-04-28"),
    DemoStep("build.workflows", "2028-02-01", "2028-05-26", HEALTH),
    DemoStep("build.baselines", "2027-08-02", "2028-05-26", ANALYST),
    DemoStep("scale.pilot", "2028-06-05", "2028-11-30", HEALTH),
    DemoStep("scale.monitoring", "2028-07-03", "2029-01-26"),
    DemoStep("scale.refinement", "2028-12-04", "2029-03-30"),
    DemoStep("scale.expansion", "2029-04-02", "2030-03-29"),
    DemoStep("scale.reviews", "2029-02-05", "2029-06-29", BOARD),
    DemoStep("optimize.dashboards", "2029-07-02", "2029-12-14", ANALYST),
    DemoStep("optimize.improvement", "2029-07-02", "2030-01-25"),
    DemoStep("optimize.workforce", "2030-04-01", "2030-09-27"),
    DemoStep("optimize.alignment", "2030-04-01", "2030-10-25"),
    DemoStep("optimize.value", "2030-01-07", "2030-12-13", BOARD),
)
ACTIONS = """\
Action,Owner,By
Name a lead for each agency that has none,Ana Ortiz,2026-09-30
Write down how an invoice is approved today,Ben Achebe,2026-10-30
Agree on one list of service desk categories,Carla Voss,2026-12-18
"""
EVIDENCE = (
    DemoEvidence(
        "assess.readiness",
        "Summary of the readiness talks",
        "https://example.gov/columbia-bay/readiness",
        "Illustrative. Held with all twelve agencies between February and May.",
    ),
    DemoEvidence(
        "assess.readiness",
        "List of actions with their owners",
        note="Illustrative.",
        file=("actions.csv", ACTIONS),
    ),
    DemoEvidence("assess.heat_map", "Figures by agency and service", "https://example.gov/columbia-bay/figures"),
    DemoEvidence("design.governance", "Draft charter, second version", note="Illustrative. Not adopted."),
)
COMMENTS = (
    DemoComment("assess.heat_map", ANALYST, "The figures are in. Four criteria still need a reason for each service."),
    DemoComment("assess.heat_map", OFFICE, "Can you send those four around this week?", (ANALYST,)),
    DemoComment(
        "assess.capabilities",
        PARKS,
        "We found three registers of permits that nobody had listed. Until they are in, I cannot confirm duplicates.",
        (OFFICE, ANALYST),
    ),
    DemoComment("assess.capabilities", BOARD, "The scope waits for this. What would help most?", (PARKS,)),
    DemoComment(
        "design.governance", BOARD, "The draft leaves open who chairs. Comments until the next meeting, please."
    ),
)

# As of the end of November 2026 some are overdue, some are due within a week, some later, and some are done.
TASKS = (
    DemoTask("Write the agenda of the board meeting", OFFICE, "2026-11-25", "design.governance"),
    DemoTask("Invite a second lead for Transportation", OFFICE, "2026-12-04", "design.agencies"),
    DemoTask("Order a room for the second working session", OFFICE, detail="Illustrative. For about twenty people."),
    DemoTask("Check the readiness summary for gaps", OFFICE, "2026-11-20", "assess.readiness", done_on="2026-11-24"),
    DemoTask(
        "Say which payroll contract ends when",
        HEALTH,
        "2026-12-03",
        "assess.heat_map",
        ANALYST,
        "DOH",
        detail="Illustrative. The register gives a year, the heat map needs the day.",
    ),
    DemoTask("Draft what Health expects of the shared help desk", HEALTH, "2027-01-29", "design.agencies", OFFICE),
    DemoTask("Name a deputy for the working group", HEALTH, "", "design.governance", BOARD),
    DemoTask("Add the three registers of permits", PARKS, "2026-11-18", "assess.capabilities", OFFICE, "DPR"),
    DemoTask("Confirm the headcount of the Library", PARKS, "2026-12-02", "assess.heat_map", ANALYST, "SLA"),
    DemoTask("Read the draft charter", BOARD, "2026-12-01", "design.governance", OFFICE),
    DemoTask("Ask the budget office about the revolving fund", BOARD, "2027-02-12", "design.funding"),
    DemoTask("Give a reason for each judged criterion", ANALYST, "2026-11-27", "assess.heat_map", OFFICE),
    DemoTask("Compare two sources for the cost of an invoice", ANALYST, "", "assess.heat_map"),
    DemoTask(
        "Send the figures to the twelve agencies",
        ANALYST,
        "2026-11-20",
        "assess.heat_map",
        OFFICE,
        done_on="2026-11-19",
    ),
)


def load_journey(plan: Plan, actor: Actor, people: Mapping[str, User]) -> None:
    """Put the plan where it stands; `people` are its members by e-mail address."""
    for step in STEPS:
        create(StepProgress, plan=plan, actor=actor, values=_values(step, people))
    agencies = {agency.code: agency for agency in Agency.objects.for_plan(plan)}
    for task in TASKS:
        create(Task, plan=plan, actor=actor, values=_task_values(task, people, agencies))
    for piece in EVIDENCE:
        values = {"title": piece.title, "link": piece.link, "note": piece.note}
        name, text = piece.file
        attachment = check_attachment(BytesIO(text.encode()), name) if name else None
        add_evidence(plan, piece.step, actor=actor, values=values, attachment=attachment)
    for comment in COMMENTS:
        author, mentions = people[comment.author], [people[email] for email in comment.mentions]
        by_author = Actor(user=author, source=actor.source)
        add_comment(plan, comment.step, author=author, actor=by_author, text=comment.text, mentions=mentions)


def _task_values(demo: DemoTask, people: Mapping[str, User], agencies: Mapping[str, Agency]) -> dict[str, object]:
    return {
        "title": demo.title,
        "detail": demo.detail,
        "owner": people[demo.owner],
        "asked_by": people[demo.asked_by or demo.owner],
        "step": demo.step,
        "agency": agencies[demo.agency] if demo.agency else None,
        "due": date.fromisoformat(demo.due) if demo.due else None,
        "done_on": date.fromisoformat(demo.done_on) if demo.done_on else None,
    }


def _values(demo: DemoStep, people: Mapping[str, User]) -> dict[str, object]:
    days = {name: getattr(demo, name) for name in ("planned_start", "due", "started", "completed")}
    return {
        "step": demo.key,
        "owner": people[demo.owner] if demo.owner else None,
        "status": demo.status,
        "met": list(demo.met),
        **{name: date.fromisoformat(day) if day else None for name, day in days.items()},
    }
