"""What the gate of phase 1 asks besides figures: twelve risks, rated twice, and five questions of an auditor."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from assess.risk_texts import questions_by_key, risks_by_key
from ssoplanner.core.models import PlanRow
from ssoplanner.phases import PHASES


class Rater(models.TextChoices):
    OWN = "own", "The agencies’ own rating"
    INDEPENDENT = "independent", "Independent rating"


class Score(models.IntegerChoices):
    LOW = 1, "Low"
    MEDIUM_ACCEPTED = 2, "Medium, with a strategy that was accepted"
    MEDIUM = 3, "Medium"
    HIGH_ACCEPTED = 4, "High, with a strategy that was accepted"
    HIGH = 5, "High"


OWN_SCORES = (Score.LOW, Score.MEDIUM, Score.HIGH)
REASONED = (Score.MEDIUM_ACCEPTED, Score.HIGH_ACCEPTED, Score.HIGH)


class RiskScore(PlanRow):
    """One of the twelve risks as one side rates it in a phase; `score` empty means not applicable.

    1 low, 3 medium, 5 high; the independent side may also say 2 and 4, for a strategy that was accepted. Those two, and
    high, carry a reason.
    """

    phase = models.CharField("phase", max_length=20)
    risk = models.CharField("risk", max_length=40)
    rater = models.CharField("whose rating", max_length=12, choices=Rater.choices)
    score = models.PositiveSmallIntegerField(
        "score", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    reason = models.TextField("reason", blank=True, max_length=1000)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "phase", "risk", "rater"], name="riskscore_unique"),
            models.CheckConstraint(condition=Q(rater__in=Rater.values), name="riskscore_rater_known"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__range=(1, 5)), name="riskscore_scale"),
        )

    def __str__(self) -> str:
        risk = risks_by_key().get(self.risk)
        return f"{risk.name if risk else self.risk}, {self.get_rater_display().lower()}"

    def clean(self) -> None:
        super().clean()
        if self.phase not in {phase.key for phase in PHASES} or self.risk not in risks_by_key():
            raise ValidationError("This is none of the twelve risks. Choose one of them.")
        if self.score is None:
            return
        if self.rater == Rater.OWN and self.score not in OWN_SCORES:
            raise ValidationError({"score": "The own rating is low, medium or high: 1, 3 or 5."})
        if self.score in REASONED and not self.reason:
            raise ValidationError({"reason": _why(self.score)})


def _why(score: int) -> str:
    if score == Score.HIGH:
        return "Say why it is high, and what would lower it."
    return "Say which strategy was accepted, by whom and when."


class Settled(models.TextChoices):
    NO = "no", "Not settled"
    PARTLY = "partly", "Partly settled"
    YES = "yes", "Settled"


class AuditorAnswer(PlanRow):
    """What the plan answers to one of the five questions before consolidating, and what shows it."""

    question = models.CharField("question", max_length=20)
    how_far = models.CharField("how far", max_length=6, choices=Settled.choices, default=Settled.NO)
    answer = models.TextField("answer", blank=True, max_length=2000)
    evidence = models.TextField("what shows it", blank=True, max_length=1000)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "question"], name="auditoranswer_unique"),
            models.CheckConstraint(condition=Q(how_far__in=Settled.values), name="auditoranswer_settled_known"),
        )

    def __str__(self) -> str:
        question = questions_by_key().get(self.question)
        return question.name if question else self.question

    def clean(self) -> None:
        super().clean()
        if self.question not in questions_by_key():
            raise ValidationError("This is none of the five questions. Choose one of them.")
        if self.how_far == Settled.NO:
            return
        if not self.answer:
            raise ValidationError({"answer": "Give the answer: a question without one is not settled."})
        if self.how_far == Settled.YES and not self.evidence:
            raise ValidationError({"evidence": "Say what shows it: nobody takes an answer as settled on trust."})
