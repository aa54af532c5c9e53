"""What people say in phase 1, beside the shared registers."""

from assess.models.architecture import (
    Aspect,
    Candidate,
    Capability,
    CapabilityRating,
    DuplicateFinding,
    Ownership,
    TechnologyRating,
    Verdict,
)
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
    "Aspect",
    "AuditorAnswer",
    "Axis",
    "Better",
    "Campaign",
    "Candidate",
    "Capability",
    "CapabilityRating",
    "Challenge",
    "Criterion",
    "Dimension",
    "DuplicateFinding",
    "Judgement",
    "Measure",
    "Ownership",
    "Position",
    "Question",
    "QuestionSet",
    "Questionnaire",
    "Rater",
    "RiskScore",
    "Scale",
    "Settled",
    "Sponsor",
    "TechnologyRating",
    "Verdict",
    "WhenMissing",
]
