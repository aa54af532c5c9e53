"""By what services are judged for sharing: criteria with weights and scales, and what people say of them."""

from __future__ import annotations

from itertools import pairwise

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ssoplanner.core.models import PlanRow, Service


class Axis(models.TextChoices):
    OPPORTUNITY = "opportunity", "Opportunity"
    EASE = "ease", "Ease"


class Measure(models.TextChoices):
    """What a criterion is computed from; a judged one is scored by people, with a reason."""

    COMMONALITY = "commonality", "Share of agencies that provide it"
    SYSTEMS = "systems", "Systems in use for it"
    VOLUME = "volume", "Volume a year"
    COST = "cost", "Cost a year"
    SPREAD = "spread", "Spread of unit cost between agencies"
    STANDARD = "standard", "Share with a standard procedure"
    AUTOMATION = "automation", "Share of workflows automated"
    SLA = "sla", "SLA compliance"
    READINESS = "readiness", "Readiness of the agencies that provide it"
    JUDGED = "judged", "Judged by people"


class Better(models.TextChoices):
    HIGH = "high", "A high figure speaks for sharing"
    LOW = "low", "A low figure speaks for sharing"


class Scale(models.TextChoices):
    """How a figure becomes 1 to 5."""

    LIMITS = "limits", "By four limits"
    RANK = "rank", "By its rank among the services"


class WhenMissing(models.TextChoices):
    LEAVE_OUT = "leave_out", "Leave the criterion out for this service"
    MIDDLE = "middle", "Count it as 3"
    WORST = "worst", "Count it as 1"


class Criterion(PlanRow):
    """One column of the heat map. `limits` are four rising figures, in the measure's unit, between the five scores."""

    code = models.CharField("code", max_length=24)
    name = models.CharField("name", max_length=80)
    meaning = models.TextField("what it means", blank=True, max_length=500)
    axis = models.CharField("counts for", max_length=12, choices=Axis.choices)
    measure = models.CharField("figure", max_length=12, choices=Measure.choices, default=Measure.JUDGED)
    better = models.CharField("direction", max_length=4, choices=Better.choices, default=Better.HIGH)
    weight = models.DecimalField("weight", max_digits=5, decimal_places=2, default=1, validators=[MinValueValidator(0)])
    scale = models.CharField("scale", max_length=8, choices=Scale.choices, default=Scale.RANK)
    limits = models.JSONField("limits", default=list, blank=True)
    when_missing = models.CharField(
        "where the figure is missing", max_length=10, choices=WhenMissing.choices, default=WhenMissing.LEAVE_OUT
    )
    place = models.PositiveSmallIntegerField("place", default=0)

    class Meta:
        ordering = ("place", "id")
        verbose_name_plural = "criteria"
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="criterion_code_unique",
                violation_error_message="Another criterion has this code. Choose a code of its own.",
            ),
            models.CheckConstraint(condition=Q(axis__in=Axis.values), name="criterion_axis_known"),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="criterion_measure_known"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="criterion_weight"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="criterion_named"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_judged(self) -> bool:
        return self.measure == Measure.JUDGED

    def clean(self) -> None:
        super().clean()
        needed = self.scale == Scale.LIMITS and not self.is_judged
        if (needed or self.limits != []) and not _rise(self.limits):
            raise ValidationError({"limits": "Give four figures that rise, such as 1, 2, 4, 8."})


def _rise(limits: object) -> bool:
    if not isinstance(limits, list) or len(limits) != 4:
        return False
    figures = [limit for limit in limits if isinstance(limit, int | float) and not isinstance(limit, bool)]
    return len(figures) == 4 and all(one < other for one, other in pairwise(figures))


class Judgement(PlanRow):
    """What people say of a service by a judged criterion: 1-5, 5 speaks for sharing, with the reason."""

    service = models.ForeignKey(Service, on_delete=models.RESTRICT, related_name="judgements")
    criterion = models.ForeignKey(Criterion, on_delete=models.RESTRICT, related_name="judgements")
    score = models.PositiveSmallIntegerField("score", validators=[MinValueValidator(1), MaxValueValidator(5)])
    reason = models.TextField("reason", max_length=1000)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "service", "criterion"], name="judgement_unique"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="judgement_score"),
            models.CheckConstraint(condition=~Q(reason=""), name="judgement_reasoned"),
        )

    def __str__(self) -> str:
        return f"{self.criterion} of {self.service}"

    def clean(self) -> None:
        super().clean()
        if self.criterion_id and not self.criterion.is_judged:
            raise ValidationError({"criterion": "This criterion is computed from figures. Change those."})
