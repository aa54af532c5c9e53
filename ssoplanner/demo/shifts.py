"""How far the demo plan has come on the shifts: some were never judged, two have moved, as in the middle of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ssoplanner.core.models import Plan
from ssoplanner.recompute.writer import Actor, create, update
from ssoplanner.steps.models import ShiftStanding


@dataclass(frozen=True)
class DemoShift:
    """Days are written as in 2026-02-02. What it was before it moved stands in `earlier`: level, day, evidence."""

    shift: str
    level: int | None
    since: str
    evidence: str
    before: str = ""
    after: str = ""
    earlier: tuple[int, str, str] | None = None


SHIFTS = (
    DemoShift(
        "people.vision",
        2,
        "2026-06-12",
        "Illustrative. Nine of the twelve departments signed the statement of purpose in June.",
        before="Each department planned for itself, and the central budget office was the only place where plans met.",
        after="One statement of what the shared services are for, which every department head can repeat.",
        earlier=(1, "2026-02-02", "Illustrative. Talks in February: twelve departments named eleven first priorities."),
    ),
    DemoShift(
        "people.skills",
        1,
        "2026-03-16",
        "Illustrative. The list of positions shows payroll staff in every department and a spare in none.",
        before="Whoever knew payroll sat in one department, and it stopped when they were away.",
        after="One pool of payroll and service desk staff, from which every department is served.",
    ),
    DemoShift(
        "people.trust",
        1,
        "2026-03-16",
        "Illustrative. Seven departments ask to keep their own approval of every purchase order.",
    ),
    DemoShift(
        "process.design",
        2,
        "2026-05-04",
        "Illustrative. Accounts payable is described in modules that three departments have tried on paper.",
        before="Fourteen ways to pay an invoice, each with forms of its own.",
        after="Modules that a department combines, and none that only one of them has.",
    ),
    DemoShift(
        "process.procedures",
        2,
        "2026-06-01",
        "Illustrative. A third of the services have a written procedure. Four departments share one.",
        earlier=(1, "2026-02-02", "Illustrative. No procedure was used by more than one department."),
    ),
    DemoShift(
        "technology.platforms",
        1,
        "2026-04-01",
        "Illustrative. The register of systems counts several payroll and service desk systems that do the same.",
        before="Every department bought what it needed, and kept it until support ended.",
        after="One system for each function, chosen by those who use it.",
    ),
    DemoShift(
        "technology.data",
        1,
        "2026-04-01",
        "Illustrative. Employees have a number of their own in each of the systems.",
    ),
    DemoShift(
        "governance.transparency",
        3,
        "2026-06-30",
        "Illustrative. The board meets every month, its minutes are open to all departments, and six of them attend.",
        before="Nobody knew what the others paid, and most feared to lose by it.",
        after="Costs, decisions and reasons are open to every department that takes part.",
    ),
    DemoShift(
        "governance.outcomes",
        2,
        "2026-06-30",
        "Illustrative. The board reads nine measures beside the budget; four of them have a baseline.",
    ),
    DemoShift(
        "governance.ownership",
        None,
        "",
        "",
        before="Shared systems were paid for by whoever started them.",
    ),
)


def load_shifts(plan: Plan, actor: Actor) -> None:
    """What the demo plan says of its shifts. process.automation and technology.cloud are left open."""
    for demo in SHIFTS:
        words = {"before": demo.before, "after": demo.after}
        if demo.earlier is not None:
            level, since, evidence = demo.earlier
            first = {"level": level, "since": date.fromisoformat(since), "evidence": evidence}
            row = create(ShiftStanding, plan=plan, actor=actor, values={"shift": demo.shift, **words, **first})
            update(row, actor=actor, version=row.version, values=_judged(demo))
        else:
            create(ShiftStanding, plan=plan, actor=actor, values={"shift": demo.shift, **words, **_judged(demo)})


def _judged(demo: DemoShift) -> dict[str, Any]:
    since = date.fromisoformat(demo.since) if demo.since else None
    return {"level": demo.level, "since": since, "evidence": demo.evidence}
