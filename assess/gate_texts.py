"""The scorecard of the first gate in words: each criterion with its figure, its threshold and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list

from assess.calc.gate import ASKED, CONDITIONS, MET, MUST, NO_GO, NOT_MET, SHOULD, UNDECIDED, UNKNOWN
from assess.calc.gate import GO as RECOMMENDS_GO
from ssoplanner.core.models import Plan
from ssoplanner.steps.gate import GO, GO_WITH_CONDITIONS, Scorecard, ScoreLine
from ssoplanner.steps.gate import NO_GO as OPTION_NO_GO
from ssoplanner.web import formats

NONE = "–"
LABELS = {MET: "Met", NOT_MET: "Not met", UNKNOWN: "Unknown"}
TONES = {MET: "complete", NOT_MET: "critical", UNKNOWN: "upcoming"}
RECOMMENDED = {RECOMMENDS_GO: GO, CONDITIONS: GO_WITH_CONDITIONS, NO_GO: OPTION_NO_GO, UNDECIDED: ""}
KINDS = {MUST: "Must hold", SHOULD: "Should hold", ASKED: "Asked at the table"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class CriterionText:
    """`page` is where it is worked on; `missing` says what an unknown lacks."""

    title: str
    page: str
    missing: str


TEXTS: dict[str, CriterionText] = {
    "readiness": CriterionText("Readiness of the agencies", "readiness", "too few agencies have submitted answers"),
    "alignment": CriterionText("Executives behind the plan", "reasons", "too few executives were asked"),
    "quick_wins": CriterionText("Quick wins", "heat_map", "the heat map has no figures yet"),
    "capability_gaps": CriterionText("Open capability gaps", "capabilities", "too few capabilities are rated"),
    "completeness": CriterionText("Data completeness", "agencies", "no agency takes part yet"),
    "questions": CriterionText("Five questions settled", "auditor_questions", "nobody has answered any yet"),
    "risks": CriterionText("Twelve risks, the higher rating", "risks", "one side has not rated every risk"),
    "mitigations": CriterionText("Major risks without owner or date", "raid", "the log of risks is empty"),
    "schedule": CriterionText("Steps of Design with a date", "roadmap", "no step of the next phase has a date"),
    "procurement": CriterionText(
        "Procurement, the higher risk rating", "risks", "neither side has rated the risk of procurement"
    ),
    "data_quality": CriterionText(
        "Agencies that rated their data quality", "architecture", "no agency has rated its data quality"
    ),
    "program_office": CriterionText(
        "Program office defined", "people", "no figure says it; the board asks the program office"
    ),
}


def scorecard(figures: Mapping[str, Any], plan: Plan) -> Scorecard:
    """Of a stored or frozen result of `assess.gate`."""
    rows: Sequence[Row] = figures["criteria"]
    recommended = RECOMMENDED[figures["recommendation"]]
    return Scorecard(
        recommended=recommended,
        headline=recommended or "No recommendation yet",
        sentence=_sentence(figures, rows),
        lines=tuple(_line(row, plan) for row in rows),
    )


def _sentence(figures: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """The recommendation with its reasons."""
    musts = [row for row in rows if row["kind"] == MUST]
    named = _named(figures["reasons"])
    recommendation = figures["recommendation"]
    if recommendation == RECOMMENDS_GO:
        return f"Go: all {len(musts)} thresholds of the plan are met, and whatever else should hold does."
    if recommendation == CONDITIONS:
        return (
            f"Go with conditions: all {len(musts)} thresholds of the plan are met. Not met or not known yet: {named}."
        )
    if recommendation == NO_GO:
        unknown = _named([row["key"] for row in musts if row["state"] == UNKNOWN])
        more = f" Not known yet: {unknown}." if unknown else ""
        missed = "misses its threshold" if len(figures["reasons"]) == 1 else "miss their thresholds"
        return f"No-go as it stands: {named} {missed}.{more}"
    return f"No recommendation yet: what must hold is not known of {named}."


def _named(keys: Sequence[str]) -> str:
    return get_text_list([_lower(TEXTS[key].title) for key in keys], "and")


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _line(row: Row, plan: Plan) -> ScoreLine:
    text, state = TEXTS[row["key"]], row["state"]
    return ScoreLine(
        key=row["key"],
        title=text.title,
        kind=KINDS[row["kind"]],
        state=state,
        label=LABELS[state],
        tone=TONES[state],
        value=_value(row["value"], row["unit"], plan),
        threshold=_threshold(row, plan),
        note=_note(row, text, plan),
        page=text.page,
    )


def _value(value: float | None, unit: str, plan: Plan) -> str:
    if value is None:
        return NONE
    return UNITS[unit](value, plan)


UNITS: dict[str, Callable[[float, Plan], str]] = {
    "level": lambda value, plan: formats.decimals(value, 2, plan),
    "score": lambda value, plan: formats.decimals(value, 1, plan),
    "share": formats.percent,
    "count": lambda value, plan: formats.number(int(value), plan),
}


def _threshold(row: Row, plan: Plan) -> str:
    if row["threshold"] is None:
        return ""
    number = _value(row["threshold"], row["unit"], plan)
    if row["kind"] == SHOULD and row["unit"] == "count" and not row["at_most"]:
        return f"all {number}"
    return f"{'at most' if row['at_most'] else 'at least'} {number}"


def _note(row: Row, text: CriterionText, plan: Plan) -> str:
    """What stands behind the figure, or what it lacks."""
    behind = BEHIND[row["key"]].format(**row) if row["key"] in BEHIND and row["of"] else ""
    if row["state"] != UNKNOWN:
        return behind
    return f"{text.missing}; {behind}" if behind else text.missing


BEHIND = {
    "readiness": "{behind} of {of} agencies have a score",
    "alignment": "{behind} of {of} executives were asked",
    "capability_gaps": "{behind} of {of} ratings are given",
    "mitigations": "{behind} of {of} major risks have both",
    "risks": "{behind} of {of} sides rated every risk",
}
