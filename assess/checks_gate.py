"""What the X-ray finds at a gate: decided on figures that moved, conditions past their day, votes open for too long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ssoplanner.recompute.models import Result
from ssoplanner.steps.gate import GO_WITH_CONDITIONS
from ssoplanner.steps.models import Condition, Decision, DecisionState
from ssoplanner.web import formats
from ssoplanner.web.xray.rules import Finding, Link, Rule, Scope, Severity, Source

OPEN_FOR = timedelta(days=14)  # longer than the notice of a meeting


@dataclass(frozen=True)
class Decided:
    """The newest decision of a gate, with the titles of the results that are not what it was decided on."""

    row: Decision
    moved: tuple[str, ...]


def _decided(scope: Scope) -> Iterator[Decided]:
    rows = Decision.objects.using(scope.db).filter(plan=scope.plan, state=DecisionState.DECIDED).exclude(phase="")
    newest = {row.phase: row for row in rows.order_by("pk")}
    if not newest:
        return
    found = Result.objects.using(scope.db).filter(derived__plan=scope.plan, derived__partition="")
    hashes = dict(found.values_list("derived__calculation", "payload_hash"))
    for row in newest.values():
        frozen = row.rests_on.get("results", ())
        moved = tuple(one["title"] for one in frozen if hashes.get(one["calculation"]) != one["hash"])
        yield Decided(row, moved)


def _conditions(scope: Scope) -> Any:
    rows = Condition.objects.using(scope.db).filter(plan=scope.plan, decision__state=DecisionState.DECIDED)
    agreed = rows.filter(decision__outcome=GO_WITH_CONDITIONS).select_related("decision", "owner", "task")
    return agreed.defer("decision__rests_on")


def _open(scope: Scope) -> Any:
    rows = Decision.objects.using(scope.db).filter(plan=scope.plan, state=DecisionState.VOTING).exclude(phase="")
    return rows.defer("rests_on")


def _is_overdue(row: Condition, scope: Scope) -> bool:
    met = row.met_at is not None if row.task is None else row.task.done_on is not None
    return not met and row.due < scope.as_of


def _is_old(row: Decision, scope: Scope) -> bool:
    return row.opened_at is not None and scope.now - row.opened_at > OPEN_FOR


def _gate(row: Decision) -> tuple[Link, ...]:
    return (Link("gate", {"phase_key": row.phase}),)


def _overdue(row: Condition, scope: Scope) -> Finding:
    return Finding(f"{row}: {row.owner}, by {formats.day(row.due, scope.plan)}", _gate(row.decision))


def _since(row: Decision, scope: Scope) -> Finding:
    assert row.opened_at is not None
    day = formats.day(scope.plan.day_of(row.opened_at), scope.plan)
    return Finding(f"{row}: open since {day}", _gate(row))


RULES = (
    Rule(
        key="assess.gate_moved",
        title="Gates decided on figures that have moved since",
        why="The board signed other figures than those that stand there now; it may want to know.",
        severity=Severity.LOOK,
        about="assess",
        source=Source(_decided),
        is_wrong=lambda row, scope: bool(row.moved),
        finding=lambda row, scope: Finding(f"{row.row}: {', '.join(row.moved)}", _gate(row.row)),
    ),
    Rule(
        key="assess.condition_overdue",
        title="Conditions of a gate past their day",
        why="The board went on only because they would be met.",
        severity=Severity.STOPS,
        about="assess",
        source=Source(_conditions),
        is_wrong=_is_overdue,
        finding=_overdue,
    ),
    Rule(
        key="assess.vote_open_long",
        title="Votes open for more than two weeks",
        why="The figures they are about grow old, and nobody knows whether the next phase may begin.",
        severity=Severity.SHOULD,
        about="assess",
        source=Source(_open),
        is_wrong=_is_old,
        finding=_since,
    ),
)
