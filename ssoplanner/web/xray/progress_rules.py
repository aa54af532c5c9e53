"""Rules about the steps of the method and about the results that workers make."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Membership, Role
from ssoplanner.recompute.calculations import calculations
from ssoplanner.recompute.models import Derived
from ssoplanner.steps.models import StepProgress, StepStatus
from ssoplanner.steps.registry import steps
from ssoplanner.web import formats
from ssoplanner.web.xray.rules import Finding, Link, Rule, Scope, Severity, Source

LONG = timedelta(minutes=10)
PAST_ITS_DATE = "step.late"
UNDER_WAY = frozenset({StepStatus.ON_TRACK, StepStatus.LATE, StepStatus.CRITICAL})


def _steps(scope: Scope) -> Any:
    member = Membership.objects.filter(plan=scope.plan, user=OuterRef("owner"))
    rows = StepProgress.objects.using(scope.db).filter(plan=scope.plan, step__in=[step.key for step in steps()])
    open_ones = rows.exclude(status=StepStatus.COMPLETE).select_related("owner")
    return open_ones.annotate(owner_is_member=Exists(member))


def _results(scope: Scope) -> Any:
    """For each calculation: how many of its results failed, and how many wait for long."""
    lagging = Derived.objects.using(scope.db).filter(plan=scope.plan, retired_at=None, built__lt=F("wanted"))
    waiting = Q(attempts=0, dirty_since__lt=scope.now - LONG)
    rows = lagging.order_by("calculation").values("calculation")
    return rows.annotate(failed=Count("pk", filter=Q(attempts__gt=0)), waiting=Count("pk", filter=waiting))


def _is_own_step(row: StepProgress, member: Member) -> bool:
    return bool(row.owner_id == member.user.pk)


STEPS, RESULTS = Source(_steps, _is_own_step), Source(_results)


def _step(row: StepProgress, more: str = "") -> Finding:
    ids = {"step_key": row.step}
    return Finding(f"{row}{more}", (Link("step_edit", ids, roles=(Role.OFFICE,)), Link("step", ids)))


def _late(row: StepProgress, scope: Scope) -> Finding:
    return _step(row, f": due {formats.day(row.due, scope.plan)}")


def _result(name: str) -> Any:
    def finding(row: dict[str, Any], scope: Scope) -> Finding:
        known = calculations().get(row["calculation"])
        title = known.title if known else row["calculation"]
        return Finding(f"{title}: {formats.counted(row[name], 'result', 'results', scope.plan)}", (Link("figures"),))

    return finding


RULES = (
    Rule(
        key="step.no_owner",
        title="Steps under way without an owner",
        why="Nobody answers for their date and their outcome.",
        severity=Severity.SHOULD,
        about="steps",
        source=STEPS,
        is_wrong=lambda row, scope: row.owner_id is None and (row.status in UNDER_WAY or row.due is not None),
        finding=lambda row, scope: _step(row),
    ),
    Rule(
        key="step.lost_owner",
        title="Steps whose owner is no longer in the plan",
        why="The person does not see the plan any more, so nobody does the step.",
        severity=Severity.SHOULD,
        about="steps",
        source=STEPS,
        is_wrong=lambda row, scope: row.owner_id is not None and not row.owner_is_member,
        finding=lambda row, scope: _step(row, f": {row.owner}"),
    ),
    Rule(
        key=PAST_ITS_DATE,
        title="Steps whose due date has passed",
        why="What stands on them waits, or goes on without them.",
        severity=Severity.STOPS,
        about="steps",
        source=STEPS,
        is_wrong=lambda row, scope: row.due is not None and row.due < scope.as_of,
        finding=_late,
    ),
    Rule(
        key="result.failed",
        title="Results that could not be computed",
        why="Pages show the last figures, which may no longer be true.",
        severity=Severity.STOPS,
        about="results",
        source=RESULTS,
        is_wrong=lambda row, scope: row["failed"] > 0,
        finding=_result("failed"),
    ),
    Rule(
        key="result.waiting",
        title="Results that have waited for more than ten minutes",
        why="Figures take seconds where a worker runs, so perhaps none does.",
        severity=Severity.SHOULD,
        about="results",
        source=RESULTS,
        is_wrong=lambda row, scope: row["waiting"] > 0,
        finding=_result("waiting"),
    ),
)
