"""Readiness: question sets, campaigns in which agencies answer them, and the answers.

A set is drafted, then published; a published one never changes, so that answers keep the question they were given to.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from ssoplanner.core.models import Agency, PlanRow, Tier, User
from ssoplanner.steps.registry import Pillar

LEVELS = 5


class Dimension(models.TextChoices):
    CULTURE = "culture", "Culture for change"
    DIGITAL = "digital", "Digital maturity"
    CAPACITY = "capacity", "Operational capacity"
    ALIGNMENT = "alignment", "Stakeholder alignment"


class QuestionSet(PlanRow):
    """A version of the questions. It can be changed until it is published."""

    number = models.PositiveSmallIntegerField("version")
    note = models.CharField("what is new", max_length=200, blank=True)
    published_on = models.DateField("published on", null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "number"], name="questionset_number_unique"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(published_on__isnull=True),
                name="questionset_one_draft",
                violation_error_message="There is a draft already. Publish it, or go on with it.",
            ),
        )

    def __str__(self) -> str:
        return f"Question set, version {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_on is not None


class Question(PlanRow):
    """One question with a description of each of its five levels; `tiers` empty means that it holds for every tier.

    Its `code` stays the same from one version to the next, so that answers of two campaigns can be compared.
    """

    question_set = models.ForeignKey(QuestionSet, on_delete=models.RESTRICT, related_name="questions")
    code = models.CharField("code", max_length=12)
    dimension = models.CharField("dimension", max_length=10, choices=Dimension.choices)
    pillars = models.JSONField("pillars", default=list)
    text = models.CharField("question", max_length=300)
    levels = models.JSONField("what each level means", default=list)
    weight = models.DecimalField("weight", max_digits=5, decimal_places=2, default=1, validators=[MinValueValidator(0)])
    evidence_hint = models.CharField("what would show a high answer", max_length=300, blank=True)
    tiers = models.JSONField("only for these tiers", default=list, blank=True)
    action = models.CharField("what helps where it is low", max_length=300, blank=True)
    place = models.PositiveSmallIntegerField("place", default=0)
    is_retired = models.BooleanField("retired", default=False)

    class Meta:
        ordering = ("dimension", "place", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "question_set", "code"],
                name="question_code_unique",
                violation_error_message="Another question of this set has this code. Choose a code of its own.",
            ),
            models.CheckConstraint(condition=Q(dimension__in=Dimension.values), name="question_dimension_known"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="question_weight"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(code=""), name="question_worded"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    def clean(self) -> None:
        super().clean()
        if not isinstance(self.levels, list) or len(self.levels) != LEVELS or not all(map(_is_words, self.levels)):
            raise ValidationError({"levels": "Describe each of the five levels in words."})
        if not self.pillars or not set(self.pillars) <= set(Pillar):
            raise ValidationError({"pillars": "Choose at least one of the four pillars."})
        if not set(self.tiers) <= set(Tier.values):
            raise ValidationError({"tiers": "One of these is no tier of jurisdiction."})


def _is_words(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip())


class Campaign(PlanRow):
    """A time in which agencies answer a published set. `targets` is dimension -> the level aimed at, 1-5."""

    title = models.CharField("title", max_length=120)
    question_set = models.ForeignKey(QuestionSet, on_delete=models.RESTRICT, related_name="campaigns")
    opens = models.DateField("opens")
    closes = models.DateField("closes")
    targets = models.JSONField("levels aimed at", default=dict, blank=True)
    agencies = models.ManyToManyField(Agency, related_name="campaigns", verbose_name="agencies that are asked")

    class Meta:
        ordering = ("-opens", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "title"],
                name="campaign_title_unique",
                violation_error_message="Another campaign has this title. Choose a title of its own.",
            ),
            models.CheckConstraint(
                condition=Q(closes__gte=F("opens")),
                name="campaign_closes_after_opens",
                violation_error_message="It cannot close before it opens. Change one of the two days.",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="campaign_titled"),
        )

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.question_set_id and not self.question_set.is_published:
            raise ValidationError({"question_set": "Publish the question set first."})
        known = isinstance(self.targets, dict) and set(self.targets) <= set(Dimension.values)
        if not known or not all(
            isinstance(level, int | float) and 1 <= level <= LEVELS for level in self.targets.values()
        ):
            raise ValidationError({"targets": "A target is a level from 1 to 5."})


class Questionnaire(PlanRow):
    """What one respondent is asked for one agency in a campaign; of the program office if it is `independent`.

    `dimensions` are those that were delegated to the respondent, empty for all. Once it is submitted its answers are
    locked; `reopened` says why it was opened again.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.RESTRICT, related_name="questionnaires")
    agency = models.ForeignKey(Agency, on_delete=models.RESTRICT, related_name="questionnaires")
    respondent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="questionnaires")
    independent = models.BooleanField("rating by the program office", default=False)
    dimensions = models.JSONField("dimensions to answer", default=list, blank=True)
    submitted_at = models.DateTimeField("submitted", null=True, blank=True)
    reopened = models.CharField("why it was opened again", max_length=300, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "campaign", "agency", "respondent", "independent"],
                name="questionnaire_unique",
                violation_error_message="This person answers for this agency already.",
            ),
            models.UniqueConstraint(
                fields=["plan", "campaign", "agency"],
                condition=Q(independent=True),
                name="questionnaire_one_independent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign}, {self.agency}, {self.respondent}"

    def clean(self) -> None:
        super().clean()
        if not isinstance(self.dimensions, list) or not set(self.dimensions) <= set(Dimension.values):
            raise ValidationError({"dimensions": "One of these is no dimension of readiness."})


class AnswerKind(models.TextChoices):
    OPEN = "open", "Not answered yet"
    LEVEL = "level", "A level"
    UNKNOWN = "unknown", "Don’t know"
    NOT_APPLICABLE = "none", "Not applicable"


class Answer(PlanRow):
    """One answer. `level` is 1-5 where the kind is a level. `agency` repeats the questionnaire's, for the engine.

    It is there, still open, once somebody began to write on it: a comment may come before the answer.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.RESTRICT, related_name="answers")
    agency = models.ForeignKey(Agency, on_delete=models.RESTRICT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.RESTRICT, related_name="answers")
    kind = models.CharField("answer", max_length=8, choices=AnswerKind.choices, default=AnswerKind.LEVEL)
    level = models.PositiveSmallIntegerField(
        "level", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LEVELS)]
    )
    comment = models.TextField("comment", blank=True, max_length=2000)
    evidence = models.TextField("evidence", blank=True, max_length=1000)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "questionnaire", "question"], name="answer_unique"),
            models.CheckConstraint(
                condition=Q(kind="level", level__range=(1, LEVELS))
                | Q(kind__in=["open", "unknown", "none"], level__isnull=True),
                name="answer_level",
            ),
        )

    def __str__(self) -> str:
        return f"{self.question.code}, {self.agency}"

    def clean(self) -> None:
        super().clean()
        if self.kind == AnswerKind.LEVEL and self.level is None:
            raise ValidationError({"level": "Choose a level from 1 to 5, or say that you don’t know."})
        if self.kind != AnswerKind.LEVEL and self.level is not None:
            raise ValidationError({"level": "Give a level, or say that you don’t know or that it does not apply."})
        if self.questionnaire_id and self.agency_id != self.questionnaire.agency_id:
            raise ValidationError({"agency": "This questionnaire is another agency’s."})
        campaign = self.questionnaire.campaign if self.questionnaire_id else None
        if campaign and self.question_id and self.question.question_set_id != campaign.question_set_id:
            raise ValidationError(
                {"question": "This question belongs to another version of the set. Load the page again."}
            )
