"""The engine's own tables. They hold nothing that people typed, except which results are released."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ssoplanner.core.models import Plan, PlanRow, User


class Derived(models.Model):
    """The counters of one partition of one calculation: the queue, and the proof of what is current.

    `wanted` counts the changes that concern it, `built` is the count that its result includes. It is current if both
    are equal, the formula is the one in force and `valid_until` has not passed.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    calculation = models.CharField(max_length=60)
    partition = models.CharField(max_length=40, blank=True)
    wanted = models.PositiveBigIntegerField(default=1)
    built = models.PositiveBigIntegerField(default=0)
    formula_revision = models.PositiveIntegerField()
    dirty_since = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=400, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["plan", "calculation", "partition"], name="derived_unique"),
            models.CheckConstraint(condition=Q(built__lte=F("wanted")), name="derived_built_not_ahead"),
        )
        indexes = (
            models.Index(
                fields=["plan", "not_before"],
                condition=Q(built__lt=F("wanted"), retired_at__isnull=True),
                name="derived_dirty",
            ),
        )

    def __str__(self) -> str:
        return f"{self.calculation} {self.partition}: {self.built} of {self.wanted}"


class Result(models.Model):
    """What a calculation made, as canonical JSON. Apart from the counters, whose rows stay small to touch."""

    derived = models.OneToOneField(Derived, on_delete=models.CASCADE, primary_key=True, related_name="result")
    payload = models.TextField()
    payload_hash = models.CharField(max_length=64)
    as_of = models.DateField()
    built_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.payload_hash[:8]} of {self.built_at}"


class Release(PlanRow):
    """The program office lets every member see a plan-wide result."""

    calculation = models.CharField("result", max_length=60)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan", "calculation"], name="release_once"),)

    def __str__(self) -> str:
        from ssoplanner.recompute.calculations import calculations

        known = calculations().get(self.calculation)
        return f"Release of “{known.title if known else self.calculation}”"


class Worker(models.Model):
    """A worker process, as it last said that it lives."""

    name = models.CharField(max_length=120, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "In progress"
    DONE = "done", "Ready"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


class Job(models.Model):
    """A file that a person asked for: the queue, and the note of who asked and who fetched it. See `jobs`."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict, blank=True)
    result_hashes = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    progress_text = models.CharField(max_length=120, blank=True)
    cancel_requested = models.BooleanField(default=False)
    error = models.CharField(max_length=400, blank=True)
    asked_at = models.DateTimeField()
    not_before = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    downloads = models.PositiveIntegerField(default=0)
    downloaded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(progress__range=(0, 100)), name="job_progress_percent"),
            models.CheckConstraint(
                condition=(Q(state=JobState.DONE) & ~Q(file="") & Q(expires_at__isnull=False))
                | (~Q(state=JobState.DONE) & Q(file="")),
                name="job_file_when_done",
            ),
            models.UniqueConstraint(fields=["file"], condition=~Q(file=""), name="job_file_once"),
        )
        indexes = (
            models.Index(fields=["plan", "user", "-asked_at"], name="job_newest"),
            models.Index(
                fields=["not_before"], condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]), name="job_unfinished"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}: {self.state}"
