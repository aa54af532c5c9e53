"""How far the plan is: progress of steps with evidence, talk, tasks, risks, bodies, decisions with votes, shifts."""

from ssoplanner.steps.models.decisions import Body, BodyKind, Condition, Decision, DecisionState, Vote
from ssoplanner.steps.models.fields import check_step, step_name
from ssoplanner.steps.models.progress import Evidence, EvidenceFile, StepProgress, StepStatus
from ssoplanner.steps.models.risks import Risk, RiskResponse, RiskStatus
from ssoplanner.steps.models.shifts import ShiftStanding, check_shift
from ssoplanner.steps.models.talk import Comment, Reminder, Task

__all__ = [
    "Body",
    "BodyKind",
    "Comment",
    "Condition",
    "Decision",
    "DecisionState",
    "Evidence",
    "EvidenceFile",
    "Reminder",
    "Risk",
    "RiskResponse",
    "RiskStatus",
    "ShiftStanding",
    "StepProgress",
    "StepStatus",
    "Task",
    "Vote",
    "check_shift",
    "check_step",
    "step_name",
]
