"""What people say in phase 1, beside the shared registers."""

from assess.models.heat_map import Axis, Better, Criterion, Judgement, Measure, Scale, WhenMissing
from assess.models.readiness import (
    Answer,
    AnswerKind,
    Campaign,
    Dimension,
    Question,
    Questionnaire,
    QuestionSet,
)
from assess.models.reasons import Challenge, Position, Sponsor
from assess.models.risks import AuditorAnswer, Rater, RiskScore, Settled

__all__ = [
    "Answer",
    "AnswerKind",
    "AuditorAnswer",
    "Axis",
    "Better",
    "Campaign",
    "Challenge",
    "Criterion",
    "Dimension",
    "Judgement",
    "Measure",
    "Position",
    "Question",
    "QuestionSet",
    "Questionnaire",
    "Rater",
    "RiskScore",
    "Scale",
    "Settled",
    "Sponsor",
    "WhenMissing",
]
