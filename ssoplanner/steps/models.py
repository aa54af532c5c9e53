"""How far the plan is: progress of steps with evidence, risks, bodies, decisions with votes and conditions."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q

from ssoplanner.core.fields import ShareField
from ssoplanner.core.models import PlanRow, User
from ssoplanner.steps.registry import Step, steps_by_key

WEB_ONLY = URLValidator(schemes=["http", "https"], message="Give an address that begins with http:// or https://.")


def check_step(value: str) -> None:
    if value not in steps_by_key():
        raise ValidationError(f"“{value}” is not a step of the method.")


def step_name(key: str) -> str:
    """The step's code and title; the key itself of a step that the method no longer has."""
    return str(steps_by_key().get(key, key))


class StepStatus(models.TextChoices):
    """The federal status colours: blue, green, yellow, red; upcoming has none."""

    UPCOMING = "upcoming", "Upcoming"
    ON_TRACK = "on_track", "On track"
    LATE = "late", "Late, not critical"
    CRITICAL = "critical", "Late and critical"
    COMPLETE = "complete", "Complete"


class StepProgress(PlanRow):
    """Where a plan stands with one step of the method. Written by `ssoplanner.steps.progress`.

    `met` holds the keys of the criteria that are ticked. `started` and `completed` follow the status, unless somebody
    corrects them.
    """

    step = models.CharField("step", max_length=60, validators=[check_step])
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="steps_owned")
    planned_start = models.DateField("planned start", null=True, blank=True)
    due = models.DateField("due", null=True, blank=True)
    status = models.CharField("status", max_length=10, choices=StepStatus.choices, default=StepStatus.UPCOMING)
    started = models.DateField("started", null=True, blank=True)
    completed = models.DateField("completed", null=True, blank=True)
    met = models.JSONField("criteria that are met", default=list, blank=True)

    class Meta:
        ordering = ("step",)
        verbose_name = "progress of step"
        verbose_name_plural = "steps"
        constraints = (
            models.UniqueConstraint(fields=["plan", "step"], name="stepprogress_unique"),
            models.CheckConstraint(condition=Q(status__in=StepStatus.values), name="stepprogress_status_known"),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(planned_start__isnull=True) | Q(due__gte=F("planned_start")),
                name="stepprogress_due_after_start",
            ),
            models.CheckConstraint(
                condition=Q(completed__isnull=True) | Q(started__isnull=True) | Q(completed__gte=F("started")),
                name="stepprogress_completed_after_start",
            ),
        )

    def __str__(self) -> str:
        return step_name(self.step)

    @property
    def declared(self) -> Step:
        """What the method says of the step."""
        return steps_by_key()[self.step]

    def clean(self) -> None:
        super().clean()
        self._check_met()
        if self.due and self.planned_start and self.due < self.planned_start:
            raise ValidationError({"due": "It cannot be due before its planned start. Change one of the two."})
        if self.completed and self.started and self.completed < self.started:
            raise ValidationError({"completed": "It cannot be complete before it started. Change one of the two."})

    def _check_met(self) -> None:
        known = {criterion.key for criterion in self.declared.done_when} if self.step in steps_by_key() else set()
        if not isinstance(self.met, list) or any(key not in known for key in map(str, self.met)):
            raise ValidationError({"met": "One of these is no criterion of this step. Load the page again."})
        if len(set(self.met)) != len(self.met):
            raise ValidationError({"met": "Each criterion is ticked once."})


class Evidence(PlanRow):
    """What shows that a step is done: a title and where it can be read."""

    progress = models.ForeignKey(StepProgress, on_delete=models.RESTRICT, related_name="evidence")
    title = models.CharField("title", max_length=160)
    link = models.CharField("link", max_length=500, blank=True, validators=[WEB_ONLY])
    note = models.TextField("note", blank=True, max_length=2000)

    class Meta:
        ordering = ("id",)
        verbose_name = "piece of evidence"
        verbose_name_plural = "pieces of evidence"
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="evidence_titled"),)

    def __str__(self) -> str:
        return self.title


class Comment(PlanRow):
    """What somebody said about a step, and whom they mentioned. Written by `ssoplanner.steps.comments`; it stays."""

    step = models.CharField("step", max_length=60, validators=[check_step])
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField("comment", max_length=4000)
    mentions = models.ManyToManyField(User, blank=True, related_name="mentioned_in", verbose_name="mentions")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["plan", "step", "-id"], name="comment_of_step"),)
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="comment_worded"),)

    def __str__(self) -> str:
        return f"on {step_name(self.step)}"


class RiskStatus(models.TextChoices):
    NEW = "new", "New"
    IN_PROGRESS = "in_progress", "In progress"
    PENDING = "pending", "Pending approval"
    ESCALATED = "escalated", "Escalated"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"
    DEFERRED = "deferred", "Deferred"


class RiskResponse(models.TextChoices):
    AVOID = "avoid", "Avoid"
    MITIGATE = "mitigate", "Mitigate"
    ACCEPT = "accept", "Accept"


class Risk(PlanRow):
    """A risk of the RAID log. Probability 1-5 stands for 10, 30, 50, 70 and 90 %; impact 1-5."""

    title = models.CharField("risk", max_length=200)
    detail = models.TextField("what may happen", blank=True, max_length=4000)
    step = models.CharField("step", max_length=60, blank=True, validators=[check_step])
    probability = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    impact = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    status = models.CharField(max_length=12, choices=RiskStatus.choices, default=RiskStatus.NEW)
    response = models.CharField(max_length=8, choices=RiskResponse.choices, default=RiskResponse.MITIGATE)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="risks")
    due = models.DateField("due", null=True, blank=True)

    class Meta:
        ordering = ("-probability", "-impact", "id")
        constraints = (
            models.CheckConstraint(condition=Q(probability__range=(1, 5), impact__range=(1, 5)), name="risk_scale"),
            models.CheckConstraint(condition=Q(status__in=RiskStatus.values), name="risk_status_known"),
            models.CheckConstraint(condition=Q(response__in=RiskResponse.values), name="risk_response_known"),
        )

    def __str__(self) -> str:
        return self.title


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
            models.UniqueConstraint(fields=["decision", "user"], name="vote_unique"),
            models.CheckConstraint(condition=~Q(option="") & ~Q(reason=""), name="vote_reasoned"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.option}"


class Condition(PlanRow):
    """What must hold for a decision to stand: by whom and by when."""

    decision = models.ForeignKey(Decision, on_delete=models.RESTRICT, related_name="conditions")
    text = models.CharField("condition", max_length=300)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conditions")
    due = models.DateField("due")
    met_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due", "id")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="condition_worded"),)

    def __str__(self) -> str:
        return self.text
