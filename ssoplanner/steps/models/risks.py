"""The risks of the RAID log."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ssoplanner.core.models import PlanRow, User
from ssoplanner.steps.models.fields import check_step


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
