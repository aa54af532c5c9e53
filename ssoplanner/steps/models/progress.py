"""Where a plan stands with each step, and what shows it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from ssoplanner.core.models import PlanRow, User
from ssoplanner.steps.models.fields import WEB_ONLY, check_step, step_name
from ssoplanner.steps.registry import Step, steps_by_key


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
    """What shows that a step is done: a title, and where it can be read or the file itself.

    The file's content stands in `EvidenceFile`; its name and its digest (SHA-256) stand here, and so in the audit.
    """

    progress = models.ForeignKey(StepProgress, on_delete=models.RESTRICT, related_name="evidence")
    title = models.CharField("title", max_length=160)
    link = models.CharField("link", max_length=500, blank=True, validators=[WEB_ONLY])
    note = models.TextField("note", blank=True, max_length=2000)
    file_name = models.CharField("file", max_length=255, blank=True)
    file_kind = models.CharField("kind of file", max_length=10, blank=True)
    file_size = models.PositiveIntegerField("size in bytes", default=0)
    file_sha256 = models.CharField("digest of the file", max_length=64, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = "piece of evidence"
        verbose_name_plural = "pieces of evidence"
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="evidence_titled"),)

    def __str__(self) -> str:
        return self.title


class EvidenceFile(models.Model):
    """The content of a piece of evidence, in the database: so it is backed up, restored and removed with its row."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.evidence.file_name
