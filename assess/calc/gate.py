"""The scorecard of the first gate, and what it recommends.

Five figures must hold. Each has a threshold that the plan sets:

- Readiness: mean score of the agencies (1-5), at least the threshold. Alignment: executives supportive or committed /
  asked, at least. Quick wins: services of that group of the heat map, at least. Open capability gaps: at most. Data
  completeness: share of the asked figures that are given, at least.
- A figure stands for the plan once those behind it are at least the plan's lowest data completeness of all: agencies
  with a readiness score, executives who were asked, capability ratings that were given. Below that it is unknown.

Others should hold:

- The five questions: all five settled; unknown where nobody answered any. The twelve risks: neither side's mean above
  3.5; unknown until both sides rated each. Mitigations: no open risk of the log with an exposure of 2.25 or more,
  half of the largest, without owner or date; unknown for an empty log. Schedule: each step of the next phase has a due
  date; unknown while none has. Procurement: neither side rates that risk 4 or 5, which says that no plan holds; unknown
  until one side rated it. Data quality: each agency gave its level; unknown while none did.
- The program office being defined is asked at the table: no figure of the plan says it, so it stays unknown and counts
  neither way.

Recommendation: no-go where a must is not met; none where a must is unknown; go with conditions where every must is met
and any other is not met or unknown; else go. Its reasons are the criteria that it turns on. Shares are 0-1, thresholds
are compared exactly as the plan states them. Refused: nothing.

Source: thresholds are the plan's own; tollgate from readiness to selection of GSA's Modernization and Migration
Management playbook; five questions of GAO-12-542 (2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MUST, SHOULD, ASKED = "must", "should", "asked"
MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
GO, CONDITIONS, NO_GO, UNDECIDED = "go", "conditions", "no_go", "undecided"
HIGH_FROM = 3.5  # the band of high risks begins above it
NO_PLAN_FROM = 4
DECIMALS = 9  # so that a sum of shares that is 0.6 is not taken for 0.5999


@dataclass(frozen=True)
class Known:
    """A figure, and how many of those who could stand behind it do. `value` is None where there is none."""

    value: float | None = None
    behind: int = 0
    of: int = 0


@dataclass(frozen=True)
class Thresholds:
    readiness: float
    alignment: float
    completeness: float
    quick_wins: int
    capability_gaps: int


@dataclass(frozen=True)
class GateInput:
    """`questions` how far each answered question is settled; `scores` of both sides where each rated all risks;
    `procurement` the scores of that risk; `major` the high risks of the log and how many lack owner or date.
    """

    thresholds: Thresholds
    readiness: Known
    alignment: Known
    quick_wins: Known
    capability_gaps: Known
    completeness: Known
    data_quality: Known
    questions: tuple[bool, ...]
    asked_questions: int
    scores: tuple[float | None, float | None]
    procurement: tuple[int, ...]
    log: int
    major: int
    unhandled: int
    dated: int
    next_steps: int


@dataclass(frozen=True)
class Criterion:
    """`unit` is level, share, count or score; `behind` of `of` stand behind the value, where that is counted."""

    key: str
    kind: str
    state: str
    value: float | None
    threshold: float | None
    unit: str
    at_most: bool = False
    behind: int | None = None
    of: int | None = None


@dataclass(frozen=True)
class Gate:
    recommendation: str
    reasons: list[str]
    criteria: list[Criterion]


def gate(plan: GateInput) -> Gate:
    """The criteria in order, with the recommendation that follows."""
    criteria = [*_musts(plan), *_shoulds(plan), Criterion("program_office", ASKED, UNKNOWN, None, None, "count")]
    recommendation, reasons = _recommended(criteria)
    return Gate(recommendation, reasons, criteria)


def _recommended(criteria: Sequence[Criterion]) -> tuple[str, list[str]]:
    """The rule, from the worst answer to the best."""
    for kind, states, answer in (
        (MUST, (NOT_MET,), NO_GO),
        (MUST, (UNKNOWN,), UNDECIDED),
        (SHOULD, (NOT_MET, UNKNOWN), CONDITIONS),
    ):
        found = [one.key for one in criteria if one.kind == kind and one.state in states]
        if found:
            return answer, found
    return GO, [one.key for one in criteria if one.kind == MUST]


def _musts(plan: GateInput) -> list[Criterion]:
    limits, enough = plan.thresholds, plan.thresholds.completeness
    return [
        _figure("readiness", plan.readiness, limits.readiness, "level", enough),
        _figure("alignment", plan.alignment, limits.alignment, "share", enough),
        _figure("quick_wins", plan.quick_wins, limits.quick_wins, "count"),
        _figure("capability_gaps", plan.capability_gaps, limits.capability_gaps, "count", enough, at_most=True),
        _figure("completeness", plan.completeness, limits.completeness, "share"),
    ]


def _figure(
    key: str, known: Known, threshold: float, unit: str, enough: float | None = None, *, at_most: bool = False
) -> Criterion:
    too_few = enough is not None and (not known.of or _compared(known.behind, enough * known.of) == NOT_MET)
    state = UNKNOWN if known.value is None or too_few else _compared(known.value, threshold, at_most=at_most)
    behind, of = (None, None) if enough is None else (known.behind, known.of)
    return Criterion(key, MUST, state, known.value, threshold, unit, at_most, behind, of)


def _compared(value: float, threshold: float, *, at_most: bool = False) -> str:
    gap = round(value - threshold, DECIMALS)
    return MET if (gap <= 0 if at_most else gap >= 0) else NOT_MET


def _shoulds(plan: GateInput) -> list[Criterion]:
    return [
        _counted("questions", sum(plan.questions), plan.asked_questions, known=bool(plan.questions)),
        _risks(plan.scores),
        _mitigations(plan),
        _counted("schedule", plan.dated, plan.next_steps, known=plan.dated > 0),
        _procurement(plan.procurement),
        _counted("data_quality", plan.data_quality.behind, plan.data_quality.of, known=plan.data_quality.behind > 0),
    ]


def _counted(key: str, count: int, of: int, *, known: bool) -> Criterion:
    """All of them."""
    state = _compared(count, of) if known else UNKNOWN
    return Criterion(key, SHOULD, state, count if known else None, of, "count", behind=count, of=of)


def _risks(scores: Sequence[float | None]) -> Criterion:
    known = [score for score in scores if score is not None]
    both = len(known) == len(scores)
    worst = max(known, default=None)
    state = _compared(worst, HIGH_FROM, at_most=True) if both and worst is not None else UNKNOWN
    return Criterion("risks", SHOULD, state, worst, HIGH_FROM, "score", at_most=True, behind=len(known), of=len(scores))


def _mitigations(plan: GateInput) -> Criterion:
    value = plan.unhandled if plan.log else None
    state = UNKNOWN if value is None else _compared(value, 0, at_most=True)
    handled = plan.major - plan.unhandled
    return Criterion("mitigations", SHOULD, state, value, 0, "count", at_most=True, behind=handled, of=plan.major)


def _procurement(scores: Sequence[int]) -> Criterion:
    worst = max(scores, default=None)
    state = UNKNOWN if worst is None else _compared(worst, NO_PLAN_FROM - 1, at_most=True)
    return Criterion("procurement", SHOULD, state, worst, NO_PLAN_FROM - 1, "score", at_most=True)
