"""What the roadmap says in sentences, over the steps that it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ssoplanner.core.models import Plan
from ssoplanner.steps.models import StepStatus
from ssoplanner.steps.registry import Pillar
from ssoplanner.web import formats
from ssoplanner.web.roadmap.lines import StepLine

LATE_WORDS = {StepStatus.LATE: "late", StepStatus.CRITICAL: "late and critical"}
NAMED = 3  # overdue steps that the sentence names; the rest are counted


def how_far(lines: Sequence[StepLine], pillar: Pillar | None) -> str:
    """ "5 of 23 steps complete or under way, 1 late, 1 late and critical"."""
    begun = sum(1 for line in lines if line.is_complete or line.is_under_way)
    about = f" about {pillar}" if pillar else ""
    counts = Counter(line.status for line in lines)
    late = [f"{counts[status]} {words}" for status, words in LATE_WORDS.items() if counts[status]]
    return ", ".join([f"{begun or 'None'} of {len(lines)} steps{about} complete or under way", *late])


def next_due(lines: Sequence[StepLine], plan: Plan) -> str:
    """Which open step is due next, and whose it is."""
    ahead = [line for line in lines if not line.is_complete and line.due is not None and line.due >= line.now]
    if not ahead:
        return "no open step has a date ahead of it"
    line = min(ahead, key=lambda one: (one.due, one.code))
    return f"next due: {line.code} {line.short} on {formats.day(line.due, plan)}, {line.owner or 'nobody’s yet'}"


def overdue(lines: Sequence[StepLine], plan: Plan) -> str:
    """Which steps are past their date, the longest first; empty where none is."""
    past = sorted((line for line in lines if line.is_overdue), key=lambda line: -line.days_over)
    if not past:
        return ""
    named = [f"{one.code} {one.short} by {days(one.days_over, plan)}" for one in past[:NAMED]]
    more = [f"{len(past) - NAMED} more"] if len(past) > NAMED else []
    return f"Overdue: {', '.join(named + more)}."


def days(count: int, plan: Plan) -> str:
    return formats.counted(count, "day", "days", plan)


def held_up(every: Sequence[StepLine], lines: Sequence[StepLine]) -> str:
    """Which late step of `lines` most other steps wait for, among `every` step of the plan; empty where none is."""
    reach = {line.key: _waiting_on(line, {one.key: one for one in every}) for line in lines if line.is_late}
    first = max((line for line in lines if reach.get(line.key)), key=lambda line: len(reach[line.key]), default=None)
    if first is None:
        return ""
    direct = ", ".join(other.code for other in first.holds_up if not other.is_complete)
    through = len(reach[first.key]) - len([other for other in first.holds_up if not other.is_complete])
    more = f", and through {'it' if direct.count(',') == 0 else 'them'} {through} more" if through else ""
    return f"{first.code} is late and holds up {direct}{more}."


def _waiting_on(line: StepLine, by_key: Mapping[str, StepLine]) -> set[str]:
    """The open steps that wait for this one, and those that wait for them."""
    found: set[str] = set()
    ahead = [line]
    while ahead:
        for other in ahead.pop().holds_up:
            if not other.is_complete and other.key not in found:
                found.add(other.key)
                ahead.append(by_key[other.key])
    return found
