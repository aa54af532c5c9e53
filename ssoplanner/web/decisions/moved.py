"""What moved since a vote was opened: from what to what, line by line of the scorecard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list

from ssoplanner.core.models import Action, AuditEvent, Plan
from ssoplanner.recompute.reading import State
from ssoplanner.steps.gate import GateTool, ScoreLine, Standing, gate_tools
from ssoplanner.steps.models import Decision
from ssoplanner.steps.voting import moved, now_of, results_of, stamp_of_results


@dataclass(frozen=True)
class MovedLine:
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Moves:
    """`results` that are not what was frozen, `lines` of the scorecard that say something else now."""

    results: tuple[str, ...]
    lines: tuple[MovedLine, ...]
    computing: bool

    @property
    def sentence(self) -> str:
        """What moved, or that something is about to."""
        if not self.results:
            return "Figures are being computed after a change. Whether any of these moved is known in some seconds."
        said = f"Moved since the vote was opened: {get_text_list(list(self.results), 'and')}."
        if not self.lines:
            return f"{said} No figure of the scorecard is another one."
        return said


def moves_of(decision: Decision, now: Sequence[Standing] | None = None) -> Moves | None:
    """None where everything is as it was frozen, and current. One query, or none where `now` is given."""
    tool = gate_tools().get(decision.phase)
    if tool is None or not results_of(decision):
        return None
    now = now_of(decision) if now is None else now
    different = moved(decision, now)
    computing = any(one.state is not State.CURRENT for one in now)
    if not different and not computing:
        return None
    return Moves(
        results=tuple(one.title for one in different),
        lines=tuple(_lines(tool, frozen_payload(decision, tool), _payload(now, tool), decision.plan)),
        computing=computing,
    )


def moves_since(decision: Decision, stamp: str) -> Moves | None:
    """What the present round differs in from an earlier one, which a form was drawn with; from the audit.

    None where no earlier round had that stamp.
    """
    tool = gate_tools().get(decision.phase)
    events = AuditEvent.objects.filter(plan=decision.plan, model="decision", row_id=decision.pk, action=Action.UPDATE)
    for event in events.order_by("-version"):
        before = event.before.get("rests_on") or {}
        if tool is not None and before.get("results") and stamp_of_results(before["results"]) == stamp:
            hashes = {one["calculation"]: one["hash"] for one in before["results"]}
            different = [one for one in results_of(decision) if one["hash"] != hashes.get(one["calculation"])]
            was, is_ = (_frozen(some, tool) for some in (before["results"], results_of(decision)))
            lines = tuple(_lines(tool, was, is_, decision.plan))
            return Moves(tuple(one["title"] for one in different), lines, computing=False)
    return None


def frozen_payload(decision: Decision, tool: GateTool) -> Mapping[str, Any] | None:
    """The scorecard's result as it was frozen."""
    return _frozen(results_of(decision), tool)


def _frozen(results: Sequence[Mapping[str, Any]], tool: GateTool) -> Mapping[str, Any] | None:
    found = (one["payload"] for one in results if (one["calculation"], one["partition"]) == tool.key)
    return next(found, None)


def _payload(now: Sequence[Standing], tool: GateTool) -> Mapping[str, Any] | None:
    found = next((one for one in now if one.key == tool.key), None)
    return None if found is None or found.payload is None or found.is_incomplete else found.payload


def _lines(
    tool: GateTool, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, plan: Plan
) -> list[MovedLine]:
    if before is None or after is None:
        return []
    was, now = tool.scorecard(before, plan), tool.scorecard(after, plan)
    later = {line.key: line for line in now.lines}
    found = [
        MovedLine(line.title, _said(line), _said(later[line.key]))
        for line in was.lines
        if line.key in later and _said(line) != _said(later[line.key])
    ]
    if was.headline != now.headline:
        found.insert(0, MovedLine("Recommendation", was.headline, now.headline))
    return found


def _said(line: ScoreLine) -> str:
    asked = f" ({line.threshold})" if line.threshold else ""
    return f"{line.value}{asked}, {line.label.lower()}"
