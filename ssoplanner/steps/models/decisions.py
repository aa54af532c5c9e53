"""Who decides, what was decided, and on which conditions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from ssoplanner.core.fields import ShareField
from ssoplanner.core.models import PlanRow, User
from ssoplanner.steps.models.talk import Task


class BodyKind(models.TextChoices):
    BOARD = "board", "Governance board"
    STEERING = "steering", "Steering group"
    WORKING = "working", "Working group"


class Body(PlanRow):
    """A body that decides or prepares decisions. Its quorum is a share of its members, 0-1."""

    name = models.CharField("name", max_length=120)
    kind = models.CharField(max_length=8, choices=BodyKind.choices, default=BodyKind.BOARD)
    mandate = models.TextField("mandate", blank=True, max_length=4000)
    cadence = models.CharField("meets", max_length=80, blank=True)
    quorum = ShareField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "bodies"
        constraints = (
            models.UniqueConstraint(fields=["plan", "name"], name="body_name_unique"),
            models.CheckConstraint(condition=Q(kind__in=BodyKind.values), name="body_kind_known"),
            models.CheckConstraint(condition=Q(quorum__isnull=True) | Q(quorum__range=(0, 1)), name="body_quorum"),
        )

    def __str__(self) -> str:
        return self.name


class DecisionState(models.TextChoices):
    DRAFT = "draft", "Being prepared"
    VOTING = "voting", "Open for votes"
    DECIDED = "decided", "Decided"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Decision(PlanRow):
    """A gate decision (of a phase) or any other decision of a body.

    `options` is a list of the texts to choose from; `rests_on` holds the results that the decision rests on, each with
    its payload and hash, frozen when voting opens; `outcome` is one of the options once it is decided.
    `quorum` and `majority` are shares 0-1 and `voters` the number of people who may vote, all as they were then. Where
    what it rests on moved, it is put to the vote anew: `round` counts how often.
    """

    question = models.CharField("question", max_length=300)
    body = models.ForeignKey(Body, on_delete=models.RESTRICT, null=True, blank=True, related_name="decisions")
    phase = models.CharField("gate of phase", max_length=20, blank=True)
    options = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=DecisionState.choices, default=DecisionState.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    rests_on = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    quorum = ShareField("quorum", null=True, blank=True)
    majority = ShareField("majority", null=True, blank=True)
    voters = models.PositiveIntegerField("who may vote", null=True, blank=True)
    round = models.PositiveSmallIntegerField("round", default=1)
    recommendation = models.TextField("recommendation", blank=True, max_length=4000)
    minutes = models.TextField("minutes", blank=True, max_length=20000)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=DecisionState.values), name="decision_state_known"),
            models.CheckConstraint(
                condition=Q(state="decided", decided_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="decided") & Q(decided_at__isnull=True, outcome=""),
                name="decision_outcome_when_decided",
            ),
        )

    def __str__(self) -> str:
        return self.question


class Vote(PlanRow):
    """One person's vote, with its reason. One vote for each person and decision."""

    decision = models.ForeignKey(Decision, on_delete=models.RESTRICT, related_name="votes")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="votes")
    option = models.CharField(max_length=200)
    reason = models.TextField(max_length=4000)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "decision", "user"], name="vote_unique"),
            models.CheckConstraint(condition=~Q(option="") & ~Q(reason=""), name="vote_reasoned"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.option}"


class Condition(PlanRow):
    """What must hold for a decision to stand: by whom and by when. Once it is decided, `task` asks its owner for it."""

    decision = models.ForeignKey(Decision, on_delete=models.RESTRICT, related_name="conditions")
    text = models.CharField("condition", max_length=300)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conditions")
    due = models.DateField("due")
    task = models.OneToOneField(Task, on_delete=models.RESTRICT, null=True, blank=True, related_name="condition")
    met_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due", "id")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="condition_worded"),)

    def __str__(self) -> str:
        return self.text

    def validate_unique(self, exclude: Any = None) -> None:
        """Django would look for another with this task in every plan; the database refuses one all the same."""
        super().validate_unique(exclude={*(exclude or ()), "task"})
