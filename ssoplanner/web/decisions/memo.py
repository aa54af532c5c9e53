"""The memo of a gate decision, on two pages: what was decided, by whom and why, then the figures that it rests on.

Made of what was frozen when the vote was opened, so that the memo of a decision stays as it is, whatever is computed
later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ssoplanner.access.gate import Member, plan_for
from ssoplanner.access.results import may_see, released
from ssoplanner.core.models import Plan, Role
from ssoplanner.documents.content import Block, Cell, Document, Facts, Line, Paragraph, Section, Table, cell
from ssoplanner.documents.kinds import documents
from ssoplanner.phases import PHASES
from ssoplanner.recompute import clock
from ssoplanner.recompute.jobs import CannotMake
from ssoplanner.recompute.models import Job
from ssoplanner.steps.gate import OPTIONS, GateTool, Scorecard, ScoreLine, gate_tools
from ssoplanner.steps.models import Decision, DecisionState
from ssoplanner.steps.voting import results_of, tally_of
from ssoplanner.web import formats
from ssoplanner.web.decisions.moved import frozen_payload
from ssoplanner.web.decisions.votes import OPTION_TONES, ConditionLine, decisions_of, rule
from ssoplanner.web.decisions.votes import conditions_of as condition_lines
from ssoplanner.web.roadmap.document import ILLUSTRATIVE
from ssoplanner.web.roadmap.gates import shown_states

KEY = "decision-memo"
HASH_SHOWN = 16  # characters, as people compare them; the whole hash is kept with the decision
GONE = "This decision is not there any more, or is not open to you."
NOT_RELEASED = "The figures are shown here once the program office releases the scorecard."


def chosen(sent: Mapping[str, str]) -> dict[str, str]:
    """The decision that was asked for; a number, or nothing."""
    decision = sent.get("decision", "")
    return {"decision": decision} if decision.isascii() and decision.isdigit() and len(decision) < 10 else {}


@documents(
    KEY,
    title="Decision memo",
    text="Two pages: what was decided at a gate, vote by vote with reasons, then the figures that it rests on.",
    roles=Role,
    read=chosen,
)
def memo_document(job: Job) -> Document:
    """Of the decision that was asked for, or the newest that went to a vote. Raises CannotMake."""
    member = plan_for(job.user, job.plan.slug)
    row = _row(member, job.parameters.get("decision", ""))
    if row is None:
        raise CannotMake(GONE)
    return memo(member, row, str(job.user))


def _row(member: Member, wanted: str) -> Decision | None:
    found = Decision.objects.for_plan(member.plan).filter(state__in=shown_states(member)).exclude(opened_at=None)
    row = found.filter(pk=wanted).first() if wanted else found.exclude(phase="").order_by("-pk").first()
    if row is None:
        return None
    return next((one for one in decisions_of(member, row.phase, [row.state]) if one.pk == row.pk), None)


def memo(member: Member, row: Decision, asked_by: str) -> Document:
    """`row` comes with its votes and conditions."""
    plan, tool = member.plan, gate_tools().get(row.phase)
    phase = next((one for one in PHASES if one.key == row.phase), None)
    about = f"gate {phase.number}, {phase.title}" if phase else "decision"
    return Document(
        title=f"Decision memo: {about}",
        subtitle=plan.name,
        made=f"Made on {formats.moment(clock.now(), plan)} for {asked_by}",
        sections=(_first(member, row), _second(member, row, tool)),
        notice=ILLUSTRATIVE if plan.illustrative else "",
    )


# --- What was decided -----------------------------------------------------------------------------------------------


def _first(member: Member, row: Decision) -> Section:
    plan = member.plan
    blocks: list[Block] = [_facts(member, row)]
    if _sees_figures(member, row):
        blocks.append(Paragraph(f"The scorecard said: {row.recommendation}"))
    blocks.append(Paragraph(rule(row, plan), quiet=True))
    blocks += _votes(member, row)
    blocks += _conditions(condition_lines(member, row), plan)
    if row.minutes:
        blocks.append(Paragraph(f"Minutes: {row.minutes}"))
    return Section(row.question, tuple(blocks))


def _sees_figures(member: Member, row: Decision) -> bool:
    tool = gate_tools().get(row.phase)
    return tool is not None and may_see(member, tool.key, frozenset() if member.sees_all else released(member.plan))


def _reads_votes(member: Member, row: Decision) -> bool:
    return member.sees_all or row.state == DecisionState.DECIDED


def _facts(member: Member, row: Decision) -> Facts:
    plan, votes = member.plan, list(row.votes.all())
    counted = tally_of(row, votes)
    when = row.decided_at or row.opened_at
    said = ", ".join(f"{counted.counts[one]} {one}" for one in OPTIONS if one in counted.counts)
    said = f": {said}" if said and _reads_votes(member, row) else ""
    return Facts(
        (
            ("Outcome", row.outcome or str(DecisionState(row.state).label)),
            ("Decided" if row.decided_at else "Opened", formats.moment(when, plan)),
            ("By", str(row.body) if row.body else "The board"),
            ("Votes", f"{counted.cast} of {counted.voters}{said}"),
        )
    )


def _votes(member: Member, row: Decision) -> list[Block]:
    if not _reads_votes(member, row):
        return []
    rows = tuple(
        (
            cell(str(vote.user), strong=True),
            Cell((Line(vote.option, tone=OPTION_TONES.get(vote.option, "")),)),
            cell(vote.reason),
        )
        for vote in row.votes.all()
    )
    if not rows:
        return [Paragraph("Nobody has voted.", quiet=True)]
    return [Table("Vote by vote", ("Who", "Vote", "Reason"), rows, (22, 20, 58))]


def _conditions(lines: Sequence[ConditionLine], plan: Plan) -> list[Block]:
    rows = tuple((cell(one.text), cell(one.owner), cell(formats.day(one.due, plan))) for one in lines)
    return [Table("Conditions", ("Condition", "Owner", "By"), rows, (58, 24, 18))] if rows else []


# --- What it rests on -----------------------------------------------------------------------------------------------


def _second(member: Member, row: Decision, tool: GateTool | None) -> Section:
    title, plan = "The figures it rests on", member.plan
    figures = frozen_payload(row, tool) if tool else None
    if tool is None or figures is None:
        return Section(title, (Paragraph("This decision rests on no computed figures."),), new_page=True)
    if not _sees_figures(member, row):
        return Section(title, (Paragraph(NOT_RELEASED),), new_page=True)
    card = tool.scorecard(figures, plan)
    said = f"As they were when the vote was opened on {formats.moment(row.opened_at, plan)}, round {row.round}."
    return Section(title, (Paragraph(said), _scorecard(card), _results(results_of(row), plan)), new_page=True)


def _scorecard(card: Scorecard) -> Table:
    heads = ("Criterion", "Figure", "Threshold", "State")
    return Table("Scorecard", heads, tuple(_criterion(line) for line in card.lines), (44, 16, 18, 22))


def _criterion(line: ScoreLine) -> tuple[Cell, ...]:
    name = (
        Line(line.title, strong=True),
        *((Line(line.note[:1].upper() + line.note[1:], quiet=True),) if line.note else ()),
    )
    return Cell(name), cell(line.value), cell(line.threshold or "–"), Cell((Line(line.label, tone=line.tone),))


def _results(found: Sequence[Mapping[str, Any]], plan: Plan) -> Table:
    rows = tuple(
        (cell(one["title"], strong=True), cell(_moment(one["built_at"], plan)), cell(one["hash"][:HASH_SHOWN]))
        for one in found
    )
    return Table("Results with their hashes", ("Result", "Computed", "Hash (SHA-256)"), rows, (44, 26, 30))


def _moment(text: str, plan: Plan) -> str:
    return formats.moment(datetime.fromisoformat(text), plan) if text else "–"
