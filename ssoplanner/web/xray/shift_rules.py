"""The rule about the twelve shifts: once the first phase is over, the plan looks at each of them every year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ssoplanner.steps.models import ShiftStanding, StepProgress, StepStatus
from ssoplanner.steps.registry import steps_by_phase
from ssoplanner.steps.shifts import SHIFTS, Shift
from ssoplanner.web import formats
from ssoplanner.web.xray.rules import Finding, Link, Rule, Scope, Severity, Source

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Standing:
    """A shift, and what the plan last said of it."""

    shift: Shift
    row: ShiftStanding | None


def _standings(scope: Scope) -> Iterator[Standing]:
    """All twelve where every step of the first phase is complete, before that none."""
    _, of_phase = steps_by_phase()[0]
    complete = StepProgress.objects.using(scope.db).filter(plan=scope.plan, status=StepStatus.COMPLETE)
    if complete.filter(step__in=[step.key for step in of_phase]).count() < len(of_phase):
        return
    known = {row.shift: row for row in ShiftStanding.objects.using(scope.db).filter(plan=scope.plan)}
    for shift in SHIFTS:
        yield Standing(shift, known.get(shift.key))


def _is_wrong(standing: Standing, scope: Scope) -> bool:
    row = standing.row
    return row is None or row.level is None or row.changed_at < scope.now - A_YEAR


def _finding(standing: Standing, scope: Scope) -> Finding:
    row = standing.row
    said = "never judged"
    if row is not None and row.level is not None:
        said = f"last looked at on {formats.day(scope.plan.day_of(row.changed_at), scope.plan)}"
    return Finding(f"{standing.shift}: {said}", (Link("shift", {"shift_key": standing.shift.key}),))


RULES = (
    Rule(
        key="shift.not_judged",
        title="Shifts that nobody has judged for a year",
        why="Systems and money move by themselves; whether people work in another way shows only who looks.",
        severity=Severity.LOOK,
        about="shifts",
        source=Source(_standings),
        is_wrong=_is_wrong,
        finding=_finding,
    ),
)
