"""Who changed what, when, from what to what, and from where. Rows are added, never changed or removed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ssoplanner.core.models.people import User
from ssoplanner.core.models.plan import Plan
from ssoplanner.core.scoping import ScopedManager


class Source(models.TextChoices):
    BROWSER = "browser", "Browser"
    WORKBOOK = "workbook", "Workbook import"
    API = "api", "API"
    WORKER = "worker", "Worker"
    COMMAND = "command", "Command line"


class Action(models.TextChoices):
    CREATE = "create", "Added"
    UPDATE = "update", "Changed"
    DELETE = "delete", "Removed"
    LOAD = "load", "Loaded"


class AuditEvent(models.Model):
    """One save of one row (or, for `load`, of one batch). `before` and `after` hold the fields that changed.

    Triggers in the database refuse UPDATE and DELETE; see ssoplanner.core.triggers.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="audit_events")
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices)
    action = models.CharField(max_length=6, choices=Action.choices)
    model = models.CharField(max_length=40)
    row_id = models.BigIntegerField(null=True)
    row_label = models.CharField(max_length=240)
    version = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["plan", "model", "row_id", "version"], name="audit_by_row"),
            models.Index(fields=["plan", "-id"], name="audit_newest"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "model", "row_id", "version"],
                condition=Q(action__in=["create", "update"]),
                name="audit_one_row_a_version",
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="audit_source_known"),
            models.CheckConstraint(condition=Q(action__in=Action.values), name="audit_action_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.model} {self.row_label}"


class Maintenance(models.Model):
    """While a row stands here, inside the same transaction, the audit may be cleared; see `triggers.maintenance`."""

    reason = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.reason
