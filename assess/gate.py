"""The gate of Assess: its scorecard, and the results that a decision there freezes."""

from assess.gate_texts import scorecard
from assess.pages_gate import more
from assess.risk_texts import PHASE
from ssoplanner.steps.gate import GateTool

SCORECARD = ("assess.gate", "")
RESTS_ON = (
    SCORECARD,
    ("assess.readiness_map", ""),
    ("assess.alignment", ""),
    ("assess.heat_map", ""),
    ("assess.capability_map", ""),
    ("assess.technology_map", ""),
    ("assess.plan_risk", ""),
    ("assess.completeness", ""),
)
GATE = GateTool(
    phase=PHASE, key=SCORECARD, rests_on=RESTS_ON, scorecard=scorecard, more=more, template="assess/_gate_more.html"
)
