"""The first gate of the demo plan is being prepared: its question is written down, the board has not voted.

Nothing is decided for the reader. The scorecard is computed live, and whoever signs in as the program office opens the
vote.
"""

from __future__ import annotations

from assess.risk_texts import PHASE
from ssoplanner.core.models import Plan
from ssoplanner.recompute.writer import Actor, create
from ssoplanner.steps.models import Body, BodyKind
from ssoplanner.steps.voting import prepare

BODY = {
    "name": "Shared services board",
    "kind": BodyKind.BOARD,
    "mandate": "Illustrative. Decides at each gate whether the program goes on, and on which conditions.",
    "cadence": "every second month",
}
QUESTION = "Does Columbia Bay go on to design its shared services organization?"


def load_decision(plan: Plan, actor: Actor) -> None:
    """`actor` is the program office."""
    body = create(Body, plan=plan, actor=actor, values=BODY)
    prepare(plan, PHASE, actor=actor, values={"question": QUESTION, "body": body})
